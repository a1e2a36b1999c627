import { basename } from "node:path";
import { compareCaptures } from "../compare-captures.ts";
import type { Comparison } from "../compare/comparison.ts";
import { visible } from "../report/sanitize.ts";
import { configurationOf, judgingOptions } from "./analyze-command.ts";
import type { AnalyzeArguments } from "./arguments.ts";
import { ExitCode, UsageError } from "./errors.ts";
import { printError } from "./messages.ts";
import { Output } from "./output.ts";
import { hasFailed, Reading } from "./reading.ts";
import { bare, terminalOf } from "./report-format.ts";
import type { CaptureFile } from "./sources.ts";

/**
 * Compares two captures, or those of the same name in two folders, and prints each comparison.
 *
 * Returns 1 where the meaning differs. Throws: UsageError, InputError.
 */
export async function compareCommand(given: AnalyzeArguments): Promise<ExitCode> {
  if (given.captures.length !== 2) {
    const count = given.captures.length === 0 ? "none" : String(given.captures.length);
    throw new UsageError(`a comparison is of two captures, not ${count}`, "gomodcap compare before.pcap after.pcap");
  }
  const reading = new Reading();
  const [{ inputs: before }, { inputs: after }] = await Promise.all(given.captures.map((path) => reading.find([path])));
  if (before.length === 0 || after.length === 0) return ExitCode.Input;
  await reading.begin([...before, ...after]);
  const pairs = given.concat ? [{ before, after }] : pairsOf(before, after);
  const matched = given.concat || pairs.length === Math.max(before.length, after.length);
  const codes = [matched ? ExitCode.Done : ExitCode.Different, ...(await comparePairs(pairs, given, reading))];
  return Math.max(...codes) as ExitCode;
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
  const codes: ExitCode[] = [];
  for (const pair of pairs) {
    const [before, after] = given.as ?? [pair.before[0].name, pair.after[0].name];
    const comparison = await compareCaptures(
      { name: before, inputs: pair.before, options: judged.before },
      { name: after, inputs: pair.after, options: judged.after },
    );
    reading.done([...pair.before, ...pair.after]);
    await output.write([codes.length === 0 ? format.open : format.separator]);
    await output.write(format.render(comparison));
    codes.push(codeOf(comparison, pair));
  }
  if (codes.length > 0) await output.write([format.close]);
  return codes;
}

function codeOf({ equal, before, after }: Comparison, pair: Pair): ExitCode {
  if ([...pair.before, ...pair.after].some(hasFailed) || before.damaged || after.damaged) return ExitCode.Input;
  return equal ? ExitCode.Done : ExitCode.Different;
}

interface Pair {
  readonly before: readonly CaptureFile[];
  readonly after: readonly CaptureFile[];
}

/** One capture a side makes a pair; of folders, those of the same name do, and the others are told. */
function pairsOf(before: readonly CaptureFile[], after: readonly CaptureFile[]): Pair[] {
  if (before.length === 1 && after.length === 1) return [{ before, after }];
  const name = ({ name: path }: CaptureFile): string => basename(path);
  const pairs: Pair[] = [];
  for (const each of before) {
    const other = after.find((candidate) => name(candidate) === name(each));
    if (other === undefined) printError(`${each.name} has no capture of that name to be compared with`);
    else pairs.push({ before: [each], after: [other] });
  }
  for (const each of after) {
    if (!before.some((candidate) => name(candidate) === name(each))) {
      printError(`${each.name} has no capture of that name to be compared with`);
    }
  }
  return pairs;
}

interface ComparisonFormat {
  readonly open: string;
  readonly separator: string;
  readonly close: string;
  render(comparison: Comparison): Iterable<string>;
}

async function openComparisonFormat(given: AnalyzeArguments, several: boolean): Promise<ComparisonFormat> {
  switch (given.format) {
    case "json": {
      const { renderCompareJson } = await import("../report/compare-json.ts");
      const [open, close] = several ? ["[\n", "\n]\n"] : ["", "\n"];
      return { open, separator: ",\n", close, render: renderCompareJson };
    }
    case "markdown": {
      const { renderCompareMarkdown } = await import("../report/compare-markdown.ts");
      return { ...bare, separator: "\n", render: renderCompareMarkdown };
    }
    case "text": {
      const { renderCompareText } = await import("../report/compare-text.ts");
      const terminal = { ...(await terminalOf(given)), verbose: given.verbose };
      return { ...bare, separator: "\n", render: (comparison) => renderCompareText(comparison, terminal) };
    }
    default:
      throw new UsageError(`a comparison has no format ${visible(given.format)}`, "use text, markdown or json");
  }
}
