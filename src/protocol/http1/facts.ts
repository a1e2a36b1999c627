import type { ExchangeFacts } from "../exchange.ts";

/** HTTP/1 on a flow. */
export interface HttpFacts extends ExchangeFacts {
  readonly layer: "http1";
  /** A server's answer that is no HTTP although the request was: its first bytes as text, at most 32. Untrusted. */
  strangeAnswer?: string;
}
