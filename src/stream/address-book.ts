import { mix, wordsText } from "./endpoint-index.ts";

/*
 * Addresses by ordinal, each kept once.
 *
 *     entry   4 words of the address, its length
 *
 * Invariants: ordinals count from 0 and never change; `#table` holds ordinals plus 1, 0 is free, and is at most half
 * full. Both grow by doubling up to `capacity` addresses.
 */
export class AddressBook {
  readonly capacity: number;
  length = 0;
  #entries = new Int32Array(firstEntries * entryWords);
  #table = new Int32Array(firstEntries * 2);
  readonly #seed = (Math.random() * 0x100000000) | 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** The ordinal of an address; -1 when it is new and the book is full. */
  intern(words: Int32Array, length: 4 | 16): number {
    const mask = this.#table.length - 1;
    let at = this.#hash(words, 0, length) & mask;
    while (this.#table[at] !== 0) {
      const ordinal = this.#table[at] - 1;
      if (this.#is(ordinal, words, length)) return ordinal;
      at = (at + 1) & mask;
    }
    if (this.length >= this.capacity) return -1;
    const ordinal = this.length++;
    if (this.length * 2 > this.#table.length) this.#grow();
    const entry = ordinal * entryWords;
    for (let word = 0; word < 4; word++) this.#entries[entry + word] = words[word];
    this.#entries[entry + 4] = length;
    this.#enter(ordinal);
    return ordinal;
  }

  text(ordinal: number): string {
    return wordsText(this.#entries, ordinal * entryWords, this.addressLength(ordinal));
  }

  addressLength(ordinal: number): 4 | 16 {
    return this.#entries[ordinal * entryWords + 4] as 4 | 16;
  }

  #is(ordinal: number, words: Int32Array, length: number): boolean {
    const entry = ordinal * entryWords;
    const entries = this.#entries;
    if (entries[entry] !== words[0] || entries[entry + 4] !== length) return false;
    return entries[entry + 1] === words[1] && entries[entry + 2] === words[2] && entries[entry + 3] === words[3];
  }

  #hash(words: Int32Array, from: number, length: number): number {
    let hash = this.#seed ^ length;
    for (let word = from; word < from + 4; word++) hash = mix(hash, words[word]);
    return hash;
  }

  #enter(ordinal: number): void {
    const mask = this.#table.length - 1;
    const entry = ordinal * entryWords;
    let at = this.#hash(this.#entries, entry, this.#entries[entry + 4]) & mask;
    while (this.#table[at] !== 0) at = (at + 1) & mask;
    this.#table[at] = ordinal + 1;
  }

  #grow(): void {
    const entries = new Int32Array(this.#entries.length * 2);
    entries.set(this.#entries);
    this.#entries = entries;
    this.#table = new Int32Array(this.#table.length * 2);
    for (let ordinal = 0; ordinal < this.length - 1; ordinal++) this.#enter(ordinal);
  }
}

const entryWords = 5;
const firstEntries = 256;
