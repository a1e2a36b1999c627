import { limits } from "../../limits.ts";
import { HeldBytes } from "../held.ts";
import { ContentType, maximumFragment, recordHeaderLength } from "./record.ts";

/** Headers in a row, each where the one before says, that are taken for records. */
const chain = 3;
/**
 * Looks for record headers after bytes were lost.
 *
 * Invariants: the bytes held are looked through only when they have doubled, and at the end: the cost stays linear.
 */
export class Resynchronizer extends HeldBytes {
  #nextLook = 512;

  constructor() {
    super(limits.resynchronize);
  }

  /** Offset of the first header of a chain; -1 while there is none. At the end two headers and a cut do. */
  find(atEnd: boolean): number {
    const { bytes, length } = this;
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
