import type { Presence } from "../../flow/explanation.ts";
import { parseChecksumDatabase, type ChecksumDatabase } from "../checksum-database.ts";
import type { GoConfiguration } from "../configuration/configuration.ts";
import { isToolchainChoice, since } from "../configuration/go-version.ts";
import { resolveVariable, valueOf } from "../configuration/resolution.ts";
import { shownSetting } from "../configuration/shown.ts";
import { parseProxyList, refusedEntry, type ProxyListEntry } from "../proxy-list.ts";
import { allowsGit, parseVcsRules, type VcsRules } from "../vcs-rules.ts";
import { gitProxyFor } from "./git-proxy.ts";
import type { Expectation, ModulePrediction, RunPrediction } from "./model.ts";
import { predictModule } from "./module-prediction.ts";
import { goProxyFor } from "./proxy-choice.ts";

/** What is known of a run beside its configuration. */
export interface PredictedRun {
  /** Paths of modules that it fetches; none given: nothing is known of them. */
  readonly modules?: readonly string[];
}

/**
 * What a capture of `go get` or `go mod download` has to show, may show and must not show. `must` is what appears when
 * caches are empty, go.sum lacks the modules and everything that comes before went well.
 *
 * Spec: cmd/go/internal/modfetch, TryProxies, initBase.
 */
export function predict(configuration: GoConfiguration, { modules = [] }: PredictedRun = {}): RunPrediction {
  const ground = survey(configuration, modules);
  const refused = refusal(ground);
  const expectations = refused === undefined ? expected(ground) : nothing(refused);
  const assumed = ["GOPROXY", "GOSUMDB", "GONOPROXY", "GONOSUMDB", "GOTOOLCHAIN", "HTTPS_PROXY"].filter(
    (name) => resolveVariable(configuration, name).assumed,
  );
  return { expectations, modules: ground.modules, ...(refused !== undefined && { refused }), assumed };
}

/** What all expectations are drawn from. */
interface Ground {
  readonly configuration: GoConfiguration;
  readonly modules: readonly ModulePrediction[];
  readonly list: readonly ProxyListEntry[];
  readonly database: ChecksumDatabase;
  /** Whether some module, every module passes over the proxies. */
  readonly exempt: Quantity;
  /** Whether some module, every module is looked up in the checksum database. */
  readonly checked: Quantity;
  readonly toolchains: boolean;
}

type Quantity = "none" | "some" | "all";

function survey(configuration: GoConfiguration, paths: readonly string[]): Ground {
  const modules = paths.map((path) => predictModule(configuration, path));
  const database = parseChecksumDatabase(valueOf(configuration, "GOSUMDB"));
  const noChecks = database.off || database.invalid;
  return {
    configuration,
    modules,
    list: parseProxyList(valueOf(configuration, "GOPROXY")),
    database,
    exempt: quantity(
      modules.map(({ exempt }) => exempt !== undefined),
      valueOf(configuration, "GONOPROXY") === "" ? "none" : "some",
    ),
    checked: quantity(
      modules.map(({ checksums }) => checksums.asked),
      noChecks ? "none" : valueOf(configuration, "GONOSUMDB") === "" ? "all" : "some",
    ),
    toolchains: downloadsToolchains(configuration),
  };
}

function quantity(found: readonly boolean[], unknown: Quantity): Quantity {
  if (found.length === 0) return unknown;
  return found.every(Boolean) ? "all" : found.some(Boolean) ? "some" : "none";
}

/** Whether a newer toolchain may be fetched. Spec: cmd/go/internal/toolchain, Select. */
function downloadsToolchains(configuration: GoConfiguration): boolean {
  if (!since(21, configuration.goVersion)) return false;
  return !/^(?:local|path|.*\+path)$/.test(valueOf(configuration, "GOTOOLCHAIN"));
}

function refusal({ list, configuration }: Ground): string | undefined {
  const entry = refusedEntry(list);
  if (entry !== undefined) return `the go command refuses the entry ${entry.text} of GOPROXY`;
  if (list.length === 0) return "GOPROXY has no entries";
  const toolchain = valueOf(configuration, "GOTOOLCHAIN");
  if (since(21, configuration.goVersion) && toolchain !== "" && !isToolchainChoice(toolchain)) {
    return `the go command refuses ${shownSetting("GOTOOLCHAIN", toolchain)}`;
  }
  return undefined;
}

function nothing(because: string): Expectation[] {
  const roles = ["module-proxy", "sumdb", "discovery", "vcs", "toolchain", "storage"] as const;
  return roles.map((role) => ({ presence: "must-not", role, program: role === "vcs" ? "git" : "go", because }));
}

function expected(ground: Ground): Expectation[] {
  return [
    ...moduleProxies(ground),
    ...checksumDatabase(ground),
    ...origins(ground),
    ...toolchains(ground),
    ...storage(ground),
  ];
}

function* moduleProxies(ground: Ground): Iterable<Expectation> {
  const { list, exempt, checked, database, configuration, toolchains: newer } = ground;
  const probed = checked !== "none" && !database.explicitUrl;
  const further = probed ? "the checksum database" : newer ? "a newer toolchain" : undefined;
  const said = new Set<string>();
  let first = true;
  for (const entry of list) {
    if (entry.kind === "off" || entry.kind === "direct") break;
    const { url } = entry;
    if (url !== undefined && !said.has(`${url.host}:${url.port}`)) {
      said.add(`${url.host}:${url.port}`);
      const asked = exempt !== "all" || further !== undefined;
      const sure = first && (exempt === "none" || checked === "all");
      yield {
        presence: !asked ? "must-not" : sure ? "must" : "may",
        role: "module-proxy",
        host: url.host,
        port: url.port,
        program: "go",
        ...(asked && { route: goProxyFor(configuration, url) }),
        because: proxyReason(entry, { sure, first, exempt: exempt === "all", further }),
      };
    }
    /* A folder that lacks the module is passed over like a proxy that does. */
    first = false;
  }
  yield otherProxies(ground);
}

/** What decides whether an entry of GOPROXY is asked. */
interface Asking {
  readonly sure: boolean;
  readonly first: boolean;
  /** Every module is. */
  readonly exempt: boolean;
  /** What it may be asked for beside modules. */
  readonly further: string | undefined;
}

function proxyReason(entry: ProxyListEntry, { sure, first, exempt, further }: Asking): string {
  if (exempt && further === undefined) return "GONOPROXY or GOPRIVATE exempts every module from the proxies";
  if (exempt) return `the modules are exempt from ${entry.text}, but Go asks it for ${further}`;
  if (sure) return `${entry.text} is the first entry of GOPROXY`;
  if (first) return `${entry.text} is the first entry of GOPROXY, and GONOPROXY or GOPRIVATE exempts modules`;
  return `${entry.text} is a later entry of GOPROXY, asked when those before it have not served`;
}

function otherProxies({ list, exempt }: Ground): Expectation {
  const direct = exempt !== "none" || list.some(({ kind }) => kind === "direct");
  const because = direct
    ? "no entry of GOPROXY, but a module's own host may name a module proxy in its go-import tag"
    : "no entry of GOPROXY";
  return { presence: direct ? "may" : "must-not", role: "module-proxy", program: "go", because };
}

function* checksumDatabase({
  configuration,
  list,
  checked,
  database,
  toolchains: newer,
}: Ground): Iterable<Expectation> {
  const common = { role: "sumdb", program: "go" } as const;
  const none = database.off ? "GOSUMDB is off" : "the go command refuses the value of GOSUMDB";
  if (database.url === undefined || database.invalid) {
    yield { ...common, presence: "must-not", because: none };
    return;
  }
  const { host, port } = database.url;
  const viaProxy = !database.explicitUrl && list.some(({ kind }) => kind === "proxy" || kind === "file");
  const presence: Presence = checked === "none" ? (newer ? "may" : "must-not") : presenceOf(checked, viaProxy, list);
  yield {
    ...common,
    presence,
    host,
    port,
    ...(presence !== "must-not" && { route: goProxyFor(configuration, database.url) }),
    because: databaseReason(database, checked, viaProxy),
  };
  const mirrored = viaProxy ? " or at a module proxy that mirrors it" : "";
  yield { ...common, presence: "must-not", because: `GOSUMDB is ${database.name}, asked at ${host}${mirrored}` };
}

/* With off, only modules that are in the cache and not in go.sum are looked up. */
function presenceOf(checked: Quantity, viaProxy: boolean, list: readonly ProxyListEntry[]): Presence {
  return checked === "all" && !viaProxy && list[0]?.kind !== "off" ? "must" : "may";
}

function databaseReason(database: ChecksumDatabase, checked: Quantity, viaProxy: boolean): string {
  if (checked === "none") return "GONOSUMDB or GOPRIVATE exempts every module; a toolchain is checked all the same";
  if (viaProxy) return `${database.name} is asked itself unless a module proxy of GOPROXY serves it`;
  if (database.explicitUrl) return "GOSUMDB has a URL, which is asked whatever GOPROXY is";
  return `GOPROXY has no proxy that could serve ${database.name}, so it is asked itself: direct does not turn it off`;
}

function* origins(ground: Ground): Iterable<Expectation> {
  const { configuration, modules, list, exempt } = ground;
  const reached = modules.filter(({ direct }) => direct !== "never");
  const rules = parseVcsRules(valueOf(configuration, "GOVCS"));
  for (const module of reached) yield* ownHost(configuration, module, rules);
  const reachesDirect = exempt !== "none" || list.some(({ kind }) => kind === "direct");
  const possible = modules.length === 0 ? reachesDirect : reached.length > 0;
  const because = possible
    ? "GOPROXY reaches direct, or GONOPROXY or GOPRIVATE exempts modules"
    : "no module is fetched from its own host: GOPROXY does not reach direct and no glob exempts it";
  const presence = possible ? "may" : "must-not";
  const tables = reached.length > 0 && reached.every(({ origin }) => origin?.by === "table");
  yield { presence: tables ? "must-not" : presence, role: "discovery", program: "go", because };
  yield rules.problem === undefined
    ? { presence, role: "vcs", program: "git", because }
    : { presence: "must-not", role: "vcs", program: "git", because: `the go command refuses GOVCS: ${rules.problem}` };
}

function* ownHost(
  configuration: GoConfiguration,
  { origin, direct, path }: ModulePrediction,
  rules: VcsRules,
): Iterable<Expectation> {
  if (origin === undefined) return;
  const byTable = origin.by === "table";
  const place = { host: origin.host, port: 443 };
  const common = { ...place, role: byTable ? "vcs" : "discovery", program: byTable ? "git" : "go" } as const;
  if (byTable && !allowsGit(rules, repositoryOf(path), valueOf(configuration, "GOPRIVATE"))) {
    yield { ...common, presence: "must-not", because: `GOVCS does not let git fetch ${path}` };
    return;
  }
  const atOnce = direct === "at-once";
  yield {
    ...common,
    presence: atOnce ? "must" : "may",
    route: (byTable ? gitProxyFor : goProxyFor)(configuration, { scheme: "https", ...place }),
    because: `${path} is fetched from its own host${atOnce ? "" : " where no proxy before direct serves it"}`,
  };
}

/* The hosts that the command knows have repositories of two elements. */
function repositoryOf(path: string): string {
  return path.split("/").slice(0, 3).join("/");
}

function* toolchains({ configuration, list, toolchains: newer }: Ground): Iterable<Expectation> {
  const direct = list.some(({ kind }) => kind === "direct");
  const version = valueOf(configuration, "GOTOOLCHAIN");
  const because = !newer
    ? version === ""
      ? "this version of Go fetches no toolchains"
      : `GOTOOLCHAIN is ${version}`
    : direct
      ? "GOTOOLCHAIN lets Go fetch a newer toolchain, and GOPROXY reaches direct"
      : "toolchains come from the proxies of GOPROXY alone: it does not reach direct";
  yield { presence: newer && direct ? "may" : "must-not", role: "toolchain", program: "go", because };
}

function* storage({ list, exempt, toolchains: newer }: Ground): Iterable<Expectation> {
  const proxied = (exempt !== "all" || newer) && list.some(({ kind }) => kind === "proxy");
  yield {
    presence: proxied ? "may" : "must-not",
    role: "storage",
    program: "go",
    because: proxied ? "a module proxy may redirect to where its zips are" : "no module proxy is asked for modules",
  };
}
