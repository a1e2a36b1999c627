import type { Frame } from "./frame.ts";

/** What a look for the next frame came to. */
export const RecordStatus = {
  /** More bytes are needed: `input.needed` from `input.start` on. */
  More: 0,
  /** The frame was filled. */
  Frame: 1,
  /** The bytes contradict the format: nothing after them can be read. The notes say why. */
  Ended: 2,
} as const;
export type RecordStatus = (typeof RecordStatus)[keyof typeof RecordStatus];

/** Takes the records of one container format out of an input block. */
export interface RecordReader {
  /** Fills the frame from the bytes at hand. Never throws. */
  next(frame: Frame): RecordStatus;
  /** Notes what is wrong with the end: called once, when the input has ended and `next` wants more. */
  finish(): void;
}

/** What frames without comments have: one array for all. */
export const noComments: readonly string[] = [];
