import type { Assembler } from "./assembler.ts";
import { advance, distance, isBefore, later } from "./sequence.ts";

/**
 * What one end of a connection has sent, before and beside its bytes.
 *
 * Invariants: `base` is the sequence number of the first payload byte as far as known, set with `known` and only by a
 * SYN changed after that; `high` is one past the last payload byte sent; `acknowledged` the peer's highest number for
 * these bytes, `base` while there was none.
 */
export class Side {
  // What every segment touches stands first: see Connection.
  seen = false;
  known = false;
  synSeen = false;
  /** This end sent an acknowledgment: so there was a peer. */
  acknowledges = false;
  /** The peer acknowledged something. */
  everAcknowledged = false;
  /** No byte before `high` is missing: the assembler has nothing to learn from acknowledgments up to there. */
  isWhole = false;
  assembler: Assembler | undefined = undefined;
  base = 0;
  high = 0;
  acknowledged = 0;
  /** Segments noted so far, to find the next place in the ring of recent ones. */
  noted = 0;
  window = 0;
  largestSegment = 0;
  lastDataFrame = 0;
  lastDataSeconds = 0;
  lastDataNanoseconds = 0;
  finFrame = 0;
  finSequence = 0;
  firstSequence = 0;
  retransmitted = 0;

  reset(): void {
    this.isWhole = this.seen = this.synSeen = this.known = this.everAcknowledged = this.acknowledges = false;
    this.base = this.high = this.acknowledged = this.window = this.firstSequence = 0;
    this.finFrame = this.finSequence = this.noted = this.retransmitted = this.largestSegment = 0;
    this.lastDataFrame = this.lastDataSeconds = this.lastDataNanoseconds = 0;
    this.assembler = undefined;
  }

  startAt(base: number): void {
    this.known = true;
    this.base = this.high = this.acknowledged = base;
    this.assembler?.startAt(base);
  }

  /** Takes the initial sequence number. A SYN that comes after data cannot move what was delivered. */
  synchronise(sequence: number): void {
    this.synSeen = true;
    this.firstSequence = sequence;
    if (this.assembler === undefined || !this.known) {
      const acknowledged = this.acknowledged;
      this.startAt(advance(sequence, 1));
      if (this.everAcknowledged) this.acknowledged = later(this.base, acknowledged);
    }
  }

  /** The peer's acknowledgment. Numbers that no window allows are not believed. */
  acknowledge(sequence: number): void {
    // RFC 9293 §3.5.1: an end that forgot a connection and asks for it again is told the old one's numbers.
    if (this.synSeen && !this.acknowledges && isBefore(this.high, sequence)) return;
    this.everAcknowledged = true;
    if (!this.known) this.startAt(sequence);
    if (distance(this.high, sequence) > maximumWindow || !isBefore(this.acknowledged, sequence)) {
      if (sequence !== this.acknowledged) return;
    }
    this.acknowledged = sequence;
    if (!this.isWhole || isBefore(this.high, sequence)) this.assembler?.acknowledge(sequence);
  }

  /** The FIN came and the peer has acknowledged it. */
  get finAcknowledged(): boolean {
    return this.finFrame !== 0 && isBefore(this.finSequence, this.acknowledged);
  }

  /** How far ahead of what is known the peer lets this end send. The scale of the window is not known, so the largest. */
  reach(peer: Side): number {
    if (!peer.seen) return maximumWindow;
    return Math.max(0x10000, Math.min(maximumWindow, peer.window * 0x4000));
  }

  /** Whether a segment of this end at `sequence` can be of this connection: from what the peer waits for to its window. */
  accepts(sequence: number, peer: Side): boolean {
    if (!this.known) return true;
    if (isBefore(sequence, this.acknowledged)) return false;
    return distance(later(this.high, this.acknowledged), sequence) <= Math.max(0xffff, peer.window);
  }
}

/** RFC 7323 §2.3: a window is less than 2^30. */
const maximumWindow = 1 << 30;
