/** Bits by which a code is looked up at once; longer codes are rare, each less likely than one in 2,000. */
const directBits = 11;
const directMask = (1 << directBits) - 1;
const longest = 15;

/**
 * A canonical Huffman code of DEFLATE. Spec: RFC 1951 §3.2.2.
 *
 * Invariant: entries are `symbol << 4 | length`; 0 is none. Codes up to `directBits` stand in a table, by their bits in
 * the order in which they are sent; longer ones are searched length by length. So a table costs as little as its block.
 */
export class HuffmanCode {
  readonly #direct = new Uint16Array(1 << directBits);
  readonly #counts = new Uint16Array(longest + 1);
  readonly #symbols: Uint16Array;
  readonly #offsets = new Uint16Array(longest + 1);
  readonly #invalid: number;

  /** `invalid`: a symbol that its reader refuses, which stands for bits that are no code. */
  constructor(symbols: number, invalid: number) {
    this.#symbols = new Uint16Array(symbols);
    this.#invalid = invalid << 4;
  }

  /**
   * Makes the code of these lengths, 0 for symbols without one. False where they are no code: as in Go, only one of a
   * single symbol of one bit may be incomplete.
   */
  build(lengths: Uint8Array, start: number, end: number): boolean {
    this.#counts.fill(0);
    this.#direct.fill(0);
    for (let at = start; at < end; at++) this.#counts[lengths[at]]++;
    this.#counts[0] = 0;
    let left = 1;
    let used = 0;
    for (let length = 1; length <= longest; length++) {
      left = left * 2 - this.#counts[length];
      if (left < 0) return false;
      this.#offsets[length] = used;
      used += this.#counts[length];
    }
    if (left > 0 && used > 0 && !(used === 1 && this.#counts[1] === 1)) return false;
    for (let at = start; at < end; at++) {
      if (lengths[at] !== 0) this.#symbols[this.#offsets[lengths[at]]++] = at - start;
    }
    this.#fill();
    return true;
  }

  /** The entry that the bits begin with, of which there are at least 15; that of the invalid symbol where there is none. */
  entry(bits: number): number {
    return this.#direct[bits & directMask] || this.#search(bits, longest) || this.#invalid;
  }

  /** The entry that so many bits begin with; 0 where they are too few to tell, or no code. */
  shortEntry(bits: number, count: number): number {
    const entry = this.#direct[bits & directMask];
    return entry !== 0 && (entry & 15) <= count ? entry : this.#search(bits, Math.min(count, longest));
  }

  #search(bits: number, count: number): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= count; length++) {
      code |= (bits >>> (length - 1)) & 1;
      const ofLength = this.#counts[length];
      if (code < first + ofLength) return (this.#symbols[index + code - first] << 4) | length;
      index += ofLength;
      first = (first + ofLength) << 1;
      code <<= 1;
    }
    return 0;
  }

  #fill(): void {
    let code = 0;
    let index = 0;
    for (let length = 1; length <= directBits; length++) {
      for (let of = 0; of < this.#counts[length]; of++, index++, code++) {
        const entry = (this.#symbols[index] << 4) | length;
        for (let at = reversed(code, length); at <= directMask; at += 1 << length) this.#direct[at] = entry;
      }
      code <<= 1;
    }
  }
}

function reversed(code: number, length: number): number {
  let bits = 0;
  for (let at = 0; at < length; at++) bits |= ((code >>> at) & 1) << (length - 1 - at);
  return bits;
}
