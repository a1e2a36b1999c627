import { isToken } from "./fields.ts";
import { mayBeResponse } from "./head.ts";

/**
 * Whether a client's first bytes are an HTTP/1 request: a known method, a space, and the beginning of a target.
 *
 * Spec: RFC 9112 §3; methods from the IANA registry as far as clients send them first. Cost: at most 18 bytes are read.
 */
export function detectRequest(bytes: Uint8Array, start: number, end: number): "yes" | "no" | "more" {
  let at = start;
  while (at < end && isToken(bytes, at, at + 1)) {
    if (++at - start > longestMethod) return "no";
  }
  const word = Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start).toString("latin1");
  if (at === end) return methods.some((method) => method.startsWith(word)) ? "more" : "no";
  if (bytes[at] !== 0x20 || !methods.includes(word)) return "no";
  if (at + 1 === end) return "more";
  return bytes[at + 1] > 0x20 && bytes[at + 1] < 0x7f ? "yes" : "no";
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
const longestMethod = 16;
