import type { Grade } from "../grade.ts";

/*
 * What a check says: every expectation of every policy with its answer. Formats render this and know nothing of rules.
 * Lists stand in a fixed order: captures by folder, rules as the policy has them, flows and frames ascending.
 */

/** Whether an expectation is met; `cannot-tell` where the capture does not show it. */
export type Answer = "holds" | "broken" | "cannot-tell";

/** Where an expectation is written. `line` and `column` count from 1. */
export interface PolicyPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Why a broken rule may stay broken, and until when. */
export interface Waiver {
  /** As the policy gives it: untrusted. */
  readonly reason: string;
  /** The last day on which it counts: `2027-01-31`. */
  readonly until: string;
  /** That day is over: the waiver counts no more. */
  readonly expired: boolean;
}

/** What an answer rests on. Empty lists where it rests on what is not there. */
export interface RuleEvidence {
  readonly flows: readonly number[];
  readonly frames: readonly number[];
  /** Wireshark display filter that shows it. */
  readonly filter: string;
}

/** One expectation and its answer. All text may quote the wire or the policy: untrusted. */
export interface RuleResult {
  /** Of its policy, and stable: as the policy names it, else the rule's name, numbered from the second on. */
  readonly id: string;
  /** Name of the rule: `no-flow-to`. */
  readonly rule: string;
  /** What is expected, one line, no full stop: `no flow to telemetry.example.com`. */
  readonly expectation: string;
  readonly answer: Answer;
  /** It holds, or may stay as it is: waived, or not to be told and the policy says `unknown: allow`. */
  readonly passed: boolean;
  /** Beside any answer but `holds`. */
  readonly waiver?: Waiver;
  /** The weakest of what the answer rests on. */
  readonly grade: Grade;
  /** The answer in words, one line, no full stop: `flow 3 went to telemetry.example.com`. */
  readonly message: string;
  /** Sentences on what the answer rests on, or on why there is none. */
  readonly reason: string;
  /** What to do. Absent where it holds. */
  readonly remedy?: string;
  readonly evidence: RuleEvidence;
  readonly location: PolicyPlace;
}

/** The expectations of one capture. */
export interface CheckedCapture {
  /** The capture's folder, or the capture where its folder has several. */
  readonly name: string;
  /** The files of the capture. */
  readonly files: readonly string[];
  readonly policy: string;
  readonly passed: boolean;
  /** Why the capture could not be read, or where it is damaged: in the first case there are no results. */
  readonly failure?: string;
  readonly results: readonly RuleResult[];
}

/** Results by what they are. Each is counted once: a waived one neither as broken nor as not to be told. */
export interface CheckCounts {
  readonly holds: number;
  readonly broken: number;
  readonly cannotTell: number;
  readonly waived: number;
}

/** A whole run of checks. */
export interface CheckReport {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly passed: boolean;
  readonly counts: CheckCounts;
  readonly captures: readonly CheckedCapture[];
}
