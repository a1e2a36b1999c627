import type { ContentFacts, HttpExchange } from "./exchange.ts";

/** Takes the content of one answer, transfer coding undone, content coding not. */
export interface ContentSink {
  /** Borrows: the bytes until it returns. */
  onContent(bytes: Uint8Array, start: number, end: number): void;
  /** Once, at the end of the content or when no more of it will come. */
  onContentEnd(complete: boolean): ContentFacts;
}

/** Chooses the answers whose content is looked at: asked once for each, when its head has been read. */
export interface ContentWatch {
  watch(exchange: HttpExchange): ContentSink | undefined;
}

/**
 * Is told which bytes are only counted, what an encrypted connection carries behind its handshake, and of records that
 * were opened: what they held, and where they ended.
 */
export interface CountedBytes {
  /** Borrows: the bytes until it returns. */
  onCounted(bytes: Uint8Array, start: number, end: number): void;
  /** The record that they belong to is over, whose frame may be told. */
  onCountedEnd(): void;
  /** Borrows: the bytes until it returns. What of them is content, `onContent` of its sink gets as the same bytes. */
  onOpened(bytes: Uint8Array, start: number, end: number): void;
  /** Behind the last byte of a record whose content was given on. Borrows: the bytes until it returns. */
  onOpenedEnd(bytes: Uint8Array, end: number, canBeLeftOut: boolean): void;
}
