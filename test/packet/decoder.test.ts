import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Frame } from "../../src/capture/frame.ts";
import { PacketDecoder } from "../../src/packet/decoder.ts";
import { PacketKind } from "../../src/packet/packet.ts";
import { bytesOf, concat, ethernet, frameOf, ipv4, ipv6, ipv6Fragment, tcp, udp } from "../build/packet.ts";

const segment = tcp(bytesOf("aa bb cc dd ee"), { options: bytesOf("0101 080a 00000001 00000002") });
const vxlan = concat(bytesOf("08000000 00000100"), ethernet(0x0800, ipv4(segment)));
const geneve = concat(bytesOf("0140 0800 00000100 00000000"), ipv4(segment));
const gre = concat(bytesOf("3000 6558 00000001 00000002"), ethernet(0x86dd, ipv6(segment)));
const tagged = concat(bytesOf("0001 8847 00011140"), ipv4(segment));

const frames: readonly (readonly [string, number, Uint8Array])[] = [
  ["Ethernet and TCP", 1, ethernet(0x0800, ipv4(segment))],
  ["VLAN and MPLS", 1, ethernet(0x8100, tagged)],
  ["SNAP", 1, ethernet(65, concat(bytesOf("aaaa03 000000 0800"), ipv4(segment)))],
  ["IPv6 extension headers", 229, ipv6(concat(bytesOf("2c 00 0104 00000000"), ipv6Fragment(segment, 0, false)), 0)],
  ["IPv6 fragment", 229, ipv6(ipv6Fragment(segment, 0, true), 44)],
  ["VXLAN", 101, ipv4(udp(vxlan, 4789), { protocol: 17 })],
  ["Geneve", 101, ipv4(udp(geneve, 6081), { protocol: 17 })],
  ["GRE", 101, ipv4(gre, { protocol: 47 })],
  ["PPPoE", 51, concat(bytesOf("1100 0007 003b 0021"), ipv4(segment))],
  ["Linux cooked", 113, concat(bytesOf("0000 0001 0006 020000000001 0000 0800"), ipv4(segment))],
  ["PKTAP", 258, concat(bytesOf("0c000000 01000000 0c000000"), ipv4(segment))],
];

const linkTypes = [0, 1, 9, 12, 14, 50, 51, 101, 104, 108, 113, 228, 229, 258, 276, 999];

function checkOffsets(decoder: PacketDecoder, kind: PacketKind, frame: Frame): void {
  if (kind === PacketKind.None || kind === PacketKind.Fragment) return;
  const { packet } = decoder;
  expect(packet.payloadStart).toBeLessThanOrEqual(packet.payloadEnd);
  expect(packet.payloadEnd).toBeLessThanOrEqual(packet.bytes === frame.bytes ? frame.end : packet.bytes.length);
  expect(packet.payloadLength).toBeGreaterThanOrEqual(packet.payloadEnd - packet.payloadStart);
}

describe("PacketDecoder", () => {
  it.each(frames)("%s cut anywhere gives a status, and its reason when not understood", (_, linkType, bytes) => {
    for (let captured = 0; captured <= bytes.length; captured++) {
      const decoder = new PacketDecoder();
      const frame = frameOf(bytes, linkType, captured);
      const kind = decoder.decode(frame);
      checkOffsets(decoder, kind, frame);
      const counted = [...decoder.notUnderstood.values()].reduce((sum, frames) => sum + frames, 0);
      expect(counted).toBe(kind === PacketKind.None ? 1 : 0);
      if (captured === bytes.length) expect(kind).not.toBe(PacketKind.None);
      if (kind === PacketKind.Tcp && captured >= bytes.length - 5) expect(decoder.packet.payloadLength).toBe(5);
    }
  });

  it.each(frames)("%s that ends anywhere on the wire gives a status", (_, linkType, bytes) => {
    for (let length = 0; length < bytes.length; length++) {
      const decoder = new PacketDecoder();
      const frame = frameOf(bytes.subarray(0, length), linkType);
      checkOffsets(decoder, decoder.decode(frame), frame);
    }
  });

  it.each(linkTypes)("survives any bytes on link type %i", (linkType) => {
    const decoder = new PacketDecoder();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(2000), (bytes, more) => {
        const frame = frameOf(bytes, linkType);
        frame.originalLength += more;
        checkOffsets(decoder, decoder.decode(frame), frame);
      }),
      { seed: 20240917, numRuns: 200 },
    );
  });

  it("survives valid frames with some bytes changed", () => {
    const decoder = new PacketDecoder();
    const change = fc.tuple(fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.array(change, { maxLength: 4 }), ([, linkType, bytes], changes) => {
        const changed = new Uint8Array(bytes);
        for (const [at, value] of changes) changed[at % changed.length] = value;
        const frame = frameOf(changed, linkType);
        checkOffsets(decoder, decoder.decode(frame), frame);
      }),
      { seed: 20240917, numRuns: 2000 },
    );
    decoder.finish();
  });

  it("starts each frame afresh", () => {
    const decoder = new PacketDecoder();
    decoder.decode(frameOf(ipv4(gre, { protocol: 47 }), 101));
    expect(decoder.decode(frameOf(ethernet(0x0800, ipv4(segment))))).toBe(PacketKind.Tcp);
    expect(decoder.packet).toMatchObject({ addressLength: 4, payloadLength: 5 });
    expect(decoder.decode(frameOf(bytesOf("00"), 999))).toBe(PacketKind.None);
    expect(decoder.decode(frameOf(bytesOf("00"), 999))).toBe(PacketKind.None);
    expect([...decoder.notUnderstood]).toEqual([["link-type", 2]]);
  });

  it("reads offsets from the start of the frame, not of the block", () => {
    const decoder = new PacketDecoder();
    const frame = frameOf(ethernet(0x0800, ipv4(segment)));
    decoder.decode(frame);
    expect(decoder.packet.sourceAddress).toBe(frame.start + 26);
    expect(decoder.packet.bytes).toBe(frame.bytes);
  });
});
