import { latin1 } from "../bytes/text.ts";
import { detectDnsTcp } from "./dns/tcp-decoder.ts";
import { detectRequest, detectResponse } from "./http1/detect.ts";
import { detectPreface, detectSettings } from "./http2/detect.ts";
import type { NamedProtocol } from "./layer.ts";
import { clientNamed, serverNamed } from "./named.ts";
import { detectSocks } from "./socks/detect.ts";
import { detectTls } from "./tls/detect.ts";
import { detectSsl2Hello } from "./tls/ssl2-hello.ts";

/**
 * What a stream is, by its first bytes; `http-tunnel`: the answer to a CONNECT that was not captured, and the tunnel;
 * `ssl2-hello`: TLS behind a hello of older format.
 */
export type Protocol = "tls" | "ssl2-hello" | "http1" | "http-tunnel" | "http2" | "socks" | "dns-tcp" | NamedProtocol;
/** `more`: too few bytes to tell; `no`: nothing that is known. */
export type Told = Protocol | "more" | "no";

/** What a client's first bytes open. */
export function tellClient(bytes: Uint8Array, start: number, end: number, serverPort: number): Told {
  return firstOf([
    ["tls", detectTls(bytes, start, end)],
    ["ssl2-hello", detectSsl2Hello(bytes, start, end)],
    ["http1", detectRequest(bytes, start, end)],
    ["http2", detectPreface(bytes, start, end)],
    ["socks", detectSocks(bytes, start, end)],
    ["dns-tcp", detectDnsTcp(bytes, start, end, serverPort)],
    ["unknown", clientNamed(bytes, start, end)],
  ]);
}

/** What a server's first bytes answer, or greet with. */
export function tellServer(bytes: Uint8Array, start: number, end: number, serverPort: number): Told {
  return firstOf([
    ["tls", detectTls(bytes, start, end)],
    ["http1", detectResponse(bytes, start, end)],
    ["http2", detectSettings(bytes, start, end)],
    ["dns-tcp", detectDnsTcp(bytes, start, end, serverPort)],
    ["unknown", serverNamed(bytes, start, end)],
  ]);
}

/** Which side would send the bytes first: only the beginnings that no other side has. */
export function speaker(bytes: Uint8Array, start: number, end: number): "client" | "server" | undefined {
  if (detectTls(bytes, start, end) === "yes" && bytes[start] === handshakeRecord) {
    return bytes[start + 5] === clientHello ? "client" : "server";
  }
  if (clientDetectors.some((detect) => detect(bytes, start, end) === "yes")) return "client";
  if (detectResponse(bytes, start, end) === "yes" || detectSettings(bytes, start, end) === "yes") return "server";
  const named = serverNamed(bytes, start, end);
  return named === "no" || named === "more" || named === "ssh" ? undefined : "server";
}

/** Whether a server's first bytes are an HTTP/1 answer of success. Spec: RFC 9112 §4, RFC 9110 §9.3.6. */
export function grantsTunnel(bytes: Uint8Array, start: number, end: number): boolean {
  return /^HTTP\/1\.\d 2\d\d/.test(latin1(bytes, start, Math.min(end, start + 12)));
}

/** Whether a server's success goes straight on with TLS: whatever was asked, it was a CONNECT. */
export function entersTunnel(bytes: Uint8Array, start: number, end: number): boolean {
  if (!grantsTunnel(bytes, start, end)) return false;
  const headEnd = latin1(bytes, start, end).indexOf("\r\n\r\n");
  return headEnd >= 0 && isTlsRecord(bytes, start + headEnd + 4, end);
}

/** Whether a connection that was joined late goes on with a TLS record. Spec: RFC 8446 §5.1. */
export function isTlsRecord(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 5 || bytes[start] < 0x14 || bytes[start] > 0x17 || bytes[start + 1] !== 3) return false;
  const length = (bytes[start + 3] << 8) | bytes[start + 4];
  return bytes[start + 2] <= 4 && length > 0 && length <= 16_640;
}

function firstOf(answers: readonly (readonly [Protocol, Told | "yes"])[]): Told {
  let more = false;
  for (const [protocol, answer] of answers) {
    if (answer === "yes") return protocol;
    if (answer === "more") more = true;
    else if (answer !== "no") return answer;
  }
  return more ? "more" : "no";
}

const clientDetectors = [detectRequest, detectPreface, detectSocks];
const handshakeRecord = 0x16;
const clientHello = 0x01;
