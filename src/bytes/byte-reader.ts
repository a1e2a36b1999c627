import { MalformedError, type MalformedCode } from "./malformed.ts";

/**
 * A bounds-checked cursor over one message. Integers are big-endian.
 *
 * Invariants: `start <= offset <= end`; every read passes through `#take`, the one place where bounds are checked; a
 * child covers a length-prefixed range of its parent, which has then already moved past it.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  /** The element being read, for errors. */
  readonly what: string;
  #offset: number;
  #view: DataView;

  constructor(bytes: Uint8Array, what: string, start = 0, end = bytes.length, view?: DataView) {
    this.bytes = bytes;
    this.what = what;
    this.#offset = start;
    this.end = end;
    this.#view = view ?? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.end - this.#offset;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  u24(): number {
    const at = this.#take(3);
    return (this.#view.getUint16(at) << 8) | this.#view.getUint8(at + 2);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  /** The next `length` bytes. Borrows: the view is valid as long as the bytes below the reader are. */
  slice(length: number): Uint8Array {
    const at = this.#take(length);
    return this.bytes.subarray(at, at + length);
  }

  /** Everything up to the end. Borrows, like `slice`. */
  rest(): Uint8Array {
    return this.slice(this.remaining);
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** A cursor over the next `length` bytes, which this one skips. */
  child(length: number, what: string): ByteReader {
    const at = this.#take(length);
    return new ByteReader(this.bytes, what, at, at + length, this.#view);
  }

  /** Throws `trailing` unless every byte was read. */
  expectEnd(): void {
    if (this.#offset !== this.end) throw this.malformed("trailing");
  }

  malformed(code: MalformedCode): MalformedError {
    return new MalformedError(code, this.#offset, this.what);
  }

  #take(length: number): number {
    const at = this.#offset;
    if (length > this.end - at) throw this.malformed("truncated");
    this.#offset = at + length;
    return at;
  }
}
