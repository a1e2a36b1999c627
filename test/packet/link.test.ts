import { describe, expect, it } from "vitest";
import { PacketDecoder } from "../../src/packet/decoder.ts";
import { PacketKind } from "../../src/packet/packet.ts";
import { bytesOf, concat, ethernet, frameOf, ipv4, ipv6, tcp } from "../build/packet.ts";

const segment = tcp(bytesOf("aa bb cc"));
const four = ipv4(segment);
const six = ipv6(segment);
const sll = "0000 0001 0006 020000000001 0000";
const sll2 = "0000 00000002 0001 00 06 020000000001 0000";

describe("link types", () => {
  it.each([
    ["NULL, little-endian IPv4", 0, "02000000", four],
    ["NULL, big-endian IPv4", 0, "00000002", four],
    ["NULL, Darwin IPv6", 0, "1e000000", six],
    ["NULL, FreeBSD IPv6, big-endian", 0, "0000001c", six],
    ["NULL, Linux IPv6", 0, "0a000000", six],
    ["LOOP, IPv4", 108, "00000002", four],
    ["LOOP, OpenBSD IPv6", 108, "00000018", six],
    ["LOOP in the wrong order", 108, "02000000", four],
    ["Ethernet", 1, "020000000001 020000000002 0800", four],
    ["PPP with address and control", 9, "ff03 0021", four],
    ["PPP without", 9, "0057", six],
    ["PPP, one byte of protocol", 9, "21", four],
    ["PPP, MPLS", 9, "0281 00011140", four],
    ["PPP in HDLC", 50, "ff03 0057", six],
    ["Cisco HDLC as PPP_HDLC", 50, "0f00 0800", four],
    ["Cisco HDLC", 104, "0f00 86dd", six],
    ["PPP_ETHER", 51, "1100 0007 002d 0021", four],
    ["RAW 12", 12, "", four],
    ["RAW 14", 14, "", six],
    ["RAW 101", 101, "", six],
    ["IPV4", 228, "", four],
    ["IPV6", 229, "", six],
    ["Linux cooked", 113, `${sll} 0800`, four],
    ["Linux cooked, VLAN", 113, `${sll} 8100 0064 86dd`, six],
    ["Linux cooked 2", 276, `0800 ${sll2}`, four],
    ["Linux cooked 2, IPv6", 276, `86dd ${sll2}`, six],
    ["PKTAP over RAW", 258, "10000000 01000000 0c000000 65746800", six],
    ["PKTAP over Ethernet", 258, "0c000000 01000000 01000000 020000000001 020000000002 0800", four],
  ])("%s", (_, linkType, header, content) => {
    const decoder = new PacketDecoder();
    const bytes = concat(bytesOf(header), content);
    expect(decoder.decode(frameOf(bytes, linkType))).toBe(PacketKind.Tcp);
    const { packet } = decoder;
    expect(packet.addressLength).toBe(content === four ? 4 : 16);
    expect(packet.bytes.subarray(packet.payloadStart, packet.payloadEnd)).toEqual(bytesOf("aa bb cc"));
  });

  it.each([
    [999, "00 01 02 03", "link-type"],
    [0, "07000000 45", "ether-type"],
    [0, "020000", "link-header-cut"],
    [9, "c021 0101", "ppp-protocol"],
    [9, "ff03", "link-header-cut"],
    [9, "", "link-header-cut"],
    [9, "00", "link-header-cut"],
    [50, "", "link-header-cut"],
    [51, "1109 0000 0000", "ppp-protocol"],
    [51, "1100 0000", "link-header-cut"],
    [101, "15", "ip-version"],
    [101, "", "no-payload"],
    [104, "0f00 2000", "ether-type"],
    [104, "0f00 0035", "ether-type"],
    [113, `${sll} 0003`, "ether-type"],
    [113, sll, "link-header-cut"],
    [276, `0001 ${sll2}`, "ether-type"],
    [276, `0800`, "link-header-cut"],
    [258, "04000000 01000000 0c000000", "link-header-cut"],
    [258, "ffffffff 01000000 0c000000", "link-header-cut"],
    [258, "0c000000 01000000 e7030000", "link-type"],
  ])("link type %i with %s is counted as %s", (linkType, bytes, reason) => {
    const decoder = new PacketDecoder();
    expect(decoder.decode(frameOf(bytesOf(bytes), linkType))).toBe(PacketKind.None);
    expect([...decoder.notUnderstood]).toEqual([[reason, 1]]);
  });

  it("leaves a frame with too many tags or PKTAP headers", () => {
    const decoder = new PacketDecoder();
    const tags = concat(...Array.from({ length: 17 }, () => bytesOf("0001 8100")));
    expect(decoder.decode(frameOf(ethernet(0x8100, tags)))).toBe(PacketKind.None);
    const pktap = concat(...Array.from({ length: 17 }, () => bytesOf("0c000000 01000000 02010000")));
    expect(decoder.decode(frameOf(pktap, 258))).toBe(PacketKind.None);
    expect([...decoder.notUnderstood]).toEqual([["encapsulation-limit", 2]]);
  });
});
