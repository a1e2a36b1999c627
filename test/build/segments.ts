import { Packet, TcpFlag } from "../../src/packet/packet.ts";
import { Moment, type Direction, type EndReason, type StreamConsumer } from "../../src/stream/consumer.ts";
import type { ConnectionFacts } from "../../src/stream/facts.ts";
import {
  ConnectionTable,
  type ConnectionSink,
  type OpenedConnection,
  type StreamLimits,
} from "../../src/stream/table.ts";
import { limits } from "../../src/limits.ts";

/** One segment on the wire. Numbers are absolute; what is left out is filled in by `wire`. */
export interface Segment {
  readonly from: string;
  readonly to: string;
  readonly flags: number;
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly payload: Uint8Array;
  readonly window: number;
  readonly identification: number;
  readonly hopLimit: number;
  /** Bytes the snap length left, if it cut the segment. */
  readonly captured?: number;
}

interface Extra {
  /** Frames of the other connections that pass in between, and seconds. */
  readonly after?: number;
  readonly seconds?: number;
  readonly interfaceId?: number;
  readonly hopLimit?: number;
}

export interface Chunk {
  readonly text: string;
  readonly frame: number;
}

/** What one connection's consumer was told. Gaps stand in the text as `[n]`. */
export class Told implements StreamConsumer {
  readonly opened: OpenedConnection;
  readonly text: [string, string] = ["", ""];
  readonly chunks: [Chunk[], Chunk[]] = [[], []];
  readonly ends: [EndReason[], EndReason[]] = [[], []];
  facts: ConnectionFacts | undefined;
  readonly problems: string[] = [];
  readonly skipAfter: number;

  constructor(opened: OpenedConnection, skipAfter: number) {
    this.opened = opened;
    this.skipAfter = skipAfter;
  }

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number) {
    const text = String.fromCharCode(...bytes.subarray(start, end));
    this.text[direction] += text;
    this.chunks[direction].push({ text, frame });
    return this.text[direction].length >= this.skipAfter ? (1 as const) : (0 as const);
  }

  onGap(direction: Direction, length: number) {
    this.text[direction] += `[${length}]`;
    return 0 as const;
  }

  onEnd(direction: Direction, reason: EndReason): void {
    this.ends[direction].push(reason);
  }
}

/**
 * A capture in the making: sends segments through a connection table. The buffer a packet lies in is overwritten after
 * every segment, so that a kept view shows.
 */
export class Wire implements ConnectionSink {
  readonly moment = new Moment();
  readonly table: ConnectionTable;
  readonly told: Told[] = [];
  readonly problems: string[] = [];
  skipAfter = Infinity;
  /** Segments that went the short way. */
  ordinary = 0;
  readonly #packet = new Packet();
  readonly #buffer = new Uint8Array(70_000);

  constructor(caps: Partial<StreamLimits> = {}) {
    this.moment.seconds = 1_700_000_000;
    this.table = new ConnectionTable(this.moment, this, { ...limits, ...caps });
    this.#packet.bytes = this.#buffer;
    this.#packet.view = new DataView(this.#buffer.buffer);
  }

  open(connection: OpenedConnection): StreamConsumer {
    const told = new Told(connection, this.skipAfter);
    this.told.push(told);
    return told;
  }

  close(facts: ConnectionFacts, consumer: StreamConsumer): void {
    if (consumer instanceof Told) consumer.facts = facts;
  }

  problem(code: string, _detail: string, consumer: StreamConsumer | undefined): void {
    this.problems.push(code);
    if (consumer instanceof Told) consumer.problems.push(code);
  }

  /** Lets frames of others and time pass, then sends. A frame takes a millisecond unless told otherwise. */
  send(segment: Segment, extra: Extra = {}): void {
    const { moment } = this;
    moment.frame += 1 + (extra.after ?? 0);
    const nanoseconds = moment.nanoseconds + Math.round((extra.seconds ?? 0.001) * 1e9);
    moment.seconds += Math.floor(nanoseconds / 1e9);
    moment.nanoseconds = nanoseconds % 1e9;
    moment.interfaceId = extra.interfaceId ?? 0;
    const packet = this.#packet;
    this.#buffer.fill(0xdb);
    const length = endpoint(segment.from).address.length as 4 | 16;
    packet.addressLength = length;
    packet.sourceAddress = 0;
    packet.destinationAddress = length;
    this.#buffer.set(endpoint(segment.from).address, 0);
    this.#buffer.set(endpoint(segment.to).address, length);
    packet.sourcePort = endpoint(segment.from).port;
    packet.destinationPort = endpoint(segment.to).port;
    packet.flags = segment.flags;
    packet.sequence = segment.sequence | 0;
    packet.acknowledgment = segment.acknowledgment | 0;
    packet.window = segment.window;
    packet.identification = segment.identification;
    packet.hopLimit = extra.hopLimit ?? segment.hopLimit;
    packet.payloadStart = 40;
    packet.payloadLength = segment.payload.length;
    packet.payloadEnd = 40 + (segment.captured ?? segment.payload.length);
    this.#buffer.set(segment.payload.subarray(0, segment.captured), 40);
    if (this.table.accept(packet)) this.ordinary++;
    this.#buffer.fill(0xdb);
  }

  /** Ends the capture and returns everything, payload-free connections included, by id. */
  finish(): ConnectionFacts[] {
    this.table.endOfCapture();
    const withPayload = this.told.map((told) => told.facts!);
    return [...withPayload, ...this.table.payloadFree()].sort((a, b) => a.id - b.id);
  }
}

/**
 * A conversation between one client and one server that keeps the numbers: each call sends a segment, unless it is
 * wrapped in `lost` or held in hand to be sent later.
 */
export class Dialogue {
  readonly wire: Wire;
  readonly client: string;
  readonly server: string;
  /** Next sequence numbers, by direction. */
  readonly next: [number, number];
  identification = 1;
  window = 500;

  constructor(wire: Wire, options: { client?: string; server?: string; isn?: [number, number] } = {}) {
    this.wire = wire;
    this.client = options.client ?? "10.0.0.1:40000";
    this.server = options.server ?? "192.0.2.1:443";
    this.next = [...(options.isn ?? [1000, 5000])];
  }

  /** Makes a segment of a direction and moves its numbers on, without sending it. */
  make(direction: Direction, text = "", flags: number = TcpFlag.Ack): Segment {
    const payload = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const other = (direction ^ 1) as Direction;
    const segment: Segment = {
      from: direction === 0 ? this.client : this.server,
      to: direction === 0 ? this.server : this.client,
      flags,
      sequence: this.next[direction],
      acknowledgment: (flags & TcpFlag.Ack) !== 0 ? this.next[other] : 0,
      payload,
      window: this.window,
      identification: this.identification++,
      hopLimit: 64,
    };
    const length = payload.length + ((flags & (TcpFlag.Syn | TcpFlag.Fin)) !== 0 ? 1 : 0);
    this.next[direction] = (this.next[direction] + length) | 0;
    return segment;
  }

  send(direction: Direction, text = "", flags: number = TcpFlag.Ack, extra: Extra = {}): Segment {
    const segment = this.make(direction, text, flags);
    this.wire.send(segment, extra);
    return segment;
  }

  says(text: string, extra: Extra = {}): Segment {
    return this.send(0, text, TcpFlag.Ack, extra);
  }

  answers(text: string, extra: Extra = {}): Segment {
    return this.send(1, text, TcpFlag.Ack, extra);
  }

  /** An acknowledgment without payload. */
  acks(direction: Direction, extra: Extra = {}): Segment {
    return this.send(direction, "", TcpFlag.Ack, extra);
  }

  /** The sender sends it again: the same bytes in a new packet. */
  again(segment: Segment, changes: Partial<Segment> = {}, extra: Extra = {}): Segment {
    const repeated = { ...segment, identification: this.identification++, ...changes };
    this.wire.send(repeated, extra);
    return repeated;
  }

  handshake(): this {
    this.send(0, "", TcpFlag.Syn);
    this.send(1, "", TcpFlag.Syn | TcpFlag.Ack);
    this.send(0, "", TcpFlag.Ack);
    return this;
  }

  /** FIN, FIN and the last acknowledgment. */
  goodbye(first: Direction = 0): this {
    const second = (first ^ 1) as Direction;
    this.send(first, "", TcpFlag.Fin | TcpFlag.Ack);
    this.send(second, "", TcpFlag.Fin | TcpFlag.Ack);
    this.send(first, "", TcpFlag.Ack);
    return this;
  }
}

function endpoint(text: string): { address: number[]; port: number } {
  const at = text.lastIndexOf(":");
  const host = text.slice(0, at);
  const port = Number(text.slice(at + 1));
  if (!host.startsWith("[")) return { address: host.split(".").map(Number), port };
  const [front, back = ""] = host.slice(1, -1).split("::");
  const groups = (part: string): number[] => (part === "" ? [] : part.split(":").map((group) => parseInt(group, 16)));
  const zeros = new Array<number>(8 - groups(front).length - groups(back).length).fill(0);
  const all = [...groups(front), ...zeros, ...groups(back)];
  return { address: all.flatMap((group) => [group >> 8, group & 0xff]), port };
}
