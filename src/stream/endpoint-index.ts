import { addressText } from "../bytes/text.ts";
import { hash as hashColumn, rowOf, type ConnectionRows } from "./rows.ts";

/*
 * Which slot a packet belongs to: open addressing over keys at the front of the rows of connections.
 *
 *     key   4 words address of side 0, 4 words address of side 1, ports (side 0 high), length of the addresses
 *
 * Invariants: side 0 is the endpoint that orders first, so that both directions meet in one key; an entry of `#table`
 * is two words, a slot plus 1 and its hash, 0 is free; at most half of the entries are in use; no free entry stands
 * between a key's home and its place; `#wanted` is the key of the last `find` that failed, or of the last `want`. The
 * seed keeps a capture from being made to collide; no answer depends on it.
 *
 * Memory decides how long a packet takes among thousands of connections: slot and hash stand in one line, and the table
 * grows with its use, because a few thousand entries spread over a large one take a page each (measured on 3,000
 * connections in no order: 0.5 µs less a packet).
 */

/** Where a packet, or a segment quoted in one, keeps its endpoints. */
export interface EndpointSource {
  readonly view: DataView;
  readonly addressLength: 4 | 16;
  readonly sourceAddress: number;
  readonly destinationAddress: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

export class EndpointIndex {
  readonly #rows: ConnectionRows;
  #table = new Int32Array(firstEntries * 2);
  #mask = firstEntries - 1;
  #used = 0;
  readonly #wanted = new Int32Array(keyWords);
  readonly #seed = (Math.random() * 0x100000000) | 0;
  #wantedHash = 0;
  /** The side that sent what `find` was last asked for. */
  side: 0 | 1 = 0;

  /** Keeps the keys in the first words of those rows. */
  constructor(rows: ConnectionRows) {
    this.#rows = rows;
  }

  /** The slot, or -1. */
  find(source: EndpointSource): number {
    return source.addressLength === 4 ? this.#findIpv4(source) : this.#findIpv6(source);
  }

  /** Nearly every packet comes here: the key stays in registers. */
  #findIpv4(source: EndpointSource): number {
    const { view, sourcePort, destinationPort } = source;
    const from = view.getInt32(source.sourceAddress);
    const to = view.getInt32(source.destinationAddress);
    const isFirst = from < to || (from === to && sourcePort <= destinationPort);
    this.side = isFirst ? 0 : 1;
    const one = isFirst ? from : to;
    const other = isFirst ? to : from;
    const ports = isFirst ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort;
    const hash = mix(mix(mix(this.#seed, one), other), ports);
    const table = this.#table;
    const mask = this.#mask;
    for (let at = hash & mask; table[at * 2] !== 0; at = (at + 1) & mask) {
      if (table[at * 2 + 1] !== hash) continue;
      const slot = table[at * 2] - 1;
      const keys = this.#rows.words;
      const key = rowOf(slot);
      if (keys[key] !== one || keys[key + 4] !== other) continue;
      if (keys[key + 8] === ports && keys[key + 9] === 4) return slot;
    }
    this.#wanted.fill(0);
    this.#wanted[0] = one;
    this.#wanted[4] = other;
    this.#wanted[8] = ports;
    this.#wanted[9] = 4;
    this.#wantedHash = hash;
    return -1;
  }

  #findIpv6(source: EndpointSource): number {
    this.#wantIpv6(source);
    const table = this.#table;
    const mask = this.#mask;
    const hash = this.#wantedHash;
    for (let at = hash & mask; table[at * 2] !== 0; at = (at + 1) & mask) {
      const slot = table[at * 2] - 1;
      if (table[at * 2 + 1] === hash && this.#isWanted(slot)) return slot;
    }
    return -1;
  }

  #isWanted(slot: number): boolean {
    for (let word = 0; word < keyWords; word++) {
      if (this.#word(slot, word) !== this.#wanted[word]) return false;
    }
    return true;
  }

  /** Has `add` put the endpoints of a slot once more. */
  want(slot: number): void {
    for (let word = 0; word < keyWords; word++) this.#wanted[word] = this.#word(slot, word);
    this.#wantedHash = this.#word(slot, hashColumn);
  }

  /** Puts what `find` did not find, or what is wanted, at `slot`. */
  add(slot: number): void {
    this.#rows.words.set(this.#wanted, rowOf(slot));
    this.#rows.words[rowOf(slot) + hashColumn] = this.#wantedHash;
    if (++this.#used * 2 > this.#mask) this.#grow();
    this.#place(slot + 1, this.#wantedHash);
  }

  remove(slot: number): void {
    const table = this.#table;
    const mask = this.#mask;
    let free = this.#word(slot, hashColumn) & mask;
    while (table[free * 2] !== slot + 1) free = (free + 1) & mask;
    for (let at = (free + 1) & mask; table[at * 2] !== 0; at = (at + 1) & mask) {
      const home = table[at * 2 + 1] & mask;
      // An entry may move back to the free place unless its home lies behind that.
      if (((at - home) & mask) < ((at - free) & mask)) continue;
      table[free * 2] = table[at * 2];
      table[free * 2 + 1] = table[at * 2 + 1];
      free = at;
    }
    table[free * 2] = 0;
    this.#used--;
  }

  #place(entry: number, hash: number): void {
    const table = this.#table;
    let at = hash & this.#mask;
    while (table[at * 2] !== 0) at = (at + 1) & this.#mask;
    table[at * 2] = entry;
    table[at * 2 + 1] = hash;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let at = 0; at < old.length; at += 2) if (old[at] !== 0) this.#place(old[at], old[at + 1]);
  }

  addressLength(slot: number): 4 | 16 {
    return this.#word(slot, 9) as 4 | 16;
  }

  port(slot: number, side: 0 | 1): number {
    const ports = this.#word(slot, 8);
    return side === 0 ? ports >>> 16 : ports & 0xffff;
  }

  /** The words of an address; of IPv4 only the first counts. */
  address(slot: number, side: 0 | 1, words: Int32Array): void {
    for (let word = 0; word < 4; word++) words[word] = this.#word(slot, side * 4 + word);
  }

  addressText(slot: number, side: 0 | 1): string {
    this.address(slot, side, addressWords);
    return wordsText(addressWords, 0, this.addressLength(slot));
  }

  #word(slot: number, at: number): number {
    return this.#rows.words[rowOf(slot) + at];
  }

  #wantIpv6(source: EndpointSource): void {
    const { view, sourceAddress, destinationAddress, sourcePort, destinationPort } = source;
    const wanted = this.#wanted;
    let order = 0;
    for (let word = 0; word < 4; word++) {
      const from = view.getInt32(sourceAddress + word * 4);
      const to = view.getInt32(destinationAddress + word * 4);
      if (order === 0) order = from < to ? -1 : from > to ? 1 : 0;
      wanted[word] = from;
      wanted[4 + word] = to;
    }
    const isFirst = order < 0 || (order === 0 && sourcePort <= destinationPort);
    this.side = isFirst ? 0 : 1;
    if (!isFirst) {
      for (let word = 0; word < 4; word++) {
        const from = wanted[word];
        wanted[word] = wanted[4 + word];
        wanted[4 + word] = from;
      }
    }
    wanted[8] = isFirst ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort;
    wanted[9] = 16;
    let hash = this.#seed;
    for (let word = 0; word < 9; word++) hash = mix(hash, wanted[word]);
    this.#wantedHash = hash;
  }
}

/** The text of an address kept as big-endian words. */
export function wordsText(words: Int32Array, from: number, length: 4 | 16): string {
  for (let word = 0; word < 4; word++) addressView.setInt32(word * 4, words[from + word]);
  return addressText(addressBytes, 0, length);
}

/** One round of hashing. */
export function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) ^ (mixed >>> 13);
}

const keyWords = 10;
const firstEntries = 4096;
const addressWords = new Int32Array(4);
const addressBytes = new Uint8Array(16);
const addressView = new DataView(addressBytes.buffer);
