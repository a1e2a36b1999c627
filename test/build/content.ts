import type { ContentSink, ContentWatch } from "../../src/protocol/content.ts";
import type { ContentFacts, HttpExchange } from "../../src/protocol/exchange.ts";

/** Keeps the content of every answer: what a watch must be given, and only that. */
export class KeepingWatch implements ContentWatch {
  readonly asked: string[] = [];

  watch(exchange: HttpExchange): ContentSink {
    this.asked.push(`${exchange.requestTarget} ${exchange.status}`);
    return new KeepingSink();
  }
}

class KeepingSink implements ContentSink {
  readonly #pieces: Buffer[] = [];
  #ends = 0;

  onContent(bytes: Uint8Array, start: number, end: number): void {
    if (this.#ends > 0) throw new Error("content behind its end");
    this.#pieces.push(Buffer.from(bytes.slice(start, end)));
  }

  onContentEnd(complete: boolean): ContentFacts {
    if (++this.#ends > 1) throw new Error("two ends of one content");
    const kept = Uint8Array.from(Buffer.concat(this.#pieces));
    return { complete, bytes: kept.length, kept };
  }
}

/** What came of the content of each exchange: its text, and `…` where it is not complete; undefined where not watched. */
export function contents(exchanges: readonly HttpExchange[]): (string | undefined)[] {
  return exchanges.map(({ content }) => {
    if (content === undefined) return undefined;
    return Buffer.from(content.kept!).toString("latin1") + (content.complete ? "" : "…");
  });
}
