import { inNetwork, parseAddress } from "./ip-address.ts";
import type { AddressBytes } from "./ip-address.ts";
import { parseUrlPlace } from "./place.ts";
import type { UrlPlace } from "./place.ts";

/** The value of HTTPS_PROXY or HTTP_PROXY: where the proxy is and what is spoken to it. */
export interface ForwardProxy extends UrlPlace {
  readonly variable: string;
  /** Where the variable was read: a file's name. */
  readonly source: string;
}

/**
 * Reads a proxy variable as Go does: a value without a scheme is an HTTP proxy. Undefined where Go would go direct.
 *
 * Spec: golang.org/x/net/http/httpproxy, parseProxy.
 */
export function parseForwardProxy(variable: string, value: string, source: string): ForwardProxy | undefined {
  const url = parseUrlPlace(value) ?? parseUrlPlace(`http://${value}`);
  if (url === undefined) return undefined;
  /* Unknown schemes are treated like an HTTP proxy (Go 1.23 on), whose port is 80. */
  return { ...url, port: url.port === 0 ? 80 : url.port, variable, source };
}

/**
 * Whether NO_PROXY keeps a request to `host:port` from the proxy, as Go 1.24 and later judge it: comma list; a name
 * covers its subdomains, `.name` and `*.name` only those; addresses and networks cover address literals only; `*`
 * alone covers all; localhost and loopback addresses are always covered.
 *
 * Spec: golang.org/x/net/http/httpproxy, useProxy.
 */
export function matchesNoProxy(noProxy: string, host: string, port: number): boolean {
  const name = (host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host).trim().toLowerCase();
  const address = parseAddress(name);
  if (name === "localhost" || (address !== undefined && isLoopback(address))) return true;
  const entries = noProxy
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "");
  return entries.includes("*") || entries.some((entry) => entryMatches(entry, name, address, port));
}

function isLoopback(address: AddressBytes): boolean {
  return inNetwork([127, 0, 0, 0], 8, address) || inNetwork([...new Array<number>(15).fill(0), 1], 128, address);
}

function entryMatches(entry: string, name: string, address: AddressBytes | undefined, port: number): boolean {
  const [, base = "", bits = ""] = /^([0-9a-f:.]+)\/(\d{1,3})$/.exec(entry) ?? [];
  const network = parseAddress(base);
  if (network !== undefined) return address !== undefined && inNetwork(network, Number(bits), address);
  const { host, port: wanted } = splitEntry(entry);
  if (host === "" || (wanted !== undefined && wanted !== String(port))) return false;
  const exact = parseAddress(host);
  if (exact !== undefined) return address !== undefined && inNetwork(exact, exact.length * 8, address);
  if (address !== undefined) return false;
  const domain = host.startsWith("*.") ? host.slice(1) : host;
  return domain.startsWith(".") ? name.endsWith(domain) : name === domain || name.endsWith(`.${domain}`);
}

/* net.SplitHostPort fails with more than one colon outside brackets: then the whole entry is the host. */
function splitEntry(entry: string): { host: string; port?: string } {
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(entry);
  return match === null ? { host: entry } : { host: match[1] ?? match[2] ?? "", port: match[3] };
}
