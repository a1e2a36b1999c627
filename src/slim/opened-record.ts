import { limits } from "../limits.ts";

/**
 * The content of one decrypted record, as far as it is that of long answers.
 *
 * Invariant: `#pieces` and the bytes from `#at` to `#end` are all of the record.
 */
export class OpenedRecord {
  #bytes: Uint8Array | undefined;
  #at = 0;
  #end = 0;
  #literals = 0;
  #pieces: (number | Uint8Array)[] = [];

  open(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#literals = 0;
    this.#pieces = [];
  }

  /** These bytes are content of a long answer, if they are the record's. */
  cover(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.#bytes || start < this.#at || end > this.#end) return;
    this.#passTo(start);
    this.#pieces.push(end - start);
    this.#at = end;
  }

  /** The record stays: something is in it whose time is told. */
  keep(): void {
    this.#bytes = undefined;
  }

  /** What was in the record, which is over; undefined where it has to stay. */
  content(): readonly (number | Uint8Array)[] | undefined {
    this.#passTo(this.#end);
    const hasContent = this.#pieces.some((piece) => typeof piece === "number");
    const pieces = this.#bytes !== undefined && hasContent ? this.#pieces : undefined;
    this.keep();
    return pieces;
  }

  #passTo(end: number): void {
    if (end <= this.#at || this.#bytes === undefined) return;
    this.#literals += end - this.#at;
    if (end - this.#at > longestHead || this.#literals > limits.slimLiterals) this.keep();
    else this.#pieces.push(this.#bytes.slice(this.#at, end));
    this.#at = end;
  }
}

/** The head of a DATA frame, or the end of a chunk and the size of the next: what tells a time is longer. */
const longestHead = 12;
