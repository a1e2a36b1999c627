import { parseVerifierKey } from "./checksum/note.ts";
import { parseGoUrl } from "../bytes/go-url.ts";
import { fieldsOf } from "../bytes/text.ts";
import { canonicalHost, parseUrlPlace, urlAuthority } from "./place.ts";
import type { Place, UrlPlace } from "./place.ts";
import type { GoRequest } from "./requests.ts";

/** What GOSUMDB says. */
export interface ChecksumDatabase {
  readonly off: boolean;
  /** Name of the database, which is its host unless a URL is given; empty when off. */
  readonly name: string;
  /** Where it is asked: the URL given, else `https://` and the name. Absent when off. */
  readonly url?: UrlPlace;
  /** A URL was given: proxies are not asked for `/supported`. */
  readonly explicitUrl: boolean;
  /** The go command refuses the value before it sends anything. */
  readonly invalid: boolean;
}

/** Reads GOSUMDB. Spec: cmd/go/internal/modfetch, dbDial; golang.org/x/mod/sumdb/note, NewVerifier. */
export function parseChecksumDatabase(value: string): ChecksumDatabase {
  if (value === "off") return { off: true, name: "", explicitUrl: false, invalid: false };
  const [written = "", address, more] = fieldsOf(value);
  if (written === "sum.golang.google.cn" && address === undefined) {
    return database("sum.golang.org", "https://sum.golang.google.cn", true);
  }
  const name = written.split("+", 1)[0];
  if (!isTrusted(written) || !isDatabaseName(name) || more !== undefined) {
    return { off: false, name, explicitUrl: false, invalid: true };
  }
  return database(name, address ?? `https://${name}`, address !== undefined);
}

/**
 * The name of the database that a lookup or tile was asked of: that by which a proxy mirrors it; where it is asked itself,
 * its place, `sumdb.corp.example/sum`.
 */
export function askedDatabase(request: Pick<GoRequest, "database" | "base">, scheme: string, place: Place): string {
  const { database, base = "" } = request;
  return database ?? `${urlAuthority(scheme, place)}${base}`;
}

/** Whether a place is that of a database asked there, by the name of `askedDatabase`. */
export function isDatabaseAt(name: string, place: Place): boolean {
  const [authority] = name.split("/", 1);
  return ["https", "http"].some((scheme) => urlAuthority(scheme, place) === authority);
}

/* The key of one database is known by its name. */
function isTrusted(written: string): boolean {
  return written === "sum.golang.org" || "name" in parseVerifierKey(written);
}

/** Whether a name is a host, with or without a path: what Go asks a database at. */
export function isDatabaseName(name: string): boolean {
  const url = parseGoUrl(`https://${name}`);
  const isPlain = !/\/$|[?#@]/.test(name);
  return url !== undefined && url.host !== "" && isPlain;
}

function database(name: string, address: string, explicitUrl: boolean): ChecksumDatabase {
  /* Without a scheme Go asks https://. */
  const url = parseUrlPlace(/^[^/:]+(?:\/|$)/.test(address) ? `https://${address}` : address);
  const common = { off: false, name: canonicalHost(name), explicitUrl };
  const isAsked = url?.scheme === "https" || (url?.scheme === "http" && !url.credentials);
  return url === undefined || !isAsked ? { ...common, invalid: true } : { ...common, url, invalid: false };
}
