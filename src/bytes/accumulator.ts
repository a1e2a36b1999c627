/**
 * Gathers bytes of one message that arrives in pieces.
 *
 * Invariants: `bytes.subarray(0, length)` holds what was appended since the last `clear`; capacity grows by doubling and
 * never passes `limit`. A buffer belongs to one accumulator or lies among the spare ones, never both.
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

  /** Drops everything and gives the memory back: the next accumulator to grow may write over what stood in `bytes`. */
  clear(): void {
    giveBack(this.bytes);
    this.bytes = empty;
    this.length = 0;
  }

  /** Gives the bytes away, `length` of them: what is appended from now on leaves them alone. */
  detach(): Uint8Array {
    const { bytes } = this;
    this.bytes = empty;
    this.length = 0;
    return bytes;
  }

  #grow(needed: number): void {
    const grown = take(Math.min(this.limit, Math.max(needed, this.bytes.length * 2, smallest)));
    if (this.length > 0) grown.set(this.bytes.subarray(0, this.length));
    giveBack(this.bytes);
    this.bytes = grown;
  }
}

const empty = new Uint8Array(0);
/** A handshake message or request head of two segments fits without growing once more. */
const smallest = 4096;

/**
 * Buffers that nobody uses, by size: most messages are gathered in one or two of these, one connection after the other,
 * and a buffer costs more to make than a message to copy.
 */
const spares: ReadonlyMap<number, Uint8Array[]> = new Map(
  [smallest, 2 * smallest, 4 * smallest].map((size) => [size, []]),
);
/** Spare buffers kept of a size: 448 KiB in all. */
const spareLimit = 16;

function take(size: number): Uint8Array {
  return spares.get(size)?.pop() ?? new Uint8Array(size);
}

function giveBack(buffer: Uint8Array): void {
  const spare = spares.get(buffer.length);
  if (spare !== undefined && spare.length < spareLimit) spare.push(buffer);
}
