import { describe, expect, it } from "vitest";
import { addressText } from "../../src/bytes/text.ts";
import { PacketDecoder } from "../../src/packet/decoder.ts";
import { QuotedSegment, readIcmpError } from "../../src/packet/icmp.ts";
import { PacketKind } from "../../src/packet/packet.ts";
import { bytesOf, concat, frameOf, ipv4, ipv6, tcp } from "../build/packet.ts";

const lost = tcp(new Uint8Array(0), { sequence: 0xffff_0000 }).subarray(0, 8);
const icmp = (header: string, quotation: Uint8Array): Uint8Array =>
  ipv4(concat(bytesOf(header), quotation), { protocol: 1, source: "c6336401", destination: "c0000201" });
const icmpv6 = (header: string, quotation: Uint8Array): Uint8Array => ipv6(concat(bytesOf(header), quotation), 58);

function read(
  bytes: Uint8Array,
  captured = bytes.length,
): { found: boolean; quoted: QuotedSegment; bytes: Uint8Array } {
  const decoder = new PacketDecoder();
  const quoted = new QuotedSegment();
  expect(decoder.decode(frameOf(bytes, 101, captured))).toBe(PacketKind.Icmp);
  return { found: readIcmpError(decoder.packet, quoted), quoted, bytes: decoder.packet.bytes };
}

describe("ICMP errors", () => {
  it.each([
    ["port unreachable", "0303 0000 00000000", { type: 3, code: 3, mtu: 0 }],
    ["fragmentation needed", "0304 0000 00000578", { type: 3, code: 4, mtu: 1400 }],
    ["time exceeded", "0b00 0000 00000000", { type: 11, code: 0, mtu: 0 }],
    ["parameter problem", "0c00 0000 00000000", { type: 12, code: 0, mtu: 0 }],
  ])("quote a segment: %s", (_, header, expected) => {
    const options = bytesOf("94040000");
    for (const quotation of [ipv4(lost, { totalLength: 1500 }), ipv4(lost, { totalLength: 1500, options })]) {
      const { found, quoted, bytes } = read(icmp(header, quotation));
      expect(found).toBe(true);
      expect(quoted).toMatchObject({ ...expected, sourcePort: 40000, destinationPort: 443 });
      expect(addressText(bytes, quoted.sourceAddress, quoted.addressLength)).toBe("192.0.2.1");
      expect(addressText(bytes, quoted.destinationAddress, quoted.addressLength)).toBe("192.0.2.2");
    }
  });

  it.each([
    ["no route", "0100 0000 00000000", { type: 1, code: 0, mtu: 0 }],
    ["packet too big", "0200 0000 00000500", { type: 2, code: 0, mtu: 1280 }],
    ["hop limit exceeded", "0300 0000 00000000", { type: 3, code: 0, mtu: 0 }],
  ])("quote a segment over IPv6: %s", (_, header, expected) => {
    const extended = ipv6(concat(bytesOf("06 00 0104 00000000"), lost), 60, 1400);
    for (const quotation of [ipv6(lost, 6, 1400), extended]) {
      const { found, quoted, bytes } = read(icmpv6(header, quotation));
      expect(found).toBe(true);
      expect(quoted).toMatchObject({ ...expected, sourcePort: 40000, destinationPort: 443 });
      expect(addressText(bytes, quoted.destinationAddress, quoted.addressLength)).toBe("2001:db8::2");
    }
  });

  it.each([
    ["echo", icmp("0800 0000 00000000", ipv4(lost))],
    ["redirect", icmp("0501 0000 c0000202", ipv4(lost))],
    ["echo over IPv6", icmpv6("8000 0000 00000000", ipv6(lost))],
    ["a quoted UDP datagram", icmp("0303 0000 00000000", ipv4(lost, { protocol: 17 }))],
    ["a quoted later fragment", icmp("0303 0000 00000000", ipv4(lost, { offset: 8 }))],
    ["a quoted header of 16 bytes", icmp("0303 0000 00000000", concat(bytesOf("44"), ipv4(lost).subarray(1)))],
    ["a quotation of another version", icmp("0303 0000 00000000", ipv6(lost))],
    ["a quotation of another version over IPv6", icmpv6("0100 0000 00000000", concat(ipv4(lost), new Uint8Array(40)))],
    ["endless extension headers", icmpv6("0100 0000 00000000", ipv6(new Uint8Array(400), 0))],
    ["an extension header past the end", icmpv6("0100 0000 00000000", ipv6(bytesOf("06 ff"), 0))],
  ])("are not read from %s", (_, bytes) => {
    expect(read(bytes).found).toBe(false);
  });

  it.each([
    ["IPv4", icmp("0303 0000 00000000", ipv4(lost)), 20],
    ["IPv6", icmpv6("0100 0000 00000000", ipv6(lost)), 40],
  ])("cut anywhere are not read: %s", (_, bytes, headerLength) => {
    for (let captured = headerLength + 4; captured < bytes.length; captured++) {
      expect(read(bytes, captured).found).toBe(false);
    }
    expect(read(bytes).found).toBe(true);
  });
});
