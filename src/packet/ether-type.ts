import { type HeaderCursor, Step } from "./header-cursor.ts";

/**
 * What an EtherType announces, or the 802.3 length that stands in its place.
 *
 * Spec: IEEE 802 Numbers (IANA, 2024-09). Ignores: everything that does not lead to IP.
 */
export function etherTypeStep(cursor: HeaderCursor, etherType: number): Step {
  if (etherType === EtherType.Ipv4) return Step.Ipv4;
  if (etherType === EtherType.Ipv6) return Step.Ipv6;
  switch (etherType) {
    case EtherType.Vlan:
    case EtherType.ServiceVlan:
    case EtherType.OldServiceVlan:
      return Step.Vlan;
    case EtherType.MplsUnicast:
    case EtherType.MplsMulticast:
      return Step.Mpls;
    case EtherType.PppoeSession:
      return Step.Pppoe;
    case EtherType.TransparentEthernet:
      return Step.Ethernet;
    case EtherType.Arp:
      return cursor.refuse("arp");
    default:
      if (etherType > longest8023) return cursor.refuse("ether-type");
      cursor.limitTo(etherType);
      return Step.Llc;
  }
}

export const EtherType = {
  Ipv4: 0x0800,
  Arp: 0x0806,
  TransparentEthernet: 0x6558,
  Vlan: 0x8100,
  Ipv6: 0x86dd,
  MplsUnicast: 0x8847,
  MplsMulticast: 0x8848,
  PppoeSession: 0x8864,
  Ppp: 0x880b,
  ServiceVlan: 0x88a8,
  ErspanOneOrTwo: 0x88be,
  ErspanThree: 0x22eb,
  OldServiceVlan: 0x9100,
} as const;

const longest8023 = 1500;
