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
 * Invariant: `#queue` from `#next` on holds the requests without a final answer, in the order sent: answers come in that
 * order (RFC 9112 §9.3).
 */
export class ExchangeLog {
  readonly #facts: HttpFacts;
  readonly #notes: ExchangeNotes;
  #queue: Pending[] = [];
  #next = 0;

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

  answer(pending: Pending, head: ResponseHead, at: Stamp): void {
    this.#notes.answer(pending.exchange, head, at);
    if (pending !== this.waiting) return;
    this.#next++;
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
