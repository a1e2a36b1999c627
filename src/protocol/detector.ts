/*
 * Invariants: nothing is passed on before the protocol is told, everything afterwards, in each direction in order; a
 * direction's gap stands before what is held of it, never behind; what is held at the cap of a connection joined late
 * becomes part of that gap.
 */
import { limits } from "../limits.ts";
import { Demand, type Direction, type EndReason, type Moment, type StreamConsumer } from "../stream/consumer.ts";
import {
  entersTunnel,
  grantsTunnel,
  isTlsRecord,
  speaker,
  tellClient,
  tellServer,
  type Protocol,
  type Told,
} from "./detect.ts";
import { HeldBytes } from "./held.ts";
import { detectFrame } from "./http2/detect.ts";
import { InnerLayer } from "./inner-layer.ts";

/** What the detector needs of the stack that it works for. */
export interface DetectorHost {
  readonly moment: Moment;
  readonly serverPort: number;
  /** Whether the beginning may not have been captured. */
  readonly joinedLate: boolean;
  /** Whether the directions may turn out to be the other way round: joined late, and nothing outside says which is which. */
  readonly reversible: boolean;
  /** Whether the ports alone leave no doubt which side the server is. */
  readonly portsTell: boolean;
  swap(): void;
  open(protocol: Protocol, frame: number): StreamConsumer;
}

/** Holds the first bytes of a connection or tunnel until they tell its protocol, then hands all over to a decoder. */
export class Detector implements StreamConsumer {
  readonly #host: DetectorHost;
  readonly #midstream: boolean;
  #target: InnerLayer | undefined;
  #held: [HeldBytes, HeldBytes] | undefined;
  #gaps: [number, number] = [0, 0];
  readonly #ended: [EndReason | undefined, EndReason | undefined] = [undefined, undefined];

  constructor(host: DetectorHost) {
    this.#host = host;
    this.#midstream = host.joinedLate;
  }

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    if (this.#target !== undefined) return this.#target.onData(direction, bytes, start, end, frame);
    const held = this.#holds()[direction];
    const chunk = { direction, bytes, start, end };
    const told = held.length === 0 && !this.#midstream ? this.#tell(chunk) : undefined;
    if (told !== undefined && told !== "swapped") return this.#handOver(told, chunk, frame);
    if (held.hold(bytes, start, end, frame, this.#host.moment)) {
      const swapped = this.#midstream || held.length > end - start ? this.#decide(false) : false;
      return this.#demand(swapped ? other(direction) : direction);
    }
    if (this.#isMiddle(direction)) {
      this.#gaps[direction] += held.length + end - start;
      held.clear();
      return this.#demand(direction);
    }
    const last = held.length === 0 ? this.#tell(chunk, true) : undefined;
    if (last !== undefined && last !== "swapped") return this.#handOver(last, chunk, frame);
    const swapped = this.#decide(true);
    return this.#pass(swapped ? other(direction) : direction, bytes, start, end, frame);
  }

  /** Whether a direction joined late goes on with the middle of something while the other has yet to say a word. */
  #isMiddle(direction: Direction): boolean {
    if (!this.#midstream || this.#gaps[direction] >= limits.lateDetection) return false;
    const { bytes, length } = this.#holds()[direction];
    if (length === 0 || this.#holds()[other(direction)].length > 0) return false;
    const tell = direction === 0 ? tellClient : tellServer;
    return tell(bytes, 0, length, this.#host.serverPort) === "no" && !isTlsRecord(bytes, 0, length);
  }

  onGap(direction: Direction, length: number): Demand {
    if (this.#target !== undefined) return this.#target.onGap(direction, length);
    if (this.#holds()[direction].length === 0) {
      this.#gaps[direction] += length;
    } else {
      this.#decide(true);
      return this.onGap(direction, length);
    }
    return this.#demand(direction);
  }

  onEnd(direction: Direction, reason: EndReason): void {
    this.#ended[direction] = reason;
    if (this.#target !== undefined) this.#target.onEnd(direction, reason);
    else if (this.#ended[0] !== undefined && this.#ended[1] !== undefined && this.#anythingHeld()) this.#decide(true);
  }

  #pass(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    return this.#target?.onData(direction, bytes, start, end, frame) ?? Demand.Skip;
  }

  /** Decides by what is held; for good when `last`. Returns whether the directions turned out to be exchanged. */
  #decide(last: boolean): boolean {
    const told = this.#tell(undefined, last);
    if (told === "swapped") {
      this.#decide(last);
      return true;
    }
    if (told === undefined) return false;
    const [client, server] = this.#holds();
    this.#open(told, client.length > 0 ? client.frame : server.frame, this.#first(0, undefined));
    this.#replay(0);
    this.#replay(1);
    this.#held = undefined;
    this.#target?.tellEnds(this.#ended);
    return false;
  }

  /** Opens the protocol with bytes that were never held; the client's are given first. */
  #handOver(told: Protocol, chunk: Chunk, frame: number): Demand {
    const { direction } = chunk;
    this.#open(told, frame, this.#first(0, chunk));
    if (direction === 1) this.#replay(0);
    this.#replay(direction);
    this.#pass(direction, chunk.bytes, chunk.start, chunk.end, frame);
    if (direction === 0) this.#replay(1);
    this.#held = undefined;
    this.#target?.tellEnds(this.#ended);
    return this.#demand(direction);
  }

  /** Before a ClientHello nothing but the CONNECT is missing. */
  #open(told: Protocol, frame: number, client: Chunk): void {
    if (told === "http-tunnel" && speaker(client.bytes, client.start, client.end) === "client") this.#gaps[0] = 0;
    this.#target = new InnerLayer(this.#host.open(told, frame), this.#host.moment);
    this.#dropUnfit(told);
  }

  /** Bytes of a connection joined late that are the middle of something: missing, as far as the decoder is concerned. */
  #dropUnfit(told: Protocol): void {
    if (!this.#midstream || (told !== "http1" && told !== "tls")) return;
    this.#holds().forEach((held, direction) => {
      if (held.length === 0) return;
      const tell = direction === 0 ? tellClient : tellServer;
      const fits = tell(held.bytes, 0, held.length, this.#host.serverPort) === told;
      if (fits || (told === "tls" && isTlsRecord(held.bytes, 0, held.length))) return;
      this.#gaps[direction] += held.length;
      held.clear();
    });
  }

  #replay(direction: Direction): void {
    this.#target?.begin(direction, this.#gaps[direction], this.#holds()[direction]);
  }

  /** The protocol, undefined while more is to be waited for, `swapped` after the directions have been exchanged. */
  #tell(chunk: Chunk | undefined, last = false): Protocol | "swapped" | undefined {
    const client = this.#first(0, chunk);
    const server = this.#first(1, chunk);
    if (this.#host.reversible && isReversed(client, server, this.#host.portsTell)) {
      this.#swap();
      return "swapped";
    }
    const asked = this.#asked(client, server);
    if (isKnown(asked)) return asked;
    const answered = this.#late(tellServer(server.bytes, server.start, server.end, this.#host.serverPort), server);
    if (last)
      return isEmpty(client) && entersTunnel(server.bytes, server.start, server.end) ? "http-tunnel" : byLast(answered);
    // A server that greets is told by its greeting; one that answers leaves the client's bytes to be waited for.
    const greeting = isKnown(answered) && !answersFirst(answered) ? answered : undefined;
    if (isEmpty(client)) return greeting;
    if (asked === "more") return undefined;
    return this.#lacksBeginning(0) ? byAnswer(answered, isEmpty(server)) : (greeting ?? "unknown");
  }

  #asked(client: Chunk, server: Chunk): Told {
    const told = this.#late(tellClient(client.bytes, client.start, client.end, this.#host.serverPort), client);
    if (told !== "tls" || !this.#lacksBeginning(0)) return told;
    return grantsTunnel(server.bytes, server.start, server.end) ? "http-tunnel" : told;
  }

  #late(told: Told, { direction, bytes, start, end }: Chunk): Told {
    if (told !== "no" || !this.#lacksBeginning(direction)) return told;
    if (isTlsRecord(bytes, start, end)) return "tls";
    // In clear too much else looks like a frame.
    return this.#midstream && !this.#host.reversible && detectFrame(bytes, start, end) ? "http2" : "no";
  }

  #lacksBeginning(direction: Direction): boolean {
    return this.#midstream || this.#gaps[direction] > 0;
  }

  #swap(): void {
    this.#host.swap();
    const [client, server] = this.#holds();
    this.#held = [server, client];
    this.#gaps = [this.#gaps[1], this.#gaps[0]];
    this.#ended.reverse();
  }

  #first(direction: Direction, chunk: Chunk | undefined): Chunk {
    if (chunk?.direction === direction) return chunk;
    const held = this.#holds()[direction];
    return { direction, bytes: held.bytes, start: 0, end: held.length };
  }

  #holds(): [HeldBytes, HeldBytes] {
    return (this.#held ??= [new HeldBytes(limits.detection), new HeldBytes(limits.detection)]);
  }

  #anythingHeld(): boolean {
    return this.#held !== undefined && this.#held[0].length + this.#held[1].length > 0;
  }

  #demand(direction: Direction): Demand {
    return this.#target?.demand(direction) ?? Demand.More;
  }
}

/** A client's bytes that say nothing are the middle of something: the server's are the last word. */
function byAnswer(answered: Told, unanswered: boolean): Protocol | undefined {
  if (unanswered || answered === "more") return undefined;
  return answered === "no" ? "unknown" : answered;
}

function byLast(answered: Told): Protocol {
  return isKnown(answered) ? answered : "unknown";
}

function isKnown(told: Told): told is Protocol {
  return told !== "more" && told !== "no";
}

interface Chunk {
  readonly direction: Direction;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

function isEmpty(chunk: Chunk): boolean {
  return chunk.start === chunk.end;
}

function isReversed(client: Chunk, server: Chunk, portsTell: boolean): boolean {
  const clientSide = speaker(client.bytes, client.start, client.end);
  const serverSide = speaker(server.bytes, server.start, server.end);
  if (clientSide !== undefined || serverSide !== "client") return clientSide === "server" && serverSide !== "server";
  // The middle of a SOCKS server's answers may read as a greeting.
  return !portsTell || server.bytes[server.start] > 5;
}

function other(direction: Direction): Direction {
  return direction === 0 ? 1 : 0;
}

/** Protocols in which a server only answers: its bytes alone leave the client's to be waited for. */
function answersFirst(protocol: Protocol): boolean {
  return protocol === "tls" || protocol === "http1" || protocol === "dns-tcp";
}
