import { nearest } from "../../bytes/nearest.ts";
import { gitProxyKey } from "./git-settings.ts";

/*
 * Names of the variables that say something about module traffic. All others are never kept: an environment holds
 * secrets.
 */

/** Variables of the go command: read from the environment, the user's file and GOROOT/go.env. */
export const goVariables: readonly string[] = [
  "GOPROXY",
  "GOSUMDB",
  "GOPRIVATE",
  "GONOPROXY",
  "GONOSUMDB",
  "GOINSECURE",
  "GOVCS",
  "GOAUTH",
  "GOTOOLCHAIN",
  "GOFLAGS",
  "GO111MODULE",
  "GOENV",
  "GODEBUG",
];

/** What `go env` tells of the command itself; no setting. */
const facts: readonly string[] = ["GOVERSION", "GOOS", "GOHOSTOS", "GOWORK"];

/** Variables that requests read from the process environment alone: `go env` may print them, nothing reads them there. */
export const requestVariables: readonly string[] = [
  "HTTPS_PROXY",
  "https_proxy",
  "HTTP_PROXY",
  "http_proxy",
  "ALL_PROXY",
  "all_proxy",
  "NO_PROXY",
  "no_proxy",
  "REQUEST_METHOD",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "GIT_PROXY_SSL_CAINFO",
];

/** Variables that say where files are. */
const places: readonly string[] = ["HOME", "XDG_CONFIG_HOME", "APPDATA", "AppData", "home", "GOROOT"];

const requestNames = new Set(requestVariables);
const environmentNames = new Set([...requestVariables, "GOENV", "GODEBUG"]);
const telling = new Set([...goVariables, ...facts, ...requestVariables]);
const kept = new Set([...telling, ...places, "OS"]);

/** The minor version of Go in which a variable came; 0 for those that all versions know. */
export function cameWith(name: string): number {
  return newer[name] ?? 0;
}

const newer: Readonly<Record<string, number>> = { GOTOOLCHAIN: 21, GOAUTH: 24 };

/** Whether requests read the variable, and that in the process environment alone. */
export function isRequestVariable(name: string): boolean {
  return requestNames.has(name);
}

/** Whether the variable counts in the process environment alone. Spec: cmd/go/internal/envcmd, checkEnvWrite. */
export function isEnvironmentOnly(name: string): boolean {
  return environmentNames.has(name);
}

/** Whether a variable says something about module traffic, or where the settings of it are. */
export function isKept(name: string): boolean {
  return kept.has(name);
}

/** Whether a text with this variable is one about the go command, or about git's proxies. */
export function isTelling(name: string): boolean {
  return telling.has(name) || gitProxyKey(name) !== undefined;
}

/** The variable that was probably meant by a name that nothing reads; undefined for names that are something else. */
export function meantVariable(name: string): string | undefined {
  if (kept.has(name)) return undefined;
  const folded = name.toUpperCase().replace(/[^A-Z0-9]/g, "");
  const near = folded.length < leastTypo || ownNames.has(name) ? undefined : nearest(folded, spellings.keys(), 1);
  return spellings.get(folded) ?? misnomers[folded] ?? (near && spellings.get(near));
}

/** Letters from which on a name with one wrong is taken for a slip. */
const leastTypo = 6;

/** Variables that are one letter from another, and something else. */
const ownNames = new Set(["FTP_PROXY", "ftp_proxy"]);

/** As written without underscores: GO_PROXY, Https_Proxy, goproxy. */
const spellings: ReadonlyMap<string, string> = new Map(
  [...goVariables, ...requestVariables.filter((name) => name === name.toUpperCase())]
    .filter((name) => name !== "REQUEST_METHOD")
    .map((name) => [name.replaceAll("_", ""), name]),
);

/** Names that guides give, or that fingers make, for a variable of another name. */
const misnomers: Readonly<Record<string, string>> = {
  GONOSUMCHECK: "GONOSUMDB",
  GONOSUM: "GONOSUMDB",
  GONOSUMDBS: "GONOSUMDB",
  NOSUMDB: "GONOSUMDB",
  GOSUMCHECK: "GOSUMDB",
  GOSUM: "GOSUMDB",
  GOSUMDBS: "GOSUMDB",
  GOCHECKSUMDB: "GOSUMDB",
  GOPROXYS: "GOPROXY",
  GOPROXIES: "GOPROXY",
  GOPROXYURL: "GOPROXY",
  GOMODPROXY: "GOPROXY",
  GOMODULEPROXY: "GOPROXY",
  GORPOXY: "GOPROXY",
  GOPORXY: "GOPROXY",
  GOPROXT: "GOPROXY",
  GOPRIVATES: "GOPRIVATE",
  GOPRIVTE: "GOPRIVATE",
  GOPIRVATE: "GOPRIVATE",
  GOMODPRIVATE: "GOPRIVATE",
  GONOPROXYS: "GONOPROXY",
  GONOTPROXY: "GONOPROXY",
  GOINSECURES: "GOINSECURE",
  GOUNSECURE: "GOINSECURE",
  GOTOOLCHAINS: "GOTOOLCHAIN",
  HTTPSPROXYS: "HTTPS_PROXY",
  HTTPSPROXYURL: "HTTPS_PROXY",
  GOHTTPSPROXY: "HTTPS_PROXY",
  HTTPPROXYS: "HTTP_PROXY",
  HTTPPROXYURL: "HTTP_PROXY",
  GOHTTPPROXY: "HTTP_PROXY",
  NOPROXYS: "NO_PROXY",
  NOPROXYLIST: "NO_PROXY",
  NONPROXYHOSTS: "NO_PROXY",
  SSLCERT: "SSL_CERT_FILE",
  SSLCAFILE: "SSL_CERT_FILE",
  SSLCERTPATH: "SSL_CERT_DIR",
};
