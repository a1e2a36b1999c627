import asn1 from "node-forge/lib/asn1.js";
import { ByteReader } from "../bytes/byte-reader.ts";
import { MalformedError } from "../bytes/malformed.ts";
import { latin1 } from "../bytes/text.ts";
import { expectDer, readAny } from "./der.ts";

/** An element as node-forge gives it. Its own type is not named here: users of the library would need it. */
export interface Asn1 {
  readonly tagClass: number;
  readonly type: number;
  readonly constructed: boolean;
  /** One character a byte; a BMPString is already text. */
  readonly value: string | readonly Asn1[];
}

/**
 * The first element of a range as a tree of values, by node-forge. Bytes after it are ignored, as Go ignores them in
 * most extensions.
 *
 * Throws: MalformedError, whatever node-forge throws.
 */
export function parseTree(reader: ByteReader, what: string): Asn1 {
  const element = readAny(reader, what);
  expectDer(new ByteReader(reader.bytes, what, element.start, element.contents.end), what);
  try {
    return asn1.fromDer(latin1(reader.bytes, element.start, element.contents.end), {
      strict: true,
      parseAllBytes: true,
      decodeBitStrings: false,
    }) as Asn1;
  } catch {
    throw new MalformedError("bad-encoding", element.start, what);
  }
}

/** A step into trees: children, octets and identifiers of one message, with one place for errors. */
export class TreeReader {
  readonly #offset: number;
  readonly #what: string;

  /** `offset` and `what` are named in errors. */
  constructor(offset: number, what: string) {
    this.#offset = offset;
    this.#what = what;
  }

  /** Children of a universal SEQUENCE. */
  items(node: Asn1 | undefined): readonly Asn1[] {
    if (node?.tagClass !== 0 || node.type !== 0x10) throw this.malformed("bad-encoding");
    return this.children(node);
  }

  /** Children of any constructed element. */
  children(node: Asn1): readonly Asn1[] {
    if (typeof node.value === "string") throw this.malformed("bad-encoding");
    return node.value;
  }

  /** Contents of a primitive element, one character a byte. */
  octets(node: Asn1 | undefined): string {
    if (typeof node?.value !== "string") throw this.malformed("bad-encoding");
    return node.value;
  }

  /** Dotted text of an OBJECT IDENTIFIER. */
  identifier(node: Asn1 | undefined): string {
    if (node?.tagClass !== 0 || node.type !== 0x06) throw this.malformed("bad-encoding");
    return oidText(this.octets(node)) ?? this.#refuse();
  }

  /** A non-negative INTEGER of at most 63 bits, as Go's int; values over 2^31 - 1 read as that. */
  integer(node: Asn1): number {
    const octets = this.octets(node);
    if (octets.length === 0 || octets.length > 8 || octets.charCodeAt(0) >= 0x80) throw this.malformed("bad-value");
    if (octets.length > 1 && octets.charCodeAt(0) === 0 && octets.charCodeAt(1) < 0x80) {
      throw this.malformed("bad-encoding");
    }
    let value = 0;
    for (let at = 0; at < octets.length && value < 0x80000000; at++) value = value * 256 + octets.charCodeAt(at);
    return Math.min(value, 0x7fffffff);
  }

  malformed(code: ConstructorParameters<typeof MalformedError>[0]): MalformedError {
    return new MalformedError(code, this.#offset, this.#what);
  }

  #refuse(): never {
    throw this.malformed("bad-encoding");
  }
}

/**
 * Dotted text of an object identifier's contents; undefined where they are none, or hold an arc over 2^53.
 *
 * Spec: X.690 §8.19. Names a certificate's every attribute and extension, which is why it is not node-forge's
 * (a buffer object each: a third of the time a certificate takes).
 */
export function oidText(octets: string): string | undefined {
  if (octets.length > longestOid || !isOid(octets)) return undefined;
  let text = "";
  let arc = 0;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets.charCodeAt(at);
    arc = arc * 128 + (octet & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) return undefined;
    if (octet >= 0x80) continue;
    const first = Math.min(Math.floor(arc / 40), 2);
    text = text === "" ? `${first}.${arc - first * 40}` : `${text}.${arc}`;
    arc = 0;
  }
  return text;
}

/** Whether contents are whole base-128 numbers in their shortest form (X.690 §8.19.2). */
export function isOid(octets: string): boolean {
  return oidOctets.test(octets);
}

/** The bytes of a value that node-forge gave as text. */
export function bytesOf(octets: string): Uint8Array {
  return Buffer.from(octets, "latin1");
}

// eslint-disable-next-line no-control-regex -- octets, one character each
const oidOctets = /^(?:(?:[\x81-\xff][\x80-\xff]*)?[\x00-\x7f])+$/;

/** No registered identifier comes near; keeps the text of hostile ones short. */
const longestOid = 128;
