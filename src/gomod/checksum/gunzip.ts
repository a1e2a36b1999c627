import { crc32 } from "node:zlib";
import { Inflate } from "./inflate.ts";

/*
 * gzip members that come in pieces, little-endian. Spec: RFC 1952 §2.3.
 *
 *   1f 8b, method u8 8, flags u8, time u32, extra flags u8, system u8, [extra: length u16, bytes], [name, NUL],
 *   [comment, NUL], [checksum of the header u16], DEFLATE stream, CRC-32 u32, length modulo 2^32 u32
 */

const Part = {
  Fixed: 0,
  ExtraLength: 1,
  Extra: 2,
  Name: 3,
  Comment: 4,
  HeaderChecksum: 5,
  Body: 6,
  Trailer: 7,
} as const;
type Part = (typeof Part)[keyof typeof Part];

const flagHeaderChecksum = 0x02;
const flagExtra = 0x04;
const flagName = 0x08;
const flagComment = 0x10;

/**
 * Undoes gzip as the bytes come; members may follow one another.
 *
 * Invariant: `#field` holds the bytes of the current part that came so far, for parts of a fixed length.
 */
export class Gunzip {
  /** Why the rest cannot be undone. */
  failure: string | undefined = undefined;
  readonly #inflate: Inflate;
  readonly #field = new Uint8Array(10);
  readonly #view = new DataView(this.#field.buffer);
  #part: Part = Part.Fixed;
  #filled = 0;
  #flags = 0;
  #extra = 0;
  #sum = 0;
  #size = 0;
  #members = 0;

  constructor(consumer: (bytes: Uint8Array, start: number, end: number) => boolean) {
    this.#inflate = new Inflate((bytes, start, end) => {
      this.#sum = crc32(bytes.subarray(start, end), this.#sum);
      this.#size += end - start;
      return consumer(bytes, start, end);
    });
  }

  /** The bytes end where a member does. */
  get whole(): boolean {
    return this.#members > 0 && this.#part === Part.Fixed && this.#filled === 0;
  }

  /** False where the rest is not wanted: see `failure`. */
  push(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end && this.failure === undefined;) at = this.#take(bytes, at, end);
    return this.failure === undefined;
  }

  #take(bytes: Uint8Array, at: number, end: number): number {
    switch (this.#part) {
      case Part.Fixed:
        return this.#fill(bytes, at, end, 10);
      case Part.ExtraLength:
      case Part.HeaderChecksum:
        return this.#fill(bytes, at, end, 2);
      case Part.Extra:
        return this.#skipExtra(at, end);
      case Part.Name:
      case Part.Comment:
        if (bytes[at] === 0) this.#next();
        return at + 1;
      case Part.Body:
        return this.#inflated(this.#inflate.push(bytes, at, end));
      case Part.Trailer:
        return this.#fill(bytes, at, end, 8);
    }
  }

  #fill(bytes: Uint8Array, at: number, end: number, length: number): number {
    const taken = Math.min(length - this.#filled, end - at);
    this.#field.set(bytes.subarray(at, at + taken), this.#filled);
    this.#filled += taken;
    if (this.#filled === length) {
      this.#filled = 0;
      this.#read();
    }
    return at + taken;
  }

  #skipExtra(at: number, end: number): number {
    const taken = Math.min(this.#extra, end - at);
    this.#extra -= taken;
    if (this.#extra === 0) this.#next();
    return at + taken;
  }

  #inflated(at: number): number {
    if (this.#inflate.done) this.#part = Part.Trailer;
    if (this.#inflate.failure !== undefined) this.failure = `its gzip coding is damaged: ${this.#inflate.failure}`;
    return at;
  }

  /** A part of fixed length is there. */
  #read(): void {
    switch (this.#part) {
      case Part.Fixed:
        if (this.#view.getUint16(0) !== 0x1f8b || this.#field[2] !== 8) this.failure = "it is not coded as gzip";
        this.#flags = this.#field[3];
        break;
      case Part.ExtraLength:
        this.#extra = this.#view.getUint16(0, true);
        if (this.#extra > 0) {
          this.#part = Part.Extra;
          return;
        }
        break;
      case Part.Trailer:
        this.#checkTrailer();
        this.#part = Part.Fixed;
        return;
      default:
        break;
    }
    this.#next();
  }

  #checkTrailer(): void {
    const sound =
      this.#view.getUint32(0, true) === this.#sum && this.#view.getUint32(4, true) === this.#size % 0x1_0000_0000;
    if (!sound) this.failure = "its gzip coding fails its checksum";
    this.#members++;
  }

  /** The next part of the header that the flags announce, else the body. */
  #next(): void {
    const part = this.#part;
    if (part < Part.ExtraLength && this.#flags & flagExtra) this.#part = Part.ExtraLength;
    else if (part < Part.Name && this.#flags & flagName) this.#part = Part.Name;
    else if (part < Part.Comment && this.#flags & flagComment) this.#part = Part.Comment;
    else if (part < Part.HeaderChecksum && this.#flags & flagHeaderChecksum) this.#part = Part.HeaderChecksum;
    else this.#body();
  }

  #body(): void {
    this.#part = Part.Body;
    this.#inflate.reset();
    this.#sum = 0;
    this.#size = 0;
  }
}
