import { hostPort } from "../../bytes/text.ts";
import type { GoConfiguration, Setting } from "../configuration/configuration.ts";
import { gitProxyKey, matchGitKey, type GitMatch } from "../configuration/git-settings.ts";
import { since } from "../configuration/go-version.ts";
import type { ForwardProxy } from "../forward-proxy.ts";
import { inNetwork, parseAddress } from "../ip-address.ts";
import { canonicalHost, parsePlace } from "../place.ts";
import type { Destination, ProxyChoice } from "./proxy-choice.ts";

/*
 * How git chooses a proxy, which is libcurl's way and not Go's:
 *
 *   remote.origin.proxy         of its own configuration
 *   http.URL.proxy, http.proxy  the closest to the URL
 *   https_proxy, HTTPS_PROXY    for https://; the lower case is stronger, and an empty one is set: no proxy
 *   http_proxy                  for http://; never HTTP_PROXY
 *   all_proxy, ALL_PROXY        where none of those is set
 *   no_proxy, NO_PROXY          commas or blanks; a name covers its subdomains with or without a dot in front
 *
 * Spec: git, http.c, http_init, get_curl_handle; libcurl, lib/noproxy.c.
 */

/** The proxy that git uses for a request of the go command. */
export function gitProxyFor(configuration: GoConfiguration, destination: Destination): ProxyChoice {
  const { found, open } = ownSetting(configuration, destination);
  return { ...choose(configuration, destination, found), ...(open !== undefined && { open }) };
}

/** The forward proxies that the settings name, for whatever request: those of Go, then those that git alone takes. */
export function* forwardProxies(configuration: GoConfiguration): Iterable<ForwardProxy> {
  const { httpsProxy, httpProxy, allProxy, settings } = configuration;
  for (const proxy of [httpsProxy, httpProxy, allProxy]) if (proxy !== undefined) yield proxy;
  for (const [key, [setting]] of settings) {
    const isGits = gitProxyKey(key) !== undefined || (gitVariables.has(key) && setting.origin === "environment");
    const proxy = isGits && setting.value !== "" ? parseGitProxy(key, setting.value, setting.source) : undefined;
    if (proxy !== undefined) yield proxy;
  }
}

const gitVariables: ReadonlySet<string> = new Set(["https_proxy", "http_proxy"]);

/* What git's own configuration names, and what of it cannot be known. */
function ownSetting(
  { settings, origins, goVersion }: GoConfiguration,
  destination: Destination,
): { readonly found?: string; readonly open?: string } {
  const fitting = inOrder(settings).flatMap((key) => {
    const match = matchGitKey(key, destination);
    return match === undefined ? [] : [{ key, ...match }];
  });
  const closest = fitting.filter(({ open }) => !open).reduceRight<Fitting | undefined>(closer, undefined);
  const remote = settings.has(remoteKey) ? remoteKey : undefined;
  /* From Go 1.25 on, ls-remote is given the URL; fetch has a remote of this name in every version. */
  const always = since(25, goVersion) ? undefined : remote;
  const sometimes = fitting.find(({ open }) => open)?.key ?? (always === undefined ? remote : undefined);
  const found = always ?? closest?.key;
  return { ...(found !== undefined && { found }), ...openWords(sometimes, origins.has("git-config")) };
}

type Fitting = GitMatch & { readonly key: string };

/* Weakest first: of equal ones the later counts, and the environment is read last. */
function inOrder(settings: GoConfiguration["settings"]): string[] {
  const isOfEnvironment = (key: string): boolean => settings.get(key)?.[0]?.origin === "environment";
  const keys = [...settings.keys()];
  return [...keys.filter((key) => !isOfEnvironment(key)), ...keys.filter(isOfEnvironment)];
}

function closer(best: Fitting | undefined, each: Fitting): Fitting {
  const [host, path] = best?.rank ?? [-1, -1];
  return each.rank[0] > host || (each.rank[0] === host && each.rank[1] > path) ? each : best!;
}

function openWords(sometimes: string | undefined, isGiven: boolean): { readonly open?: string } {
  if (sometimes !== undefined) return { open: `${sometimes} of git's configuration is for some of these requests` };
  return isGiven ? {} : { open: "git's own configuration was not given" };
}

const remoteKey = "remote.origin.proxy";

function choose(
  configuration: GoConfiguration,
  { scheme, host, port }: Destination,
  own: string | undefined,
): ProxyChoice {
  const names = scheme === "https" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"];
  const found =
    own ?? [...names, "all_proxy", "ALL_PROXY"].find((name) => environment(configuration, name) !== undefined);
  if (found === undefined) {
    return { kind: "direct", because: `${names.join(" and ")} and all_proxy are not set` };
  }
  const { value, source } =
    own === undefined ? environment(configuration, found)! : configuration.settings.get(own)![0];
  if (value === "") return { kind: "direct", because: `${found} is set to nothing, which git takes for no proxy` };
  const proxy = parseGitProxy(found, value, source);
  if (proxy === undefined) return { kind: "refused", because: `${found} is no URL with a host, which git refuses` };
  const list = (environment(configuration, "no_proxy") ?? environment(configuration, "NO_PROXY"))?.value ?? "";
  const entry = curlNoProxy(list, host);
  if (entry !== undefined) return { kind: "direct", because: `${entry} in the no_proxy of git covers ${host}` };
  return { kind: "proxy", proxy, because: `${found} is for ${hostText(host, port)} and no_proxy does not cover it` };
}

function hostText(host: string, port: number): string {
  return port === 0 ? host : hostPort(host, port);
}

/* Set to nothing is not the same as unset here. */
function environment({ settings }: GoConfiguration, name: string): Setting | undefined {
  return settings.get(name)?.find(({ origin }) => origin === "environment");
}

/** Reads a proxy variable as git does: without a port it is 1080, and 443 for a proxy over TLS. */
function parseGitProxy(variable: string, value: string, source: string): ForwardProxy | undefined {
  const [, scheme = "http", rest = value] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/s.exec(value) ?? [];
  const authority = /^[^/?#]*/.exec(rest)![0];
  const at = authority.lastIndexOf("@");
  const kind = gitScheme(value);
  const place = parsePlace(authority.slice(at + 1), kind === "https" ? 443 : 1080);
  if (place === undefined) return undefined;
  const isTorn = rest.includes("@", authority.length);
  const shown = `${scheme}://${isTorn ? "***" : `${at < 0 ? "" : "***@"}${authority.slice(at + 1)}`}`;
  return { ...place, scheme: kind, path: "", credentials: at >= 0, shown, variable, source };
}

/* Told by how the value begins, whatever follows. */
function gitScheme(value: string): string {
  if (value.startsWith("socks5h")) return "socks5h";
  if (value.startsWith("socks5")) return "socks5";
  if (value.startsWith("socks")) return value.startsWith("socks4a") ? "socks4a" : "socks4";
  return value.startsWith("https") ? "https" : "http";
}

/** The entry of no_proxy that keeps libcurl (7.86 and later) from the proxy; undefined for none. */
function curlNoProxy(list: string, written: string): string | undefined {
  if (list === "*") return "*";
  const host = canonicalHost(written);
  const address = parseAddress(host);
  return list.split(/[,\s]+/).find((entry) => {
    if (entry === "") return false;
    if (address !== undefined) return coversAddress(entry, address);
    const domain = entry.toLowerCase().replace(/\.$/, "").replace(/^\./, "");
    return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
  });
}

/* The bits are read as far as they are digits; none and 0 mean the address itself. */
function coversAddress(entry: string, address: readonly number[]): boolean {
  const [base = "", written = ""] = entry.split("/");
  const network = parseAddress(base);
  if (network === undefined) return false;
  const bits = Number.parseInt(written, 10) || network.length * 8;
  return inNetwork(network, bits, address);
}
