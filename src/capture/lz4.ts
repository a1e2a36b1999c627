import { limits } from "../limits.ts";
import { atEnd, DecompressionError, expect, isSkippableMagic, skipFrame } from "./decompression.ts";
import type { InputBlock } from "./input-block.ts";
import { Xxh32, xxh32 } from "./xxh32.ts";

/*
 * LZ4 frames, little-endian. Spec: lz4_Frame_format.md 1.6.3, lz4_Block_format.md.
 *
 *   frame    magic 0x184D2204, FLG 1, BD 1, [content size 8], [dictionary id 4], header checksum 1,
 *            blocks, end mark 4 (0), [content checksum 4]
 *   FLG      version 2 bits (01), independent blocks, block checksums, content size, content checksum, reserved,
 *            dictionary id
 *   block    length 4 (top bit: stored as is), bytes, [checksum 4]
 *   legacy   magic 0x184C2102, blocks of length 4 and bytes that decode to at most 8 MiB each; no end mark
 */

const frameMagic = 0x184d2204;
const legacyMagic = 0x184c2102;
const windowLength = 1 << 16;
/** A byte of a block adds at most 255 to a length. */
const largestRatio = 255;
const legacyBlock = 8 << 20;
/** LZ4_COMPRESSBOUND of a legacy block: what is larger is the next frame's magic. */
const legacyLargest = legacyBlock + Math.floor(legacyBlock / 255) + 16;

/** Decodes LZ4 frames, legacy ones among them, one after another. Shape: a Decoder; a piece is one block. */
export async function* unlz4(input: InputBlock): AsyncGenerator<Uint8Array, void> {
  while (!(await atEnd(input))) {
    await expect(input, 4, "a frame's magic");
    const magic = input.view.getUint32(input.start, true);
    if (isSkippableMagic(magic)) await skipFrame(input);
    else if (magic === frameMagic) yield* decodeFrame(input);
    else if (magic === legacyMagic) yield* decodeLegacyFrame(input);
    else throw new DecompressionError(input.offset, `what follows at byte ${input.offset} is not an LZ4 frame`);
  }
}

interface FrameHeader {
  readonly independent: boolean;
  readonly blockChecksums: boolean;
  readonly contentChecksum: boolean;
  readonly contentSize: number | undefined;
  readonly largestBlock: number;
}

async function* decodeFrame(input: InputBlock): AsyncGenerator<Uint8Array, void> {
  const header = await readHeader(input);
  const sum = new Xxh32();
  const output = new Lz4Output(header.largestBlock, header.independent);
  let size = 0;
  for (;;) {
    await expect(input, 4, "a block's length");
    const word = input.view.getUint32(input.start, true);
    const length = word & 0x7fffffff;
    if (word === 0) break;
    if (length > header.largestBlock) throw damaged(input, `claims a block of ${length} bytes`);
    await expect(input, 4 + length + (header.blockChecksums ? 4 : 0), "a block");
    const start = input.start + 4;
    const end = start + length;
    if (header.blockChecksums) checkSum(input, end, xxh32(input.bytes, start, end), "block");
    const piece = output.decode(input.bytes, start, end, word >= 0x80000000);
    if (piece === undefined) throw damaged(input, "has a block that contradicts itself");
    input.start = end + (header.blockChecksums ? 4 : 0);
    size += piece.length;
    if (header.contentChecksum) sum.update(piece);
    yield piece;
  }
  input.start += 4;
  if (header.contentChecksum) {
    await expect(input, 4, "the content checksum");
    checkSum(input, input.start, sum.digest(), "content");
    input.start += 4;
  }
  if (header.contentSize !== undefined && header.contentSize !== size) {
    throw damaged(input, `decodes to ${size} bytes instead of ${header.contentSize}`);
  }
}

async function readHeader(input: InputBlock): Promise<FrameHeader> {
  await expect(input, 7, "a frame header");
  const flags = input.bytes[input.start + 4];
  const sizeLength = flags & 0x08 ? 8 : 0;
  const length = 7 + sizeLength + (flags & 0x01 ? 4 : 0);
  await expect(input, length, "a frame header");
  const { bytes, view, start } = input;
  const last = start + length - 1;
  const blockSize = (bytes[start + 5] >> 4) & 7;
  if (flags >> 6 !== 1 || blockSize < 4) throw damaged(input, "has a header of an unknown version");
  if (((xxh32(bytes, start + 4, last) >>> 8) & 0xff) !== bytes[last]) throw damaged(input, "fails its header checksum");
  if (flags & 0x01) throw damaged(input, "needs a dictionary; decompress it with lz4 -D first");
  input.start += length;
  return {
    independent: (flags & 0x20) !== 0,
    blockChecksums: (flags & 0x10) !== 0,
    contentChecksum: (flags & 0x04) !== 0,
    contentSize: sizeLength === 0 ? undefined : Number(view.getBigUint64(start + 6, true)),
    largestBlock: 1 << (8 + 2 * blockSize),
  };
}

async function* decodeLegacyFrame(input: InputBlock): AsyncGenerator<Uint8Array, void> {
  input.start += 4;
  const output = new Lz4Output(legacyBlock, true);
  while (!(await atEnd(input))) {
    await expect(input, 4, "a block's length");
    const length = input.view.getUint32(input.start, true);
    if (length > legacyLargest) return;
    await expect(input, 4 + length, "a block");
    const start = input.start + 4;
    const piece = output.decode(input.bytes, start, start + length, false);
    if (piece === undefined) throw damaged(input, "has a block that contradicts itself");
    input.start = start + length;
    yield piece;
  }
}

function checkSum(input: InputBlock, at: number, sum: number, what: string): void {
  if (input.view.getUint32(at, true) !== sum) throw damaged(input, `fails a ${what} checksum`);
}

function damaged(input: InputBlock, what: string): DecompressionError {
  return new DecompressionError(input.offset, `the LZ4 frame ${what} at byte ${input.offset}`);
}

/**
 * The output of one frame: decoded blocks and, where blocks depend on each other, the 64 KiB before them.
 *
 * Invariant: `#bytes[0, #at)` is what matches may point into.
 */
class Lz4Output {
  #bytes: Uint8Array;
  readonly #largestBlock: number;
  readonly #independent: boolean;
  #at = 0;

  constructor(largestBlock: number, independent: boolean) {
    this.#largestBlock = largestBlock;
    this.#independent = independent;
    // With room for several small blocks the window moves to the front once in a few of them.
    this.#bytes = new Uint8Array(independent ? 0 : windowLength + Math.max(largestBlock, limits.readBlock));
  }

  /** Decodes one block. Returns undefined when it contradicts itself. Borrows: until the next call. */
  decode(source: Uint8Array, start: number, end: number, stored: boolean): Uint8Array | undefined {
    this.#makeRoom(end - start);
    const from = this.#at;
    const limit = Math.min(this.#bytes.length, from + this.#largestBlock);
    if (!stored) this.#at = this.#decodeSequences(source, start, end, limit);
    else {
      this.#bytes.set(source.subarray(start, end), from);
      this.#at = from + end - start;
    }
    return this.#at < 0 ? undefined : this.#bytes.subarray(from, this.#at);
  }

  #makeRoom(length: number): void {
    if (this.#independent) {
      const largest = Math.min(this.#largestBlock, length * largestRatio);
      if (largest > this.#bytes.length) this.#bytes = new Uint8Array(largest);
      this.#at = 0;
    } else if (this.#at + this.#largestBlock > this.#bytes.length) {
      const kept = Math.min(windowLength, this.#at);
      this.#bytes.copyWithin(0, this.#at - kept, this.#at);
      this.#at = kept;
    }
  }

  /**
   * Sequences: token 1 (literal length 4 bits, match length - 4), [more literal length], literals, offset 2,
   * [more match length]; the last has literals only. Returns the end of the output, or -1.
   */
  #decodeSequences(source: Uint8Array, start: number, end: number, limit: number): number {
    const target = this.#bytes;
    let from = start;
    let at = this.#at;
    while (from < end) {
      const token = source[from++];
      let literals = token >> 4;
      if (literals === 15) {
        const behind = endOfLength(source, from, end);
        if (behind < 0) return -1;
        literals += 255 * (behind - from - 1) + source[behind - 1];
        from = behind;
      }
      if (literals > end - from || literals > limit - at) return -1;
      copyLiterals(source, from, target, at, literals);
      from += literals;
      at += literals;
      if (from === end) return at;
      if (end - from < 2) return -1;
      const offset = source[from] | (source[from + 1] << 8);
      from += 2;
      let length = token & 15;
      if (length === 15) {
        const behind = endOfLength(source, from, end);
        if (behind < 0) return -1;
        length += 255 * (behind - from - 1) + source[behind - 1];
        from = behind;
      }
      length += 4;
      if (offset === 0 || offset > at || length > limit - at) return -1;
      copyMatch(target, at, offset, length);
      at += length;
    }
    return -1;
  }
}

/** Further bytes of a length: any number of 255, then one that is less. Returns where they end, or -1. */
function endOfLength(source: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && source[at] === 255) at++;
  return at < end ? at + 1 : -1;
}

function copyLiterals(source: Uint8Array, from: number, target: Uint8Array, at: number, length: number): void {
  if (length > 32) target.set(source.subarray(from, from + length), at);
  else for (let index = 0; index < length; index++) target[at + index] = source[from + index];
}

/** A match may overlap what it writes: it then repeats its first `offset` bytes, doubled with every copy. */
function copyMatch(target: Uint8Array, at: number, offset: number, length: number): void {
  const from = at - offset;
  if (length <= 64) {
    for (let index = 0; index < length; index++) target[at + index] = target[from + index];
    return;
  }
  const end = at + length;
  for (let to = at; to < end;) {
    const count = Math.min(end - to, to - from);
    target.copyWithin(to, from, from + count);
    to += count;
  }
}
