import { Accumulator } from "../bytes/accumulator.ts";
import { limits } from "../limits.ts";
import type { Packet } from "../packet/packet.ts";
import type { ProtocolStack } from "../protocol/registry.ts";
import { Demand, type Direction, type EndReason, type StreamConsumer } from "../stream/consumer.ts";
import { rememberedSegments } from "../stream/recent.ts";
import { advance, distance, payloadSequence } from "../stream/sequence.ts";
import type { OpenedConnection } from "../stream/table.ts";
import { dnsStreamEdits, socksClientEdits, socksServerEdits } from "./dialogue-edits.ts";
import type { Edit } from "./edits.ts";
import type { RecordRun } from "./record-run.ts";
import { Run } from "./runs.ts";
import { TextScan } from "./text-scan.ts";

/** One direction of a connection, as the protocols were given it. Offsets count from its first byte. */
export class TappedSide {
  /** Sequence number of offset 0; known as soon as bytes came straight from a frame. */
  base: number | undefined = undefined;
  /** Bytes given so far, missing ones included. */
  offset = 0;
  /** Where the protocols stopped to read. */
  skippedFrom = Infinity;
  readonly edits: Edit[] = [];
  readonly scan: TextScan;
  /** First bytes, of connections whose dialogue is in bytes. */
  begin: Accumulator | undefined = undefined;
  /** Frames of the last undisturbed segments, once one of them was cut. */
  recent: number[] | undefined = undefined;
  /** Records that were opened; undefined before the first. */
  records: RecordRun | undefined = undefined;

  constructor(found: () => void) {
    this.scan = new TextScan((edit) => {
      this.edits.push(edit);
      found();
    });
  }
}

/** What a tap tells of the frame at hand. */
export interface TapListener {
  /** The packet being accepted. */
  readonly packet: Packet;
  /** Bytes went to the protocols of a connection. */
  tapped(tap: Tap, direction: Direction): void;
  /** One more edit. */
  found(): void;
}

/**
 * Stands between a connection and its protocols: notes which bytes they read, and what must not stay of these.
 */
export class Tap implements StreamConsumer {
  readonly id: number;
  readonly stack: ProtocolStack;
  readonly sides: readonly [TappedSide, TappedSide];
  readonly run = new Run();
  /** Side of the connection that is the client; undefined until a frame told. */
  clientSide: 0 | 1 | undefined = undefined;
  readonly #listener: TapListener;
  readonly #serverPort: number;

  constructor({ id, serverPort }: OpenedConnection, stack: ProtocolStack, listener: TapListener) {
    this.id = id;
    this.stack = stack;
    this.#listener = listener;
    this.#serverPort = serverPort;
    const found = (): void => listener.found();
    this.sides = [new TappedSide(found), new TappedSide(found)];
  }

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    const side = this.sides[direction];
    const { packet } = this.#listener;
    if (bytes === packet.bytes && start >= packet.payloadStart && end <= packet.payloadEnd) {
      const sequence = payloadSequence(packet) + start - packet.payloadStart;
      side.base = advance(sequence, -side.offset);
      this.#listener.tapped(this, direction);
    }
    this.#keepBeginning(side, bytes, start, end);
    side.scan.take(bytes, start, end, side.offset);
    side.offset += end - start;
    const demand = this.stack.onData(direction, bytes, start, end, frame);
    if (demand === Demand.Skip) side.skippedFrom = side.offset;
    return demand;
  }

  onGap(direction: Direction, length: number): Demand {
    const side = this.sides[direction];
    side.scan.cut();
    side.records?.disturb(rememberedSegments);
    side.offset += length;
    const demand = this.stack.onGap(direction, length);
    if (demand === Demand.Skip) side.skippedFrom = side.offset;
    return demand;
  }

  onEnd(direction: Direction, reason: EndReason): void {
    this.sides[direction].scan.cut();
    this.stack.onEnd(direction, reason);
  }

  /** The connection is over: what its dialogue in bytes must not keep. */
  close(): void {
    const [first] = this.stack.layers;
    const [client, server] = this.stack.swapped ? [this.sides[1], this.sides[0]] : this.sides;
    if (first?.layer === "socks") {
      this.#add(client, socksClientEdits);
      this.#add(server, socksServerEdits);
    } else if (this.#serverPort === 53) {
      for (const side of this.sides) this.#add(side, dnsStreamEdits);
    }
    for (const { begin } of this.sides) begin?.clear();
  }

  #add(side: TappedSide, editsOf: (bytes: Uint8Array) => Edit[]): void {
    if (side.begin === undefined) return;
    for (const edit of editsOf(side.begin.bytes.subarray(0, side.begin.length))) {
      side.edits.push(edit);
      this.#listener.found();
    }
  }

  #keepBeginning(side: TappedSide, bytes: Uint8Array, start: number, end: number): void {
    if (side.offset === 0 && (this.#serverPort === 53 || isSocks(bytes[start]))) {
      side.begin = new Accumulator(this.#serverPort === 53 ? 2 * limits.dnsMessage : limits.socksMessage);
    }
    const { begin } = side;
    if (begin === undefined || begin.length < side.offset) return;
    begin.append(bytes, start, Math.min(end, start + begin.limit - begin.length));
  }
}

/** How far behind offset 0 a sequence number lies, below 2^32. */
export function offsetOf(base: number, sequence: number): number {
  return distance(base, sequence) >>> 0;
}

/** SOCKS 4 and 5, and the answers of 4. */
function isSocks(first: number): boolean {
  return first === 5 || first === 4 || first === 0;
}
