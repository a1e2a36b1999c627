/*
 * Invariants:
 * - Each direction is in one state; `tunnel` is entered by both at once, `opaque` never left.
 * - The client's direction is `waiting` from a CONNECT or Upgrade until its answer: what comes then is the next request
 *   or the tunnel's, and is held until the answer says which.
 * - Answers before any request that could be theirs are held in `#early`: captures show them in that order, too.
 */
import { MalformedError } from "../../bytes/malformed.ts";
import { limits } from "../../limits.ts";
import type { ProblemCode } from "../../problem.ts";
import { Demand, type Direction, type EndReason } from "../../stream/consumer.ts";
import { AnswerContent } from "../answer-content.ts";
import { HeldBytes } from "../held.ts";
import { InnerLayer } from "../inner-layer.ts";
import type { Decoder, DecoderContext, NamedProtocol } from "../layer.ts";
import { noteStrangeAnswer, wantsStrangeAnswer } from "../strange-answer.ts";
import { answerFraming, requestFraming } from "./body.ts";
import { detectRequest } from "./detect.ts";
import { ExchangeLog, type Pending } from "./exchange-log.ts";
import type { HttpFacts } from "./facts.ts";
import { lineRest, mayBeResponse, parseRequestHead, parseResponseHead, upgradedTo, type StatusHead } from "./head.ts";
import { skipEmptyLines } from "./head-reader.ts";
import { Side } from "./side.ts";

/**
 * HTTP/1.0 and 1.1: requests and answers of one connection, up to a tunnel if there is one.
 *
 * Spec: RFC 9112, RFC 9110. Content of requests is counted only, that of answers also given to whoever watches it.
 */
export class Http1Decoder implements Decoder {
  readonly facts: HttpFacts = { layer: "http1", exchanges: [] };
  readonly #context: DecoderContext;
  readonly #log: ExchangeLog;
  readonly #client = new Side();
  readonly #server = new Side();
  readonly #sides = [this.#client, this.#server] as const;
  /** The request read last. */
  #asked: Pending | undefined;
  /** Content of the answer being read. */
  #content: AnswerContent | undefined;
  readonly #held = new HeldBytes(limits.tunnelHeld);
  readonly #early = new HeldBytes(limits.detection);
  #inner: InnerLayer | undefined;
  #answers = 0;
  /** The answer that comes next was heard before the request that waits was sent: a 408, mostly. RFC 9112 §9.5. */
  #answersNothing = false;
  /** Whole messages may be missing: the order no longer tells which request is answered. */
  #lossy: boolean;

  /** `connectMissed`: the capture begins between a CONNECT and its answer. `joinedLate`: behind the first request. */
  constructor(context: DecoderContext, { connectMissed = false, joinedLate = false } = {}) {
    this.#context = context;
    this.#log = new ExchangeLog(this.facts, context);
    this.#lossy = joinedLate;
    if (!connectMissed) return;
    this.#asked = this.#log.missedConnect();
    this.#client.state = "waiting";
    context.stage("proxy");
  }

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    this.#sides[direction].seen = true;
    try {
      if (direction === 0) this.#readClient(bytes, start, end, frame);
      else this.#readServer(bytes, start, end, frame);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      const from = direction === 0 ? "request" : "answer";
      const code = error.code === "too-large" ? "message-too-large" : "malformed";
      this.#giveUp(direction, code, `${from}: ${error.message}`);
    }
    if (direction === 0 && this.#early.length > 0) this.#releaseEarly();
    return this.#demand(direction);
  }

  onGap(direction: Direction, length: number): Demand {
    const side = this.#sides[direction];
    // Missing bytes have been waited for, and the answer with them: what is held has to be told before them.
    if (direction === 0) this.#assumeTunnel(true);
    if (this.#inner !== undefined) return this.#inner.onGap(direction, length);
    if (side.state === "opaque" || side.state === "strange") return Demand.Skip;
    if (side.state === "body" && side.body.skipMissing(length)) {
      if (direction === 1) this.#content?.lose(length);
      this.#afterContent(direction, this.#context.moment.frame);
    } else if (side.isBetweenMessages(length)) {
      this.#loseBetween(direction, length);
    } else if (side.state === "waiting" && this.#held.length === 0) {
      this.#client.missing += length;
    } else {
      this.#loseInside(direction, length);
    }
    if (direction === 1) this.#assumeTunnel();
    return this.#demand(direction);
  }

  onEnd(direction: Direction, reason: EndReason): void {
    this.#sides[direction].ended = reason;
    if (this.#inner !== undefined) {
      this.#inner.onEnd(direction, reason);
      return;
    }
    if (this.#client.ended !== undefined && this.#server.ended !== undefined) {
      if (this.#early.length > 0) this.#releaseUnasked();
      this.#assumeTunnel();
      for (const { head } of this.#sides) head.clear();
      this.#held.clear();
    }
    if (this.#server.ended !== undefined && this.#early.length === 0) this.#endContent(this.#server.ended);
  }

  #readClient(bytes: Uint8Array, start: number, end: number, frame: number): void {
    let at = start;
    while (at < end) {
      switch (this.#client.state) {
        case "head":
          if (this.#client.missing > 0 && !this.#resumesRequests(bytes, at, end)) return;
          at = this.#client.head.read(bytes, at, end, frame, this.#context.moment);
          if (this.#client.head.complete) this.#request(frame);
          break;
        case "body":
          at = this.#client.body.read(bytes, at, end);
          this.#afterContent(0, frame);
          break;
        case "waiting":
          if (this.#holds(bytes, at, end, frame)) return;
          break;
        case "tunnel":
          this.#inner!.onData(0, bytes, at, end, frame);
          return;
        default:
          return;
      }
    }
  }

  /** Behind missing bytes only what is a request for sure is read. */
  #resumesRequests(bytes: Uint8Array, start: number, end: number): boolean {
    const missing = this.#client.missing;
    this.#client.missing = 0;
    if (detectRequest(bytes, skipEmptyLines(bytes, start, end), end) !== "no") return true;
    this.#giveUp(0, "bytes-lost", `what follows ${missing} missing bytes of the client is no request`);
    return false;
  }

  /** Returns false where the bytes are to be read instead, because no answer will decide what they are. */
  #holds(bytes: Uint8Array, start: number, end: number, frame: number): boolean {
    const held = this.#held.hold(bytes, start, end, frame, this.#context.moment);
    this.#assumeTunnel(!held);
    return held;
  }

  #request(frame: number): void {
    const reader = this.#client.head;
    const head = parseRequestHead(reader.bytes, reader.start, reader.end);
    reader.clear();
    if (this.#log.full) {
      this.#giveUp(0, "limit", `${limits.httpExchanges} requests without an answer: the rest is not looked at`);
      return;
    }
    const connect = head.method === "CONNECT";
    const pending = this.#log.request(head, reader);
    if (connect || head.form === "absolute") this.#context.stage("proxy");
    if (!connect) this.#context.stage("http");
    this.#asked = pending;
    this.#client.body.begin(requestFraming(head));
    this.#client.state = "body";
    this.#afterContent(0, frame);
  }

  /** Counts what was passed of a request's content, and goes on to the next message behind content that is done. */
  #afterContent(direction: Direction, frame: number): void {
    const side = this.#sides[direction];
    const asked = this.#asked;
    if (direction === 0 && asked !== undefined) asked.exchange.requestBytes = side.body.content;
    if (!side.body.done) return;
    if (direction === 0 && asked !== undefined) this.#log.requestEnds(asked, this.#context.moment.sequenceEnd);
    if (direction === 1) this.#content?.end(frame, this.#context.moment);
    const switches = asked?.exchange.method === "CONNECT" || asked?.upgrade !== undefined;
    // The answer may be there already: an Upgrade refused before the request's content was complete.
    const unanswered = asked?.exchange.status === undefined;
    side.state = direction === 0 && switches && unanswered ? "waiting" : "head";
  }

  /** Content that ends with the connection is over when the server closes in order, and cut short by anything else. */
  #endContent(reason: EndReason): void {
    const closes = this.#server.state === "body" && this.#server.body.untilClose && reason === "fin";
    if (closes) this.#content?.end(this.#context.moment.frame, this.#context.moment);
    else this.#content?.abandon();
  }

  #readServer(bytes: Uint8Array, start: number, end: number, frame: number): void {
    let at = start;
    while (at < end) {
      switch (this.#server.state) {
        case "head":
          if (this.#isEarly() && this.#early.hold(bytes, at, end, frame, this.#context.moment)) return;
          if (this.#isEarly()) this.#releaseUnasked();
          else at = this.#answerHead(bytes, at, end, frame);
          break;
        case "body":
          at = this.#server.body.read(bytes, at, end, this.#content);
          this.#afterContent(1, frame);
          break;
        case "strange":
          this.#strange(bytes, at, end);
          return;
        case "tunnel":
          this.#inner!.onData(1, bytes, at, end, frame);
          return;
        default:
          return;
      }
    }
  }

  #isEarly(): boolean {
    if (this.#lossy || this.#log.waiting !== undefined) return false;
    return this.#server.head.gathered === 0 && this.#client.state !== "opaque";
  }

  #answerHead(bytes: Uint8Array, start: number, end: number, frame: number): number {
    const reader = this.#server.head;
    const before = reader.gathered;
    const first = before === 0 ? skipEmptyLines(bytes, start, end) : start;
    if (!mayBeResponse(bytes, first, end, Math.min(before, 7))) {
      this.#noAnswer(reader.peek());
      return first;
    }
    const at = reader.read(bytes, start, end, frame, this.#context.moment);
    if (reader.complete) {
      const head = parseResponseHead(reader.bytes, reader.start, reader.end);
      reader.clear();
      this.#answer(head, frame);
    }
    return at;
  }

  #noAnswer(gathered: Uint8Array): void {
    const { waiting } = this.#log;
    if (this.#server.missing > 0) {
      this.#giveUp(1, "bytes-lost", `${this.#server.missing} bytes of the server's answers are missing`);
      return;
    }
    if (waiting === undefined || (this.#answers > 0 && waiting.exchange.method !== "CONNECT")) {
      throw new MalformedError("bad-value", 0, "status-line");
    }
    this.#server.state = "strange";
    this.#strange(gathered, 0, gathered.length);
    this.#server.head.clear();
    if (this.#client.state === "waiting") this.#client.state = "opaque";
    this.#held.clear();
  }

  #strange(bytes: Uint8Array, start: number, end: number): void {
    noteStrangeAnswer(this.facts, bytes, start, end);
    if (!wantsStrangeAnswer(this.facts)) this.#server.state = "opaque";
  }

  #answer(head: StatusHead, frame: number): void {
    // RFC 9110 §15.2: interim answers, any number of them; 101 is the last word on an Upgrade.
    if (head.status < 200 && head.status !== 101) {
      this.#log.interim(head, this.#server.head.frame);
      return;
    }
    this.#answers++;
    const asked = this.#answered();
    const pending = asked ?? this.#unasked(head.status);
    this.#log.answer(pending, head, this.#server.head);
    const granted = pending.exchange.method === "CONNECT" && head.status >= 200 && head.status < 300;
    if (granted || head.status === 101) {
      this.#openTunnel(pending, head.status === 101 ? upgradedTo(head.fields.upgrade ?? pending.upgrade) : undefined);
      return;
    }
    const switching = this.#client.state === "waiting" && this.#asked === pending;
    this.#server.body.begin(answerFraming(head, pending.exchange.method));
    const watch = pending.kept && asked !== undefined ? this.#context.content : undefined;
    this.#content = new AnswerContent(pending.exchange, watch);
    this.#server.state = "body";
    this.#afterContent(1, frame);
    if (switching) this.#releaseHeld();
  }

  /** What an answer to a request that was not seen is entered as. */
  #unasked(status: number): Pending {
    const repeated = this.#log.repeatedConnect(status);
    if (repeated === undefined) return this.#log.unasked(this.#server.head);
    // The request is what is missing of the client.
    this.#client.missing = 0;
    return repeated;
  }

  /** The tunnel was refused: what the client sent behind its request are more requests. */
  #releaseHeld(): void {
    this.#client.state = "head";
    if (this.#client.missing > 0)
      this.#giveUp(0, "bytes-lost", `${this.#client.missing} bytes of a request are missing`);
    if (this.#held.length > 0) this.#held.replay(0, this, this.#context.moment);
  }

  #releaseEarly(): void {
    if (this.#log.waiting === undefined && this.#client.state !== "opaque") return;
    this.#answersNothing = this.#log.isAskedAfter(this.#early.sequenceEnd);
    this.#early.replay(1, this, this.#context.moment);
  }

  #releaseUnasked(): void {
    this.#lossy = true;
    if (this.#early.length > 0) this.#early.replay(1, this, this.#context.moment);
  }

  /**
   * Takes a CONNECT for granted whose answer the capture lacks, when the client went on with something that is no
   * request.
   */
  #assumeTunnel(full = false): void {
    const pending = this.#asked;
    if (this.#client.state !== "waiting" || this.#held.length === 0 || pending === undefined) return;
    const over = this.#client.ended !== undefined && this.#server.ended !== undefined;
    if (!full && this.#server.missing === 0 && (!over || this.#server.seen)) return;
    const request = detectRequest(this.#held.bytes, 0, this.#held.length) !== "no";
    if (pending.exchange.method !== "CONNECT" || request) {
      this.#releaseHeld();
      return;
    }
    this.#openTunnel(pending, undefined);
    if (this.#server.missing > 0) this.#inner?.onGap(1, this.#server.missing);
  }

  #openTunnel(pending: Pending, named: NamedProtocol | "http2" | undefined): void {
    const inner = new InnerLayer(this.#context.openInner(named, pending.exchange), this.#context.moment);
    this.#inner = inner;
    if (this.#client.state === "opaque") inner.skip(0);
    this.#client.state = "tunnel";
    this.#server.state = "tunnel";
    inner.begin(0, this.#client.missing, this.#held);
    inner.tellEnds([this.#client.ended, this.#server.ended]);
  }

  /** What comes next is read if it is the beginning of a message, and else refused. */
  #loseBetween(direction: Direction, length: number): void {
    const first = !this.#lossy;
    this.#lossy = true;
    const side = this.#sides[direction];
    side.missing = length;
    side.state = "head";
    if (direction === 1) this.#content?.abandon();
    if (this.#early.length > 0) this.#releaseUnasked();
    if (!side.seen) return;
    const from = direction === 0 ? "requests of the client" : "answers of the server";
    const joins = first
      ? ": answers are joined with requests as those of a client that waits for each before it asks on"
      : "";
    this.#context.problem("http1", "bytes-lost", `${length} bytes between the ${from} are missing${joins}`);
  }

  /** The request that is answered now; undefined where it is not known. */
  #answered(): Pending | undefined {
    this.#server.missing = 0;
    if (this.#answersNothing) {
      this.#answersNothing = false;
      return undefined;
    }
    if (!this.#lossy) return this.#log.waiting;
    const { acknowledgment } = this.#server.head;
    const passed = this.#log.passOver(acknowledgment);
    if (passed > 0) this.#context.problem("http1", "bytes-lost", `the answers to ${passed} requests are missing`);
    return this.#log.join(acknowledgment);
  }

  /** Ends the reading of a direction, unless what is missing is the end of a head of a CONNECT, which has no content. */
  #loseInside(direction: Direction, length: number): void {
    const from = direction === 0 ? "client" : "server";
    const detail = `${length} bytes from the ${from} are missing inside a message`;
    if (this.#sides[direction].state === "head") this.#cutHead(direction);
    const state = this.#sides[direction].state;
    if (state === "waiting" || state === "tunnel") {
      this.#context.problem("http1", "bytes-lost", detail);
      // What is left of the head is for the inner layer to pass over.
      if (state === "tunnel") this.#inner?.onGap(direction, length);
      return;
    }
    this.#giveUp(direction, "bytes-lost", detail);
    if (direction === 1) this.#server.missing = length;
  }

  /** Reads the lines that are whole of a head that the capture cut; a status, and what CONNECT asks for, in less. */
  #cutHead(direction: Direction): void {
    const reader = this.#sides[direction].head;
    if (!reader.cutShort(lineRest(reader.peek()))) return;
    try {
      if (direction === 0) this.#request(reader.frame);
      else this.#answer(parseResponseHead(reader.bytes, reader.start, reader.end), reader.frame);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
    reader.clear();
  }

  #giveUp(direction: Direction, code: ProblemCode, detail: string): void {
    this.#sides[direction].turnOpaque();
    if (direction === 0) this.#held.clear();
    else this.#content?.abandon();
    this.#context.problem("http1", code, detail);
  }

  #demand(direction: Direction): Demand {
    if (this.#inner !== undefined) return this.#inner.demand(direction);
    return this.#sides[direction].state === "opaque" ? Demand.Skip : Demand.More;
  }
}
