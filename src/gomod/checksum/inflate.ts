import { HuffmanCode } from "./huffman.ts";

/*
 * DEFLATE. Spec: RFC 1951.
 *
 *   block    final u1, type u2: 0 stored, 1 fixed codes, 2 own codes
 *   stored   to the next byte; length u16, its complement u16 (little-endian); bytes
 *   own      literal codes u5 + 257, distance codes u5 + 1, code length codes u4 + 4;
 *            lengths of those, u3 each, in a fixed order; with them the lengths of the others
 *   codes    literal | length with extra bits, distance with extra bits | 256: end of the block
 */

/** Takes what was inflated; false to have no more of it. Borrows: the bytes until it returns. */
type InflatedConsumer = (bytes: Uint8Array, start: number, end: number) => boolean;

const State = {
  Block: 0,
  StoredLength: 1,
  StoredComplement: 2,
  Stored: 3,
  CodeCounts: 4,
  CodeLengthLengths: 5,
  CodeLengths: 6,
  Repeat: 7,
  Symbol: 8,
  LengthExtra: 9,
  Distance: 10,
  DistanceExtra: 11,
  Done: 12,
  Failed: 13,
} as const;
type State = (typeof State)[keyof typeof State];

/**
 * Inflates a stream that comes in pieces, in order and at once: node:zlib does either in pieces, later, or at once, whole.
 *
 * Invariants: between two calls at most 7 bits are held, so that the byte after the stream is never taken; the window
 * holds the last 32 KiB before `#position` and what was not handed on yet; its size never changes.
 */
export class Inflate {
  /** Why the rest cannot be inflated, or `stopped` by the consumer. */
  failure: string | undefined = undefined;
  readonly #consumer: InflatedConsumer;
  readonly #window = new Uint8Array(windowSize);
  #position = 0;
  #handedOn = 0;
  #input: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #bits = 0;
  #count = 0;
  #state: State = State.Block;
  #final = false;
  #remaining = 0;
  #length = 0;
  #symbol = 0;
  readonly #lengths = new Uint8Array(literalCodes + distanceCodes);
  #literalCount = 0;
  #codeCount = 0;
  #codeLengthCount = 0;
  #filled = 0;
  #literals = fixedLiterals;
  #distances = fixedDistances;
  readonly #ownLiterals = new HuffmanCode(literalCodes, noLength);
  readonly #ownDistances = new HuffmanCode(distanceCodes, noDistance);
  readonly #codeLengths = new HuffmanCode(19, 0);

  constructor(consumer: InflatedConsumer) {
    this.#consumer = consumer;
  }

  get done(): boolean {
    return this.#state === State.Done;
  }

  /** Begins a new stream. */
  reset(): void {
    this.failure = undefined;
    this.#position = 0;
    this.#handedOn = 0;
    this.#bits = 0;
    this.#count = 0;
    this.#final = false;
    this.#state = State.Block;
  }

  /** Returns the offset after the last byte taken: before `end` only where the stream is done or has failed. */
  push(bytes: Uint8Array, start: number, end: number): number {
    this.#input = bytes;
    this.#at = start;
    this.#end = end;
    while (this.#step());
    return this.#at;
  }

  /** One step of what comes next; false where it has to wait for bytes, or there is no next. */
  #step(): boolean {
    switch (this.#state) {
      case State.Block:
        return this.#block();
      case State.StoredLength:
        return this.#storedLength();
      case State.StoredComplement:
        return this.#storedComplement();
      case State.Stored:
        return this.#stored();
      case State.CodeCounts:
        return this.#codeCounts();
      case State.CodeLengthLengths:
        return this.#codeLengthLength();
      case State.CodeLengths:
        return this.#codeLength();
      case State.Repeat:
        return this.#repeat();
      case State.Symbol:
        return this.#symbols();
      case State.LengthExtra:
        return this.#lengthExtra();
      case State.Distance:
        return this.#distance();
      case State.DistanceExtra:
        return this.#distanceExtra();
      case State.Done:
      case State.Failed:
        return false;
    }
  }

  #block(): boolean {
    if (this.#final) return this.#finish();
    const header = this.#take(3);
    if (header < 0) return false;
    this.#final = (header & 1) === 1;
    switch (header >> 1) {
      case 0:
        this.#bits = 0;
        this.#count = 0;
        return this.#go(State.StoredLength);
      case 1:
        this.#literals = fixedLiterals;
        this.#distances = fixedDistances;
        return this.#go(State.Symbol);
      case 2:
        return this.#go(State.CodeCounts);
      default:
        return this.#fail("block of an unknown type");
    }
  }

  #finish(): boolean {
    this.#handOn();
    if (this.#state !== State.Failed) this.#state = State.Done;
    return false;
  }

  #storedLength(): boolean {
    this.#remaining = this.#take(16);
    return this.#remaining >= 0 && this.#go(State.StoredComplement);
  }

  #storedComplement(): boolean {
    const complement = this.#take(16);
    if (complement < 0) return false;
    if (complement !== (this.#remaining ^ 0xffff)) return this.#fail("length of a stored block");
    return this.#go(State.Stored);
  }

  #stored(): boolean {
    if (this.#remaining === 0) return this.#go(State.Block);
    const room = windowSize - this.#position;
    if (room === 0) return this.#slide();
    const taken = Math.min(this.#remaining, room, this.#end - this.#at);
    if (taken === 0) return false;
    this.#window.set(this.#input.subarray(this.#at, this.#at + taken), this.#position);
    this.#position += taken;
    this.#at += taken;
    this.#remaining -= taken;
    return true;
  }

  #codeCounts(): boolean {
    const counts = this.#take(14);
    if (counts < 0) return false;
    this.#literalCount = (counts & 31) + 257;
    this.#codeCount = this.#literalCount + ((counts >> 5) & 31) + 1;
    this.#codeLengthCount = (counts >> 10) + 4;
    if (this.#literalCount > 286 || this.#codeCount - this.#literalCount > 30) return this.#fail("too many codes");
    this.#filled = 0;
    this.#lengths.fill(0);
    return this.#go(State.CodeLengthLengths);
  }

  #codeLengthLength(): boolean {
    if (this.#filled < this.#codeLengthCount) {
      const length = this.#take(3);
      if (length < 0) return false;
      this.#lengths[codeLengthOrder[this.#filled++]] = length;
      return true;
    }
    if (!this.#codeLengths.build(this.#lengths, 0, 19)) return this.#fail("code of the code lengths");
    this.#filled = 0;
    return this.#go(State.CodeLengths);
  }

  #codeLength(): boolean {
    if (this.#filled === this.#codeCount) return this.#ownCodes();
    const symbol = this.#take1(this.#codeLengths);
    if (symbol < 0) return false;
    if (symbol < 16) {
      this.#lengths[this.#filled++] = symbol;
      return true;
    }
    this.#symbol = symbol;
    return this.#go(State.Repeat);
  }

  #repeat(): boolean {
    const symbol = this.#symbol;
    const extra = this.#take(symbol === 16 ? 2 : symbol === 17 ? 3 : 7);
    if (extra < 0) return false;
    const times = extra + (symbol === 18 ? 11 : 3);
    if (this.#filled + times > this.#codeCount) return this.#fail("code lengths beyond their end");
    if (symbol === 16 && this.#filled === 0) return this.#fail("first code length repeats another");
    const length = symbol === 16 ? this.#lengths[this.#filled - 1] : 0;
    this.#lengths.fill(length, this.#filled, this.#filled + times);
    this.#filled += times;
    return this.#go(State.CodeLengths);
  }

  #ownCodes(): boolean {
    const built =
      this.#ownLiterals.build(this.#lengths, 0, this.#literalCount) &&
      this.#ownDistances.build(this.#lengths, this.#literalCount, this.#codeCount);
    if (!built) return this.#fail("codes of a block");
    this.#literals = this.#ownLiterals;
    this.#distances = this.#ownDistances;
    return this.#go(State.Symbol);
  }

  #symbols(): boolean {
    if (this.#position > lastPosition && !this.#slide()) return false;
    this.#runFast();
    if (this.#state !== State.Symbol) return true;
    if (this.#position > lastPosition) return true;
    const symbol = this.#take1(this.#literals);
    if (symbol < 0) return false;
    if (symbol < endOfBlock) {
      this.#window[this.#position++] = symbol;
      return true;
    }
    if (symbol === endOfBlock) return this.#go(State.Block);
    this.#symbol = symbol - endOfBlock - 1;
    return this.#go(State.LengthExtra);
  }

  #lengthExtra(): boolean {
    const extra = this.#take(lengthBits[this.#symbol]);
    if (extra < 0) return false;
    this.#length = lengthBase[this.#symbol] + extra;
    return this.#go(State.Distance);
  }

  #distance(): boolean {
    const symbol = this.#take1(this.#distances);
    if (symbol < 0) return false;
    this.#symbol = symbol;
    return this.#go(State.DistanceExtra);
  }

  #distanceExtra(): boolean {
    const extra = this.#take(distanceBits[this.#symbol]);
    if (extra < 0) return false;
    const distance = distanceBase[this.#symbol] + extra;
    if (distance > this.#position || this.#length === 0) return this.#fail("distance before the beginning");
    copy(this.#window, this.#position, distance, this.#length);
    this.#position += this.#length;
    return this.#go(State.Symbol);
  }

  /** Symbol after symbol with all in locals, while there is input and room for any one of them. */
  #runFast(): void {
    const input = this.#input;
    const window = this.#window;
    const literals = this.#literals;
    const distances = this.#distances;
    const lastAt = this.#end - mostBytesOfSymbol;
    let at = this.#at;
    let bits = this.#bits;
    let count = this.#count;
    let position = this.#position;
    while (at <= lastAt && position <= lastPosition) {
      for (; count < 24; count += 8) bits |= input[at++] << count;
      let entry = literals.entry(bits);
      bits >>>= entry & 15;
      count -= entry & 15;
      if (entry < endOfBlock << 4) {
        window[position++] = entry >> 4;
        continue;
      }
      if (entry >> 4 === endOfBlock) {
        this.#state = State.Block;
        break;
      }
      const lengthSymbol = (entry >> 4) - endOfBlock - 1;
      const length = lengthBase[lengthSymbol] + (bits & ((1 << lengthBits[lengthSymbol]) - 1));
      bits >>>= lengthBits[lengthSymbol];
      count -= lengthBits[lengthSymbol];
      for (; count < 24; count += 8) bits |= input[at++] << count;
      entry = distances.entry(bits);
      bits >>>= entry & 15;
      count -= entry & 15;
      for (; count < 24; count += 8) bits |= input[at++] << count;
      const distance = distanceBase[entry >> 4] + (bits & ((1 << distanceBits[entry >> 4]) - 1));
      bits >>>= distanceBits[entry >> 4];
      count -= distanceBits[entry >> 4];
      if (distance > position || length === 0) {
        this.#fail("distance before the beginning");
        break;
      }
      copy(window, position, distance, length);
      position += length;
    }
    // Whole bytes are given back: all came in this call, because at most 7 bits were held before.
    this.#at = at - (count >> 3);
    this.#count = count & 7;
    this.#bits = bits & ((1 << this.#count) - 1);
    this.#position = position;
  }

  /** The next bits as a number, at most 16; -1 where they have not all come. */
  #take(length: number): number {
    while (this.#count < length) if (!this.#pull()) return -1;
    const taken = this.#bits & ((1 << length) - 1);
    this.#bits >>>= length;
    this.#count -= length;
    return taken;
  }

  /** The next symbol of a code; -1 where its bits have not all come, or are none. */
  #take1(code: HuffmanCode): number {
    for (;;) {
      const entry = code.shortEntry(this.#bits, this.#count);
      if (entry !== 0) {
        this.#bits >>>= entry & 15;
        this.#count -= entry & 15;
        return entry >> 4;
      }
      if (this.#count >= 15) {
        this.#fail("bits that are no code");
        return -1;
      }
      if (!this.#pull()) return -1;
    }
  }

  #pull(): boolean {
    if (this.#at === this.#end) return false;
    this.#bits |= this.#input[this.#at++] << this.#count;
    this.#count += 8;
    return true;
  }

  /** Hands on what is new and keeps the last 32 KiB, at the front. */
  #slide(): boolean {
    this.#handOn();
    this.#window.copyWithin(0, this.#position - farthest, this.#position);
    this.#position = farthest;
    this.#handedOn = farthest;
    return this.#state !== State.Failed;
  }

  #handOn(): void {
    if (this.#handedOn === this.#position) return;
    if (!this.#consumer(this.#window, this.#handedOn, this.#position)) this.#fail("stopped");
    this.#handedOn = this.#position;
  }

  #go(state: State): true {
    this.#state = state;
    return true;
  }

  #fail(failure: string): false {
    this.failure = failure;
    this.#state = State.Failed;
    return false;
  }
}

/** Bytes may be repeated that are only being written: distance 1 repeats one byte. */
function copy(window: Uint8Array, position: number, distance: number, length: number): void {
  const end = position + length;
  for (let at = position, from = position - distance; at < end; at++, from++) window[at] = window[from];
}

const farthest = 32 << 10;
const windowSize = 64 << 10;
const longestMatch = 258;
const lastPosition = windowSize - longestMatch;
/** 15 + 5 + 15 + 13 bits, and what the last refill takes beyond. */
const mostBytesOfSymbol = 9;
const endOfBlock = 256;
const literalCodes = 288;
const distanceCodes = 32;
/** Symbols that have a code in RFC 1951 and no meaning: refused by a length of 0, and a distance beyond any window. */
const noLength = 286;
const noDistance = 30;

const codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const lengthBits = Uint8Array.of(
  ...[0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0, 0, 0],
);
const lengthBase = Uint16Array.of(
  ...[3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227],
  ...[258, 0, 0],
);
const distanceBits = Uint8Array.of(
  ...[0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 0, 0],
);
const distanceBase = Uint32Array.of(
  ...[1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097],
  ...[6145, 8193, 12289, 16385, 24577, windowSize + 1, windowSize + 1],
);

const fixedLiterals = new HuffmanCode(literalCodes, noLength);
fixedLiterals.build(
  Uint8Array.from({ length: literalCodes }, (_, symbol) =>
    symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
  ),
  0,
  literalCodes,
);
const fixedDistances = new HuffmanCode(distanceCodes, noDistance);
fixedDistances.build(new Uint8Array(distanceCodes).fill(5), 0, distanceCodes);
