import { matchesGlobs } from "./path-match.ts";
import { parseGoUrl, type GoUrl } from "../bytes/go-url.ts";
import { urlPlace } from "./place.ts";
import type { Place, UrlPlace } from "./place.ts";

/**
 * Why Go takes no module from an entry. The first four make it refuse the whole list before anything is sent, the last
 * two each request there.
 */
export type EntryProblem = "unparsable" | "no-scheme" | "scheme" | "file-host" | "userinfo" | "no-host";

/** One entry of GOPROXY. */
export interface ProxyListEntry {
  readonly kind: "proxy" | "file" | "direct" | "off" | "invalid";
  /** As written, userinfo masked. */
  readonly text: string;
  /** Present for `proxy`. */
  readonly url?: UrlPlace;
  /** Present for `invalid`. */
  readonly problem?: EntryProblem;
  /** What follows: after `,` the next entry is tried on 404 and 410 only, after `|` on any error. */
  readonly separator: "," | "|" | "";
}

/**
 * Reads GOPROXY as the go command does: `direct` and `off` end the list, a host without a scheme gets https, a single
 * word is an error.
 *
 * Spec: cmd/go/internal/modfetch, proxyList.
 */
export function parseProxyList(value: string): readonly ProxyListEntry[] {
  const entries: ProxyListEntry[] = [];
  for (const [, written, separator] of value.matchAll(/([^,|]*)([,|]?)/g)) {
    const text = written.trim();
    if (text === "") continue;
    entries.push({ ...parseEntry(text), separator: separator as "," | "|" | "" });
    if (text === "direct" || text === "off") break;
  }
  return entries;
}

function parseEntry(text: string): Omit<ProxyListEntry, "separator"> {
  if (text === "direct" || text === "off") return { kind: text, text };
  const written = /[.:/]/.test(text) && !text.includes(":/") && !text.startsWith("/") ? `https://${text}` : text;
  const url = parseGoUrl(written);
  if (url === undefined) return { kind: "invalid", text: text.includes("@") ? "***" : text, problem: "unparsable" };
  const place = urlPlace(url);
  const shown = text.includes("@") || url.host !== "" ? place.shown : text;
  const problem = url.scheme === "file" ? fileProblem(written, url) : schemeProblem(url, place);
  if (problem !== undefined) return { kind: "invalid", text: shown, problem };
  return url.scheme === "file" ? { kind: "file", text } : { kind: "proxy", text: shown, url: place };
}

function fileProblem(written: string, { host, userinfo, query }: GoUrl): EntryProblem | undefined {
  const isBare = written.startsWith("file://") && host === "" && userinfo === undefined && !query;
  return isBare ? undefined : "file-host";
}

function schemeProblem({ scheme, hostname }: GoUrl, { credentials, port }: UrlPlace): EntryProblem | undefined {
  if (scheme === "") return "no-scheme";
  if (scheme !== "http" && scheme !== "https") return "scheme";
  if (hostname === "" || port > 65_535) return "no-host";
  return scheme === "http" && credentials ? "userinfo" : undefined;
}

/** The entry for which the go command refuses the whole list before it sends anything; undefined where there is none. */
export function refusedEntry(list: readonly ProxyListEntry[] | undefined): ProxyListEntry | undefined {
  return list?.find(({ problem }) => problem !== undefined && problem !== "userinfo" && problem !== "no-host");
}

/** The entry for what was asked under `base` of a host; the first of that host where none lies there. */
export function entryAt(
  list: readonly ProxyListEntry[] | undefined,
  { host, port }: Place,
  base: string,
): ProxyListEntry | undefined {
  const here = (list ?? []).filter(({ url }) => url?.host === host && url.port === port);
  return here.find(({ url }) => url?.path === base) ?? here[0];
}

/** Whether some module may be fetched from its origin: the list reaches `direct`, or GONOPROXY exempts modules. */
export function reachesDirect(list: readonly ProxyListEntry[], noProxyGlobs: string): boolean {
  return list.some((entry) => entry.kind === "direct") || noProxyGlobs !== "";
}

/** Whether a module whose path begins with this host may be exempt from the proxies. Hosts stand for whole paths. */
export function coversHost(globs: string, host: string): boolean {
  return globs.split(",").some((glob) => {
    const first = glob.split("/", 1)[0];
    return first !== "" && (matchesGlobs(first, host) || host.endsWith(`.${first}`));
  });
}

/** Paths under which the module proxies of GOPROXY serve. */
export function proxyPaths(configuration: { readonly proxyList?: readonly ProxyListEntry[] } | undefined): string[] {
  return (configuration?.proxyList ?? []).flatMap(({ url }) => (url === undefined ? [] : [url.path]));
}
