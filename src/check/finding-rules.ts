import { rules as findingRules, type RuleId } from "../finding/rules.ts";
import { severityRank } from "../finding/sighting.ts";
import type { Finding, Flow, Severity } from "../flow/model.ts";
import { choose, emptiness, isCounted } from "./flow-rule.ts";
import { hiddenCertificates, hiddenFlows, hiddenRequests } from "./hidden.ts";
import type { Examination, Plan, RuleContext, Verdict } from "./rule.ts";
import { flowThing, Tally } from "./tally.ts";

/** The report has no finding of these rules. */
export function noFinding(ids: readonly RuleId[]): Plan {
  return {
    expectation: `no finding ${ids.join(" or ")}`,
    judgesPaths: ids.some(isOfPaths),
    begin: (context) => new FindingExamination(({ rule }) => (ids as readonly string[]).includes(rule), ids, context),
  };
}

/** The report has no finding as bad as this, or worse. */
export function noFindingFrom(severity: Severity): Plan {
  const isBad = (finding: Finding): boolean => severityRank(finding.severity) <= severityRank(severity);
  const ids = (Object.keys(findingRules) as RuleId[]).filter((id) =>
    findingRules[id].severities.some((possible) => severityRank(possible) <= severityRank(severity)),
  );
  return {
    expectation: severity === "error" ? "no finding that is an error" : `no finding from ${severity} up`,
    judgesPaths: true,
    begin: (context) => new FindingExamination(isBad, ids, context),
  };
}

/**
 * Looks for findings, and at each flow for what could hide one.
 *
 * Invariants: only ids of flows that findings name are kept.
 */
class FindingExamination implements Examination {
  readonly #context: RuleContext;
  readonly #findings: readonly Finding[];
  readonly #hiders: readonly ((flow: Flow) => string | undefined)[];
  /** Flows that findings name, and that the rule looks at. */
  readonly #chosen = new Set<number>();
  readonly #named: ReadonlySet<number>;
  readonly #tally: Tally;

  constructor(isMeant: (finding: Finding) => boolean, ids: readonly RuleId[], context: RuleContext) {
    this.#context = context;
    this.#findings = context.analysis.findings.filter(isMeant);
    this.#named = new Set(this.#findings.flatMap(({ flows }) => flows));
    this.#tally = new Tally(context.options);
    this.#hiders = [
      ...(ids.some(isOfPaths) ? [hiddenCertificates] : []),
      ...(ids.some(isOfRequests) ? [hiddenRequests] : []),
    ];
  }

  see(flow: Flow): void {
    const { options } = this.#context;
    const { met } = choose(flow, options);
    if (met === "no") return;
    if (this.#named.has(flow.id)) this.#chosen.add(flow.id);
    if (!isCounted(flow, options)) return;
    const hidden = this.#hiders.map((hider) => hider(flow)).find((because) => because !== undefined);
    if (hidden === undefined)
      this.#tally.add(flowThing(flow), { answer: "holds", grade: "seen", because: "shows all" });
    else this.#tally.add(flowThing(flow), { answer: "cannot-tell", grade: "unknown", because: hidden });
  }

  conclude(): Verdict {
    const { analysis, options } = this.#context;
    const narrowed = options.to !== undefined || options.where !== undefined;
    const found = this.#findings.filter(({ flows }) => !narrowed || flows.some((id) => this.#chosen.has(id)));
    const sure = found.find(({ grade }) => options.inferred || (grade !== "inferred" && grade !== "unknown"));
    const first = sure ?? found.at(0);
    if (first !== undefined) return verdictOf(first, found.length, sure !== undefined);
    return this.#tally.conclude(
      {
        holds: () => `no such finding among ${analysis.findings.length}`,
        nothing: "there is no flow that findings could be about",
        remedy: "",
      },
      hiddenFlows(analysis),
      emptiness(this.#context),
    );
  }
}

function verdictOf(finding: Finding, count: number, sure: boolean): Verdict {
  const { rule, severity, grade, title, detail, remedy, flows, frames, filter } = finding;
  const more = count > 1 ? `; and ${count - 1} more` : "";
  const message = `${severity} ${rule}: ${title}${more}`;
  return {
    answer: sure ? "broken" : "cannot-tell",
    grade,
    message: sure ? message : `${message}, which is only inferred`,
    reason: detail,
    remedy: sure ? remedy : `count what is inferred with inferred: allow. ${remedy}`,
    evidence: { flows, frames, filter },
  };
}

function isOfPaths(id: RuleId): boolean {
  return /^certificate-(?!likely)|^missing-intermediate$|^chain-|^interception$|^path-not-/.test(id);
}

function isOfRequests(id: RuleId): boolean {
  return /^http-|^checksum-/.test(id);
}
