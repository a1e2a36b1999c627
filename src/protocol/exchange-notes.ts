import { limits } from "../limits.ts";
import type { DecoderContext } from "./layer.ts";
import type { ExchangeFacts, HttpExchange } from "./exchange.ts";
import type { Fields } from "./http-fields.ts";

/** When a message began: the frame of its first byte and its time. */
export interface Stamp {
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** What a request says before its content, in the words of any HTTP version. */
export interface RequestHead {
  readonly method: string;
  /** Userinfo cut out. */
  readonly target: string;
  readonly form: HttpExchange["form"];
  /** Authority of the target, else the Host field. */
  readonly host?: string;
  /** `:scheme` of HTTP/2. */
  readonly scheme?: string;
  readonly version: string;
  readonly fields: Fields;
}

/** What an answer says before its content. */
export interface ResponseHead {
  readonly version: string;
  /** Absent where the compression of HTTP/2 hides it. */
  readonly status?: number;
  readonly reason?: string;
  readonly fields: Fields;
}

/**
 * Writes requests and answers into the facts, under the caps on their number and on their text.
 *
 * Invariant: that something is beyond a cap is said once, in a Problem.
 */
export class ExchangeNotes {
  readonly #facts: ExchangeFacts;
  readonly #context: DecoderContext;
  #textLeft: number = limits.httpTextTotal;
  #full = false;

  constructor(facts: ExchangeFacts, context: DecoderContext) {
    this.#facts = facts;
    this.#context = context;
  }

  /** Puts the exchange into the facts, `behind` so many of them. Returns false at a cap, where it is left out. */
  keep(exchange: HttpExchange, behind = this.#facts.exchanges.length): boolean {
    const { exchanges } = this.#facts;
    if (exchanges.length < limits.httpExchanges && this.#textLeft >= 0) {
      exchanges.splice(behind, 0, exchange);
      return true;
    }
    if (!this.#full) {
      const detail = `more than ${limits.httpExchanges} exchanges, or ${limits.httpTextTotal} characters of their fields`;
      this.#context.problem(this.#facts.layer, "limit", `${detail}: the rest is left out`);
    }
    this.#full = true;
    return false;
  }

  request(exchange: HttpExchange, head: RequestHead, at: Stamp): void {
    const before = textLength(exchange);
    const last = this.#facts.exchanges.at(-1);
    const { fields } = head;
    exchange.method = head.method;
    exchange.requestTarget = head.target;
    exchange.form = head.form;
    exchange.version = head.version;
    exchange.requestFrame = at.frame;
    exchange.requestSeconds = at.seconds;
    exchange.requestNanoseconds = at.nanoseconds;
    if (head.scheme !== undefined) exchange.scheme = head.scheme;
    if (head.host !== undefined) exchange.host = shared(head.host, last?.host);
    if (fields.userAgent !== undefined) exchange.userAgent = shared(fields.userAgent, last?.userAgent);
    if (fields.accept !== undefined) exchange.accept = shared(fields.accept, last?.accept);
    if (fields.proxyAuthorization !== undefined) exchange.proxyAuthorization = fields.proxyAuthorization;
    if (fields.authorization !== undefined) exchange.authorization = fields.authorization;
    if (fields.cookie !== undefined) exchange.cookie = fields.cookie;
    this.#textLeft -= textLength(exchange) - before;
  }

  answer(exchange: HttpExchange, head: ResponseHead, at: Stamp): void {
    const before = textLength(exchange);
    const { fields } = head;
    if (exchange.version === "") exchange.version = head.version;
    exchange.responseFrame = at.frame;
    exchange.responseSeconds = at.seconds;
    exchange.responseNanoseconds = at.nanoseconds;
    if (head.status !== undefined) exchange.status = head.status;
    if (head.reason !== undefined) exchange.reason = head.reason;
    if (fields.location !== undefined) exchange.location = fields.location;
    if (fields.contentType !== undefined) exchange.contentType = fields.contentType;
    if (fields.contentEncoding !== undefined) exchange.contentEncoding = fields.contentEncoding;
    if (fields.server !== undefined) exchange.server = fields.server;
    if (fields.via !== undefined) exchange.via = fields.via;
    if (fields.challenges.length > 0) exchange.challenges = fields.challenges;
    this.#textLeft -= textLength(exchange) - before;
  }
}

/** An exchange of which nothing is known. */
export function emptyExchange(): HttpExchange {
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
  const { method, requestTarget, host, userAgent, accept, reason, location, contentType } = exchange;
  const { contentEncoding, server, via } = exchange;
  let length = method.length + requestTarget.length;
  for (const text of [host, userAgent, accept, reason, location, contentType, contentEncoding, server, via]) {
    length += text?.length ?? 0;
  }
  return length;
}
