/**
 * Tunnels that carry whole packets or frames.
 *
 *     GRE       flags and version 2, protocol 2, [checksum 2, offset 2], [key 4], [sequence 4]
 *     PPTP GRE  the same with version 1: key 4 always, [sequence 4], [acknowledgment 4], then PPP
 *     ERSPAN    type II: 8, only behind a GRE sequence number; type III: 12, and 8 more when its last bit is set
 *     VXLAN     flags 1 (0x08), reserved 3, network 3, reserved 1, then Ethernet
 *     Geneve    version and option length 1 (in 4 bytes), flags 1, protocol 2, network 3, reserved 1, options
 *
 * Spec: RFC 2784, 2890, 2637 §4.1, 7348 §5, 8926 §3.4; draft-foschiano-erspan-03.
 */
import { EtherType, etherTypeStep } from "./ether-type.ts";
import { type HeaderCursor, Step } from "./header-cursor.ts";
import { PacketKind } from "./packet.ts";
import { finish } from "./transport.ts";

export function readGre(cursor: HeaderCursor): Step {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  if (!cursor.has(4)) return cursor.refuse("tunnel-header-cut");
  const flags = cursor.view.getUint16(cursor.at);
  const protocol = cursor.view.getUint16(cursor.at + 2);
  const version = flags & 0x0007;
  if (version > 1 || (flags & GreFlag.Routing) !== 0) return cursor.refuse("tunnel-header-malformed");
  const length = greHeaderLength(flags);
  if (!cursor.has(length)) return cursor.refuse("tunnel-header-cut");
  cursor.at += length;
  if (version === 1) return protocol === EtherType.Ppp ? Step.Ppp : cursor.refuse("ether-type");
  return greContentStep(cursor, protocol, flags);
}

function greHeaderLength(flags: number): number {
  let length = 4;
  if ((flags & GreFlag.Checksum) !== 0) length += 4;
  if ((flags & GreFlag.Key) !== 0) length += 4;
  if ((flags & GreFlag.Sequence) !== 0) length += 4;
  // Version 1 only: version 0 reserves the bit.
  if ((flags & (GreFlag.Acknowledgment | 1)) === (GreFlag.Acknowledgment | 1)) length += 4;
  return length;
}

function greContentStep(cursor: HeaderCursor, protocol: number, flags: number): Step {
  if (protocol === EtherType.ErspanOneOrTwo) return skipErspan(cursor, (flags & GreFlag.Sequence) !== 0 ? 8 : 0);
  if (protocol === EtherType.ErspanThree) return readErspanThree(cursor);
  // Numbers below 0x0600 are no lengths here.
  return protocol < 0x0600 ? cursor.refuse("ether-type") : etherTypeStep(cursor, protocol);
}

const GreFlag = { Checksum: 0x8000, Routing: 0x4000, Key: 0x2000, Sequence: 0x1000, Acknowledgment: 0x0080 } as const;

function readErspanThree(cursor: HeaderCursor): Step {
  if (!cursor.has(12)) return cursor.refuse("tunnel-header-cut");
  const platformHeader = (cursor.bytes[cursor.at + 11] & 0x01) === 1;
  return skipErspan(cursor, platformHeader ? 20 : 12);
}

function skipErspan(cursor: HeaderCursor, length: number): Step {
  if (!cursor.has(length)) return cursor.refuse("tunnel-header-cut");
  cursor.at += length;
  return Step.Ethernet;
}

/** What is no VXLAN stays a UDP datagram: the port alone proves nothing, a DNS client may have picked it. */
export function readVxlan(cursor: HeaderCursor): Step {
  if (!cursor.has(8 + 14)) return finish(cursor, PacketKind.Udp);
  const flags = cursor.bytes[cursor.at];
  const reserved = cursor.view.getUint32(cursor.at) & 0x00ff_ffff;
  // 0x80 is the group policy extension, which uses the reserved bytes (draft-smith-vxlan-group-policy).
  const plausible = (flags === 0x08 && reserved === 0) || flags === 0x88;
  if (!plausible || cursor.bytes[cursor.at + 7] !== 0) return finish(cursor, PacketKind.Udp);
  return enterTunnel(cursor, 8, Step.Ethernet);
}

/** What is no Geneve stays a UDP datagram. */
export function readGeneve(cursor: HeaderCursor): Step {
  if (!cursor.has(8)) return finish(cursor, PacketKind.Udp);
  const { at, bytes, view } = cursor;
  const length = 8 + ((bytes[at] & 0x3f) << 2);
  const inner = geneveSteps.get(view.getUint16(at + 2));
  const plausible = bytes[at] >> 6 === 0 && (bytes[at + 1] & 0x3f) === 0 && bytes[at + 7] === 0;
  if (!plausible || inner === undefined || !cursor.has(length)) return finish(cursor, PacketKind.Udp);
  return enterTunnel(cursor, length, inner);
}

const geneveSteps = new Map<number, Step>([
  [EtherType.Ipv4, Step.Ipv4],
  [EtherType.Ipv6, Step.Ipv6],
  [EtherType.TransparentEthernet, Step.Ethernet],
]);

function enterTunnel(cursor: HeaderCursor, headerLength: number, inner: Step): Step {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  cursor.at += headerLength;
  return inner;
}
