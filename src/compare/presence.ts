import { isAddress } from "../flow/authority.ts";
import { difference, type Difference } from "./difference.ts";
import type { Observation, RouteMeaning, TargetMeaning } from "./meaning.ts";
import { outcomeOf, type Outcome } from "./progress.ts";
import { hostOf, routesText } from "./words.ts";

/*
 * Targets that one side has and the other has not. Not every such target came or went by a setting: the other side may not
 * have seen it, may have it inside TLS to a proxy that was not opened there, or may have taken another turn at a target
 * that failed on one side only. Proxies stand here as targets where nothing is known of what went through them.
 */

/** One side of a comparison. */
export interface Side {
  readonly observation: Observation;
  /** Proxies that a target was reached through, `host:port`. */
  readonly proxies: ReadonlySet<string>;
}

/** A target that failed on one side of a comparison and not on the other: other differences may follow from that. */
export interface TurningPoint {
  readonly target: string;
  readonly failedBefore: boolean;
}

export function sideOf(observation: Observation): Side {
  const proxies = new Set<string>();
  for (const [name, { meaning }] of observation.targets) {
    for (const { proxy } of meaning.routes) if (proxy !== undefined && proxy !== name) proxies.add(proxy);
  }
  return { observation, proxies };
}

/** Where two runs parted, if they did: the first such target by name. */
export function turningPoint(before: Side, after: Side): TurningPoint | undefined {
  for (const target of [...before.observation.targets.keys(), ...before.proxies].sort()) {
    const [was, is] = [outcomeAt(target, before), outcomeAt(target, after)];
    const failedBefore = was === "failed";
    if ((failedBefore && is === "fine") || (was === "fine" && is === "failed")) return { target, failedBefore };
  }
  return undefined;
}

/** What became of a target, or of a proxy, at which all is well once something came through. */
function outcomeAt(target: string, { observation, proxies }: Side): Outcome | undefined {
  if (proxies.has(target)) return "fine";
  const observed = observation.targets.get(target);
  if (observed === undefined) return unresolvedAt(target, observation) === undefined ? undefined : "failed";
  const outcome = outcomeOf(observed.meaning);
  if (outcome !== "failed" || !target.endsWith(":443")) return outcome;
  // Where GOINSECURE matches, Go goes on to plain HTTP.
  const plain = observation.targets.get(`${hostOf(target)}:80`);
  return plain === undefined ? outcome : outcomeOf(plain.meaning);
}

/** What the answer was where the name of a target did not resolve. */
function unresolvedAt(target: string, { unresolved }: Observation): string | undefined {
  return unresolved.get(hostOf(target));
}

/** The turning point, unless the target is of that host: a difference at that itself follows from nothing else. */
export function turnElsewhere(target: string, turn: TurningPoint | undefined): TurningPoint | undefined {
  return turn !== undefined && hostOf(turn.target) !== hostOf(target) ? turn : undefined;
}

/** A proxy that let something through on one side, and nothing on the other. */
export function compareProxy(proxy: string, before: Side, after: Side): Difference[] {
  const [was, is] = [before, after].map((side) =>
    side.proxies.has(proxy) ? undefined : side.observation.targets.get(proxy),
  );
  const failed = was ?? is;
  if (failed === undefined || outcomeOf(failed.meaning) !== "failed") return [];
  const shown = refusalText(failed.meaning);
  const text =
    is === undefined
      ? `The proxy ${proxy}, at which every connection ended (${shown}), lets targets through now.`
      : `The proxy ${proxy} lets nothing through any more: ${shown}.`;
  const [left, right] = is === undefined ? [shown, letThrough] : [letThrough, shown];
  return [difference({ kind: "refusal", target: proxy, before: left, after: right, grade: "seen", text })];
}

const letThrough = "let through";

function refusalText({ refusals, verdicts, stage }: TargetMeaning): string {
  if (refusals.length > 0) return `it refused with ${refusals.join(", ")}`;
  return verdicts.some(({ value }) => value === "rejected")
    ? "its certificate was rejected"
    : `no further than ${stage}`;
}

/** A target of `own` that the other side lacks. */
export function presence(
  kind: "target-appeared" | "target-vanished",
  meaning: TargetMeaning,
  other: Side,
  turn: TurningPoint | undefined,
): Difference {
  const { target, role, labels, labelGrade } = meaning;
  const shown = `${labels.join(", ")}, ${routesText(meaning.routes)}`;
  const what = kind === "target-appeared" ? "was not spoken to before" : "is no longer spoken to";
  const unseen = whyUnseen(meaning, other);
  const follows = turnElsewhere(target, turn);
  return difference({
    kind: unseen === undefined ? kind : "not-comparable",
    target,
    ...(kind === "target-appeared" ? { after: shown } : { before: shown }),
    grade: labelGrade,
    text: [`${target}${role === "unknown" ? "" : `, ${role},`} ${what}.`, unseen ?? whyAbsent(target, other, follows)]
      .filter((sentence) => sentence !== undefined)
      .join(" "),
    ...(follows !== undefined && { follows: follows.target }),
  });
}

/** What else the other side lacks it for than a setting. */
function whyAbsent(target: string, { observation }: Side, turn: TurningPoint | undefined): string | undefined {
  const answer = unresolvedAt(target, observation);
  if (answer !== undefined) return `Its name was asked for and did not resolve: ${answer}.`;
  if (observation.blind.length > 0) return `The other capture may have missed it: ${observation.blind.join("; ")}.`;
  return turn && followsText(turn);
}

/** Says where the runs parted. */
export function followsText({ target, failedBefore }: TurningPoint): string {
  return `That may follow from ${target}, where the run failed ${failedBefore ? "before" : "this time"}.`;
}

/** Why the other side may have the target all the same. */
function whyUnseen(meaning: TargetMeaning, { observation, proxies }: Side): string | undefined {
  const { target, routes } = meaning;
  if (isNameless(meaning))
    return "Its beginning is not there, and with it its name: the other capture may have it by name.";
  if (observation.damaged || observation.partOfRun)
    return `The other capture may have missed it: ${observation.blind.join("; ")}.`;
  if (observation.others.has(target)) return "What the other capture has of it is another program's.";
  const unopened = routes.find(
    (route) => route.overTls && (hidesAll(route, observation, proxies) || mayHide(meaning, route, observation)),
  );
  return (
    unopened &&
    `The other capture may have it inside TLS to ${unopened.proxy}, which was not opened there: give --keylog or --env.`
  );
}

/** Whether nothing told the name of a target: it may be any that the other side names. */
function isNameless({ target, incomplete, ja4, requestsVisible, opened }: TargetMeaning): boolean {
  const isClear = requestsVisible !== "none" && !opened;
  return incomplete && ja4.length === 0 && !isClear && isAddress(hostOf(target));
}

/** Whether nothing is told of all that a side may have sent through a TLS proxy. */
function hidesAll({ proxy = "" }: RouteMeaning, { targets }: Observation, proxies: ReadonlySet<string>): boolean {
  const own = targets.get(proxy)?.meaning;
  return own !== undefined && !proxies.has(proxy) && own.requestsVisible === "none" && outcomeOf(own) === "fine";
}

/** Whether the other side shows a host that one side speaks TLS with to be a proxy, and nothing of what it carries here. */
export function hasHiddenProxy({ observation, proxies }: Side, other: Side): boolean {
  const routes = [...other.observation.targets.values()].flatMap(({ meaning }) => meaning.routes);
  return routes.some((route) => route.overTls && hidesAll(route, observation, proxies));
}

/** Whether a TLS proxy of the other side may have a target behind it that nobody named there. */
function mayHide(meaning: TargetMeaning, { proxy = "" }: RouteMeaning, { targets }: Observation): boolean {
  const hidden = targets.get(proxy)?.meaning;
  if (hidden === undefined) return false;
  const wasOpened = meaning.requestsVisible !== "none" || meaning.refusals.length > 0;
  return wasOpened || hidden.routes.some((route) => route.overTls && route.proxy === proxy);
}
