import { parseChecksumDatabase } from "../checksum-database.ts";
import type { ChecksumDatabase } from "../checksum-database.ts";
import { isCommandLog, parseCommandLog } from "../command-log.ts";
import type { CommandLog } from "../command-log.ts";
import { matchesNoProxy, parseForwardProxy } from "../forward-proxy.ts";
import type { ForwardProxy } from "../forward-proxy.ts";
import { parseProxyList } from "../proxy-list.ts";
import type { ProxyListEntry } from "../proxy-list.ts";
import { environmentOnly, parseVariables } from "./variables.ts";

/** One variable and where it was read. The value may hold credentials: it is never shown. */
interface ConfigurationVariable {
  readonly value: string;
  /** Name of the file. */
  readonly source: string;
}

/** What one file says. */
export interface ConfigurationPart {
  readonly source: string;
  readonly variables: ReadonlyMap<string, ConfigurationVariable>;
  /** What commands printed, where the file is that. */
  readonly log?: CommandLog;
  /** What is wrong with the file, in one line that ends with what to do. */
  readonly errors: readonly string[];
}

/** The configuration under which a capture was taken, as far as it was given. Absent means not told. */
export interface GoConfiguration {
  readonly variables: ReadonlyMap<string, ConfigurationVariable>;
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

/** Reads one file: variables in any of the forms of variables.ts, or the log of a command run with `-x`. */
export function parseConfigurationText(source: string, text: string): ConfigurationPart {
  if (isCommandLog(text)) {
    return { source, variables: new Map(), log: parseCommandLog(source, text), errors: [] };
  }
  const parsed = parseVariables(text);
  if ("error" in parsed) {
    return { source, variables: new Map(), errors: [`${source} ${parsed.error}; ${parsed.hint}`] };
  }
  const variables = new Map<string, ConfigurationVariable>();
  const errors: string[] = [];
  for (const [name, value] of parsed.values) {
    if (parsed.origin === "go-env" && environmentOnly.has(name)) {
      if (value === "") continue;
      errors.push(
        `${source} has ${name} among go's own settings, where no request reads it; give the output of \`env\``,
      );
    } else {
      variables.set(name, { value, source });
    }
  }
  return { source, variables, errors };
}

/**
 * One configuration from several files. A later file wins, but nothing set never replaces something set: `go env`
 * prints empty values for what a process environment may hold.
 */
export function mergeConfigurations(parts: readonly ConfigurationPart[]): GoConfiguration {
  const variables = new Map<string, ConfigurationVariable>();
  const errors = parts.flatMap((part) => part.errors);
  for (const part of parts) {
    for (const [name, variable] of part.variables) {
      const earlier = variables.get(name);
      if (earlier !== undefined && earlier.value !== "" && variable.value === "") continue;
      if (earlier !== undefined && earlier.value !== "" && earlier.value !== variable.value) {
        errors.push(`${name} differs between ${earlier.source} and ${variable.source}; the latter counts`);
      }
      variables.set(name, variable);
    }
  }
  return { ...meaning(variables, errors), variables, log: mergeLogs(parts), errors };
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

function meaning(
  variables: ReadonlyMap<string, ConfigurationVariable>,
  errors: string[],
): Omit<GoConfiguration, "variables" | "log" | "errors"> {
  const text = (name: string): string => variables.get(name)?.value ?? "";
  const proxyList = parseProxyList(text("GOPROXY"));
  for (const entry of proxyList) {
    if (entry.kind === "invalid") errors.push(`GOPROXY entry ${entry.text} is refused by the go command; correct it`);
  }
  const checksumDatabase = text("GOSUMDB") === "" ? undefined : parseChecksumDatabase(text("GOSUMDB"));
  if (checksumDatabase?.invalid === true) {
    errors.push("GOSUMDB is refused by the go command; use off, sum.golang.org or NAME+HASH+KEY with a URL");
  }
  const httpsProxy = forwardProxy(variables, ["HTTPS_PROXY", "https_proxy"]);
  const httpProxy = forwardProxy(variables, ["HTTP_PROXY", "http_proxy"]);
  const allProxy = forwardProxy(variables, ["ALL_PROXY", "all_proxy"]);
  return {
    ...(proxyList.length === 0 ? {} : { proxyList }),
    ...(checksumDatabase === undefined ? {} : { checksumDatabase }),
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(allProxy === undefined ? {} : { allProxy }),
    noProxy: text("NO_PROXY") === "" ? text("no_proxy") : text("NO_PROXY"),
    noProxyGlobs: text("GONOPROXY") === "" ? text("GOPRIVATE") : text("GONOPROXY"),
    noSumGlobs: text("GONOSUMDB") === "" ? text("GOPRIVATE") : text("GONOSUMDB"),
  };
}

/* Upper case wins in Go; an empty value falls to the next name. */
function forwardProxy(
  variables: ReadonlyMap<string, ConfigurationVariable>,
  names: readonly string[],
): ForwardProxy | undefined {
  const name = names.find((candidate) => (variables.get(candidate)?.value ?? "") !== "");
  const variable = name === undefined ? undefined : variables.get(name);
  return name === undefined || variable === undefined
    ? undefined
    : parseForwardProxy(name, variable.value, variable.source);
}

/** The forward proxy that Go's configuration prescribes for a request; undefined for none. */
export function prescribedProxy(
  configuration: GoConfiguration,
  scheme: "http" | "https",
  host: string,
  port: number,
): ForwardProxy | undefined {
  const proxy = scheme === "https" ? configuration.httpsProxy : configuration.httpProxy;
  return proxy === undefined || matchesNoProxy(configuration.noProxy, host, port) ? undefined : proxy;
}
