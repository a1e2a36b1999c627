/**
 * Gathers bytes of one message that arrives in pieces.
 *
 * Invariant: `bytes.subarray(0, length)` holds what was appended since the last `clear`; capacity grows by doubling and
 * never passes `limit`.
 */
export class Accumulator {
  bytes: Uint8Array = empty;
  length = 0;
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Copies the range in. Returns false, and takes nothing, when that would pass the limit. */
  append(source: Uint8Array, start: number, end: number): boolean {
    const needed = this.length + end - start;
    if (needed > this.limit) return false;
    if (needed > this.bytes.length) this.#grow(needed);
    this.bytes.set(source.subarray(start, end), this.length);
    this.length = needed;
    return true;
  }

  /** Drops the first `count` bytes and keeps the rest. */
  consume(count: number): void {
    this.bytes.copyWithin(0, count, this.length);
    this.length -= count;
  }

  /** Drops everything and gives the memory back. */
  clear(): void {
    this.bytes = empty;
    this.length = 0;
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.min(this.limit, Math.max(needed, this.bytes.length * 2, smallest)));
    if (this.length > 0) grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}

const empty = new Uint8Array(0);
/** A handshake message or request head of two segments fits without growing once more. */
const smallest = 4096;
