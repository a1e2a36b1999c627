import type { ExchangeFacts } from "../exchange.ts";

/** An announcement that no further streams are taken. Spec: RFC 9113 §6.8. */
export interface GoAway {
  readonly from: "client" | "server";
  /** The last stream that its sender may have acted on. */
  readonly lastStream: number;
  /** RFC 9113 §7. */
  readonly code: number;
  readonly frame: number;
}

/** HTTP/2 on a flow. */
export interface Http2Facts extends ExchangeFacts {
  readonly layer: "http2";
  readonly goAways: GoAway[];
}
