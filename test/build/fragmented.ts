import { bytesOf, concat, ethernet, ipv4, ipv6Fragment, udp } from "./packet.ts";

/** How the packets of a capture are put into fragments. */
export type Fragmenting = (frame: Uint8Array) => readonly Uint8Array[];

/** A little-endian pcap file whose frames, Ethernet with IPv4, become fragments where they are long enough. */
export function fragmented(pcap: Uint8Array, fragmenting: Fragmenting): Uint8Array {
  const view = new DataView(pcap.buffer, pcap.byteOffset);
  const parts = [pcap.subarray(0, 24)];
  for (let at = 24; at < pcap.length;) {
    const length = view.getUint32(at + 8, true);
    const frame = pcap.subarray(at + 16, at + 16 + length);
    for (const piece of fragmenting(frame)) {
      const head = pcap.slice(at, at + 16);
      const sizes = new DataView(head.buffer);
      sizes.setUint32(8, piece.length, true);
      sizes.setUint32(12, piece.length, true);
      parts.push(head, piece);
    }
    at += 16 + length;
  }
  return concat(...parts);
}

export const inIpv4: Fragmenting = (frame) =>
  pieces(frame.subarray(34)).map(({ content, offset, more }) =>
    ethernet(0x0800, ipv4(content, { ...endpoints(frame), offset, more, identification: next(frame) })),
  );

/** The addresses become those of IPv6 that end with them. */
export const inIpv6: Fragmenting = (frame) =>
  pieces(frame.subarray(34)).map(({ content, offset, more }) => {
    const fragment = ipv6Fragment(content, offset, more, next(frame));
    const addresses = [26, 30].map((at) => concat(bytesOf("20010db8 0000000000000000"), frame.subarray(at, at + 4)));
    const length = Uint8Array.of(fragment.length >> 8, fragment.length & 255);
    return ethernet(0x86dd, concat(bytesOf("60000000"), length, bytesOf("2c40"), ...addresses, fragment));
  });

/** The tunnel's datagrams are in fragments, not what they hold. */
export const inVxlan: Fragmenting = (frame) =>
  pieces(udp(concat(bytesOf("0800000000000700"), frame), 4789)).map(({ content, offset, more }) =>
    ethernet(0x0800, ipv4(content, { protocol: 17, offset, more, identification: next(frame) })),
  );

/** Also fragments of what a tunnel holds. */
export const inTunneledIpv4: Fragmenting = (frame) =>
  inIpv4(frame).map((piece) =>
    ethernet(0x0800, ipv4(udp(concat(bytesOf("0800000000000700"), piece), 4789), { protocol: 17 })),
  );

export function lastFirst(fragmenting: Fragmenting): Fragmenting {
  return (frame) => fragmenting(frame).toReversed();
}

function endpoints(frame: Uint8Array): { source: string; destination: string } {
  const text = (at: number): string => Buffer.from(frame.subarray(at, at + 4)).toString("hex");
  return { source: text(26), destination: text(30) };
}

/* The sequence number tells datagrams apart. */
function next(frame: Uint8Array): number {
  return (frame[40] << 8) | frame[41];
}

interface Piece {
  readonly content: Uint8Array;
  readonly offset: number;
  readonly more: boolean;
}

function pieces(payload: Uint8Array): readonly Piece[] {
  const offsets = [0, 40, 400].filter((offset) => offset < payload.length);
  return offsets.map((offset, n) => ({
    content: payload.subarray(offset, offsets[n + 1]),
    offset,
    more: n + 1 < offsets.length,
  }));
}
