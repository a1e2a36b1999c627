/*
 * Rows of whole numbers in as few bytes as they need: most numbers of a finished flow are small, or near to another one
 * of the same row.
 *
 * Layout: one number after another, its sign and then its magnitude from the lowest bit on, in groups of seven bits with
 * the high bit set where more follow. A number that is told by its distance to an earlier one of the row is 0 where it is 0 itself, and
 * otherwise the distance, which is counted from 1 upwards and from -1 downwards.
 *
 * Invariant: a row lies within one chunk.
 */

/** Rows of one width, added at the end and read by where they start. */
export class PackedRows {
  readonly #chunks: Uint8Array[] = [];
  /** Bytes used of the last chunk. */
  #used = chunkBytes;
  /** For each column the earlier one that it is told by its distance to; -1 for none. */
  readonly #near: Int8Array;

  constructor(near: Int8Array) {
    this.#near = near;
  }

  /** Adds a row of finite whole numbers. Returns where it starts. */
  add(row: ArrayLike<number>): number {
    if (this.#used + this.#near.length * numberBytes > chunkBytes) {
      this.#chunks.push(new Uint8Array(chunkBytes));
      this.#used = 0;
    }
    const start = (this.#chunks.length - 1) * chunkBytes + this.#used;
    const bytes = this.#chunks[this.#chunks.length - 1];
    let at = this.#used;
    for (let column = 0; column < this.#near.length; column++) {
      const base = this.#near[column];
      at = writeNumber(bytes, at, base < 0 ? row[column] : distance(row[column], row[base]));
    }
    this.#used = at;
    return start;
  }

  /** Writes the row that starts there, or its first columns, over `row`, and returns that. */
  read(start: number, row: number[], columns = this.#near.length): number[] {
    const bytes = this.#chunks[Math.floor(start / chunkBytes)];
    let at = start % chunkBytes;
    for (let column = 0; column < columns; column++) {
      let byte = bytes[at++];
      const negative = (byte & 1) !== 0;
      let number = (byte & 0x7f) >> 1;
      for (let scale = 0x40; byte >= 0x80; scale *= 0x80) {
        byte = bytes[at++];
        number += (byte & 0x7f) * scale;
      }
      const signed = negative ? -number : number;
      const base = this.#near[column];
      row[column] = base < 0 || signed === 0 ? signed : signed + row[base] - (signed > 0 ? 1 : 0);
    }
    return row;
  }
}

const chunkBytes = 64 << 10;
/** Bytes of the longest number: seconds of 64 bits and a sign. */
const numberBytes = 10;

function distance(number: number, base: number): number {
  if (number === 0) return 0;
  return number >= base ? number - base + 1 : number - base;
}

function writeNumber(bytes: Uint8Array, start: number, signed: number): number {
  let at = start;
  let number = Math.abs(signed);
  let group = (number % 0x40) * 2 + (signed < 0 ? 1 : 0);
  for (number = Math.floor(number / 0x40); number > 0; number = Math.floor(number / 0x80)) {
    bytes[at++] = group | 0x80;
    group = number % 0x80;
  }
  bytes[at++] = group;
  return at;
}
