import { DecompressionError, isSkippableMagic, type Decoder, type DecompressionNotes } from "./decompression.ts";
import type { CaptureCompression } from "./facts.ts";
import { gunzip } from "./gzip.ts";
import { InputBlock } from "./input-block.ts";
import { unlz4 } from "./lz4.ts";
import type { ByteSource } from "./source.ts";
import { unzstd } from "./zstd.ts";

const decoders: Record<Exclude<CaptureCompression, "none">, Decoder> = { gzip: gunzip, zstd: unzstd, lz4: unlz4 };

/** Compressed bytes held at a time, unless a frame needs more. */
const compressedBlock = 256 << 10;

/** How a file that starts with these bytes is compressed: told by its magic, never by its name. */
export function compressionOf(bytes: Uint8Array, start: number, end: number): CaptureCompression {
  if (end - start < 4) return "none";
  const magic = new DataView(bytes.buffer, bytes.byteOffset + start, end - start).getUint32(0, true);
  if ((magic & 0xffffff) === 0x088b1f) return "gzip";
  if (magic === 0xfd2fb528) return "zstd";
  if (magic === 0x184d2204 || magic === 0x184c2102) return "lz4";
  if (!isSkippableMagic(magic)) return "none";
  return afterSkippableFrame(bytes, start, end);
}

/** Only what follows tells the two formats with skippable frames apart; pzstd is the one that starts with them. */
function afterSkippableFrame(bytes: Uint8Array, start: number, end: number): CaptureCompression {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = start; at + 8 <= end; at += 8 + view.getUint32(at + 4, true)) {
    const magic = view.getUint32(at, true);
    if (isSkippableMagic(magic)) continue;
    return magic === 0x184d2204 || magic === 0x184c2102 ? "lz4" : "zstd";
  }
  return "zstd";
}

/**
 * The bytes that a compressed source decodes to.
 *
 * Throws: `read` rejects with a DecompressionError behind the last byte that could be decoded.
 */
export function decompressed(source: ByteSource, kind: Exclude<CaptureCompression, "none">): DecompressedSource {
  return new DecompressedSource(source, decoders[kind]);
}

/** See `decompressed`. Invariant: `#piece[#taken, )` was decoded and not yet read. */
export class DecompressedSource implements ByteSource {
  readonly notes: DecompressionNotes = { checksumSkipped: false };
  readonly #input: InputBlock;
  readonly #pieces: AsyncGenerator<Uint8Array, void>;
  #piece: Uint8Array = new Uint8Array(0);
  #taken = 0;
  #finished = false;
  #failure: Error | undefined;

  constructor(source: ByteSource, decoder: Decoder) {
    this.#input = new InputBlock(source, compressedBlock);
    this.#pieces = decoder(this.#input, this.notes);
  }

  async read(target: Uint8Array): Promise<number> {
    let length = 0;
    while (length < target.length) {
      if (this.#taken === this.#piece.length && !(await this.#next())) break;
      const end = Math.min(this.#piece.length, this.#taken + target.length - length);
      target.set(this.#piece.subarray(this.#taken, end), length);
      length += end - this.#taken;
      this.#taken = end;
    }
    // What was decoded before the damage goes first.
    if (length === 0 && this.#failure !== undefined) throw this.#failure;
    return length;
  }

  async close(): Promise<void> {
    await this.#pieces.return();
    await this.#input.close();
  }

  async #next(): Promise<boolean> {
    if (this.#finished) return false;
    try {
      const next = await this.#pieces.next();
      this.#finished = next.done === true;
      if (next.done !== true) {
        this.#piece = next.value;
        this.#taken = 0;
      }
    } catch (error) {
      this.#finished = true;
      this.#failure = error instanceof Error ? error : new DecompressionError(this.#input.offset, String(error));
    }
    return !this.#finished;
  }
}

/** The source with the bytes that were already read from it put back before the others. */
export function replayed(bytes: Uint8Array, source: ByteSource): ByteSource {
  let rest = bytes;
  return {
    async read(target) {
      if (rest.length === 0) return source.read(target);
      const length = Math.min(rest.length, target.length);
      target.set(rest.subarray(0, length));
      rest = rest.subarray(length);
      return length;
    },
    close: async () => source.close(),
  };
}
