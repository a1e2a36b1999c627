import type { Grade } from "../grade.ts";
import type { Stage } from "../protocol/layer.ts";
import { compareCertificateBytes, compareChains } from "./chains.ts";
import { difference, differenceKinds, weaker, type Difference } from "./difference.ts";
import type { Observation, ObservedTarget, RequestMeaning, RouteMeaning, TargetMeaning } from "./meaning.ts";
import { stageRank } from "./observe.ts";

/**
 * What two captures do not have in common, worst first, targets by name.
 *
 * What one side could not see is `not-comparable`, never a difference.
 */
export function compare(before: Observation, after: Observation): Difference[] {
  const context = { known: knownSizes(before, after), otherAnchors: haveOtherAnchors(before, after) };
  const found: Difference[] = [];
  for (const name of [...new Set([...before.targets.keys(), ...after.targets.keys()])].sort()) {
    const was = before.targets.get(name);
    const is = after.targets.get(name);
    if (was === undefined) found.push(...appeared(is!, after, before));
    else if (is === undefined) found.push(...vanished(was, before, after));
    else found.push(...compareTarget(was, is, context));
  }
  return foldClients(found).sort((a, b) => differenceKinds.indexOf(a.kind) - differenceKinds.indexOf(b.kind));
}

/** Sizes in bytes of the authorities that either side shows, with their names; of two with one size none is named. */
type KnownSizes = ReadonlyMap<number, string>;

/** What holds for all targets. */
interface Context {
  readonly known: KnownSizes;
  readonly otherAnchors: boolean;
}

/** Snapshots carry what they were judged by; two captures were judged alike. */
function haveOtherAnchors({ trust: was }: Observation, { trust: is }: Observation): boolean {
  return was !== is && was !== undefined && is !== undefined && was.sha256 !== is.sha256;
}

function knownSizes(...sides: readonly Observation[]): KnownSizes {
  const sizes = new Map<number, string | undefined>();
  for (const { subject, length } of new Map(sides.flatMap(({ authorities }) => [...authorities])).values()) {
    sizes.set(length, sizes.has(length) ? undefined : subject);
  }
  return new Map(
    [...sizes].flatMap(([length, subject]) => (subject === undefined ? [] : [[length, subject] as const])),
  );
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

function appeared({ meaning }: ObservedTarget, own: Observation, other: Observation): Difference[] {
  if (isSpare(meaning, own)) return [];
  return [presence("target-appeared", meaning, other, "was not spoken to before")];
}

function vanished({ meaning }: ObservedTarget, own: Observation, other: Observation): Difference[] {
  if (isSpare(meaning, own)) return [];
  return [presence("target-vanished", meaning, other, "is no longer spoken to")];
}

/** Connections to a forward proxy that named no target, while others went through it: Go dials more than it uses. */
function isSpare({ role, target }: TargetMeaning, { targets }: Observation): boolean {
  if (role !== "forward-proxy") return false;
  return [...targets.values()].some(({ meaning }) => meaning.routes.some(({ proxy }) => proxy === target));
}

function presence(
  kind: "target-appeared" | "target-vanished",
  meaning: TargetMeaning,
  other: Observation,
  what: string,
): Difference {
  const { target, role, labels, labelGrade } = meaning;
  const shown = `${labels.join(", ")}, ${routesText(meaning.routes)}`;
  const doubt = other.blind.length === 0 ? "" : ` The other capture may have missed it: ${other.blind.join("; ")}.`;
  return difference({
    kind: other.damaged ? "not-comparable" : kind,
    target,
    ...(kind === "target-appeared" ? { after: shown } : { before: shown }),
    grade: labelGrade,
    text: `${target}${role === "unknown" ? "" : `, ${role},`} ${what}.${doubt}`,
  });
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
    ...compareRequests(before, after),
    ...compareStages(was, is),
  ];
}

function compareRoutes(before: TargetMeaning, after: TargetMeaning): Difference[] {
  const kinds = (routes: readonly RouteMeaning[]): string => [...new Set(routes.map(routeKind))].sort().join(", ");
  const was = kinds(before.routes);
  const is = kinds(after.routes);
  const common = { target: after.target, grade: "seen" } as const;
  if (was !== is) {
    return [
      difference({
        kind: "route",
        ...common,
        before: was,
        after: is,
        text: `${after.target} was reached ${routesText(before.routes)} and is reached ${routesText(after.routes)}.`,
      }),
    ];
  }
  const proxies = (routes: readonly RouteMeaning[]): string[] =>
    [...new Set(routes.flatMap(({ proxy }) => proxy ?? []))].sort();
  const [wasProxies, isProxies] = [proxies(before.routes), proxies(after.routes)];
  if (wasProxies.join() === isProxies.join()) return [];
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
  const [wasLabels, isLabels] = [before.labels.join(", "), after.labels.join(", ")];
  const labelGrade = weaker(before.labelGrade, after.labelGrade);
  if (wasLabels !== isLabels) {
    const text = `Its flows were ${wasLabels} and are ${isLabels}.`;
    found.push(graded({ kind: "label", target, before: wasLabels, after: isLabels, grade: labelGrade, text }));
  }
  if (before.carriesSumdb !== after.carriesSumdb && requestsComparable(before, after)) {
    const text = after.carriesSumdb
      ? "It now answers for the checksum database as well."
      : "It is no longer asked for the checksum database.";
    const said = (carries: boolean): string => (carries ? "checksum requests" : "none");
    const sides = { before: said(before.carriesSumdb), after: said(after.carriesSumdb) };
    found.push(difference({ kind: "sumdb", target, ...sides, grade: "seen", text }));
  }
  if (before.role !== after.role && before.role !== "unknown" && after.role !== "unknown") {
    const grade = weaker(before.roleGrade, after.roleGrade);
    const text = `Its role was ${before.role} and is ${after.role}.`;
    found.push(graded({ kind: "role", target, before: before.role, after: after.role, grade, text }));
  }
  return found;
}

/** What nobody knows on one side is no difference. */
function graded(told: Parameters<typeof difference>[0]): Difference {
  return difference(told.grade === "unknown" ? { ...told, kind: "not-comparable" } : told);
}

function compareRefusals(before: TargetMeaning, after: TargetMeaning): Difference[] {
  const was = before.refusals.join(", ");
  const is = after.refusals.join(", ");
  if (was === is) return [];
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
  const values = ({ verdicts }: TargetMeaning): string => verdicts.map(({ value }) => value).join(" and ");
  const [was, is] = [values(before), values(after)];
  if (was === is) return [];
  const grade = [...before.verdicts, ...after.verdicts].map((verdict) => verdict.grade).reduce(weaker);
  const text = `The client ${was} the server's certificate and now ${is} it.`;
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
    ...compareSets("tls-version", "TLS version", before, after, ({ versions }) => versions),
    ...compareSets("protocol", "Application protocols offered", before, after, ({ offered }) => offered),
    ...compareSets("protocol", "Application protocol", before, after, ({ agreed }) => agreed),
    ...compareClients(before, after),
  ];
}

function compareClients(before: TargetMeaning, after: TargetMeaning): Difference[] {
  const byName = compareSets("client", "TLS client", before, after, ({ clients }) => clients);
  return byName.length > 0 ? byName : compareSets("client", "The client's JA4", before, after, ({ ja4 }) => ja4);
}

/** Sets of which one side holds nothing are not known there. A part that only one side has is a difference. */
function compareSets(
  kind: "tls-version" | "protocol" | "client",
  what: string,
  before: TargetMeaning,
  after: TargetMeaning,
  read: (meaning: TargetMeaning) => readonly string[],
): Difference[] {
  const was = read(before);
  const is = read(after);
  if (was.length === 0 || is.length === 0 || was.join("; ") === is.join("; ")) return [];
  const grade: Grade = kind === "client" ? "inferred" : "seen";
  const sides = { before: was.join("; "), after: is.join("; ") };
  const text = `${what}: ${sides.after} instead of ${sides.before}.`;
  return [difference({ kind, target: after.target, ...sides, grade, text })];
}

function requestsComparable(before: TargetMeaning, after: TargetMeaning): boolean {
  return before.requestsVisible === "all" && after.requestsVisible === "all";
}

function compareRequests(before: TargetMeaning, after: TargetMeaning): Difference[] {
  const { target } = after;
  if (!requestsComparable(before, after)) {
    if (before.requestsVisible === after.requestsVisible) return [];
    const sides = {
      before: `requests visible: ${before.requestsVisible}`,
      after: `requests visible: ${after.requestsVisible}`,
    };
    const text =
      "Requests cannot be compared: one capture shows them and the other does not, or not on all flows; give --keylog.";
    return [difference({ kind: "not-comparable", target, ...sides, grade: "unknown", text })];
  }
  if (before.incomplete || after.incomplete) return [];
  const texts = ({ requests }: TargetMeaning): string[] => [...new Set(requests.map(requestText))];
  const was = texts(before);
  const is = texts(after);
  const gone = was.filter((request) => !is.includes(request));
  const come = is.filter((request) => !was.includes(request));
  if (gone.length === 0 && come.length === 0) return [];
  const part = (what: string, requests: readonly string[]): string[] =>
    requests.length === 0 ? [] : [`${what}: ${few(requests)}.`];
  return [
    difference({
      kind: "requests",
      target,
      before: few(gone),
      after: few(come),
      grade: "seen",
      text: [...part("Only before", gone), ...part("Only after", come)].join(" "),
    }),
  ];
}

function compareStages(was: ObservedTarget, is: ObservedTarget): Difference[] {
  const before = was.meaning;
  const after = is.meaning;
  const { target } = after;
  if (before.stage !== after.stage && !onlyByVisibility(before, after)) {
    const further = stageRank(after.stage) > stageRank(before.stage);
    const text = `The furthest flow came to ${after.stage}, ${further ? "further than" : "not so far as"} ${before.stage}.`;
    return [difference({ kind: "stage", target, before: before.stage, after: after.stage, grade: "seen", text })];
  }
  return compareDurations(target, was.durations ?? new Map(), is.durations ?? new Map());
}

/** `http` is reached only where requests can be seen, `certificate` in TLS 1.3 only by inference. */
function onlyByVisibility(before: TargetMeaning, after: TargetMeaning): boolean {
  if (before.incomplete || after.incomplete) return true;
  const rank = (meaning: TargetMeaning): number => Math.min(stageRank(meaning.stage), stageRank("established"));
  return rank(before) === rank(after);
}

function compareDurations(
  target: string,
  was: ReadonlyMap<Stage, number>,
  is: ReadonlyMap<Stage, number>,
): Difference[] {
  const found: Difference[] = [];
  for (const [stage, after] of is) {
    const before = was.get(stage);
    if (before === undefined) continue;
    const [short, long] = before < after ? [before, after] : [after, before];
    if (long - short < leastSeconds || long < short * leastFactor) continue;
    const factor = short === 0 ? "" : ` by a factor of ${(long / short).toFixed(0)}`;
    const sides = { before: secondsText(before), after: secondsText(after) };
    const text = `The way to ${stage} takes ${sides.after} instead of ${sides.before}${factor}, on the fastest flow.`;
    found.push(difference({ kind: "slower", target, ...sides, grade: "seen", text }));
  }
  return found;
}

const leastFactor = 3;
const leastSeconds = 1;

function routeKind({ kind, overTls }: RouteMeaning): string {
  return overTls ? `${kind} over TLS` : kind;
}

/** `directly`, `by http-connect through proxy.corp.example:3128`. */
export function routesText(routes: readonly RouteMeaning[]): string {
  const texts = routes.map((route) => {
    if (route.kind === "direct") return "directly";
    return `by ${routeKind(route)}${route.proxy === undefined ? "" : ` through ${route.proxy}`}`;
  });
  return [...new Set(texts)].join(" and ");
}

function requestText({ method, path, status }: RequestMeaning): string {
  return `${method} ${path}${status === undefined ? "" : ` (${status})`}`;
}

function few(texts: readonly string[]): string {
  const shown = texts.slice(0, 6).join(", ");
  return texts.length > 6 ? `${shown} and ${texts.length - 6} more` : shown;
}

function secondsText(seconds: number): string {
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}
