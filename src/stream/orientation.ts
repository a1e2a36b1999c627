import type { Packet } from "../packet/packet.ts";

/**
 * Whether the sender of a first captured payload is the client, where no SYN was captured: by the first bytes where
 * only one side of HTTP or TLS writes such, otherwise by the ports. A guess; the protocols may find it was the other
 * way round.
 */
export function senderIsClient(packet: Packet): boolean {
  const { bytes, payloadStart, payloadEnd } = packet;
  const length = payloadEnd - payloadStart;
  if (length >= 6 && bytes[payloadStart] === 0x16 && bytes[payloadStart + 1] === 0x03) {
    const handshakeType = bytes[payloadStart + 5];
    if (handshakeType === 0x01) return true;
    if (handshakeType === 0x02) return false;
  }
  if (length >= 8) {
    if (startsWith(packet, statusLine)) return false;
    for (const method of methods) if (startsWith(packet, method)) return true;
  }
  return !isLikelierServer(packet.sourcePort, packet.destinationPort);
}

/** Whether `port` rather than `other` is the one listened at: privileged, then known for proxies, then the lower. */
export function isLikelierServer(port: number, other: number): boolean {
  const rank = portRank(port);
  const otherRank = portRank(other);
  return rank === otherRank ? port < other : rank < otherRank;
}

/** Whether two ports leave no doubt which of them is listened at. */
export function portsTell(port: number, other: number): boolean {
  return portRank(port) !== portRank(other);
}

function portRank(port: number): number {
  if (port < 1024) return 0;
  if (servicePorts.has(port)) return 1;
  // RFC 6335 §6 reserves the last quarter for clients; Linux takes its ports from 32,768 on.
  return port < 32_768 ? 2 : 3;
}

function startsWith(packet: Packet, text: Uint8Array): boolean {
  for (let at = 0; at < text.length; at++) if (packet.bytes[packet.payloadStart + at] !== text[at]) return false;
  return true;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const statusLine = ascii("HTTP/1.");
const methods = ["GET ", "CONNECT ", "POST ", "HEAD ", "PUT ", "OPTIONS "].map(ascii);
/** SOCKS, Squid, HTTP and HTTPS proxies, Athens (3000), git (9418). */
const servicePorts = new Set([1080, 3000, 3128, 8000, 8080, 8081, 8118, 8443, 8888, 9418]);
