import { effectsOf, type Effects } from "./effects.ts";
import type { Observation } from "./meaning.ts";
import { hasHiddenProxy, sideOf, turningPoint } from "./presence.ts";
import { few } from "./words.ts";

/*
 * What a difference means for the Go settings. Each sentence names the settings that would have this effect, and what the
 * captures do not prove. Spec: Go Modules Reference, "Environment variables"; cmd/go/internal/modfetch.
 */

/**
 * Sentences on GOPROXY, GOSUMDB, GONOSUMDB, GOINSECURE and NO_PROXY, as far as the two captures differ in their effects.
 * None where one was cut, or hides in TLS all that a proxy carried: it proves no absence.
 */
export function explainSettings(before: Observation, after: Observation): string[] {
  const isWhole = ({ damaged, partOfRun }: Observation): boolean => !damaged && !partOfRun;
  if (!isWhole(before) || !isWhole(after)) return [];
  const [left, right] = [sideOf(before), sideOf(after)];
  if (hasHiddenProxy(left, right) || hasHiddenProxy(right, left)) return [];
  const was = effectsOf(before, after);
  const is = effectsOf(after, before);
  // A run that failed on its way to the checksum database does not show whether it would have asked.
  const stopped = turningPoint(left, right) !== undefined;
  const sumdb = stopped ? [] : [...explainSumdb(was, is), ...explainLookups(was, is)];
  return [...sumdb, ...explainSources(was, is), ...explainInsecure(was, is), ...explainRoutes(was, is)];
}

function explainSumdb(was: Effects, is: Effects): string[] {
  const asked = (effects: Effects): boolean => effects.sumdb.length + effects.mirrors.length > 0;
  if (asked(was) && !asked(is)) return [whyNoDatabase(was, is)];
  if (!asked(was) && asked(is)) {
    return [
      "A checksum database is asked now: GOSUMDB is not off, and GONOSUMDB and GOPRIVATE do not match every module. " +
        (was.probed.length > 0
          ? `It was not off before either: ${probedText(was)}.`
          : `That it was not spoken to before proves no setting: ${silences(was)}${mirroring(was)}.`),
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

function whyNoDatabase(was: Effects, is: Effects): string {
  if (is.probed.length > 0) {
    return `No checksum database is spoken to any more, though GOSUMDB is not off: ${probedText(is)}.`;
  }
  if (is.fetched === false && was.fetched !== false) {
    return "No module is fetched any more, and so no checksum database asked: that says nothing of GOSUMDB.";
  }
  return (
    "No checksum database is spoken to any more: GOSUMDB=off does that, so do GONOSUMDB or GOPRIVATE that match the " +
    `modules. It proves none of them: ${silences(is)}${mirroring(is)}.`
  );
}

/** Spec: cmd/go/internal/modfetch/sumdb.go, initBase: behind 404 and 410 Go asks elsewhere, other errors end the run. */
function probedText({ probed }: Effects): string {
  return probed
    .map(({ host, status }) => {
      const answer = status === undefined ? "" : ` and answered ${status}`;
      const end = (status ?? 0) >= 400 && status !== 404 && status !== 410 ? ", which Go takes for no answer" : "";
      return `${host} was asked whether it mirrors it${answer}${end}`;
    })
    .join("; ");
}

/** Where both asked and all was read: what one left out, unless it left out the module as well. */
function explainLookups(was: Effects, is: Effects): string[] {
  if (was.lookups === undefined || is.lookups === undefined) return [];
  const dropped = onlyIn(was.lookups, is.lookups);
  const added = onlyIn(is.lookups, was.lookups);
  if (was.lookups.size === 0 || is.lookups.size === 0 || (dropped.length > 0 && added.length > 0)) return [];
  if (dropped.length > 0 && onlyIn(was.downloads, is.downloads).length === 0) {
    return [
      `The checksum database is not asked for ${few(dropped)} any more: GONOSUMDB or GOPRIVATE that match do that, and ` +
        `so does a go.sum that has them${is.vcs.length > 0 ? ", or a run that fails before" : ""}.`,
    ];
  }
  if (added.length > 0 && onlyIn(is.downloads, was.downloads).length === 0) {
    return [
      `The checksum database is asked for ${few(added)} as well: GONOSUMDB and GOPRIVATE do not match them. That it was ` +
        "not before proves no setting: a go.sum that had them does that too.",
    ];
  }
  return [];
}

function onlyIn(own: ReadonlySet<string>, other: ReadonlySet<string>): string[] {
  return [...own].filter((item) => !other.has(item));
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
      if (hadOrigin !== hasOrigin) return [hasOrigin ? fellThrough(origins, proxies) : servesAll(proxies, is)];
      return otherProxies(was.moduleProxies, is.moduleProxies);
    default:
      return [];
  }
}

/** What else keeps Go from asking; where modules were seen to come, the run went that far. */
function silences({ downloads }: Effects): string {
  const complete = "a complete go.sum silences the checksum database at any setting, and so does a warm module cache";
  return downloads.size > 0 ? complete : `${complete}, or a run that fails before`;
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

function servesAll(proxies: string, { fetched, unread }: Effects): string {
  const start = "No module comes from its origin any more";
  const cut = "GOPROXY does not lead to direct, or the run ended before";
  if (fetched === false) return `${start}, and none from ${proxies}: ${cut}.`;
  const served = `GONOPROXY and GOPRIVATE match none, and ${proxies} has them all`;
  return unread.length === 0 ? `${start}: ${served}, as far as the run went.` : `${start}: ${served}; or ${cut}.`;
}

function otherProxies(was: readonly string[], is: readonly string[]): string[] {
  const gone = was.filter((proxy) => !is.includes(proxy)).join(", ");
  const come = is.filter((proxy) => !was.includes(proxy)).join(", ");
  if (gone === "" && come === "") return [];
  const cause = "GOPROXY changed, or how far its list was walked.";
  if (come === "") return [`${gone} is no longer asked for modules: ${cause}`];
  return [`${come} is asked for modules ${gone === "" ? "as well" : `instead of ${gone}`}: ${cause}`];
}

/** Spec: cmd/go/internal/web: hosts of modules that GOINSECURE matches are asked by a client without HTTP/2. */
function explainInsecure(was: Effects, is: Effects): string[] {
  const plain = is.plain.filter((host) => !was.plain.includes(host));
  const asked = is.withoutHttp2.filter((host) => was.offeredHttp2.includes(host));
  const sentences: string[] = [];
  if (plain.length > 0)
    sentences.push(`${plain.join(", ")} is asked in plain HTTP now: GOINSECURE matches its modules.`);
  if (asked.length === 0) return sentences;
  if (is.offeredHttp2.length > 0 && asked.every((host) => is.discovery.includes(host))) {
    sentences.push(`Go offers ${asked.join(", ")} no HTTP/2 any more: GOINSECURE that matches its modules does that.`);
  } else if (is.offeredHttp2.length === 0) {
    // GOINSECURE changes what is asked about modules in direct mode, and nothing else.
    const others = is.withoutHttp2.some((host) => [...is.moduleProxies, ...is.sumdb].includes(host));
    sentences.push(
      others
        ? "Go offers nobody HTTP/2 any more: GODEBUG=http2client=0 does that."
        : `Go offers ${asked.join(", ")} no HTTP/2 any more: GOINSECURE that matches its modules does that, and so does ` +
            "GODEBUG=http2client=0.",
    );
  }
  return sentences;
}

function explainRoutes(was: Effects, is: Effects): string[] {
  const left = [...was.proxied].filter((host) => is.direct.has(host));
  const joined = [...was.direct].filter((host) => is.proxied.has(host));
  const sentences = [...explainLeft(left, is), ...explainJoined(joined, is)];
  const [proxies, before] = [is.forwardProxies, was.forwardProxies];
  if (proxies.length > 0 && before.length > 0 && !proxies.some((proxy) => before.includes(proxy))) {
    sentences.push(
      `Another proxy is used: ${proxies.join(", ")} instead of ${before.join(", ")}. HTTPS_PROXY changed.`,
    );
  }
  return sentences;
}

function explainLeft(left: readonly string[], { proxied, vcs }: Effects): string[] {
  if (left.length === 0) return [];
  if (proxied.size === 0) {
    return [
      "Nothing goes through the proxy any more: HTTPS_PROXY is not set for the command, or NO_PROXY matches every host.",
    ];
  }
  const [verb, them] = left.length === 1 ? ["goes", "it"] : ["go", "them"];
  const git = left.every((host) => vcs.includes(host)) ? ", or git is configured to use none" : "";
  return [`${left.join(", ")} no longer ${verb} through the proxy while others do: NO_PROXY matches ${them}${git}.`];
}

/** Spec: libcurl reads ALL_PROXY, and git http.proxy; Go reads neither. */
function explainJoined(joined: readonly string[], { direct, vcs }: Effects): string[] {
  if (joined.length === 0) return [];
  const goes = `${joined.join(", ")} ${joined.length === 1 ? "goes" : "go"} through the proxy now`;
  if (direct.size === 0) return [`${goes}: HTTPS_PROXY is set for the command and NO_PROXY does not match.`];
  const git = joined.every((host) => vcs.includes(host))
    ? "git alone is told of it, by ALL_PROXY or http.proxy, which Go does not read; or "
    : "";
  return [`${goes} while others do not: ${git}HTTPS_PROXY is set for the command and NO_PROXY matches the others.`];
}
