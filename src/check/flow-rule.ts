import type { Flow } from "../flow/model.ts";
import { weaker } from "../compare/difference.ts";
import { ask } from "./condition.ts";
import { matchesHost } from "./glob.ts";
import { hiddenField, hiddenFlows, hiddenFolded } from "./hidden.ts";
import type { FoldedConnections } from "../stream/facts.ts";
import type { Examination, Plan, RuleContext, RuleOptions, Word } from "./rule.ts";
import { flowThing, Tally, type Wording } from "./tally.ts";

/** A rule that every flow must keep by itself. */
export interface FlowRule extends Wording {
  readonly expectation: string;
  readonly judgesPaths?: boolean;
  /** What a flow says to it; undefined where the flow is none of its business. */
  readonly judge: (flow: Flow, options: RuleOptions) => Word | undefined;
  /** Flows that it looks at whoever's they are: `noise` and copies are left out by default. */
  readonly ofAnyProgram?: boolean;
  /** Whether connections without payload that are not listed one by one could break it; never by default. */
  readonly foldedCouldBreak?: (folded: FoldedConnections) => boolean;
}

/** Asks every flow in turn. What flows the capture lacks altogether might have said, leaves the answer open. */
export function everyFlow(rule: FlowRule): Plan {
  return {
    expectation: rule.expectation,
    ...(rule.judgesPaths !== undefined && { judgesPaths: rule.judgesPaths }),
    begin: (context) => new FlowExamination(rule, context),
  };
}

class FlowExamination implements Examination {
  readonly #rule: FlowRule;
  readonly #context: RuleContext;
  readonly #tally: Tally;

  constructor(rule: FlowRule, context: RuleContext) {
    this.#rule = rule;
    this.#context = context;
    this.#tally = new Tally(context.options);
  }

  see(flow: Flow): void {
    const { options } = this.#context;
    if (this.#rule.ofAnyProgram !== true && !isCounted(flow, options)) return;
    const chosen = choose(flow, options);
    if (chosen.met === "no") return;
    const word = this.#rule.judge(flow, options);
    if (word === undefined) return;
    const grade = weaker(word.grade, chosen.grade);
    if (chosen.met === "yes") this.#tally.add(flowThing(flow), { ...word, grade });
    else if (word.answer !== "holds")
      this.#tally.add(flowThing(flow), { ...word, answer: "cannot-tell", because: chosen.because });
  }

  conclude(): ReturnType<Examination["conclude"]> {
    const { analysis } = this.#context;
    const { foldedCouldBreak = () => false } = this.#rule;
    const hidden = hiddenFlows(analysis) ?? hiddenFolded(analysis.capture, foldedCouldBreak);
    return this.#tally.conclude(this.#rule, hidden, emptiness(this.#context));
  }
}

/** Flows are counted once, and those of other programs not at all, unless the rule itself speaks of such. */
export function isCounted(flow: Flow, { where }: Pick<RuleOptions, "where">): boolean {
  if (flow.noise && where?.asks("noise") !== true) return false;
  if (flow.sameAs !== undefined && where?.asks("sameAs") !== true) return false;
  return flow.upstreamOf === undefined || where?.asks("upstreamOf") === true;
}

/** Whether a flow is one of those that `to` and `where` name. */
export function choose(flow: Flow, { to, where }: RuleOptions): ReturnType<typeof ask> {
  if (to !== undefined && !targetsOf(flow).some(({ host, port }) => matchesHost(to, host, port))) {
    const because = flow.target.source === "address" ? "named no host" : "went elsewhere";
    return { met: flow.target.source === "address" ? "unknown" : "no", grade: "seen", because };
  }
  if (where === undefined) return { met: "yes", grade: "seen", because: "" };
  return ask(where, flow, "some", (steps, found) => hiddenField(flow, steps, found));
}

/** All targets of a flow. */
export function targetsOf(flow: Flow): readonly Flow["target"][] {
  return flow.targets ?? [flow.target];
}

/** Why there may have been nothing to look at. */
export function emptiness({ analysis, options }: Pick<RuleContext, "analysis" | "options">): string {
  const { summary, flowCount, capture } = analysis;
  if (capture.frames === 0) return ": the capture is empty";
  if (flowCount === 0) return `: the capture has no TCP connection${inside(summary.instead)}`;
  if (!summary.goTraffic) return `: the capture has no traffic of Go's${inside(summary.instead)}`;
  const chosenBy = (["to", "where"] as const).filter((word) => options[word] !== undefined);
  return chosenBy.length === 0
    ? ""
    : ` among those that its ${chosenBy.join(" and ")} name${chosenBy.length === 1 ? "s" : ""}`;
}

function inside(instead: string | undefined): string {
  return instead === undefined ? "" : `, but ${instead}`;
}
