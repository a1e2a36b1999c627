/**
 * ICMP errors and the TCP segment that they quote.
 *
 *     ICMP     type 1, code 1, checksum 2, unused 2, next-hop MTU 2 (type 3, code 4), then the IPv4 header and data
 *     ICMPv6   type 1, code 1, checksum 2, MTU 4 (type 2), then the IPv6 header and data
 *
 * Spec: RFC 792, RFC 1191 §4, RFC 4443 §3. Ignores: extensions behind the quotation (RFC 4884).
 */
import { isExtensionHeader, Protocol } from "./ip.ts";
import { limits } from "../limits.ts";
import type { Packet } from "./packet.ts";

/**
 * The quotation of an ICMP error: offsets into the packet's bytes.
 *
 * One instance is reused. Borrows: valid as long as the packet that it was read from.
 */
export class QuotedSegment {
  type = 0;
  code = 0;
  /** Next-hop MTU of "fragmentation needed" and "packet too big"; 0 otherwise, and from routers that predate RFC 1191. */
  mtu = 0;
  addressLength: 4 | 16 = 4;
  /** Offsets of the addresses of the segment that met the error: its source is who is told. */
  sourceAddress = 0;
  destinationAddress = 0;
  sourcePort = 0;
  destinationPort = 0;
}

/**
 * Reads an ICMP error about a TCP segment from a packet of kind `Icmp`: destination unreachable, packet too big, time
 * exceeded, parameter problem. Returns false, with `quoted` in an undefined state, when it is anything else or cut.
 */
export function readIcmpError(packet: Packet, quoted: QuotedSegment): boolean {
  const at = packet.payloadStart;
  if (packet.payloadEnd - at < 8) return false;
  const { bytes, view } = packet;
  const type = bytes[at];
  const code = bytes[at + 1];
  quoted.type = type;
  quoted.code = code;
  if (packet.protocol === Protocol.Icmp) {
    if (type !== 3 && type !== 11 && type !== 12) return false;
    quoted.mtu = type === 3 && code === 4 ? view.getUint16(at + 6) : 0;
    return readQuotedIpv4(packet, at + 8, quoted);
  }
  if (type < 1 || type > 4) return false;
  quoted.mtu = type === 2 ? view.getUint32(at + 4) : 0;
  return readQuotedIpv6(packet, at + 8, quoted);
}

function readQuotedIpv4(packet: Packet, at: number, quoted: QuotedSegment): boolean {
  const { bytes, view } = packet;
  if (at + 20 > packet.payloadEnd || bytes[at] >> 4 !== 4) return false;
  const headerLength = (bytes[at] & 0x0f) << 2;
  const laterFragment = (view.getUint16(at + 6) & 0x1fff) !== 0;
  if (headerLength < 20 || laterFragment || bytes[at + 9] !== Protocol.Tcp) return false;
  quoted.addressLength = 4;
  quoted.sourceAddress = at + 12;
  quoted.destinationAddress = at + 16;
  return readQuotedTcp(packet, at + headerLength, quoted);
}

function readQuotedIpv6(packet: Packet, at: number, quoted: QuotedSegment): boolean {
  const { bytes, payloadEnd } = packet;
  if (at + 40 > payloadEnd || bytes[at] >> 4 !== 6) return false;
  quoted.addressLength = 16;
  quoted.sourceAddress = at + 8;
  quoted.destinationAddress = at + 24;
  let next = bytes[at + 6];
  let transport = at + 40;
  for (let headers = 0; headers < limits.encapsulation && isExtensionHeader(next); headers++) {
    if (transport + 2 > payloadEnd) return false;
    next = bytes[transport];
    transport += (bytes[transport + 1] + 1) << 3;
  }
  return next === Protocol.Tcp && readQuotedTcp(packet, transport, quoted);
}

/** Ports, which stand in the eight bytes that RFC 792 promises. */
function readQuotedTcp(packet: Packet, at: number, quoted: QuotedSegment): boolean {
  if (at + 8 > packet.payloadEnd) return false;
  const { view } = packet;
  quoted.sourcePort = view.getUint16(at);
  quoted.destinationPort = view.getUint16(at + 2);
  return true;
}
