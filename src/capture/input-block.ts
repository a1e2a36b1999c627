import { limits } from "../limits.ts";
import type { ByteSource } from "./source.ts";

/**
 * The part of an input that is in memory: a reused buffer that a cursor moves through.
 *
 * Invariants: `bytes[start, end)` is what was read and not yet taken; whoever takes bytes moves `start`. Only `fill`
 * moves or replaces bytes. The buffer holds what one record needs and grows no further, so callers bound `needed`.
 * A record that arrives in many small reads is moved at most once.
 */
export class InputBlock {
  bytes: Uint8Array;
  view: DataView;
  start = 0;
  end = 0;
  /** Bytes from `start` on that the record there takes; set by the record's reader when it lacks some. */
  needed = 1;
  /** The source gave its last byte. */
  ended = false;
  readonly #source: ByteSource;
  /** Offset in the input of `bytes[0]`. */
  #base = 0;
  #skipping = 0;

  constructor(source: ByteSource, capacity: number = limits.readBlock) {
    this.#source = source;
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Offset of `start` in the input. */
  get offset(): number {
    return this.#base + this.start;
  }

  get available(): number {
    return this.end - this.start;
  }

  /** Bytes to be skipped that have not arrived yet. */
  get skipping(): number {
    return this.#skipping;
  }

  /** Moves over bytes, in memory or still to come. */
  skip(count: number): void {
    const here = Math.min(count, this.available);
    this.start += here;
    this.#skipping += count - here;
  }

  /** Reads until `needed` bytes are available. False when the input ends before that; what came of them is here. */
  async fill(needed: number): Promise<boolean> {
    while (!this.ended) {
      const count = await this.#readOn(needed);
      this.ended = count === 0;
      const skipped = Math.min(this.#skipping, this.available);
      this.start += skipped;
      this.#skipping -= skipped;
      if (this.#skipping === 0 && this.available >= needed && count > 0) return true;
    }
    return this.available >= needed;
  }

  async close(): Promise<void> {
    await this.#source.close();
  }

  async #readOn(needed: number): Promise<number> {
    this.#makeRoom(needed);
    const room = Math.min(this.bytes.length, this.end + limits.readBlock);
    const count = await this.#source.read(this.bytes.subarray(this.end, room));
    this.end += count;
    return count;
  }

  #makeRoom(needed: number): void {
    const tail = this.bytes.length - this.end;
    if (this.start < this.end && this.start + needed <= this.bytes.length && tail >= smallestRead) return;
    const held = this.bytes.subarray(this.start, this.end);
    if (needed > this.bytes.length) {
      this.bytes = new Uint8Array(needed);
      this.view = new DataView(this.bytes.buffer);
      this.bytes.set(held);
    } else if (this.start > 0 && held.length > 0) {
      this.bytes.copyWithin(0, this.start, this.end);
    }
    this.#base += this.start;
    this.start = 0;
    this.end = held.length;
  }
}

/** A read of less is not worth the call when moving the tail of the block makes room for more. */
const smallestRead = 1 << 16;
