import type { LeftOutSide } from "../capture/frame.ts";
import { Assembler, type AssemblerWorld } from "./assembler.ts";
import type { Direction } from "./consumer.ts";
import * as column from "./rows.ts";
import { SideBit } from "./rows.ts";
import { advance, distance, isBefore, later } from "./sequence.ts";

/**
 * What one end of a connection has sent, before and beside its bytes: a window on the row of a connection.
 *
 * Invariants: `base` is the sequence number of the first payload byte as far as known, set with `known` and only by a
 * SYN changed after that; `high` is one past the last payload byte sent; `acknowledged` the peer's highest number for
 * these bytes, `base` while there was none.
 */
export class Side {
  #words: Int32Array = new Int32Array(0);
  #at = 0;
  readonly #assembler: Assembler;

  constructor(world: AssemblerWorld) {
    this.#assembler = new Assembler(world);
  }

  /** Goes over to the side at that word of a chunk of rows. */
  stand(words: Int32Array, numbers: Float64Array, at: number): void {
    this.#words = words;
    this.#at = at;
    this.#assembler.stand(words, numbers, at);
  }

  /** The stream of this end's bytes, from the first payload of the connection on. */
  get assembler(): Assembler | undefined {
    return this.#is(SideBit.Assembling) ? this.#assembler : undefined;
  }

  get seen(): boolean {
    return this.#is(SideBit.Seen);
  }

  get known(): boolean {
    return this.#is(SideBit.Known);
  }

  get synSeen(): boolean {
    return this.#is(SideBit.SynSeen);
  }

  /** This end sent an acknowledgment: so there was a peer. */
  get acknowledges(): boolean {
    return this.#is(SideBit.Acknowledges);
  }

  get base(): number {
    return this.#words[this.#at + column.base];
  }

  get high(): number {
    return this.#words[this.#at + column.high];
  }

  get acknowledged(): number {
    return this.#words[this.#at + column.acknowledged];
  }

  get window(): number {
    return this.#words[this.#at + column.window];
  }

  /** Segments noted so far, to find the next place in the ring of recent ones. */
  get noted(): number {
    return this.#words[this.#at + column.noted] >>> 0;
  }

  get largestSegment(): number {
    return this.#words[this.#at + column.largestSegment];
  }

  get finFrame(): number {
    return this.#words[this.#at + column.finFrame] >>> 0;
  }

  get finSequence(): number {
    return this.#words[this.#at + column.finSequence];
  }

  get firstSequence(): number {
    return this.#words[this.#at + column.firstSequence];
  }

  get retransmitted(): number {
    return this.#words[this.#at + column.retransmitted] >>> 0;
  }

  /** Notes a segment among the recent ones. */
  countNoted(): void {
    this.#words[this.#at + column.noted]++;
  }

  countRetransmitted(): void {
    this.#words[this.#at + column.retransmitted]++;
  }

  /** A segment of this end came: the first one before a SYN tells where it began. */
  noteSeen(sequence: number): void {
    const words = this.#words;
    const at = this.#at;
    const state = words[at];
    if ((state & SideBit.Seen) !== 0) return;
    if ((state & SideBit.SynSeen) === 0) words[at + column.firstSequence] = sequence;
    words[at] = state | SideBit.Seen;
  }

  noteWindow(window: number): void {
    this.#words[this.#at + column.window] = window;
  }

  noteAcknowledges(): void {
    this.#mark(SideBit.Acknowledges);
  }

  /** Payload up to `end` came in the current frame. */
  noteData(end: number, length: number): void {
    const words = this.#words;
    const at = this.#at;
    const high = later(words[at + column.high], end);
    words[at + column.high] = high;
    if (words[at + column.next] === high) this.#mark(SideBit.IsWhole);
    else words[at] &= ~SideBit.IsWhole;
    if (length > words[at + column.largestSegment]) words[at + column.largestSegment] = length;
  }

  /** Counts segments that were left out of the capture. */
  leaveOut({ segments, bytes, largest }: LeftOutSide): void {
    const words = this.#words;
    const at = this.#at;
    if (!this.#assembler.leaveOut(bytes)) return;
    words[at + column.noted] += segments;
    if (bytes === 0) return;
    words[at + column.high] = words[at + column.next];
    words[at + column.largestSegment] = Math.max(words[at + column.largestSegment], largest);
  }

  noteFin(end: number, frame: number): void {
    const words = this.#words;
    const at = this.#at;
    words[at + column.finSequence] = end;
    if (words[at + column.finFrame] === 0) words[at + column.finFrame] = frame;
  }

  startAt(base: number): void {
    const words = this.#words;
    const at = this.#at;
    this.#mark(SideBit.Known);
    words[at + column.base] = words[at + column.high] = words[at + column.acknowledged] = base;
    this.assembler?.startAt(base);
  }

  /** Takes the initial sequence number. A SYN that comes after data cannot move what was delivered. */
  synchronise(sequence: number): void {
    const words = this.#words;
    const at = this.#at;
    this.#mark(SideBit.SynSeen);
    words[at + column.firstSequence] = sequence;
    if (this.#is(SideBit.Anchored)) return;
    const { acknowledged } = this;
    this.startAt(advance(sequence, 1));
    if (this.#is(SideBit.Assembling)) this.#mark(SideBit.Anchored);
    if (this.#is(SideBit.EverAcknowledged)) {
      words[at + column.acknowledged] = later(this.base, acknowledged);
    }
  }

  /** The peer's acknowledgment. Numbers that no window allows are not believed. */
  acknowledge(sequence: number): void {
    const words = this.#words;
    const at = this.#at;
    const state = words[at];
    const high = words[at + column.high];
    // RFC 9293 §3.5.1: an end that forgot a connection and asks for it again is told the old one's numbers.
    if ((state & (SideBit.SynSeen | SideBit.Acknowledges)) === SideBit.SynSeen && isBefore(high, sequence)) return;
    if ((state & SideBit.EverAcknowledged) === 0) words[at] = state | SideBit.EverAcknowledged;
    if ((state & SideBit.Known) === 0) this.startAt(sequence);
    const acknowledged = words[at + column.acknowledged];
    if (distance(words[at + column.high], sequence) > maximumWindow || !isBefore(acknowledged, sequence)) {
      if (sequence !== acknowledged) return;
    }
    words[at + column.acknowledged] = sequence;
    const isSettled = (words[at] & SideBit.IsWhole) !== 0 && !isBefore(words[at + column.high], sequence);
    if (!isSettled) this.assembler?.acknowledge(sequence);
  }

  /** Opens the stream of this end's bytes; what was said of it before holds there too. */
  open(direction: Direction): void {
    this.#assembler.start(direction, this.base, this.synSeen);
    if (this.known) this.#assembler.acknowledge(this.acknowledged);
    if (this.finFrame !== 0) this.#assembler.finish(this.finSequence);
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

  #is(bit: number): boolean {
    return (this.#words[this.#at] & bit) !== 0;
  }

  #mark(bit: number): void {
    this.#words[this.#at] |= bit;
  }
}

/** RFC 7323 §2.3: a window is less than 2^30. */
const maximumWindow = 1 << 30;
