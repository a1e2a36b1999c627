import { realpath } from "node:fs/promises";
import { dirname, sep } from "node:path";
import { checkReport } from "../check/check.ts";
import type { CheckReport } from "../check/report.ts";
import { list } from "../finding/wording.ts";
import { mistakeLine } from "../yaml/mistake.ts";
import { parseCheckArguments, today, type CheckArguments } from "./check-arguments.ts";
import type { CaseResult, SnapshotUpdate } from "./check-case.ts";
import { findCases } from "./check-cases.ts";
import { isTextPrinted, tellResults } from "./check-formats.ts";
import { ExitCode, systemErrorText, UsageError } from "./errors.ts";
import { printError, printNote, printWarning } from "./messages.ts";
import { replaceFile } from "./output-file.ts";
import { Output } from "./output.ts";

/**
 * Holds captures against what is expected of them, and prints the answers.
 *
 * Returns what to exit with: 1 where something is broken or cannot be told. Throws: UsageError, InputError.
 */
export async function checkCommand(words: readonly string[]): Promise<ExitCode> {
  const output = new Output(process.stdout);
  const given = parseCheckArguments(words);
  if (typeof given === "string") {
    await output.write([given]);
    return ExitCode.Done;
  }
  if (given.propose !== undefined) {
    const { proposePolicy } = await import("./check-proposal.ts");
    await output.write([await proposePolicy(given.propose, given)]);
    return ExitCode.Done;
  }
  const cases = findCases(given.paths, given.policy);
  const { judgeCases } = await import("./check-lanes.ts");
  const results = await judgeCases(cases, given, given.today ?? today());
  const mistakes = tellMistakes(results);
  warnOfAnchors(cases.filter((_, at) => results[at].byNodesAnchors).map(({ policy }) => policy));
  const report = checkReport(results.flatMap(({ captures }) => captures));
  const code = mistakes > 0 ? ExitCode.Usage : codeOf(report);
  const stored = await storeSnapshots(results, given, output);
  if (given.update && stored === 0 && (code === ExitCode.Done || code === ExitCode.Different)) {
    printNote("all snapshots are as they should be");
  }
  if (report.captures.length > 0) await tellResults(report, given, output);
  return code;
}

function codeOf({ passed, captures }: CheckReport): ExitCode {
  if (captures.some(({ failure }) => failure !== undefined)) return ExitCode.Input;
  return passed ? ExitCode.Done : ExitCode.Different;
}

/** Each once, though several captures may share a policy. */
function tellMistakes(results: readonly CaseResult[]): number {
  const told = new Set<string>();
  for (const { file, mistake } of results.flatMap(({ mistakes }) => mistakes)) {
    const line = mistakeLine(file, mistake);
    if (told.has(line)) continue;
    told.add(line);
    printError(line, mistake.hint);
  }
  return told.size;
}

function warnOfAnchors(policies: readonly string[]): void {
  if (policies.length === 0) return;
  const names = list([...new Set(policies)]);
  printWarning(
    `${names}: certificates were judged by the trust anchors of this Node, which change with it; name anchors in trust: ` +
      "(gomodcap check --propose shows how), or put them beside the capture as roots.pem",
  );
}

/** How many were written. */
async function storeSnapshots(results: readonly CaseResult[], given: CheckArguments, output: Output): Promise<number> {
  const updates = new Map(results.flatMap(({ updates: each }) => each.map((update) => [update.path, update] as const)));
  if (updates.size === 0) return 0;
  const { renderLineChanges } = await import("../report/line-changes.ts");
  const checked = Promise.all([".", ...given.paths].map((each) => realpath(each)));
  for (const update of updates.values()) {
    await storeSnapshot(update, checked);
    if (isTextPrinted(given)) await output.write(renderLineChanges(update));
    printNote(wroteText(update));
  }
  return updates.size;
}

/** Throws: UsageError where the policy names what cannot be written, or must not: policies come with what is checked. */
async function storeSnapshot({ path, after }: SnapshotUpdate, checked: Promise<readonly string[]>): Promise<void> {
  try {
    const within = await checked;
    const folder = await realpath(dirname(path));
    if (within.some((each) => folder === each || folder.startsWith(each.endsWith(sep) ? each : each + sep))) {
      await replaceFile(path, [after]);
      return;
    }
  } catch (error) {
    throw new UsageError(`${path}: ${systemErrorText(error)}`);
  }
  throw new UsageError(
    `${path} lies outside of the folders that are checked`,
    "run check in the folder that holds both, or name it",
  );
}

function wroteText({ path, before }: SnapshotUpdate): string {
  return before === undefined ? `wrote ${path}, which is new: read it before you store it` : `wrote ${path} anew`;
}
