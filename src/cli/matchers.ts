import { readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { analyze } from "../analyze.ts";
import { checkPolicy } from "../check/check.ts";
import { parsePolicy, type Policy } from "../check/policy.ts";
import type { CheckedCapture, RuleResult } from "../check/report.ts";
import type { Allowances } from "../check/rule.ts";
import { snapshotOf, type Snapshot } from "../compare/snapshot.ts";
import type { Analysis } from "../flow/model.ts";
import { fileNamePart, visible } from "../report/sanitize.ts";
import { renderSnapshot } from "../report/snapshot-yaml.ts";
import type { Read } from "../yaml/fields.ts";
import { mistakeLine, type TextMistake } from "../yaml/mistake.ts";
import { parseCheckArguments, today, type CheckArguments } from "./check-arguments.ts";
import { judgeCase, optionsBeside } from "./check-case.ts";
import type { CheckCase } from "./check-cases.ts";
import { makeFolder } from "./files.ts";
import { readSnapshot, storedText } from "./snapshot-files.ts";
import { findCaptures } from "./sources.ts";

/*
 * What is expected of captures, as vitest asks for it. Every matcher takes a capture by its path, judged with the keys,
 * settings and trust anchors that stand beside it as `gomodcap check` does, or an analysis. Where the capture does not show
 * it, a matcher fails, with `.not` as well.
 */

/** What vitest tells a matcher of the test, as far as it is used here. */
interface TestState {
  readonly isNot?: boolean;
  readonly testPath?: string;
  readonly currentTestName?: string;
  readonly snapshotState?: unknown;
}

interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

export async function toHaveNoMissingIntermediate(
  this: TestState,
  received: unknown,
  allowances?: Allowances,
): Promise<Outcome> {
  return expectRule(this, received, { "no-missing-intermediate": true }, allowances);
}

export async function toRouteThroughProxy(
  this: TestState,
  received: unknown,
  proxy: string,
  allowances?: Allowances,
): Promise<Outcome> {
  return expectRule(this, received, { "every-flow-proxied": [proxy] }, allowances);
}

export async function toAvoidHost(
  this: TestState,
  received: unknown,
  host: string,
  allowances?: Allowances,
): Promise<Outcome> {
  return expectRule(this, received, { "no-flow-to": [host] }, allowances);
}

export async function toSatisfyPolicy(this: TestState, received: unknown, file: string): Promise<Outcome> {
  if (typeof received !== "string") {
    const policy = readOf(file, parsePolicy(await readFile(file, "utf8")));
    return outcomeOf(this, "the analysis", check(analysisOf(received), policy, file, await snapshotsOf(policy, file)));
  }
  const isFolder = (await stat(received)).isDirectory();
  const each: CheckCase = isFolder
    ? { folder: received, policy: file }
    : { folder: dirname(received), capture: received, policy: file };
  const { captures, mistakes } = await judgeCase(each, checkArguments(), today());
  if (mistakes.length > 0)
    throw new Error(mistakes.map(({ file: of, mistake }) => mistakeText(of, mistake)).join("\n"));
  return outcomeOf(this, received, resultsOf(captures));
}

export async function toMatchCaptureSnapshot(this: TestState, received: unknown, hint?: string): Promise<Outcome> {
  const analysis = await judged(received);
  const file = snapshotPath(this, received, hint);
  const stored = storedText(file);
  const update = updateMode(this);
  const text = renderSnapshot(snapshotOf(analysis));
  if (stored === undefined && update === "none") {
    return { pass: this.isNot === true, message: () => `there is no snapshot ${file}, and none is written in CI` };
  }
  if (update === "all" || stored === undefined) {
    makeFolder(dirname(file));
    if (text !== stored) await writeFile(file, text);
    return { pass: true, message: () => `${file} was written anew` };
  }
  const snapshots = new Map([[basename(file), readOf(file, await readSnapshot(stored))]]);
  const results = check(analysis, policyOf({ snapshot: basename(file) }), file, snapshots);
  return outcomeOf(this, nameOf(received), results, "write it anew: vitest -u");
}

async function expectRule(
  state: TestState,
  received: unknown,
  rule: Readonly<Record<string, unknown>>,
  { inferred, unknown, allowEmpty }: Allowances = {},
): Promise<Outcome> {
  const policy = policyOf({
    ...rule,
    ...(inferred === true && { inferred: "allow" }),
    ...(unknown === true && { unknown: "allow" }),
    ...(allowEmpty === true && { allowEmpty: true }),
  });
  return outcomeOf(state, nameOf(received), check(await judged(received), policy, "", new Map()));
}

function policyOf(rule: Readonly<Record<string, unknown>>): Policy {
  const { value, mistakes = [] } = parsePolicy(JSON.stringify({ rules: [rule] }));
  if (value === undefined) throw new TypeError(mistakes.map(({ message }) => message).join("; "));
  return value;
}

function check(
  analysis: Analysis,
  policy: Policy,
  file: string,
  snapshots: ReadonlyMap<string, Snapshot>,
): readonly RuleResult[] {
  return checkPolicy(analysis, policy, { file, today: today(), snapshot: (path) => snapshots.get(path) });
}

/** The snapshots that a policy names, from its folder. */
async function snapshotsOf(policy: Policy, file: string): Promise<Map<string, Snapshot>> {
  const snapshots = new Map<string, Snapshot>();
  for (const { plan } of policy.rules) {
    if (plan.snapshot === undefined) continue;
    const path = join(dirname(file), plan.snapshot);
    const stored = storedText(path);
    if (stored !== undefined) snapshots.set(plan.snapshot, readOf(path, await readSnapshot(stored)));
  }
  return snapshots;
}

/** What a file holds. Throws: Error with all that is wrong in it. */
function readOf<Value>(file: string, { value, mistakes = [] }: Read<Value>): Value {
  if (value === undefined) throw new Error(mistakes.map((each) => mistakeText(file, each)).join("\n"));
  return value;
}

/** The analysis, or that of the capture at the path. */
async function judged(received: unknown): Promise<Analysis> {
  if (typeof received !== "string") return analysisOf(received);
  const { inputs, errors } = await findCaptures([received], () => undefined);
  if (errors.length > 0) throw errors[0];
  const folder = (await stat(received)).isDirectory() ? received : dirname(received);
  const each: CheckCase = { folder, policy: join(folder, "expect.yaml") };
  return analyze(inputs, await optionsBeside(each, { rules: [] }, checkArguments()));
}

function analysisOf(received: unknown): Analysis {
  if (typeof received === "object" && received !== null && "flows" in received && "capture" in received) {
    return received as Analysis;
  }
  throw new TypeError("expected the path of a capture, or what analyze() gives");
}

function nameOf(received: unknown): string {
  return typeof received === "string" ? received : "the analysis";
}

function checkArguments(): CheckArguments {
  return parseCheckArguments(["."]) as CheckArguments;
}

function resultsOf(captures: readonly CheckedCapture[]): readonly RuleResult[] {
  const failed = captures.find(({ failure }) => failure !== undefined);
  if (failed !== undefined) throw new Error(visible(failed.failure!));
  return captures.flatMap(({ results }) => results);
}

/** What cannot be told neither passes nor passes as its opposite. */
function outcomeOf(
  { isNot = false }: TestState,
  name: string,
  results: readonly RuleResult[],
  remedy?: string,
): Outcome {
  const failed = results.filter(({ passed }) => !passed);
  const untold = failed.filter(({ answer }) => answer === "cannot-tell");
  if (isNot && untold.length > 0) return { pass: true, message: () => messageOf(name, untold, remedy) };
  if (failed.length > 0) return { pass: false, message: () => messageOf(name, failed, remedy) };
  const held = results.map(({ expectation, message }) => `  holds: ${visible(expectation)}\n    ${visible(message)}`);
  return { pass: true, message: () => [`${visible(name)} was not to be so:`, ...held].join("\n") };
}

function messageOf(name: string, results: readonly RuleResult[], remedy: string | undefined): string {
  const lines = [visible(name)];
  for (const result of results) {
    const { answer, expectation, message, reason, evidence, location } = result;
    const where = location.file === "" ? "" : `  (${location.file}:${location.line}:${location.column})`;
    lines.push(`  ${answer === "broken" ? "broken" : "cannot tell"}: ${visible(expectation)}${visible(where)}`);
    lines.push(`    ${visible(message)}`);
    if (reason.toLowerCase() !== `${message}.`.toLowerCase()) lines.push(`    ${visible(reason)}`);
    if (evidence.flows.length > 0)
      lines.push(`    flows ${evidence.flows.join(", ")}; frames ${evidence.frames.join(", ")}`);
    if (evidence.frames.length > 0) lines.push(`    Wireshark: ${evidence.filter}`);
    const advice = remedy ?? result.remedy;
    if (advice !== undefined) lines.push(`    => ${visible(advice)}`);
  }
  return lines.join("\n");
}

function mistakeText(file: string, mistake: TextMistake): string {
  const { hint } = mistake;
  return visible(mistakeLine(file, mistake) + (hint === undefined ? "" : ` (${hint})`));
}

/** Beside the test, as vitest has its own: `__snapshots__/egress.test.ts/direct-run-capture.yaml`. */
function snapshotPath({ testPath, currentTestName = "" }: TestState, received: unknown, hint = ""): string {
  const capture = typeof received === "string" ? basename(received).split(".", 1)[0] : "";
  const name = [currentTestName, capture, hint].filter((part) => part !== "").join(" ");
  const folder = join(dirname(testPath ?? "."), "__snapshots__", basename(testPath ?? "captures"));
  return join(folder, `${fileNamePart(name.replace(/\s+/g, "-"))}.yaml`);
}

/** How vitest was told to treat snapshots: `-u`, or CI. */
function updateMode({ snapshotState }: TestState): "all" | "new" | "none" {
  const told = (snapshotState as { readonly _updateSnapshot?: unknown } | undefined)?._updateSnapshot;
  return told === "all" || told === "none" ? told : "new";
}
