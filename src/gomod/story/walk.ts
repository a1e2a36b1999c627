import type { StoryOrigin, StoryStep } from "../../flow/story.ts";
import { present } from "../present.ts";
import type { ProxyListEntry } from "../proxy-list.ts";
import { proxyUrl, type Ask } from "./ask.ts";
import type { PlaceFailure } from "./places.ts";

/** What there is to tell how GOPROXY was walked for one file of a module. */
export interface WalkGround {
  /** GOPROXY, where it was given. */
  readonly list: readonly ProxyListEntry[] | undefined;
  /** GONOPROXY or GOPRIVATE covers the module. */
  readonly exempt: boolean;
  /** What was asked of module proxies, in order; of a pair for one 4xx the second alone. */
  readonly asks: readonly Ask[];
  /** What followed a redirect. */
  followed(ask: Ask): Ask | undefined;
  /** No request to an entry can be seen, whether there were some or not. */
  isHidden(entry: ProxyListEntry): boolean;
  /** How connections to an entry failed, where no request came through. */
  failureOf(entry: ProxyListEntry): PlaceFailure | undefined;
  /** Where the list was not given: module proxies that no request came through to. */
  readonly broken: readonly BrokenProxy[];
  /** Where the module's own repository was read. */
  readonly origin: StoryOrigin | undefined;
  /** What was asked later shows that this was found. */
  readonly goneOn: boolean;
}

/** A module proxy that no request came through to. */
export interface BrokenProxy {
  /** As GOPROXY would name it. */
  readonly entry: string;
  readonly failure: PlaceFailure;
}

/** A step before it is known what came after; with a rule only where that alone says why Go went no further. */
export type Tried = Omit<StoryStep, "goesOn">;

/** The entries of GOPROXY as they were tried, each with the rule by which Go went on or stopped. */
export function walkSteps(ground: WalkGround): readonly StoryStep[] {
  if (ground.exempt) {
    const because = "GONOPROXY or GOPRIVATE covers the module: the module proxies are passed over";
    return [{ ...originStep(ground.origin), rule: because, goesOn: false }];
  }
  return ground.list === undefined ? wireWalk(ground) : listWalk(ground, ground.list);
}

function listWalk(ground: WalkGround, list: readonly ProxyListEntry[]): StoryStep[] {
  const tries = list.map((entry) => tryOf(ground, entry));
  const last = tries.findLastIndex((tried) => tried !== undefined);
  const steps: StoryStep[] = [];
  for (let at = 0; at <= last; at++) {
    const tried = tries[at];
    if (tried !== undefined) steps.push(listStep(list, at, tried, at < last, steps.length === 0));
    else if (steps.length > 0 || ground.isHidden(list[at])) steps.push({ ...hidden(list[at].text), goesOn: at < last });
  }
  const next = steps.at(-1)?.goesOn === true ? list[last + 1] : undefined;
  if (next?.kind === "off") steps.push({ ...offStep, goesOn: false });
  else if (next !== undefined) steps.push({ ...hidden(next.text), goesOn: false });
  return steps;
}

/* What the wire shows stands above what the list allows. */
function listStep(
  list: readonly ProxyListEntry[],
  at: number,
  tried: Tried,
  laterAsked: boolean,
  isFirst: boolean,
): StoryStep {
  const onward = ruleOf(tried, list[at].separator, list[at + 1]);
  if (tried.rule !== undefined && !laterAsked) return { ...tried, goesOn: false };
  if (tried.outcome === "served" && at > 0 && isFirst && !laterAsked) return { ...tried, goesOn: false, rule: atOnce };
  if (!laterAsked || onward.goesOn) return { ...tried, ...onward };
  if (tried.outcome === "served" || tried.outcome === "unknown") return { ...tried, goesOn: true };
  return { ...tried, goesOn: true, rule: `${onward.rule ?? ""}, yet a later entry was asked` };
}

const atOnce = "asked here at once: what was wanted had been found here";

const offStep = {
  entry: "off",
  outcome: "refused",
  answer: "module lookup disabled by GOPROXY=off",
  rule: "off ends the list with an error",
  grade: "inferred",
} as const;

function tryOf(ground: WalkGround, entry: ProxyListEntry): Tried | undefined {
  if (entry.kind === "direct") {
    /* A module proxy that a page named is no entry. */
    const isNamed = ground.origin?.vcs === "mod";
    const named = isNamed ? ground.asks.findLast(({ go }) => go.entry === undefined) : undefined;
    if (named !== undefined) return askStep(entry.text, named, ground.followed(named));
    return ground.origin === undefined ? undefined : originStep(ground.origin);
  }
  const ask = ground.asks.findLast(({ go }) => go.entry === entry.text);
  const failure = ground.failureOf(entry);
  if (ask === undefined) return failure && failedStep(entry.text, failure);
  const step = askStep(entry.text, ask, ground.followed(ask));
  /* What the log alone tells of, the connection that failed shows. */
  if (step.outcome !== "failed" || step.frame !== undefined || failure === undefined) return step;
  return { ...step, ...present({ flow: failure.flow }), frame: failure.frame };
}

/* Without the list its order is that of the requests, and a separator shows by what it let pass. */
function wireWalk(ground: WalkGround): StoryStep[] {
  const tried = new Map<string, Tried>();
  for (const ask of ground.asks) {
    const name = proxyUrl(ask);
    tried.set(name, askStep(name, ask, ground.followed(ask)));
  }
  const all = [...ground.broken.map(({ entry, failure }) => failedStep(entry, failure)), ...tried.values()].sort(
    (a, b) => (a.frame ?? 0) - (b.frame ?? 0),
  );
  if (ground.origin !== undefined && all.every(({ outcome }) => outcome !== "served"))
    all.push(originStep(ground.origin));
  const isFound = all.some(({ outcome }) => outcome === "served" || outcome === "unknown");
  if (ground.goneOn && !isFound)
    all.push({ ...hidden("direct"), answer: "found elsewhere: what was asked next shows it" });
  return all.map((step, at): StoryStep => {
    if (at === all.length - 1) return { ...step, goesOn: false };
    const any =
      step.outcome === "not-found" ? "404 and 410 go on behind a comma and behind |" : "this goes on behind | alone";
    return { ...step, goesOn: true, rule: `${any}; GOPROXY itself was not given` };
  });
}

function askStep(entry: string, ask: Ask, followed: Ask | undefined): Tried {
  const last = followed ?? ask;
  const answer =
    followed === undefined ? answerOf(ask) : `${ask.status ?? ""} to ${followed.place.host}: ${withReason(last)}`;
  return {
    entry,
    outcome: last.open === true ? "unknown" : last.unusable === true ? "refused" : outcomeOf(last.status),
    answer,
    ...present({ status: last.status, rule: last.last, flow: last.flow, frame: last.frame }),
    grade: ask.grade,
  };
}

function answerOf(ask: Ask): string {
  const { answer, printed, redirectedTo } = ask;
  /* Where Go refuses to follow, none can be. */
  if (redirectedTo === undefined || printed !== undefined) return withReason(ask);
  return `${answer}, to ${redirectedTo}: no request to there is visible`;
}

/* Go prints nothing of it, so that whoever reads this sees it here for the first time. */
function withReason({ answer, reason }: Ask): string {
  return reason === undefined ? answer : `${answer} ("${reason.replaceAll("\n", " ")}")`;
}

function outcomeOf(status: number | undefined): StoryStep["outcome"] {
  if (status === undefined) return "failed";
  if (status === 200 || status === 204) return "served";
  /* Where a redirect leads nobody saw: that decides. */
  if (status >= 300 && status < 400) return "unknown";
  return status === 404 || status === 410 ? "not-found" : "refused";
}

/** An entry that no connection came through to. */
export function failedStep(entry: string, { because, flow, frame }: PlaceFailure): Tried {
  return { entry, outcome: "failed", answer: because, ...present({ flow }), frame, grade: "inferred" };
}

/** An entry of which the capture shows nothing. */
export function hidden(entry: string): Tried {
  return { entry, outcome: "unknown", answer: "nothing of it is visible", grade: "unknown" };
}

function originStep(origin: StoryOrigin | undefined): Tried {
  if (origin === undefined) return hidden("direct");
  const { repository, status, flows, frame, grade, failure } = origin;
  const where = repository ?? origin.discoveredBy ?? "the origin";
  const isOpen = status === undefined || origin.listedOnly === true;
  const listed = origin.listedOnly === true ? ", versions only" : "";
  return {
    entry: "direct",
    outcome: failure !== undefined ? "failed" : isOpen ? "unknown" : outcomeOf(status),
    answer: failure ?? (status === undefined ? where : `${status} from ${where}${listed}`),
    ...present({ status, flow: flows.at(0), frame }),
    grade,
  };
}

/** What the separator behind an entry makes of its answer. Spec: cmd/go/internal/modfetch, TryProxies. */
export function ruleOf(
  { outcome }: Pick<StoryStep, "outcome">,
  separator: ProxyListEntry["separator"],
  next: ProxyListEntry | undefined,
): Pick<StoryStep, "rule" | "goesOn"> {
  if (outcome === "served" || outcome === "unknown") return { goesOn: false };
  if (next === undefined) return { goesOn: false, rule: "it is the last entry" };
  if (separator === "|") return { goesOn: true, rule: "| lets any error go on to the next entry" };
  if (outcome === "not-found") return { goesOn: true, rule: "a comma lets 404 and 410 go on to the next entry" };
  return { goesOn: false, rule: "a comma lets 404 and 410 go on, nothing else" };
}
