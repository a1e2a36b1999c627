import type { LeftOutRecords } from "../capture/frame.ts";
import { limits } from "../limits.ts";
import type { FramePlan } from "./frame-plan.ts";

/** A place in the payload of a frame. */
interface Place {
  readonly frame: number;
  readonly offset: number;
}

/** A record that may be left out: where it ends, and what was in it. */
interface SealedRecord {
  readonly end: Place;
  readonly content: readonly (number | Uint8Array)[];
}

/**
 * Records of TLS that one side sent and of which a report needs the sums only, though they can be opened.
 *
 * Invariants: `#start` is where the last record that stays ended, undefined where that is not known; the records of
 * `#records` follow it without a gap, and `#frames` are the frames with payload from it on, in order. Frames are cut when
 * the run is closed: what comes before may still have to be compared with a segment that is sent again.
 */
export class RecordRun {
  readonly #plan: FramePlan;
  readonly #told: Map<number, LeftOutRecords>;
  #start: Place | undefined;
  #frames: number[] = [];
  #records: SealedRecord[] = [];
  #literals = 0;

  /** `told` gets what is to be said of the frame in which a run ends. */
  constructor(plan: FramePlan, told: Map<number, LeftOutRecords>) {
    this.#plan = plan;
    this.#told = told;
  }

  /** A frame brings the next payload of the side. */
  add(frame: number): void {
    if (this.#start === undefined) this.#frames = [];
    this.#frames.push(frame);
  }

  /** A record ends there, in the frame that was added last. `content` is undefined where it has to stay. */
  endRecord(end: Place, content: readonly (number | Uint8Array)[] | undefined): void {
    const literals = content?.reduce((sum: number, piece) => sum + (typeof piece === "number" ? 0 : piece.length), 0);
    const fits = literals !== undefined && this.#literals + literals + 8 * this.#records.length <= limits.slimRecords;
    if (this.#start !== undefined && content !== undefined && fits) {
      this.#records.push({ end, content });
      this.#literals += literals;
      return;
    }
    this.#cut(this.#records);
    this.#begin(end);
  }

  /** A segment comes that is not simply the next: the last frames stay as they are. */
  disturb(kept: number): void {
    const whole = new Set(this.#frames.slice(-kept));
    this.#cut(this.#records.filter(({ end }) => !whole.has(end.frame)));
    this.#begin(undefined);
  }

  /** No more comes of the side. */
  close(): void {
    this.#cut(this.#records);
    this.#begin(undefined);
  }

  #begin(start: Place | undefined): void {
    this.#start = start;
    this.#frames = start === undefined ? [] : [start.frame];
    this.#records = [];
    this.#literals = 0;
  }

  #cut(records: readonly SealedRecord[]): void {
    const last = records.at(-1)?.end;
    const { frame: first, offset } = this.#start ?? { frame: 0, offset: 0 };
    if (last === undefined || last.frame === first) return;
    for (const frame of this.#frames) {
      if (frame === last.frame) break;
      this.#plan.cut(frame, frame === first ? offset : 0);
    }
    this.#plan.hold(last.frame);
    const content = merged(records.flatMap((record) => record.content));
    this.#told.set(last.frame, { count: records.length, tail: last.offset, content });
  }
}

/** Content in a row counted together. */
function merged(pieces: readonly (number | Uint8Array)[]): (number | Uint8Array)[] {
  const all: (number | Uint8Array)[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (typeof piece === "number" && typeof last === "number") all[all.length - 1] = last + piece;
    else all.push(piece);
  }
  return all;
}
