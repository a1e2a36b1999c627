/*
 * What is known of every connection followed, in rows of 96 words.
 *
 *     words   0-15   the connection, what every segment touches: key (see EndpointIndex), state, last frame, end
 *             16-31  side 0, what its segments touch
 *             32-47  side 1
 *             48-63  side 0, what is rare
 *             64-77  side 1
 *             78-94  the connection, what is rare
 *
 * Among thousands of connections memory decides how long a segment takes: each line of 64 bytes that is not in the
 * cache costs as much as all the arithmetic. A segment touches three of these, where objects of their own for
 * connection, sides and streams would make it a dozen.
 *
 * Invariants: seconds and byte counts are doubles, at even words; frames, times below a second and counts are unsigned
 * words (4·10^9 frames); sequence numbers are signed ones. All rows are in one memory, because to find the right one of
 * several takes a segment two more lines; where `add` makes a larger one, whoever stands at a row stands there anew.
 */
export class ConnectionRows {
  words: Int32Array;
  /** The same memory: word `w` is number `w / 2`. */
  numbers: Float64Array;

  constructor() {
    const buffer = new ArrayBuffer(firstRows * rowBytes);
    this.words = new Int32Array(buffer);
    this.numbers = new Float64Array(buffer);
  }

  /** Makes the row of a slot; slots come in order. */
  add(slot: number): void {
    if (rowOf(slot) < this.words.length) return;
    const old = this.words;
    const buffer = new ArrayBuffer(old.byteLength * 2);
    this.words = new Int32Array(buffer);
    this.numbers = new Float64Array(buffer);
    this.words.set(old);
  }
}

/** First word of a slot's row. */
export function rowOf(slot: number): number {
  return slot * rowWords;
}

const rowWords = 96;
const rowBytes = rowWords * 4;
const firstRows = 256;

/** Columns of a connection, from the first word of its row; the key stands before them. */
export const state = 10;
export const lastFrame = 11;
export const endSeconds = 12;
export const endNanoseconds = 14;
export const firstInterface = 15;
export const sides = 16;
/** Frames beside those that were noted as segments: SYNs that waited for their answer. */
export const waited = 78;
/** Hash of the key: see EndpointIndex. */
export const hash = 79;
export const id = 80;
export const firstFrame = 81;
export const startSeconds = 82;
export const startNanoseconds = 84;
export const synAckFrame = 85;
export const synAckSeconds = 86;
export const synAckNanoseconds = 88;
export const syns = 89;
export const resetFrame = 90;
export const duplicates = 91;
export const snapped = 92;
export const differences = 93;
export const endInterface = 94;
export const rowEnd = 95;

/** Bits of the state of a connection. */
export const ConnectionBit = {
  InUse: 1,
  Finished: 2,
  Oriented: 4,
  /** The client is side 1. */
  ClientIsSecond: 8,
  Timed: 16,
  LimitReported: 32,
  /** Frames of it came from more than one interface. */
  SeveralInterfaces: 64,
  /** It has a consumer, and both sides have their streams. */
  Open: 128,
} as const;

/** Sides in the state of a connection, two bits each: a side plus 1, 0 while there is none. */
export const firstFinShift = 8;
export const resetShift = 10;

export const sideWords = 16;

/** Columns of a side, from its first word, which is its state. */
export const base = 1;
export const high = 2;
export const acknowledged = 3;
export const next = 4;
export const settled = 5;
export const window = 6;
export const noted = 7;
export const bytes = 8;
export const largestSegment = 14;
export const slot = 15;
export const finFrame = 32;
export const finSequence = 33;
export const firstSequence = 34;
export const retransmitted = 35;
export const graceFrame = 36;
export const graceAcknowledged = 37;
export const graceSeconds = 38;
export const lost = 40;
export const lateSegments = 42;
export const limitHits = 43;

/** Bits of the state of a side; from `Assembling` on they are the assembler's. */
export const SideBit = {
  Seen: 1,
  Known: 2,
  SynSeen: 4,
  Acknowledges: 8,
  EverAcknowledged: 16,
  IsWhole: 32,
  Assembling: 64,
  Ended: 128,
  Skips: 256,
  Anchored: 512,
  FinKnown: 1024,
  Holds: 2048,
  Differs: 4096,
  ToClient: 8192,
  /** The connection was reset: its end is no FIN. */
  Reset: 16384,
} as const;
