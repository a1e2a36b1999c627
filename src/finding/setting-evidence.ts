import type { Flow, Severity } from "../flow/model.ts";
import type { ConfigurationWarning } from "../gomod/configuration/checks/warning.ts";
import type { GoConfiguration } from "../gomod/configuration/configuration.ts";
import { wellKnown } from "../gomod/endpoints.ts";
import { matchesNoProxy, parseNetwork, type ForwardProxy } from "../gomod/forward-proxy.ts";
import { parseAddress } from "../gomod/ip-address.ts";
import { matchesGlobs } from "../gomod/path-match.ts";
import { settingRules } from "./setting-rules.ts";
import { isOfGo, type Seen } from "./sighting.ts";
import { symptoms } from "./symptoms.ts";

/** What shows that a setting is wrong or does nothing. */
export interface Evidence {
  /** Whether a flow shows it. */
  readonly shows: (seen: Seen) => boolean;
  /** Whether it shows by flows that are not there. */
  readonly silent?: { readonly without: ReadonlySet<Flow["role"]>; readonly beside: ReadonlySet<Flow["role"]> };
  /** Whether a flow shows that it is not so. */
  readonly refutes?: (seen: Seen) => boolean;
  /** The name that the setting leads to. */
  readonly host?: string | undefined;
  /** Whether a request for a module, by its path, shows it. */
  readonly module?: (path: string) => boolean;
  readonly explains: RegExp;
  /** How bad it is at least where it shows; a note unless said otherwise. */
  readonly least?: Severity;
  /** What the flows of it are, to be completed by their targets. */
  readonly says: string;
}

/** Roles of what the settings of modules are for. */
export const asking: ReadonlySet<Flow["role"]> = new Set([
  "module-proxy",
  "sumdb",
  "vcs",
  "discovery",
  "toolchain",
  "storage",
]);
const sources: ReadonlySet<Flow["role"]> = new Set(["module-proxy", "vcs", "discovery"]);
/** No role. */
export const nothing: ReadonlySet<Flow["role"]> = new Set();

/** How a capture would bear a warning out; undefined where it cannot. */
export function evidenceOf(warning: ConfigurationWarning, configuration: GoConfiguration): Evidence | undefined {
  const meant = configuration.misnamed.find(({ name }) => name === warning.variable)?.meant ?? warning.variable;
  const [kind] = settingRules[warning.id];
  switch (kind) {
    case "unread":
      return unread(meant, configuration);
    case "refused":
      return refused(meant);
    case "modules":
      return modules(meant, configuration);
    case "elsewhere":
    case "hidden":
      return undefined;
    case "place":
      return { ...byFlows(kind, configuration), host: proxyOf(configuration, meant)?.host };
    default:
      return byFlows(kind, configuration);
  }
}

function proxyOf({ httpsProxy, httpProxy }: GoConfiguration, variable: string): ForwardProxy | undefined {
  return [httpsProxy, httpProxy].find((proxy) => proxy?.variable === variable);
}

type FlowKind = "direct" | "place" | "no-proxy" | "origins" | "trust" | "toolchain";

function byFlows(kind: FlowKind, configuration: GoConfiguration): Evidence {
  switch (kind) {
    case "direct":
      return { shows: isDirect, explains: symptoms.network, says: "Here Go itself went to" };
    case "place": {
      const silent = { without: asking, beside: nothing };
      return {
        shows: isAtProxy,
        silent,
        explains: symptoms.proxy,
        least: "warning",
        says: "Here the way to the proxy failed:",
      };
    }
    case "no-proxy": {
      const isMeant = meantExempt(configuration.noProxy);
      const shows = (seen: Seen): boolean => isThrough(seen.flow) && isMeant(seen);
      return { shows, explains: symptoms.proxy, says: "Here a proxy was asked for" };
    }
    case "origins":
      return { shows: hasRole("vcs", "discovery"), explains: symptoms.any, says: "Here code hosts were asked:" };
    case "trust":
      return { shows: isRejected, explains: symptoms.certificate, says: "Here Go rejected the certificate of" };
    case "toolchain":
      return {
        shows: isLarge,
        explains: symptoms.answer,
        least: "warning",
        says: "Here as much as a toolchain was downloaded from",
      };
  }
}

/* What happens where the variable does not say otherwise. */
function unread(variable: string, configuration: GoConfiguration): Evidence | undefined {
  switch (variable.toUpperCase()) {
    case "HTTPS_PROXY":
      return byFlows("direct", configuration);
    case "NO_PROXY":
      return { shows: ({ flow }) => isThrough(flow), explains: symptoms.proxy, says: "Here a proxy was asked for" };
    case "SSL_CERT_FILE":
    case "SSL_CERT_DIR":
    case "GOINSECURE":
      return byFlows("trust", configuration);
    case "GOPROXY":
      return { shows: hasRole("module-proxy", "vcs", "discovery"), explains: symptoms.any, says: "Here Go asked" };
    case "GOSUMDB":
    case "GONOSUMDB":
      return { shows: hasRole("sumdb"), explains: symptoms.answer, says: "Here Go asked the checksum database" };
    case "GOPRIVATE":
    case "GONOPROXY":
      return { shows: hasRole("module-proxy", "sumdb"), explains: symptoms.answer, says: "Here Go asked" };
    default:
      return undefined;
  }
}

function refused(variable: string): Evidence {
  const silent = silences[variable] ?? { without: asking, beside: nothing };
  const explains = variable === "GOPROXY" ? symptoms.network : never;
  return { shows: () => false, silent, explains, least: "warning", says: "" };
}

const silences: Readonly<Record<string, Evidence["silent"]>> = {
  GOSUMDB: { without: new Set(["sumdb"]), beside: sources },
  GOVCS: { without: new Set(["vcs"]), beside: new Set(["discovery"]) },
};
const never = /^$/;

function modules(variable: string, configuration: GoConfiguration): Evidence {
  const written = configuration.variables.get(variable)?.value ?? "";
  const meant = meantGlobs(written);
  return {
    shows: () => false,
    module: (path) => matchesGlobs(meant, path) && !matchesGlobs(written, path),
    explains: symptoms.answer,
    says: "Here a module was asked for that it is probably meant for:",
  };
}

/** Whether a flow has one of these roles. */
export function hasRole(...roles: readonly Flow["role"][]): (seen: Seen) => boolean {
  return ({ flow }) => roles.includes(flow.role);
}

function isThrough({ route }: Flow): boolean {
  return route.kind !== "direct";
}

/* As Go does without HTTPS_PROXY; what NO_PROXY exempts would have gone so all the same. */
function isDirect(seen: Seen): boolean {
  const { flow, context } = seen;
  const { httpsProxy, noProxy = "", goVersion } = context.configuration ?? {};
  const { host, port } = flow.target;
  if (httpsProxy !== undefined || isThrough(flow) || flow.role === "forward-proxy" || !isOfGo(seen)) return false;
  return (flow.tls.length > 0 || port === 443) && !matchesNoProxy(noProxy, host, port, goVersion);
}

function isAtProxy({ flow, failure }: Seen): boolean {
  return failure !== undefined && (isThrough(flow) || flow.role === "forward-proxy");
}

/** Whether Go did not take the certificate of a flow. */
export function isRejected(seen: Seen): boolean {
  return seen.failure?.kind === "rejected" && isOfGo(seen);
}

/** Bytes that no module of the usual size has, and every toolchain. */
const toolchainBytes = 40_000_000;

function isLarge({ flow }: Seen): boolean {
  return flow.bytes.serverToClient > toolchainBytes;
}

/* Hosts that entries of NO_PROXY are probably meant for, whatever keeps them from matching. */
function meantExempt(noProxy: string): (seen: Seen) => boolean {
  const entries = noProxy.split(/[,;\s]+/).map((entry) => entry.replace(/["'“”‘’]/g, ""));
  const names = entries.map((entry) =>
    entry
      .replace(/^[a-z][a-z0-9+.-]*:\/\//i, "")
      .split(/[:/]/, 1)[0]
      .replace(/^\*?\.|\.$/g, ""),
  );
  const named = names.filter((name) => name !== "" && parseAddress(name) === undefined).join(",");
  const hasAddress = entries.some((entry) => parseNetwork(entry) !== undefined || parseAddress(entry) !== undefined);
  return ({ flow: { target }, failure }) =>
    matchesNoProxy(named, target.host, target.port) ||
    /* Which address a proxy would look up does not show; public hosts have none that is named. */
    (hasAddress && failure !== undefined && wellKnown(target.host) === undefined);
}

function meantGlobs(written: string): string {
  const globs = written.split(/[,;|\s]+/).map((glob) =>
    glob
      .replace(/["'“”‘’]/g, "")
      .replace(/^[a-z][a-z0-9+.-]*:\/\//i, "")
      .replace(/^[^/]*@/, "")
      .split("@", 1)[0]
      .replace(/^([^/:]*):[^/]*/, "$1")
      .replace(/^\/+/, "")
      .replace(/\/{2,}/g, "/"),
  );
  return globs.flatMap((glob) => (glob.startsWith(".") ? [glob.slice(1), `*${glob}`] : [glob])).join(",");
}
