import type { GoConfiguration } from "../configuration.ts";
import { since } from "../go-version.ts";
import { environmentValue } from "../resolution.ts";
import { sourceOf } from "./sources.ts";
import type { ConfigurationWarning } from "./warning.ts";

/** What SSL_CERT_FILE and SSL_CERT_DIR do not do. Spec: crypto/x509, root.go, root_unix.go. */
export function* certificateWarnings(configuration: GoConfiguration): Iterable<ConfigurationWarning> {
  const file = environmentValue(configuration, "SSL_CERT_FILE");
  const folders = environmentValue(configuration, "SSL_CERT_DIR");
  if (file === "" && folders === "") return;
  yield* proxyOfGit(configuration, file === "" ? "SSL_CERT_DIR" : "SSL_CERT_FILE");
  const ignored = ignoredOn(configuration, file === "" ? "SSL_CERT_DIR" : "SSL_CERT_FILE");
  if (ignored !== undefined) {
    yield ignored;
    return;
  }
  if ((file === "") !== (folders === "")) yield half(configuration, file === "" ? "SSL_CERT_DIR" : "SSL_CERT_FILE");
  const separator = configuration.platform === "windows" ? ";" : ":";
  yield* paths(configuration, "SSL_CERT_FILE", [file], separator);
  yield* paths(configuration, "SSL_CERT_DIR", folders.split(separator), separator);
}

/* Who sets anchors for an https:// proxy has one of a private authority. Spec: git-config(1), http.proxySSLCAInfo. */
function* proxyOfGit(configuration: GoConfiguration, variable: string): Iterable<ConfigurationWarning> {
  if (configuration.httpsProxy?.scheme !== "https") return;
  if (environmentValue(configuration, "GIT_PROXY_SSL_CAINFO") !== "") return;
  yield {
    id: "ssl-cert-proxy-git",
    severity: "note",
    variable,
    ...sourceOf(configuration, variable),
    title: `git does not judge the https:// proxy by ${variable}`,
    reason: "it does so by GIT_PROXY_SSL_CAINFO or http.proxySSLCAInfo, else by the system's authorities",
    mend:
      variable === "SSL_CERT_FILE"
        ? 'export GIT_PROXY_SSL_CAINFO="$SSL_CERT_FILE", if git is used'
        : "export GIT_PROXY_SSL_CAINFO=FILE, if git is used",
  };
}

function ignoredOn(configuration: GoConfiguration, variable: string): ConfigurationWarning | undefined {
  const { platform, goVersion } = configuration;
  if (platform !== "darwin" && platform !== "windows") return undefined;
  if (goVersion !== undefined && since(27, goVersion)) return undefined;
  const by = goVersion === undefined ? "before Go 1.27" : `by ${goVersion.text}`;
  return {
    id: "ssl-cert-ignored",
    severity: goVersion === undefined ? "note" : "warning",
    variable,
    ...sourceOf(configuration, variable),
    title: `${variable} is not read on ${platform === "darwin" ? "macOS" : "Windows"} ${by}`,
    reason: "Go asks the system there, which knows its own trusted certificates alone",
    mend: "install the authority in the system's trust store",
  };
}

function half(configuration: GoConfiguration, variable: string): ConfigurationWarning {
  const isFile = variable === "SSL_CERT_FILE";
  return {
    id: "ssl-cert-half",
    severity: "note",
    variable,
    ...sourceOf(configuration, variable),
    title: `${variable} leaves the system's ${isFile ? "folders" : "file"} of certificates in force`,
    reason: "each replaces its own half of the trust anchors; git (libcurl) follows rules of its own",
    mend: isFile
      ? "if those are not to count, set SSL_CERT_DIR to an empty folder as well"
      : "if those are not to count, set SSL_CERT_FILE as well",
  };
}

function* paths(
  configuration: GoConfiguration,
  variable: string,
  list: readonly string[],
  separator: string,
): Iterable<ConfigurationWarning> {
  const odd = list.find((path) => /^["'~]|[,;]|\$/.test(path));
  if (odd === undefined) return;
  yield {
    id: "ssl-cert-path",
    severity: "warning",
    variable,
    ...sourceOf(configuration, variable),
    title: `${variable} has ${odd}, which is hardly a path`,
    reason: "Go expands nothing and says nothing of a file that it cannot read",
    mend:
      variable === "SSL_CERT_DIR"
        ? `write full paths with ${separator} between them`
        : "write the full path of one PEM file",
  };
}
