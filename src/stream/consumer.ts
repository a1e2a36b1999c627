import type { Frame, LeftOutRecords } from "../capture/frame.ts";

/** 0 is client to server, 1 is server to client. */
export type Direction = 0 | 1;

/** What a consumer wants next in this direction. After `Skip` it is not called with data of this direction again. */
export const Demand = { More: 0, Skip: 1 } as const;
export type Demand = (typeof Demand)[keyof typeof Demand];

/** How a stream ended. */
export type EndReason = "fin" | "reset" | "idle" | "evicted" | "capture-end";

/**
 * Takes the ordered bytes of one connection, both directions. Implemented by every protocol decoder, so that one can
 * stand inside another.
 */
export interface StreamConsumer {
  /**
   * The next bytes of a direction, in order, each once.
   *
   * Borrows: `bytes` is lent for the duration of the call. `frame` is the frame that carried the first of them.
   */
  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand;
  /** `length` bytes that the capture never had, or that were dropped at a cap; data goes on behind them. */
  onGap(direction: Direction, length: number): Demand;
  /** No more bytes in this direction. Called at most once a direction. */
  onEnd(direction: Direction, reason: EndReason): void;
}

/**
 * The current frame: one shared object that the pass keeps up to date, read by whoever notes a time. What is said of a
 * segment holds while its bytes are delivered, also where they waited for others.
 */
export class Moment {
  frame = 0;
  seconds = 0;
  nanoseconds = 0;
  timed = true;
  /** Interface that the frame was captured at; tells a frame captured twice from one sent twice. */
  interfaceId = 0;
  /** Sequence number behind the bytes that are delivered, or missing. */
  sequenceEnd = 0;
  /** Acknowledgment of the segment that is delivered: how much of the other direction its sender had. */
  acknowledgment = 0;
  /** Bytes of the frame where slimming left some out; undefined for all others. */
  slimmed: Uint8Array | undefined = undefined;
  /** Offset in them from which on they were left out. */
  leftOutFrom = 0;
  /** Slimming left out bytes of the frame, or segments before it. */
  leavesOut = false;
  recordsBefore: LeftOutRecords | undefined = undefined;

  /** Goes over to a frame. */
  standAt(frame: Frame): void {
    this.frame = frame.number;
    this.seconds = frame.seconds;
    this.nanoseconds = frame.nanoseconds;
    this.timed = frame.timed;
    this.interfaceId = frame.interfaceId;
    this.slimmed = frame.leftOut > 0 ? frame.bytes : undefined;
    this.leftOutFrom = frame.end - frame.leftOut;
    this.leavesOut = frame.leftOut > 0 || frame.segmentsBefore !== undefined;
    this.recordsBefore = frame.recordsBefore;
  }
}
