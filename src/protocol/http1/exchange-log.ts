import { limits } from "../../limits.ts";
import { distance } from "../../stream/sequence.ts";
import type { HttpExchange } from "../exchange.ts";
import { emptyExchange, ExchangeNotes, type RequestHead, type ResponseHead, type Stamp } from "../exchange-notes.ts";
import type { DecoderContext } from "../layer.ts";
import type { HttpFacts } from "./facts.ts";
import type { StatusHead } from "./head.ts";

/** A request and whatever decides how its answer is read. */
export interface Pending {
  exchange: HttpExchange;
  /** Whether it stands in the facts; beyond the cap it is left out. */
  readonly kept: boolean;
  /** Upgrade field of the request. */
  readonly upgrade?: string;
  /** How much of the server's bytes the client had when it asked; absent where the request was not seen. */
  readonly acknowledgment?: number;
  /** Sequence number behind the request; absent while more of it is to come. */
  sequenceEnd?: number;
}

/** When a head began, and what its segment acknowledges of the other direction. */
interface AcknowledgingStamp extends Stamp {
  readonly acknowledgment: number;
}

/**
 * Notes requests and their answers in the facts.
 *
 * Where all bytes were captured, answers come in the order of the requests (RFC 9112 §9.3). Where some are missing, numbers
 * decide: the segment that begins an answer acknowledges what its server had read then. Of a client that waits for each
 * answer before it asks on, that is all up to the end of the request that is answered, and no other.
 *
 * Invariants: `#queue` from `#next` on holds the requests without a final answer, in the order sent. `#unasked` has the
 * answers whose requests were not seen yet, by what they acknowledge. `#pipelines` once a request was sent before an
 * answer to the one before it, or two answers acknowledge the same: then only order tells, and nothing where bytes are
 * missing, so that `#joined`, requests whose answers were found by numbers, are parted from them again.
 */
export class ExchangeLog {
  readonly #facts: HttpFacts;
  readonly #notes: ExchangeNotes;
  #queue: Pending[] = [];
  #next = 0;
  readonly #unasked = new Map<number, HttpExchange>();
  #pipelines = false;
  #joined: Pending[] = [];
  #lastAsked: number | undefined;
  #lastAnswered: number | undefined;

  constructor(facts: HttpFacts, context: DecoderContext) {
    this.#facts = facts;
    this.#notes = new ExchangeNotes(facts, context);
  }

  /** Whether the client already had what ends there when it sent the request that waits. */
  isAskedAfter(sequenceEnd: number): boolean {
    const acknowledgment = this.waiting?.acknowledgment;
    return acknowledgment !== undefined && distance(sequenceEnd, acknowledgment) >= 0;
  }

  /** The oldest request without a final answer. */
  get waiting(): Pending | undefined {
    return this.#queue[this.#next];
  }

  /** Requests that wait are at their cap: no more can be matched. */
  get full(): boolean {
    return this.#queue.length - this.#next >= limits.httpExchanges;
  }

  request(head: RequestHead, at: AcknowledgingStamp): Pending {
    const exchange = emptyExchange();
    this.#notes.request(exchange, head, at);
    const { acknowledgment } = at;
    const pending: Pending = { ...this.#keep(exchange, head.fields.upgrade), acknowledgment };
    this.#queue.push(pending);
    if (acknowledgment === this.#lastAsked) this.#foundPipelining();
    this.#lastAsked = acknowledgment;
    return pending;
  }

  /** The last request ended there. Its answer may have been seen before it, where bytes are missing. */
  requestEnds(pending: Pending, sequenceEnd: number): void {
    pending.sequenceEnd = sequenceEnd;
    const answer = this.#unasked.get(sequenceEnd);
    if (answer === undefined || this.#pipelines || pending !== this.#queue.at(-1)) return;
    const { exchanges } = this.#facts;
    if (!pending.kept || pending.exchange.method === "CONNECT" || pending.upgrade !== undefined) return;
    exchanges.splice(exchanges.indexOf(pending.exchange), 1);
    takeRequest(pending.exchange, answer);
    this.#unasked.delete(sequenceEnd);
    this.#queue.pop();
    pending.exchange = answer;
    this.#joined.push(pending);
  }

  /** An answer whose request was not seen yet: it stands before what was asked later. */
  unasked({ frame, acknowledgment }: AcknowledgingStamp): Pending {
    const { exchanges } = this.#facts;
    let behind = exchanges.length;
    while (behind > 0 && exchanges[behind - 1].requestFrame > frame) behind--;
    const pending = this.#keep(emptyExchange(), undefined, behind);
    if (this.#unasked.has(acknowledgment)) this.#foundPipelining();
    else if (pending.kept) this.#unasked.set(acknowledgment, pending.exchange);
    return pending;
  }

  /** A CONNECT that was not seen and whose answer is to come. */
  missedConnect(): Pending {
    const exchange = emptyExchange();
    exchange.method = "CONNECT";
    exchange.form = "authority";
    const pending = this.#keep(exchange, undefined);
    this.#queue.push(pending);
    return pending;
  }

  /** A CONNECT that was refused for want of credentials and asked again unseen: only a tunnel follows with success. */
  repeatedConnect(status: number): Pending | undefined {
    const refused = this.#facts.exchanges.at(-1);
    if (refused?.method !== "CONNECT" || refused.status !== 407 || status < 200 || status > 299) return undefined;
    const pending = this.missedConnect();
    pending.exchange.requestTarget = refused.requestTarget;
    return pending;
  }

  /**
   * Passes over the requests that were answered in bytes that are missing. Returns how many; `waiting` is next, if it is
   * answered with that acknowledgment.
   */
  passOver(acknowledgment: number): number {
    const from = this.#next;
    while (this.waiting?.sequenceEnd !== undefined && distance(this.waiting.sequenceEnd, acknowledgment) > 1)
      this.#next++;
    return this.#next - from;
  }

  /** The request that waits, if it is the only one that an answer with that acknowledgment can belong to. */
  join(acknowledgment: number): Pending | undefined {
    const pending = this.waiting;
    if (pending?.sequenceEnd === undefined || this.#pipelines) return undefined;
    // A FIN behind the request counts as one.
    const beyond = distance(pending.sequenceEnd, acknowledgment);
    if (beyond !== 0 && beyond !== 1) return undefined;
    if (pending.kept) this.#joined.push(pending);
    return pending;
  }

  /** An answer before the final one, which nobody but Go takes for the last word, and Go of CONNECT alone. */
  interim({ status, reason = "" }: StatusHead, frame: number): void {
    const exchange = this.waiting?.exchange;
    if (exchange?.method === "CONNECT") exchange.interim ??= { status, reason, frame };
  }

  answer(pending: Pending, head: ResponseHead, at: AcknowledgingStamp): void {
    this.#notes.answer(pending.exchange, head, at);
    /* Of a client that waits each answer acknowledges one request more. */
    if (at.acknowledgment === this.#lastAnswered) this.#foundPipelining();
    this.#lastAnswered = at.acknowledgment;
    if (pending !== this.waiting) return;
    if (++this.#next < 256) return;
    this.#queue = this.#queue.slice(this.#next);
    this.#next = 0;
  }

  #foundPipelining(): void {
    this.#pipelines = true;
    for (const pending of this.#joined) this.#part(pending);
    this.#joined = [];
  }

  /** The answer stays where it is, for its content may still be read; what was asked stands alone before it. */
  #part(pending: Pending): void {
    const { exchange } = pending;
    if (exchange.method === "CONNECT" || pending.upgrade !== undefined) return;
    pending.exchange = emptyExchange();
    takeRequest(exchange, pending.exchange);
    takeRequest(emptyExchange(), exchange);
    for (const field of requestFields) Reflect.deleteProperty(exchange, field);
    this.#notes.keep(pending.exchange, this.#facts.exchanges.indexOf(exchange));
  }

  #keep(exchange: HttpExchange, upgrade: string | undefined, behind?: number): Pending {
    const kept = this.#notes.keep(exchange, behind);
    return { exchange, kept, ...(upgrade !== undefined && { upgrade }) };
  }
}

/** Moves what is said of a request to an exchange that knows its answer. */
function takeRequest(from: HttpExchange, to: HttpExchange): void {
  const { method, requestTarget, form, version, requestFrame, requestSeconds, requestNanoseconds, requestBytes } = from;
  Object.assign(to, { method, requestTarget, form, version });
  Object.assign(to, { requestFrame, requestSeconds, requestNanoseconds, requestBytes });
  for (const field of requestFields) if (from[field] !== undefined) Object.assign(to, { [field]: from[field] });
}

const requestFields = ["host", "userAgent", "accept", "proxyAuthorization", "authorization", "cookie"] as const;
