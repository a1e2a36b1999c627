import { utf8 } from "../bytes/text.ts";

/**
 * A pcapng block in memory, and a cursor over its options. One instance is reused for a whole file.
 *
 *   block    type 4, total length 4, body, padding to 32 bits, total length 4
 *   options  code 2, length 2, value, padding to 32 bits; until opt_endofopt (0) or the end of the block
 *
 * Spec: draft-ietf-opsawg-pcapng §3.1, §3.5. Integers are in the byte order of the section.
 * Invariant: `start <= end`, both in the bytes of the input block; reads are checked by their callers against `end`.
 */
export class PcapngBlock {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  littleEndian = true;
  /** The body, without lengths. */
  start = 0;
  end = 0;
  /** Offset of the block in the file. */
  offset = 0;
  /** The option that `nextOption` found. */
  optionCode = 0;
  optionStart = 0;
  optionLength = 0;
  /** An option ran over the end of the block. */
  overrun = false;
  #optionsAt = 0;

  get length(): number {
    return this.end - this.start;
  }

  u16(at: number): number {
    return this.view.getUint16(at, this.littleEndian);
  }

  u32(at: number): number {
    return this.view.getUint32(at, this.littleEndian);
  }

  /** An unsigned 64-bit integer, exact up to 2^53. */
  u64(at: number): number {
    const [high, low] = this.littleEndian ? [at + 4, at] : [at, at + 4];
    return this.u32(high) * 0x1_0000_0000 + this.u32(low);
  }

  /** A signed 64-bit integer, exact up to 2^53. */
  i64(at: number): number {
    const [high, low] = this.littleEndian ? [at + 4, at] : [at, at + 4];
    return this.view.getInt32(high, this.littleEndian) * 0x1_0000_0000 + this.u32(low);
  }

  /** Puts the cursor before the first option. */
  openOptions(at: number): void {
    this.#optionsAt = at;
    this.overrun = false;
  }

  /** Moves to the next option. False behind the last, or where an option runs over the end: then `overrun` is set. */
  nextOption(): boolean {
    const at = this.#optionsAt;
    if (at + 4 > this.end) return false;
    this.optionCode = this.u16(at);
    if (this.optionCode === 0) return false;
    this.optionLength = this.u16(at + 2);
    this.optionStart = at + 4;
    if (this.optionStart + this.optionLength > this.end) {
      this.overrun = true;
      return false;
    }
    this.#optionsAt = this.optionStart + padded(this.optionLength);
    return true;
  }

  /** The option's value as text. Untrusted. Recorders that end it with NUL are met. */
  optionText(): string {
    return utf8(this.bytes, this.optionStart, this.optionStart + this.optionLength).replace(/(?<!\0)\0+$/, "");
  }
}

/** Rounds up to 32 bits. */
export function padded(length: number): number {
  return length + (-length & 3);
}
