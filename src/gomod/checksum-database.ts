import { canonicalHost, parseUrlPlace } from "./place.ts";
import type { UrlPlace } from "./place.ts";

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

const knownNames = new Set(["sum.golang.org"]);

/** Reads GOSUMDB. Spec: cmd/go/internal/modfetch, dbDial. */
export function parseChecksumDatabase(value: string): ChecksumDatabase {
  if (value === "off") return { off: true, name: "", explicitUrl: false, invalid: false };
  const [written = "", address, more] = value.trim().split(/\s+/);
  if (written === "sum.golang.google.cn" && address === undefined) {
    return database("sum.golang.org", "https://sum.golang.google.cn", true);
  }
  const name = written.split("+", 1)[0];
  const trusted = written.includes("+") || knownNames.has(written);
  if (!trusted || name === "" || more !== undefined) return { off: false, name, explicitUrl: false, invalid: true };
  return database(name, address ?? `https://${name}`, address !== undefined);
}

function database(name: string, address: string, explicitUrl: boolean): ChecksumDatabase {
  const url = parseUrlPlace(address);
  const common = { off: false, name: canonicalHost(name), explicitUrl };
  return url === undefined ? { ...common, invalid: true } : { ...common, url, invalid: false };
}
