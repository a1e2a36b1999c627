import { limits } from "../../limits.ts";
import type { HttpExchange } from "../exchange.ts";
import type { HttpFacts } from "./facts.ts";
import type { RequestHead, ResponseHead } from "./head.ts";
import type { Stamp } from "./head-reader.ts";

/** A request and whatever decides how its answer is read. */
export interface Pending {
  readonly exchange: HttpExchange;
  /** Index in the facts; -1 where the exchange is beyond the cap and only counted. */
  readonly index: number;
  /** Upgrade field of the request. */
  readonly upgrade?: string;
}

/**
 * Notes requests and their answers in the facts, under the caps on their number and on their text.
 *
 * Invariant: `#queue` from `#next` on holds the requests without a final answer, in the order sent: answers come in that
 * order (RFC 9112 §9.3).
 */
export class ExchangeLog {
  readonly #facts: HttpFacts;
  #queue: Pending[] = [];
  #next = 0;
  #textLeft: number = limits.httpTextTotal;

  constructor(facts: HttpFacts) {
    this.#facts = facts;
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
    const last = this.#facts.exchanges.at(-1);
    const exchange = emptyExchange();
    exchange.method = head.method;
    exchange.requestTarget = head.target;
    exchange.form = head.form;
    exchange.version = head.version;
    exchange.requestFrame = at.frame;
    exchange.requestSeconds = at.seconds;
    exchange.requestNanoseconds = at.nanoseconds;
    const { fields } = head;
    if (head.host !== undefined) exchange.host = shared(head.host, last?.host);
    if (fields.userAgent !== undefined) exchange.userAgent = shared(fields.userAgent, last?.userAgent);
    if (fields.accept !== undefined) exchange.accept = shared(fields.accept, last?.accept);
    if (fields.proxyAuthorization !== undefined) exchange.proxyAuthorization = fields.proxyAuthorization;
    if (fields.authorization !== undefined) exchange.authorization = fields.authorization;
    const pending = this.#keep(exchange, fields.upgrade);
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
    const { exchange } = pending;
    const { fields } = head;
    const textBefore = textLength(exchange);
    if (exchange.version === "") exchange.version = head.version;
    exchange.responseFrame = at.frame;
    exchange.responseSeconds = at.seconds;
    exchange.responseNanoseconds = at.nanoseconds;
    exchange.status = head.status;
    exchange.reason = head.reason;
    if (fields.location !== undefined) exchange.location = fields.location;
    if (fields.contentType !== undefined) exchange.contentType = fields.contentType;
    if (fields.server !== undefined) exchange.server = fields.server;
    if (fields.via !== undefined) exchange.via = fields.via;
    if (fields.challenges.length > 0) exchange.challenges = fields.challenges;
    this.#textLeft -= textLength(exchange) - textBefore;
    if (pending !== this.waiting) return;
    this.#next++;
    if (this.#next < 256) return;
    this.#queue = this.#queue.slice(this.#next);
    this.#next = 0;
  }

  #keep(exchange: HttpExchange, upgrade: string | undefined): Pending {
    const { exchanges } = this.#facts;
    this.#textLeft -= textLength(exchange);
    const kept = exchanges.length < limits.httpExchanges && this.#textLeft >= 0;
    if (kept) exchanges.push(exchange);
    else this.#facts.uncounted++;
    return { exchange, index: kept ? exchanges.length - 1 : -1, ...(upgrade !== undefined && { upgrade }) };
  }
}

function emptyExchange(): HttpExchange {
  return {
    method: "",
    requestTarget: "",
    form: "origin",
    version: "",
    requestFrame: 0,
    requestSeconds: 0,
    requestNanoseconds: 0,
    responseFrame: 0,
    responseSeconds: 0,
    responseNanoseconds: 0,
    requestBytes: 0,
    responseBytes: 0,
  };
}

/** The text of the exchange before where it is equal: one string for the same field of all requests. */
function shared(text: string, before: string | undefined): string {
  return text === before ? before : text;
}

function textLength(exchange: HttpExchange): number {
  const { method, requestTarget, host, userAgent, accept, reason, location, contentType, server, via } = exchange;
  let length = method.length + requestTarget.length;
  for (const text of [host, userAgent, accept, reason, location, contentType, server, via]) length += text?.length ?? 0;
  return length;
}
