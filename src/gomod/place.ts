import { hostPort } from "../bytes/text.ts";
import { parseGoUrl, type GoUrl } from "../bytes/go-url.ts";

/** Host and port; the host in lower case, IPv6 without brackets, without a final dot. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** The parts of a URL that say where it leads. Credentials are dropped where it is read. */
export interface UrlPlace extends Place {
  readonly scheme: string;
  /** Without a slash at its end; empty for the root. */
  readonly path: string;
  /** Userinfo was there. */
  readonly credentials: boolean;
  /** As it may be shown: userinfo is `***`. */
  readonly shown: string;
}

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443, socks5: 1080, socks5h: 1080 };
const placeShape = /^(?:\[([0-9A-Fa-f:.%]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/;

/** The port that a scheme means where none is written; 0 for schemes without one. */
export function defaultPort(scheme: string): number {
  return defaultPorts[scheme] ?? 0;
}

/** A place as URLs of a scheme write it: without the port that this means. Spec: RFC 3986 §3.2, §6.2.3. */
export function urlAuthority(scheme: string, { host, port }: Place): string {
  const written = hostPort(host, port);
  return port === defaultPort(scheme) ? written.slice(0, written.lastIndexOf(":")) : written;
}

/** Lower case, without brackets and the root's dot: one spelling for one host. */
export function canonicalHost(host: string): string {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  return (bare.endsWith(".") ? bare.slice(0, -1) : bare).toLowerCase();
}

/** One string for a place, fit as a key: `sum.golang.org:443`. */
export function placeKey(host: string, port: number): string {
  return `${canonicalHost(host)}:${port}`;
}

/** Reads `host`, `host:port` or `[IPv6]:port`; undefined where it is none of these. */
export function parsePlace(text: string, defaultTo: number): Place | undefined {
  const match = placeShape.exec(text);
  if (match === null) return undefined;
  const host = match[1] ?? match[2] ?? "";
  const port = match[3] === undefined ? defaultTo : Number(match[3]);
  return host === "" || port > 65_535 ? undefined : { host: canonicalHost(host), port };
}

/** Reads an absolute URL with an authority, as Go does; undefined where it is none. Query and fragment are dropped. */
export function parseUrlPlace(text: string): UrlPlace | undefined {
  const url = parseGoUrl(text);
  return url === undefined || url.scheme === "" || url.hostname === "" || Number(url.port) > 65_535
    ? undefined
    : urlPlace(url);
}

/** Where a URL leads, whether there can be such a place or not: host and port may be empty and out of range. */
export function urlPlace({ scheme, host, hostname, port, path: written, userinfo }: GoUrl): UrlPlace {
  const path = written.replace(/\/$/, "");
  const credentials = userinfo !== undefined;
  const place = { host: canonicalHost(hostname), port: port === "" ? defaultPort(scheme) : Number(port) };
  /* Behind an @ in the path all before it was meant as userinfo: a password with a slash. */
  const shown = path.includes("@") ? "***" : `${credentials ? "***@" : ""}${host}${path}`;
  return { ...place, scheme, path, credentials, shown: `${scheme}://${shown}` };
}
