import type { ChecksumReport } from "../flow/checksums.ts";
import type { CaptureReport, DnsReport, Flow, Severity } from "../flow/model.ts";
import { severities } from "../flow/vocabulary.ts";
import type { GoConfiguration } from "../gomod/configuration/configuration.ts";
import type { FlowVerdict } from "../gomod/explanation/flow-judge.ts";
import { judgeFailure, type Failure } from "../gomod/failure.ts";
import type { Outcomes } from "../gomod/outcome.ts";
import { flowProgram } from "../gomod/program.ts";
import type { Grade } from "../grade.ts";
import type { Losses } from "./losses.ts";
import type { RuleId } from "./rules.ts";

/** What rules may know beside the flow they look at. */
export interface FindingContext {
  readonly capture: CaptureReport;
  readonly dns: readonly DnsReport[];
  /** All flows observed. */
  readonly outcomes: Outcomes;
  readonly configuration?: GoConfiguration | undefined;
  readonly checksums?: ChecksumReport | undefined;
  /** Where Go gave modules up. */
  readonly losses: Losses;
}

/** What a finding says, in words. All may quote the wire: untrusted. */
export interface Words {
  /** One line, no full stop. */
  readonly title: string;
  /** The capture hides why it happened: the title ends with that, or with what the command says. */
  readonly whyHidden?: true;
  /** Sentences. */
  readonly detail: string;
  readonly remedy: string;
  /** Display filter; the frames by their numbers where absent. */
  readonly filter?: string;
}

/** What one rule sees on one flow, or on none. Sightings of one rule and subject make one finding. */
export interface Sighting {
  readonly rule: RuleId;
  /** What it is about: a target, a proxy, an issuer. */
  readonly subject: string;
  readonly severity: Severity;
  readonly grade: Grade;
  readonly flow?: number;
  /** Further flows of the same that are not kept. */
  readonly unlisted?: number;
  readonly frames: readonly number[];
  /** Rules of failures that it is the cause of, where they share flows: it is as bad as they are, and comes before them. */
  readonly explains?: RegExp;
  /** Asked for once a finding. */
  readonly words: () => Words;
}

/** A flow with how it ended. */
export interface Seen {
  readonly flow: Flow;
  readonly failure: Failure | undefined;
  /** Flow that made the failure good; undefined where Go gave up over it all the same. */
  readonly recoveredBy: number | undefined;
  /** Flow that may have done so: the capture has not all of it. */
  readonly perhapsRecoveredBy?: number | undefined;
  /** Of a failure of this flow: error, or warning where it was or may have been made good; note where the flow is no business of Go's. */
  readonly severity: Severity;
  /** What the settings given say to it. */
  readonly verdict: FlowVerdict | undefined;
  readonly context: FindingContext;
}

/** Whether Go itself made a flow: by what it shows, else by what the settings expect there. */
export function isOfGo({ flow, verdict }: Seen): boolean {
  const program = flowProgram(flow);
  return program === undefined ? verdict?.expectation?.program === "go" : program === "go";
}

/** 0 for the worst. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** Asks once how a flow ended. */
export function see(flow: Flow, context: FindingContext, verdict: FlowVerdict | undefined): Seen {
  const failure = judgeFailure(flow);
  const isLost = failure === undefined || context.losses.at(flow.id) !== undefined;
  const recoveredBy = isLost ? undefined : context.outcomes.recoveredBy(flow);
  const perhapsRecoveredBy =
    isLost || recoveredBy !== undefined ? undefined : context.outcomes.perhapsRecoveredBy(flow);
  const severity = severityOf(flow, recoveredBy ?? perhapsRecoveredBy);
  return { flow, failure, recoveredBy, perhapsRecoveredBy, severity, verdict, context };
}

function severityOf(flow: Flow, recoveredBy: number | undefined): Severity {
  if (flow.label === "other") return "note";
  return recoveredBy === undefined ? "error" : "warning";
}
