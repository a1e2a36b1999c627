import { HandshakeType, handshakeHeaderLength } from "./handshake.ts";
import { ContentType, isRecordHeader, recordHeaderLength } from "./record.ts";
import { limits } from "../../limits.ts";

/**
 * Whether a direction opens with TLS: a record with a ClientHello or a ServerHello, or an alert in clear.
 *
 * Returns `more` while the bytes are too few to tell; eleven always tell.
 */
export function detectTls(bytes: Uint8Array, start: number, end: number): "yes" | "no" | "more" {
  const at = (index: number, absent: number): number => (start + index < end ? bytes[start + index] : absent);
  const count = end - start;
  const type = at(0, ContentType.handshake);
  if (type !== ContentType.handshake && type !== ContentType.alert) return "no";
  const whole = count >= recordHeaderLength;
  const length = whole ? (at(3, 0) << 8) | at(4, 0) : 1;
  if (!isRecordHeader(type, at(1, 3), at(2, 1), length) || length === 0) return "no";
  return type === ContentType.alert ? detectAlert(at, count, length) : detectHello(at, count);
}

type ByteAt = (index: number, absent: number) => number;

function detectAlert(at: ByteAt, count: number, length: number): "yes" | "no" | "more" {
  if (count >= recordHeaderLength && length !== 2) return "no";
  const level = at(recordHeaderLength, 1);
  if (level !== 1 && level !== 2) return "no";
  return count > recordHeaderLength ? "yes" : "more";
}

function detectHello(at: ByteAt, count: number): "yes" | "no" | "more" {
  const message = recordHeaderLength;
  const messageType = at(message, HandshakeType.clientHello);
  if (messageType !== HandshakeType.clientHello && messageType !== HandshakeType.serverHello) return "no";
  const body = message + handshakeHeaderLength;
  if (count < body) return at(message + 1, 0) > limits.handshakeMessage >> 16 ? "no" : "more";
  const size = (at(message + 1, 0) << 16) | (at(message + 2, 0) << 8) | at(message + 3, 0);
  // version 2, random 32, session id length 1, suite 2, compression 1
  if (size < 38 || size > limits.handshakeMessage) return "no";
  if (at(body, 3) !== 3 || at(body + 1, 3) > 4) return "no";
  return count >= body + 2 ? "yes" : "more";
}
