import { hostPort } from "../../../bytes/text.ts";
import type { ForwardProxy } from "../../forward-proxy.ts";
import type { GoConfiguration } from "../configuration.ts";
import { since } from "../go-version.ts";
import { environmentValue } from "../resolution.ts";
import { shownValue } from "../shown.ts";
import { sourceOf } from "./sources.ts";
import type { ConfigurationWarning } from "./warning.ts";

/** What is wrong with HTTPS_PROXY and its kin. Spec: golang.org/x/net/http/httpproxy. */
export function* forwardProxyWarnings(configuration: GoConfiguration): Iterable<ConfigurationWarning> {
  yield* missing(configuration);
  yield* cases(configuration);
  for (const name of ["HTTPS_PROXY", "HTTP_PROXY"]) {
    const used = [name, name.toLowerCase()].find((each) => environmentValue(configuration, each) !== "");
    if (used === undefined) continue;
    const wrong = wrongValue(
      configuration,
      used,
      name === "HTTPS_PROXY" ? configuration.httpsProxy : configuration.httpProxy,
    );
    if (wrong !== undefined) yield { variable: used, ...sourceOf(configuration, used), ...wrong };
  }
  if (environmentValue(configuration, "REQUEST_METHOD") !== "" && configuration.httpProxy !== undefined) {
    yield {
      id: "cgi",
      severity: "warning",
      variable: "REQUEST_METHOD",
      ...sourceOf(configuration, "REQUEST_METHOD"),
      title: "REQUEST_METHOD is set: Go refuses every http:// request that HTTP_PROXY is for",
      reason: "Go takes itself for a CGI program, where a client could set HTTP_PROXY",
      mend: "unset REQUEST_METHOD for the go command; https:// is not concerned",
    };
  }
}

function* missing(configuration: GoConfiguration): Iterable<ConfigurationWarning> {
  const set = (...names: readonly string[]): string | undefined =>
    names.find((name) => environmentValue(configuration, name) !== "");
  if (set("HTTPS_PROXY", "https_proxy") !== undefined) return;
  const plain = set("HTTP_PROXY", "http_proxy");
  const all = set("ALL_PROXY", "all_proxy");
  if (plain !== undefined) {
    yield {
      id: "proxy-http-only",
      /* With a module proxy in clear it may be meant. */
      severity: configuration.proxyList?.[0].url?.scheme === "http" ? "note" : "warning",
      variable: plain,
      ...sourceOf(configuration, plain),
      title: `${plain} is set and HTTPS_PROXY is not: Go goes direct to every https:// host`,
      reason:
        "each variable is for its own scheme, and module proxies, the checksum database and code hosts are asked over https://",
      mend: `export HTTPS_PROXY="$${plain}"`,
    };
  }
  if (all !== undefined) {
    yield {
      id: "proxy-all-only",
      severity: "warning",
      variable: all,
      ...sourceOf(configuration, all),
      title: `${all} is used by git and not by Go`,
      reason: "Go reads HTTPS_PROXY and HTTP_PROXY alone",
      mend: `export HTTPS_PROXY="$${all}"`,
    };
  }
}

/* Go prefers upper case, libcurl lower case, where set to nothing is set. */
function* cases(configuration: GoConfiguration): Iterable<ConfigurationWarning> {
  if (configuration.platform === "windows") return;
  for (const upper of ["HTTPS_PROXY", "NO_PROXY"]) {
    const lower = upper.toLowerCase();
    const of = (name: string): string | undefined =>
      configuration.settings.get(name)?.find(({ origin }) => origin === "environment")?.value;
    const [above, below] = [of(upper), of(lower)];
    if (above === undefined || below === undefined || above === below) continue;
    if (above === "" && below !== "") continue;
    yield {
      id: "proxy-case",
      severity: "warning",
      variable: lower,
      ...sourceOf(configuration, below === "" ? upper : lower),
      title: `${upper} and ${lower} differ: Go uses the first, git the second`,
      reason:
        below === ""
          ? `${lower} is set to nothing, which Go passes over and git takes for an answer`
          : "Go prefers the upper case, git (libcurl) the lower",
      mend: `set both to the same value, or unset ${lower}`,
    };
  }
}

type Words = Pick<ConfigurationWarning, "id" | "severity" | "title" | "reason" | "mend">;

function wrongValue(configuration: GoConfiguration, name: string, proxy: ForwardProxy | undefined): Words | undefined {
  const value = environmentValue(configuration, name);
  const written = shownValue(name, value);
  if (proxy === undefined) {
    return {
      id: "proxy-unparsable",
      severity: "warning",
      title: `${name}=${written} is no URL, and Go goes direct without a word`,
      reason: `a value that cannot be read counts as none${blankReason(value)}`,
      mend: `export ${name}=http://HOST:PORT${encoded(value)}`,
    };
  }
  return misread(name, value, proxy) ?? wrongScheme(configuration, name, value, proxy) ?? portless(name, value, proxy);
}

function blankReason(value: string): string {
  if (value.endsWith("\r")) return "; it ends in a carriage return, as lines of Windows do";
  return value.trim() === value ? "" : "; a blank stands before or behind it";
}

/* What of a user name or password ends the host, or is no URL. */
function encoded(value: string): string {
  return value.includes("@")
    ? ", user name and password percent-encoded (# as %23, % as %25, / as %2F, ? as %3F, @ as %40, \\ as %5C)"
    : "";
}

function misread(name: string, value: string, { host, port, path }: ForwardProxy): Words | undefined {
  const isOdd = host === "" || /["'“”‘’,;\s]/.test(host) || /^https?$/.test(host);
  if (!isOdd && port <= 65_535) return path.includes("@") ? tornPassword(name, value) : undefined;
  return {
    id: "proxy-place",
    severity: "error",
    title: `${name} leads to ${host === "" ? "no host" : hostPort(host, port)}, which is hardly meant`,
    reason: isOdd
      ? "Go puts http:// in front of a value that is no URL, and takes quotes and blanks for part of it"
      : "there is no such port",
    mend: `export ${name}=http://HOST:PORT, without quotes and blanks${encoded(value)}`,
  };
}

function tornPassword(name: string, value: string): Words {
  return {
    id: "proxy-place",
    severity: "error",
    title: `${name} leads to a part of its own user name or password`,
    reason: "an @ stands behind the first slash, where Go takes the host for ended",
    mend: `export ${name}=http://USER:PASSWORD@HOST:PORT${encoded(value)}`,
  };
}

function wrongScheme(
  { goVersion }: GoConfiguration,
  name: string,
  value: string,
  proxy: ForwardProxy,
): Words | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1].toLowerCase() ?? "http";
  if (scheme === "https" && plainPorts.has(proxy.port)) {
    return {
      id: "proxy-tls",
      severity: "warning",
      title: `${name} says https://, so Go speaks TLS to the proxy at port ${proxy.port}`,
      reason: "that port is usually a plain one; the scheme says how the proxy is spoken to, not what it is for",
      mend: `export ${name}=http://${hostPort(proxy.host, proxy.port)}, unless the proxy expects TLS`,
    };
  }
  if (scheme === "http" || scheme === "https" || scheme === "socks5") return undefined;
  if (scheme === "socks5h" && since(23, goVersion)) return undefined;
  const socks = scheme.startsWith("socks");
  return {
    id: "proxy-scheme",
    severity: "error",
    title: `${goVersion?.text ?? "Go"} does not know the scheme ${scheme}:// of ${name}`,
    reason: since(23, goVersion)
      ? "Go speaks HTTP to such a proxy, CONNECT included"
      : `before Go 1.23 the scheme is taken for a host: Go looks up the name ${scheme}`,
    mend: socks
      ? `export ${name}=socks5://HOST:PORT; Go lets the proxy look names up with socks5 as well`
      : `export ${name}=http://HOST:PORT`,
  };
}

function portless(name: string, value: string, { scheme, host }: ForwardProxy): Words | undefined {
  if (scheme !== "http" || /:\d+\/?$/.test(value)) return undefined;
  return {
    id: "proxy-port",
    severity: "note",
    title: `${name} has no port: Go takes ${hostPort(host, 80)}, git takes ${hostPort(host, 1080)}`,
    reason: "Go's default is that of http, libcurl's is 1080",
    mend: `export ${name}=http://${hostPort(host, "PORT")}`,
  };
}

/** Ports on which proxies usually speak in clear. */
const plainPorts = new Set([80, 3128, 8000, 8080, 8081, 8118, 8888]);
