import { domainToASCII } from "node:url";
import { hostPort } from "../bytes/text.ts";
import { since, type GoVersion } from "./configuration/go-version.ts";
import { parseGoUrl } from "../bytes/go-url.ts";
import { inNetwork, parseAddress } from "./ip-address.ts";
import type { AddressBytes } from "./ip-address.ts";
import { urlPlace } from "./place.ts";
import type { UrlPlace } from "./place.ts";

/** The value of HTTPS_PROXY or HTTP_PROXY: where the proxy is and what is spoken to it. */
export interface ForwardProxy extends UrlPlace {
  readonly variable: string;
  /** Where the variable was read: a file's name. */
  readonly source: string;
}

/**
 * Reads a proxy variable as Go does: what is no URL with a host is tried again with http:// in front. Undefined where
 * that fails too, and Go goes direct. A host may be empty and a port out of range: Go tries, and fails.
 *
 * Spec: golang.org/x/net/http/httpproxy, parseProxy; up to Go 1.22 schemes other than http, https and socks5 were no
 * URLs. net/http, schemePort: an unknown scheme has no port, which dials port 0.
 */
export function parseForwardProxy(
  variable: string,
  value: string,
  source: string,
  version?: GoVersion,
): ForwardProxy | undefined {
  if (value === "") return undefined;
  const written = parseGoUrl(value);
  const taken = written !== undefined && isProxyUrl(written, version) ? written : parseGoUrl(`http://${value}`);
  const url = taken ?? written;
  if (url === undefined) return undefined;
  /* A path says nothing of a proxy, and holds the password where http:// was put in front of it. */
  const shown = urlPlace(url.path.includes("@") ? url : { ...url, path: "" }).shown;
  return { ...urlPlace(url), shown, variable, source };
}

function isProxyUrl({ scheme, host }: { scheme: string; host: string }, version: GoVersion | undefined): boolean {
  return since(23, version) ? scheme !== "" && host !== "" : /^(?:https?|socks5)$/.test(scheme);
}

/** Where a proxy is, as it may be shown: of a password with a slash Go takes a part for the host. */
export function proxyPlace({ host, port, path }: ForwardProxy): string {
  return path.includes("@") ? "***" : hostPort(host, port);
}

/**
 * Whether NO_PROXY keeps a request to `host:port` from the proxy: comma list; a name covers its subdomains, `.name` and
 * `*.name` only those; addresses and networks cover address literals only; `*` alone covers all; localhost and loopback
 * addresses are always covered.
 *
 * Spec: golang.org/x/net/http/httpproxy, useProxy.
 */
export function matchesNoProxy(noProxy: string, host: string, port: number, version?: GoVersion): boolean {
  return noProxyReason(noProxy, host, port, version) !== undefined;
}

/** The entry of NO_PROXY that keeps a request from the proxy, or `localhost` for what never goes there. */
export function noProxyReason(noProxy: string, host: string, port: number, version?: GoVersion): string | undefined {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  const name = asciiName(bare);
  const address = parseAddress(name.split("%", 1)[0]);
  if (name === "localhost" || (address !== undefined && isLoopback(address))) return "localhost";
  const entries = noProxy.split(",").map((entry) => entry.trim());
  if (entries.includes("*")) return "*";
  /* Up to Go 1.23 names were compared with address literals as well. */
  const target = { name: name.trim().toLowerCase(), address, port, namesToo: !since(24, version) };
  return entries.find((entry) => entry !== "" && entryMatches(entry.toLowerCase(), target));
}

function isLoopback(address: AddressBytes): boolean {
  return inNetwork([127, 0, 0, 0], 8, address) || inNetwork([...new Array<number>(15).fill(0), 1], 128, address);
}

interface NoProxyTarget {
  readonly name: string;
  readonly address: AddressBytes | undefined;
  readonly port: number;
  readonly namesToo: boolean;
}

function entryMatches(entry: string, { name, address, port, namesToo }: NoProxyTarget): boolean {
  const network = parseNetwork(entry);
  if (network !== undefined) return address !== undefined && inNetwork(network.base, network.bits, address);
  const { host, port: wanted } = splitEntry(entry);
  if (host === "" || (wanted !== "" && wanted !== String(port))) return false;
  const exact = parseAddress(host);
  if (exact !== undefined) return address !== undefined && inNetwork(exact, exact.length * 8, address);
  if (address !== undefined && !namesToo) return false;
  const domain = asciiName(host.startsWith("*.") ? host.slice(1) : host);
  return domain.startsWith(".") ? name.endsWith(domain) : name === domain || name.endsWith(`.${domain}`);
}

/** Reads `address/bits`, as Go's net.ParseCIDR does. */
export function parseNetwork(text: string): { readonly base: AddressBytes; readonly bits: number } | undefined {
  const [, written = "", digits = ""] = /^([0-9a-f:.]+)\/(\d{1,8})$/.exec(text) ?? [];
  const base = parseAddress(written);
  const bits = Number(digits);
  if (base === undefined || bits > (written.includes(":") ? 128 : 32)) return undefined;
  /* An IPv4-mapped base is one of IPv4 as long as the mask covers what says so. */
  return written.includes(":") && base.length === 4 ? { base, bits: bits - 96 } : { base, bits };
}

/** Splits an entry of NO_PROXY. Spec: net.SplitHostPort; where that fails, the whole entry is the host. */
export function splitEntry(entry: string): { readonly host: string; readonly port: string } {
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(entry);
  return match === null ? { host: entry, port: "" } : { host: match[1] ?? match[2] ?? "", port: match[3] };
}

/* Names outside ASCII are compared in their ASCII form; where there is none, as they stand. */
function asciiName(name: string): string {
  return /[\u0080-\uffff]/.test(name) ? domainToASCII(name) || name : name;
}
