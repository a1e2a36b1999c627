/**
 * Name ::= SEQUENCE OF RelativeDistinguishedName
 * RelativeDistinguishedName ::= SET OF SEQUENCE { type OBJECT IDENTIFIER, value DirectoryString }
 */
import { isUtf8 } from "node:buffer";
import type { ByteReader } from "../bytes/byte-reader.ts";
import { hex, latin1, utf8 } from "../bytes/text.ts";
import { readIdentifier } from "./algorithms.ts";
import { rawBytes, readAny, readContents, readElement, Tag, type Element } from "./der.ts";

/** A name for comparing (`raw`) and for people (the rest, which is untrusted text). */
export interface DistinguishedName {
  /** The DER: names are equal when these bytes are, as in Go. */
  readonly raw: Uint8Array;
  /** RFC 4514, most specific first: `CN=Lab Root,O=Lab`. Empty for an empty name. */
  readonly text: string;
  /** Last one given, as Go takes it; empty where there is none. */
  readonly commonName: string;
  readonly organization: string;
}

/**
 * Reads a Name. Like Go, ignores what follows an attribute's value; node-forge would not, which is why it has no part.
 *
 * Spec: RFC 5280 §4.1.2.4. Throws: as `readAny`, and `bad-encoding` for string types that Go does not read either.
 */
export function readDistinguishedName(reader: ByteReader, what: string): DistinguishedName {
  const element = readElement(reader, Tag.sequence, what);
  const raw = rawBytes(element);
  const texts: string[] = [];
  let commonName = "";
  let organization = "";
  while (element.contents.remaining > 0) {
    const set = readContents(element.contents, Tag.set, what);
    const attributes: string[] = [];
    while (set.remaining > 0) {
      const attribute = readContents(set, Tag.sequence, what);
      const oid = readIdentifier(attribute, what);
      const text = directoryString(readAny(attribute, what));
      if (oid === commonNameOid) commonName = text;
      if (oid === organizationOid && organization === "") organization = text;
      attributes.push(`${attributeNames.get(oid) ?? oid}=${escapeValue(text)}`);
    }
    texts.push(attributes.join("+"));
  }
  return { raw, text: texts.reverse().join(","), commonName, organization };
}

/** The common name in the text of a name; the whole text where there is none. */
export function commonNameIn(text: string): string {
  return /(?:^|,)CN=((?:\\.|[^,\\])*)/.exec(text)?.[1] ?? text;
}

function directoryString({ tag, contents }: Element): string {
  const { bytes, offset, end } = contents;
  if (tag === 0x0c) {
    if (!isUtf8(bytes.subarray(offset, end))) throw contents.malformed("bad-encoding");
    return utf8(bytes, offset, end);
  }
  const text = tag === 0x1e ? bmpText(contents) : latin1(bytes, offset, end);
  if (stringCharacters.get(tag)?.test(text) !== true) throw contents.malformed("bad-encoding");
  return text;
}

/** UCS-2, a final terminator dropped. */
function bmpText(contents: ByteReader): string {
  let text = "";
  while (contents.remaining > 0) text += String.fromCharCode(contents.u16());
  return text.replace(/\0$/, "");
}

/** Spec: RFC 4514 §2.4; control characters as hex pairs. */
function escapeValue(text: string): string {
  // eslint-disable-next-line no-control-regex -- most names have nothing to escape
  if (/^[A-Za-z0-9][^",+;<>\\\x00-\x1f\x7f]*[^ ",+;<>\\\x00-\x1f\x7f]$/.test(text)) return text;
  return (
    text
      .replace(/[",+;<>\\]/g, "\\$&")
      // eslint-disable-next-line no-control-regex -- they are what is escaped
      .replace(/[\x00-\x1f\x7f]/g, (control) => `\\${hex(Buffer.from(control))}`)
      .replace(/^[ #]/, "\\$&")
      .replace(/ $/, "\\ ")
  );
}

/** By tag: NumericString, PrintableString with Go's `*` and `&`, T61String read as Latin-1, IA5String, BMPString. */
const stringCharacters = new Map([
  [0x12, /^[0-9 ]*$/],
  [0x13, /^[a-zA-Z0-9 '()*+,\-./:=?&]*$/],
  [0x14, /^[^]*$/],
  // eslint-disable-next-line no-control-regex -- IA5String is ASCII, controls included
  [0x16, /^[\x00-\x7f]*$/],
  [0x1e, /^[^\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]*$/],
]);

const commonNameOid = "2.5.4.3";
const organizationOid = "2.5.4.10";

/** Short names of RFC 4514 §3, then those that certificates use besides (X.520, PKCS #9), 2025. */
const attributeNames = new Map([
  [commonNameOid, "CN"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  [organizationOid, "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.6", "C"],
  ["2.5.4.9", "STREET"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["2.5.4.5", "serialNumber"],
  ["2.5.4.97", "organizationIdentifier"],
  ["2.5.4.15", "businessCategory"],
  ["2.5.4.17", "postalCode"],
  ["1.2.840.113549.1.9.1", "emailAddress"],
]);
