import type { ByteSource } from "../capture/source.ts";

/** Bytes of one read ahead: what is parsed while the next such piece is being read should stay in the cache. */
const pieceBytes = 512 << 10;

/**
 * Reads a source one piece ahead of who asks, so that the medium works while the bytes before are parsed.
 *
 * Invariants: at most one read is under way, into `#spare`; `#piece[#start, #end)` was read and not yet given out.
 * Reading ahead begins with the second read: a short capture is over before it would pay.
 */
export class ReadAhead implements ByteSource {
  readonly #source: ByteSource;
  #started = false;
  #piece = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #spare = new Uint8Array(0);
  #coming: Promise<number> | undefined;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async read(target: Uint8Array): Promise<number> {
    if (!this.#started) {
      this.#started = true;
      return this.#source.read(target);
    }
    if (this.#start === this.#end) await this.#turn();
    const count = Math.min(target.length, this.#end - this.#start);
    target.set(this.#piece.subarray(this.#start, this.#start + count));
    this.#start += count;
    return count;
  }

  async close(): Promise<void> {
    await this.#coming;
    await this.#source.close();
  }

  /** Takes the piece that was read ahead and begins to read the one after it. */
  async #turn(): Promise<void> {
    this.#coming ??= this.#source.read((this.#spare = new Uint8Array(pieceBytes)));
    const count = await this.#coming;
    const used = this.#piece;
    this.#piece = this.#spare;
    this.#start = 0;
    this.#end = count;
    this.#spare = used.length === pieceBytes ? used : new Uint8Array(pieceBytes);
    this.#coming = count === 0 ? Promise.resolve(0) : this.#source.read(this.#spare);
  }
}
