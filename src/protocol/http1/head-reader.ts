import { Accumulator } from "../../bytes/accumulator.ts";
import { MalformedError } from "../../bytes/malformed.ts";
import { limits } from "../../limits.ts";
import type { Moment } from "../../stream/consumer.ts";
import type { Stamp } from "../exchange-notes.ts";
import { indexOfByte } from "./fields.ts";
import { endOfHead } from "./head.ts";

/**
 * Gathers one head after the other from a direction.
 *
 * Invariants: a head that lies within one call is not copied; `#scanned` bytes of `#held` are known to hold no end, so
 * that a head which comes byte by byte is searched once.
 */
export class HeadReader implements Stamp {
  /** The head when `complete`. Borrows: until the next call. */
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  complete = false;
  frame = 0;
  seconds = 0;
  nanoseconds = 0;
  /** What the segment of its first byte acknowledges. */
  acknowledgment = 0;
  readonly #held = new Accumulator(limits.httpHead);
  #scanned = 0;

  /** Bytes gathered of a head that is not complete. */
  get gathered(): number {
    return this.#held.length;
  }

  /** What has been gathered of a head that is not complete. Borrows: until the next call. */
  peek(): Uint8Array {
    return this.#held.bytes.subarray(0, this.gathered);
  }

  /**
   * Takes what belongs to the head, empty lines before it passed over (RFC 9112 §2.2). Returns where that ends; the head
   * is there when `complete`, to be cleared before the next. Throws: `too-large`.
   */
  read(bytes: Uint8Array, start: number, end: number, frame: number, moment: Moment): number {
    if (this.#held.length > 0) return this.#readOn(bytes, start, end);
    const at = skipEmptyLines(bytes, start, end);
    if (at === end) return end;
    this.frame = frame;
    this.seconds = moment.seconds;
    this.nanoseconds = moment.nanoseconds;
    this.acknowledgment = moment.acknowledgment;
    const headEnd = endOfHead(bytes, at, Math.min(end, at + limits.httpHead));
    if (headEnd >= 0) return this.#found(bytes, at, headEnd);
    if (!this.#held.append(bytes, at, end)) throw new MalformedError("too-large", 0, "head");
    this.#scanned = this.#held.length;
    return end;
  }

  /**
   * Takes the whole lines of a head whose end is missing for the head; of a first line that is cut itself, two words that
   * are whole with `rest` behind them. Returns false where there is neither.
   */
  cutShort(rest: Uint8Array): boolean {
    const held = this.#held;
    const lines = held.length === 0 ? 0 : held.bytes.lastIndexOf(lineFeed, held.length - 1) + 1;
    const end = lines > 0 ? lines : this.#twoWords();
    if (end === 0) return false;
    held.length = end;
    if (lines === 0 && !held.append(rest, 0, rest.length)) return false;
    if (!held.append(emptyLine, 0, emptyLine.length)) return false;
    this.#found(held.bytes, 0, held.length);
    return true;
  }

  /** Makes ready for the next head and gives the memory back. */
  clear(): void {
    this.complete = false;
    this.#held.clear();
    this.#scanned = 0;
  }

  /** Where the second space of what is gathered ends; 0 without one. */
  #twoWords(): number {
    const first = indexOfByte(this.#held.bytes, 0x20, 0, this.gathered) + 1;
    return first === 0 ? 0 : indexOfByte(this.#held.bytes, 0x20, first, this.gathered) + 1;
  }

  #readOn(bytes: Uint8Array, start: number, end: number): number {
    const held = this.#held;
    const before = held.length;
    const taken = Math.min(end - start, limits.httpHead - before);
    held.append(bytes, start, start + taken);
    // The end is up to three bytes long, so that two of them may have come before.
    const headEnd = endOfHead(held.bytes, Math.max(0, this.#scanned - 2), held.length);
    if (headEnd >= 0) {
      this.#found(held.bytes, 0, headEnd);
      return start + headEnd - before;
    }
    if (held.length === limits.httpHead) throw new MalformedError("too-large", 0, "head");
    this.#scanned = held.length;
    return start + taken;
  }

  #found(bytes: Uint8Array, start: number, end: number): number {
    this.complete = true;
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    return end;
  }
}

/** Where the first byte that is neither CR nor LF stands. */
export function skipEmptyLines(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === 0x0d || bytes[at] === 0x0a)) at++;
  return at;
}

const lineFeed = 0x0a;
const emptyLine = Uint8Array.of(lineFeed);
