import type { Role } from "../flow/model.ts";
import { weaker } from "./difference.ts";
import type { Observation, TargetMeaning } from "./meaning.ts";
import { sideOf, turningPoint } from "./presence.ts";
import { few } from "./words.ts";

/*
 * What a difference means for the Go settings. Each sentence names the settings that would have this effect, and what the
 * captures do not prove. Spec: Go Modules Reference, "Environment variables"; cmd/go/internal/modfetch.
 */

/**
 * Sentences on GOPROXY, GOSUMDB, GONOSUMDB and NO_PROXY, as far as the two captures differ in their effects. None where one
 * was cut: it proves no absence.
 */
export function explainSettings(before: Observation, after: Observation): string[] {
  const isWhole = ({ damaged, partOfRun }: Observation): boolean => !damaged && !partOfRun;
  if (!isWhole(before) || !isWhole(after)) return [];
  const was = summarize(before, after);
  const is = summarize(after, before);
  // A run that failed on its way to the checksum database does not show whether it would have asked.
  const stopped = turningPoint(sideOf(before), sideOf(after)) !== undefined;
  const sumdb = stopped ? [] : [...explainSumdb(was, is), ...explainLookups(was, is)];
  return [...sumdb, ...explainSources(was, is), ...explainRoutes(was, is)];
}

interface Effects {
  readonly sumdb: readonly string[];
  readonly mirrors: readonly string[];
  readonly moduleProxies: readonly string[];
  readonly origins: readonly string[];
  readonly proxied: ReadonlySet<string>;
  readonly direct: ReadonlySet<string>;
  /** Forward proxies that something went through, `host:port`. */
  readonly forwardProxies: readonly string[];
  /** Module proxies whose requests cannot be read: one may answer for the checksum database as well. */
  readonly unread: readonly string[];
  /** What the checksum database was asked for, `module@version`; undefined where not all requests can be read. */
  readonly lookups: ReadonlySet<string> | undefined;
}

function summarize({ targets }: Observation, other: Observation): Effects {
  const meanings = [...targets.values()].map(({ meaning }) => ({ ...meaning, role: surestRole(meaning, other) }));
  const named = (keep: (meaning: TargetMeaning) => boolean): string[] =>
    meanings.filter(keep).map(({ target }) => hostName(target));
  const origin = ["vcs", "discovery"];
  return {
    sumdb: named(({ role }) => role === "sumdb"),
    mirrors: named(({ role, carriesSumdb }) => carriesSumdb && role !== "sumdb"),
    moduleProxies: named(({ role }) => role === "module-proxy"),
    origins: named(({ role }) => origin.includes(role)),
    proxied: new Set(named(({ routes }) => routes.length > 0 && routes.every(({ kind }) => kind !== "direct"))),
    direct: new Set(named(({ routes }) => routes.length > 0 && routes.every(({ kind }) => kind === "direct"))),
    forwardProxies: [...new Set(meanings.flatMap(({ routes }) => routes.flatMap(({ proxy }) => proxy ?? [])))].sort(),
    unread: named(({ role, requestsVisible }) => role === "module-proxy" && requestsVisible !== "all"),
    lookups: lookupsOf(meanings.filter(({ role, carriesSumdb }) => role === "sumdb" || carriesSumdb)),
  };
}

/** What a target is for, as the side says that knows better; unknown where both guess and guess differently. */
function surestRole({ target, role, roleGrade }: TargetMeaning, other: Observation): Role {
  const twin = other.targets.get(target)?.meaning;
  if (twin === undefined || twin.role === role) return role;
  if (twin.roleGrade === roleGrade) return roleGrade === "inferred" ? "unknown" : role;
  return weaker(twin.roleGrade, roleGrade) === roleGrade ? twin.role : role;
}

function lookupsOf(meanings: readonly TargetMeaning[]): Set<string> | undefined {
  if (meanings.some(({ requestsVisible }) => requestsVisible !== "all")) return undefined;
  const paths = meanings.flatMap(({ requests }) => requests.map(({ path }) => path));
  const asked = paths.flatMap((path) => /(?:^|\/)lookup\/(.+@.+)$/.exec(path)?.[1] ?? []);
  return new Set(asked.map((module) => module.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase())));
}

function explainSumdb(was: Effects, is: Effects): string[] {
  const asked = (effects: Effects): boolean => effects.sumdb.length + effects.mirrors.length > 0;
  if (asked(was) && !asked(is)) {
    return [
      "No checksum database is spoken to any more: GOSUMDB=off does that, so do GONOSUMDB or GOPRIVATE that match the " +
        `modules. It proves none of them: a complete go.sum silences the checksum database at any setting${mirroring(is)}.`,
    ];
  }
  if (!asked(was) && asked(is)) {
    return [
      "A checksum database is asked now: GOSUMDB is not off, and GONOSUMDB and GOPRIVATE do not match every module. " +
        `That it was not spoken to before proves no setting: a complete go.sum silences it at any${mirroring(was)}.`,
    ];
  }
  if (was.sumdb.length > 0 && is.sumdb.length === 0 && is.mirrors.length > 0) {
    return [`The checksum database is asked through ${is.mirrors.join(", ")}, which mirrors it, instead of directly.`];
  }
  if (was.mirrors.length > 0 && was.sumdb.length === 0 && is.sumdb.length > 0) {
    return [
      `The checksum database is asked directly (${is.sumdb.join(", ")}) instead of through ${was.mirrors.join(", ")}: ` +
        "the module proxy no longer mirrors it, or GOSUMDB names a URL.",
    ];
  }
  if (was.sumdb.length > 0 && is.sumdb.length > 0 && !was.sumdb.some((host) => is.sumdb.includes(host))) {
    return [
      `Another checksum database is asked: ${is.sumdb.join(", ")} instead of ${was.sumdb.join(", ")}. GOSUMDB changed.`,
    ];
  }
  return [];
}

/** Where both asked and all was read: what the second left out. */
function explainLookups({ lookups: was }: Effects, { lookups: is }: Effects): string[] {
  if (was === undefined || is === undefined || is.size === 0) return [];
  const dropped = [...was].filter((module) => !is.has(module));
  if (dropped.length === 0 || [...is].some((module) => !was.has(module))) return [];
  return [
    `The checksum database is not asked for ${few(dropped)} any more: GONOSUMDB or GOPRIVATE that match do that, and so ` +
      "does a go.sum that has them.",
  ];
}

function explainSources(was: Effects, is: Effects): string[] {
  const [hadOrigin, hasOrigin] = [was.origins.length > 0, is.origins.length > 0];
  const proxies = is.moduleProxies.join(", ");
  const origins = is.origins.join(", ");
  switch (`${presence(was.moduleProxies)} to ${presence(is.moduleProxies)}`) {
    case "some to none":
      if (!hasOrigin) return [];
      return [
        `Modules come from their origin (${origins}) instead of ${was.moduleProxies.join(", ")}: ` +
          "GOPROXY=direct does that, so do GONOPROXY or GOPRIVATE that match them.",
      ];
    case "none to some":
      if (!hadOrigin) return [];
      return [`Modules come from ${proxies}, so GOPROXY names it and GONOPROXY does not match them.`];
    case "some to some":
      if (hadOrigin !== hasOrigin) return [hasOrigin ? fellThrough(origins, proxies) : servesAll(proxies)];
      return otherProxies(was.moduleProxies, is.moduleProxies);
    default:
      return [];
  }
}

/** What stands in for a checksum database unseen. */
function mirroring({ unread }: Effects): string {
  return unread.length === 0 ? "" : `, and ${unread.join(", ")}, whose requests cannot be read, may answer for it`;
}

function presence(hosts: readonly string[]): "none" | "some" {
  return hosts.length === 0 ? "none" : "some";
}

function fellThrough(origins: string, proxies: string): string {
  return (
    `Some modules now come from their origin (${origins}) beside ${proxies}: GONOPROXY or GOPRIVATE match them, or a ` +
    "GOPROXY list fell through to direct after a 404 or 410 (after any error behind `|`)."
  );
}

function servesAll(proxies: string): string {
  return `No module comes from its origin any more: GONOPROXY and GOPRIVATE match none, and ${proxies} has them all.`;
}

function otherProxies(was: readonly string[], is: readonly string[]): string[] {
  const gone = was.filter((proxy) => !is.includes(proxy)).join(", ");
  const come = is.filter((proxy) => !was.includes(proxy)).join(", ");
  if (gone === "" && come === "") return [];
  const cause = "GOPROXY changed, or how far its list was walked.";
  if (come === "") return [`${gone} is no longer asked for modules: ${cause}`];
  return [`${come} is asked for modules ${gone === "" ? "as well" : `instead of ${gone}`}: ${cause}`];
}

function explainRoutes(was: Effects, is: Effects): string[] {
  const left = [...was.proxied].filter((host) => is.direct.has(host));
  const joined = [...was.direct].filter((host) => is.proxied.has(host));
  const sentences: string[] = [];
  if (left.length > 0) {
    sentences.push(
      is.proxied.size > 0
        ? left.length === 1
          ? `${left[0]} no longer goes through the proxy while others do: NO_PROXY matches it.`
          : `${left.join(", ")} no longer go through the proxy while others do: NO_PROXY matches them.`
        : `Nothing goes through the proxy any more: HTTPS_PROXY is not set for the command, or NO_PROXY matches every host.`,
    );
  }
  if (joined.length > 0) {
    sentences.push(
      `${joined.join(", ")} ${joined.length === 1 ? "goes" : "go"} through the proxy now: HTTPS_PROXY is set for the command and NO_PROXY does not match.`,
    );
  }
  const [proxies, before] = [is.forwardProxies, was.forwardProxies];
  if (proxies.length > 0 && before.length > 0 && !proxies.some((proxy) => before.includes(proxy))) {
    sentences.push(
      `Another proxy is used: ${proxies.join(", ")} instead of ${before.join(", ")}. HTTPS_PROXY changed.`,
    );
  }
  return sentences;
}

function hostName(target: string): string {
  return target.replace(/:443$/, "");
}
