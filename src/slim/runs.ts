import type { LeftOutSegments } from "../capture/frame.ts";
import { limits } from "../limits.ts";
import { rememberedSegments } from "../stream/recent.ts";
import type { FramePlan } from "./frame-plan.ts";

/**
 * Segments of one connection that follow each other undisturbed. Those that are cut to nothing, and those without payload,
 * a report needs nothing of but their sums.
 *
 * Invariants: `#frames[n]` carried `#payloads[n]` bytes and was sent by side `#senders[n]`, each the next segment of its
 * side but for those of `Infinity` bytes, which stand between two rows. Of a row the last segments of both sides stay,
 * because a reader tells copies and retransmissions by them, and the last ones with payload, whose times are told;
 * everything else goes, if that is worth a comment.
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

  /** A segment without payload that is not simply the next: it stays. */
  interrupt(frame: number, sender: 0 | 1): void {
    this.add(frame, sender, Infinity);
  }

  get isFull(): boolean {
    return this.#frames.length >= limits.slimRun;
  }

  /** Ends the run: drops what goes, and says before which frame how much did. */
  end(plan: FramePlan, leftOut: Map<number, LeftOutSegments>): void {
    let from = 0;
    for (let at = 0; at <= this.#frames.length; at++) {
      if (at < this.#frames.length && (this.#payloads[at] === 0 || plan.payload(this.#frames[at]) === 0)) continue;
      if (at - from >= leastDropped) this.#thin(from, at, plan, leftOut);
      from = at + 1;
    }
    this.#frames = [];
    this.#payloads = [];
    this.#senders = [];
  }

  #thin(from: number, to: number, plan: FramePlan, leftOut: Map<number, LeftOutSegments>): void {
    const stays = this.#staying(from, to);
    if (to - from - stays.size < leastDropped) return;
    let sums = [noSegments(), noSegments()];
    for (let at = from; at < to; at++) {
      const frame = this.#frames[at];
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

  #staying(from: number, to: number): Set<number> {
    const stays = new Set<number>();
    const last = [0, 0];
    const hasPayload = [false, false];
    for (let at = to - 1; at >= from; at--) {
      const sender = this.#senders[at];
      const isLastPayload = this.#payloads[at] > 0 && !hasPayload[sender];
      if (isLastPayload) hasPayload[sender] = true;
      if (last[sender]++ < rememberedSegments || isLastPayload) stays.add(at);
    }
    return stays;
  }
}

function noSegments(): { segments: number; bytes: number; largest: number } {
  return { segments: 0, bytes: 0, largest: 0 };
}

/** Fewer are not worth what the comments cost, nor what people miss of them. */
const leastDropped = 64;
