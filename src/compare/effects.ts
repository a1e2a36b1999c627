import type { Role } from "../flow/model.ts";
import { classifyRequest } from "../gomod/requests.ts";
import { weaker } from "./difference.ts";
import type { Observation, TargetMeaning } from "./meaning.ts";
import { hostOf } from "./words.ts";

/** What the targets of one side show of settings. Hosts stand without the port where it is 443. */
export interface Effects {
  readonly sumdb: readonly string[];
  readonly mirrors: readonly string[];
  readonly moduleProxies: readonly string[];
  /** Hosts that git, or another version control, spoke to; and these with those that Go asked for meta tags. */
  readonly vcs: readonly string[];
  readonly origins: readonly string[];
  /** Those of the latter that were asked in plain HTTP. */
  readonly plain: readonly string[];
  readonly discovery: readonly string[];
  readonly proxied: ReadonlySet<string>;
  readonly direct: ReadonlySet<string>;
  /** Forward proxies that something went through, `host:port`. */
  readonly forwardProxies: readonly string[];
  /** Module proxies whose requests cannot be read: one may answer for the checksum database as well. */
  readonly unread: readonly string[];
  /** Module proxies that were asked whether they mirror the checksum database, with what they answered. */
  readonly probed: readonly Probe[];
  /** What the checksum database was asked for, `module@version`; undefined where not all requests can be read. */
  readonly lookups: ReadonlySet<string> | undefined;
  /** Paths of `.mod` and `.zip` files that were asked for, as far as requests can be read. */
  readonly downloads: ReadonlySet<string>;
  /** Whether modules came from anywhere; undefined where that cannot be read. */
  readonly fetched: boolean | undefined;
  /** Hosts that Go offered HTTP/2, and those that it spoke TLS with and did not. */
  readonly offeredHttp2: readonly string[];
  readonly withoutHttp2: readonly string[];
}

/** A question of Go's to a module proxy; a Go whose GOSUMDB is off asks none. */
interface Probe {
  readonly host: string;
  readonly status?: number;
}

/** What one side shows. What a target is for, the other side may know better. */
export function effectsOf({ targets }: Observation, other: Observation): Effects {
  const meanings = [...targets.values()].map(({ meaning }) => ({ ...meaning, role: surestRole(meaning, other) }));
  const named = (keep: (meaning: TargetMeaning) => boolean): string[] =>
    meanings.filter(keep).map(({ target }) => hostName(target));
  const ofRole = (...roles: readonly Role[]): string[] => named(({ role }) => roles.includes(role));
  const everyRoute = (isDirect: boolean): Set<string> =>
    new Set(named(({ routes }) => routes.length > 0 && routes.every(({ kind }) => (kind === "direct") === isDirect)));
  const downloads = downloadsOf(meanings);
  return {
    sumdb: ofRole("sumdb"),
    mirrors: named(({ role, carriesSumdb }) => carriesSumdb && role !== "sumdb"),
    moduleProxies: ofRole("module-proxy"),
    vcs: ofRole("vcs"),
    origins: ofRole("vcs", "discovery"),
    plain: named(({ role, target }) => role === "discovery" && target.endsWith(":80")).map(hostOf),
    discovery: ofRole("discovery"),
    proxied: everyRoute(false),
    direct: everyRoute(true),
    forwardProxies: [...new Set(meanings.flatMap(({ routes }) => routes.flatMap(({ proxy }) => proxy ?? [])))].sort(),
    unread: named(({ role, requestsVisible }) => role === "module-proxy" && requestsVisible !== "all"),
    probed: probesOf(meanings),
    lookups: lookupsOf(meanings.filter(({ role, carriesSumdb }) => role === "sumdb" || carriesSumdb)),
    downloads,
    fetched: downloads.size > 0 || (meanings.some(mayServe) ? undefined : false),
    offeredHttp2: named(({ role, offered }) => role !== "vcs" && offered.some((offer) => offer.startsWith("h2"))),
    withoutHttp2: named(({ role, offered }) => role !== "vcs" && offered.length === 1 && offered[0] === "none"),
  };
}

/** Whether modules may come from a target, for all that can be read. */
function mayServe({ role, requestsVisible }: TargetMeaning): boolean {
  return role === "vcs" || (role !== "sumdb" && role !== "discovery" && requestsVisible !== "all");
}

function probesOf(meanings: readonly TargetMeaning[]): Probe[] {
  return meanings.flatMap(({ target, requests }) => {
    const probe = requests.find((request) => classifyRequest(request).kind === "supported");
    return probe === undefined ? [] : [{ host: hostName(target), ...(probe.status && { status: probe.status }) }];
  });
}

function downloadsOf(meanings: readonly TargetMeaning[]): Set<string> {
  const proxies = meanings.filter(({ role }) => role === "module-proxy" || role === "toolchain");
  const paths = proxies.flatMap(({ requests }) => requests.map(({ path }) => path));
  return new Set(paths.filter((path) => /\/@v\/[^/]+\.(?:mod|zip)$/.test(path)));
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
  const requests = meanings.flatMap((meaning) => meaning.requests.map((request) => classifyRequest(request)));
  return new Set(requests.flatMap(({ kind, module, version }) => (kind === "lookup" ? [`${module}@${version}`] : [])));
}

function hostName(target: string): string {
  return target.replace(/:443$/, "");
}
