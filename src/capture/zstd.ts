import { Decompress } from "fzstd";
import { limits } from "../limits.ts";
import {
  atEnd,
  DecompressionError,
  expect,
  isSkippableMagic,
  skipFrame,
  type DecompressionNotes,
} from "./decompression.ts";
import type { InputBlock } from "./input-block.ts";

/*
 * Zstandard frames, little-endian. Spec: RFC 8878 §3.1. fzstd decodes the blocks; the framing is read here so that it
 * gets one block at a time, which bounds what a call can put out, and so that every cut is seen.
 *
 *   frame    magic 0xFD2FB528, descriptor 1, [window 1], [dictionary id 0-4], [content size 0-8], blocks, [checksum 4]
 *   block    3 bytes: last 1 bit, type 2 bits (raw, RLE, compressed), size 21 bits; RLE has one byte of content
 */

const frameMagic = 0xfd2fb528;
const largestBlock = 128 << 10;
const blockRle = 1;
const blockReserved = 3;

/**
 * fzstd moves its whole window for every block, however small: so many bytes may be moved at once, and so many more
 * for every byte read and every byte decoded. What zstd writes stays far below; a hostile stream of blocks with
 * nothing in them ends here.
 */
const movedAllowance = 8 * 2 ** 30;
const movedPerByte = 16_384;
const movedPerDecodedByte = 64;

/** Decodes Zstandard frames, one after another. Shape: a Decoder; a piece is one block. Ignores: content checksums. */
export async function* unzstd(input: InputBlock, notes: DecompressionNotes): AsyncGenerator<Uint8Array, void> {
  const effort = new Effort(input);
  while (!(await atEnd(input))) {
    await expect(input, 4, "a frame's magic");
    const magic = input.view.getUint32(input.start, true);
    if (isSkippableMagic(magic)) await skipFrame(input);
    else if (magic === frameMagic) yield* decodeFrame(input, notes, effort);
    else throw new DecompressionError(input.offset, `what follows at byte ${input.offset} is not a Zstandard frame`);
  }
}

async function* decodeFrame(
  input: InputBlock,
  notes: DecompressionNotes,
  effort: Effort,
): AsyncGenerator<Uint8Array, void> {
  const header = await readHeader(input);
  const decoder = new BlockDecoder(input, header.bytes);
  effort.spend(header.window);
  let size = 0;
  for (let last = false; !last;) {
    await expect(input, 3, "a block header");
    const word = input.view.getUint16(input.start, true) | (input.bytes[input.start + 2] << 16);
    const type = (word >> 1) & 3;
    last = (word & 1) === 1;
    if (type === blockReserved || word >> 3 > largestBlock) throw damaged(input, "has a block header that is none");
    const length = 3 + (type === blockRle ? 1 : word >> 3);
    await expect(input, length, "a block");
    effort.spend(header.window);
    for (const piece of decoder.decode(input.start, length, last)) {
      size += piece.length;
      effort.earn(piece.length);
      yield piece;
    }
    input.start += length;
  }
  if (header.checksum) {
    await expect(input, 4, "the content checksum");
    input.start += 4;
    notes.checksumSkipped = true;
  }
  if (header.contentSize !== undefined && size !== header.contentSize) {
    throw damaged(input, `decodes to ${size} bytes instead of ${header.contentSize}`);
  }
}

interface FrameHeader {
  /** As fzstd is to see it: without the checksum flag. */
  readonly bytes: Uint8Array;
  readonly window: number;
  readonly contentSize: number | undefined;
  readonly checksum: boolean;
}

async function readHeader(input: InputBlock): Promise<FrameHeader> {
  await expect(input, 5, "a frame header");
  const descriptor = input.bytes[input.start + 4];
  const singleSegment = (descriptor & 0x20) !== 0;
  const dictionaryLength = [0, 1, 2, 4][descriptor & 3];
  const sizeLength = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6];
  const sizeAt = 5 + (singleSegment ? 0 : 1) + dictionaryLength;
  await expect(input, sizeAt + sizeLength, "a frame header");
  const { view, start } = input;
  if (descriptor & 0x08) throw damaged(input, "sets a reserved bit");
  if (dictionaryLength > 0) throw damaged(input, "needs a dictionary; decompress it with zstd -D first");
  const contentSize = readContentSize(view, start + sizeAt, sizeLength);
  const windowCode = view.getUint8(start + 5);
  const window = singleSegment ? (contentSize ?? 0) : 2 ** (10 + (windowCode >> 3)) * (1 + (windowCode & 7) / 8);
  if (window > limits.zstdWindow) {
    throw damaged(input, `needs a window of ${window} bytes; decompress it with zstd -d --long=31 first`);
  }
  const bytes = input.bytes.slice(start, start + sizeAt + sizeLength);
  bytes[4] &= ~0x04;
  input.start += bytes.length;
  return { bytes, window, contentSize, checksum: (descriptor & 0x04) !== 0 };
}

function readContentSize(view: DataView, at: number, length: number): number | undefined {
  switch (length) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    case 8:
      return Number(view.getBigUint64(at, true));
    default:
      return undefined;
  }
}

/** fzstd for the blocks of one frame. */
class BlockDecoder {
  readonly #input: InputBlock;
  readonly #decompress: Decompress;
  #pieces: Uint8Array[] = [];

  constructor(input: InputBlock, header: Uint8Array) {
    this.#input = input;
    this.#decompress = new Decompress((piece) => {
      if (piece.length > 0) this.#pieces.push(piece);
    });
    this.#push(header, false);
  }

  /** What the block at `start` decodes to; fzstd may hold a first small block back until the next. */
  decode(start: number, length: number, last: boolean): readonly Uint8Array[] {
    this.#pieces = [];
    // Copies, for what fzstd holds back must not change with the input block; and in two parts, for it keeps every
    // part that ends where a block ends until it has to join parts.
    const block = this.#input.bytes.slice(start, start + length);
    this.#push(block.slice(0, 1), false);
    this.#push(block.subarray(1), last);
    return this.#pieces;
  }

  #push(bytes: Uint8Array, last: boolean): void {
    try {
      this.#decompress.push(bytes, last);
    } catch {
      // Whatever fzstd throws, its own codes or a RangeError, is about the bytes.
      throw damaged(this.#input, "has a block that contradicts itself");
    }
  }
}

/** Bounds the bytes that fzstd moves, over all frames of a file. */
class Effort {
  readonly #input: InputBlock;
  #moved = 0;

  constructor(input: InputBlock) {
    this.#input = input;
  }

  earn(decoded: number): void {
    this.#moved -= decoded * movedPerDecodedByte;
  }

  spend(window: number): void {
    this.#moved += window;
    if (this.#moved > movedAllowance + movedPerByte * this.#input.offset) {
      throw damaged(this.#input, "has far more blocks than bytes; decompress it with zstd -d first");
    }
  }
}

function damaged(input: InputBlock, what: string): DecompressionError {
  return new DecompressionError(input.offset, `the Zstandard frame ${what} at byte ${input.offset}`);
}
