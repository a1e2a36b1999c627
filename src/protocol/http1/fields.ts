/*
 * The field section of an HTTP/1 head. Spec: RFC 9112 §5, RFC 9110 §5.
 *
 *   field-line   field-name ":" OWS field-value OWS, ended by CR LF or LF
 *   obs-fold     a line that begins with a space or tab goes on with the value of the line before it
 */
import { MalformedError } from "../../bytes/malformed.ts";
import { latin1 } from "../../bytes/text.ts";
import { limits } from "../../limits.ts";
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
  server?: string;
  via?: string;
  authorization?: string;
  proxyAuthorization?: string;
  readonly challenges: string[];
}

/**
 * Reads the field lines of the range, the empty line at its end left out.
 *
 * `strict` is for requests: there a line without a colon or with a blank before it is how requests are smuggled, and
 * RFC 9112 §5.1 wants it refused; in answers such lines are passed over. Throws: `bad-value`.
 */
export function parseFields(bytes: Uint8Array, start: number, end: number, strict: boolean): Fields {
  const fields: Fields = { contentLengths: [], transferCodings: [], challenges: [] };
  let at = start;
  while (at < end) {
    const lineEnd = endOfFieldLine(bytes, at, end);
    const colon = indexOfByte(bytes, 0x3a, at, lineEnd);
    const named = colon > at;
    const nameEnd = named ? trimBlanksBefore(bytes, at, colon) : at;
    if (strict && (nameEnd !== colon || !isToken(bytes, at, nameEnd))) {
      throw new MalformedError("bad-value", at - start, "field name");
    }
    if (nameEnd > at && nameEnd - at <= longestName) {
      const read = readers.get(latin1(bytes, at, nameEnd).toLowerCase());
      if (read !== undefined) read(fields, fieldValue(bytes, colon + 1, lineEnd));
    }
    at = lineEnd;
  }
  return fields;
}

/** Where the byte first stands in the range, or -1. `Uint8Array.indexOf` would search on behind the range. */
export function indexOfByte(bytes: Uint8Array, byte: number, start: number, end: number): number {
  for (let at = start; at < end; at++) if (bytes[at] === byte) return at;
  return -1;
}

/** Whether the range is a token. Spec: RFC 9110 §5.6.2. */
export function isToken(bytes: Uint8Array, start: number, end: number): boolean {
  if (start >= end) return false;
  for (let at = start; at < end; at++) if (!isTokenByte(bytes[at])) return false;
  return true;
}

/** Text as kept in facts: at most limits.httpText characters, its end marked where it was cut. */
export function keptText(text: string): string {
  if (text.length <= limits.httpText) return text;
  // A slice would keep the whole text alive.
  return `${Buffer.from(text.slice(0, limits.httpText), "latin1").toString("latin1")}…`;
}

/** Text without userinfo: `user:secret@` goes wherever it stands in a URL, nested ones too. Spec: RFC 3986 §3.2.1. */
export function withoutUserinfo(text: string): string {
  return text.replace(/\/\/[^/?#]*@/g, "//");
}

/** An authority (`host`, `host:port`) without userinfo. */
export function authorityWithoutUserinfo(authority: string): string {
  return authority.slice(authority.lastIndexOf("@") + 1);
}

function endOfFieldLine(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (;;) {
    const lineFeed = indexOfByte(bytes, 0x0a, at, end);
    if (lineFeed < 0) return end;
    at = lineFeed + 1;
    if (at >= end || !isBlank(bytes[at])) return at;
  }
}

function fieldValue(bytes: Uint8Array, start: number, end: number): string {
  const text = latin1(bytes, start, end);
  return text.replace(/\r?\n[ \t]*/g, " ").trim();
}

function trimBlanksBefore(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(bytes[at - 1])) at--;
  return at;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}

function isTokenByte(byte: number): boolean {
  const letter = byte | 0x20;
  if (letter >= 0x61 && letter <= 0x7a) return true;
  if (byte >= 0x30 && byte <= 0x39) return true;
  return tokenMarks.includes(byte);
}

function list(value: string): string[] {
  return value
    .toLowerCase()
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

type ReadField = (fields: Fields, value: string) => unknown;

const readChallenges: ReadField = (fields, value) => {
  for (const scheme of parseChallenges(value)) {
    if (!fields.challenges.includes(scheme) && fields.challenges.length < 16) fields.challenges.push(scheme);
  }
};

const readers: ReadonlyMap<string, ReadField> = new Map<string, ReadField>([
  // Only differences between the values matter, and two show one.
  ["content-length", (fields, value) => fields.contentLengths.length < 16 && fields.contentLengths.push(value)],
  ["transfer-encoding", (fields, value) => fields.transferCodings.push(...list(value))],
  ["upgrade", (fields, value) => (fields.upgrade ??= value.toLowerCase())],
  ["host", (fields, value) => (fields.host ??= keptText(authorityWithoutUserinfo(withoutUserinfo(value))))],
  ["user-agent", (fields, value) => (fields.userAgent ??= keptText(value))],
  ["accept", (fields, value) => (fields.accept ??= keptText(value))],
  ["location", (fields, value) => (fields.location ??= keptText(withoutUserinfo(value)))],
  ["content-type", (fields, value) => (fields.contentType ??= keptText(value))],
  ["server", (fields, value) => (fields.server ??= keptText(value))],
  ["via", (fields, value) => (fields.via ??= keptText(value))],
  ["authorization", (fields, value) => (fields.authorization ??= knownScheme(value))],
  ["proxy-authorization", (fields, value) => (fields.proxyAuthorization ??= knownScheme(value))],
  ["www-authenticate", readChallenges],
  ["proxy-authenticate", readChallenges],
]);

const longestName = Math.max(...[...readers.keys()].map((name) => name.length));
const tokenMarks = [...Buffer.from("!#$%&'*+-.^_`|~", "latin1")];
