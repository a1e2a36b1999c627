import { padded } from "./pcapng-block.ts";

/*
 * pcapng blocks, little-endian; layouts as in pcapng.ts and pcapng-section.ts, frames around them in pcapng-block.ts.
 *
 * Spec: draft-ietf-opsawg-pcapng. Invariant: `#bytes` up to `#length` is whole blocks, one of which is being written
 * from `#block` on.
 */

/** An interface to write; its timestamps are in nanoseconds. */
export interface WrittenInterface {
  readonly linkType: number;
  /** 0 when unlimited. */
  readonly snapLength: number;
  readonly name: string;
  readonly filter: string;
}

/** A frame to write. */
export interface WrittenFrame {
  readonly interfaceId: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly originalLength: number;
  /** As in Frame: 0 unknown, 1 inbound, 2 outbound. */
  readonly direction: number;
}

export interface WrittenSection {
  readonly hardware?: string | undefined;
  readonly operatingSystem?: string | undefined;
  readonly application: string;
  readonly comments: readonly string[];
}

/** Writes pcapng blocks into memory, from which they are taken in pieces. */
export class PcapngWriter {
  #bytes = new Uint8Array(1 << 17);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #block = 0;

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#length;
  }

  /** What was written since the last time. Borrows: until the next block is written. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  section({ hardware, operatingSystem, application, comments }: WrittenSection): void {
    this.#begin(0x0a0d0d0a);
    this.#u32(0x1a2b3c4d);
    this.#u16(1);
    this.#u16(0);
    // The length of the section is not known before its end.
    this.#u32(0xffffffff);
    this.#u32(0xffffffff);
    for (const comment of comments) this.#text(Option.Comment, comment);
    if (hardware !== undefined) this.#text(2, hardware);
    if (operatingSystem !== undefined) this.#text(3, operatingSystem);
    this.#text(4, application);
    this.#endOptions();
  }

  interface({ linkType, snapLength, name, filter }: WrittenInterface): void {
    this.#begin(1);
    this.#u16(linkType);
    this.#u16(0);
    this.#u32(snapLength);
    if (name !== "") this.#text(2, name);
    this.#option(9, 1);
    this.#bytes[this.#length++] = 9;
    this.#pad();
    // The zero says that the filter is text.
    if (filter !== "") this.#text(11, `\0${filter}`);
    this.#endOptions();
  }

  /** `bytes` are those that are kept of the frame. */
  frame(frame: WrittenFrame, comments: readonly string[], bytes: Uint8Array): void {
    const { interfaceId, seconds, nanoseconds, originalLength, direction } = frame;
    const time = BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(nanoseconds);
    this.#begin(6);
    this.#u32(interfaceId);
    this.#u32(Number((time >> 32n) & 0xffffffffn));
    this.#u32(Number(time & 0xffffffffn));
    this.#u32(bytes.length);
    this.#u32(originalLength);
    this.#raw(bytes);
    if (direction === 0 && comments.length === 0) {
      this.#end();
      return;
    }
    if (direction !== 0) {
      this.#option(2, 4);
      this.#u32(direction);
    }
    for (const comment of comments) this.#text(Option.Comment, comment);
    this.#endOptions();
  }

  /** Names of an address, as a name resolution block with one record. */
  names(address: Uint8Array, names: readonly string[]): void {
    const text = encoder.encode(`${names.join("\0")}\0`).subarray(0, longestOption);
    this.#begin(4);
    this.#u16(address.length === 4 ? 1 : 2);
    this.#u16(address.length + text.length);
    this.#reserve(address.length + text.length);
    this.#bytes.set(address, this.#length);
    this.#length += address.length;
    this.#raw(text);
    this.#u32(0);
    this.#end();
  }

  secrets(type: number, bytes: Uint8Array): void {
    this.#begin(10);
    this.#u32(type);
    this.#u32(bytes.length);
    this.#raw(bytes);
    this.#end();
  }

  /** Packets that the recorder dropped at an interface. */
  drops(interfaceId: number, count: number): void {
    this.#begin(5);
    this.#u32(interfaceId);
    this.#u32(0);
    this.#u32(0);
    this.#option(5, 8);
    this.#u32(count >>> 0);
    this.#u32(Math.floor(count / 0x1_0000_0000));
    this.#endOptions();
  }

  #begin(type: number): void {
    this.#block = this.#length;
    this.#u32(type);
    this.#u32(0);
  }

  #end(): void {
    const length = this.#length - this.#block + 4;
    this.#u32(length);
    this.#view.setUint32(this.#block + 4, length, true);
  }

  #endOptions(): void {
    this.#u32(0);
    this.#end();
  }

  #text(code: number, text: string): void {
    const bytes = encoder.encode(text).subarray(0, longestOption);
    this.#option(code, bytes.length);
    this.#raw(bytes);
  }

  #option(code: number, length: number): void {
    this.#u16(code);
    this.#u16(length);
  }

  #raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    this.#pad();
  }

  /** Blocks begin at multiples of four bytes, so that what is padded is what follows the last of these. */
  #pad(): void {
    const end = padded(this.#length);
    this.#reserve(end - this.#length);
    this.#bytes.fill(0, this.#length, end);
    this.#length = end;
  }

  #u16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#length, value, true);
    this.#length += 2;
  }

  #u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  #reserve(length: number): void {
    // A byte more than asked for is always there: single bytes are written without asking.
    if (this.#length + length < this.#bytes.length) return;
    const grown = new Uint8Array(2 * (this.#length + length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

const Option = { Comment: 1 } as const;
const encoder = new TextEncoder();
const longestOption = 0xffff;
