import type { LeftOutSegments } from "../capture/frame.ts";
import { limits } from "../limits.ts";
import { TcpFlag, type Packet } from "../packet/packet.ts";
import { Arrival } from "./assembler.ts";
import { ConnectionRow } from "./connection-row.ts";
import type { Direction, EndReason } from "./consumer.ts";
import type { IcmpError } from "./facts.ts";
import { senderIsClient } from "./orientation.ts";
import * as column from "./rows.ts";
import { ConnectionBit } from "./rows.ts";
import { advance, distance, isBefore } from "./sequence.ts";
import type { Side } from "./side.ts";

/**
 * A connection while it is followed: both sides, who is the client, how it opened and ends.
 *
 * Invariants: direction = side XOR clientSide, and `clientSide` never changes once a consumer is there; a consumer and
 * the streams of both sides exist from the first payload byte on.
 */
export class Connection extends ConnectionRow {
  accept(packet: Packet, sideIndex: Direction): void {
    this.#noteFrame();
    const side = this.#side(sideIndex);
    const peer = this.#peer(sideIndex);
    const { flags, payloadLength } = packet;
    const start = (flags & TcpFlag.Syn) !== 0 ? advance(packet.sequence, 1) : packet.sequence;
    const isKeepAlive = payloadLength === 1 && this.#isKeepAlive(sideIndex, start, flags);
    if (this.#isDuplicate(packet, sideIndex, start)) {
      this.add(column.duplicates, 1);
      return;
    }
    if ((flags & TcpFlag.Rst) !== 0) {
      this.#acceptReset(packet, sideIndex);
      return;
    }
    this.#noteSegment(packet, sideIndex, side);
    if ((flags & TcpFlag.Ack) !== 0) {
      side.noteAcknowledges();
      peer.acknowledge(packet.acknowledgment);
    }
    this.moment.acknowledgment = packet.acknowledgment;
    if (payloadLength > 0) this.#acceptPayload(packet, sideIndex, start, isKeepAlive);
    if ((flags & TcpFlag.Fin) !== 0) this.#acceptFin(advance(start, payloadLength), sideIndex);
    side.assembler?.settle();
    if (this.firstFinSide >= 0 && side.finAcknowledged && peer.finAcknowledged) this.mark(ConnectionBit.Finished);
  }

  /** A SYN that is known only by its numbers, and was sent so often, began the connection before the current packet. */
  begin(sideIndex: Direction, sequence: number, syns: number): void {
    const side = this.#side(sideIndex);
    side.noteSeen(sequence);
    side.synchronise(sequence);
    this.add(column.syns, syns);
    this.add(column.waited, syns);
    this.orient(sideIndex);
  }

  /** Frames of which nothing but the number is known: they are of this connection. */
  addFrames(count: number, lastFrame: number): void {
    this.add(column.waited, count);
    if (lastFrame > this.lastFrame) this.lastFrame = lastFrame;
  }

  /** Segments of both sides that were left out of the capture: each was the next of its stream. */
  leaveOut(senderIndex: Direction, { sent, received }: LeftOutSegments): void {
    if (!this.is(ConnectionBit.Open)) return;
    this.#side(senderIndex).leaveOut(sent);
    this.#peer(senderIndex).leaveOut(received);
  }

  noteIcmp(error: IcmpError): void {
    const { icmp, world, slot } = this;
    if (icmp === undefined) world.icmp.set(slot, [error]);
    else icmp.push(error);
  }

  /** Ends both directions, with everything that is still held given out. */
  end(reason: EndReason): void {
    this.#side(this.clientSide).assembler?.end(reason);
    this.#peer(this.clientSide).assembler?.end(reason);
  }

  #side(index: Direction): Side {
    return index === 0 ? this.sideA : this.sideB;
  }

  #peer(index: Direction): Side {
    return index === 0 ? this.sideB : this.sideA;
  }

  /**
   * Notes the segment among the recent ones. Only what brings no new byte, and acknowledges none for the first time, can
   * be a second copy.
   */
  #isDuplicate(packet: Packet, sideIndex: Direction, start: number): boolean {
    const side = this.#side(sideIndex);
    const { moment } = this;
    const { recent } = this.world;
    const { noted } = side;
    const ring = this.slot * 2 + sideIndex;
    const base = side.known ? side.base : start;
    const isDuplicate =
      !isNews(packet, side, this.#peer(sideIndex), start) &&
      (this.#isEcho() || recent.isDuplicate(ring, noted, packet, moment, base, this.duplicateFrames > 0));
    recent.note(ring, noted, packet, moment, base, side.assembler?.isRead ?? true);
    side.countNoted();
    return isDuplicate;
  }

  #noteFrame(): void {
    const { moment } = this;
    this.lastFrame = moment.frame;
    if (moment.interfaceId !== this.interfaceId) this.#noteInterface(moment.interfaceId);
    if (this.#sinceEnd() <= 0) return;
    this.endedAt(moment.seconds, moment.nanoseconds);
    if (this.is(ConnectionBit.SeveralInterfaces)) this.#endInterface = moment.interfaceId;
  }

  /** Positive when the moment is behind the latest frame of the connection. */
  #sinceEnd(): number {
    return this.moment.seconds - this.endSeconds || this.moment.nanoseconds - this.endNanoseconds;
  }

  /** Recorders write interfaces in turn, a block of frames each: time goes back and the same frames come again. */
  #isEcho(): boolean {
    if (!this.is(ConnectionBit.SeveralInterfaces)) return false;
    return this.moment.interfaceId !== this.#endInterface && this.#sinceEnd() <= 0;
  }

  #noteInterface(interfaceId: number): void {
    this.mark(ConnectionBit.SeveralInterfaces);
    const { interfaces } = this.world;
    const further = interfaces.get(this.slot) ?? [];
    if (further.includes(interfaceId) || further.length + 1 >= limits.interfacesPerConnection) return;
    interfaces.set(this.slot, [...further, interfaceId]);
  }

  #noteSegment(packet: Packet, sideIndex: Direction, side: Side): void {
    side.noteSeen(packet.sequence);
    side.noteWindow(packet.window);
    if ((packet.flags & TcpFlag.Syn) !== 0) this.#acceptSyn(packet, sideIndex);
    else if (!side.known) side.startAt(packet.sequence);
  }

  #acceptSyn(packet: Packet, sideIndex: Direction): void {
    const side = this.#side(sideIndex);
    const isAnswer = (packet.flags & TcpFlag.Ack) !== 0;
    if (side.synSeen && side.firstSequence !== packet.sequence) return;
    if (!side.synSeen) side.synchronise(packet.sequence);
    if (!this.oriented) this.orient(isAnswer ? ((sideIndex ^ 1) as Direction) : sideIndex);
    if (!isAnswer && sideIndex === this.clientSide) this.add(column.syns, 1);
    if (isAnswer && this.synAckFrame === 0) {
      // Some hosts ask again after a RST, with the same number.
      if (!this.is(ConnectionBit.Open) && this.firstFinSide < 0) this.forgetReset();
      this.noteSynAck();
    }
  }

  /** RFC 9293 §3.8.4 keep-alives, and probes of a closed window, repeat the byte before the next one. */
  #isKeepAlive(sideIndex: Direction, start: number, flags: number): boolean {
    const side = this.#side(sideIndex);
    if ((flags & (TcpFlag.Syn | TcpFlag.Fin | TcpFlag.Rst)) !== 0) return false;
    if (!side.seen || advance(start, 1) !== side.high) return false;
    if (!isBefore(side.acknowledged, side.high) || this.#peer(sideIndex).window === 0) return true;
    return !this.world.recent.has(this.slot * 2 + sideIndex, side.noted, start, 1);
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
    side.noteSeen(packet.sequence);
    if (!counts || this.resetFrame !== 0) return;
    // What it answers may be captured later: its number tells that SYN.
    if (hasAck && !peer.known) peer.acknowledge(packet.acknowledgment);
    this.noteReset(sideIndex);
    this.#side(this.clientSide).assembler?.reset();
    this.#peer(this.clientSide).assembler?.reset();
  }

  #acceptFin(end: number, sideIndex: Direction): void {
    const side = this.#side(sideIndex);
    const peer = this.#peer(sideIndex);
    // The peer's acknowledgment of the FIN itself may have been captured first.
    if (isBefore(advance(end, 1), side.acknowledged) || distance(side.high, end) > side.reach(peer)) return;
    side.noteFin(end, this.moment.frame);
    this.noteFirstFin(sideIndex);
    side.assembler?.finish(end);
  }

  #acceptPayload(packet: Packet, sideIndex: Direction, start: number, isKeepAlive: boolean): void {
    if (!this.is(ConnectionBit.Open)) this.#open(packet, sideIndex);
    const side = this.#side(sideIndex);
    const assembler = side.assembler!;
    const { bytes, payloadStart, payloadEnd, payloadLength } = packet;
    const reach = side.reach(this.#peer(sideIndex));
    const arrival = assembler.accept(start, payloadLength, bytes, payloadStart, payloadEnd, reach);
    if (arrival === Arrival.Outside) {
      if (this.resetSide === (sideIndex ^ 1)) assembler.countUnread(start, payloadLength, payloadEnd - payloadStart);
      return;
    }
    if (isKeepAlive && arrival === Arrival.Old) {
      // Its byte is no data, so it contradicts none.
      assembler.takeDifference();
      return;
    }
    if (payloadEnd - payloadStart < payloadLength) this.add(column.snapped, 1);
    if (arrival !== Arrival.InOrder) this.#noteDisorder(packet, sideIndex, arrival);
    side.noteData(advance(start, payloadLength), payloadLength);
  }

  /** What a segment that came before or after its turn says of the path. */
  #noteDisorder(packet: Packet, sideIndex: Direction, arrival: Arrival): void {
    const side = this.#side(sideIndex);
    const assembler = side.assembler!;
    const cameBefore = arrival === Arrival.Old || arrival === Arrival.Partial;
    if (cameBefore) side.countRetransmitted();
    if (assembler.takeDifference() || (cameBefore && this.#contradicts(packet, sideIndex))) this.#noteDifference();
    if (assembler.limitHits === 0 || this.is(ConnectionBit.LimitReported)) return;
    this.mark(ConnectionBit.LimitReported);
    const detail = "more out-of-order data than is held: the holes before it count as lost";
    this.world.problem(this, "out-of-order-limit", detail);
  }

  #contradicts(packet: Packet, sideIndex: Direction): boolean {
    const { noted, base } = this.#side(sideIndex);
    return this.world.recent.contradicts(this.slot * 2 + sideIndex, noted, packet, base);
  }

  #noteDifference(): void {
    this.add(column.differences, 1);
    if (this.overlapsDiffer > 1) return;
    this.world.problem(this, "overlap-differs", "bytes came again with another content: the first ones count");
  }

  #open(packet: Packet, sideIndex: Direction): void {
    if (!this.oriented) this.orient(senderIsClient(packet) ? sideIndex : ((sideIndex ^ 1) as Direction));
    this.world.consumers[this.slot] = this.world.opened(this);
    this.mark(ConnectionBit.Open);
    // Nothing is known of a side that neither spoke nor was acknowledged: its first segment tells.
    this.sideA.open(this.clientSide);
    this.sideB.open((this.clientSide ^ 1) as Direction);
    const { resetSide } = this;
    if (resetSide >= 0) this.#side(resetSide as Direction).assembler?.reset();
  }

  get #endInterface(): number {
    return this.words[this.at + column.endInterface];
  }

  set #endInterface(interfaceId: number) {
    this.words[this.at + column.endInterface] = interfaceId;
  }
}

/** The segment brings bytes, or acknowledges bytes of the peer, that none before it did. */
function isNews(packet: Packet, side: Side, peer: Side, start: number): boolean {
  if (!side.seen) return true;
  const { payloadLength } = packet;
  if (payloadLength > 0) return isBefore(side.high, advance(start, payloadLength));
  return (packet.flags & TcpFlag.Ack) !== 0 && isBefore(peer.acknowledged, packet.acknowledgment);
}
