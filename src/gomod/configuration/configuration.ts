import { parseChecksumDatabase } from "../checksum-database.ts";
import type { ChecksumDatabase } from "../checksum-database.ts";
import { isCommandLog, parseCommandLog } from "../command-log.ts";
import type { CommandLog } from "../command-log.ts";
import { parseForwardProxy } from "../forward-proxy.ts";
import type { ForwardProxy } from "../forward-proxy.ts";
import { parseProxyList } from "../proxy-list.ts";
import type { ProxyListEntry } from "../proxy-list.ts";
import { parseEnvFile, type Platform } from "./env-file.ts";
import { gitProxyKey, parseGitSettings } from "./git-settings.ts";
import { parseGoVersion, since, type GoVersion } from "./go-version.ts";
import { cameWith, isEnvironmentOnly, isKept, meantVariable } from "./names.ts";
import { parseVariables } from "./variables.ts";

/**
 * What a source is, strongest first; `go-env` is what the go command itself resolved, whatever it read. `git-config` is
 * git's own: its settings are called as git calls them, also where they stand in the environment.
 */
const origins = ["environment", "go-env", "user-file", "goroot-file", "git-config"] as const;
export type Origin = (typeof origins)[number];

/** One variable at one place. The value may hold credentials: it is never shown as it is. */
export interface Setting {
  readonly value: string;
  readonly origin: Origin;
  /** Name of the file. */
  readonly source: string;
}

/** A name that nothing reads, and the variable that was probably meant. */
interface Misnamed {
  readonly name: string;
  readonly meant: string;
  readonly source: string;
}

/** What one file says. */
export interface ConfigurationPart {
  readonly source: string;
  /** Absent for a log. */
  readonly origin?: Origin;
  readonly variables: ReadonlyMap<string, string>;
  readonly misnamed: ReadonlyMap<string, string>;
  /** What commands printed, where the file is that. */
  readonly log?: CommandLog;
  /** What is wrong with the file, in one line that ends with what to do. */
  readonly errors: readonly string[];
}

/** The configuration under which a capture was taken, as far as it was given. Absent means not told. */
export interface GoConfiguration {
  /** What counts. */
  readonly variables: ReadonlyMap<string, Setting>;
  /** Everything that was given, strongest first; the first that counts need not be the first here. */
  readonly settings: ReadonlyMap<string, readonly Setting[]>;
  /** Kinds of sources that were given: what stands in none of them is unset as far as these go. */
  readonly origins: ReadonlySet<Origin>;
  /** The files that were given and read, strongest first. */
  readonly sources: readonly { readonly origin: Origin; readonly name: string }[];
  readonly misnamed: readonly Misnamed[];
  readonly goVersion?: GoVersion;
  readonly platform: Platform;
  readonly proxyList?: readonly ProxyListEntry[];
  readonly checksumDatabase?: ChecksumDatabase;
  /** What Go uses for https and for http requests. */
  readonly httpsProxy?: ForwardProxy;
  readonly httpProxy?: ForwardProxy;
  /** git uses it, Go does not. */
  readonly allProxy?: ForwardProxy;
  /** NO_PROXY as Go takes it; empty where there is none. */
  readonly noProxy: string;
  /** Globs of modules that bypass the module proxies: GONOPROXY, else GOPRIVATE. */
  readonly noProxyGlobs: string;
  /** Globs of modules that bypass the checksum database: GONOSUMDB, else GOPRIVATE. */
  readonly noSumGlobs: string;
  /** What commands printed. */
  readonly log: CommandLog;
  readonly errors: readonly string[];
}

/**
 * Reads one file: of the kind given, else variables in any of the forms of variables.ts or the log of a command run
 * with `-x`.
 */
export function parseConfigurationText(source: string, text: string, origin?: Origin): ConfigurationPart {
  const nothing = { source, variables: new Map<string, string>(), misnamed: new Map<string, string>(), errors: [] };
  if (origin === "user-file" || origin === "goroot-file") return { ...nothing, ...settingsFile(text), origin };
  const git = origin === "git-config" || origin === undefined ? parseGitSettings(text) : undefined;
  /* Where nobody says what a file is, proxies that it names as git does say so. */
  if (git !== undefined && (origin !== undefined || git.size > 0)) {
    return { ...nothing, variables: git, origin: "git-config" };
  }
  if (origin === "git-config") return { ...nothing, errors: [notGit(source)] };
  if (origin === undefined && isCommandLog(text)) return parseLogText(source, text);
  const parsed = parseVariables(text, origin);
  if ("error" in parsed) return { ...nothing, errors: [`${source} ${parsed.error}; ${parsed.hint}`] };
  const errors = parsed.hidden.map((name) => `${source} hides the value of ${name}; it counts as not told`);
  return { source, origin: parsed.origin, variables: parsed.values, misnamed: parsed.misnamed, errors };
}

function notGit(source: string): string {
  return `${source} is not what git config prints; give the output of git config --get-regexp 'proxy$'`;
}

/** Reads what a command printed. */
export function parseLogText(source: string, text: string): ConfigurationPart {
  const log = parseCommandLog(source, text);
  const { answers, added, errors } = log;
  const silent = answers.length + added.length + errors.length === 0 && !isCommandLog(text);
  const error = `${source} has neither requests nor errors of a go command; give the standard error of go get -x`;
  return { source, variables: new Map(), misnamed: new Map(), log, errors: silent ? [error] : [] };
}

function settingsFile(text: string): Pick<ConfigurationPart, "variables" | "misnamed"> {
  const variables = new Map<string, string>();
  const misnamed = new Map<string, string>();
  for (const [name, value] of parseEnvFile(text)) {
    const meant = meantVariable(name);
    if (isKept(name)) variables.set(name, value);
    else if (meant !== undefined && value !== "") misnamed.set(name, meant);
  }
  return { variables, misnamed };
}

/** What is known of the machine beside its files. */
export interface ConfigurationFacts {
  readonly goVersion?: GoVersion;
  readonly platform?: Platform;
}

/**
 * One configuration from several files, as the go command puts them together: the process environment where it is not
 * empty, then the user's file, then GOROOT/go.env. What `go env` printed is the outcome of all three, and stands behind
 * an environment that was given as well. Of two files of one kind the later counts, but nothing never replaces something.
 *
 * Spec: cmd/go/internal/cfg, Getenv, initEnvCache.
 */
export function mergeConfigurations(
  parts: readonly ConfigurationPart[],
  facts: ConfigurationFacts = {},
): GoConfiguration {
  const errors = parts.flatMap((part) => part.errors);
  const settings = gather(parts, errors);
  const stated = settings.get("GOVERSION")?.[0]?.value ?? "";
  const goVersion = facts.goVersion ?? parseGoVersion(stated);
  const variables = new Map<string, Setting>();
  for (const [name, list] of settings) {
    const counting = effective(name, list, goVersion);
    if (counting !== undefined) variables.set(name, counting);
    const resolved = list.find(({ origin, value }) => origin === "go-env" && value !== "");
    if (counting?.origin !== "environment" || resolved === undefined || resolved.value === counting.value) continue;
    errors.push(differs(name, resolved.source, counting.source));
  }
  return {
    ...meaning(variables, goVersion),
    variables,
    settings,
    origins: new Set(parts.flatMap(({ origin }) => origin ?? [])),
    sources: origins.flatMap((origin) =>
      parts.filter((part) => part.origin === origin).map(({ source }) => ({ origin, name: source })),
    ),
    misnamed: parts.flatMap(({ source, misnamed }) => [...misnamed].map(([name, meant]) => ({ name, meant, source }))),
    ...(goVersion !== undefined && { goVersion }),
    platform: facts.platform ?? platformOf(settings),
    log: mergeLogs(parts),
    errors,
  };
}

/* All settings of each variable, those of one kind reduced to the one that counts. */
function gather(parts: readonly ConfigurationPart[], errors: string[]): Map<string, readonly Setting[]> {
  const settings = new Map<string, Setting[]>();
  for (const origin of origins) {
    for (const [name, setting] of ofOneKind(parts, origin, errors)) {
      settings.set(name, [...(settings.get(name) ?? []), setting]);
    }
  }
  return settings;
}

function ofOneKind(parts: readonly ConfigurationPart[], origin: Origin, errors: string[]): Map<string, Setting> {
  const found = new Map<string, Setting>();
  for (const { source, variables } of parts.filter((part) => part.origin === origin)) {
    for (const [name, value] of variables) {
      const earlier = found.get(name);
      const contested = (earlier?.value ?? "") !== "" && earlier?.value !== value;
      if (contested && value !== "") errors.push(differs(name, earlier!.source, source));
      if (!contested || value !== "") found.set(name, { value, origin, source });
    }
  }
  return found;
}

function differs(name: string, weaker: string, stronger: string): string {
  return `${name} differs between ${weaker} and ${stronger}; the latter counts`;
}

/* An empty variable of the environment counts as unset; an empty one of the user's file still hides GOROOT/go.env. */
function effective(name: string, list: readonly Setting[], version: GoVersion | undefined): Setting | undefined {
  if (!since(cameWith(name), version)) return undefined;
  if (gitProxyKey(name) !== undefined) return list[0];
  if (isEnvironmentOnly(name)) {
    const printed = name.startsWith("GO") ? list.find(({ origin }) => origin === "go-env") : undefined;
    return list.find(({ origin, value }) => origin === "environment" && value !== "") ?? printed;
  }
  return list.find(
    ({ origin, value }) =>
      !(origin === "environment" && value === "") && !(origin === "goroot-file" && !since(21, version)),
  );
}

function platformOf(settings: ReadonlyMap<string, readonly Setting[]>): Platform {
  const value = (name: string): string => settings.get(name)?.[0]?.value ?? "";
  const system = value("GOHOSTOS") || value("GOOS");
  if (system === "windows" || value("OS") === "Windows_NT") return "windows";
  if (system === "darwin" || (system === "" && value("HOME").startsWith("/Users/"))) return "darwin";
  return system === "plan9" ? "plan9" : "unix";
}

function mergeLogs(parts: readonly ConfigurationPart[]): CommandLog {
  const logs = parts.flatMap(({ log }) => log ?? []);
  return {
    requests: logs.flatMap(({ requests }) => requests),
    answers: logs.flatMap(({ answers }) => answers),
    added: logs.flatMap(({ added }) => added),
    errors: logs.flatMap(({ errors }) => errors),
  };
}

type Meaning = Pick<
  GoConfiguration,
  "proxyList" | "checksumDatabase" | "httpsProxy" | "httpProxy" | "allProxy" | "noProxy" | "noProxyGlobs" | "noSumGlobs"
>;

function meaning(variables: ReadonlyMap<string, Setting>, version: GoVersion | undefined): Meaning {
  const text = (name: string): string => variables.get(name)?.value ?? "";
  const proxy = (...names: readonly string[]): ForwardProxy | undefined => {
    const name = names.find((candidate) => text(candidate) !== "");
    const setting = name === undefined ? undefined : variables.get(name);
    return setting === undefined ? undefined : parseForwardProxy(name!, setting.value, setting.source, version);
  };
  const proxyList = parseProxyList(text("GOPROXY"));
  const httpsProxy = proxy("HTTPS_PROXY", "https_proxy");
  const httpProxy = proxy("HTTP_PROXY", "http_proxy");
  const allProxy = proxy("ALL_PROXY", "all_proxy");
  return {
    ...(proxyList.length > 0 && { proxyList }),
    ...(text("GOSUMDB") !== "" && { checksumDatabase: parseChecksumDatabase(text("GOSUMDB")) }),
    ...(httpsProxy !== undefined && { httpsProxy }),
    ...(httpProxy !== undefined && { httpProxy }),
    ...(allProxy !== undefined && { allProxy }),
    noProxy: text("NO_PROXY") || text("no_proxy"),
    noProxyGlobs: text("GONOPROXY") || text("GOPRIVATE"),
    noSumGlobs: text("GONOSUMDB") || text("GOPRIVATE"),
  };
}
