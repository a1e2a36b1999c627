/**
 * Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm AlgorithmIdentifier, signature BIT STRING }
 * TBSCertificate ::= SEQUENCE { version [0] EXPLICIT INTEGER DEFAULT v1, serialNumber INTEGER, signature
 *   AlgorithmIdentifier, issuer Name, validity SEQUENCE { notBefore Time, notAfter Time }, subject Name,
 *   subjectPublicKeyInfo, issuerUniqueID [1] OPTIONAL, subjectUniqueID [2] OPTIONAL, extensions [3] EXPLICIT OPTIONAL }
 */
import { hash } from "node:crypto";
import { ByteReader } from "../bytes/byte-reader.ts";
import { MalformedError } from "../bytes/malformed.ts";
import { hex, latin1 } from "../bytes/text.ts";
import {
  parseSignatureAlgorithm,
  readBitString,
  readPublicKey,
  type PublicKey,
  type SignatureAlgorithm,
} from "./algorithms.ts";
import { nextTag, rawBytes, readAny, readContents, readElement, readOptional, Tag } from "./der.ts";
import { readDistinguishedName, type DistinguishedName } from "./distinguished-name.ts";
import { noExtensions, parseExtensions, type Extensions } from "./extensions.ts";

/** A parsed certificate. Byte fields are views of `der`. */
export interface Certificate {
  readonly der: Uint8Array;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly version: 1 | 2 | 3;
  /** Lower-case hex, whole bytes, no sign byte. */
  readonly serial: string;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  /** Equal names: the certificate is self-issued (RFC 5280 §3.2), which does not yet say self-signed. */
  readonly selfIssued: boolean;
  /** Seconds since the Unix epoch, both ends valid. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: PublicKey;
  readonly extensions: Extensions;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** The signed bytes: tbsCertificate, tag included. */
  readonly tbsCertificate: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Parses one certificate, which must fill the bytes.
 *
 * Spec: RFC 5280 §4.1, refusing what Go refuses (crypto/x509 parser.go, 1.26). Borrows: keeps views of `der` for good.
 * Throws: MalformedError only. Ignores: unique identifiers.
 */
export function parseCertificate(der: Uint8Array, sha256?: string): Certificate {
  const whole = new ByteReader(der, "certificate");
  const fields = readContents(whole, Tag.sequence, "certificate");
  const tbs = readElement(fields, Tag.sequence, "tbs certificate");
  const outerAlgorithm = readContents(fields, Tag.sequence, "algorithm identifier");
  const tbsCertificate = rawBytes(tbs);
  const body = tbs.contents;
  const version = readVersion(body);
  const serial = readSerial(body);
  const algorithm = readContents(body, Tag.sequence, "signature algorithm identifier");
  if (!sameBytes(algorithm, outerAlgorithm)) throw new MalformedError("bad-value", algorithm.offset, "two algorithms");
  const signatureAlgorithm = parseSignatureAlgorithm(algorithm);
  const issuer = readDistinguishedName(body, "issuer");
  const validity = readContents(body, Tag.sequence, "validity");
  const [notBefore, notAfter] = [readTime(validity), readTime(validity)];
  const subject = readDistinguishedName(body, "subject");
  const publicKey = readPublicKey(body);
  const extensions = version === 1 ? noExtensions() : readOptionalFields(body, version);
  const signature = readBitString(fields, "signature").rest();
  whole.expectEnd();
  return {
    der,
    sha256: sha256 ?? sha256Of(der),
    version,
    serial,
    issuer,
    subject,
    selfIssued: Buffer.compare(issuer.raw, subject.raw) === 0,
    notBefore,
    notAfter,
    publicKey,
    extensions,
    signatureAlgorithm,
    tbsCertificate,
    signature,
  };
}

/** What certificates are known by, in lower-case hex. */
export function sha256Of(der: Uint8Array): string {
  return hash("sha256", der, "hex");
}

/**
 * The subject Name's bytes, found without parsing the rest: what an index of anchors needs.
 *
 * Throws: MalformedError. Borrows: a view of `der`. Cost: a tenth of `parseCertificate`.
 */
export function locateSubject(der: Uint8Array): Uint8Array {
  const whole = new ByteReader(der, "certificate");
  const body = readContents(readContents(whole, Tag.sequence, "certificate"), Tag.sequence, "tbs certificate");
  whole.expectEnd();
  readOptional(body, 0xa0, "version");
  for (const field of ["serial number", "signature algorithm identifier", "issuer", "validity"]) readAny(body, field);
  return rawBytes(readElement(body, Tag.sequence, "subject"));
}

function readVersion(body: ByteReader): 1 | 2 | 3 {
  const field = readOptional(body, 0xa0, "version");
  if (field === undefined) return 1;
  const number = readContents(field, Tag.integer, "version");
  if (number.remaining !== 1) throw number.malformed("bad-value");
  const version = number.u8() + 1;
  if (version !== 1 && version !== 2 && version !== 3) throw number.malformed("bad-value");
  field.expectEnd();
  return version;
}

function readSerial(body: ByteReader): string {
  const number = readContents(body, Tag.integer, "serial number");
  const { bytes, offset, end } = number;
  if (offset === end || (bytes[offset] === 0 && end - offset > 1 && bytes[offset + 1] < 0x80)) {
    throw number.malformed("bad-encoding");
  }
  if (bytes[offset] >= 0x80) throw number.malformed("bad-value");
  return hex(bytes, bytes[offset] === 0 && end - offset > 1 ? offset + 1 : offset, end);
}

/** Spec: RFC 5280 §4.1.2.5; UTCTime without seconds, or with an offset, is read as Go reads it. */
function readTime(validity: ByteReader): number {
  const isUtc = nextTag(validity) === Tag.utcTime;
  const contents = isUtc
    ? readContents(validity, Tag.utcTime, "UTCTime")
    : readContents(validity, Tag.generalizedTime, "GeneralizedTime");
  const text = latin1(contents.bytes, contents.offset, contents.end);
  const match = (isUtc ? utcTime : generalizedTime).exec(text);
  if (match === null) throw contents.malformed("bad-value");
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? "0"));
  const fullYear = isUtc ? year + (year >= 50 ? 1900 : 2000) : year;
  const date = new Date(0);
  date.setUTCFullYear(fullYear, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const exact = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  if (!exact || minute > 59 || second > 59) throw contents.malformed("bad-value");
  const offset = match.at(7);
  return date.getTime() / 1000 - (offset === undefined ? 0 : minutesOf(offset) * 60);
}

/** Minutes of an offset as `+hhmm`. */
function minutesOf(offset: string): number {
  return Number(`${offset[0]}1`) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3)));
}

function readOptionalFields(body: ByteReader, version: 2 | 3): Extensions {
  for (const tag of [0x81, 0x82]) readOptional(body, tag, "unique identifier");
  const field = version === 3 ? readOptional(body, 0xa3, "extensions") : undefined;
  return field ? parseExtensions(readContents(field, Tag.sequence, "extensions")) : noExtensions();
}

function sameBytes(one: ByteReader, other: ByteReader): boolean {
  return (
    one.remaining === other.remaining &&
    Buffer.compare(one.bytes.subarray(one.offset, one.end), other.bytes.subarray(other.offset, other.end)) === 0
  );
}

const utcTime = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:Z|(?![+-]0000)([+-](?:[01]\d|2[0-4])[0-5]\d))$/;
const generalizedTime = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** A certificate as a sentence names it. */
export function called({ subject, serial }: Certificate): string {
  return calledByName(subject) ?? `the certificate with serial ${serial}`;
}

/** A name as a sentence gives it: the common name alone where there is one. */
export function calledByName({ commonName, text }: DistinguishedName): string | undefined {
  return commonName || text || undefined;
}
