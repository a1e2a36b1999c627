/*
 * Heads of HTTP/1 messages. Spec: RFC 9112 §2–§4.
 *
 *   request-line   method SP request-target SP HTTP-version
 *   status-line    HTTP-version SP status-code [SP reason-phrase]
 *   field-lines    see fields.ts
 *   empty line
 *
 * Every line ends by CR LF; a bare LF is accepted (§2.2). Offsets of errors count from the head's first byte.
 */
import { MalformedError } from "../../bytes/malformed.ts";
import { latin1 } from "../../bytes/text.ts";
import type { HttpExchange } from "../exchange.ts";
import type { RequestHead, ResponseHead } from "../exchange-notes.ts";
import { authorityWithoutUserinfo, keptText, urlWithoutSecrets } from "../http-fields.ts";
import type { NamedProtocol } from "../layer.ts";
import { indexOfByte, isToken, parseFields } from "./fields.ts";

/** The head of an answer of HTTP/1, which always has its status. */
export interface StatusHead extends ResponseHead {
  readonly status: number;
}

/** Where the head that begins at `start` ends, behind its empty line, or -1. Looks from `from` on. */
export function endOfHead(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  for (;;) {
    const lineFeed = indexOfByte(bytes, 0x0a, at, end);
    if (lineFeed < 0 || lineFeed + 1 >= end) return -1;
    if (bytes[lineFeed + 1] === 0x0a) return lineFeed + 2;
    if (bytes[lineFeed + 1] === 0x0d && lineFeed + 2 < end && bytes[lineFeed + 2] === 0x0a) return lineFeed + 3;
    at = lineFeed + 1;
  }
}

/** A request head with its empty line. Throws: `bad-value`. */
export function parseRequestHead(bytes: Uint8Array, start: number, end: number): RequestHead {
  const line = startLine(bytes, start, end);
  const methodEnd = indexOfByte(bytes, 0x20, start, Math.min(end, start + 33));
  if (methodEnd < 0 || !isToken(bytes, start, methodEnd)) throw malformed("method");
  const method = latin1(bytes, start, methodEnd);
  const versionAt = line.lastIndexOf(" ") + 1;
  const version = line.slice(versionAt);
  if (!/^HTTP\/1\.\d$/.test(version)) throw malformed("HTTP-version");
  const rawTarget = line.slice(method.length + 1, versionAt - 1).trim();
  if (rawTarget === "") throw malformed("request-target");
  const form = targetForm(method, rawTarget);
  const target = form === "authority" ? authorityWithoutUserinfo(rawTarget) : urlWithoutSecrets(rawTarget);
  const fields = parseFields(bytes, lineEnd(bytes, start, end), endOfFields(bytes, end), true);
  const host = authorityOf(form, target) ?? fields.host;
  return {
    method,
    target: keptText(target),
    form,
    version,
    fields,
    ...(host !== undefined && { host: keptText(host) }),
  };
}

/** What a granted Upgrade (text of the field, lower case) leads to, as far as it is known here. Spec: RFC 9110 §7.8. */
export function upgradedTo(protocol: string | undefined): NamedProtocol | "http2" | undefined {
  if (protocol === undefined) return undefined;
  if (protocol.includes("websocket")) return "websocket";
  return protocol.includes("h2c") ? "http2" : undefined;
}

/** A response head with its empty line. Throws: `bad-value`. */
export function parseResponseHead(bytes: Uint8Array, start: number, end: number): StatusHead {
  const line = startLine(bytes, start, end);
  const parts = /^(HTTP\/1\.\d) +(\d{3})(?: (.*))?$/s.exec(line);
  if (parts === null) throw malformed("status-line");
  const fields = parseFields(bytes, lineEnd(bytes, start, end), endOfFields(bytes, end), false);
  return { version: parts[1], status: Number(parts[2]), reason: keptText((parts[3] ?? "").trim()), fields };
}

/**
 * Whether the range, which stands `offset` bytes behind the beginning of an answer, agrees with `HTTP/1.` as far as that
 * reaches.
 */
export function mayBeResponse(bytes: Uint8Array, start: number, end: number, offset = 0): boolean {
  const length = Math.min(end - start, responseStart.length - offset);
  for (let index = 0; index < length; index++) if (bytes[start + index] !== responseStart[offset + index]) return false;
  return true;
}

/**
 * What is to stand behind the first two words of a line that is cut, for the line to be read: of a CONNECT the version,
 * for it says what it asks for in the words before; other requests say too little without their fields.
 */
export function lineRest(line: Uint8Array): Uint8Array {
  return latin1(line, 0, Math.min(line.length, 8)) === "CONNECT " ? version : nothing;
}

function targetForm(method: string, target: string): HttpExchange["form"] {
  if (method === "CONNECT") return "authority";
  if (target === "*") return "asterisk";
  return /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(target) ? "absolute" : "origin";
}

function authorityOf(form: HttpExchange["form"], target: string): string | undefined {
  if (form === "authority") return target;
  if (form !== "absolute") return undefined;
  return /^[^/]*\/\/([^/?#]*)/.exec(target)?.[1];
}

function lineEnd(bytes: Uint8Array, start: number, end: number): number {
  const lineFeed = indexOfByte(bytes, 0x0a, start, end);
  return lineFeed < 0 ? end : lineFeed + 1;
}

/** The head ends in LF LF or LF CR LF: where its last field line ends. */
function endOfFields(bytes: Uint8Array, end: number): number {
  return bytes[end - 2] === 0x0d ? end - 2 : end - 1;
}

function startLine(bytes: Uint8Array, start: number, end: number): string {
  return latin1(bytes, start, lineEnd(bytes, start, end)).replace(/\r?\n$/, "");
}

function malformed(what: string): MalformedError {
  return new MalformedError("bad-value", 0, what);
}

const responseStart = Buffer.from("HTTP/1.", "latin1");
const version = Buffer.from("HTTP/1.1", "latin1");
const nothing = new Uint8Array(0);
