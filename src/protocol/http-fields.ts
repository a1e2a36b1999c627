import { withoutSecrets } from "../bytes/secret-text.ts";
import { limits } from "../limits.ts";
import { knownScheme, parseChallenges } from "./credentials.ts";

/** What the program reads of a field section. Text is untrusted; of credentials only the scheme is here. */
export interface Fields {
  /** Values of all Content-Length fields, as sent. */
  readonly contentLengths: string[];
  /** Transfer codings in order, lower case. */
  readonly transferCodings: string[];
  /** Upgrade field, lower case. */
  upgrade?: string;
  host?: string;
  userAgent?: string;
  accept?: string;
  location?: string;
  contentType?: string;
  /** Content codings, lower case, as one text. */
  contentEncoding?: string;
  server?: string;
  via?: string;
  authorization?: string;
  proxyAuthorization?: string;
  /** A cookie was sent. */
  cookie?: true;
  readonly challenges: string[];
}

export function emptyFields(): Fields {
  return { contentLengths: [], transferCodings: [], challenges: [] };
}

/** Whether the program reads fields of this name, in lower case. */
export function isReadField(name: string): boolean {
  return readers.has(name);
}

/**
 * What of a field's value is worth remembering: of credentials only the scheme, of cookies nothing; undefined where it
 * is not read.
 */
export function keptValue(name: string, value: string): string | undefined {
  if (!readers.has(name)) return undefined;
  if (name === "cookie") return "";
  return name.endsWith("authorization") ? knownScheme(value) : value;
}

/** Takes one field in; of those that come once, the first. `name` in lower case. */
export function readField(fields: Fields, name: string, value: string): void {
  readers.get(name)?.(fields, value);
}

/** Text as kept in facts: at most limits.httpText characters, its end marked where it was cut. */
export function keptText(text: string): string {
  if (text.length <= limits.httpText) return text;
  // A slice would keep the whole text alive.
  return `${Buffer.from(text.slice(0, limits.httpText), "latin1").toString("latin1")}…`;
}

/** A URL or a part of one without secrets; userinfo goes, of nested ones too. Spec: RFC 3986 §3.2.1. */
export function urlWithoutSecrets(url: string): string {
  return withoutSecrets(url.replace(/\/\/[^/?#]*@/g, "//"));
}

/** An authority (`host`, `host:port`) without userinfo. */
export function authorityWithoutUserinfo(authority: string): string {
  return authority.slice(authority.lastIndexOf("@") + 1);
}

function list(value: string): string[] {
  return value
    .toLowerCase()
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** Several lines of one list are one list. Spec: RFC 9110 §5.3. */
function joined(before: string | undefined, value: string): string {
  return (before === undefined ? value : `${before}, ${value}`).toLowerCase();
}

type Read = (fields: Fields, value: string) => unknown;

const readChallenges: Read = (fields, value) => {
  for (const scheme of parseChallenges(value)) {
    if (!fields.challenges.includes(scheme) && fields.challenges.length < 16) fields.challenges.push(scheme);
  }
};

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  // Only differences between the values matter, and two show one.
  ["content-length", (fields, value) => fields.contentLengths.length < 16 && fields.contentLengths.push(value)],
  ["transfer-encoding", (fields, value) => fields.transferCodings.push(...list(value))],
  ["upgrade", (fields, value) => (fields.upgrade ??= value.toLowerCase())],
  ["host", (fields, value) => (fields.host ??= keptText(authorityWithoutUserinfo(urlWithoutSecrets(value))))],
  ["user-agent", (fields, value) => (fields.userAgent ??= keptText(value))],
  ["accept", (fields, value) => (fields.accept ??= keptText(value))],
  ["location", (fields, value) => (fields.location ??= keptText(urlWithoutSecrets(value)))],
  ["content-type", (fields, value) => (fields.contentType ??= keptText(value))],
  ["content-encoding", (fields, value) => (fields.contentEncoding = keptText(joined(fields.contentEncoding, value)))],
  ["server", (fields, value) => (fields.server ??= keptText(value))],
  ["via", (fields, value) => (fields.via ??= keptText(value))],
  ["authorization", (fields, value) => (fields.authorization ??= knownScheme(value))],
  ["proxy-authorization", (fields, value) => (fields.proxyAuthorization ??= knownScheme(value))],
  ["cookie", (fields) => (fields.cookie = true)],
  ["www-authenticate", readChallenges],
  ["proxy-authenticate", readChallenges],
]);

/** No field that is read has a longer name. */
export const longestFieldName = Math.max(...[...readers.keys()].map((name) => name.length));
