import { limits } from "../../limits.ts";
import type { HttpExchange } from "../exchange.ts";
import { emptyExchange, ExchangeNotes, type RequestHead, type ResponseHead, type Stamp } from "../exchange-notes.ts";
import type { DecoderContext } from "../layer.ts";
import type { HttpFacts } from "./facts.ts";

/** A request and whatever decides how its answer is read. */
export interface Pending {
  readonly exchange: HttpExchange;
  /** Index in the facts; -1 where the exchange is beyond the cap and only counted. */
  readonly index: number;
  /** Upgrade field of the request. */
  readonly upgrade?: string;
}

/**
 * Notes requests and their answers in the facts.
 *
 * Invariants: `#queue` from `#next` on holds the requests without a final answer, in the order sent: answers come in that
 * order (RFC 9112 §9.3). `#pipelined` once a request was sent before the answer to the one before it.
 */
export class ExchangeLog {
  readonly #facts: HttpFacts;
  readonly #notes: ExchangeNotes;
  #queue: Pending[] = [];
  #next = 0;
  #pipelined = false;

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
    return pending;
  }

  /** An answer whose request was not seen. */
  unasked(): Pending {
    return this.#keep(emptyExchange(), undefined);
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

  answer(pending: Pending, head: ResponseHead, at: Stamp): void {
    this.#notes.answer(pending.exchange, head, at);
    if (pending !== this.waiting) return;
    this.#next++;
    if (this.waiting !== undefined && this.waiting.exchange.requestFrame < at.frame) this.#pipelined = true;
    if (this.#next < 256) return;
    this.#queue = this.#queue.slice(this.#next);
    this.#next = 0;
  }

  #keep(exchange: HttpExchange, upgrade: string | undefined): Pending {
    const kept = this.#notes.keep(exchange);
    const index = kept ? this.#facts.exchanges.length - 1 : -1;
    return { exchange, index, ...(upgrade !== undefined && { upgrade }) };
  }
}
