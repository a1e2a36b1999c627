import { limits } from "../limits.ts";
import { TcpFlag, type Packet } from "../packet/packet.ts";
import type { ProblemCode } from "../problem.ts";
import { Arrival, Assembler } from "./assembler.ts";
import { senderIsClient } from "./orientation.ts";
import type { Direction, EndReason, Moment, StreamConsumer } from "./consumer.ts";
import type { IcmpError } from "./facts.ts";
import type { HoldBudget } from "./held.ts";
import type { RecentSegments } from "./recent.ts";
import { advance, distance, isBefore, later } from "./sequence.ts";
import { Side } from "./side.ts";

/*
 * One connection while it is followed: both sides, who is the client, how it opened and ends.
 *
 * Invariants: sides are in the order of the endpoints in the key, so that a packet finds its side without looking at
 * roles; direction = side XOR clientSide, and `clientSide` never changes once a consumer is there; a consumer and the
 * assemblers exist from the first payload byte on; instances are reused, `start` sets every field.
 */

/** What a connection needs of the table around it. One object for all connections. */
export interface ConnectionWorld {
  readonly moment: Moment;
  readonly budget: HoldBudget;
  readonly recent: RecentSegments;
  /** Gives the consumer when the first payload comes. */
  opened(connection: Connection): StreamConsumer;
  problem(connection: Connection, code: ProblemCode, detail: string): void;
}

export class Connection {
  // What every segment touches stands first, so that it shares lines of memory: among thousands of connections each
  // line that is not in the cache costs as much as all the arithmetic. So in Side and Assembler.
  readonly slot: number;
  readonly #world: ConnectionWorld;
  readonly #sideA = new Side();
  readonly #sideB = new Side();
  /** No more data can come: FIN both ways acknowledged, or a RST. */
  finished = false;
  frames = 0;
  lastFrame = 0;
  endSeconds = 0;
  endNanoseconds = 0;
  /** Interface of the frame that is latest in time. */
  #endInterface = 0;
  interfaceId = 0;
  duplicateFrames = 0;
  consumer: StreamConsumer | undefined = undefined;
  /** The side that sent the first FIN; -1 while there is none. */
  firstFinSide = -1;
  resetFrame = 0;
  #limitReported = false;
  readonly sides: readonly [Side, Side] = [this.#sideA, this.#sideB];
  id = 0;
  clientSide: Direction = 0;
  /** A SYN or SYN-ACK, or payload, has told who the client is. */
  oriented = false;
  firstFrame = 0;
  startSeconds = 0;
  startNanoseconds = 0;
  timed = false;
  syns = 0;
  synAckFrame = 0;
  synAckSeconds = 0;
  synAckNanoseconds = 0;
  /** The side whose RST counted; -1 while there is none. */
  resetSide = -1;
  snappedSegments = 0;
  overlapsDiffer = 0;
  segmentsOutside = 0;
  /** Further interfaces. */
  interfaceIds: number[] | undefined = undefined;
  icmp: IcmpError[] | undefined = undefined;

  constructor(slot: number, world: ConnectionWorld) {
    this.slot = slot;
    this.#world = world;
  }

  /** Begins anew, at the current moment. */
  start(id: number): void {
    const { moment } = this.#world;
    this.id = id;
    this.consumer = this.interfaceIds = this.icmp = undefined;
    this.clientSide = 0;
    this.oriented = this.finished = this.#limitReported = false;
    this.firstFrame = this.lastFrame = moment.frame;
    this.startSeconds = this.endSeconds = moment.seconds;
    this.startNanoseconds = this.endNanoseconds = moment.nanoseconds;
    this.timed = moment.timed;
    this.frames = this.syns = this.synAckFrame = this.synAckSeconds = this.synAckNanoseconds = this.resetFrame = 0;
    this.resetSide = this.firstFinSide = -1;
    this.duplicateFrames = this.snappedSegments = this.overlapsDiffer = this.segmentsOutside = 0;
    this.interfaceId = this.#endInterface = moment.interfaceId;
    this.sides[0].reset();
    this.sides[1].reset();
  }

  accept(packet: Packet, sideIndex: Direction): void {
    this.#noteFrame();
    const side = this.#side(sideIndex);
    const peer = this.#peer(sideIndex);
    // Asked for here so that both sides come into the cache at once instead of one after the other.
    const known = peer.acknowledged;
    const { flags, payloadLength } = packet;
    const start = (flags & TcpFlag.Syn) !== 0 ? advance(packet.sequence, 1) : packet.sequence;
    const isKeepAlive = payloadLength === 1 && this.#isKeepAlive(sideIndex, start, flags);
    if (this.#isDuplicate(packet, sideIndex, start, known)) {
      this.duplicateFrames++;
      return;
    }
    if ((flags & TcpFlag.Rst) !== 0) {
      this.#acceptReset(packet, sideIndex);
      return;
    }
    this.#noteSegment(packet, sideIndex, side);
    if ((flags & TcpFlag.Ack) !== 0) {
      side.acknowledges = true;
      peer.acknowledge(packet.acknowledgment);
    }
    if (payloadLength > 0) this.#acceptPayload(packet, sideIndex, start, isKeepAlive);
    if ((flags & TcpFlag.Fin) !== 0) this.#acceptFin(advance(start, payloadLength), sideIndex);
    side.assembler?.settle();
    if (this.firstFinSide >= 0 && side.finAcknowledged && peer.finAcknowledged) this.finished = true;
  }

  /** A SYN that is known only by its numbers: it began the connection before the current packet. */
  begin(sideIndex: Direction, sequence: number, syns: number): void {
    const side = this.sides[sideIndex];
    side.seen = true;
    side.synchronise(sequence);
    this.syns = this.frames = syns;
    this.#orient(sideIndex);
  }

  /** Ends both directions, with everything that is still held given out. */
  end(reason: EndReason): void {
    this.sides[this.clientSide].assembler?.end(reason);
    this.sides[this.clientSide ^ 1].assembler?.end(reason);
  }

  /** Drops what a closed connection held of others, until the instance is used again. */
  forget(): void {
    this.consumer = this.icmp = this.interfaceIds = undefined;
    this.sides[0].assembler = this.sides[1].assembler = undefined;
  }

  /** Something said that the connection is over: a FIN of either side or a RST. */
  get hasEnded(): boolean {
    return this.resetFrame !== 0 || this.firstFinSide >= 0;
  }

  #side(index: Direction): Side {
    return index === 0 ? this.#sideA : this.#sideB;
  }

  #peer(index: Direction): Side {
    return index === 0 ? this.#sideB : this.#sideA;
  }

  /**
   * Notes the segment among the recent ones. Only what brings no new byte, and acknowledges none behind `known`, can be
   * a second copy.
   */
  #isDuplicate(packet: Packet, sideIndex: Direction, start: number, known: number): boolean {
    const side = this.#side(sideIndex);
    const { recent, moment } = this.#world;
    const ring = this.slot * 2 + sideIndex;
    const base = side.known ? side.base : start;
    const watched = side.assembler === undefined || side.assembler.isRead;
    const isDuplicate =
      !isNews(packet, side, start, known) &&
      (this.#isEcho() || recent.isDuplicate(ring, side.noted, packet, moment, base, this.duplicateFrames > 0));
    recent.note(ring, side.noted++, packet, moment, base, watched);
    return isDuplicate;
  }

  #noteFrame(): void {
    const { moment } = this.#world;
    this.frames++;
    this.lastFrame = moment.frame;
    const later = moment.seconds - this.endSeconds || moment.nanoseconds - this.endNanoseconds;
    if (later > 0) {
      this.endSeconds = moment.seconds;
      this.endNanoseconds = moment.nanoseconds;
      this.#endInterface = moment.interfaceId;
    }
    if (moment.interfaceId !== this.interfaceId) this.#noteInterface(moment.interfaceId);
  }

  /** Recorders write interfaces in turn, a block of frames each: time goes back and the same frames come again. */
  #isEcho(): boolean {
    const { moment } = this.#world;
    if (moment.interfaceId === this.#endInterface) return false;
    return (moment.seconds - this.endSeconds || moment.nanoseconds - this.endNanoseconds) <= 0;
  }

  #noteInterface(interfaceId: number): void {
    this.interfaceIds ??= [];
    if (this.interfaceIds.length + 1 >= limits.interfacesPerConnection) return;
    if (!this.interfaceIds.includes(interfaceId)) this.interfaceIds.push(interfaceId);
  }

  #noteSegment(packet: Packet, sideIndex: Direction, side: Side): void {
    if (!side.seen && !side.synSeen) side.firstSequence = packet.sequence;
    side.seen = true;
    side.window = packet.window;
    if ((packet.flags & TcpFlag.Syn) !== 0) this.#acceptSyn(packet, sideIndex);
    else if (!side.known) side.startAt(packet.sequence);
  }

  #acceptSyn(packet: Packet, sideIndex: Direction): void {
    const side = this.#side(sideIndex);
    const isAnswer = (packet.flags & TcpFlag.Ack) !== 0;
    if (side.synSeen && side.firstSequence !== packet.sequence) return;
    if (!side.synSeen) side.synchronise(packet.sequence);
    if (!this.oriented) this.#orient(isAnswer ? ((sideIndex ^ 1) as Direction) : sideIndex);
    if (!isAnswer && sideIndex === this.clientSide) this.syns++;
    if (isAnswer && this.synAckFrame === 0) {
      // Some hosts ask again after a RST, with the same number.
      if (this.consumer === undefined && this.firstFinSide < 0) this.#forgetReset();
      const { moment } = this.#world;
      this.synAckFrame = moment.frame;
      this.synAckSeconds = moment.seconds;
      this.synAckNanoseconds = moment.nanoseconds;
    }
  }

  #forgetReset(): void {
    this.resetFrame = 0;
    this.resetSide = -1;
    this.finished = false;
  }

  #orient(clientSide: Direction): void {
    this.oriented = true;
    this.clientSide = clientSide;
  }

  /** RFC 9293 §3.8.4 keep-alives, and probes of a closed window, repeat the byte before the next one. */
  #isKeepAlive(sideIndex: Direction, start: number, flags: number): boolean {
    const side = this.#side(sideIndex);
    if ((flags & (TcpFlag.Syn | TcpFlag.Fin | TcpFlag.Rst)) !== 0) return false;
    if (!side.seen || advance(start, 1) !== side.high) return false;
    if (!isBefore(side.acknowledged, side.high) || this.#peer(sideIndex).window === 0) return true;
    return !this.#world.recent.has(this.slot * 2 + sideIndex, side.noted, start, 1);
  }

  #acceptReset(packet: Packet, sideIndex: Direction): void {
    const side = this.#side(sideIndex);
    const peer = this.#peer(sideIndex);
    const hasAck = (packet.flags & TcpFlag.Ack) !== 0;
    // RFC 9293 §3.10.7.3: before there is a window, a RST counts when it acknowledges the SYN.
    const answersSyn = peer.synSeen && !side.synSeen && !side.acknowledges;
    const counts = answersSyn
      ? hasAck && distance(peer.base, packet.acknowledgment) >= 0 && distance(peer.high, packet.acknowledgment) <= 0
      : side.accepts(packet.sequence, peer);
    if (!side.seen) side.firstSequence = packet.sequence;
    side.seen = true;
    if (!counts || this.resetFrame !== 0) return;
    this.resetFrame = this.#world.moment.frame;
    this.resetSide = sideIndex;
    this.finished = true;
    this.end("reset");
  }

  #acceptFin(end: number, sideIndex: Direction): void {
    const side = this.#side(sideIndex);
    const peer = this.#peer(sideIndex);
    if (isBefore(end, side.acknowledged) || distance(side.high, end) > side.reach(peer)) return;
    side.finSequence = end;
    if (side.finFrame === 0) side.finFrame = this.#world.moment.frame;
    if (this.firstFinSide < 0) this.firstFinSide = sideIndex;
    side.assembler?.finish(end);
  }

  #acceptPayload(packet: Packet, sideIndex: Direction, start: number, isKeepAlive: boolean): void {
    if (this.consumer === undefined) this.#open(packet, sideIndex);
    const side = this.#side(sideIndex);
    const assembler = side.assembler!;
    const { bytes, payloadStart, payloadEnd, payloadLength } = packet;
    const differed = assembler.overlapsDiffer;
    const reach = side.reach(this.#peer(sideIndex));
    const arrival = assembler.accept(start, payloadLength, bytes, payloadStart, payloadEnd, reach);
    if (arrival === Arrival.Outside) {
      this.segmentsOutside++;
      return;
    }
    if (isKeepAlive && arrival === Arrival.Old) return;
    const cameBefore = arrival === Arrival.Old || arrival === Arrival.Partial;
    if (cameBefore) side.retransmitted++;
    if (payloadEnd - payloadStart < payloadLength) this.snappedSegments++;
    const differs = assembler.overlapsDiffer !== differed;
    if (differs || (cameBefore && this.#contradicts(packet, sideIndex))) this.#noteDifference();
    if (assembler.limitHits > 0 && !this.#limitReported) {
      this.#limitReported = true;
      this.#world.problem(
        this,
        "out-of-order-limit",
        "more out-of-order data than is held: the holes before it count as lost",
      );
    }
    this.#noteData(side, assembler, advance(start, payloadLength), payloadLength);
  }

  #contradicts(packet: Packet, sideIndex: Direction): boolean {
    const { noted, base } = this.#side(sideIndex);
    return this.#world.recent.contradicts(this.slot * 2 + sideIndex, noted, packet, base);
  }

  #noteDifference(): void {
    if (this.overlapsDiffer++ > 0) return;
    this.#world.problem(this, "overlap-differs", "bytes came again with another content: the first ones count");
  }

  #noteData(side: Side, assembler: Assembler, end: number, length: number): void {
    const { moment } = this.#world;
    side.high = later(side.high, end);
    side.isWhole = assembler.next === side.high;
    side.lastDataFrame = moment.frame;
    side.lastDataSeconds = moment.seconds;
    side.lastDataNanoseconds = moment.nanoseconds;
    if (length > side.largestSegment) side.largestSegment = length;
  }

  #open(packet: Packet, sideIndex: Direction): void {
    const { moment, budget } = this.#world;
    if (!this.oriented) this.#orient(senderIsClient(packet) ? sideIndex : ((sideIndex ^ 1) as Direction));
    const consumer = this.#world.opened(this);
    this.consumer = consumer;
    for (const at of [0, 1] as const) {
      const side = this.sides[at];
      // Nothing is known of a side that neither spoke nor was acknowledged: its first segment tells.
      const direction = (at ^ this.clientSide) as Direction;
      side.assembler = new Assembler(consumer, direction, moment, budget, side.base, side.synSeen);
      if (side.known) side.assembler.acknowledge(side.acknowledged);
      if (side.finFrame !== 0) side.assembler.finish(side.finSequence);
    }
  }
}

/** The segment brings bytes, or acknowledges bytes behind `known`, that none before it did. */
function isNews(packet: Packet, side: Side, start: number, known: number): boolean {
  if (!side.seen) return true;
  const { payloadLength } = packet;
  if (payloadLength > 0) return isBefore(side.high, advance(start, payloadLength));
  return (packet.flags & TcpFlag.Ack) !== 0 && isBefore(known, packet.acknowledgment);
}
