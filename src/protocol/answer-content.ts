/*
 * Invariant: `#sink` is there until the content is over or some of it is missing, and hears of exactly one end.
 */
import type { Moment } from "../stream/consumer.ts";
import type { ContentSink, ContentWatch } from "./content.ts";
import type { HttpExchange } from "./exchange.ts";

/** The content of one answer: counted, and given to whoever watches it. */
export class AnswerContent {
  readonly #exchange: HttpExchange;
  #sink: ContentSink | undefined;
  #over = false;

  /** `watch` is asked for the exchange, whose head must be noted. */
  constructor(exchange: HttpExchange, watch: ContentWatch | undefined) {
    this.#exchange = exchange;
    this.#sink = watch?.watch(exchange);
  }

  take(bytes: Uint8Array, start: number, end: number): void {
    this.#exchange.responseBytes += end - start;
    this.#sink?.onContent(bytes, start, end);
  }

  /** Content that the capture lacks. */
  lose(length: number): void {
    this.#exchange.responseBytes += length;
    this.#close(false);
  }

  /** The end of the content. `whole` is false where it contradicts what was said of its length. */
  end(frame: number, moment: Moment, whole = true): void {
    if (this.#over) return;
    this.#over = true;
    this.#exchange.endFrame = frame;
    this.#exchange.endSeconds = moment.seconds;
    this.#exchange.endNanoseconds = moment.nanoseconds;
    this.#close(whole);
  }

  /** No more of it will come. */
  abandon(): void {
    this.#over = true;
    this.#close(false);
  }

  #close(complete: boolean): void {
    const sink = this.#sink;
    this.#sink = undefined;
    if (sink !== undefined) this.#exchange.content = sink.onContentEnd(complete);
  }
}
