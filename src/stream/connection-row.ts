import type { ProblemCode } from "../problem.ts";
import type { AssemblerWorld } from "./assembler.ts";
import type { Direction, Moment, StreamConsumer } from "./consumer.ts";
import type { IcmpError } from "./facts.ts";
import type { RecentSegments } from "./recent.ts";
import * as column from "./rows.ts";
import { ConnectionBit, type ConnectionRows } from "./rows.ts";
import { Side } from "./side.ts";

/** What a connection needs of the table around it. One object for all connections. */
export interface ConnectionWorld extends AssemblerWorld {
  readonly rows: ConnectionRows;
  readonly recent: RecentSegments;
  /** Rare things, by slot: errors that quote a segment, and interfaces beside the first. */
  readonly icmp: Map<number, IcmpError[]>;
  readonly interfaces: Map<number, number[]>;
  /** Gives the consumer when the first payload comes. */
  opened(connection: ConnectionRow): StreamConsumer;
  problem(connection: ConnectionRow, code: ProblemCode, detail: string): void;
}

/**
 * The columns of a connection by name: a window that goes from row to row.
 *
 * Invariant: `start` sets every column.
 */
export class ConnectionRow {
  protected words: Int32Array = new Int32Array(0);
  protected numbers: Float64Array = new Float64Array(0);
  protected readonly moment: Moment;
  protected readonly world: ConnectionWorld;
  protected readonly sideA: Side;
  protected readonly sideB: Side;
  /** In the order of the endpoints in the key, so that a packet finds its side without looking at roles. */
  readonly sides: readonly [Side, Side];
  slot = -1;
  /** First word of the row. */
  protected at = 0;

  constructor(world: ConnectionWorld) {
    this.moment = world.moment;
    this.world = world;
    this.sideA = new Side(world);
    this.sideB = new Side(world);
    this.sides = [this.sideA, this.sideB];
  }

  /** Goes over to another row. */
  stand(slot: number): void {
    const { words, numbers } = this.world.rows;
    const at = column.rowOf(slot);
    this.slot = slot;
    this.words = words;
    this.numbers = numbers;
    this.at = at;
    this.sideA.stand(words, numbers, at + column.sides);
    this.sideB.stand(words, numbers, at + column.sides + column.sideWords);
  }

  /** Begins anew, at the current moment. */
  start(id: number): void {
    const { words, at, slot } = this;
    const { frame, seconds, nanoseconds, timed, interfaceId } = this.moment;
    const hash = words[at + column.hash];
    words.fill(0, at + column.state, at + column.rowEnd);
    words[at + column.hash] = hash;
    words[at + column.state] = ConnectionBit.InUse | (timed ? ConnectionBit.Timed : 0);
    words[at + column.id] = id;
    words[at + column.firstInterface] = words[at + column.endInterface] = interfaceId;
    words[at + column.sides + column.slot] = slot;
    words[at + column.sides + column.sideWords + column.slot] = slot;
    this.world.consumers[slot] = undefined;
    this.startedAt(frame, seconds, nanoseconds);
    this.lastFrame = frame;
    this.endedAt(seconds, nanoseconds);
  }

  /** Frees the row, and drops what the connection held of others. */
  forget(): void {
    const { slot, world } = this;
    world.consumers[slot] = undefined;
    world.icmp.delete(slot);
    world.interfaces.delete(slot);
    world.held.delete(slot * 2);
    world.held.delete(slot * 2 + 1);
    this.words[this.at + column.state] = 0;
  }

  get id(): number {
    return this.words[this.at + column.id] >>> 0;
  }

  get consumer(): StreamConsumer | undefined {
    return this.world.consumers[this.slot];
  }

  get clientSide(): Direction {
    return this.is(ConnectionBit.ClientIsSecond) ? 1 : 0;
  }

  /** A SYN or SYN-ACK, or payload, has told who the client is. */
  get oriented(): boolean {
    return this.is(ConnectionBit.Oriented);
  }

  orient(clientSide: Direction): void {
    const bits = clientSide === 1 ? ConnectionBit.Oriented | ConnectionBit.ClientIsSecond : ConnectionBit.Oriented;
    this.#state = (this.#state & ~ConnectionBit.ClientIsSecond) | bits;
  }

  /** No more data can come: FIN both ways acknowledged, or a RST. */
  get finished(): boolean {
    return this.is(ConnectionBit.Finished);
  }

  /** Frames of the connection: those that were noted as segments, and SYNs that waited for their answer. */
  get frames(): number {
    return this.sideA.noted + this.sideB.noted + this.#count(column.waited);
  }

  get firstFrame(): number {
    return this.#count(column.firstFrame);
  }

  get lastFrame(): number {
    return this.#count(column.lastFrame);
  }

  set lastFrame(frame: number) {
    this.words[this.at + column.lastFrame] = frame;
  }

  get startSeconds(): number {
    return this.numbers[(this.at + column.startSeconds) >> 1];
  }

  get startNanoseconds(): number {
    return this.words[this.at + column.startNanoseconds];
  }

  startedAt(frame: number, seconds: number, nanoseconds: number): void {
    this.words[this.at + column.firstFrame] = frame;
    this.numbers[(this.at + column.startSeconds) >> 1] = seconds;
    this.words[this.at + column.startNanoseconds] = nanoseconds;
  }

  get endSeconds(): number {
    return this.numbers[(this.at + column.endSeconds) >> 1];
  }

  get endNanoseconds(): number {
    return this.words[this.at + column.endNanoseconds];
  }

  protected endedAt(seconds: number, nanoseconds: number): void {
    this.numbers[(this.at + column.endSeconds) >> 1] = seconds;
    this.words[this.at + column.endNanoseconds] = nanoseconds;
  }

  get timed(): boolean {
    return this.is(ConnectionBit.Timed);
  }

  get duplicateFrames(): number {
    return this.#count(column.duplicates);
  }

  get syns(): number {
    return this.#count(column.syns);
  }

  get synAckFrame(): number {
    return this.#count(column.synAckFrame);
  }

  get synAckSeconds(): number {
    return this.numbers[(this.at + column.synAckSeconds) >> 1];
  }

  get synAckNanoseconds(): number {
    return this.words[this.at + column.synAckNanoseconds];
  }

  get resetFrame(): number {
    return this.#count(column.resetFrame);
  }

  /** The side whose RST counted; -1 while there is none. */
  get resetSide(): number {
    return ((this.#state >> column.resetShift) & 3) - 1;
  }

  /** The side that sent the first FIN; -1 while there is none. */
  get firstFinSide(): number {
    return ((this.#state >> column.firstFinShift) & 3) - 1;
  }

  /** Something said that the connection is over: a FIN of either side or a RST. */
  get hasEnded(): boolean {
    return this.resetFrame !== 0 || this.firstFinSide >= 0;
  }

  get snappedSegments(): number {
    return this.#count(column.snapped);
  }

  get overlapsDiffer(): number {
    return this.#count(column.differences);
  }

  /** Interface of the first frame. */
  get interfaceId(): number {
    return this.words[this.at + column.firstInterface];
  }

  /** Further interfaces. */
  get interfaceIds(): readonly number[] | undefined {
    return this.world.interfaces.get(this.slot);
  }

  /** ICMP errors that quoted a segment of it. */
  get icmp(): IcmpError[] | undefined {
    return this.world.icmp.get(this.slot);
  }

  protected noteSynAck(): void {
    const { words, at, moment } = this;
    words[at + column.synAckFrame] = moment.frame;
    this.numbers[(at + column.synAckSeconds) >> 1] = moment.seconds;
    words[at + column.synAckNanoseconds] = moment.nanoseconds;
  }

  /** The RST that counts ends the connection. */
  protected noteReset(side: Direction): void {
    this.words[this.at + column.resetFrame] = this.moment.frame;
    this.#state |= ((side + 1) << column.resetShift) | ConnectionBit.Finished;
  }

  protected forgetReset(): void {
    this.words[this.at + column.resetFrame] = 0;
    this.#state &= ~((3 << column.resetShift) | ConnectionBit.Finished);
  }

  protected noteFirstFin(side: Direction): void {
    if (this.firstFinSide < 0) this.#state |= (side + 1) << column.firstFinShift;
  }

  protected is(bits: number): boolean {
    return (this.#state & bits) !== 0;
  }

  protected mark(bit: number): void {
    this.#state |= bit;
  }

  protected add(at: number, count: number): void {
    this.words[this.at + at] += count;
  }

  #count(at: number): number {
    return this.words[this.at + at] >>> 0;
  }

  get #state(): number {
    return this.words[this.at + column.state];
  }

  set #state(state: number) {
    this.words[this.at + column.state] = state;
  }
}
