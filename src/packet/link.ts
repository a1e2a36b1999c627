/**
 * Link headers, up to where an IP packet starts.
 *
 *     Ethernet     destination 6, source 6, EtherType or length 2
 *     VLAN tag     TCI 2, EtherType 2
 *     LLC/SNAP     DSAP 1, SSAP 1, control 1, OUI 3, EtherType 2
 *     MPLS         label, class, bottom-of-stack bit (0x100), TTL: 4 each
 *     NULL, LOOP   address family 4, in the recorder's byte order
 *     Linux SLL    packet type 2, ARPHRD 2, address length 2, address 8, EtherType 2
 *     Linux SLL2   EtherType 2, reserved 2, interface 4, ARPHRD 2, packet type 1, address length 1, address 8
 *     PKTAP        header length 4, next type 4, link type 4 (little-endian), interface and process names
 *
 * Spec: the LINKTYPE_ descriptions of tcpdump.org; IEEE 802.3, 802.1Q; RFC 1042, 3032.
 */
import { etherTypeStep } from "./ether-type.ts";
import { type HeaderCursor, Step } from "./header-cursor.ts";

/** The header that a LINKTYPE_ value puts first. */
export function linkStep(cursor: HeaderCursor, linkType: number): Step {
  if (linkType === 1) return Step.Ethernet;
  return linkSteps.get(linkType) ?? cursor.refuse("link-type");
}

const linkSteps = new Map<number, Step>([
  [0, Step.Loopback],
  [9, Step.Ppp],
  [12, Step.Ip],
  [14, Step.Ip],
  [50, Step.PppHdlc],
  [51, Step.Pppoe],
  [101, Step.Ip],
  [104, Step.CiscoHdlc],
  [108, Step.Loopback],
  [113, Step.LinuxCooked],
  [228, Step.Ipv4],
  [229, Step.Ipv6],
  [258, Step.Pktap],
  [276, Step.LinuxCooked2],
]);

export function readEthernet(cursor: HeaderCursor): Step {
  if (!cursor.has(14)) return cursor.refuse("link-header-cut");
  const etherType = cursor.view.getUint16(cursor.at + 12);
  cursor.at += 14;
  return etherTypeStep(cursor, etherType);
}

export function readVlan(cursor: HeaderCursor): Step {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  if (!cursor.has(4)) return cursor.refuse("link-header-cut");
  const etherType = cursor.view.getUint16(cursor.at + 2);
  cursor.at += 4;
  return etherTypeStep(cursor, etherType);
}

export function readLlc(cursor: HeaderCursor): Step {
  if (!cursor.has(3)) return cursor.refuse("link-header-cut");
  const accessPoints = cursor.view.getUint16(cursor.at);
  const control = cursor.bytes[cursor.at + 2];
  cursor.at += 3;
  if (control !== unnumberedInformation) return cursor.refuse("ether-type");
  if (accessPoints === 0x0606) return Step.Ip;
  if (accessPoints !== 0xaaaa) return cursor.refuse("ether-type");
  if (!cursor.has(5)) return cursor.refuse("link-header-cut");
  const etherType = cursor.view.getUint16(cursor.at + 3);
  cursor.at += 5;
  // A length here would send LLC into LLC: SNAP carries EtherTypes only.
  return etherType < 0x0600 ? cursor.refuse("ether-type") : etherTypeStep(cursor, etherType);
}

const unnumberedInformation = 0x03;

/** MPLS does not say what it carries: the first four bits after the last label tell IP from the rest (RFC 4928 §3). */
export function readMpls(cursor: HeaderCursor): Step {
  for (;;) {
    if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
    if (!cursor.has(4)) return cursor.refuse("link-header-cut");
    const bottom = (cursor.bytes[cursor.at + 2] & 0x01) === 1;
    cursor.at += 4;
    if (bottom) break;
  }
  if (!cursor.has(1)) return cursor.refuse("link-header-cut");
  const nibble = cursor.bytes[cursor.at] >> 4;
  if (nibble === 4 || nibble === 6) return Step.Ip;
  if (nibble !== 0) return cursor.refuse("ether-type");
  // A pseudowire control word (RFC 4448 §4.6), then Ethernet.
  if (!cursor.has(4)) return cursor.refuse("link-header-cut");
  cursor.at += 4;
  return Step.Ethernet;
}

/** NULL in the recorder's byte order, LOOP in network order: the family is small, so its zeros tell the order. */
export function readLoopback(cursor: HeaderCursor): Step {
  if (!cursor.has(4)) return cursor.refuse("link-header-cut");
  const little = cursor.view.getUint32(cursor.at, true);
  const family = little > 0xffff ? cursor.view.getUint32(cursor.at) : little;
  cursor.at += 4;
  if (family === 2) return Step.Ipv4;
  return inet6Families.has(family) ? Step.Ipv6 : cursor.refuse("ether-type");
}

/** AF_INET6 of Linux, Windows, NetBSD and OpenBSD, FreeBSD, Darwin. */
const inet6Families: ReadonlySet<number> = new Set([10, 23, 24, 28, 30]);

export function readLinuxCooked(cursor: HeaderCursor): Step {
  if (!cursor.has(16)) return cursor.refuse("link-header-cut");
  const protocol = cursor.view.getUint16(cursor.at + 14);
  cursor.at += 16;
  return cookedStep(cursor, protocol);
}

export function readLinuxCooked2(cursor: HeaderCursor): Step {
  if (!cursor.has(20)) return cursor.refuse("link-header-cut");
  const protocol = cursor.view.getUint16(cursor.at);
  cursor.at += 20;
  return cookedStep(cursor, protocol);
}

/** Linux numbers below 0x0600 are packet kinds of its own, not lengths; only 4 (LLC) leads anywhere. */
function cookedStep(cursor: HeaderCursor, protocol: number): Step {
  if (protocol === 0x0004) return Step.Llc;
  return protocol < 0x0600 ? cursor.refuse("ether-type") : etherTypeStep(cursor, protocol);
}

/** What macOS records on the `any` device: a header of its own around a frame of another link type. */
export function readPktap(cursor: HeaderCursor): Step {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  if (!cursor.has(12)) return cursor.refuse("link-header-cut");
  const length = cursor.view.getUint32(cursor.at, true);
  const linkType = cursor.view.getUint32(cursor.at + 8, true);
  if (length < 12 || !cursor.has(length)) return cursor.refuse("link-header-cut");
  cursor.at += length;
  return linkStep(cursor, linkType);
}
