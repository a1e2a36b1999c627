import { addressText } from "../bytes/text.ts";
import type { LeftOutSegments } from "../capture/frame.ts";
import { limits } from "../limits.ts";
import type { QuotedSegment } from "../packet/icmp.ts";
import { TcpFlag, type Packet } from "../packet/packet.ts";
import type { ProblemCode } from "../problem.ts";
import type { ConnectionRow, ConnectionWorld } from "./connection-row.ts";
import { Connection } from "./connection.ts";
import type { Direction, Moment, StreamConsumer } from "./consumer.ts";
import { EndpointIndex } from "./endpoint-index.ts";
import type { ConnectionFacts, FoldedConnections } from "./facts.ts";
import { finishedFacts, type LetGo } from "./finished.ts";
import { HoldBudget, type HoldLimits } from "./held.ts";
import { IdleOrder } from "./idle-order.ts";
import { OrdinarySegments } from "./ordinary.ts";
import { PayloadFreeConnections, type PayloadFreeLimits } from "./payload-free.ts";
import { RecentSegments } from "./recent.ts";
import { ConnectionRows } from "./rows.ts";
import { judgeSyn, SynVerdict, WaitingSyn } from "./syn.ts";

/*
 * All connections of a capture.
 *
 * Invariants: a slot in use is in the index, and is live, or finished when no data can come any more. Finished
 * connections stay, so that their last segments do not look like new ones, until their ports are used again or room is
 * needed. Ids count connections in the order of their first frames. `#current` stands at the connection of the segment
 * at hand, `#leaving` at one that is being closed meanwhile.
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
  /** Both SYNs were: where each direction begins is known, and not guessed from its first segment. */
  readonly beginningSeen: boolean;
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
  readonly #rows: ConnectionRows;
  readonly #index: EndpointIndex;
  readonly #live: IdleOrder;
  readonly #finished: IdleOrder;
  readonly #ordinary: OrdinarySegments;
  readonly #current: Connection;
  readonly #leaving: Connection;
  #slots = 0;
  #liveCount = 0;
  #finishedCount = 0;
  readonly #freeSlots: number[] = [];
  readonly #waitingSyns = new Map<number, WaitingSyn>();
  readonly #payloadFree: PayloadFreeConnections;
  #nextId = 0;
  /** Connections that were let go because too many were open. */
  evicted = 0;

  constructor(moment: Moment, sink: ConnectionSink, caps: StreamLimits = limits) {
    const rows = new ConnectionRows();
    this.#moment = moment;
    this.#sink = sink;
    this.#limits = caps;
    this.#rows = rows;
    this.#index = new EndpointIndex(rows);
    this.#live = new IdleOrder(rows, false);
    this.#finished = new IdleOrder(rows, true);
    this.#payloadFree = new PayloadFreeConnections(this.#index, caps);
    const world: ConnectionWorld = {
      rows,
      moment,
      budget: new HoldBudget(caps),
      recent: new RecentSegments(),
      consumers: [],
      held: new Map(),
      icmp: new Map(),
      interfaces: new Map(),
      opened: (connection) => sink.open(this.#identity(connection)),
      problem: (connection, code, detail) => sink.problem?.(code, detail, connection.consumer),
    };
    this.#ordinary = new OrdinarySegments(world);
    this.#current = new Connection(world);
    this.#leaving = new Connection(world);
  }

  /**
   * Takes a TCP segment of the frame that the moment stands at. Returns whether it was ordinary, as OrdinarySegments has
   * it. Borrows: lends its payload on, keeps nothing of it.
   */
  accept(packet: Packet): boolean {
    const slot = this.#index.find(packet);
    const { side } = this.#index;
    if (slot >= 0 && this.#ordinary.accept(slot, packet, side)) return true;
    const connection = this.#current;
    if (slot < 0) this.#begin();
    else {
      connection.stand(slot);
      if ((packet.flags & TcpFlag.Syn) !== 0 && !this.#acceptSyn(packet, side)) return false;
    }
    const wasFinished = connection.finished;
    connection.accept(packet, side);
    if (connection.finished === wasFinished) return false;
    if (wasFinished) this.#revive();
    else this.#retire();
    return false;
  }

  /** Counts segments that were left out of the capture before this one, which is to be accepted next. */
  leaveOut(packet: Packet, segments: LeftOutSegments): void {
    const slot = this.#index.find(packet);
    if (slot < 0) return;
    this.#current.stand(slot);
    this.#current.leaveOut(this.#index.side, segments);
  }

  /** Id of the connection that a segment belongs to which was just accepted, times two, plus the side that sent it. */
  senderOf(packet: Packet): number {
    const slot = this.#index.find(packet);
    if (slot < 0) return -1;
    this.#current.stand(slot);
    return this.#current.id * 2 + this.#index.side;
  }

  /** Notes an ICMP error at the connection whose segment it quotes, if that is followed. `packet` holds the error. */
  icmp(packet: Packet, quoted: QuotedSegment): void {
    const { addressLength, sourceAddress, destinationAddress, sourcePort, destinationPort } = quoted;
    const endpoints = { addressLength, sourceAddress, destinationAddress, sourcePort, destinationPort };
    const slot = this.#index.find({ view: packet.view, ...endpoints });
    if (slot < 0) return;
    this.#current.stand(slot);
    if ((this.#current.icmp?.length ?? 0) >= limits.icmpErrors) return;
    this.#current.noteIcmp({
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
      for (let slot = order.oldest(this.#slots); slot >= 0; slot = order.oldest(this.#slots)) {
        this.#leaving.stand(slot);
        const silent = this.#moment.seconds - this.#leaving.endSeconds;
        this.#close(silent >= limits.idleSeconds ? "idle" : "capture-end");
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

  /** The payload-free connections that are not listed. */
  folded(): FoldedConnections[] {
    return this.#payloadFree.folded();
  }

  /** Follows the endpoints that the index did not find, or that are wanted, in a slot of their own. */
  #begin(): void {
    const slot = this.#freeSlots.pop() ?? this.#slots++;
    this.#rows.add(slot);
    this.#index.add(slot);
    this.#current.stand(slot);
    this.#current.start(this.#nextId++);
    this.#addLive();
  }

  /** Whether the SYN is for `#current`, which may have become the next connection of its endpoints. */
  #acceptSyn(packet: Packet, side: Direction): boolean {
    const { slot } = this.#current;
    const verdict = judgeSyn(this.#current, packet, side, this.#waitingSyns.get(slot));
    if (verdict === SynVerdict.Wait) this.#wait(slot, packet, side);
    if (verdict === SynVerdict.Anew) this.#beginAgain(slot);
    return verdict !== SynVerdict.Wait;
  }

  /** The ports of `slot` are used again: closes the connection there and begins the next one in another slot. */
  #beginAgain(slot: number): void {
    const waiting = this.#waitingSyns.get(slot);
    this.#waitingSyns.delete(slot);
    this.#index.want(slot);
    this.#leaving.stand(slot);
    this.#close("idle");
    this.#begin();
    waiting?.begin(this.#current);
  }

  #wait(slot: number, packet: Packet, side: Direction): void {
    let waiting = this.#waitingSyns.get(slot);
    if (waiting === undefined || waiting.side !== side || waiting.sequence !== packet.sequence) {
      waiting?.giveUp(this.#current);
      waiting = new WaitingSyn(side, packet.sequence, this.#moment);
      this.#waitingSyns.set(slot, waiting);
    }
    waiting.count++;
    waiting.lastFrame = this.#moment.frame;
  }

  #retire(): void {
    this.#liveCount--;
    if (++this.#finishedCount <= this.#limits.finishedConnections) return;
    this.#leaving.stand(this.#finished.oldest(this.#slots));
    this.#close("capture-end");
  }

  /** A SYN that was refused is asked again and answered. */
  #revive(): void {
    this.#finishedCount--;
    this.#addLive();
  }

  #addLive(): void {
    if (++this.#liveCount > this.#limits.liveConnections) this.#evict();
  }

  #evict(): void {
    if (this.evicted++ === 0) {
      const cap = this.#limits.liveConnections;
      const detail = `more than ${cap} connections are open at once: the one idle longest is let go, what follows on it is a flow of its own`;
      this.#sink.problem?.("connection-limit", detail, undefined);
    }
    this.#leaving.stand(this.#live.oldest(this.#slots));
    this.#close("evicted");
  }

  /** Closes the connection that `#leaving` stands at. */
  #close(letGo: LetGo): void {
    const connection = this.#leaving;
    const { slot, consumer } = connection;
    this.#waitingSyns.get(slot)?.giveUp(connection);
    this.#waitingSyns.delete(slot);
    if (consumer === undefined) {
      this.#payloadFree.add(connection, letGo);
    } else {
      connection.end(letGo);
      this.#sink.close(finishedFacts(connection, this.#index, letGo), consumer);
    }
    if (connection.finished) this.#finishedCount--;
    else this.#liveCount--;
    connection.forget();
    this.#index.remove(slot);
    this.#freeSlots.push(slot);
  }

  #identity(connection: ConnectionRow): OpenedConnection {
    const { slot, clientSide } = connection;
    const serverSide = (clientSide ^ 1) as Direction;
    const one = connection.sides[0].synSeen;
    const other = connection.sides[1].synSeen;
    return {
      id: connection.id,
      clientAddress: this.#index.addressText(slot, clientSide),
      clientPort: this.#index.port(slot, clientSide),
      serverAddress: this.#index.addressText(slot, serverSide),
      serverPort: this.#index.port(slot, serverSide),
      synSeen: one || other,
      beginningSeen: one && other,
    };
  }
}
