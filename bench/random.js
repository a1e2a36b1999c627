/** A seeded generator of 32-bit numbers (xorshift32): the same captures everywhere. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed | 0 || 1;
  }

  next() {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }

  below(limit) {
    return this.next() % limit;
  }

  bytes(length) {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; at++) bytes[at] = this.next() >>> 24;
    return bytes;
  }
}
