import { limits } from "../limits.ts";
import { Demand, type Direction, type EndReason, type Moment, type StreamConsumer } from "./consumer.ts";
import { HeldSegments, nothingHeld, type HoldBudget } from "./held.ts";
import { advance, distance, isBefore, later } from "./sequence.ts";

/*
 * In-order delivery of one direction.
 *
 * Invariants: everything before `next` was delivered, counted as lost, or lay before the start; whatever is held
 * starts behind `next`; `acknowledged` is the highest acknowledgment seen of these bytes. First bytes win: bytes that
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

export class Assembler {
  // What every segment touches stands first: see Connection.
  next: number;
  acknowledged: number;
  ended = false;
  #demand: Demand = Demand.More;
  #anchored: boolean;
  #finKnown = false;
  #held: HeldSegments = nothingHeld;
  /** Distinct payload bytes delivered or, after Skip, counted. */
  bytes = 0;
  /** Bytes that were held and then came again with another content. */
  overlapsDiffer = 0;
  /** Times that a hole was given up because a cap was met. */
  limitHits = 0;
  /** The acknowledgment of the hole that is being waited for, and since when; `#graceFrame` 0 where none is. */
  #graceFrame = 0;
  readonly #moment: Moment;
  readonly #consumer: StreamConsumer;
  readonly #direction: Direction;
  #graceAck = 0;
  #graceSeconds = 0;
  #finSequence = 0;
  lost = 0;
  /** Segments that came after later ones. */
  lateSegments = 0;
  readonly #budget: HoldBudget;

  /** `anchored`: `next` is known from a SYN; otherwise earlier bytes may still move it back before the first delivery. */
  constructor(
    consumer: StreamConsumer,
    direction: Direction,
    moment: Moment,
    budget: HoldBudget,
    next: number,
    anchored: boolean,
  ) {
    this.#consumer = consumer;
    this.#direction = direction;
    this.#moment = moment;
    this.#budget = budget;
    this.next = next;
    this.acknowledged = next;
    this.#anchored = anchored;
  }

  /** The first sequence number became known after the assembler was made. */
  startAt(next: number): void {
    this.next = next;
    this.acknowledged = next;
  }

  /** The consumer still wants bytes of this direction. */
  get isRead(): boolean {
    return this.#demand === Demand.More;
  }

  /**
   * Takes a segment: `length` bytes from sequence number `start`, of which `bytes` has those from `from` to `to`.
   * `reach` is how far ahead of what is known a segment may be.
   */
  accept(start: number, length: number, bytes: Uint8Array, from: number, to: number, reach: number): Arrival {
    if (this.ended) return distance(start, this.next) >= length ? Arrival.Old : Arrival.Outside;
    if (start === this.next && this.#held.isEmpty && !this.#finKnown) {
      this.#anchored = true;
      this.#deliver(bytes, from, to, length, this.#moment.frame);
      return Arrival.InOrder;
    }
    if (!this.#anchored) this.#anchor(start);
    return this.#acceptAround(start, length, bytes, from, to, reach);
  }

  /** The peer acknowledged everything before `sequence`. */
  acknowledge(sequence: number): void {
    if (isBefore(this.acknowledged, sequence)) this.acknowledged = sequence;
    if (isBefore(this.next, this.acknowledged)) this.settle();
    else this.#graceFrame = 0;
  }

  /** Gives up holes whose time has come. Called when the connection moves. */
  settle(): void {
    if (this.ended || !isBefore(this.next, this.acknowledged)) return;
    const { frame, seconds } = this.#moment;
    if (this.#graceFrame === 0) {
      this.#graceAck = this.acknowledged;
      this.#graceFrame = frame;
      this.#graceSeconds = seconds;
      return;
    }
    if (frame - this.#graceFrame < limits.holeFrames && seconds - this.#graceSeconds < limits.holeSeconds) return;
    this.#graceFrame = 0;
    this.#loseTo(this.#graceAck);
  }

  /** A FIN stands at `sequence`: the stream ends there once it has come so far. */
  finish(sequence: number): void {
    if (this.ended) return;
    this.#finKnown = true;
    this.#finSequence = sequence;
    this.#endIfReached();
  }

  /** No more segments: gives up all holes, hands on what is held, and ends. */
  end(reason: EndReason): void {
    if (this.ended) return;
    const target = this.#held.isEmpty ? this.next : this.#held.lastEnd;
    this.#loseTo(later(target, this.acknowledged));
    if (!this.ended) this.#finishWith(reason);
  }

  /** Before the first delivery of a stream whose start was not captured, the earliest byte known is the start. */
  #anchor(start: number): void {
    // A keep-alive may have set `next` one too low: RFC 9293 §3.8.4 lets it repeat the byte before.
    const keepAlive = start === advance(this.next, 1) && !isBefore(this.acknowledged, start);
    if (isBefore(start, this.next) || keepAlive) this.next = start;
    if (isBefore(this.acknowledged, this.next)) this.acknowledged = this.next;
    this.#anchored = true;
  }

  #acceptAround(start: number, length: number, bytes: Uint8Array, from: number, to: number, reach: number): Arrival {
    const old = distance(start, this.next);
    if (old >= length) return Arrival.Old;
    if (old > 0) {
      this.#merge(bytes, from + old, to, length - old);
      return Arrival.Partial;
    }
    if (this.#finKnown && !isBefore(start, this.#finSequence)) return Arrival.Outside;
    if (old === 0) {
      const late = !this.#held.isEmpty;
      this.#merge(bytes, from, to, length);
      if (late) this.lateSegments++;
      return late ? Arrival.Late : Arrival.InOrder;
    }
    if (distance(later(this.next, this.acknowledged), start) > reach) return Arrival.Outside;
    return this.#hold(start, bytes, from, to, length);
  }

  /** Delivers a segment that starts at `next`, minding what is held: held bytes came first, so they win. */
  #merge(bytes: Uint8Array, from: number, to: number, length: number): void {
    const held = this.#held;
    const { frame } = this.#moment;
    let left = length;
    let at = from;
    if (this.#finKnown) left = Math.min(left, Math.max(0, distance(this.next, this.#finSequence)));
    while (left > 0 && !this.ended) {
      const room = held.isEmpty ? left : Math.min(left, distance(this.next, held.firstStart));
      if (room > 0) {
        this.#deliver(bytes, Math.min(at, to), Math.min(at + room, to), room, frame);
        at += room;
        left -= room;
      }
      if (left > 0 && !held.isEmpty) {
        const overlap = Math.min(left, distance(held.firstStart, held.firstEnd));
        if (!held.firstEquals(bytes, at, Math.max(0, Math.min(overlap, to - at)))) this.overlapsDiffer++;
        at += overlap;
        left -= overlap;
        this.#deliverFirst();
      }
    }
    this.#drain();
  }

  #hold(start: number, bytes: Uint8Array, from: number, to: number, length: number): Arrival {
    // The tail that the snap length cut is not held: it stays a hole.
    const captured = Math.min(length, to - from);
    if (captured === 0) return Arrival.Held;
    if (this.#held === nothingHeld) this.#held = new HeldSegments(this.#budget);
    const held = this.#held;
    const late = !held.isEmpty && isBefore(start, held.lastEnd);
    while (!held.hasRoom(captured, this.#demand === Demand.More)) {
      this.limitHits++;
      this.#loseTo(held.isEmpty ? start : held.firstStart);
      if (this.ended || distance(start, this.next) >= 0) return this.#acceptAround(start, length, bytes, from, to, 0);
    }
    const end = advance(start, captured);
    const fresh = held.insert(start, end, bytes, from, this.#moment.frame, this.#demand === Demand.More);
    if (fresh < 0) this.overlapsDiffer++;
    if (fresh === 0 || fresh === -1) return Arrival.Old;
    if (late) this.lateSegments++;
    return late ? Arrival.Late : Arrival.Held;
  }

  #deliver(bytes: Uint8Array, from: number, to: number, length: number, frame: number): void {
    const captured = to - from;
    this.next = advance(this.next, length);
    this.bytes += captured;
    if (this.#demand === Demand.More && captured > 0) {
      this.#obey(this.#consumer.onData(this.#direction, bytes, from, to, frame));
    }
    if (captured < length) this.#gap(length - captured);
  }

  #deliverFirst(): void {
    const held = this.#held;
    const length = distance(this.next, held.firstEnd);
    const offset = held.firstOffset;
    const frame = held.firstFrame;
    held.dropFirst();
    // Ranges noted after Skip have no bytes, and then nobody asks for them.
    const from = Math.max(0, offset);
    this.#deliver(held.arena, from, from + length, length, frame);
  }

  #drain(): void {
    const held = this.#held;
    if (held.isEmpty && !this.#finKnown) return;
    this.#endIfReached();
    while (!this.ended && !held.isEmpty && held.firstStart === this.next) {
      this.#deliverFirst();
      this.#endIfReached();
    }
    if (held.isEmpty) held.release();
    if (!isBefore(this.next, this.acknowledged)) this.#graceFrame = 0;
  }

  #loseTo(sequence: number): void {
    const held = this.#held;
    while (!this.ended && isBefore(this.next, sequence)) {
      let length = distance(this.next, sequence);
      if (!held.isEmpty) length = Math.min(length, distance(this.next, held.firstStart));
      if (this.#finKnown) length = Math.min(length, distance(this.next, this.#finSequence));
      if (length <= 0) break;
      this.next = advance(this.next, length);
      this.#gap(length);
      this.#drain();
    }
  }

  #gap(length: number): void {
    this.lost += length;
    if (this.#demand === Demand.More) this.#obey(this.#consumer.onGap(this.#direction, length));
  }

  #obey(demand: Demand): void {
    if (demand === Demand.More || this.#demand === Demand.Skip) return;
    this.#demand = Demand.Skip;
    this.#held.dropBytes();
  }

  #endIfReached(): void {
    if (this.#finKnown && !this.ended && !isBefore(this.next, this.#finSequence)) this.#finishWith("fin");
  }

  #finishWith(reason: EndReason): void {
    this.ended = true;
    this.#held.clear();
    this.#consumer.onEnd(this.#direction, reason);
  }
}
