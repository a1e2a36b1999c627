import type { HttpExchange } from "../../src/protocol/exchange.ts";

/** A GET that was answered 200, but for what is given: the target with its host as an absolute URL. */
export function exchange(url: string, overrides: Partial<HttpExchange> = {}): HttpExchange {
  const { host, pathname, search } = new URL(url);
  return {
    method: "GET",
    requestTarget: pathname + search,
    form: "origin",
    host,
    version: "HTTP/2",
    requestFrame: 1,
    requestSeconds: 0,
    requestNanoseconds: 0,
    responseFrame: 2,
    responseSeconds: 0,
    responseNanoseconds: 0,
    status: 200,
    requestBytes: 0,
    responseBytes: 0,
    ...overrides,
  };
}
