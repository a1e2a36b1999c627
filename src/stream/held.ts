import { limits } from "../limits.ts";
import type { Moment } from "./consumer.ts";
import { distance } from "./sequence.ts";

/*
 * Segments that came before their turn, of one direction.
 *
 * Invariants: pieces `#head` to `#tail` are disjoint and sorted by sequence number, all of them within 2^31 of each
 * other; `#ranges` counts the runs of pieces that touch; a piece that keeps its bytes has them at `#offsets` of the
 * arena, others have -1; first bytes win, so a piece never changes once it is in. The arena grows by doubling, is
 * compacted when half of it is free, and goes back when the last piece is taken.
 */

/** How much out-of-order data may be held: caps that tests make small. */
export interface HoldLimits {
  readonly outOfOrderBytes: number;
  readonly outOfOrderRanges: number;
  readonly outOfOrderPieces: number;
  readonly outOfOrderTotal: number;
}

/** Arena bytes of all directions together. */
export class HoldBudget {
  used = 0;
  readonly limits: HoldLimits;

  constructor(caps: HoldLimits = limits) {
    this.limits = caps;
  }
}

const noBytes = new Uint8Array(0);
const noPieces = new Int32Array(0);
const noFrames = new Float64Array(0);
const firstPieces = 8;
const firstArena = 4096;

export class HeldSegments {
  // Most directions never hold anything: the arrays come with the first piece.
  #starts: Int32Array = noPieces;
  #ends: Int32Array = noPieces;
  #offsets: Int32Array = noPieces;
  #frames: Float64Array = noFrames;
  #acknowledgments: Int32Array = noPieces;
  #head = 0;
  #tail = 0;
  #ranges = 0;
  #heldBytes = 0;
  #used = 0;
  #arena: Uint8Array = noBytes;
  readonly #budget: HoldBudget;

  constructor(budget: HoldBudget) {
    this.#budget = budget;
  }

  get isEmpty(): boolean {
    return this.#head === this.#tail;
  }

  /** The earliest piece. Undefined behaviour when empty. Borrows: `arena` is valid until the next `insert`. */
  get firstStart(): number {
    return this.#starts[this.#head];
  }

  get firstEnd(): number {
    return this.#ends[this.#head];
  }

  /** Offset of the first piece in `arena`; -1 when its bytes are not kept. */
  get firstOffset(): number {
    return this.#offsets[this.#head];
  }

  get firstFrame(): number {
    return this.#frames[this.#head];
  }

  get firstAcknowledgment(): number {
    return this.#acknowledgments[this.#head];
  }

  get arena(): Uint8Array {
    return this.#arena;
  }

  /** One past the last byte held. */
  get lastEnd(): number {
    return this.#ends[this.#tail - 1];
  }

  /** Whether one more segment of `length` bytes can be taken whatever it overlaps. */
  hasRoom(length: number, keep: boolean): boolean {
    const caps = this.#budget.limits;
    if (this.#ranges >= caps.outOfOrderRanges) return false;
    if (this.#tail - this.#head + this.#ranges + 1 > caps.outOfOrderPieces) return false;
    if (!keep) return true;
    if (this.#heldBytes + length > caps.outOfOrderBytes) return false;
    const grown = this.#arenaFor(length) - this.#arena.length;
    return this.#budget.used + grown <= caps.outOfOrderTotal;
  }

  /**
   * Takes what is new of a segment: bytes `from` on stand for sequence numbers `start` to `end`. Without `keep` only
   * the range is noted. Returns the number of bytes that were new, or -1 minus that number when bytes that were
   * already held differ from those that came now. The caller asked `hasRoom` before.
   */
  insert(start: number, end: number, bytes: Uint8Array, from: number, moment: Moment, keep: boolean): number {
    let at = this.#firstEndingAfter(start);
    let cursor = start;
    let fresh = 0;
    let differs = false;
    while (distance(cursor, end) > 0) {
      if (at < this.#tail && distance(this.#starts[at], cursor) >= 0) {
        const until = distance(this.#ends[at], end) < 0 ? end : this.#ends[at];
        const length = distance(cursor, until);
        if (!this.#equals(at, cursor, bytes, from + distance(start, cursor), length)) differs = true;
        cursor = until;
      } else {
        const until = at < this.#tail && distance(this.#starts[at], end) > 0 ? this.#starts[at] : end;
        const offset = keep ? this.#copy(bytes, from + distance(start, cursor), distance(cursor, until)) : -1;
        at = this.#place(at, cursor, until, offset, moment);
        fresh += distance(cursor, until);
        cursor = until;
      }
      at++;
    }
    return differs ? -1 - fresh : fresh;
  }

  /** Whether the first piece agrees with `length` bytes at `from`, which stand for its front. */
  firstEquals(bytes: Uint8Array, from: number, length: number): boolean {
    return this.#equals(this.#head, this.#starts[this.#head], bytes, from, length);
  }

  /** Forgets the first piece. Its bytes stay where they are until the next `insert` or `release`. */
  dropFirst(): void {
    const head = this.#head++;
    if (this.#offsets[head] >= 0) this.#heldBytes -= distance(this.#starts[head], this.#ends[head]);
    if (this.#head === this.#tail) {
      this.#head = this.#tail = this.#ranges = this.#used = 0;
    } else if (this.#starts[head + 1] !== this.#ends[head]) {
      this.#ranges--;
    }
  }

  /** Forgets the bytes but not the ranges: what comes is only counted from now on. */
  dropBytes(): void {
    this.#offsets.fill(-1, this.#head, this.#tail);
    this.#heldBytes = 0;
    this.release();
  }

  /** Gives the arena back. Only when no piece keeps bytes. */
  release(): void {
    this.#budget.used -= this.#arena.length;
    this.#arena = noBytes;
    this.#used = 0;
  }

  clear(): void {
    this.#head = this.#tail = this.#ranges = this.#heldBytes = 0;
    this.release();
  }

  #firstEndingAfter(sequence: number): number {
    if (this.#head === this.#tail || distance(this.#ends[this.#tail - 1], sequence) >= 0) return this.#tail;
    let low = this.#head;
    let high = this.#tail - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (distance(this.#ends[middle], sequence) < 0) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #equals(piece: number, sequence: number, bytes: Uint8Array, from: number, length: number): boolean {
    const offset = this.#offsets[piece];
    if (offset < 0) return true;
    const at = offset + distance(this.#starts[piece], sequence);
    for (let i = 0; i < length; i++) if (this.#arena[at + i] !== bytes[from + i]) return false;
    return true;
  }

  /** Puts a piece at index `at`, or makes its neighbour longer. Returns its index. */
  #place(at: number, start: number, end: number, offset: number, moment: Moment): number {
    const joinsBefore = at > this.#head && this.#ends[at - 1] === start;
    const joinsAfter = at < this.#tail && this.#starts[at] === end;
    this.#ranges += 1 - (joinsBefore ? 1 : 0) - (joinsAfter ? 1 : 0);
    if (joinsBefore && offset < 0 && this.#offsets[at - 1] < 0) {
      this.#ends[at - 1] = end;
      return at - 1;
    }
    if (this.#tail === this.#starts.length) at -= this.#makePlace();
    if (at < this.#tail) {
      this.#starts.copyWithin(at + 1, at, this.#tail);
      this.#ends.copyWithin(at + 1, at, this.#tail);
      this.#offsets.copyWithin(at + 1, at, this.#tail);
      this.#frames.copyWithin(at + 1, at, this.#tail);
      this.#acknowledgments.copyWithin(at + 1, at, this.#tail);
    }
    this.#tail++;
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#offsets[at] = offset;
    this.#frames[at] = moment.frame;
    this.#acknowledgments[at] = moment.acknowledgment;
    return at;
  }

  /** Shifts the pieces to the front, or doubles the room. Returns by how much they moved. */
  #makePlace(): number {
    const head = this.#head;
    const { length } = this.#starts;
    const grown = Math.max(firstPieces, head > 0 && head >= length >> 1 ? length : length * 2);
    this.#starts = moved(this.#starts, new Int32Array(grown), head);
    this.#ends = moved(this.#ends, new Int32Array(grown), head);
    this.#offsets = moved(this.#offsets, new Int32Array(grown), head);
    this.#frames = moved(this.#frames, new Float64Array(grown), head);
    this.#acknowledgments = moved(this.#acknowledgments, new Int32Array(grown), head);
    this.#tail -= head;
    this.#head = 0;
    return head;
  }

  #copy(bytes: Uint8Array, from: number, length: number): number {
    if (this.#used + length > this.#arena.length) this.#makeRoom(length);
    const offset = this.#used;
    this.#arena.set(bytes.subarray(from, from + length), offset);
    this.#used += length;
    this.#heldBytes += length;
    return offset;
  }

  /** Size the arena needs for `length` more bytes: what it has when compacting is enough. */
  #arenaFor(length: number): number {
    const size = this.#arena.length;
    if (this.#used + length <= size || this.#heldBytes + length <= size >> 1) return size;
    let grown = Math.max(size, firstArena);
    while (grown < this.#heldBytes + length || grown === size) grown *= 2;
    return grown;
  }

  #makeRoom(length: number): void {
    const arena = new Uint8Array(this.#arenaFor(length));
    let used = 0;
    for (let piece = this.#head; piece < this.#tail; piece++) {
      const offset = this.#offsets[piece];
      if (offset < 0) continue;
      const size = distance(this.#starts[piece], this.#ends[piece]);
      arena.set(this.#arena.subarray(offset, offset + size), used);
      this.#offsets[piece] = used;
      used += size;
    }
    this.#budget.used += arena.length - this.#arena.length;
    this.#arena = arena;
    this.#used = used;
  }
}

/** What a direction holds before it holds anything: one for all, so that most directions need none of their own. */
export const nothingHeld = new HeldSegments(new HoldBudget());

function moved<T extends Int32Array | Float64Array>(from: T, to: T, head: number): T {
  to.set(from.subarray(head));
  return to;
}
