import type { Analysis, Flow } from "../flow/model.ts";
import type { Grade } from "../grade.ts";
import type { Snapshot } from "../compare/snapshot.ts";
import type { Conditions } from "./condition.ts";
import type { Answer, RuleEvidence } from "./report.ts";

/** What can stand beside any rule. */
export interface RuleOptions {
  readonly id?: string;
  /** Hosts that the flows it looks at go to. */
  readonly to?: readonly string[];
  /** What holds for the flows, or whatever it looks at. */
  readonly where?: Conditions;
  /** Not to be told passes. */
  readonly unknown: boolean;
  /** Nothing to look at is no ground to doubt. */
  readonly allowEmpty: boolean;
  /** What is inferred counts. */
  readonly inferred: boolean;
}

/** What may be allowed beside an expectation; nothing where left out. */
export type Allowances = Partial<Pick<RuleOptions, "unknown" | "allowEmpty" | "inferred">>;

/** What a rule is asked about. */
export interface RuleContext {
  readonly analysis: Analysis;
  readonly options: RuleOptions;
  /** The stored snapshot by the path that the policy has. */
  readonly snapshot: (path: string) => StoredSnapshot;
}

/** What stands where a policy names a snapshot; undefined where nothing does. */
export type StoredSnapshot = Snapshot | "unreadable" | undefined;

/** An answer and what it rests on. */
export interface Verdict {
  readonly answer: Answer;
  readonly grade: Grade;
  readonly message: string;
  readonly reason: string;
  readonly remedy?: string;
  readonly evidence: RuleEvidence;
}

/** One look over a capture: every flow in order, then the verdict. */
export interface Examination {
  see(flow: Flow): void;
  conclude(): Verdict;
}

/** What one rule of a policy expects, ready to be asked. */
export interface Plan {
  /** One line, no full stop. May quote the policy: untrusted. */
  readonly expectation: string;
  /** Its answer depends on the trust anchors. */
  readonly judgesPaths?: boolean;
  /** Snapshot that it compares with, as the policy has its path. */
  readonly snapshot?: string;
  begin(context: RuleContext): Examination;
}

/** What one flow, or one thing of it, says to a rule. */
export interface Word {
  readonly answer: Answer;
  readonly grade: Grade;
  /** Goes on after `flow 3`: `went direct to sum.golang.org`. May quote the wire: untrusted. */
  readonly because: string;
  /** Frames that show it; the first and last of the flow where absent. */
  readonly frames?: readonly number[];
}
