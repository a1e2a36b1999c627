/**
 * AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }
 * SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }
 */
import { createPublicKey, type KeyObject } from "node:crypto";
import { ByteReader } from "../bytes/byte-reader.ts";
import { MalformedError } from "../bytes/malformed.ts";
import { latin1 } from "../bytes/text.ts";
import { oidText, parseTree, TreeReader, type Asn1 } from "./asn1-tree.ts";
import { curves, isOnCurve } from "./curves.ts";
import { rawBytes, readAny, readContents, readElement, Tag, type Element } from "./der.ts";

type KeyAlgorithm = "RSA" | "ECDSA" | "Ed25519" | "X25519" | "DSA" | "unknown";

/** How a certificate was signed, as far as Go tells apart. */
export interface SignatureAlgorithm {
  /** Go's name: `SHA256-RSA`, `ECDSA-SHA384`; the dotted identifier where Go knows none. */
  readonly name: string;
  readonly key: KeyAlgorithm;
  /** Digest by the name that node:crypto takes; absent for Ed25519 and for the unknown. */
  readonly digest?: "md5" | "sha1" | "sha256" | "sha384" | "sha512";
  readonly pss: boolean;
}

/** A subject's public key; the key object is made when a signature needs it. */
export interface PublicKey {
  readonly algorithm: KeyAlgorithm;
  /** `RSA 2048`, `P-256`, `Ed25519`; the dotted identifier where it is unknown. */
  readonly text: string;
  /** Modulus or field size; 0 where unknown. */
  readonly bits: number;
  /** SubjectPublicKeyInfo, DER. */
  readonly raw: Uint8Array;
  /** Undefined where OpenSSL refuses the key, a point off its curve for instance. */
  object(): KeyObject | undefined;
}

/**
 * Interprets the contents of an AlgorithmIdentifier that names a signature.
 *
 * Spec: RFC 5280 §4.1.1.2, RFC 4055 §3.1, RFC 8410 §3. RSA-PSS counts only with one digest throughout and a salt of its
 * size, as in Go. Throws: as `readAny`; `bad-encoding` for a malformed identifier.
 */
export function parseSignatureAlgorithm(contents: ByteReader): SignatureAlgorithm {
  const oid = readIdentifier(contents, "signature algorithm");
  const parameters = contents.remaining > 0 ? rawBytes(readAny(contents, "parameters")) : undefined;
  if (oid === rsaPss) return (parameters && tryPssAlgorithm(parameters)) ?? unknownAlgorithm(oid);
  if (oid === ed25519 && parameters !== undefined) return unknownAlgorithm(oid);
  return signatureAlgorithms.get(oid) ?? unknownAlgorithm(oid);
}

/**
 * Reads a SubjectPublicKeyInfo.
 *
 * Spec: RFC 5280 §4.1.2.7, RFC 3279 §2.3, RFC 5480, RFC 8410. Throws: as Go refuses: RSA without NULL parameters, curves
 * other than the four of NIST, points that are not uncompressed, wrong sizes.
 */
export function readPublicKey(reader: ByteReader): PublicKey {
  const what = "subjectPublicKeyInfo";
  const element = readElement(reader, Tag.sequence, what);
  const algorithm = readContents(element.contents, Tag.sequence, what);
  const oid = readIdentifier(algorithm, what);
  const parameters = algorithm.remaining > 0 ? readAny(algorithm, what) : undefined;
  const key = readBitString(element.contents, what);
  const raw = rawBytes(element);
  const [name, text, bits] = keyKinds.get(oid)?.(parameters, key) ?? (["unknown", oid, 0] as const);
  return lazyKey(name, text, bits, raw);
}

/** Reads a BIT STRING of whole bytes or not; gives them without the count of unused bits. */
export function readBitString(reader: ByteReader, what: string): ByteReader {
  const contents = readContents(reader, Tag.bitString, what);
  const unused = contents.u8();
  const last = contents.remaining > 0 ? contents.bytes[contents.end - 1] : 0;
  if (unused > 7 || (unused > 0 && contents.remaining === 0) || (last & ((1 << unused) - 1)) !== 0) {
    throw contents.malformed("bad-encoding");
  }
  return contents;
}

/** Reads an OBJECT IDENTIFIER as dotted text. */
export function readIdentifier(reader: ByteReader, what: string): string {
  const contents = readContents(reader, Tag.objectIdentifier, what);
  const oid = oidText(octetsOf(contents));
  if (oid === undefined) throw contents.malformed("bad-encoding");
  return oid;
}

/** Checks a key's parameters and contents; gives its algorithm, text and size. */
type KeyKind = (parameters: Element | undefined, key: ByteReader) => readonly [KeyAlgorithm, string, number];

function rsaKey(parameters: Element | undefined, key: ByteReader): readonly [KeyAlgorithm, string, number] {
  if (parameters?.tag !== Tag.null || parameters.contents.remaining > 0) throw key.malformed("bad-value");
  const bits = modulusBits(key);
  return ["RSA", `RSA ${bits}`, bits];
}

function ellipticKey(parameters: Element | undefined, key: ByteReader): readonly [KeyAlgorithm, string, number] {
  const curve =
    parameters?.tag === Tag.objectIdentifier ? curves.get(oidText(octetsOf(parameters.contents)) ?? "") : undefined;
  if (curve === undefined) throw key.malformed("bad-value");
  const { name, bits } = curve;
  const point = key.bytes.subarray(key.offset, key.end);
  if (point.length !== 1 + 2 * Math.ceil(bits / 8) || point[0] !== 0x04) throw key.malformed("bad-value");
  if (!isOnCurve(point, curve)) throw new MalformedError("bad-value", key.offset, `${name} point`);
  return ["ECDSA", name, bits];
}

function curve25519Key(name: "Ed25519" | "X25519"): KeyKind {
  return (parameters, key) => {
    if (parameters !== undefined || key.remaining !== 32) throw key.malformed("bad-value");
    return [name, name, 256];
  };
}

function octetsOf(contents: ByteReader): string {
  return latin1(contents.bytes, contents.offset, contents.end);
}

function modulusBits(key: ByteReader): number {
  const fields = readContents(key, Tag.sequence, "subjectPublicKey");
  const modulus = readContents(fields, Tag.integer, "modulus");
  const exponent = readContents(fields, Tag.integer, "publicExponent");
  for (const number of [modulus, exponent]) {
    if (number.remaining === 0) throw number.malformed("bad-encoding");
    const [first, second] = number.bytes.subarray(number.offset, number.end);
    if (first >= 0x80 || (first === 0 && !(second >= 0x80))) throw number.malformed("bad-value");
  }
  if (exponent.remaining > 8) throw exponent.malformed("bad-value");
  if (modulus.bytes[modulus.offset] === 0) modulus.skip(1);
  return modulus.remaining * 8 - (Math.clz32(modulus.bytes[modulus.offset]) - 24);
}

function lazyKey(algorithm: KeyAlgorithm, text: string, bits: number, raw: Uint8Array): PublicKey {
  let made: KeyObject | null | undefined;
  const object = (): KeyObject | undefined => {
    made ??= tryPublicKey(raw) ?? null;
    return made ?? undefined;
  };
  return { algorithm, text, bits, raw, object };
}

function tryPublicKey(raw: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(raw), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}

/** Malformed parameters make the algorithm unknown, not the certificate malformed, as in Go. */
function tryPssAlgorithm(parameters: Uint8Array): SignatureAlgorithm | undefined {
  try {
    return pssAlgorithm(parameters);
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

function pssAlgorithm(parameters: Uint8Array): SignatureAlgorithm | undefined {
  const tree = new TreeReader(0, "RSASSA-PSS-params");
  const fields = tree.items(parseTree(new ByteReader(parameters, "RSASSA-PSS-params"), "RSASSA-PSS-params"));
  const tagged = (tag: number): Asn1 | undefined => {
    const field = fields.find((item) => item.tagClass === 0x80 && item.type === tag);
    return field && tree.children(field)[0];
  };
  const [hash, mask, salt, trailer] = [tagged(0), tagged(1), tagged(2), tagged(3)];
  // Absent fields stand for SHA-1 and a salt of 20, which is not worth a name.
  if (!hash || !mask || !salt || (trailer && tree.integer(trailer) !== 1)) return undefined;
  const digest = tree.identifier(tree.items(hash)[0]);
  const [generator, generatorHash] = tree.items(mask);
  if (tree.identifier(generator) !== "1.2.840.113549.1.1.8") return undefined;
  if (!generatorHash || tree.identifier(tree.items(generatorHash)[0]) !== digest) return undefined;
  const known = pssDigests.get(digest);
  return known && tree.integer(salt) === known[1]
    ? { name: `${known[0].toUpperCase()}-RSAPSS`, key: "RSA", digest: known[0], pss: true }
    : undefined;
}

const unknownAlgorithm = (name: string): SignatureAlgorithm => ({ name, key: "unknown", pss: false });
const signed = (name: string, key: KeyAlgorithm, digest: SignatureAlgorithm["digest"]): SignatureAlgorithm =>
  digest === undefined ? { name, key, pss: false } : { name, key, digest, pss: false };

const rsaPss = "1.2.840.113549.1.1.10";
const ed25519 = "1.3.101.112";

/** What Go knows (crypto/x509 signatureAlgorithmDetails, 1.26), by its names. */
const signatureAlgorithms = new Map<string, SignatureAlgorithm>([
  ["1.2.840.113549.1.1.4", signed("MD5-RSA", "RSA", "md5")],
  ["1.2.840.113549.1.1.5", signed("SHA1-RSA", "RSA", "sha1")],
  ["1.3.14.3.2.29", signed("SHA1-RSA", "RSA", "sha1")],
  ["1.2.840.113549.1.1.11", signed("SHA256-RSA", "RSA", "sha256")],
  ["1.2.840.113549.1.1.12", signed("SHA384-RSA", "RSA", "sha384")],
  ["1.2.840.113549.1.1.13", signed("SHA512-RSA", "RSA", "sha512")],
  ["1.2.840.10040.4.3", signed("DSA-SHA1", "DSA", "sha1")],
  ["2.16.840.1.101.3.4.3.2", signed("DSA-SHA256", "DSA", "sha256")],
  ["1.2.840.10045.4.1", signed("ECDSA-SHA1", "ECDSA", "sha1")],
  ["1.2.840.10045.4.3.2", signed("ECDSA-SHA256", "ECDSA", "sha256")],
  ["1.2.840.10045.4.3.3", signed("ECDSA-SHA384", "ECDSA", "sha384")],
  ["1.2.840.10045.4.3.4", signed("ECDSA-SHA512", "ECDSA", "sha512")],
  [ed25519, signed("Ed25519", "Ed25519", undefined)],
]);

const pssDigests = new Map<string, readonly ["sha256" | "sha384" | "sha512", number]>([
  ["2.16.840.1.101.3.4.2.1", ["sha256", 32]],
  ["2.16.840.1.101.3.4.2.2", ["sha384", 48]],
  ["2.16.840.1.101.3.4.2.3", ["sha512", 64]],
]);

const keyKinds = new Map<string, KeyKind>([
  ["1.2.840.113549.1.1.1", rsaKey],
  ["1.2.840.10045.2.1", ellipticKey],
  [ed25519, curve25519Key("Ed25519")],
  ["1.3.101.110", curve25519Key("X25519")],
  ["1.2.840.10040.4.1", (): readonly [KeyAlgorithm, string, number] => ["DSA", "DSA", 0]],
]);
