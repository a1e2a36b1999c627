/*
 * Invariants:
 * - `#held[d]` holds what of a direction no step has taken yet: part of a message, or what must wait for the other side.
 * - `#client` names the next message of the client, `#server` that of the server; the dialogue is `over` when neither
 *   names one.
 */
import { MalformedError } from "../../bytes/malformed.ts";
import { limits } from "../../limits.ts";
import type { ProblemCode } from "../../problem.ts";
import { Demand, type Direction, type EndReason } from "../../stream/consumer.ts";
import { HeldBytes } from "../held.ts";
import { InnerLayer } from "../inner-layer.ts";
import type { Decoder, DecoderContext } from "../layer.ts";
import { noteStrangeAnswer, wantsStrangeAnswer } from "../strange-answer.ts";
import type { SocksFacts } from "./facts.ts";
import {
  asksByName,
  greetingLength,
  parseRequest4,
  parseRequest5,
  passwordLength,
  type SocksRequest,
} from "./messages.ts";

type ClientStep = "greeting" | "authentication" | "request" | "none";
type ServerStep = "selection" | "status" | "reply" | "none";
type State = "dialogue" | "strange" | "tunnel" | "over";

/**
 * SOCKS 4, 4a and 5, up to the tunnel.
 *
 * Spec: RFC 1928, RFC 1929. Ignores: GSSAPI negotiation, and what follows the reply to BIND and UDP ASSOCIATE: named in
 * the facts and left alone.
 */
export class SocksDecoder implements Decoder {
  readonly facts: SocksFacts;
  readonly #context: DecoderContext;
  readonly #held = [new HeldBytes(limits.tunnelHeld), new HeldBytes(limits.tunnelHeld)] as const;
  readonly #ended: [EndReason | undefined, EndReason | undefined] = [undefined, undefined];
  #state: State = "dialogue";
  #client: ClientStep = "greeting";
  #server: ServerStep = "selection";
  #inner: InnerLayer | undefined;
  #serverSeen = false;
  /** Bytes of the server that are missing: its answers may have been among them. */
  #serverMissing = 0;
  /** The server's answers are not in the capture: the client's bytes alone say how it went on. */
  #unanswered = false;

  constructor(context: DecoderContext) {
    this.#context = context;
    this.facts = {
      layer: "socks",
      version: 5,
      v4a: false,
      frame: context.moment.frame,
      methodsOffered: [],
      requestFrame: 0,
      replyFrame: 0,
      answerFrame: 0,
    };
    context.stage("proxy");
  }

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    if (direction === 1) this.#serverSeen = true;
    if (this.#inner !== undefined) return this.#inner.onData(direction, bytes, start, end, frame);
    if (this.#state === "strange" && direction === 1) this.#strange(bytes, start, end);
    else if (this.#state === "dialogue") this.#hold(direction, bytes, start, end, frame);
    return this.#demand(direction);
  }

  onGap(direction: Direction, length: number): Demand {
    if (this.#inner !== undefined) return this.#inner.onGap(direction, length);
    if (this.#state === "dialogue" && direction === 1) {
      this.#serverMissing += length;
      this.#unanswered = true;
      this.#advance();
    } else if (this.#state === "dialogue") {
      this.#giveUp("bytes-lost", `${length} bytes of the client are missing between SOCKS messages`);
    }
    return this.#demand(direction);
  }

  onEnd(direction: Direction, reason: EndReason): void {
    this.#ended[direction] = reason;
    if (this.#inner !== undefined) {
      this.#inner.onEnd(direction, reason);
      return;
    }
    if (this.#ended[0] === undefined || this.#ended[1] === undefined) return;
    if (!this.#serverSeen && this.#state === "dialogue") {
      this.#unanswered = true;
      this.#advance();
    }
    this.#held[0].clear();
    this.#held[1].clear();
  }

  #hold(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): void {
    if (this.#held[direction].hold(bytes, start, end, frame, this.#context.moment)) this.#advance();
    else this.#giveUp("message-too-large", `${limits.tunnelHeld} bytes without the SOCKS message that should be there`);
  }

  #advance(): void {
    try {
      while (this.#state === "dialogue" && (this.#clientStep() || this.#serverStep()));
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#giveUp("malformed", error.message);
    }
  }

  /** Takes one message of the client. Returns false when none is complete or its turn has not come. */
  #clientStep(): boolean {
    const held = this.#held[0];
    if (held.length === 0) return false;
    switch (this.#client) {
      case "greeting":
        return this.#greeting();
      case "authentication":
        return this.#authentication();
      case "request":
        return this.#request();
      default:
        if (this.#unanswered) this.#openTunnel();
        return false;
    }
  }

  #greeting(): boolean {
    const held = this.#held[0];
    if (held.bytes[0] === 4) {
      this.facts.version = 4;
      this.#client = "request";
      this.#server = "reply";
      return true;
    }
    const length = greetingLength(held.bytes, 0, held.length);
    if (length === 0) return false;
    this.facts.methodsOffered = [...new Set(held.bytes.subarray(2, length))];
    this.#held[0].consume(length);
    this.#client = "authentication";
    return true;
  }

  /** A client may send its request without waiting; whether anything else is a password only the selection tells. */
  #authentication(): boolean {
    const held = this.#held[0];
    const selected = this.facts.methodSelected;
    if (held.bytes[0] === 5 || selected === 0) {
      this.#client = "request";
      return true;
    }
    if (selected === undefined && !this.#unanswered) return false;
    if (selected !== undefined && selected !== 2) {
      this.#over();
      return false;
    }
    const length = passwordLength(held.bytes, 0, held.length);
    if (length === 0) return false;
    this.#held[0].consume(length);
    this.#client = "request";
    return true;
  }

  #request(): boolean {
    const held = this.#held[0];
    const { facts } = this;
    const parse = facts.version === 4 ? parseRequest4 : parseRequest5;
    const request: SocksRequest | undefined = parse(held.bytes, 0, held.length);
    if (request === undefined) return false;
    facts.v4a = facts.version === 4 && asksByName(held.bytes, 0);
    facts.command = request.command;
    facts.targetHost = request.host;
    facts.targetPort = request.port;
    facts.addressType = request.addressType;
    facts.requestFrame = held.frame;
    this.#held[0].consume(request.length);
    this.#client = "none";
    return true;
  }

  /** Takes one message of the server. Returns false when none is complete or its turn has not come. */
  #serverStep(): boolean {
    const { bytes, length } = this.#held[1];
    if (length === 0 || this.#unanswered) return false;
    switch (this.#server) {
      case "selection":
        if (bytes[0] !== 5) return this.#noAnswer();
        if (length < 2) return false;
        this.facts.methodSelected = bytes[1];
        this.facts.answerFrame = this.#held[1].frame;
        this.#server = bytes[1] === 2 ? "status" : "reply";
        this.#held[1].consume(2);
        if (bytes[1] === 0xff) this.#over();
        return true;
      case "status":
        // Some servers put SOCKS's version here, against RFC 1929 §2.
        if (bytes[0] !== 1 && bytes[0] !== 5) throw new MalformedError("bad-value", 0, "authentication status");
        if (length < 2) return false;
        this.facts.authenticationStatus = bytes[1];
        this.facts.answerFrame = this.#held[1].frame;
        this.#server = "reply";
        this.#held[1].consume(2);
        return true;
      case "reply":
        return this.#client === "none" && this.#reply();
      default:
        return false;
    }
  }

  #reply(): boolean {
    const { facts } = this;
    const held = this.#held[1];
    const { bytes } = held;
    if (facts.version === 4 && bytes[0] !== 0) return this.#noAnswer();
    if (held.length < 2) return false;
    // Noted before the rest is there: servers that refuse may send no more than this.
    facts.reply ??= bytes[1];
    if (facts.replyFrame === 0) facts.replyFrame = held.frame;
    const length = facts.version === 4 ? 8 : (parseRequest5(bytes, 0, held.length)?.length ?? Infinity);
    if (held.length < length) return false;
    held.consume(length);
    const granted = facts.reply === (facts.version === 4 ? 90 : 0);
    if (granted && facts.command === 1) this.#openTunnel();
    else this.#over();
    return false;
  }

  #noAnswer(): boolean {
    const held = this.#held[1];
    this.#state = "strange";
    this.facts.answerFrame = held.frame;
    this.#strange(held.bytes, 0, held.length);
    this.#held[0].clear();
    held.clear();
    return false;
  }

  #strange(bytes: Uint8Array, start: number, end: number): void {
    noteStrangeAnswer(this.facts, bytes, start, end);
    if (!wantsStrangeAnswer(this.facts)) this.#state = "over";
  }

  #openTunnel(): void {
    this.#state = "tunnel";
    const inner = new InnerLayer(this.#context.openInner(), this.#context.moment);
    this.#inner = inner;
    inner.begin(0, 0, this.#held[0]);
    inner.begin(1, this.#serverMissing, this.#held[1]);
    inner.tellEnds(this.#ended);
  }

  #over(): void {
    this.#state = "over";
    this.#held[0].clear();
    this.#held[1].clear();
  }

  #giveUp(code: ProblemCode, detail: string): void {
    this.#over();
    this.#context.problem("socks", code, detail);
  }

  #demand(direction: Direction): Demand {
    if (this.#inner !== undefined) return this.#inner.demand(direction);
    if (this.#state === "over") return Demand.Skip;
    return this.#state === "strange" && direction === 0 ? Demand.Skip : Demand.More;
  }
}
