import type { HttpExchange, StreamReset } from "../protocol/exchange.ts";
import { errorName } from "../protocol/http2/names.ts";
import { describeText } from "./answer-text.ts";
import type { HttpReport } from "./model.ts";
import { timestampText } from "./timestamp.ts";

/** One exchange as reports show it; what is inside TLS was decrypted. */
export function describeHttp(exchange: HttpExchange, insideTls: boolean, timed: boolean): HttpReport {
  const path = pathOf(exchange);
  return {
    grade: insideTls ? "decrypted" : "seen",
    ...(exchange.method !== "" && { method: exchange.method }),
    ...(exchange.requestTarget !== "" && { requestTarget: exchange.requestTarget }),
    ...(exchange.form !== "authority" && { scheme: schemeOf(exchange, insideTls) }),
    ...(exchange.host !== undefined && { host: exchange.host }),
    ...(path !== undefined && { path }),
    ...(exchange.status !== undefined && { status: exchange.status }),
    ...(exchange.reason !== undefined && { reason: exchange.reason }),
    version: exchange.version,
    ...(exchange.stream !== undefined && { stream: exchange.stream }),
    requestFrame: exchange.requestFrame,
    ...(exchange.responseFrame > 0 && { responseFrame: exchange.responseFrame }),
    ...(exchange.endFrame !== undefined && { endFrame: exchange.endFrame }),
    ...(timed && describeTimes(exchange)),
    requestBytes: exchange.requestBytes,
    responseBytes: exchange.responseBytes,
    ...describeFields(exchange),
    ...describeText(exchange),
    ...(exchange.unknownFields !== undefined && { unknownFields: exchange.unknownFields }),
    ...(exchange.reset !== undefined && { reset: describeReset(exchange.reset) }),
  };
}

type Times = Pick<HttpReport, "requestTime" | "responseTime" | "endTime">;

function describeTimes(exchange: HttpExchange): Times {
  const { requestFrame, responseFrame, endSeconds, endNanoseconds } = exchange;
  return {
    ...(requestFrame > 0 && { requestTime: timestampText(exchange.requestSeconds, exchange.requestNanoseconds) }),
    ...(responseFrame > 0 && { responseTime: timestampText(exchange.responseSeconds, exchange.responseNanoseconds) }),
    ...(endSeconds !== undefined && { endTime: timestampText(endSeconds, endNanoseconds ?? 0) }),
  };
}

function describeReset({ from, code, frame }: StreamReset): NonNullable<HttpReport["reset"]> {
  return { from, error: errorName(code), frame };
}

/** What the fields say, where they stood. */
function describeFields(exchange: HttpExchange): Partial<HttpReport> {
  return {
    ...(exchange.userAgent !== undefined && { userAgent: exchange.userAgent }),
    ...(exchange.accept !== undefined && { accept: exchange.accept }),
    ...(exchange.contentType !== undefined && { contentType: exchange.contentType }),
    ...(exchange.contentEncoding !== undefined && { contentEncoding: exchange.contentEncoding }),
    ...(exchange.location !== undefined && { redirectTo: exchange.location }),
    ...(exchange.authorization !== undefined && { authorization: exchange.authorization }),
    ...(exchange.challenges !== undefined && { challenges: exchange.challenges }),
  };
}

/** The scheme that was asked for, else the one that the layers below make. */
function schemeOf({ form, requestTarget, scheme }: HttpExchange, insideTls: boolean): "http" | "https" {
  if (form === "absolute") return /^https:/i.test(requestTarget) ? "https" : "http";
  if (scheme === "http" || scheme === "https") return scheme;
  return insideTls ? "https" : "http";
}

/** Path with query; undefined for CONNECT and `*`, and where the request was not seen. Spec: RFC 9112 §3.2. */
function pathOf({ form, requestTarget }: HttpExchange): string | undefined {
  if (requestTarget === "") return undefined;
  if (form === "origin") return requestTarget;
  if (form !== "absolute") return undefined;
  const afterScheme = requestTarget.slice(requestTarget.indexOf("://") + 3);
  const slash = afterScheme.search(/[/?]/);
  if (slash < 0) return "/";
  const path = afterScheme.slice(slash);
  return path.startsWith("?") ? `/${path}` : path;
}
