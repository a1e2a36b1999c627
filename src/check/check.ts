import type { Analysis } from "../flow/model.ts";
import { everyFrame } from "../finding/filter.ts";
import { tool } from "../version.ts";
import type { Policy, PolicyRule } from "./policy.ts";
import type { CheckCounts, CheckedCapture, CheckReport, RuleResult, Waiver } from "./report.ts";
import type { RuleContext, RuleOptions, StoredSnapshot, Verdict } from "./rule.ts";
import { remedies } from "./tally.ts";

/** What a check needs beside the analysis and the policy. */
export interface CheckOptions {
  /** The policy's file, for places. */
  readonly file: string;
  /** The day that waivers are compared with: `2026-12-01`. */
  readonly today: string;
  /** The stored snapshot by the path that the policy has. */
  readonly snapshot?: (path: string) => StoredSnapshot;
}

/** Asks every rule of a policy, in one walk over the flows. Pure. */
export function checkPolicy(analysis: Analysis, policy: Policy, options: CheckOptions): readonly RuleResult[] {
  const examined = policy.rules.map((rule) => {
    const snapshot = options.snapshot ?? ((): undefined => undefined);
    const context: RuleContext = { analysis, options: rule.options, snapshot };
    return { rule, examination: rule.plan.begin(context) };
  });
  for (const flow of analysis.flows()) for (const { examination } of examined) examination.see(flow);
  const ids = new Map<string, number>();
  return examined.map(({ rule, examination }) => {
    const verdict = strangeAnchors(analysis, policy, rule) ?? foreignKeys(analysis, examination.conclude());
    return resultOf(rule, idOf(rule, ids), verdict, options);
  });
}

/** As the rule is called, numbered from the second of its name on. */
function idOf({ name, options: { id } }: PolicyRule, ids: Map<string, number>): string {
  if (id !== undefined) return id;
  const count = (ids.get(name) ?? 0) + 1;
  ids.set(name, count);
  return count === 1 ? name : `${name}-${count}`;
}

/** Nothing can be told of paths where other anchors judged than those that the policy was written with. */
function strangeAnchors(analysis: Analysis, policy: Policy, { plan }: PolicyRule): Verdict | undefined {
  const wanted = policy.trust?.sha256;
  if (wanted === undefined || plan.judgesPaths !== true) return undefined;
  // Read where it is asked for alone: the digest of all anchors takes a while.
  const { trust } = analysis;
  if (trust.sha256 === wanted) return undefined;
  return {
    answer: "cannot-tell",
    grade: "unknown",
    message: "the trust anchors are not those that the policy was written with",
    reason: `The policy names anchors of digest ${wanted}; ${trust.source} has ${trust.sha256}.`,
    remedy: "store the anchors beside the policy and name their file in trust:",
    evidence: { flows: [], frames: [], filter: everyFrame },
  };
}

/** Where keys would help and those at hand open nothing, more of the kind will not. */
function foreignKeys({ capture: { keyLog } }: Analysis, verdict: Verdict): Verdict {
  const wantsKeys = verdict.remedy === remedies.open || verdict.remedy === remedies.inferred;
  if (!wantsKeys || keyLog === undefined || keyLog.secrets === 0 || keyLog.usedBy.length > 0) return verdict;
  return { ...verdict, remedy: remedies.foreignKeys };
}

function resultOf(rule: PolicyRule, id: string, verdict: Verdict, { file, today }: CheckOptions): RuleResult {
  const { name, position, plan, waive, options } = rule;
  const waiver: Waiver | undefined = waive === undefined ? undefined : { ...waive, expired: waive.until < today };
  const allowed = verdict.answer === "cannot-tell" && options.unknown;
  const { answer, grade, message, reason, remedy, evidence } = verdict;
  return {
    id,
    rule: name,
    expectation: `${plan.expectation}${scopeText(options)}`,
    answer,
    passed: answer === "holds" || allowed || waiver?.expired === false,
    ...(waiver !== undefined && answer !== "holds" && { waiver }),
    grade,
    message,
    reason,
    ...(remedy !== undefined && { remedy }),
    evidence,
    location: { file, ...position },
  };
}

function scopeText({ to, where }: RuleOptions): string {
  const places = to === undefined ? "" : `, to ${to.join(" or ")}`;
  return where === undefined ? places : `${places}, where ${where.text}`;
}

/** All captures of a run, put together. */
export function checkReport(captures: readonly CheckedCapture[]): CheckReport {
  return {
    schemaVersion: 1,
    tool,
    passed: captures.every(({ passed }) => passed),
    counts: countResults(captures.flatMap(({ results }) => results)),
    captures,
  };
}

function countResults(results: readonly RuleResult[]): CheckCounts {
  const counts = { holds: 0, broken: 0, cannotTell: 0, waived: 0 };
  for (const { answer, waiver } of results) {
    if (waiver?.expired === false) counts.waived++;
    else if (answer === "cannot-tell") counts.cannotTell++;
    else counts[answer]++;
  }
  return counts;
}
