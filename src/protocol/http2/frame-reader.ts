/*
 * Frames of HTTP/2. Spec: RFC 9113 §4.1.
 *
 *   length 3, type 1, flags 1, reserved bit and stream 4, payload of that length
 *
 * Invariants: `#header` holds what came of a header that is not complete; afterwards `#remaining` is what is left of the
 * payload. Payloads of DATA are passed on as they come; those of the types that are read are given whole, and copied only
 * where they were split; the rest are skipped.
 */
import { Accumulator } from "../../bytes/accumulator.ts";
import { MalformedError } from "../../bytes/malformed.ts";
import { limits } from "../../limits.ts";
import type { Direction, Moment } from "../../stream/consumer.ts";
import type { Stamp } from "../exchange-notes.ts";

/** Frame types that are read. Spec: RFC 9113 §6. */
export const FrameType = {
  data: 0,
  headers: 1,
  resetStream: 3,
  settings: 4,
  pushPromise: 5,
  goAway: 7,
  continuation: 9,
} as const;

/** Flags by their bits; END_STREAM of DATA and HEADERS is the ACK of SETTINGS. */
export const Flag = { endStream: 0x1, acknowledge: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

/** Takes frames. Borrows: the bytes until each call returns. */
export interface FrameSink {
  /** A header was read; its payload is to come. Throws where it cannot be there. */
  onHeader(reader: FrameReader): void;
  /** The whole payload of a frame that is read, DATA left out. */
  onPayload(reader: FrameReader, bytes: Uint8Array, start: number, end: number): void;
  /** Content of a DATA frame, its padding left out. */
  onContent(reader: FrameReader, bytes: Uint8Array, start: number, end: number): void;
  /** Content of a DATA frame that the capture lacks. */
  onContentLost(reader: FrameReader, length: number): void;
  /** The end of a DATA frame. */
  onDataEnd(reader: FrameReader): void;
}

/** Takes one direction apart into frames. The fields are those of the frame being read. */
export class FrameReader implements Stamp {
  length = 0;
  type = 0;
  flags = 0;
  stream = 0;
  frame = 0;
  seconds = 0;
  nanoseconds = 0;
  readonly #sink: FrameSink;
  readonly #header = new Uint8Array(headerLength);
  #headerLength = 0;
  #inPayload = false;
  #remaining = 0;
  /** Padding at the end of a DATA frame; -1 while its length is to come. */
  #padding = 0;
  readonly #held = new Accumulator(limits.httpHead);

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Whether a frame has begun and not ended. */
  get inFrame(): boolean {
    return this.#inPayload || this.#headerLength > 0;
  }

  /** Throws: `too-large`, `bad-length`, and what the sink throws. */
  read(bytes: Uint8Array, start: number, end: number, frame: number, moment: Moment): void {
    let at = start;
    while (at < end) {
      if (!this.#inPayload) {
        if (this.#headerLength === 0) this.#stamp(frame, moment);
        at = this.#readHeader(bytes, at, end);
      } else if (this.type === FrameType.data) at = this.#readData(bytes, at, end);
      else at = this.#readPayload(bytes, at, end);
    }
  }

  /** Passes missing bytes over. Returns false where they are not all known to be content or of a frame not read. */
  skipMissing(length: number): boolean {
    if (!this.#inPayload || this.#padding < 0 || length > this.#remaining) return false;
    if (isGathered(this.type)) return false;
    const content = Math.min(length, this.#remaining - this.#padding);
    if (this.type === FrameType.data && content > 0) this.#sink.onContentLost(this, content);
    this.#remaining -= length;
    if (this.#remaining === 0) this.#endPayload();
    return true;
  }

  /** Gives the memory back. */
  clear(): void {
    this.#held.clear();
  }

  #stamp(frame: number, moment: Moment): void {
    this.frame = frame;
    this.seconds = moment.seconds;
    this.nanoseconds = moment.nanoseconds;
  }

  #readHeader(bytes: Uint8Array, start: number, end: number): number {
    const taken = Math.min(end - start, headerLength - this.#headerLength);
    for (let index = 0; index < taken; index++) this.#header[this.#headerLength + index] = bytes[start + index];
    this.#headerLength += taken;
    if (this.#headerLength === headerLength) this.#begin();
    return start + taken;
  }

  #begin(): void {
    const header = this.#header;
    const type = header[3];
    this.length = (header[0] << 16) | (header[1] << 8) | header[2];
    this.type = type;
    this.flags = header[4];
    this.stream = streamAt(header, 5);
    this.#headerLength = 0;
    this.#sink.onHeader(this);
    if (isGathered(type) && this.length > limits.httpHead) throw malformed("too-large");
    this.#inPayload = true;
    this.#remaining = this.length;
    this.#padding = type === FrameType.data && (this.flags & Flag.padded) !== 0 ? -1 : 0;
    if (this.#remaining === 0) this.#endPayload();
  }

  #readData(bytes: Uint8Array, start: number, end: number): number {
    if (this.#padding < 0) {
      this.#padding = bytes[start];
      this.#remaining--;
      if (this.#padding > this.#remaining) throw malformed("bad-length");
      if (this.#remaining === 0) this.#endPayload();
      return start + 1;
    }
    const taken = Math.min(end - start, this.#remaining);
    const content = Math.min(taken, this.#remaining - this.#padding);
    if (content > 0) this.#sink.onContent(this, bytes, start, start + content);
    this.#remaining -= taken;
    if (this.#remaining === 0) this.#endPayload();
    return start + taken;
  }

  #readPayload(bytes: Uint8Array, start: number, end: number): number {
    const taken = Math.min(end - start, this.#remaining);
    const after = start + taken;
    const held = this.#held;
    this.#remaining -= taken;
    if (!isGathered(this.type)) {
      if (this.#remaining === 0) this.#endPayload();
      return after;
    }
    const whole = held.length === 0 && this.#remaining === 0;
    if (!whole) held.append(bytes, start, after);
    if (this.#remaining > 0) return after;
    this.#inPayload = false;
    if (whole) this.#sink.onPayload(this, bytes, start, after);
    else this.#sink.onPayload(this, held.bytes, 0, held.length);
    held.clear();
    return after;
  }

  /** Ends a payload whose last bytes were not given by this call. */
  #endPayload(): void {
    this.#inPayload = false;
    if (isGathered(this.type)) this.#sink.onPayload(this, nothing, 0, 0);
    else if (this.type !== FrameType.data) return;
    else if (this.#padding < 0) throw malformed("bad-length");
    else this.#sink.onDataEnd(this);
  }
}

/** The stream identifier at an offset, its reserved bit left out. */
export function streamAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] & 0x7f) << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}

/**
 * Whether the header read last can be that of a frame: its length and whether it belongs to a stream fit its type.
 *
 * Spec: RFC 9113 §6. Types of extensions fit always.
 */
export function isPossibleHeader({ type, length, stream }: FrameReader, direction: Direction): boolean {
  const opens = type === FrameType.headers && direction === 0;
  if (opens && stream % 2 === 0) return false;
  // A window may be the connection's or a stream's.
  if (type === windowUpdate) return length === 4;
  const shape = shapes.get(type);
  if (shape === undefined) return true;
  return shape.onStream === stream > 0 && length >= shape.least && length <= shape.most && length % shape.unit === 0;
}

interface Shape {
  readonly onStream: boolean;
  readonly least: number;
  readonly most: number;
  readonly unit: number;
}

const any = 0xff_ffff;
const windowUpdate = 8;
const shapes: ReadonlyMap<number, Shape> = new Map<number, Shape>([
  [FrameType.data, { onStream: true, least: 0, most: any, unit: 1 }],
  [FrameType.headers, { onStream: true, least: 0, most: any, unit: 1 }],
  [2, { onStream: true, least: 5, most: 5, unit: 1 }],
  [FrameType.resetStream, { onStream: true, least: 4, most: 4, unit: 1 }],
  [FrameType.settings, { onStream: false, least: 0, most: any, unit: 6 }],
  [FrameType.pushPromise, { onStream: true, least: 4, most: any, unit: 1 }],
  [6, { onStream: false, least: 8, most: 8, unit: 1 }],
  [FrameType.goAway, { onStream: false, least: 8, most: any, unit: 1 }],
  [FrameType.continuation, { onStream: true, least: 0, most: any, unit: 1 }],
]);

function isGathered(type: number): boolean {
  return gathered.includes(type);
}

function malformed(code: "too-large" | "bad-length"): MalformedError {
  return new MalformedError(code, 0, "frame");
}

const headerLength = 9;
const gathered: readonly number[] = Object.values(FrameType).filter((type) => type !== FrameType.data);
const nothing = new Uint8Array(0);
