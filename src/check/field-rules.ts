import { rules as findingRules } from "../finding/rules.ts";
import { counted } from "../bytes/text.ts";
import { weaker } from "../compare/difference.ts";
import { dnsShape, findingShape, flowShape, headShape, httpShape } from "../flow/json-shape.ts";
import type { AnyShape } from "../flow/json-shape.ts";
import type { DnsReport, Finding, Flow } from "../flow/model.ts";
import { storyShape } from "../flow/story-shape.ts";
import type { Grade } from "../grade.ts";
import { ask, type Conditions, type Hidden, type Outcome } from "./condition.ts";
import { choose, emptiness, everyFlow, isCounted } from "./flow-rule.ts";
import { hiddenField, hiddenFlows, hiddenFolded, hiddenRequests } from "./hidden.ts";
import type { Examination, Plan, RuleContext, Verdict, Word } from "./rule.ts";
import { counting, flowThing, Gathered, remedies, Tally, type Thing } from "./tally.ts";

const findings = { ...findingShape, rule: Object.keys(findingRules) };

/** The JSON of a capture but for its flows, by which conditions on it are read. */
export const captureShape: AnyShape = { ...headShape, dns: dnsShape, findings, story: storyShape };

/** Every flow meets the conditions; of fields with several values, every value. Empty lists meet none and break none. */
export function match(conditions: Conditions): Plan {
  return everyFlow({
    expectation: `every flow: ${conditions.text}`,
    judgesPaths: asksForPaths(conditions),
    holds: (count) => `${counted(count, "flow")}, each with ${conditions.text}`,
    nothing: "there is no flow to look at",
    remedy: "look at the flow with `gomodcap --flow N`; narrow the rule with to and where if it is meant for others",
    judge: (flow) => {
      const hidden: Hidden = (steps, found) => hiddenField(flow, steps, found);
      return asksEmptyList(conditions, flow, hidden) ? undefined : wordOf(ask(conditions, flow, "every", hidden));
    },
    foldedCouldBreak: () => !conditions.asks("tls") && !conditions.asks("http"),
  });
}

/** A field of things is asked for, and there are none: no request was made, no TLS spoken. */
function asksEmptyList({ all }: Conditions, flow: Flow, hidden: Hidden): boolean {
  return all.some(({ path: { steps }, exists }) => {
    const list: unknown = flow[steps[0] as keyof Flow];
    return exists === undefined && Array.isArray(list) && list.length === 0 && hidden(steps, false) === undefined;
  });
}

function wordOf({ met, grade, because }: Outcome): Word {
  return { answer: met === "yes" ? "holds" : met === "no" ? "broken" : "cannot-tell", grade, because };
}

/** The capture as a whole meets the conditions. */
export function matchCapture(conditions: Conditions): Plan {
  return {
    expectation: `the capture: ${conditions.text}`,
    judgesPaths: asksForPaths(conditions),
    begin: (context) => ({
      see: () => undefined,
      conclude: () => matchedCapture(conditions, context),
    }),
  };
}

function matchedCapture(conditions: Conditions, { analysis, options }: RuleContext): Verdict {
  const tally = new Tally(options);
  const absent: Hidden = (_, found) => (found ? undefined : "does not say");
  tally.add(
    { kind: "the capture", name: "", flows: [], frames: [] },
    wordOf(ask(conditions, analysis, "every", absent)),
  );
  const wording = {
    holds: () => `the capture has ${conditions.text}`,
    nothing: "",
    remedy: "look at the capture's part of `gomodcap --json`",
  };
  const empty = analysis.flowCount === 0 && !options.allowEmpty ? emptiness({ analysis, options }).slice(2) : undefined;
  return tally.conclude(wording, empty, "");
}

/** What can be counted, and the shape of one in the JSON. */
export const countable = {
  flows: flowShape,
  requests: httpShape,
  dns: dnsShape,
  findings,
} as const satisfies Readonly<Record<string, AnyShape>>;
export type Countable = keyof typeof countable;

/** What is counted, and how many there may be. */
export interface Count {
  readonly of: Countable;
  readonly where?: Conditions;
  readonly equals?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** So many flows, requests, DNS questions or findings there are. */
export function count(wanted: Count): Plan {
  return {
    expectation: `${wanted.of}${wanted.where === undefined ? "" : ` where ${wanted.where.text}`}: ${rangeText(wanted)}`,
    judgesPaths: wanted.of === "findings" || (wanted.where !== undefined && asksForPaths(wanted.where)),
    begin: (context) => new Counting(wanted, context),
  };
}

function rangeText({ equals, atLeast, atMost }: Count): string {
  const words = [
    ...(equals === undefined ? [] : [`exactly ${equals}`]),
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ];
  return words.join(" and ");
}

/** Counts what is there for certain, and what may be. */
class Counting implements Examination {
  readonly #wanted: Count;
  readonly #context: RuleContext;
  readonly #certain = new Gathered();
  readonly #possible = new Gathered();
  #looked = 0;

  constructor(wanted: Count, context: RuleContext) {
    this.#wanted = wanted;
    this.#context = context;
  }

  see(flow: Flow): void {
    const { options } = this.#context;
    if (!isCounted(flow, options)) return;
    this.#looked++;
    const chosen = choose(flow, options);
    if (chosen.met === "no") return;
    const { of } = this.#wanted;
    const hidden: Hidden = (steps, found) => hiddenField(flow, steps, found);
    if (of === "flows") this.#note(flowThing(flow), this.#ask(flow, hidden), chosen);
    if (of === "requests") this.#seeRequests(flow, chosen);
  }

  conclude(): Verdict {
    this.#seeOthers();
    const { of, equals, atLeast = equals ?? 0, atMost = equals ?? Infinity } = this.#wanted;
    const certain = this.#certain.count;
    const found = this.#foundText(certain);
    const nothing = this.#emptiness();
    const { analysis } = this.#context;
    const unseen = hiddenFlows(analysis) ?? (of === "flows" ? hiddenFolded(analysis.capture, () => true) : undefined);
    const most = nothing === undefined && unseen === undefined ? certain + this.#possible.count : Infinity;
    if (certain > atMost || most < atLeast) return this.#broken(found);
    if (nothing !== undefined) return this.#certain.verdict("cannot-tell", nothing, remedies.nothing);
    if (unseen !== undefined) return this.#certain.verdict("cannot-tell", unseen, remedies.hidden);
    if (certain >= atLeast && most <= atMost) return this.#certain.verdict("holds", found);
    const { count: open, message, remedy } = this.#possible;
    const text = `${found}, ${rangeText(this.#wanted)} expected, and ${open} more may count: ${message}`;
    return this.#possible.verdict("cannot-tell", text, remedy);
  }

  #foundText(count: number): string {
    const { of, where = of === "flows" ? this.#context.options.where : undefined } = this.#wanted;
    return `${counted(count, nouns[of])}${where === undefined ? "" : ` where ${where.text}`}`;
  }

  #broken(found: string): Verdict {
    const { message } = this.#certain;
    const text = `${found}, ${rangeText(this.#wanted)} expected${message === "" ? "" : `: ${message}`}`;
    return this.#certain.verdict("broken", text, `look at what is counted: gomodcap --json, ${this.#wanted.of}`);
  }

  #emptiness(): string | undefined {
    if (this.#looked > 0 || this.#context.options.allowEmpty) return undefined;
    return `there is no flow to look at${emptiness(this.#context)}`;
  }

  /** What no flow has. */
  #seeOthers(): void {
    const { of } = this.#wanted;
    const { dns, findings } = this.#context.analysis;
    if (of === "dns") for (const each of dns) this.#note(dnsThing(each), this.#ask(each, shown), sure);
    if (of !== "findings") return;
    for (const each of findings) this.#note(findingThing(each), gradedBy(each, this.#ask(each, shown)), sure);
  }

  #seeRequests(flow: Flow, chosen: Outcome): void {
    for (const request of flow.http) {
      const thing = { ...flowThing(flow), frames: [request.requestFrame] };
      this.#note(thing, gradedBy(request, this.#ask(request, shown)), chosen);
    }
    const because = hiddenRequests(flow);
    if (because !== undefined) this.#note(flowThing(flow), { met: "unknown", grade: "unknown", because }, chosen);
  }

  #ask(thing: unknown, hidden: Hidden): Outcome {
    const { where } = this.#wanted;
    return where === undefined ? { ...sure, because: "counted" } : ask(where, thing, "some", hidden);
  }

  #note(thing: Thing, asked: Outcome, chosen: Outcome): void {
    if (asked.met === "no") return;
    const answer = asked.met === "yes" && chosen.met === "yes" ? "holds" : "cannot-tell";
    const because = asked.met === "yes" && chosen.met === "unknown" ? chosen.because : asked.because;
    const word = counting({ answer, grade: weaker(asked.grade, chosen.grade), because }, this.#context.options);
    (word.answer === "holds" ? this.#certain : this.#possible).add(thing, word);
  }
}

const nouns: Readonly<Record<Countable, string>> = {
  flows: "flow",
  requests: "request",
  dns: "DNS question",
  findings: "finding",
};
const sure: Outcome = { met: "yes", grade: "seen", because: "" };
const shown: Hidden = () => undefined;

/** No surer than the thing itself. */
function gradedBy({ grade }: { readonly grade: Grade }, outcome: Outcome): Outcome {
  return { ...outcome, grade: weaker(outcome.grade, grade) };
}

function dnsThing({ name, frame }: DnsReport): Thing {
  return { kind: "question", name, flows: [], frames: [frame] };
}

function findingThing({ rule, flows, frames }: Finding): Thing {
  return { kind: "finding", name: rule, flows, frames };
}

/** Its answer may change with the trust anchors. */
function asksForPaths({ all }: Conditions): boolean {
  return all.some(({ path: { steps } }) => steps.includes("path") || steps[0] === "findings" || steps[0] === "rule");
}
