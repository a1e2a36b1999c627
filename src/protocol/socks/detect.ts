import { MalformedError } from "../../bytes/malformed.ts";
import { asksByName, greetingLength, parseRequest4, parseRequest5, passwordLength } from "./messages.ts";

/**
 * Whether a client's first bytes are SOCKS.
 *
 * A version byte alone proves nothing, so the whole first message must be there, be consistent, and be followed by
 * nothing or by what a client may send on without waiting. Methods are those assigned or private (RFC 1928 §3).
 */
export function detectSocks(bytes: Uint8Array, start: number, end: number): "yes" | "no" | "more" {
  if (start === end) return "more";
  if (bytes[start] !== 4 && bytes[start] !== 5) return "no";
  try {
    return bytes[start] === 5 ? detectSocks5(bytes, start, end) : detectSocks4(bytes, start, end);
  } catch (error) {
    if (error instanceof MalformedError) return "no";
    throw error;
  }
}

function detectSocks5(bytes: Uint8Array, start: number, end: number): "yes" | "no" | "more" {
  if (end - start < 2) return "more";
  const methods = bytes[start + 1];
  if (methods === 0) return "no";
  if (!areMethods(bytes.subarray(start + 2, Math.min(end, start + 2 + methods)))) return "no";
  const length = greetingLength(bytes, start, end);
  if (length === 0) return "more";
  const next = start + length;
  if (next === end) return "yes";
  if (bytes[next] === 1) return passwordLength(bytes, next, end) > 0 ? "yes" : "more";
  if (next + 1 < end && (bytes[next + 1] === 0 || bytes[next + 1] > 3)) return "no";
  return parseRequest5(bytes, next, end) === undefined ? "more" : "yes";
}

/** Assigned or private, each once. */
function areMethods(methods: Uint8Array): boolean {
  return methods.every(
    (method, index) => (method <= 9 || (method >= 0x80 && method < 0xff)) && methods.indexOf(method) === index,
  );
}

function detectSocks4(bytes: Uint8Array, start: number, end: number): "yes" | "no" | "more" {
  if (end - start >= 2 && bytes[start + 1] !== 1 && bytes[start + 1] !== 2) return "no";
  for (let at = start + 8; at < end && bytes[at] !== 0; at++) if (bytes[at] < 0x20) return "no";
  const request = parseRequest4(bytes, start, end);
  if (request === undefined) return "more";
  const named = asksByName(bytes, start);
  if (request.port === 0 || (named && !/^[\x21-\x7e]+$/.test(request.host))) return "no";
  return named || start + request.length === end ? "yes" : "no";
}
