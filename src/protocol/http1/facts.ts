import type { ExchangeFacts } from "../exchange.ts";
import type { StrangelyAnswered } from "../strange-answer.ts";

/** HTTP/1 on a flow. */
export interface HttpFacts extends ExchangeFacts, StrangelyAnswered {
  readonly layer: "http1";
}
