import type { HttpExchange } from "../protocol/exchange.ts";
import type { HttpReport } from "./model.ts";
import { timestampText } from "./timestamp.ts";

/** One exchange as reports show it. `scheme` is that of the layer below: TLS or none. */
export function describeHttp(exchange: HttpExchange, scheme: "http" | "https", timed: boolean): HttpReport {
  const path = pathOf(exchange);
  return {
    method: exchange.method,
    requestTarget: exchange.requestTarget,
    ...(exchange.method !== "CONNECT" && { scheme: exchange.form === "absolute" ? schemeOf(exchange) : scheme }),
    ...(exchange.host !== undefined && { host: exchange.host }),
    ...(path !== undefined && { path }),
    ...(exchange.status !== undefined && { status: exchange.status }),
    ...(exchange.reason !== undefined && { reason: exchange.reason }),
    version: exchange.version,
    requestFrame: exchange.requestFrame,
    ...(exchange.responseFrame > 0 && { responseFrame: exchange.responseFrame }),
    ...(timed &&
      exchange.requestFrame > 0 && {
        requestTime: timestampText(exchange.requestSeconds, exchange.requestNanoseconds),
      }),
    ...(timed &&
      exchange.responseFrame > 0 && {
        responseTime: timestampText(exchange.responseSeconds, exchange.responseNanoseconds),
      }),
    requestBytes: exchange.requestBytes,
    responseBytes: exchange.responseBytes,
    ...describeFields(exchange),
  };
}

/** What the fields say, where they stood. */
function describeFields(exchange: HttpExchange): Partial<HttpReport> {
  return {
    ...(exchange.userAgent !== undefined && { userAgent: exchange.userAgent }),
    ...(exchange.accept !== undefined && { accept: exchange.accept }),
    ...(exchange.contentType !== undefined && { contentType: exchange.contentType }),
    ...(exchange.location !== undefined && { redirectTo: exchange.location }),
    ...(exchange.authorization !== undefined && { authorization: exchange.authorization }),
    ...(exchange.challenges !== undefined && { challenges: exchange.challenges }),
  };
}

function schemeOf({ requestTarget }: HttpExchange): "http" | "https" {
  return /^https:/i.test(requestTarget) ? "https" : "http";
}

/** Path with query; undefined for CONNECT and `*`. Spec: RFC 9112 §3.2. */
function pathOf({ form, requestTarget }: HttpExchange): string | undefined {
  if (form === "origin") return requestTarget;
  if (form !== "absolute") return undefined;
  const afterScheme = requestTarget.slice(requestTarget.indexOf("://") + 3);
  const slash = afterScheme.search(/[/?]/);
  if (slash < 0) return "/";
  const path = afterScheme.slice(slash);
  return path.startsWith("?") ? `/${path}` : path;
}
