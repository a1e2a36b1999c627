/**
 * A text that is put together from many small pieces, as the bytes of its UTF-8. Strings added to strings are trees of
 * strings in V8, and making and laying out those takes longer than writing the bytes.
 *
 * Invariants: `#bytes[0, #length)` is the text; while `#isAscii`, a byte is a character.
 */
export class TextBytes {
  #bytes = Buffer.allocUnsafe(firstCapacity);
  #length = 0;
  #isAscii = true;

  /** Bytes added since the last `take`. */
  get length(): number {
    return this.#length;
  }

  add(text: string): void {
    if (text.length > longPiece || !this.#addShort(text)) this.#addAny(text);
  }

  /** Adds text that is ASCII and was made into bytes before, because it is added again and again. */
  addAscii(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** The digits of a whole number from 0 to 2^31 - 1. */
  addCount(count: number): void {
    this.#reserve(mostDigits);
    let digits = 1;
    for (let rest = count; rest > 9; rest = (rest / 10) | 0) digits++;
    let rest = count;
    for (let at = this.#length + digits - 1; at >= this.#length; at--) {
      const tenth = (rest / 10) | 0;
      this.#bytes[at] = zero + rest - tenth * 10;
      rest = tenth;
    }
    this.#length += digits;
  }

  /**
   * A text between quotes where that is all it takes in JSON: printable ASCII without quotes and backslashes. False, and
   * nothing added, for others.
   */
  addPlain(text: string): boolean {
    this.#reserve(text.length + 2);
    const bytes = this.#bytes;
    const start = this.#length + 1;
    if (text.length > longPiece) {
      if (!plain.test(text)) return false;
      bytes.write(text, start, "latin1");
    } else {
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code < 0x20 || code > 0x7e || code === quote || code === backslash) return false;
        bytes[start + at] = code;
      }
    }
    bytes[start - 1] = bytes[start + text.length] = quote;
    this.#length = start + text.length + 1;
    return true;
  }

  /** Adds a piece that `copy` took. */
  addPiece({ bytes, isAscii }: TextPiece): void {
    this.addAscii(bytes);
    this.#isAscii &&= isAscii;
  }

  /** A copy of the text from a byte on up to another, to be added again. */
  copy(start: number, end: number): TextPiece {
    return { bytes: Buffer.from(this.#bytes.subarray(start, end)), isAscii: this.#isAscii };
  }

  /** The bytes of the whole text, and begins a new one. Borrows: until the next is added to. */
  lend(): Buffer {
    const text = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    this.#isAscii = true;
    return text;
  }

  /** The whole text, and begins a new one. */
  take(): string {
    const text = this.#bytes.toString(this.#isAscii ? "latin1" : "utf8", 0, this.#length);
    this.#length = 0;
    this.#isAscii = true;
    if (this.#bytes.length > mostKept) this.#bytes = Buffer.allocUnsafe(firstCapacity);
    return text;
  }

  #addShort(text: string): boolean {
    this.#reserve(text.length);
    const bytes = this.#bytes;
    const start = this.#length;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 0x7f) return false;
      bytes[start + at] = code;
    }
    this.#length = start + text.length;
    return true;
  }

  #addAny(text: string): void {
    this.#reserve(text.length * 3);
    const written = this.#bytes.write(text, this.#length, "utf8");
    this.#length += written;
    this.#isAscii &&= written === text.length;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** A part of a text. */
export interface TextPiece {
  readonly bytes: Uint8Array;
  readonly isAscii: boolean;
}

/** Needs no escape in JSON and no other. */
const plain = /^[ !#-[\]-~]*$/;
const zero = 0x30;
const quote = 0x22;
const backslash = 0x5c;
/** Characters from which on a call into the runtime takes less than a loop over them. */
const longPiece = 48;
const mostDigits = 10;
const firstCapacity = 16 << 10;
/** Room that is kept for the next text: most flows take a few kB, some a few MB. */
const mostKept = 1 << 20;
