/*
 * XXH32, the checksum of the LZ4 frame format. Spec: xxHash fast digest algorithm 0.1.1, §"XXH32 algorithm".
 */

const prime1 = 0x9e3779b1 | 0;
const prime2 = 0x85ebca77 | 0;
const prime3 = 0xc2b2ae3d | 0;
const prime4 = 0x27d4eb2f;
const prime5 = 0x165667b1;

/**
 * XXH32 with seed 0 over bytes that come in pieces.
 *
 * Invariant: the four lanes hold every whole stripe of 16 bytes; `#tail[0, #tailLength)` holds the bytes after them.
 */
export class Xxh32 {
  #lane1 = (prime1 + prime2) | 0;
  #lane2 = prime2;
  #lane3 = 0;
  #lane4 = -prime1 | 0;
  readonly #tail = new Uint8Array(16);
  #tailLength = 0;
  #length = 0;

  update(bytes: Uint8Array, start = 0, end = bytes.length): void {
    this.#length += end - start;
    let at = start;
    if (this.#tailLength > 0) {
      const taken = Math.min(16 - this.#tailLength, end - at);
      this.#tail.set(bytes.subarray(at, at + taken), this.#tailLength);
      this.#tailLength += taken;
      at += taken;
      if (this.#tailLength < 16) return;
      this.#stripes(this.#tail, 0, 16);
      this.#tailLength = 0;
    }
    const whole = at + ((end - at) & ~15);
    this.#stripes(bytes, at, whole);
    this.#tail.set(bytes.subarray(whole, end));
    this.#tailLength = end - whole;
  }

  /** The checksum so far, unsigned. */
  digest(): number {
    let sum = prime5;
    if (this.#length >= 16) {
      sum = rotate(this.#lane1, 1) + rotate(this.#lane2, 7) + rotate(this.#lane3, 12) + rotate(this.#lane4, 18);
    }
    sum = (sum + (this.#length % 0x1_0000_0000)) | 0;
    let at = 0;
    for (; at + 4 <= this.#tailLength; at += 4) {
      sum = Math.imul(rotate((sum + Math.imul(word(this.#tail, at), prime3)) | 0, 17), prime4);
    }
    for (; at < this.#tailLength; at++) {
      sum = Math.imul(rotate((sum + Math.imul(this.#tail[at], prime5)) | 0, 11), prime1);
    }
    sum = Math.imul(sum ^ (sum >>> 15), prime2);
    sum = Math.imul(sum ^ (sum >>> 13), prime3);
    return (sum ^ (sum >>> 16)) >>> 0;
  }

  #stripes(bytes: Uint8Array, start: number, end: number): void {
    let [lane1, lane2, lane3, lane4] = [this.#lane1, this.#lane2, this.#lane3, this.#lane4];
    for (let at = start; at < end; at += 16) {
      lane1 = round(lane1, word(bytes, at));
      lane2 = round(lane2, word(bytes, at + 4));
      lane3 = round(lane3, word(bytes, at + 8));
      lane4 = round(lane4, word(bytes, at + 12));
    }
    this.#lane1 = lane1;
    this.#lane2 = lane2;
    this.#lane3 = lane3;
    this.#lane4 = lane4;
  }
}

/** XXH32 with seed 0 of a range. */
export function xxh32(bytes: Uint8Array, start: number, end: number): number {
  const sum = new Xxh32();
  sum.update(bytes, start, end);
  return sum.digest();
}

function round(lane: number, input: number): number {
  return Math.imul(rotate((lane + Math.imul(input, prime2)) | 0, 13), prime1);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}
