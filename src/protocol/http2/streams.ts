/*
 * Invariants:
 * - `#open` has the streams whose end was not seen in both directions, oldest first.
 * - The exchanges of the client's streams stand in the facts in the order of their numbers, which is that of the requests.
 * - A stream from `#lowest` to `#highest` that is not open is over; one beyond may have an answer before its request,
 *   because captures show them in that order, too; one before was opened before the capture.
 * - `#leftBehind` has answers that the client wants no more of: what was on its way is counted, and nobody sees it.
 */
import { limits } from "../../limits.ts";
import type { Direction } from "../../stream/consumer.ts";
import { AnswerContent } from "../answer-content.ts";
import type { HttpExchange } from "../exchange.ts";
import { emptyExchange, ExchangeNotes, type Stamp } from "../exchange-notes.ts";
import type { DecoderContext } from "../layer.ts";
import type { Http2Facts } from "./facts.ts";
import type { FieldSection } from "./field-section.ts";

/** One stream while it lasts. */
export interface Stream {
  readonly id: number;
  readonly exchange: HttpExchange;
  /** Its exchange is in the facts, and not left out beyond the cap. */
  kept: boolean;
  /** A final answer was noted. */
  answered: boolean;
  readonly ended: [boolean, boolean];
  content: AnswerContent | undefined;
  /** Content-Length of the answer, where it must be right. */
  announced: number | undefined;
}

/** The streams of one connection and their exchanges. */
export class Streams {
  /** The client cannot be read, or not all of it: requests of answers to come may never be seen. */
  requestsLost = false;
  readonly #context: DecoderContext;
  readonly #facts: Http2Facts;
  readonly #notes: ExchangeNotes;
  readonly #open = new Map<number, Stream>();
  readonly #leftBehind = new Map<number, HttpExchange>();
  #lowest = Infinity;
  #highest = 0;
  #highestPromised = 0;
  #dropped = false;

  constructor(context: DecoderContext, facts: Http2Facts) {
    this.#context = context;
    this.#facts = facts;
    this.#notes = new ExchangeNotes(facts, context);
  }

  at(id: number): Stream | undefined {
    return this.#open.get(id);
  }

  /** The stream that takes so much content; what comes behind the client's RST_STREAM is counted, and nobody's. */
  takes(direction: Direction, id: number, length: number): Stream | undefined {
    const exchange = direction === 1 ? this.#leftBehind.get(id) : undefined;
    if (exchange !== undefined) exchange.responseBytes += length;
    return this.#open.get(id);
  }

  /** Stream 1 of a connection that was upgraded: its request was of HTTP/1. Spec: RFC 7540 §3.2. */
  upgraded(asked: HttpExchange): void {
    const { method, requestTarget, form, host, userAgent, accept } = asked;
    const { requestFrame: frame, requestSeconds: seconds, requestNanoseconds: nanoseconds } = asked;
    const stream = this.#begin(1);
    const fields = { contentLengths: [], transferCodings: [], challenges: [] };
    const texts = { ...(userAgent !== undefined && { userAgent }), ...(accept !== undefined && { accept }) };
    const named = host !== undefined && { host };
    const head = { method, target: requestTarget, form, version: "HTTP/2", fields: { ...fields, ...texts }, ...named };
    this.#notes.request(stream.exchange, head, { frame, seconds, nanoseconds });
    this.#keep(stream);
    this.#asked(1);
    stream.ended[0] = true;
  }

  /** A field section of the client: a request, or the trailers of one. Returns the stream that it opens. */
  request(id: number, section: FieldSection, at: Stamp): Stream | undefined {
    const known = this.#open.get(id);
    if (known === undefined && this.#isOver(id)) return undefined;
    if (known !== undefined && known.exchange.requestFrame > 0) return undefined;
    const stream = known ?? this.#begin(id);
    this.#noteRequest(stream, section, at);
    if (known === undefined) this.#keep(stream);
    this.#asked(id);
    return stream;
  }

  /** A request that the server promises to answer unasked. */
  promise(id: number, section: FieldSection, at: Stamp): void {
    if (id <= this.#highestPromised) return;
    const stream = this.#begin(id);
    this.#noteRequest(stream, section, at);
    this.#keep(stream);
    this.#highestPromised = id;
    stream.ended[0] = true;
  }

  /** A field section of the server: an answer, an interim one, or trailers. Returns the stream that it answers now. */
  answer(id: number, section: FieldSection, at: Stamp): Stream | undefined {
    const known = this.#open.get(id);
    if (known === undefined && this.#isOver(id)) return undefined;
    const stream = known ?? this.#begin(id);
    if (known === undefined) this.#keep(stream);
    if (stream.answered) return undefined;
    const head = section.asResponse();
    this.#sayMalformed(section, `answer on stream ${id}`);
    if (head.status !== undefined && head.status < 200) return undefined;
    const { exchange } = stream;
    this.#notes.answer(exchange, head, at);
    this.#countUnknown(exchange, section);
    stream.answered = true;
    const hasContent = exchange.method !== "HEAD" && head.status !== 204 && head.status !== 304;
    const [length] = head.fields.contentLengths;
    if (hasContent && /^\d{1,15}$/.test(length ?? "")) stream.announced = Number(length);
    return stream;
  }

  /** Counts the answer's content from here on, and gives it to whoever watches it. */
  takeContent(stream: Stream, watched: boolean): void {
    stream.content = new AnswerContent(stream.exchange, watched && stream.kept ? this.#context.content : undefined);
  }

  /** END_STREAM in one direction. */
  end(stream: Stream, direction: Direction, frame: number): void {
    if (direction === 1) {
      const { announced, exchange, content } = stream;
      const whole = announced === undefined || announced === exchange.responseBytes;
      if (!whole) {
        const detail = `content of stream ${stream.id}: ${exchange.responseBytes} bytes, Content-Length ${announced}`;
        this.#context.problem("http2", "malformed", detail);
      }
      content?.end(frame, this.#context.moment, whole);
    }
    stream.ended[direction] = true;
    if (stream.ended[0] && stream.ended[1]) this.#open.delete(stream.id);
  }

  /** RST_STREAM: both directions are over. */
  reset(id: number, direction: Direction, code: number, frame: number): void {
    const stream = this.#open.get(id);
    if (stream === undefined) return;
    stream.exchange.reset = { from: direction === 0 ? "client" : "server", code, frame };
    stream.content?.abandon();
    this.#open.delete(id);
    if (direction === 1 || !stream.answered || stream.ended[1]) return;
    if (this.#leftBehind.size >= limits.http2Streams) this.#leftBehind.delete(this.#leftBehind.keys().next().value!);
    this.#leftBehind.set(id, stream.exchange);
  }

  /** No more of the server will be read. */
  abandonAnswers(): void {
    for (const stream of this.#open.values()) stream.content?.abandon();
  }

  /** The connection is over. */
  close(): void {
    this.abandonAnswers();
    this.#open.clear();
    this.#leftBehind.clear();
  }

  #noteRequest(stream: Stream, section: FieldSection, at: Stamp): void {
    this.#notes.request(stream.exchange, section.asRequest(), at);
    this.#sayMalformed(section, `request of stream ${stream.id}`);
    this.#countUnknown(stream.exchange, section);
  }

  #sayMalformed({ malformed }: FieldSection, what: string): void {
    if (malformed !== undefined) this.#context.problem("http2", "malformed", `${what}: ${malformed}`);
  }

  #countUnknown(exchange: HttpExchange, { unknown }: FieldSection): void {
    if (unknown > 0) exchange.unknownFields = (exchange.unknownFields ?? 0) + unknown;
  }

  #asked(id: number): void {
    this.#lowest = Math.min(this.#lowest, id);
    this.#highest = Math.max(this.#highest, id);
  }

  #isOver(id: number): boolean {
    if (this.#leftBehind.has(id)) return true;
    if (id % 2 === 0) return id <= this.#highestPromised;
    return id >= this.#lowest && id <= this.#highest;
  }

  #begin(id: number): Stream {
    if (this.#open.size >= limits.http2Streams) this.#drop();
    const exchange = emptyExchange();
    exchange.version = "HTTP/2";
    exchange.stream = id;
    const stream: Stream = {
      id,
      exchange,
      kept: false,
      answered: false,
      ended: [this.requestsLost, false],
      content: undefined,
      announced: undefined,
    };
    this.#open.set(id, stream);
    return stream;
  }

  #keep(stream: Stream): void {
    stream.kept = this.#notes.keep(stream.exchange, this.#placeOf(stream.id));
  }

  /** Behind the exchanges of earlier streams of the client. */
  #placeOf(id: number): number {
    const { exchanges } = this.#facts;
    let place = exchanges.length;
    while (id % 2 === 1 && place > 0 && isLater(exchanges[place - 1].stream, id)) place--;
    return place;
  }

  /** Gives the oldest stream up, which is said once. */
  #drop(): void {
    for (const [id, stream] of this.#open) {
      stream.content?.abandon();
      this.#open.delete(id);
      break;
    }
    if (this.#dropped) return;
    this.#dropped = true;
    const detail = `more than ${limits.http2Streams} streams open at a time: the oldest are given up`;
    this.#context.problem("http2", "limit", detail);
  }
}

function isLater(stream: number | undefined, id: number): boolean {
  return stream !== undefined && stream % 2 === 1 && stream > id;
}
