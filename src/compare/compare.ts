import type { Grade } from "../grade.ts";
import { compareCertificateBytes, sizesOf, type KnownSizes } from "./certificate-sizes.ts";
import { compareChains } from "./chains.ts";
import { difference, differenceKinds, weaker, type Difference } from "./difference.ts";
import type { Observation, ObservedTarget, RouteMeaning, TargetMeaning } from "./meaning.ts";
import { compareProxy, presence, sideOf, turningPoint, type TurningPoint } from "./presence.ts";
import { compareStages, stageRank } from "./progress.ts";
import { compareRequests, requestsComparable } from "./requests.ts";
import { routeKind, routeSight, routesText, sight } from "./words.ts";

/**
 * What two captures do not have in common, worst first, targets by name.
 *
 * What one side could not see is `not-comparable`, never a difference.
 */
export function compare(before: Observation, after: Observation): Difference[] {
  const [left, right] = [sideOf(before), sideOf(after)];
  const turn = turningPoint(left, right);
  const known = sizesOf([before, after]);
  const context = { known, otherAnchors: () => haveOtherAnchors(before, after), turn };
  const found: Difference[] = [];
  for (const name of [...new Set([...before.targets.keys(), ...after.targets.keys()])].sort()) {
    const was = before.targets.get(name);
    const is = after.targets.get(name);
    if (left.proxies.has(name) || right.proxies.has(name)) found.push(...compareProxy(name, left, right));
    else if (was === undefined) found.push(presence("target-appeared", is!.meaning, left, turn));
    else if (is === undefined) found.push(presence("target-vanished", was.meaning, right, turn));
    else found.push(...compareTarget(was, is, context));
  }
  return foldClients(found).sort((a, b) => rank(a) - rank(b));
}

/** What may follow from another difference stands behind all differences, and before notes. */
function rank({ kind, weight, follows }: Difference): number {
  const place = differenceKinds.indexOf(kind);
  return follows === undefined || weight !== "difference" ? place : differenceKinds.indexOf("slower") + 0.5;
}

/** What holds for all targets. */
interface Context {
  readonly known: KnownSizes;
  readonly otherAnchors: () => boolean;
  readonly turn: TurningPoint | undefined;
}

/** Snapshots carry what they were judged by; two captures were judged alike. */
function haveOtherAnchors({ trust: was }: Observation, { trust: is }: Observation): boolean {
  return was !== undefined && is !== undefined && was.sha256 !== is.sha256;
}

/** Another Go or git changes the hello to every target: said once, with all targets. */
function foldClients(differences: readonly Difference[]): Difference[] {
  const folded = new Map<string, Difference>();
  for (const told of differences) {
    const key = told.kind === "client" ? JSON.stringify([told.before, told.after]) : JSON.stringify(told);
    const first = folded.get(key);
    folded.set(key, first === undefined ? told : { ...first, target: `${first.target}, ${told.target}` });
  }
  return [...folded.values()];
}

function compareTarget(was: ObservedTarget, is: ObservedTarget, context: Context): Difference[] {
  const before = was.meaning;
  const after = is.meaning;
  return [
    ...compareRoutes(before, after),
    ...compareMeaning(before, after),
    ...compareRefusals(before, after),
    ...compareVerdicts(before, after),
    ...compareCertificates(before, after, context),
    ...compareTls(before, after),
    ...compareRequests(before, after, context.turn),
    ...compareStages(was, is),
  ];
}

function compareRoutes(before: TargetMeaning, after: TargetMeaning): Difference[] {
  const kinds = (routes: readonly RouteMeaning[]): string[] => [...new Set(routes.map(routeKind))].sort();
  const was = kinds(before.routes);
  const is = kinds(after.routes);
  const common = { target: after.target, grade: weaker(routeSight(before), routeSight(after)) } as const;
  if (differ(was, is, before, after)) {
    return [
      difference({
        kind: "route",
        ...common,
        before: was.join(", "),
        after: is.join(", "),
        text: `${after.target} was reached ${routesText(before.routes)} and is reached ${routesText(after.routes)}.`,
      }),
    ];
  }
  const proxies = (routes: readonly RouteMeaning[]): string[] =>
    [...new Set(routes.flatMap(({ proxy }) => proxy ?? []))].sort();
  const [wasProxies, isProxies] = [proxies(before.routes), proxies(after.routes)];
  if (!differ(wasProxies, isProxies, before, after)) return [];
  return [
    difference({
      kind: "proxy",
      ...common,
      before: wasProxies.join(", "),
      after: isProxies.join(", "),
      text: `${after.target} is reached through another proxy.`,
    }),
  ];
}

function compareMeaning(before: TargetMeaning, after: TargetMeaning): Difference[] {
  const { target } = after;
  const found: Difference[] = [];
  const labelGrade = weaker(before.labelGrade, after.labelGrade);
  if (differ(before.labels, after.labels, before, after)) {
    const [wasLabels, isLabels] = [before.labels.join(", "), after.labels.join(", ")];
    const text = `Its flows were ${wasLabels} and are ${isLabels}.`;
    const told = { kind: "label", target, before: wasLabels, after: isLabels, grade: labelGrade, text } as const;
    found.push(known(told, before, after));
  }
  const lacksIt = before.carriesSumdb ? after : before;
  if (before.carriesSumdb !== after.carriesSumdb && requestsComparable(before, after) && !lacksIt.incomplete) {
    const text = after.carriesSumdb
      ? "It now answers for the checksum database as well."
      : "It is no longer asked for the checksum database.";
    const said = (carries: boolean): string => (carries ? "checksum requests" : "none");
    const sides = { before: said(before.carriesSumdb), after: said(after.carriesSumdb) };
    found.push(difference({ kind: "sumdb", target, ...sides, grade: sight(before, after), text }));
  }
  if (before.role !== after.role && before.role !== "unknown" && after.role !== "unknown") {
    const grade = weaker(before.roleGrade, after.roleGrade);
    const text = `Its role was ${before.role} and is ${after.role}.`;
    const told = { kind: "role", target, before: before.role, after: after.role, grade, text } as const;
    found.push(known(told, before, after));
  }
  return found;
}

/** Sets that are not the same; where a side is incomplete, that have nothing in common. */
function differ<Item>(was: readonly Item[], is: readonly Item[], ...sides: readonly TargetMeaning[]): boolean {
  if (sides.some(({ incomplete }) => incomplete)) {
    return was.length > 0 && is.length > 0 && !was.some((item) => is.includes(item));
  }
  return was.length !== is.length || was.some((item, at) => item !== is[at]);
}

/** What nobody knows on one side is no difference, nor what was inferred there while the route is the same. */
function known(told: Parameters<typeof difference>[0], before: TargetMeaning, after: TargetMeaning): Difference {
  const isGuess = told.grade === "inferred" && routesText(before.routes) === routesText(after.routes);
  return difference(told.grade === "unknown" || isGuess ? { ...told, kind: "not-comparable" } : told);
}

function compareRefusals(before: TargetMeaning, after: TargetMeaning): Difference[] {
  if (!differ(before.refusals, after.refusals, before, after)) return [];
  const was = before.refusals.join(", ");
  const is = after.refusals.join(", ");
  const text =
    is === ""
      ? `The proxy, which answered ${was}, lets it through now.`
      : `The proxy refuses it with ${is}${was === "" ? "" : ` instead of ${was}`}.`;
  return [
    difference({
      kind: "refusal",
      target: after.target,
      before: was === "" ? "let through" : was,
      after: is === "" ? "let through" : is,
      grade: "seen",
      text,
    }),
  ];
}

function compareVerdicts(before: TargetMeaning, after: TargetMeaning): Difference[] {
  if (before.verdicts.length === 0 || after.verdicts.length === 0) return [];
  const values = ({ verdicts }: TargetMeaning): string[] => verdicts.map(({ value }) => value);
  if (!differ(values(before), values(after), before, after)) return [];
  const [was, is] = [values(before).join(" and "), values(after).join(" and ")];
  const grade = [...before.verdicts, ...after.verdicts].map((verdict) => verdict.grade).reduce(weaker);
  const text = `The client ${was} the server's certificate before, and ${is} it now.`;
  return [difference({ kind: "verdict", target: after.target, before: was, after: is, grade, text })];
}

function compareCertificates(
  before: TargetMeaning,
  after: TargetMeaning,
  { known, otherAnchors }: Context,
): Difference[] {
  const { target } = after;
  if (before.chains.length > 0 && after.chains.length > 0) return compareChains(before, after, otherAnchors);
  const bytes = compareCertificateBytes(before, after, known);
  if (bytes.length > 0 || (before.chains.length === 0 && after.chains.length === 0)) return bytes;
  // No server came to send any, which is told as a refusal or as the stage that was reached.
  const wasAnswered = ({ stage, refusals, incomplete }: TargetMeaning): boolean =>
    incomplete || (refusals.length === 0 && stageRank(stage) >= stageRank("server-flight"));
  if (!wasAnswered(before) || !wasAnswered(after)) return [];
  const said = ({ chains }: TargetMeaning): string => (chains.length > 0 ? "visible" : "not visible");
  const which = before.chains.length > 0 ? "second" : "first";
  return [
    difference({
      kind: "not-comparable",
      target,
      before: said(before),
      after: said(after),
      grade: "unknown",
      text: `Certificates cannot be compared: the ${which} capture shows none of this server.`,
    }),
  ];
}

function compareTls(before: TargetMeaning, after: TargetMeaning): Difference[] {
  return [
    ...compareSets("tls-version", "TLS version", "seen", before, after, ({ versions }) => versions),
    ...compareSets("protocol", "Application protocols offered", "seen", before, after, ({ offered }) => offered),
    ...compareSets("protocol", "Application protocol", sight(before, after), before, after, ({ agreed }) => agreed),
    ...compareClients(before, after),
  ];
}

function compareClients(before: TargetMeaning, after: TargetMeaning): Difference[] {
  const byName = compareSets("client", "TLS client", "inferred", before, after, ({ clients }) => clients);
  if (byName.length > 0 && mayBeOne(before.clients, after.clients)) {
    const text =
      `The client's hello fits ${after.clients.join("; ")} and fitted ${before.clients.join("; ")} before: one version ` +
      "writes both, by its settings (GODEBUG).";
    return [{ ...byName[0], text }];
  }
  return byName.length > 0
    ? byName
    : compareSets("client", "The client's JA4", "seen", before, after, ({ ja4 }) => ja4);
}

/** Whether one version of Go is among those that either side names: `Go 1.25–1.26`. */
function mayBeOne(was: readonly string[], is: readonly string[]): boolean {
  const [left, right] = [was, is].map((names) => names.map((name) => /^Go 1\.(\d+)(?:–1\.(\d+))?$/.exec(name)));
  return left.every((one) => right.every((other) => one !== null && other !== null && overlap(one, other)));
}

function overlap([, low, high = low]: RegExpExecArray, [, otherLow, otherHigh = otherLow]: RegExpExecArray): boolean {
  return Number(low) <= Number(otherHigh) && Number(otherLow) <= Number(high);
}

/** Sets of which one side holds nothing are not known there. A part that only one side has is a difference. */
function compareSets(
  kind: "tls-version" | "protocol" | "client",
  what: string,
  grade: Grade,
  before: TargetMeaning,
  after: TargetMeaning,
  read: (meaning: TargetMeaning) => readonly string[],
): Difference[] {
  const was = read(before);
  const is = read(after);
  if (was.length === 0 || is.length === 0 || !differ(was, is, before, after)) return [];
  const sides = { before: was.join("; "), after: is.join("; ") };
  const text = `${what}: ${sides.after} instead of ${sides.before}.`;
  return [difference({ kind, target: after.target, ...sides, grade, text })];
}
