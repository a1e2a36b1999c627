import { Accumulator } from "../../bytes/accumulator.ts";
import { limits } from "../../limits.ts";
import { Moment } from "../../stream/consumer.ts";
import { copyMoment } from "../held.ts";
import { ContentType, maximumFragment, recordHeaderLength } from "./record.ts";

/** Headers in a row, each where the one before says, that are taken for records. */
const chain = 3;
/** Pieces that are told apart; what comes behind counts as part of the last. */
const mostPieces = 1024;

/** Bytes that came together: those held up to `end`, from where the piece before ends. */
interface Piece {
  end: number;
  readonly frame: number;
  readonly moment: Moment;
}

/** Reads bytes that came in that frame. Returns false where it stops for good. */
type ReadPiece = (bytes: Uint8Array, start: number, end: number, frame: number) => boolean;

/**
 * Looks for record headers after bytes were lost.
 *
 * Invariants: the bytes held are looked through only when they have doubled, and at the end: the cost stays linear.
 * `#pieces` cover the bytes held, in order.
 */
export class Resynchronizer {
  readonly #held = new Accumulator(limits.resynchronize);
  readonly #pieces: Piece[] = [];
  #nextLook = 512;

  get bytes(): Uint8Array {
    return this.#held.bytes;
  }

  get length(): number {
    return this.#held.length;
  }

  /** Returns false when the cap is met: no records were found in so many bytes. */
  append(bytes: Uint8Array, start: number, end: number, frame: number, moment: Moment): boolean {
    if (!this.#held.append(bytes, start, end)) return false;
    const last = this.#pieces.at(-1);
    if (last !== undefined && (last.frame === frame || this.#pieces.length === mostPieces)) {
      last.end = this.#held.length;
      return true;
    }
    const came = new Moment();
    copyMoment(moment, came);
    this.#pieces.push({ end: this.#held.length, frame, moment: came });
    return true;
  }

  /** Gives what is held from the offset on as it came, at the moments when it did. Returns false where `read` stopped. */
  replay(from: number, moment: Moment, read: ReadPiece): boolean {
    const now = new Moment();
    copyMoment(moment, now);
    let start = from;
    let goesOn = true;
    for (const piece of this.#pieces) {
      if (!goesOn || piece.end <= start) continue;
      copyMoment(piece.moment, moment);
      goesOn = read(this.#held.bytes, start, piece.end, piece.frame);
      start = piece.end;
    }
    copyMoment(now, moment);
    return goesOn;
  }

  /** Offset of the first header of a chain; -1 while there is none. At the end two headers and a cut do. */
  find(atEnd: boolean): number {
    const { bytes, length } = this.#held;
    if (!atEnd && length < this.#nextLook) return -1;
    this.#nextLook = length * 2;
    const least = atEnd ? 2 : chain;
    for (let at = 0; at + recordHeaderLength <= length; at++) {
      if (chainLength(bytes, at, length) >= least) return at;
    }
    return -1;
  }
}

function chainLength(bytes: Uint8Array, start: number, length: number): number {
  let at = start;
  let headers = 0;
  while (headers < chain && at + recordHeaderLength <= length) {
    const size = (bytes[at + 3] << 8) | bytes[at + 4];
    const type = bytes[at];
    if (type < ContentType.changeCipherSpec || type > ContentType.applicationData) return 0;
    // Stricter than the reader: records in mid-connection say 0x0301 to 0x0303 and are not empty.
    if (bytes[at + 1] !== 3 || bytes[at + 2] < 1 || bytes[at + 2] > 3 || size === 0 || size > maximumFragment) return 0;
    headers++;
    at += recordHeaderLength + size;
  }
  return headers;
}
