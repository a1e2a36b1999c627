import { Accumulator } from "../bytes/accumulator.ts";
import { latin1 } from "../bytes/text.ts";
import { limits } from "../limits.ts";
import { credentialAt, editsOfLine, isSecretField, type Edit } from "./edits.ts";

/**
 * Finds what must not stay in the lines of text of one direction of a connection, whatever protocol they belong to.
 *
 * Invariants: `#line` holds the beginning of the line that is not over, unless it is binary; `#secret` while the line
 * before was a field that holds a credential, and may go on; `#torn` while what comes is the rest of one. Control bytes
 * make a line binary: it is none, and the next one begins behind a line feed or with the next bytes that are given.
 */
export class TextScan {
  readonly #found: (edit: Edit) => void;
  readonly #line = new Accumulator(limits.httpHead);
  /** Where the line begins in the stream. */
  #origin = 0;
  #binary = false;
  #secret = false;
  #torn = false;

  constructor(found: (edit: Edit) => void) {
    this.#found = found;
  }

  /** Takes the next bytes; `offset` is that of the first one in the stream. */
  take(bytes: Uint8Array, start: number, end: number, offset: number): void {
    let from = start;
    if (this.#binary || this.#line.length === 0) this.#begin(offset);
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte === 0x0a) {
        this.#endLine(bytes, from, at);
        this.#torn = false;
        from = at + 1;
        this.#begin(offset + from - start);
      } else if (byte < 0x20 && byte !== 0x0d && byte !== 0x09) {
        this.#binary = true;
      }
    }
    if (this.#binary) this.#line.clear();
    else if (from < end && !this.#line.append(bytes, from, end)) {
      this.#endLine(bytes, from, end);
      this.#torn ||= this.#secret;
      this.#begin(offset + end - start);
    }
  }

  /** Bytes are missing, or no more come: the line ends here, and what follows may be the rest of it. */
  cut(): void {
    if (this.#line.length > 0) {
      this.#endLine(this.#line.bytes, 0, 0);
      this.#torn ||= this.#secret;
    }
    this.#binary = true;
  }

  #begin(origin: number): void {
    this.#origin = origin;
    this.#binary = false;
  }

  #endLine(bytes: Uint8Array, from: number, to: number): void {
    const begun = this.#line;
    const text = latin1(begun.bytes, 0, begun.length) + latin1(bytes, from, to);
    begun.clear();
    this.#secret = !this.#binary && this.#look(text.endsWith("\r") ? text.slice(0, -1) : text);
  }

  /** Returns whether the line is of a field that holds a credential. */
  #look(line: string): boolean {
    const folded = this.#secret && (line.startsWith(" ") || line.startsWith("\t"));
    if (folded || this.#torn) this.#found(credentialAt(this.#origin, line.length));
    else for (const edit of editsOfLine(line, this.#origin)) this.#found(edit);
    return folded || this.#torn || isSecretField(line);
  }
}
