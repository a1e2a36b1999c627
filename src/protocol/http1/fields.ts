/*
 * The field section of an HTTP/1 head. Spec: RFC 9112 §5, RFC 9110 §5.
 *
 *   field-line   field-name ":" OWS field-value OWS, ended by CR LF or LF
 *   obs-fold     a line that begins with a space or tab goes on with the value of the line before it
 */
import { MalformedError } from "../../bytes/malformed.ts";
import { latin1 } from "../../bytes/text.ts";
import { emptyFields, isReadField, longestFieldName, readField, type Fields } from "../http-fields.ts";

/**
 * Reads the field lines of the range, the empty line at its end left out.
 *
 * `strict` is for requests: there a line without a colon or with a blank before it is how requests are smuggled, and
 * RFC 9112 §5.1 wants it refused; in answers such lines are passed over. Throws: `bad-value`.
 */
export function parseFields(bytes: Uint8Array, start: number, end: number, strict: boolean): Fields {
  const fields = emptyFields();
  let at = start;
  while (at < end) {
    const lineEnd = endOfFieldLine(bytes, at, end);
    const colon = indexOfByte(bytes, 0x3a, at, lineEnd);
    const named = colon > at;
    const nameEnd = named ? trimBlanksBefore(bytes, at, colon) : at;
    if (strict && (nameEnd !== colon || !isToken(bytes, at, nameEnd))) {
      throw new MalformedError("bad-value", at - start, "field name");
    }
    if (nameEnd > at && nameEnd - at <= longestFieldName) {
      const name = latin1(bytes, at, nameEnd).toLowerCase();
      if (isReadField(name)) readField(fields, name, fieldValue(bytes, colon + 1, lineEnd));
    }
    at = lineEnd;
  }
  return fields;
}

/** Where the byte first stands in the range, or -1. `Uint8Array.indexOf` would search on behind the range. */
export function indexOfByte(bytes: Uint8Array, byte: number, start: number, end: number): number {
  for (let at = start; at < end; at++) if (bytes[at] === byte) return at;
  return -1;
}

/** Whether the range is a token. Spec: RFC 9110 §5.6.2. */
export function isToken(bytes: Uint8Array, start: number, end: number): boolean {
  if (start >= end) return false;
  for (let at = start; at < end; at++) if (!isTokenByte(bytes[at])) return false;
  return true;
}

function endOfFieldLine(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (;;) {
    const lineFeed = indexOfByte(bytes, 0x0a, at, end);
    if (lineFeed < 0) return end;
    at = lineFeed + 1;
    if (at >= end || !isBlank(bytes[at])) return at;
  }
}

function fieldValue(bytes: Uint8Array, start: number, end: number): string {
  const text = latin1(bytes, start, end);
  return text.replace(/\r?\n[ \t]*/g, " ").trim();
}

function trimBlanksBefore(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(bytes[at - 1])) at--;
  return at;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}

function isTokenByte(byte: number): boolean {
  const letter = byte | 0x20;
  if (letter >= 0x61 && letter <= 0x7a) return true;
  if (byte >= 0x30 && byte <= 0x39) return true;
  return tokenMarks.includes(byte);
}

const tokenMarks = [...Buffer.from("!#$%&'*+-.^_`|~", "latin1")];
