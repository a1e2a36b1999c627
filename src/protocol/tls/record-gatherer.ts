import { Accumulator } from "../../bytes/accumulator.ts";
import { limits } from "../../limits.ts";
import { Moment, type Direction } from "../../stream/consumer.ts";
import { copyMoment } from "../held.ts";
import type { TlsSecrets } from "./secrets.ts";

/** Takes protected records, whole and in order. */
export interface RecordOpener {
  /** Borrows: `bytes` is lent for the call. */
  openRecord(direction: Direction, type: number, bytes: Uint8Array, start: number, end: number, frame: number): void;
  /** A record of which bytes are missing, or for which there was no room. */
  brokenRecord(direction: Direction, length: number): void;
}

/** A protected record that waits for its keys. */
export interface WaitingRecord {
  readonly type: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** The one with its last byte. */
  readonly frame: number;
  readonly moment: Moment;
}

/** Records that wait for their keys, in order. */
interface HeldRecords {
  readonly bytes: Accumulator;
  readonly types: number[];
  readonly lengths: number[];
  readonly frames: number[];
  /** Records of one segment share theirs. */
  readonly moments: Moment[];
}

/**
 * Puts protected records of one direction together, and keeps those that come before their keys can be known.
 *
 * Invariants: a record that lies in one lent piece is passed on without a copy; `#buffer` is only taken while a record
 * is open of which a piece has come; nothing is passed on before `open`, everything in order after it.
 */
export class RecordGatherer {
  readonly #direction: Direction;
  readonly #moment: Moment;
  readonly #secrets: TlsSecrets;
  readonly #opener: RecordOpener;
  #type = 0;
  #length = 0;
  #filled = 0;
  #broken = false;
  #done = false;
  #buffer: Uint8Array | undefined;
  #held: HeldRecords | undefined;
  #opened = false;

  constructor(direction: Direction, moment: Moment, secrets: TlsSecrets, opener: RecordOpener) {
    this.#direction = direction;
    this.#moment = moment;
    this.#secrets = secrets;
    this.#opener = opener;
  }

  recordStart(contentType: number, length: number): void {
    this.#type = contentType;
    this.#length = length;
    this.#filled = 0;
    this.#broken = false;
    this.#done = false;
  }

  recordBytes(bytes: Uint8Array, start: number, end: number, frame: number): void {
    if (end - start === this.#length) {
      this.#done = true;
      this.#pass(bytes, start, end, frame);
      return;
    }
    if (this.#broken) return;
    this.#buffer ??= this.#secrets.takeBuffer();
    if (this.#buffer === undefined) {
      this.#broken = true;
      return;
    }
    this.#buffer.set(bytes.subarray(start, end), this.#filled);
    this.#filled += end - start;
  }

  recordEnd(frame: number): void {
    if (!this.#done) {
      const buffer = this.#buffer;
      if (this.#broken || this.#filled < this.#length) this.#opener.brokenRecord(this.#direction, this.#length);
      else this.#pass(buffer ?? nothing, 0, this.#length, frame);
    }
    this.abandon();
  }

  /** Bytes of the open record are missing. */
  damage(): void {
    this.#broken = true;
  }

  /** The open record will not end. */
  abandon(): void {
    if (this.#buffer !== undefined) this.#secrets.giveBuffer(this.#buffer);
    this.#buffer = undefined;
  }

  /** From now on records are passed on at once; those held come first, each as of the moment at which it came. */
  open(): void {
    this.#opened = true;
    const held = this.waiting();
    this.#take();
    const now = new Moment();
    copyMoment(this.#moment, now);
    for (const { type, bytes, start, end, frame, moment } of held) {
      copyMoment(moment, this.#moment);
      this.#opener.openRecord(this.#direction, type, bytes, start, end, frame);
    }
    copyMoment(now, this.#moment);
  }

  /** Forgets what is held. Returns how many bytes of fragments that were. */
  forget(): number {
    return this.#take()?.bytes.length ?? 0;
  }

  /** The records held, in order. Borrows: their bytes, until the next one comes. */
  waiting(): readonly WaitingRecord[] {
    const held = this.#held;
    if (held === undefined) return [];
    const { bytes } = held.bytes;
    let end = 0;
    return held.lengths.map((length, at) => {
      const start = end;
      end += length;
      return { type: held.types[at], bytes, start, end, frame: held.frames[at], moment: held.moments[at] };
    });
  }

  /** How many records are held. */
  get held(): number {
    return this.#held?.types.length ?? 0;
  }

  #take(): HeldRecords | undefined {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#secrets.release(held.bytes.length + held.types.length * recordCost);
    return held;
  }

  #pass(bytes: Uint8Array, start: number, end: number, frame: number): void {
    if (this.#opened) this.#opener.openRecord(this.#direction, this.#type, bytes, start, end, frame);
    else if (!this.#hold(bytes, start, end, frame)) this.#opener.brokenRecord(this.#direction, end - start);
  }

  #hold(bytes: Uint8Array, start: number, end: number, frame: number): boolean {
    const held = (this.#held ??= noRecords());
    const cost = end - start + recordCost;
    if (held.types.length >= limits.heldRecords / leastRecord || !this.#secrets.hold(cost)) return false;
    if (!held.bytes.append(bytes, start, end)) {
      this.#secrets.release(cost);
      return false;
    }
    held.types.push(this.#type);
    held.lengths.push(end - start);
    held.frames.push(frame);
    held.moments.push(this.#came(held.moments.at(-1)));
    return true;
  }

  #came(last: Moment | undefined): Moment {
    const { frame, sequenceEnd } = this.#moment;
    if (last?.frame === frame && last.sequenceEnd === sequenceEnd) return last;
    const came = new Moment();
    copyMoment(this.#moment, came);
    return came;
  }
}

function noRecords(): HeldRecords {
  return { bytes: new Accumulator(limits.heldRecords), types: [], lengths: [], frames: [], moments: [] };
}

const nothing = new Uint8Array(0);
/** Bytes that a record takes besides its own: its place in four lists and, where it is alone in its segment, a moment. */
const recordCost = 128;
/** Bytes of an authentication tag, under which no protected record stays. */
const leastRecord = 16;
