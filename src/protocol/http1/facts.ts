import type { HttpExchange } from "../exchange.ts";

/** HTTP/1 on a flow. */
export interface HttpFacts {
  readonly layer: "http1";
  exchanges: HttpExchange[];
  /** Exchanges beyond the cap. */
  uncounted: number;
  /** Index in `exchanges` of the CONNECT (or Upgrade) that was granted: what follows is another layer. */
  tunnel?: number;
  /** The first bytes were an answer, or the requests are missing: only one direction or a late start. */
  partial: boolean;
  /** Bytes could no longer be told apart (loss, damage); counted from there on. */
  opaque: boolean;
  /** A server's answer that is no HTTP although the request was: its first bytes as text, at most 32. Untrusted. */
  strangeAnswer?: string;
}
