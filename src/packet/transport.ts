/**
 * TCP, UDP and ICMP headers: the end of the way through a frame.
 *
 *     TCP    source 2, destination 2, sequence 4, acknowledgment 4, data offset (high 4 bits) and flags 2, window 2,
 *            checksum 2, urgent 2, options
 *     UDP    source 2, destination 2, length 2 (with this header), checksum 2
 *     ICMP   type 1, code 1, checksum 2, the rest by type
 *
 * Spec: RFC 9293 §3.1, RFC 768, RFC 792, RFC 4443.
 */
import { type HeaderCursor, Step } from "./header-cursor.ts";
import { PacketKind } from "./packet.ts";

export function readTcp(cursor: HeaderCursor): Step {
  if (!cursor.has(20)) return cursor.refuseShort(20, "tcp-header-cut", "tcp-header-malformed");
  const { at, view, packet } = cursor;
  const offsetAndFlags = view.getUint16(at + 12);
  const headerLength = (offsetAndFlags >> 12) << 2;
  if (headerLength < 20 || at + headerLength > cursor.wireEnd) return cursor.refuse("tcp-header-malformed");
  packet.sourcePort = view.getUint16(at);
  packet.destinationPort = view.getUint16(at + 2);
  packet.sequence = view.getInt32(at + 4);
  packet.acknowledgment = view.getInt32(at + 8);
  packet.flags = offsetAndFlags & 0x01ff;
  packet.window = view.getUint16(at + 14);
  cursor.at = at + headerLength;
  return finish(cursor, PacketKind.Tcp);
}

/** A UDP datagram; the two ports that tunnels use are looked into. */
export function readUdp(cursor: HeaderCursor): Step {
  if (!cursor.has(8)) return cursor.refuse("udp-header-cut");
  const { at, view, packet } = cursor;
  const length = view.getUint16(at + 4);
  packet.sourcePort = view.getUint16(at);
  packet.destinationPort = view.getUint16(at + 2);
  // Length 0: a jumbogram, or segmentation offload.
  if (length >= 8) cursor.limitTo(length);
  cursor.at = at + 8;
  if (packet.destinationPort === 4789 || packet.destinationPort === 8472) return Step.Vxlan;
  if (packet.destinationPort === 6081) return Step.Geneve;
  return finish(cursor, PacketKind.Udp);
}

export function readIcmp(cursor: HeaderCursor): Step {
  if (!cursor.has(4)) return cursor.refuse("icmp-header-cut");
  return finish(cursor, PacketKind.Icmp);
}

/** The payload is what is left. The snap length may have cut it, or even the options before it. */
export function finish(cursor: HeaderCursor, kind: PacketKind): Step {
  const { packet, at, end } = cursor;
  packet.payloadStart = at < end ? at : end;
  packet.payloadEnd = end;
  packet.payloadLength = cursor.wireEnd - at;
  cursor.kind = kind;
  return Step.Done;
}
