import { limits } from "../limits.ts";
import { Demand, type Direction, type EndReason, type Moment, type StreamConsumer } from "./consumer.ts";
import { HeldSegments, nothingHeld, type HoldBudget } from "./held.ts";
import * as column from "./rows.ts";
import { SideBit } from "./rows.ts";
import { advance, distance, isBefore, later } from "./sequence.ts";

/*
 * In-order delivery of one direction: a window on the row of a connection.
 *
 * Invariants: everything before `next` was delivered, counted as lost, or lay before the start; whatever is held
 * starts behind `next`; `settled` is the highest acknowledgment seen of these bytes; a side that holds nothing does not
 * have the bit `Holds`. First bytes win: bytes that
 * came once are never replaced. A hole is lost when the peer has acknowledged it and the grace (frames or seconds of
 * capture time) has passed since that was noticed, at a cap, or at the end. A segment cut by the snap length is lent
 * as far as it was captured; the rest is a gap at once, because only a second copy of the frame could bring it.
 */

/** What an arriving segment was to its stream. */
export const Arrival = {
  /** It began where the stream stood. */
  InOrder: 0,
  /** It came before its turn and is held. */
  Held: 1,
  /** It filled a hole, wholly or in part. */
  Late: 2,
  /** Nothing new: all of it had come before. */
  Old: 3,
  /** Bytes that had come before, then new ones. */
  Partial: 4,
  /** Behind the end of the stream, or too far ahead to be of it. */
  Outside: 5,
} as const;
export type Arrival = (typeof Arrival)[keyof typeof Arrival];

/** What all streams share. */
export interface AssemblerWorld {
  readonly moment: Moment;
  readonly budget: HoldBudget;
  /** By slot. */
  readonly consumers: (StreamConsumer | undefined)[];
  /** What is held out of order, by slot and direction (`slot * 2 + direction`): most directions never hold anything. */
  readonly held: Map<number, HeldSegments>;
}

export class Assembler {
  #words: Int32Array = new Int32Array(0);
  #numbers: Float64Array = new Float64Array(0);
  #at = 0;
  readonly #moment: Moment;
  readonly #world: AssemblerWorld;

  constructor(world: AssemblerWorld) {
    this.#moment = world.moment;
    this.#world = world;
  }

  /** Goes over to the side at that word of a chunk of rows. */
  stand(words: Int32Array, numbers: Float64Array, at: number): void {
    this.#words = words;
    this.#numbers = numbers;
    this.#at = at;
  }

  /**
   * Begins a stream there. `anchored`: `next` is known from a SYN; otherwise earlier bytes may still move it back before
   * the first delivery.
   */
  start(direction: Direction, next: number, anchored: boolean): void {
    this.#words[this.#at] |=
      SideBit.Assembling | (anchored ? SideBit.Anchored : 0) | (direction === 1 ? SideBit.ToClient : 0);
    this.startAt(next);
  }

  /** The first sequence number became known after the stream began. */
  startAt(next: number): void {
    this.#next = next;
    this.#settled = next;
  }

  get next(): number {
    return this.#words[this.#at + column.next];
  }

  get ended(): boolean {
    return this.#is(SideBit.Ended);
  }

  /** Distinct payload bytes delivered or, after Skip, counted. */
  get bytes(): number {
    return this.#numbers[(this.#at + column.bytes) >> 1];
  }

  get lost(): number {
    return this.#numbers[(this.#at + column.lost) >> 1];
  }

  /** Segments that came after later ones. */
  get lateSegments(): number {
    return this.#words[this.#at + column.lateSegments] >>> 0;
  }

  /** Whether bytes that were held have come again with another content since this was asked. */
  takeDifference(): boolean {
    if (!this.#is(SideBit.Differs)) return false;
    this.#words[this.#at] &= ~SideBit.Differs;
    return true;
  }

  /** Times that a hole was given up because a cap was met. */
  get limitHits(): number {
    return this.#words[this.#at + column.limitHits] >>> 0;
  }

  /** The consumer still wants bytes of this direction. */
  get isRead(): boolean {
    return !this.#is(SideBit.Skips);
  }

  /**
   * Takes a segment: `length` bytes from sequence number `start`, of which `bytes` has those from `from` to `to`.
   * `reach` is how far ahead of what is known a segment may be.
   */
  accept(start: number, length: number, bytes: Uint8Array, from: number, to: number, reach: number): Arrival {
    const state = this.#words[this.#at];
    if ((state & SideBit.Ended) !== 0) return distance(start, this.next) >= length ? Arrival.Old : Arrival.Outside;
    if (start === this.next && (state & (SideBit.Holds | SideBit.FinKnown)) === 0) {
      if ((state & SideBit.Anchored) === 0) this.#mark(SideBit.Anchored);
      this.#deliver(bytes, from, to, length, this.#moment.frame);
      return Arrival.InOrder;
    }
    if ((state & SideBit.Anchored) === 0) this.#anchor(start);
    return this.#acceptAround(start, length, bytes, from, to, reach);
  }

  /** Counts bytes that were on their way when the peer's RST ended the stream, where they are the next ones. */
  countUnread(start: number, length: number, captured: number): void {
    const old = distance(start, this.next);
    if (old < 0 || old >= length || (this.#is(SideBit.FinKnown) && !this.#is(SideBit.Reset))) return;
    this.#next = advance(start, length);
    this.#numbers[(this.#at + column.bytes) >> 1] += Math.max(0, captured - old);
  }

  /** The peer acknowledged everything before `sequence`. */
  acknowledge(sequence: number): void {
    if (isBefore(this.#settled, sequence)) this.#settled = sequence;
    if (isBefore(this.next, this.#settled)) this.settle();
    else this.#graceFrame = 0;
  }

  /** Gives up holes whose time has come. Called when the connection moves. */
  settle(): void {
    if (!isBefore(this.next, this.#settled) || this.ended) return;
    const { frame, seconds } = this.#moment;
    const graceFrame = this.#graceFrame;
    const graceSeconds = (this.#at + column.graceSeconds) >> 1;
    if (graceFrame === 0) {
      this.#words[this.#at + column.graceAcknowledged] = this.#settled;
      this.#graceFrame = frame;
      this.#numbers[graceSeconds] = seconds;
      return;
    }
    const isYoung = seconds - this.#numbers[graceSeconds] < limits.holeSeconds;
    if (frame - graceFrame < limits.holeFrames && isYoung) return;
    this.#graceFrame = 0;
    this.#loseTo(this.#words[this.#at + column.graceAcknowledged]);
  }

  /** A FIN stands at `sequence`: the stream ends there once it has come so far. */
  finish(sequence: number): void {
    if (this.ended || this.#is(SideBit.Reset)) return;
    this.#mark(SideBit.FinKnown);
    this.#words[this.#at + column.finSequence] = sequence;
    this.#endIfReached();
  }

  /** Goes over bytes that were in the capture and were left out of it. False where the stream has no place for them. */
  leaveOut(length: number): boolean {
    if (this.#is(SideBit.Ended | SideBit.FinKnown | SideBit.Holds) || !this.#is(SideBit.Assembling)) return false;
    this.#moment.sequenceEnd = this.#next = advance(this.next, length);
    this.#numbers[(this.#at + column.bytes) >> 1] += length;
    if (length > 0 && this.isRead) this.#obey(this.#consumer.onGap(this.#direction, length));
    return true;
  }

  /** The connection was reset. What is known to have been sent may still come: the frames of one end can lag behind. */
  reset(): void {
    if (this.ended) return;
    const end = this.#is(SideBit.FinKnown) ? this.#finSequence : this.#sent;
    this.#mark(SideBit.Reset | SideBit.FinKnown);
    this.#words[this.#at + column.finSequence] = end;
    this.#endIfReached();
  }

  /** No more segments: gives up all holes, hands on what is held, and ends. */
  end(reason: EndReason): void {
    if (this.ended) return;
    this.#loseTo(this.#sent);
    if (!this.ended) this.#finishWith(reason);
  }

  /** Before the first delivery of a stream whose start was not captured, the earliest byte known is the start. */
  #anchor(start: number): void {
    // A keep-alive may have set `next` one too low: RFC 9293 §3.8.4 lets it repeat the byte before.
    const keepAlive = start === advance(this.next, 1) && !isBefore(this.#settled, start);
    if (isBefore(start, this.next) || keepAlive) this.#next = start;
    if (isBefore(this.#settled, this.next)) this.#settled = this.next;
    this.#mark(SideBit.Anchored);
  }

  #acceptAround(start: number, length: number, bytes: Uint8Array, from: number, to: number, reach: number): Arrival {
    const old = distance(start, this.next);
    if (old >= length) return Arrival.Old;
    if (old > 0) {
      this.#merge(bytes, from + old, to, length - old);
      return Arrival.Partial;
    }
    if (this.#is(SideBit.FinKnown) && !isBefore(start, this.#finSequence)) return Arrival.Outside;
    if (old === 0) {
      const late = !this.#held.isEmpty;
      this.#merge(bytes, from, to, length);
      if (late) this.#count(column.lateSegments);
      return late ? Arrival.Late : Arrival.InOrder;
    }
    if (distance(later(this.next, this.#settled), start) > reach) return Arrival.Outside;
    return this.#hold(start, bytes, from, to, length);
  }

  /** Delivers a segment that starts at `next`, minding what is held: held bytes came first, so they win. */
  #merge(bytes: Uint8Array, from: number, to: number, length: number): void {
    const held = this.#held;
    const { frame } = this.#moment;
    let left = length;
    let at = from;
    if (this.#is(SideBit.FinKnown)) left = Math.min(left, Math.max(0, distance(this.next, this.#finSequence)));
    while (left > 0 && !this.ended) {
      const room = held.isEmpty ? left : Math.min(left, distance(this.next, held.firstStart));
      if (room > 0) {
        this.#deliver(bytes, Math.min(at, to), Math.min(at + room, to), room, frame);
        at += room;
        left -= room;
      }
      if (left > 0 && !held.isEmpty) {
        const overlap = Math.min(left, distance(held.firstStart, held.firstEnd));
        const agrees = held.firstEquals(bytes, at, Math.max(0, Math.min(overlap, to - at)));
        if (!agrees) this.#mark(SideBit.Differs);
        at += overlap;
        left -= overlap;
        this.#deliverFirst(held);
      }
    }
    this.#drain(held);
  }

  #hold(start: number, bytes: Uint8Array, from: number, to: number, length: number): Arrival {
    // The tail that the snap length cut is not held: it stays a hole.
    const captured = Math.min(length, to - from);
    if (captured === 0) return Arrival.Held;
    const held = this.#holding();
    const late = !held.isEmpty && isBefore(start, held.lastEnd);
    while (!held.hasRoom(captured, this.isRead)) {
      this.#count(column.limitHits);
      this.#loseTo(held.isEmpty ? start : held.firstStart);
      if (!this.ended && distance(start, this.next) < 0) continue;
      const arrival = this.#acceptAround(start, length, bytes, from, to, 0);
      return arrival === Arrival.InOrder ? Arrival.Held : arrival;
    }
    this.#mark(SideBit.Holds);
    const end = advance(start, captured);
    const fresh = held.insert(start, end, bytes, from, this.#moment, this.isRead);
    if (fresh < 0) this.#mark(SideBit.Differs);
    if (fresh === 0 || fresh === -1) return Arrival.Old;
    if (late) this.#count(column.lateSegments);
    return late ? Arrival.Late : Arrival.Held;
  }

  #deliver(bytes: Uint8Array, from: number, to: number, length: number, frame: number): void {
    const captured = to - from;
    this.#moment.sequenceEnd = this.#next = advance(this.next, length);
    this.#numbers[(this.#at + column.bytes) >> 1] += captured;
    if (captured > 0 && this.isRead) {
      this.#obey(this.#consumer.onData(this.#direction, bytes, from, to, frame));
    }
    if (captured < length) this.#gap(length - captured);
  }

  #deliverFirst(held: HeldSegments): void {
    const length = distance(this.next, held.firstEnd);
    const offset = held.firstOffset;
    const frame = held.firstFrame;
    const { acknowledgment } = this.#moment;
    this.#moment.acknowledgment = held.firstAcknowledgment;
    held.dropFirst();
    // Ranges noted after Skip have no bytes, and then nobody asks for them.
    const from = Math.max(0, offset);
    this.#deliver(held.arena, from, from + length, length, frame);
    this.#moment.acknowledgment = acknowledgment;
  }

  #drain(held: HeldSegments): void {
    if (held.isEmpty && !this.#is(SideBit.FinKnown | SideBit.Holds)) return;
    this.#endIfReached();
    while (!this.ended && !held.isEmpty && held.firstStart === this.next) {
      this.#deliverFirst(held);
      this.#endIfReached();
    }
    if (held.isEmpty) {
      held.release();
      this.#words[this.#at] &= ~SideBit.Holds;
    }
    if (!isBefore(this.next, this.#settled)) this.#graceFrame = 0;
  }

  #loseTo(sequence: number): void {
    const held = this.#held;
    while (!this.ended && isBefore(this.next, sequence)) {
      let length = distance(this.next, sequence);
      if (!held.isEmpty) length = Math.min(length, distance(this.next, held.firstStart));
      if (this.#is(SideBit.FinKnown)) length = Math.min(length, distance(this.next, this.#finSequence));
      if (length <= 0) break;
      this.#moment.sequenceEnd = this.#next = advance(this.next, length);
      this.#gap(length);
      this.#drain(held);
    }
  }

  #gap(length: number): void {
    this.#numbers[(this.#at + column.lost) >> 1] += length;
    if (this.isRead) this.#obey(this.#consumer.onGap(this.#direction, length));
  }

  #obey(demand: Demand): void {
    if (demand === Demand.More || !this.isRead) return;
    this.#mark(SideBit.Skips);
    if (this.#is(SideBit.Holds)) this.#held.dropBytes();
  }

  #endIfReached(): void {
    if (!this.#is(SideBit.FinKnown) || this.ended || isBefore(this.next, this.#finSequence)) return;
    this.#finishWith("fin");
  }

  #finishWith(how: EndReason): void {
    const reason = this.#is(SideBit.Reset) ? "reset" : how;
    this.#mark(SideBit.Ended);
    if (this.#is(SideBit.Holds)) this.#held.clear();
    this.#words[this.#at] &= ~SideBit.Holds;
    this.#consumer.onEnd(this.#direction, reason);
  }

  /** One past the last byte that came or was acknowledged. */
  get #sent(): number {
    const held = this.#held;
    return later(held.isEmpty ? this.next : held.lastEnd, this.#settled);
  }

  get #direction(): Direction {
    return this.#is(SideBit.ToClient) ? 1 : 0;
  }

  get #consumer(): StreamConsumer {
    return this.#world.consumers[this.#words[this.#at + column.slot]]!;
  }

  /** Nothing, for good, where nothing came out of order yet. */
  get #held(): HeldSegments {
    return this.#world.held.get(this.#heldKey) ?? nothingHeld;
  }

  #holding(): HeldSegments {
    let held = this.#world.held.get(this.#heldKey);
    if (held === undefined) {
      held = new HeldSegments(this.#world.budget);
      this.#world.held.set(this.#heldKey, held);
    }
    return held;
  }

  get #heldKey(): number {
    return this.#words[this.#at + column.slot] * 2 + this.#direction;
  }

  set #next(sequence: number) {
    this.#words[this.#at + column.next] = sequence;
  }

  get #settled(): number {
    return this.#words[this.#at + column.settled];
  }

  set #settled(sequence: number) {
    this.#words[this.#at + column.settled] = sequence;
  }

  get #graceFrame(): number {
    return this.#words[this.#at + column.graceFrame] >>> 0;
  }

  set #graceFrame(frame: number) {
    this.#words[this.#at + column.graceFrame] = frame;
  }

  get #finSequence(): number {
    return this.#words[this.#at + column.finSequence];
  }

  #is(bits: number): boolean {
    return (this.#words[this.#at] & bits) !== 0;
  }

  #mark(bit: number): void {
    this.#words[this.#at] |= bit;
  }

  #count(at: number): void {
    this.#words[this.#at + at]++;
  }
}
