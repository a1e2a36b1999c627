import { parseIp } from "./ip-address.ts";

/*
 * URLs as the go command reads them, which is what decides where a proxy variable leads.
 *
 *   scheme ":" ["//" [userinfo "@"] host [":" port]] path ["?" query]
 *
 * A value that does not parse is not refused everywhere: HTTPS_PROXY is tried again with http:// in front.
 */

/** The parts of a URL. Untrusted; `userinfo` is secret. */
export interface GoUrl {
  /** Lower case; empty where there is none. */
  readonly scheme: string;
  /** As written, still escaped; absent where there is no `@`. */
  readonly userinfo?: string;
  /** Host and port, unescaped: what Go calls Host. Empty where the URL has no authority. */
  readonly host: string;
  /** Host without port and brackets. */
  readonly hostname: string;
  /** Digits, any number of them; empty where none is written. */
  readonly port: string;
  readonly path: string;
  readonly query: boolean;
}

/**
 * Reads a URL; undefined where Go's parser gives an error.
 *
 * Spec: net/url, Parse (Go 1.26: an IP literal alone may stand in brackets, one colon alone in the host of http and
 * https). Ignores: what a fragment says.
 */
export function parseGoUrl(text: string): GoUrl | undefined {
  const [written, fragment = ""] = splitAt(text, "#");
  // eslint-disable-next-line no-control-regex -- control characters are what Go refuses.
  if (/[\0-\x1f\x7f]/.test(written) || written.startsWith(":") || !isEscaped(fragment)) return undefined;
  const [, prefix = "", behind = written] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(written) ?? [];
  const scheme = prefix.toLowerCase();
  const [rest, query] = splitAt(behind, "?");
  const place = rest.startsWith("/") ? parseHierarchy(scheme, rest) : parseRootless(scheme, rest);
  return place === undefined ? undefined : { scheme, query: query !== undefined, ...place };
}

type Place = Omit<GoUrl, "scheme" | "query">;

/* Behind a scheme it is opaque and says nothing; without one, a colon in its first element is taken for a bad scheme. */
function parseRootless(scheme: string, path: string): Place | undefined {
  if (scheme === "" && (path.split("/", 1)[0].includes(":") || !isEscaped(path))) return undefined;
  return { ...nowhere, path };
}

function parseHierarchy(scheme: string, rest: string): Place | undefined {
  if (!rest.startsWith("//") || (scheme === "" && rest.startsWith("///"))) {
    return isEscaped(rest) ? { ...nowhere, path: rest } : undefined;
  }
  const slash = rest.indexOf("/", 2);
  const authority = parseAuthority(scheme, rest.slice(2, slash < 0 ? undefined : slash));
  const path = slash < 0 ? "" : rest.slice(slash);
  return authority !== undefined && isEscaped(path) ? { ...authority, path } : undefined;
}

const nowhere = { host: "", hostname: "", port: "" };

function splitAt(text: string, separator: string): [before: string, after: string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

function parseAuthority(scheme: string, authority: string): Omit<Place, "path"> | undefined {
  const at = authority.lastIndexOf("@");
  const host = parseHost(scheme, authority.slice(at + 1));
  if (host === undefined) return undefined;
  const [, name = host, port = ""] = /^(.*):(\d*)$/s.exec(host) ?? [];
  const place = { host, hostname: /^\[.*\]$/s.test(name) ? name.slice(1, -1) : name, port };
  if (at < 0) return place;
  const userinfo = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userinfo) || !isEscaped(userinfo)) return undefined;
  return { ...place, userinfo };
}

function parseHost(scheme: string, host: string): string | undefined {
  const bracket = host.lastIndexOf("[");
  if (bracket > 0) return undefined;
  if (bracket === 0) return parseLiteral(host);
  const first = host.indexOf(":");
  const strict = scheme === "http" || scheme === "https";
  const colon = strict ? first : host.lastIndexOf(":");
  return colon >= 0 && !isPort(host.slice(colon)) ? undefined : unescapeHost(host);
}

/* Zones are written %25zone, and may hold what a host may not. */
function parseLiteral(host: string): string | undefined {
  const end = host.lastIndexOf("]");
  const port = host.slice(end + 1);
  if (end < 0 || !isPort(port)) return undefined;
  const [address, zone] = splitAt(host.slice(1, end), "%25");
  const name = unescapeHost(address);
  if (name === undefined || !name.includes(":") || parseIp(name) === undefined) return undefined;
  if (zone === undefined) return `[${name}]${port}`;
  const isZone = zone !== "" && isEscaped(zone) && !forbidden.test(zone.replaceAll(/%20|%25/g, ""));
  return isZone && !forbidden.test(decode(zone).replaceAll(/[ %]/g, ""))
    ? `[${name}%${decode(zone)}]${port}`
    : undefined;
}

function isPort(text: string): boolean {
  return text === "" || /^:\d*$/.test(text);
}

/* Only bytes outside ASCII, and the percent sign itself, may be escaped in a host. */
function unescapeHost(host: string): string | undefined {
  if (!isEscaped(host) || /%(?!25)[0-7]/.test(host) || forbidden.test(host)) return undefined;
  return decode(host);
}

/** What may not stand in a host. Spec: net/url, table of encodings. */
const forbidden = /[ #\\^`{|}?/@]/;

function isEscaped(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(text);
}

function decode(text: string): string {
  if (!text.includes("%")) return text;
  const bytes = text.replace(/%([0-9A-Fa-f]{2})|[^%]+/g, (part, digits?: string) =>
    digits === undefined
      ? Buffer.from(part, "utf8").toString("latin1")
      : String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}
