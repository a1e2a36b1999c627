import { describe, expect, it } from "vitest";
import { addressText } from "../../src/bytes/text.ts";
import { PacketDecoder } from "../../src/packet/decoder.ts";
import { PacketKind } from "../../src/packet/packet.ts";
import { bytesOf, concat, ethernet, frameOf, ipv4, ipv6, ipv6Fragment, tcp } from "../build/packet.ts";

const segment = tcp(bytesOf("aa bb cc dd"));
const hopByHop = (next: string): Uint8Array => bytesOf(`${next} 00 0104 00000000`);

describe("IP", () => {
  it("gives addresses, identification and hop limit", () => {
    const decoder = new PacketDecoder();
    decoder.decode(frameOf(ipv4(segment, { identification: 0xbeef }), 228));
    const { packet } = decoder;
    expect(addressText(packet.bytes, packet.sourceAddress, 4)).toBe("192.0.2.1");
    expect(addressText(packet.bytes, packet.destinationAddress, 4)).toBe("192.0.2.2");
    expect(packet).toMatchObject({ identification: 0xbeef, hopLimit: 64, protocol: 6, addressLength: 4 });
    decoder.decode(frameOf(ipv6(segment), 229));
    expect(addressText(packet.bytes, packet.sourceAddress, 16)).toBe("2001:db8::1");
    expect(addressText(packet.bytes, packet.destinationAddress, 16)).toBe("2001:db8::2");
    expect(packet).toMatchObject({ identification: 0, hopLimit: 64, protocol: 6, addressLength: 16 });
  });

  it.each([
    ["IPv4 options", ipv4(segment, { options: bytesOf("01010101 94040000") })],
    ["IPv4 total length 0 (segmentation offload)", ipv4(segment, { totalLength: 0 })],
    ["IPv4 padded by Ethernet", concat(ipv4(segment), new Uint8Array(18))],
    ["IPv4 that claims more than the frame has", ipv4(segment, { totalLength: 1500 })],
    [
      "IPv4 authentication header",
      ipv4(concat(bytesOf("06 04 0000 00000001 00000001"), new Uint8Array(12), segment), { protocol: 51 }),
    ],
    ["IPv6 padded", concat(ipv6(segment), new Uint8Array(7))],
    ["IPv6 payload length 0 (segmentation offload)", ipv6(segment, 6, 0)],
    ["IPv6 jumbogram", ipv6(concat(bytesOf("06 00 c204 00000020"), segment), 0, 0)],
    ["IPv6 hop-by-hop", ipv6(concat(hopByHop("06"), segment), 0)],
    ["IPv6 hop-by-hop, routing, destination", ipv6(concat(hopByHop("2b"), hopByHop("3c"), hopByHop("06"), segment), 0)],
    ["IPv6 destination options of 16 bytes", ipv6(concat(bytesOf("06 01 010c"), new Uint8Array(12), segment), 60)],
    [
      "IPv6 authentication header",
      ipv6(concat(bytesOf("06 04 0000 00000001 00000001"), new Uint8Array(12), segment), 51),
    ],
    ["IPv6 in one fragment", ipv6(ipv6Fragment(segment, 0, false), 44)],
    ["IPv6 in one fragment, reserved bits set", ipv6(concat(bytesOf("06 ff 0006 0000cafe"), segment), 44)],
  ])("%s leads to the segment", (_, bytes) => {
    const decoder = new PacketDecoder();
    expect(decoder.decode(frameOf(bytes, 101))).toBe(PacketKind.Tcp);
    const { packet } = decoder;
    expect(packet.bytes.subarray(packet.payloadStart, packet.payloadEnd)).toEqual(bytesOf("aa bb cc dd"));
    expect(packet.payloadLength).toBe(4);
  });

  it.each([
    ["header length 4", "44 00 0028 0000 0000 40 06 0000 c0000201 c0000202", "ip-header-malformed"],
    ["header length 0", "40 00 0028 0000 0000 40 06 0000 c0000201 c0000202", "ip-header-malformed"],
    ["options beyond the frame", "4f 00 0000 0000 0000 40 06 0000 c0000201 c0000202", "ip-header-malformed"],
    ["total length below the header", "45 00 0013 0000 0000 40 06 0000 c0000201 c0000202", "ip-header-malformed"],
    ["ten bytes on the wire", "45 00 0028 0000 0000 40 06", "ip-header-malformed"],
    ["ESP", "45 00 0014 0000 0000 40 32 0000 c0000201 c0000202", "ip-protocol"],
    ["IPv6 extension header number in IPv4", "45 00 0014 0000 0000 40 2b 0000 c0000201 c0000202", "ip-protocol"],
    ["version 5", "55 00 0014", "ip-version"],
  ])("%s is counted", (_, bytes, reason) => {
    const decoder = new PacketDecoder();
    expect(decoder.decode(frameOf(bytesOf(bytes), 101))).toBe(PacketKind.None);
    expect([...decoder.notUnderstood]).toEqual([[reason, 1]]);
  });

  it.each([
    ["no next header", ipv6(new Uint8Array(0), 59), "no-payload"],
    ["unknown next header", ipv6(new Uint8Array(8), 200), "ip-protocol"],
    ["extension header beyond the packet", ipv6(bytesOf("06 05 0104 00000000"), 0), "ip-header-malformed"],
    ["half an extension header", ipv6(bytesOf("06 00"), 60), "ip-header-malformed"],
    ["half a fragment header", ipv6(bytesOf("06 00 0000"), 44), "ip-header-malformed"],
    ["half an authentication header", ipv6(bytesOf("06 04 0000"), 51), "ip-header-malformed"],
    ["too many headers", ipv6(concat(...Array.from({ length: 30 }, () => hopByHop("3c"))), 60), "encapsulation-limit"],
  ])("IPv6 with %s is counted", (_, bytes, reason) => {
    const decoder = new PacketDecoder();
    expect(decoder.decode(frameOf(bytes, 229))).toBe(PacketKind.None);
    expect([...decoder.notUnderstood]).toEqual([[reason, 1]]);
  });

  it("tells a cut header from a malformed one", () => {
    const decoder = new PacketDecoder();
    const frame = ethernet(0x0800, ipv4(segment));
    expect(decoder.decode(frameOf(frame, 1, 14 + 19))).toBe(PacketKind.None);
    expect([...decoder.notUnderstood]).toEqual([["ip-header-cut", 1]]);
  });
});
