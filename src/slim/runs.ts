import type { LeftOutSegments } from "../capture/frame.ts";
import { limits } from "../limits.ts";
import { rememberedSegments } from "../stream/recent.ts";
import type { FramePlan } from "./frame-plan.ts";

/**
 * Segments of one connection that follow each other undisturbed and that a report needs nothing of but their sums.
 *
 * Invariants: `#frames[n]` carried `#payloads[n]` bytes and was sent by side `#senders[n]`, each the next segment of its
 * side. Of a run the last segments of both sides stay, because a reader tells copies and retransmissions by them, and the
 * last ones with payload, whose times are told; everything else goes, if that is worth a comment.
 */
export class Run {
  #frames: number[] = [];
  #payloads: number[] = [];
  #senders: (0 | 1)[] = [];

  add(frame: number, sender: 0 | 1, payload: number): void {
    this.#frames.push(frame);
    this.#payloads.push(payload);
    this.#senders.push(sender);
  }

  get isFull(): boolean {
    return this.#frames.length >= limits.slimRun;
  }

  /** Ends the run: drops what goes, and says before which frame how much did. */
  end(plan: FramePlan, leftOut: Map<number, LeftOutSegments>): void {
    const frames = this.#frames;
    const stays = frames.length < leastDropped ? undefined : this.#staying();
    if (stays !== undefined && frames.length - stays.size >= leastDropped) this.#drop(stays, plan, leftOut);
    this.#frames = [];
    this.#payloads = [];
    this.#senders = [];
  }

  #staying(): Set<number> {
    const stays = new Set<number>();
    const last = [0, 0];
    const hasPayload = [false, false];
    for (let at = this.#frames.length - 1; at >= 0; at--) {
      const sender = this.#senders[at];
      const isLastPayload = this.#payloads[at] > 0 && !hasPayload[sender];
      if (isLastPayload) hasPayload[sender] = true;
      if (last[sender]++ < rememberedSegments || isLastPayload) stays.add(at);
    }
    return stays;
  }

  #drop(stays: ReadonlySet<number>, plan: FramePlan, leftOut: Map<number, LeftOutSegments>): void {
    let sums = [noSegments(), noSegments()];
    for (const [at, frame] of this.#frames.entries()) {
      const sender = this.#senders[at];
      if (!stays.has(at)) {
        const sum = sums[sender];
        plan.drop(frame);
        sum.segments++;
        sum.bytes += this.#payloads[at];
        sum.largest = Math.max(sum.largest, this.#payloads[at]);
      } else if (sums[0].segments + sums[1].segments > 0) {
        leftOut.set(frame, { sent: sums[sender], received: sums[1 - sender] });
        sums = [noSegments(), noSegments()];
      }
    }
  }
}

function noSegments(): { segments: number; bytes: number; largest: number } {
  return { segments: 0, bytes: 0, largest: 0 };
}

/** Fewer are not worth what the comments cost, nor what people miss of them. */
const leastDropped = 64;
