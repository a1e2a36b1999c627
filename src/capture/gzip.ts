import { crc32, createInflateRaw, type InflateRaw } from "node:zlib";
import { atEnd, DecompressionError, expect } from "./decompression.ts";
import type { InputBlock } from "./input-block.ts";

/*
 * gzip members, little-endian. Spec: RFC 1952 §2.3. The members are read here and only DEFLATE is left to zlib: its
 * own gzip reader drops the last piece of a member whose checksum fails.
 *
 *   member   1f 8b, method 1 (8), flags 1, time 4, extra flags 1, system 1, [extra: length 2, bytes], [name, NUL],
 *            [comment, NUL], [header checksum 2], DEFLATE stream, CRC32 4, length modulo 2^32 4
 */

const flagHeaderChecksum = 0x02;
const flagExtra = 0x04;
const flagName = 0x08;
const flagComment = 0x10;

/** Compressed bytes given to zlib at a time: what was decoded of a piece that turns out damaged is lost. */
const inputPiece = 16 << 10;
const outputPiece = 128 << 10;
/** Bytes of a member's header: names of files are short, and extra fields at most 64 KiB. */
const longestHeader = 1 << 17;

/** Decodes gzip members, one after another. Shape: a Decoder. */
export async function* gunzip(input: InputBlock): AsyncGenerator<Uint8Array, void> {
  while (!(await atEnd(input))) {
    await readHeader(input);
    let sum = 0;
    let size = 0;
    const inflater = new Inflater(input);
    try {
      for (let piece = await inflater.next(); piece !== undefined; piece = await inflater.next()) {
        sum = crc32(piece, sum);
        size += piece.length;
        yield piece;
      }
    } finally {
      inflater.close();
    }
    await expect(input, 8, "a member's trailer");
    const { view, start } = input;
    if (view.getUint32(start, true) !== sum) throw damaged(input, "fails its checksum");
    if (view.getUint32(start + 4, true) !== size % 0x1_0000_0000)
      throw damaged(input, "has another length than it says");
    input.start += 8;
  }
}

async function readHeader(input: InputBlock): Promise<void> {
  await expect(input, 10, "a member's header");
  const { bytes, start } = input;
  if (bytes[start] !== 0x1f || bytes[start + 1] !== 0x8b || bytes[start + 2] !== 8) {
    throw new DecompressionError(input.offset, `what follows at byte ${input.offset} is not a gzip member`);
  }
  const flags = bytes[start + 3];
  let length = 10;
  if (flags & flagExtra) {
    await expect(input, length + 2, "a member's header");
    length += 2 + input.view.getUint16(input.start + length, true);
  }
  if (flags & flagName) length = await endOfText(input, length);
  if (flags & flagComment) length = await endOfText(input, length);
  if (flags & flagHeaderChecksum) length += 2;
  await expect(input, length, "a member's header");
  input.start += length;
}

/** The offset behind the NUL that ends a text at `from`, both relative to the cursor. */
async function endOfText(input: InputBlock, from: number): Promise<number> {
  for (let at = from; at < longestHeader; at++) {
    if (input.available <= at) await expect(input, at + 1, "a member's header");
    if (input.bytes[input.start + at] === 0) return at + 1;
  }
  throw damaged(input, "has an endless header");
}

/**
 * One DEFLATE stream: zlib's transform, drawn from.
 *
 * Invariants: at most one write is under way, of bytes that stay where they are until it is done; between writes
 * everything that zlib put out was taken; `input.start` moves by what zlib consumed and stops behind the stream.
 */
class Inflater {
  readonly #input: InputBlock;
  readonly #zlib: InflateRaw = createInflateRaw({ chunkSize: outputPiece });
  #writing = false;
  #finished = false;
  #failure: Error | undefined;
  #consumed = 0;
  #wake: () => void = () => undefined;

  constructor(input: InputBlock) {
    this.#input = input;
    const wake = (): void => this.#wake();
    this.#zlib.on("readable", wake);
    this.#zlib.on("end", () => {
      this.#finished = true;
      wake();
    });
    this.#zlib.on("error", (error) => {
      this.#failure = error;
      wake();
    });
  }

  /** The next piece, or undefined behind the end of the stream. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      this.#account();
      const piece = this.#zlib.read() as Uint8Array | null;
      if (piece !== null) return piece;
      if (this.#failure !== undefined) throw damaged(this.#input, "has bytes that are not DEFLATE");
      if (this.#finished) return undefined;
      if (!this.#writing) await this.#write();
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  close(): void {
    this.#zlib.destroy();
  }

  async #write(): Promise<void> {
    await expect(this.#input, 1, "compressed bytes");
    const { bytes, start, end } = this.#input;
    this.#writing = true;
    this.#zlib.write(bytes.subarray(start, Math.min(end, start + inputPiece)), () => {
      this.#writing = false;
      this.#wake();
    });
  }

  #account(): void {
    const { bytesWritten } = this.#zlib;
    this.#input.start += bytesWritten - this.#consumed;
    this.#consumed = bytesWritten;
  }
}

function damaged(input: InputBlock, what: string): DecompressionError {
  return new DecompressionError(input.offset, `the gzip member ${what} near byte ${input.offset}`);
}
