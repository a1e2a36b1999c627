import { defaultPort } from "../place.ts";

/*
 * What of git's own configuration says which proxy git uses: http.proxy, http.URL.proxy and remote.NAME.proxy. Nothing
 * else of it is kept: it may hold tokens.
 *
 *   http.proxy=http://…           `git config --list`
 *   http.proxy http://…           `git config --get-regexp 'proxy$'`
 *   GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.proxy GIT_CONFIG_VALUE_0=http://…
 *
 * Spec: git-config(1).
 */

/** The key of a setting that names a proxy, in git's canonical spelling; undefined for every other. */
export function gitProxyKey(text: string): string | undefined {
  const [, section = "", middle = ""] = /^(http|remote)\.(?:(\S+)\.)?proxy$/i.exec(text) ?? [];
  if (section === "" || (middle === "" && section.toLowerCase() === "remote")) return undefined;
  return [section.toLowerCase(), ...(middle === "" ? [] : [middle]), "proxy"].join(".");
}

/** Reads what `git config` printed. Later lines win, and stand behind. Undefined where it is none of that. */
export function parseGitSettings(text: string): ReadonlyMap<string, string> | undefined {
  const settings = new Map<string, string>();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line === "") continue;
    const [, name, value = ""] = /^([A-Za-z][A-Za-z0-9-]*\.[^\s=]+)(?:[ =](.*))?$/.exec(line) ?? [];
    /* The further lines of a value of several are none, but the first line of all is. */
    if (name === undefined && at === 0) return undefined;
    const key = gitProxyKey(name ?? "");
    if (key === undefined) continue;
    settings.delete(key);
    settings.set(key, value);
  }
  return settings;
}

/** Whether an environment variable is one of those that settings of git stand in. */
export function isGitVariable(name: string): boolean {
  return /^GIT_CONFIG_(?:COUNT|KEY_\d{1,4}|VALUE_\d{1,4})$/.test(name);
}

/** The settings that stand in such variables. */
export function* gitEnvironment(variables: ReadonlyMap<string, string>): Iterable<[key: string, value: string]> {
  for (let at = 0; at < Number(variables.get("GIT_CONFIG_COUNT") ?? 0); at++) {
    const name = variables.get(`GIT_CONFIG_KEY_${at}`);
    if (name === undefined) return;
    const key = gitProxyKey(name);
    if (key !== undefined) yield [key, variables.get(`GIT_CONFIG_VALUE_${at}`) ?? ""];
  }
}

/** How a setting of `http.URL.proxy` fits a destination. */
export interface GitMatch {
  /** Length of the host that is named, then of the path: of several that fit, the longer counts. */
  readonly rank: readonly [host: number, path: number];
  /** It is for a path, and none is known. */
  readonly open: boolean;
}

/**
 * Whether a setting of git's is for a destination.
 *
 * Spec: git, urlmatch.c, match_urls, cmp_matches. A setting for a user fits no URL that the go command gives to git.
 */
export function matchGitKey(key: string, { path, ...place }: GitDestination): GitMatch | undefined {
  if (key === "http.proxy") return { rank: [0, 0], open: false };
  const [, scheme = "", host = "", port = "", folder = ""] =
    /^http\.([a-z][a-z0-9+.-]*):\/\/([^@/:?#]*|\[[^\]]*\])(?::(\d{1,5}))?(\/[^?#]*)?\.proxy$/i.exec(key) ?? [];
  if (!leadsTo({ scheme: scheme.toLowerCase(), host, port }, place)) return undefined;
  const prefix = folder.replace(/\/$/, "");
  const open = prefix !== "" && path === undefined;
  if (!open && !`${path ?? ""}/`.startsWith(`${prefix}/`)) return undefined;
  return { rank: [host.length, prefix.length + 1], open };
}

interface GitDestination {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** Absent where it does not show. */
  readonly path?: string;
}

function leadsTo(named: { scheme: string; host: string; port: string }, place: Omit<GitDestination, "path">): boolean {
  const port = named.port === "" ? defaultPort(named.scheme) : Number(named.port);
  return named.scheme === place.scheme && port === place.port && coversHost(named.host, place.host);
}

/* A star stands for one label. */
function coversHost(pattern: string, host: string): boolean {
  const labels = host.toLowerCase().split(".");
  const wanted = pattern
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .split(".");
  return labels.length === wanted.length && wanted.every((label, at) => label === "*" || label === labels[at]);
}
