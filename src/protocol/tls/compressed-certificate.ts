/**
 * CompressedCertificate (handshake type 25), without its four-byte header.
 *
 *   algorithm               2   1 zlib, 2 brotli, 3 zstd
 *   uncompressed_length     3
 *   compressed_certificate  3 + …   a Certificate message without its header
 *
 * Spec: RFC 8879 §4.
 */
import { brotliDecompressSync, inflateSync } from "node:zlib";
import { decompress } from "fzstd";
import { ByteReader } from "../../bytes/byte-reader.ts";
import { limits } from "../../limits.ts";

/**
 * The Certificate message inside, without its header.
 *
 * Throws: `truncated`, `trailing`, `too-large`; `bad-value` for an unknown algorithm, `bad-encoding` where it does not
 * decompress to the length that it names.
 */
export function decompressCertificate(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const reader = new ByteReader(bytes, "CompressedCertificate", start, end);
  const algorithm = reader.u16();
  const length = reader.u24();
  if (length > limits.handshakeMessage) throw reader.malformed("too-large");
  const compressed = reader.slice(reader.u24());
  reader.expectEnd();
  const decoder = algorithms.get(algorithm);
  if (decoder === undefined) throw reader.malformed("bad-value");
  const message = attempt(() => decoder(compressed, length));
  if (message?.length !== length) throw reader.malformed("bad-encoding");
  return message;
}

type Decoder = (compressed: Uint8Array, length: number) => Uint8Array;

/** Decompressors throw errors of their own for bytes that they cannot read. */
function attempt(decode: () => Uint8Array): Uint8Array | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

/** Decodes one frame into a buffer of the size it should have: its own sizes, and its window, are not to be believed. */
function zstd(compressed: Uint8Array, length: number): Uint8Array {
  if (zstdBlocks(compressed) > mostBlocks) throw new RangeError();
  return decompress(compressed, new Uint8Array(length));
}

/** Blocks of a frame. A tiny one may stand for much work. Spec: RFC 8878 §3.1.1. */
function zstdBlocks(frame: Uint8Array): number {
  const descriptor = frame[4];
  const contentSize = [(descriptor >> 5) & 1, 2, 4, 8][descriptor >> 6];
  const dictionaryId = [0, 1, 2, 4][descriptor & 3];
  let at = 5 + (1 - ((descriptor >> 5) & 1)) + dictionaryId + contentSize;
  for (let blocks = 1; ; blocks++) {
    if (at + 3 > frame.length || (frame[at] & 1) === 1) return blocks;
    const isRunLength = ((frame[at] >> 1) & 3) === 1;
    at += 3 + (isRunLength ? 1 : (frame[at] >> 3) | (frame[at + 1] << 5) | (frame[at + 2] << 13));
  }
}

/** The largest message takes two of the size that encoders write. */
const mostBlocks = 16;

const algorithms: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [1, (compressed, maxOutputLength) => inflateSync(compressed, { maxOutputLength })],
  [2, (compressed, maxOutputLength) => brotliDecompressSync(compressed, { maxOutputLength })],
  [3, zstd],
]);
