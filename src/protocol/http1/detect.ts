import { latin1 } from "../../bytes/text.ts";
import { indexOfByte, isToken } from "./fields.ts";
import { mayBeResponse } from "./head.ts";

/**
 * Whether a client's first bytes are an HTTP/1 request: a known method, a space, and the beginning of a target; or a
 * whole request line with a method that is not known.
 *
 * Spec: RFC 9112 §3; methods from the IANA registry as far as clients send them first. Cost: at most one line is read.
 */
export function detectRequest(bytes: Uint8Array, start: number, end: number): "yes" | "no" | "more" {
  let at = start;
  while (at < end && isToken(bytes, at, at + 1)) {
    if (++at - start > longestMethod) return "no";
  }
  if (at === end) return "more";
  if (at === start || bytes[at] !== 0x20) return "no";
  if (at + 1 === end) return "more";
  if (bytes[at + 1] <= 0x20 || bytes[at + 1] >= 0x7f) return "no";
  return methods.includes(latin1(bytes, start, at)) ? "yes" : endsInVersion(bytes, at, end);
}

/** Whether a line ends in the version of HTTP/1, of which no other protocol's first line does. */
function endsInVersion(bytes: Uint8Array, start: number, end: number): "yes" | "no" | "more" {
  const lineFeed = indexOfByte(bytes, 0x0a, start, Math.min(end, start + longestLine));
  if (lineFeed < 0) return end - start < longestLine ? "more" : "no";
  return /^ [\x21-\x7e\x80-\xff]+ HTTP\/1\.\d\r?\n$/.test(latin1(bytes, start, lineFeed + 1)) ? "yes" : "no";
}

/** Whether a server's first bytes are an HTTP/1 status line. */
export function detectResponse(bytes: Uint8Array, start: number, end: number): "yes" | "no" | "more" {
  if (!mayBeResponse(bytes, start, end)) return "no";
  return end - start >= "HTTP/1.".length ? "yes" : "more";
}

const methods = [
  "GET",
  "CONNECT",
  "POST",
  "HEAD",
  "PUT",
  "OPTIONS",
  "DELETE",
  "PATCH",
  "TRACE",
  "PROPFIND",
  "PROPPATCH",
  "MKCOL",
  "COPY",
  "MOVE",
  "LOCK",
  "UNLOCK",
  "REPORT",
  "SEARCH",
  "PURGE",
  "BASELINE-CONTROL",
];
const longestMethod = 32;
/** A server need not take more: RFC 9112 §3. */
const longestLine = 8000;
