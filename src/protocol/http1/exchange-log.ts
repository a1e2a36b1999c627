import { limits } from "../../limits.ts";
import type { HttpExchange } from "../exchange.ts";
import { emptyExchange, ExchangeNotes, type RequestHead, type ResponseHead, type Stamp } from "../exchange-notes.ts";
import type { DecoderContext } from "../layer.ts";
import type { HttpFacts } from "./facts.ts";

/** A request and whatever decides how its answer is read. */
export interface Pending {
  readonly exchange: HttpExchange;
  /** Whether it stands in the facts; beyond the cap it is only counted. */
  readonly kept: boolean;
  /** Upgrade field of the request. */
  readonly upgrade?: string;
  /** Requests may be missing behind this one. */
  followedByLoss?: boolean;
}

/**
 * Notes requests and their answers in the facts.
 *
 * Invariants: `#queue` from `#next` on holds the requests without a final answer, in the order sent: answers come in that
 * order (RFC 9112 §9.3). `#pipelined` once a request was sent before the answer to the one before it. `#doubtful` is the
 * last request as long as its answer might be that of a request missing behind it.
 */
export class ExchangeLog {
  readonly #facts: HttpFacts;
  readonly #notes: ExchangeNotes;
  #queue: Pending[] = [];
  #next = 0;
  #pipelined = false;
  #last: Pending | undefined;
  #doubtful: Pending | undefined;

  constructor(facts: HttpFacts, context: DecoderContext) {
    this.#facts = facts;
    this.#notes = new ExchangeNotes(facts, context);
  }

  /** The oldest request without a final answer. */
  get waiting(): Pending | undefined {
    return this.#queue[this.#next];
  }

  /** Requests that wait are at their cap: no more can be matched. */
  get full(): boolean {
    return this.#queue.length - this.#next >= limits.httpExchanges;
  }

  request(head: RequestHead, at: Stamp): Pending {
    const exchange = emptyExchange();
    this.#notes.request(exchange, head, at);
    const pending = this.#keep(exchange, head.fields.upgrade);
    this.#queue.push(pending);
    this.#last = pending;
    this.#doubtful = undefined;
    return pending;
  }

  /** Requests may be missing behind the last one: the answer that it was given with doubt is taken from it. */
  loseRequests(): void {
    if (this.#last !== undefined) this.#last.followedByLoss = true;
    const doubtful = this.#doubtful;
    this.#doubtful = undefined;
    if (doubtful === undefined) return;
    const { exchanges } = this.#facts;
    const index = exchanges.indexOf(doubtful.exchange);
    if (index >= 0) exchanges.splice(index, 0, takeRequest(doubtful.exchange));
  }

  /** The answer to come may be that of a request missing behind this one: neither can be told. */
  passOver(): void {
    this.#next++;
  }

  /** An answer of that frame whose request was not seen: it stands before what was asked later. */
  unasked(frame: number): Pending {
    const { exchanges } = this.#facts;
    let behind = exchanges.length;
    while (behind > 0 && exchanges[behind - 1].requestFrame > frame) behind--;
    return this.#keep(emptyExchange(), undefined, behind);
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

  /**
   * Passes over the requests that were answered in bytes that are missing, so that the last one sent before the frame is
   * next: a client that does not pipeline has then heard of the others. Returns how many, or -1 where the client
   * pipelines, so that it cannot be told.
   */
  skipTo(frame: number): number {
    const queue = this.#queue;
    let last = this.#next;
    while (last + 1 < queue.length && queue[last + 1].exchange.requestFrame < frame) {
      if (queue[last + 1].exchange.requestFrame === queue[last].exchange.requestFrame) this.#pipelined = true;
      last++;
    }
    const skipped = last - this.#next;
    if (skipped > 0 && this.#pipelined) return -1;
    this.#next = last;
    return skipped;
  }

  /** `doubtful`: answers are missing before this one. */
  answer(pending: Pending, head: ResponseHead, at: Stamp, doubtful = false): void {
    if (doubtful && pending === this.#last) this.#doubtful = pending;
    this.#notes.answer(pending.exchange, head, at);
    if (pending !== this.waiting) return;
    this.#next++;
    if (this.waiting !== undefined && this.waiting.exchange.requestFrame < at.frame) this.#pipelined = true;
    if (this.#next < 256) return;
    this.#queue = this.#queue.slice(this.#next);
    this.#next = 0;
  }

  #keep(exchange: HttpExchange, upgrade: string | undefined, behind?: number): Pending {
    const kept = this.#notes.keep(exchange, behind);
    return { exchange, kept, ...(upgrade !== undefined && { upgrade }) };
  }
}

/** Moves the request into an exchange of its own. What it leaves is an answer whose request is not known. */
function takeRequest(from: HttpExchange): HttpExchange {
  const { method, requestTarget, form, version, requestFrame, requestSeconds, requestNanoseconds, requestBytes } = from;
  const { host, userAgent, accept, proxyAuthorization, authorization } = from;
  const asked: HttpExchange = { ...emptyExchange(), method, requestTarget, form, version, requestBytes };
  Object.assign(asked, { requestFrame, requestSeconds, requestNanoseconds });
  Object.assign(from, { method: "", requestTarget: "", form: "origin", requestBytes: 0 });
  Object.assign(from, { requestFrame: 0, requestSeconds: 0, requestNanoseconds: 0 });
  if (host !== undefined) asked.host = host;
  if (userAgent !== undefined) asked.userAgent = userAgent;
  if (accept !== undefined) asked.accept = accept;
  if (proxyAuthorization !== undefined) asked.proxyAuthorization = proxyAuthorization;
  if (authorization !== undefined) asked.authorization = authorization;
  delete from.host;
  delete from.userAgent;
  delete from.accept;
  delete from.proxyAuthorization;
  delete from.authorization;
  return asked;
}
