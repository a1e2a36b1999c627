import { TcpFlag, type Packet } from "../packet/packet.ts";
import type { ConnectionWorld } from "./connection-row.ts";
import { Demand, type Direction, type Moment } from "./consumer.ts";
import type { RecentSegments } from "./recent.ts";
import * as column from "./rows.ts";
import { ConnectionBit, type ConnectionRows, SideBit } from "./rows.ts";
import { advance, isBefore } from "./sequence.ts";

/**
 * The short way of nearly all segments: those that bring the next bytes, or acknowledge bytes for the first time, where
 * nothing of the connection is open to question.
 *
 * Invariant: what it takes leaves the row as Connection.accept would, whose rules come down to this then; everything
 * else it leaves alone. Pinned by "the short way and the long way agree".
 */
export class OrdinarySegments {
  readonly #world: ConnectionWorld;
  readonly #rows: ConnectionRows;
  readonly #moment: Moment;
  readonly #recent: RecentSegments;

  constructor(world: ConnectionWorld) {
    this.#world = world;
    this.#rows = world.rows;
    this.#moment = world.moment;
    this.#recent = world.recent;
  }

  /** Takes the segment if it is ordinary. */
  accept(slot: number, packet: Packet, sideIndex: Direction): boolean {
    const { words } = this.#rows;
    const row = column.rowOf(slot);
    const side = row + column.sides + sideIndex * column.sideWords;
    const peer = row + column.sides + (1 - sideIndex) * column.sideWords;
    if ((packet.flags & ~TcpFlag.Psh) !== TcpFlag.Ack) return false;
    if (!this.#isSettled(words, row, side, peer)) return false;
    if (!isNext(words, side, peer, packet)) return false;
    this.#note(slot, row, packet, sideIndex);
    words[side + column.window] = packet.window;
    if (isBefore(words[peer + column.acknowledged], packet.acknowledgment)) {
      words[peer + column.acknowledged] = packet.acknowledgment;
    }
    if (packet.payloadLength > 0) this.#take(slot, side, packet);
    return true;
  }

  /** Both streams are open and whole, nothing is held, and there is one interface. */
  #isSettled(words: Int32Array, row: number, side: number, peer: number): boolean {
    if ((words[row + column.state] & (ConnectionBit.Open | ConnectionBit.SeveralInterfaces)) !== ConnectionBit.Open) {
      return false;
    }
    if (words[row + column.firstInterface] !== this.#moment.interfaceId) return false;
    return (words[side] & watched) === settled && (words[peer] & settledPeer) === settledPeer;
  }

  #note(slot: number, row: number, packet: Packet, sideIndex: Direction): void {
    const moment = this.#moment;
    const { words, numbers } = this.#rows;
    words[row + column.lastFrame] = moment.frame;
    const endSeconds = (row + column.endSeconds) >> 1;
    const later = moment.seconds - numbers[endSeconds] || moment.nanoseconds - words[row + column.endNanoseconds];
    if (later > 0) {
      numbers[endSeconds] = moment.seconds;
      words[row + column.endNanoseconds] = moment.nanoseconds;
    }
    const side = row + column.sides + sideIndex * column.sideWords;
    const isRead = (words[side] & SideBit.Skips) === 0;
    const noted = words[side + column.noted];
    words[side + column.noted] = noted + 1;
    this.#recent.note(slot * 2 + sideIndex, noted, packet, moment, words[side + column.base], isRead);
  }

  /** The next bytes of a stream. */
  #take(slot: number, side: number, packet: Packet): void {
    const moment = this.#moment;
    const { words, numbers } = this.#rows;
    const { payloadLength, bytes, payloadStart, payloadEnd } = packet;
    const end = advance(words[side + column.next], payloadLength);
    words[side + column.next] = words[side + column.high] = end;
    numbers[(side + column.bytes) >> 1] += payloadLength;
    if (payloadLength > words[side + column.largestSegment]) words[side + column.largestSegment] = payloadLength;
    const state = words[side];
    if ((state & SideBit.Skips) !== 0) return;
    moment.sequenceEnd = end;
    moment.acknowledgment = packet.acknowledgment;
    const direction = (state & SideBit.ToClient) === 0 ? 0 : 1;
    const demand = this.#world.consumers[slot]!.onData(direction, bytes, payloadStart, payloadEnd, moment.frame);
    if (demand === Demand.Skip) words[side] |= SideBit.Skips;
  }
}

/** Whether the segment is the next of its stream, whole, and acknowledges what was seen. */
function isNext(words: Int32Array, side: number, peer: number, packet: Packet): boolean {
  const { sequence, acknowledgment, payloadLength } = packet;
  const next = words[side + column.next];
  if (sequence !== next || isBefore(next, words[side + column.settled])) return false;
  if (isBefore(words[peer + column.high], acknowledgment)) return false;
  if (payloadLength > 0) return packet.payloadEnd - packet.payloadStart === payloadLength;
  return isBefore(words[peer + column.acknowledged], acknowledgment);
}

/** A side whose stream goes on: seen, acknowledging, without a hole or a FIN. */
const settled =
  SideBit.Seen | SideBit.Known | SideBit.Acknowledges | SideBit.IsWhole | SideBit.Assembling | SideBit.Anchored;
const watched = settled | SideBit.Ended | SideBit.FinKnown | SideBit.Holds;
/** Its peer, of which only what was sent and acknowledged is looked at. */
const settledPeer = SideBit.Known | SideBit.EverAcknowledged | SideBit.IsWhole;
