import type { Frame } from "../capture/frame.ts";
import { limits } from "../limits.ts";

/** What somebody wrote beside a frame. Untrusted. */
export interface FrameComment {
  readonly frame: number;
  readonly text: string;
}

/**
 * The comments that people wrote beside frames; those that programs write of processes and of slimming are read by others
 * and left out here.
 *
 * Invariant: the first ones are kept, up to a cap on their number and on the length of each; the others are counted.
 */
export class FrameComments {
  readonly kept: FrameComment[] = [];
  more = 0;

  note({ number, comments }: Frame): void {
    for (const comment of comments) {
      if (writtenByProgram.test(comment)) continue;
      if (this.kept.length === limits.frameComments) this.more++;
      else this.kept.push({ frame: number, text: comment.slice(0, limits.frameCommentText) });
    }
  }
}

const writtenByProgram = /^(?:PID: \d|slimmed: )/;
