import type { ConfigurationWarning } from "../gomod/configuration/checks/warning.ts";
import type { GoConfiguration } from "../gomod/configuration/configuration.ts";
import { sourceOf } from "../gomod/configuration/checks/sources.ts";
import { environmentValue, valueOf } from "../gomod/configuration/resolution.ts";
import { shownSetting } from "../gomod/configuration/shown.ts";
import { noProxyReason } from "../gomod/forward-proxy.ts";
import { matchesGlobs } from "../gomod/path-match.ts";
import { flowProgram } from "../gomod/program.ts";
import { entryAt, proxyPaths, type ProxyListEntry } from "../gomod/proxy-list.ts";
import { targetedRequests } from "../gomod/target-facts.ts";
import type { PathStatus } from "../pki/verdict.ts";
import type { RuleId } from "./rules.ts";
import type { Seen } from "./sighting.ts";
import { asking, hasRole, isRejected, nothing, type Evidence } from "./setting-evidence.ts";
import { shellWord } from "./wording.ts";
import { symptoms } from "./symptoms.ts";

/** A setting that may be the cause of what a capture shows, in the words of a warning. */
export interface Doubt extends Omit<ConfigurationWarning, "id" | "title"> {
  readonly id: RuleId;
  /** Of the targets or modules that show it. */
  readonly title: (subjects: string) => string;
}

type Doubted = readonly [Doubt, Evidence];

/** Settings that are right by themselves, and with what a capture would show that they are the cause. */
export function* doubtsOf(configuration: GoConfiguration): Iterable<Doubted> {
  yield* goProxyOff(configuration);
  yield* fallbacks(configuration);
  yield* versionControl(configuration);
  yield* exemptHosts(configuration);
  yield* privateModules(configuration);
  yield* trustFiles(configuration);
}

function* goProxyOff(configuration: GoConfiguration): Iterable<Doubted> {
  if (configuration.proxyList?.[0]?.kind !== "off") return;
  yield [
    {
      id: "goproxy-off",
      severity: "note",
      variable: "GOPROXY",
      ...sourceOf(configuration, "GOPROXY"),
      title: () => "GOPROXY is off: nothing is asked for modules",
      reason: "only what is in the module cache can be had, and what GONOPROXY or GOPRIVATE covers",
      mend: "go env -w GOPROXY=https://proxy.golang.org,direct",
    },
    { shows: () => false, silent: { without: asking, beside: nothing }, explains: symptoms.answer, says: "" },
  ];
}

/* Behind a comma only 404 and 410 lead on. */
function* fallbacks(configuration: GoConfiguration): Iterable<Doubted> {
  const { proxyList = [] } = configuration;
  if (valueOf(configuration, "GOPROXY") === "https://proxy.golang.org,direct") return;
  for (const [at, entry] of proxyList.entries()) {
    const next = proxyList.at(at + 1);
    if (entry.url === undefined || entry.separator !== "," || next === undefined || next.kind === "off") continue;
    const list = proxyList.map(({ text, separator }, index) => text + (index === at ? "|" : separator)).join("");
    yield [
      {
        id: "goproxy-no-fallback",
        severity: "note",
        variable: "GOPROXY",
        ...sourceOf(configuration, "GOPROXY"),
        title: () => `GOPROXY has a comma behind ${entry.text}, so ${next.text} is not asked after this failure`,
        reason: 'behind "," Go goes on after 404 and 410 alone, behind "|" after any error',
        mend: list.includes("***")
          ? `put | in place of , behind ${entry.text}`
          : `go env -w ${shellWord(`GOPROXY=${list}`)}`,
      },
      {
        shows: (seen) => failedEntries(seen, proxyList).includes(entry),
        explains: never,
        least: "warning",
        says: "Here no later entry was asked after the failure at",
      },
    ];
  }
}

/* Entries at which a connection failed, or gave an answer over which Go gave a module up, neither 404 nor 410. */
function failedEntries(
  { flow, failure, recoveredBy, context }: Seen,
  list: readonly ProxyListEntry[],
): readonly (ProxyListEntry | undefined)[] {
  if (failure !== undefined) {
    const isOwn = recoveredBy === undefined && flow.route.kind === "direct";
    return isOwn ? [entryAt(list, flow.target, "")] : [];
  }
  const lost = targetedRequests(flow, proxyPaths(context.configuration)).filter(({ report }) => {
    const { status = 0 } = context.losses.at(flow.id, report.requestFrame) ?? {};
    return status >= 400 && status !== 404 && status !== 410;
  });
  return lost.map(({ target, request }) => entryAt(list, target, request.base ?? ""));
}

const never = /^$/;

function* versionControl(configuration: GoConfiguration): Iterable<Doubted> {
  const found = configuration.variables.get("GOVCS");
  if (found === undefined || found.value === "" || found.value === "public:git|hg,private:all") return;
  yield [
    {
      id: "govcs-forbids",
      severity: "note",
      variable: "GOVCS",
      ...sourceOf(configuration, "GOVCS"),
      title: () =>
        `${shownSetting("GOVCS", found.value)} may forbid the program that the repository needs: none was run`,
      reason: "Go finds out where the code is first and looks at GOVCS then, so that nothing follows the page",
      mend: "go env -w 'GOVCS=public:git|hg,private:all'",
    },
    {
      shows: () => false,
      silent: { without: new Set(["vcs"]), beside: new Set(["discovery"]) },
      explains: never,
      least: "warning",
      says: "",
    },
  ];
}

function* exemptHosts(configuration: GoConfiguration): Iterable<Doubted> {
  const { httpsProxy, noProxy, variables, goVersion } = configuration;
  if (httpsProxy === undefined || noProxy === "") return;
  const variable = (variables.get("NO_PROXY")?.value ?? "") === "" ? "no_proxy" : "NO_PROXY";
  yield [
    {
      id: "no-proxy-covers",
      severity: "note",
      variable,
      ...sourceOf(configuration, variable),
      title: (hosts) => `${variable} exempts ${hosts} from the proxy, and the direct way fails`,
      reason: `${shownSetting(variable, noProxy)} exempts them from ${httpsProxy.variable}`,
      mend: `take them out of ${variable}, or narrow the entry that covers them; export ${variable}=…`,
    },
    {
      shows: ({ flow: { route, target }, failure }) => {
        const entry = noProxyReason(noProxy, target.host, target.port, goVersion) ?? "localhost";
        return failure !== undefined && route.kind === "direct" && entry !== "localhost";
      },
      explains: symptoms.network,
      says: "Here that is so for",
    },
  ];
}

/* example.com in GOPRIVATE is not git.example.com, as it would be in NO_PROXY. */
function* privateModules(configuration: GoConfiguration): Iterable<Doubted> {
  const { variables } = configuration;
  for (const variable of ["GOPRIVATE", "GONOPROXY", "GONOSUMDB"]) {
    const value = variables.get(variable)?.value ?? "";
    if (value === "" || (variable !== "GOPRIVATE" && value === variables.get("GOPRIVATE")?.value)) continue;
    const wider = value
      .split(",")
      .map((glob) => `*.${glob}`)
      .join(",");
    const doubt = {
      id: "private-not-covered",
      severity: "note",
      variable,
      ...sourceOf(configuration, variable),
      title: (modules: string) => `${shownSetting(variable, value)} does not cover ${modules}`,
    } as const;
    const evidence = {
      shows: () => false,
      explains: symptoms.answer,
      least: "warning",
      says: "Here a proxy or the checksum database was asked for",
    } as const;
    yield [
      {
        ...doubt,
        reason:
          "a glob is compared with whole elements of the module path: a name stands for no subdomains, unlike in NO_PROXY",
        mend: `go env -w ${shellWord(shownSetting(variable, `${value},${wider}`))}`,
      },
      { ...evidence, module: (path) => matchesGlobs(wider, path) && !matchesGlobs(value, path) },
    ];
    yield [
      {
        ...doubt,
        reason: "a glob is compared with the module path letter by letter, in upper or lower case as that has them",
        mend: `write it in ${variable} as the module path has it: go env -w ${variable}=…`,
      },
      {
        ...evidence,
        module: (path) =>
          matchesGlobs(value.toLowerCase(), path.toLowerCase()) && !matchesGlobs(`${value},${wider}`, path),
      },
    ];
  }
}

function* trustFiles(configuration: GoConfiguration): Iterable<Doubted> {
  const variable = ["SSL_CERT_FILE", "SSL_CERT_DIR"].find((name) => environmentValue(configuration, name) !== "");
  if (variable === undefined) return;
  const value = environmentValue(configuration, variable);
  /* What the command printed of a name or a date is not for want of an anchor. */
  const told = configuration.log.errors.map(({ text }) => text).filter((text) => text.includes("x509: "));
  if (told.length > 0 && !told.some((text) => text.includes("unknown authority"))) return;
  yield [
    {
      id: "ssl-cert-without-effect",
      severity: "note",
      variable,
      ...sourceOf(configuration, variable),
      title: () => `Go accepted no certificate, though ${variable}=${value} says what to trust`,
      reason:
        "Go says nothing of a path that is wrong or that it may not read, takes PEM alone, and git does not read it",
      mend: `where that process runs: openssl storeutl -noout -certs ${shellWord(value)}`,
    },
    {
      shows: (seen) => isRejected(seen) && seen.flow.tls.some(({ path }) => mayLackAnchor.has(path.status)),
      refutes: (seen) => hasRole(...asking)(seen) && isAccepted(seen.flow) && flowProgram(seen.flow) === "go",
      explains: /^certificate-rejected-though-complete$/,
      says: "Here Go rejected the certificate of",
    },
  ];
}

/** What a certificate is judged that other trust anchors might save. */
const mayLackAnchor: ReadonlySet<PathStatus> = new Set([
  "not-visible",
  "complete",
  "missing-intermediate",
  "unknown-authority",
  "self-signed",
]);

function isAccepted({ tls }: Parameters<typeof flowProgram>[0]): boolean {
  return tls.some(({ verdict }) => verdict.value === "accepted");
}
