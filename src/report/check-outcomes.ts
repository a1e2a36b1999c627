import { createHash } from "node:crypto";
import { counted } from "../bytes/text.ts";
import type { CheckReport, CheckedCapture, PolicyPlace, RuleEvidence, RuleResult } from "../check/report.ts";

/*
 * What the formats for machines make of a check: one entry an expectation, and one for a capture that could not be
 * judged. Here is the one rule about what counts as failed, and the one about what makes two entries the same.
 */

/**
 * What became of an expectation. `waived` and `allowed` (cannot be told, and the policy lets that pass) do not fail,
 * `unreadable` stands for the file of a capture: where it could not be read, for all expectations, and else beside them.
 */
export type Outcome = "holds" | "waived" | "allowed" | "broken" | "cannot-tell" | "unreadable";

/** One entry of a report. All text may quote the wire or the policy: untrusted. */
export interface CheckEntry {
  readonly outcome: Outcome;
  readonly capture: CheckedCapture;
  readonly id: string;
  readonly rule: string;
  /** `no-flow-to: no flow to telemetry.example.com`. */
  readonly title: string;
  /** The answer in words, one line. */
  readonly message: string;
  /** Sentences: why, the waiver, what to do. */
  readonly details: readonly string[];
  readonly location: PolicyPlace;
  readonly evidence?: RuleEvidence;
  /** Why it may fail, where it is waived. */
  readonly justification?: string;
}

/** The entries of a report, in its order. */
export function entriesOf({ captures }: CheckReport): CheckEntry[] {
  return captures.flatMap(captureEntries);
}

/** The entries of one capture. */
export function captureEntries(capture: CheckedCapture): CheckEntry[] {
  const { failure, results } = capture;
  return [
    ...(failure === undefined ? [] : [unreadableEntry(capture, failure)]),
    ...results.map((result) => resultEntry(capture, result)),
  ];
}

/** Whether the entry fails the build. */
export function isFailure({ outcome }: CheckEntry): boolean {
  return outcome === "broken" || outcome === "cannot-tell" || outcome === "unreadable";
}

/** What tells the entry from all others of a repository, and stays when lines move or other rules come and go. */
export function fingerprintOf({ capture, id }: CheckEntry): string {
  const identity = JSON.stringify([slashes(capture.name), slashes(capture.policy), id]);
  return createHash("sha256").update(identity).digest("hex");
}

/** The place's file as readers of CI formats want it: with slashes, without a leading `./`. */
export function slashes(path: string): string {
  return path.replaceAll("\\", "/").replace(/^(?:\.\/+)+/, "");
}

/** The outcome as a word in front of a message; nothing where the message says all. */
export const outcomeWords: Readonly<Record<Outcome, string>> = {
  holds: "holds",
  waived: "waived",
  allowed: "cannot tell, which the policy allows",
  broken: "broken",
  "cannot-tell": "cannot tell",
  unreadable: "unreadable",
};

/** `2 of 14 expectations failed in 1 of 5 captures`. */
export function countText({ captures }: CheckReport, entries: readonly CheckEntry[]): string {
  const failed = entries.filter(isFailure);
  const places = new Set(failed.map(({ capture }) => capture)).size;
  if (entries.length === 0) return "nothing was checked";
  const all = counted(captures.length, "capture");
  return failed.length === 0
    ? `all of ${counted(entries.length, "expectation")} hold in ${all}`
    : `${failed.length} of ${counted(entries.length, "expectation")} failed in ${places} of ${all}`;
}

function resultEntry(capture: CheckedCapture, result: RuleResult): CheckEntry {
  const { id, rule, expectation, message, reason, remedy, waiver, evidence, location } = result;
  const waived = waiver && `Waived until ${waiver.until}${waiver.expired ? " (over)" : ""}: ${waiver.reason}`;
  return {
    outcome: outcomeOf(result),
    capture,
    id,
    rule,
    title: `${id}: ${expectation}`,
    message,
    details: [reason, waived ?? "", remedy ?? ""].filter((text) => text !== ""),
    location,
    evidence,
    ...(waiver !== undefined && !waiver.expired && { justification: waiver.reason }),
  };
}

function outcomeOf({ answer, passed, waiver }: RuleResult): Outcome {
  if (answer === "holds" || !passed) return answer;
  return waiver !== undefined && !waiver.expired ? "waived" : "allowed";
}

function unreadableEntry(capture: CheckedCapture, failure: string): CheckEntry {
  return {
    outcome: "unreadable",
    capture,
    id: "capture",
    rule: "capture",
    title: "capture: it can be read whole",
    message: failure,
    details: [],
    location: { file: capture.policy, line: 1, column: 1 },
  };
}
