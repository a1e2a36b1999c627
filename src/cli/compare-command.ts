import { basename, relative } from "node:path";
import { compareCaptures, type ComparedCapture, type ComparedSnapshot } from "../compare-captures.ts";
import type { Comparison } from "../compare/comparison.ts";
import type { Snapshot } from "../compare/snapshot.ts";
import { configurationOf, judgingOptions, warnOfSettings } from "./analyze-command.ts";
import type { AnalyzeArguments } from "./arguments.ts";
import { ExitCode, UsageError } from "./errors.ts";
import { printError } from "./messages.ts";
import { Output } from "./output.ts";
import { hasFailed, Reading } from "./reading.ts";
import { aroundJson, bare, terminalOf, type Surroundings } from "./report-format.ts";
import { snapshotAt } from "./snapshot-files.ts";
import type { CaptureFile } from "./sources.ts";

/**
 * Compares two captures, or those at the same places in two folders, and prints each comparison.
 *
 * Returns 1 where the meaning differs. Throws: UsageError, InputError.
 */
export async function compareCommand(given: AnalyzeArguments): Promise<ExitCode> {
  if (given.captures.length !== 2) {
    const count = given.captures.length === 0 ? "none" : String(given.captures.length);
    throw new UsageError(`a comparison is of two captures, not ${count}`, "gomodcap compare before.pcap after.pcap");
  }
  const reading = new Reading();
  const [before, after] = await Promise.all(given.captures.map((path) => sideAt(path, reading)));
  if (before.length === 0 || after.length === 0) return ExitCode.Input;
  await reading.begin([...before, ...after].flatMap(({ inputs }) => inputs));
  const pairs = given.concat ? [{ before: joined(before), after: joined(after) }] : pairsOf(before, after);
  const matched = given.concat || pairs.length === Math.max(before.length, after.length);
  const codes = [matched ? ExitCode.Done : ExitCode.Different, ...(await comparePairs(pairs, given, reading))];
  return Math.max(...codes) as ExitCode;
}

/** A capture in its pieces, or a snapshot, which has none. */
interface Side {
  readonly name: string;
  /** Its path within the folder that was given: the same on both sides makes a pair. */
  readonly place: string;
  readonly inputs: readonly CaptureFile[];
  readonly snapshot?: Snapshot;
}

/** What stands at a path: a snapshot, a capture, the captures of a folder. */
async function sideAt(path: string, reading: Reading): Promise<Side[]> {
  const snapshot = await snapshotAt(path);
  if (snapshot !== undefined) return [{ name: path, place: basename(path), inputs: [], snapshot }];
  const { inputs } = await reading.find([path]);
  return inputs.map((input) => ({ name: input.name, place: relative(path, input.name), inputs: [input] }));
}

function joined(sides: readonly Side[]): Side {
  return sides.length === 1 ? sides[0] : { ...sides[0], inputs: sides.flatMap(({ inputs }) => inputs) };
}

/** Prints a comparison of each pair; returns what to exit with for each. */
async function comparePairs(pairs: readonly Pair[], given: AnalyzeArguments, reading: Reading): Promise<ExitCode[]> {
  const format = await openComparisonFormat(given, pairs.length > 1);
  const output = new Output(process.stdout);
  const options = await judgingOptions(given);
  const judged = {
    before: { ...options, ...(await configurationOf({ ...given, env: [...given.env, ...given.envBefore] })) },
    after: { ...options, ...(await configurationOf({ ...given, env: [...given.env, ...given.envAfter] })) },
  };
  for (const side of [judged.before, judged.after]) await warnOfSettings(side);
  const codes: ExitCode[] = [];
  for (const pair of pairs) {
    const [before, after] = given.as ?? namesOf(pair);
    const comparison = await compareCaptures(
      compared(before, pair.before, judged.before),
      compared(after, pair.after, judged.after),
    );
    reading.done([...pair.before.inputs, ...pair.after.inputs]);
    await output.write([codes.length === 0 ? format.open : format.separator]);
    await output.write(format.render(comparison));
    codes.push(codeOf(comparison, pair));
  }
  if (codes.length > 0) await output.write([format.close]);
  return codes;
}

/** What both are called, without the folders that they share. */
function namesOf({ before: { name: before }, after: { name: after } }: Pair): [before: string, after: string] {
  const last = Math.min(before.lastIndexOf("/"), after.lastIndexOf("/"));
  let shared = 0;
  for (let at = 0; at <= last && before[at] === after[at]; at++) if (before[at] === "/") shared = at + 1;
  return [before.slice(shared), after.slice(shared)];
}

function compared(
  name: string,
  { inputs, snapshot }: Side,
  options: ComparedCapture["options"],
): ComparedCapture | ComparedSnapshot {
  return snapshot === undefined ? { name, inputs, options } : { name, snapshot };
}

function codeOf({ equal, before, after }: Comparison, pair: Pair): ExitCode {
  if ([...pair.before.inputs, ...pair.after.inputs].some(hasFailed) || before.damaged || after.damaged)
    return ExitCode.Input;
  return equal ? ExitCode.Done : ExitCode.Different;
}

interface Pair {
  readonly before: Side;
  readonly after: Side;
}

/**
 * One capture a side makes a pair; of folders, those at the same place do, and the others are told: a run that was not
 * recorded is a difference.
 */
function pairsOf(before: readonly Side[], after: readonly Side[]): Pair[] {
  if (before.length === 1 && after.length === 1) return [{ before: before[0], after: after[0] }];
  const partnerOf = (side: Side, others: readonly Side[]): Side | undefined =>
    others.find((other) => other.place === side.place);
  const pairs: Pair[] = [];
  for (const side of before) {
    const partner = partnerOf(side, after);
    if (partner !== undefined) pairs.push({ before: side, after: partner });
  }
  for (const side of [...before, ...after]) {
    if (!pairs.some((pair) => pair.before === side || pair.after === side)) {
      printError(`${side.name} has no capture at that place to be compared with`);
    }
  }
  return pairs;
}

interface ComparisonFormat extends Surroundings {
  render(comparison: Comparison): Iterable<string>;
}

async function openComparisonFormat(given: AnalyzeArguments, several: boolean): Promise<ComparisonFormat> {
  switch (given.format) {
    case "json": {
      const { renderCompareJson } = await import("../report/compare-json.ts");
      return { ...aroundJson(several), render: renderCompareJson };
    }
    case "markdown": {
      const { renderCompareMarkdown } = await import("../report/compare-markdown.ts");
      return { ...bare, separator: "\n", render: renderCompareMarkdown };
    }
    default: {
      const { renderCompareText } = await import("../report/compare-text.ts");
      const terminal = { ...(await terminalOf(given)), verbose: given.verbose };
      return { ...bare, separator: "\n", render: (comparison) => renderCompareText(comparison, terminal) };
    }
  }
}
