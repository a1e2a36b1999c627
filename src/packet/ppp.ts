/**
 * PPP and what it rides on.
 *
 *     PPPoE        version and type 1 (0x11), code 1 (0 in a session), session 2, length 2, then PPP
 *     PPP          address and control 2 (0xff03, may be left out), protocol 2 (or 1, when that one is odd)
 *     Cisco HDLC   address 1 (0x0f or 0x8f), control 1, EtherType 2
 *
 * Spec: RFC 1661 §2, RFC 1662 §3.1, RFC 2516 §4; PPP protocol numbers (IANA, 2024-09).
 */
import { etherTypeStep } from "./ether-type.ts";
import { type HeaderCursor, Step } from "./header-cursor.ts";

export function readPppoe(cursor: HeaderCursor): Step {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  if (!cursor.has(6)) return cursor.refuse("link-header-cut");
  const sessionData = cursor.view.getUint16(cursor.at) === 0x1100;
  const length = cursor.view.getUint16(cursor.at + 4);
  cursor.at += 6;
  if (!sessionData) return cursor.refuse("ppp-protocol");
  cursor.limitTo(length);
  return Step.Ppp;
}

export function readPpp(cursor: HeaderCursor): Step {
  if (cursor.has(2) && cursor.view.getUint16(cursor.at) === 0xff03) cursor.at += 2;
  if (!cursor.has(1)) return cursor.refuse("link-header-cut");
  let protocol = cursor.bytes[cursor.at];
  if ((protocol & 1) === 1) {
    cursor.at += 1;
  } else {
    if (!cursor.has(2)) return cursor.refuse("link-header-cut");
    protocol = cursor.view.getUint16(cursor.at);
    cursor.at += 2;
  }
  if (protocol === 0x0021) return Step.Ipv4;
  if (protocol === 0x0057) return Step.Ipv6;
  return protocol === 0x0281 || protocol === 0x0283 ? Step.Mpls : cursor.refuse("ppp-protocol");
}

/** LINKTYPE_PPP_HDLC: PPP in HDLC-like framing, or Cisco's, told apart by the address byte. */
export function readPppHdlc(cursor: HeaderCursor): Step {
  if (!cursor.has(1)) return cursor.refuse("link-header-cut");
  const address = cursor.bytes[cursor.at];
  return address === 0x0f || address === 0x8f ? Step.CiscoHdlc : Step.Ppp;
}

export function readCiscoHdlc(cursor: HeaderCursor): Step {
  if (!cursor.has(4)) return cursor.refuse("link-header-cut");
  const etherType = cursor.view.getUint16(cursor.at + 2);
  cursor.at += 4;
  return etherType < 0x0600 ? cursor.refuse("ether-type") : etherTypeStep(cursor, etherType);
}
