/**
 * A decoded packet: offsets into `bytes`, never a copy. The innermost IP packet of the frame.
 *
 * One instance is reused for a whole pass. Borrows: valid until the decoder is called again or the frame changes.
 * `bytes` is the frame's block, or the decoder's own buffer for a datagram put together from fragments.
 */
export class Packet {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  /** 4 or 16; the IP version follows. */
  addressLength: 4 | 16 = 4;
  /** Offsets of the addresses. */
  sourceAddress = 0;
  destinationAddress = 0;
  /** IP protocol of the payload: 6, 17, 1, 58. */
  protocol = 0;
  /** IPv4 identification, or 0. Two copies of one packet share it; a retransmission does not. */
  identification = 0;
  /** IPv4 TTL or IPv6 hop limit: differs between the legs of a router. */
  hopLimit = 0;
  sourcePort = 0;
  destinationPort = 0;
  /** TCP sequence and acknowledgment numbers as signed 32-bit integers: compare by wrapped subtraction. */
  sequence = 0;
  acknowledgment = 0;
  /** TCP flags: the low nine bits of the field. */
  flags = 0;
  window = 0;
  /** Payload that was captured. */
  payloadStart = 0;
  payloadEnd = 0;
  /** Payload bytes the packet had on the wire: more than captured when the snap length cut it. */
  payloadLength = 0;
}

export const TcpFlag = { Fin: 0x01, Syn: 0x02, Rst: 0x04, Psh: 0x08, Ack: 0x10, Urg: 0x20 } as const;

/** What `PacketDecoder.decode` made of a frame. */
export const PacketKind = {
  /** Not understood; the decoder counted the reason. */
  None: 0,
  Tcp: 1,
  Udp: 2,
  /** ICMP or ICMPv6; `payloadStart` is at the ICMP header. */
  Icmp: 3,
  /** A fragment that waits for the others. */
  Fragment: 4,
} as const;
export type PacketKind = (typeof PacketKind)[keyof typeof PacketKind];

/** Why a frame, or what is in it, was not understood: the keys of `capture.notUnderstood`. */
export type NotUnderstood =
  | "link-type"
  | "link-header-cut"
  | "ether-type"
  | "arp"
  | "ip-version"
  | "ip-header-cut"
  | "ip-header-malformed"
  | "ip-protocol"
  | "fragment-incomplete"
  | "fragment-limit"
  | "tcp-header-cut"
  | "tcp-header-malformed"
  | "udp-header-cut"
  | "icmp-header-cut"
  | "tunnel-header-cut"
  | "tunnel-header-malformed"
  | "encapsulation-limit"
  | "ppp-protocol"
  | "no-payload";
