/**
 * IP headers, up to where the payload of a whole datagram starts.
 *
 *     IPv4   version and header length 1, service 1, total length 2, identification 2, flags and fragment offset 2,
 *            time to live 1, protocol 1, checksum 2, source 4, destination 4, options
 *     IPv6   version, class and flow label 4, payload length 2, next header 1, hop limit 1, source 16, destination 16
 *     Extension header       next header 1, length 1 (in 8 bytes, the first not counted)
 *     Fragment header        next header 1, reserved 1, offset and more-flag 2, identification 4
 *     Authentication header  next header 1, length 1 (in 4 bytes, the first two not counted)
 *
 * Spec: RFC 791 §3.1; RFC 8200 §3, §4; RFC 4302 §2; RFC 2675. Ignores: checksums, which offload leaves wrong.
 */
import { type HeaderCursor, Step } from "./header-cursor.ts";

/** Where nothing before says which version it is. */
export function readIp(cursor: HeaderCursor): Step {
  if (!cursor.has(1)) return cursor.refuseShort(1, "ip-header-cut", "no-payload");
  const version = cursor.bytes[cursor.at] >> 4;
  if (version === 4) return Step.Ipv4;
  return version === 6 ? Step.Ipv6 : cursor.refuse("ip-version");
}

export function readIpv4(cursor: HeaderCursor): Step {
  if (!cursor.has(20)) return cursor.refuseShort(20, "ip-header-cut", "ip-header-malformed");
  const { at, bytes, view, packet } = cursor;
  const first = bytes[at];
  if (first >> 4 !== 4) return cursor.refuse("ip-version");
  const headerLength = (first & 0x0f) << 2;
  const totalLength = view.getUint16(at + 2);
  // Total length 0: the recorder saw the packet before segmentation offload filled it in, so it goes to the frame's end.
  if (headerLength < 20 || (totalLength !== 0 && totalLength < headerLength)) {
    return cursor.refuse("ip-header-malformed");
  }
  if (totalLength !== 0) cursor.limitTo(totalLength);
  if (!cursor.has(headerLength)) return cursor.refuseShort(headerLength, "ip-header-cut", "ip-header-malformed");
  const fragment = view.getUint16(at + 6);
  packet.addressLength = 4;
  packet.identification = view.getUint16(at + 4);
  packet.hopLimit = bytes[at + 8];
  packet.sourceAddress = at + 12;
  packet.destinationAddress = at + 16;
  cursor.at = at + headerLength;
  if ((fragment & 0x3fff) === 0) return protocolStep(cursor, bytes[at + 9]);
  cursor.protocol = bytes[at + 9];
  cursor.fragmentIdentification = packet.identification;
  cursor.fragmentOffset = (fragment & 0x1fff) << 3;
  cursor.moreFragments = (fragment & 0x2000) !== 0;
  return Step.Fragment;
}

export function readIpv6(cursor: HeaderCursor): Step {
  if (!cursor.has(40)) return cursor.refuseShort(40, "ip-header-cut", "ip-header-malformed");
  const { at, bytes, view, packet } = cursor;
  if (bytes[at] >> 4 !== 6) return cursor.refuse("ip-version");
  const payloadLength = view.getUint16(at + 4);
  packet.addressLength = 16;
  packet.identification = 0;
  packet.hopLimit = bytes[at + 7];
  packet.sourceAddress = at + 8;
  packet.destinationAddress = at + 24;
  cursor.at = at + 40;
  // Payload length 0: a jumbogram, or segmentation offload; either goes to the frame's end.
  if (payloadLength !== 0) cursor.limitTo(payloadLength);
  return protocolStep(cursor, bytes[at + 6]);
}

/** Hop-by-hop options, routing, destination options and the others of the same shape (RFC 6564). */
export function readExtensionHeader(cursor: HeaderCursor): Step {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  if (!cursor.has(8)) return cursor.refuseShort(8, "ip-header-cut", "ip-header-malformed");
  const next = cursor.bytes[cursor.at];
  return skipHeader(cursor, (cursor.bytes[cursor.at + 1] + 1) << 3, next);
}

export function readAuthenticationHeader(cursor: HeaderCursor): Step {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  if (!cursor.has(12)) return cursor.refuseShort(12, "ip-header-cut", "ip-header-malformed");
  const next = cursor.bytes[cursor.at];
  return skipHeader(cursor, (cursor.bytes[cursor.at + 1] + 2) << 2, next);
}

export function readFragmentHeader(cursor: HeaderCursor): Step {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  if (!cursor.has(8)) return cursor.refuseShort(8, "ip-header-cut", "ip-header-malformed");
  const next = cursor.bytes[cursor.at];
  const fragment = cursor.view.getUint16(cursor.at + 2);
  cursor.fragmentIdentification = cursor.view.getUint32(cursor.at + 4);
  cursor.at += 8;
  // A datagram in one fragment stands for itself, whatever its identification (RFC 6946 §4).
  if ((fragment & 0xfff9) === 0) return protocolStep(cursor, next);
  cursor.protocol = next;
  cursor.fragmentOffset = fragment & 0xfff8;
  cursor.moreFragments = (fragment & 1) === 1;
  return Step.Fragment;
}

/** What the payload of an IP datagram is. Spec: Protocol Numbers (IANA, 2024-09). */
export function protocolStep(cursor: HeaderCursor, protocol: number): Step {
  cursor.packet.protocol = protocol;
  if (protocol === Protocol.Tcp) return Step.Tcp;
  if (protocol === Protocol.Udp) return Step.Udp;
  if (protocol === Protocol.Icmp || protocol === Protocol.Icmpv6) return Step.Icmp;
  if (protocol === Protocol.Gre) return Step.Gre;
  if (protocol === Protocol.AuthenticationHeader) return Step.AuthenticationHeader;
  if (protocol === Protocol.Ipv4) return innerIp(cursor, Step.Ipv4);
  if (protocol === Protocol.Ipv6) return innerIp(cursor, Step.Ipv6);
  return cursor.packet.addressLength === 16 ? extensionStep(cursor, protocol) : cursor.refuse("ip-protocol");
}

function extensionStep(cursor: HeaderCursor, protocol: number): Step {
  if (protocol === Protocol.Fragment) return Step.FragmentHeader;
  if (isExtensionHeader(protocol)) return Step.ExtensionHeader;
  return cursor.refuse(protocol === Protocol.NoNextHeader ? "no-payload" : "ip-protocol");
}

/** Whether an IPv6 next header has the common shape: hop-by-hop, routing, destination options, mobility, HIP, shim6. */
export function isExtensionHeader(protocol: number): boolean {
  return extensionHeaders.has(protocol);
}

const extensionHeaders: ReadonlySet<number> = new Set([0, 43, 60, 135, 139, 140]);

function innerIp(cursor: HeaderCursor, step: Step): Step {
  return cursor.takeHeader() ? step : cursor.refuse("encapsulation-limit");
}

function skipHeader(cursor: HeaderCursor, length: number, next: number): Step {
  if (!cursor.has(length)) return cursor.refuseShort(length, "ip-header-cut", "ip-header-malformed");
  cursor.at += length;
  return protocolStep(cursor, next);
}

export const Protocol = {
  Icmp: 1,
  Ipv4: 4,
  Tcp: 6,
  Udp: 17,
  Ipv6: 41,
  Fragment: 44,
  Gre: 47,
  AuthenticationHeader: 51,
  Icmpv6: 58,
  NoNextHeader: 59,
} as const;
