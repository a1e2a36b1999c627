import { addressText } from "../bytes/text.ts";
import { limits } from "../limits.ts";
import type { QuotedSegment } from "../packet/icmp.ts";
import type { Packet } from "../packet/packet.ts";
import type { ProblemCode } from "../problem.ts";
import { Connection, type ConnectionWorld } from "./connection.ts";
import type { Direction, Moment, StreamConsumer } from "./consumer.ts";
import { EndpointIndex } from "./endpoint-index.ts";
import type { ConnectionFacts, FoldedConnections } from "./facts.ts";
import { finishedFacts, type LetGo } from "./finished.ts";
import { HoldBudget, type HoldLimits } from "./held.ts";
import { IdleOrder } from "./idle-order.ts";
import { PayloadFreeConnections, type PayloadFreeLimits } from "./payload-free.ts";
import { RecentSegments } from "./recent.ts";
import { judgeSyn, SynVerdict, WaitingSyn } from "./syn.ts";

/*
 * All connections of a capture.
 *
 * Invariants: a slot in use is in the index and in exactly one of two orders: `#live`, or `#finished` when no data can
 * come any more. Finished connections stay, so that their last segments do not look like new ones, until their ports
 * are used again or room is needed. Ids count connections in the order of their first frames.
 */

export interface StreamLimits extends HoldLimits, PayloadFreeLimits {
  readonly liveConnections: number;
  readonly finishedConnections: number;
}

/** Between whom a connection runs, when its first payload has come. */
export interface OpenedConnection {
  readonly id: number;
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly serverAddress: string;
  readonly serverPort: number;
  /** Some SYN was captured, so client and server are not guessed. */
  readonly synSeen: boolean;
}

export interface ConnectionSink {
  /** At the first payload byte. Connections without any never come here: see `payloadFree`. */
  open(connection: OpenedConnection): StreamConsumer;
  /** Once for every consumer, after `onEnd` of both directions. */
  close(facts: ConnectionFacts, consumer: StreamConsumer): void;
  /** Bytes that contradict others, and caps that were met; of one connection where there is a consumer. */
  problem?(code: ProblemCode, detail: string, consumer: StreamConsumer | undefined): void;
}

export class ConnectionTable {
  readonly #moment: Moment;
  readonly #sink: ConnectionSink;
  readonly #limits: StreamLimits;
  readonly #index: EndpointIndex;
  readonly #live: IdleOrder;
  readonly #finished: IdleOrder;
  readonly #connections: Connection[] = [];
  readonly #freeSlots: number[] = [];
  readonly #waitingSyns = new Map<number, WaitingSyn>();
  readonly #payloadFree: PayloadFreeConnections;
  readonly #world: ConnectionWorld;
  #nextId = 0;
  /** Connections that were let go because too many were open. */
  evicted = 0;

  constructor(moment: Moment, sink: ConnectionSink, caps: StreamLimits = limits) {
    const slots = caps.liveConnections + caps.finishedConnections + 2;
    this.#moment = moment;
    this.#sink = sink;
    this.#limits = caps;
    this.#index = new EndpointIndex(slots);
    this.#live = new IdleOrder(slots);
    this.#finished = new IdleOrder(slots);
    this.#payloadFree = new PayloadFreeConnections(this.#index, caps);
    this.#world = {
      moment,
      budget: new HoldBudget(caps),
      recent: new RecentSegments(),
      opened: (connection) => sink.open(this.#identity(connection)),
      problem: (connection, code, detail) => sink.problem?.(code, detail, connection.consumer),
    };
  }

  /** Connections so far: the id that the next one will have. */
  get count(): number {
    return this.#nextId;
  }

  /** Takes a TCP segment of the frame that the moment stands at. Borrows: lends its payload on, keeps nothing of it. */
  accept(packet: Packet): void {
    let slot = this.#index.find(packet);
    const side = this.#index.side;
    let connection: Connection;
    if (slot < 0) {
      slot = this.#begin();
      connection = this.#connections[slot];
    } else {
      connection = this.#connections[slot];
      if ((packet.flags & synFlag) !== 0) {
        const verdict = judgeSyn(connection, packet, side, this.#waitingSyns.get(slot));
        if (verdict === SynVerdict.Wait) {
          this.#wait(slot, packet, side);
          return;
        }
        if (verdict === SynVerdict.Anew) connection = this.#beginAgain(slot);
      }
    }
    const wasFinished = connection.finished;
    connection.accept(packet, side);
    if (connection.finished === wasFinished) (wasFinished ? this.#finished : this.#live).touch(connection.slot);
    else if (wasFinished) this.#revive(connection.slot);
    else this.#retire(connection.slot);
  }

  /** Notes an ICMP error at the connection whose segment it quotes, if that is followed. `packet` holds the error. */
  icmp(packet: Packet, quoted: QuotedSegment): void {
    const { addressLength, sourceAddress, destinationAddress, sourcePort, destinationPort } = quoted;
    const endpoints = { addressLength, sourceAddress, destinationAddress, sourcePort, destinationPort };
    const slot = this.#index.find({ view: packet.view, ...endpoints });
    if (slot < 0) return;
    const connection = this.#connections[slot];
    connection.icmp ??= [];
    if (connection.icmp.length >= limits.icmpErrors) return;
    connection.icmp.push({
      type: quoted.type,
      code: quoted.code,
      frame: this.#moment.frame,
      ...(quoted.mtu > 0 && { mtu: quoted.mtu }),
      from: addressText(packet.bytes, packet.sourceAddress, packet.addressLength),
    });
  }

  /** Ends every connection. The table takes nothing after that. */
  endOfCapture(): void {
    for (const order of [this.#live, this.#finished]) {
      while (order.oldest >= 0) {
        const connection = this.#connections[order.oldest];
        const silent = this.#moment.seconds - connection.endSeconds;
        this.#close(connection, silent >= limits.idleSeconds ? "idle" : "capture-end");
      }
    }
  }

  /** Connections that carried no byte and are listed one by one, by id. Each is made when it is asked for. */
  payloadFree(): Iterable<ConnectionFacts> {
    return this.#payloadFree.list();
  }

  /** The payload-free connection of that id, if it is listed. Cost: logarithmic. */
  payloadFreeById(id: number): ConnectionFacts | undefined {
    return this.#payloadFree.find(id);
  }

  get payloadFreeCount(): number {
    return this.#payloadFree.length;
  }

  /** The payload-free connections that are not listed. */
  folded(): FoldedConnections[] {
    return this.#payloadFree.folded();
  }

  /** Takes a slot for the endpoints that the index did not find, or that are wanted. */
  #begin(): number {
    let slot = this.#freeSlots.pop();
    if (slot === undefined) {
      slot = this.#connections.length;
      this.#connections.push(new Connection(slot, this.#world));
    }
    this.#index.add(slot);
    this.#live.append(slot);
    this.#connections[slot].start(this.#nextId++);
    if (this.#live.length > this.#limits.liveConnections) this.#evict();
    return slot;
  }

  /** The ports of `slot` are used again: closes the connection there and begins the next one in another slot. */
  #beginAgain(slot: number): Connection {
    const waiting = this.#waitingSyns.get(slot);
    this.#waitingSyns.delete(slot);
    this.#index.want(slot);
    this.#close(this.#connections[slot], "idle");
    const connection = this.#connections[this.#begin()];
    waiting?.begin(connection);
    return connection;
  }

  #wait(slot: number, packet: Packet, side: Direction): void {
    let waiting = this.#waitingSyns.get(slot);
    if (waiting === undefined || waiting.side !== side || waiting.sequence !== packet.sequence) {
      waiting?.giveUp(this.#connections[slot]);
      waiting = new WaitingSyn(side, packet.sequence, this.#moment);
      this.#waitingSyns.set(slot, waiting);
    }
    waiting.count++;
    waiting.lastFrame = this.#moment.frame;
  }

  #retire(slot: number): void {
    this.#live.remove(slot);
    this.#finished.append(slot);
    if (this.#finished.length > this.#limits.finishedConnections) {
      this.#close(this.#connections[this.#finished.oldest], "capture-end");
    }
  }

  /** A SYN that was refused is asked again and answered. */
  #revive(slot: number): void {
    this.#finished.remove(slot);
    this.#live.append(slot);
    if (this.#live.length > this.#limits.liveConnections) this.#evict();
  }

  #evict(): void {
    const connection = this.#connections[this.#live.oldest];
    if (this.evicted++ === 0) {
      const cap = this.#limits.liveConnections;
      const detail = `more than ${cap} connections are open at once: the one idle longest is let go, what follows on it is a flow of its own`;
      this.#sink.problem?.("connection-limit", detail, undefined);
    }
    this.#close(connection, "evicted");
  }

  #close(connection: Connection, letGo: LetGo): void {
    const { slot, consumer } = connection;
    this.#waitingSyns.get(slot)?.giveUp(connection);
    this.#waitingSyns.delete(slot);
    if (consumer === undefined) {
      this.#payloadFree.add(connection, letGo);
    } else {
      connection.end(letGo);
      this.#sink.close(finishedFacts(connection, this.#index, letGo), consumer);
      connection.forget();
    }
    (connection.finished ? this.#finished : this.#live).remove(slot);
    this.#index.remove(slot);
    this.#freeSlots.push(slot);
  }

  #identity(connection: Connection): OpenedConnection {
    const { slot, clientSide } = connection;
    const serverSide = (clientSide ^ 1) as Direction;
    return {
      id: connection.id,
      clientAddress: this.#index.addressText(slot, clientSide),
      clientPort: this.#index.port(slot, clientSide),
      serverAddress: this.#index.addressText(slot, serverSide),
      serverPort: this.#index.port(slot, serverSide),
      synSeen: connection.sides[0].synSeen || connection.sides[1].synSeen,
    };
  }
}

const synFlag = 0x02;
