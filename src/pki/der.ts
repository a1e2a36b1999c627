/**
 * Strict DER, one element at a time, over a ByteReader.
 *
 * tag 1 · length 1 (0x00–0x7f) or 1 + n (0x81–0x84, then n bytes, shortest form) · contents
 *
 * This reader gives ranges: what is signed, hashed or compared must be the bytes that were sent. node-forge gives values
 * but forgets where they stood, and forgives what DER forbids (indefinite and overlong lengths).
 */
import { ByteReader } from "../bytes/byte-reader.ts";

export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** An element with its place: `start` is its tag, `contents` covers what is inside. */
export interface Element {
  readonly tag: number;
  readonly start: number;
  readonly contents: ByteReader;
}

/**
 * Reads whatever element comes next.
 *
 * Spec: X.690 §8.1, §10.1. Throws: `truncated`, `bad-encoding` (high tag number, indefinite length), `bad-length` (not
 * the shortest form), `too-large` (more than four length bytes).
 */
export function readAny(reader: ByteReader, what: string): Element {
  const start = reader.offset;
  const tag = reader.u8();
  if ((tag & 0x1f) === 0x1f) throw reader.malformed("bad-encoding");
  const length = readLength(reader);
  return { tag, start, contents: reader.child(length, what) };
}

/** Reads an element that must have this tag. Throws: as `readAny`, and `bad-encoding` for another tag. */
export function readElement(reader: ByteReader, tag: number, what: string): Element {
  if (nextTag(reader) !== tag && reader.remaining > 0) {
    throw new ByteReader(reader.bytes, what, reader.offset, reader.end).malformed("bad-encoding");
  }
  return readAny(reader, what);
}

/** The contents of an element that must have this tag. */
export function readContents(reader: ByteReader, tag: number, what: string): ByteReader {
  return readElement(reader, tag, what).contents;
}

/** Skips an element with this tag where there is one; gives its contents. */
export function readOptional(reader: ByteReader, tag: number, what: string): ByteReader | undefined {
  return nextTag(reader) === tag ? readContents(reader, tag, what) : undefined;
}

/** The next element's tag, or -1 at the end. */
export function nextTag(reader: ByteReader): number {
  return reader.remaining > 0 ? reader.bytes[reader.offset] : -1;
}

/** An element's bytes, tag included. Borrows the message. */
export function rawBytes(element: Element): Uint8Array {
  return element.contents.bytes.subarray(element.start, element.contents.end);
}

/** Checks the encoding of everything inside, so that a forgiving parser may read it. Throws: as `readAny`, `too-deep`. */
export function expectDer(reader: ByteReader, what: string, depth = 0): void {
  if (depth > maximumDepth) throw reader.malformed("too-deep");
  while (reader.remaining > 0) {
    const element = readAny(reader, what);
    if ((element.tag & 0x20) !== 0) expectDer(element.contents, what, depth + 1);
  }
}

function readLength(reader: ByteReader): number {
  const first = reader.u8();
  if (first < 0x80) return first;
  const count = first & 0x7f;
  if (count === 0) throw reader.malformed("bad-encoding");
  if (count > 4) throw reader.malformed("too-large");
  let length = 0;
  for (let n = 0; n < count; n++) length = length * 256 + reader.u8();
  if (length < 0x80 || length < 256 ** (count - 1)) throw reader.malformed("bad-length");
  return length;
}

/** Certificates nest eight deep; node-forge stops at 256. */
const maximumDepth = 32;
