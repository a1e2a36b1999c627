import { describe, expect, it } from "vitest";
import { PacketDecoder } from "../../src/packet/decoder.ts";
import { PacketKind } from "../../src/packet/packet.ts";
import { bytesOf, concat, ethernet, frameOf, ipv4, ipv6, tcp, udp } from "../build/packet.ts";

const inner = ipv4(tcp(bytesOf("aa bb")), { source: "0a000001", destination: "0a000002" });
const innerFrame = ethernet(0x0800, inner);
const gre = (header: string, content: Uint8Array): Uint8Array =>
  ipv4(concat(bytesOf(header), content), { protocol: 47 });
const overUdp = (port: number, header: string, content: Uint8Array): Uint8Array =>
  ipv4(udp(concat(bytesOf(header), content), port), { protocol: 17 });
const pptp = concat(bytesOf("ff03 0021"), inner);

describe("tunnels", () => {
  it.each([
    ["IPv4 in IPv4", ipv4(inner, { protocol: 4 })],
    ["IPv4 in IPv6", ipv6(inner, 4)],
    ["IPv4 in IPv6 in IPv4", ipv4(ipv6(inner, 4), { protocol: 41 })],
    ["GRE", gre("0000 0800", inner)],
    ["GRE, checksum, key and sequence", gre("b000 0800 00000000 00000001 00000002", inner)],
    ["GRE, Ethernet", gre("2000 6558 00000001", innerFrame)],
    ["GRE, ERSPAN I", gre("0000 88be", innerFrame)],
    ["GRE, ERSPAN II", gre("1000 88be 00000001 1001 0001 00000000", innerFrame)],
    ["GRE, ERSPAN III", gre("1000 22eb 00000001 20010001 00000000 00000000", innerFrame)],
    ["GRE, ERSPAN III, platform", gre("1000 22eb 00000001 20010001 00000000 00000001 0000000000000000", innerFrame)],
    ["GRE in GRE", gre("0000 0800", gre("0000 0800", inner))],
    ["PPTP", gre("3001 880b 0030 0001 00000001", pptp)],
    ["PPTP with acknowledgment", gre("3081 880b 0030 0001 00000001 00000002", pptp)],
    ["VXLAN", overUdp(4789, "08000000 00000100", innerFrame)],
    ["VXLAN, port of old Linux", overUdp(8472, "08000000 00000100", innerFrame)],
    ["VXLAN, group policy", overUdp(4789, "88000010 00000100", innerFrame)],
    ["Geneve", overUdp(6081, "0000 6558 00000100", innerFrame)],
    ["Geneve, options", overUdp(6081, "0240 6558 00000100 0102 8001 00000000", innerFrame)],
    ["Geneve, IPv4", overUdp(6081, "0000 0800 00000100", inner)],
    ["VXLAN with a tag", overUdp(4789, "08000000 00000100", ethernet(0x8100, concat(bytesOf("0001 0800"), inner)))],
  ])("%s gives the innermost packet", (_, bytes) => {
    const decoder = new PacketDecoder();
    expect(decoder.decode(frameOf(bytes, 101))).toBe(PacketKind.Tcp);
    const { packet } = decoder;
    expect(packet.bytes.subarray(packet.sourceAddress, packet.sourceAddress + 4)).toEqual(bytesOf("0a000001"));
    expect(packet.bytes.subarray(packet.payloadStart, packet.payloadEnd)).toEqual(bytesOf("aa bb"));
  });

  it.each([
    ["VXLAN flags", overUdp(4789, "09000000 00000100", innerFrame)],
    ["VXLAN reserved bits", overUdp(4789, "08000001 00000100", innerFrame)],
    ["VXLAN last byte", overUdp(4789, "08000000 00000101", innerFrame)],
    ["VXLAN without room for a frame", overUdp(4789, "08000000 00000100", innerFrame.subarray(0, 13))],
    ["a DNS answer to port 4789", overUdp(4789, "1234 8180 0001 0001 0000 0000", new Uint8Array(40))],
    ["Geneve version", overUdp(6081, "4000 6558 00000100", innerFrame)],
    ["Geneve reserved flags", overUdp(6081, "0001 6558 00000100", innerFrame)],
    ["Geneve protocol", overUdp(6081, "0000 1234 00000100", innerFrame)],
    ["Geneve options beyond the packet", overUdp(6081, "3f00 6558 00000100", innerFrame)],
    ["Geneve of 7 bytes", overUdp(6081, "0000 6558 000001", new Uint8Array(0))],
  ])("%s: stays a UDP datagram", (_, bytes) => {
    const decoder = new PacketDecoder();
    expect(decoder.decode(frameOf(bytes, 101))).toBe(PacketKind.Udp);
    expect(decoder.packet.sourcePort).toBe(5353);
    expect(decoder.packet.bytes[decoder.packet.payloadStart - 8]).toBe(5353 >> 8);
  });

  it.each([
    ["GRE of 3 bytes", gre("0000 08", new Uint8Array(0)), "tunnel-header-cut"],
    ["GRE whose key is missing", gre("2000 0800", new Uint8Array(3)), "tunnel-header-cut"],
    ["GRE with source routing", gre("4000 0800 00000000", inner), "tunnel-header-malformed"],
    ["GRE version 2", gre("0002 0800", inner), "tunnel-header-malformed"],
    ["GRE with an unknown protocol", gre("0000 1234", inner), "ether-type"],
    ["GRE with a small number", gre("0000 0010", inner), "ether-type"],
    ["PPTP with anything but PPP", gre("3001 0800 0030 0001 00000001", pptp), "ether-type"],
    ["ERSPAN III of 11 bytes", gre("1000 22eb 00000001", new Uint8Array(11)), "tunnel-header-cut"],
    ["ERSPAN II of 7 bytes", gre("1000 88be 00000001", new Uint8Array(7)), "tunnel-header-cut"],
    ["IPv6 announced as IPv4", ipv4(ipv6(tcp(new Uint8Array(0))), { protocol: 4 }), "ip-version"],
    ["ARP in VXLAN", overUdp(4789, "08000000 00000100", ethernet(0x0806, new Uint8Array(28))), "arp"],
  ])("%s is counted", (_, bytes, reason) => {
    const decoder = new PacketDecoder();
    expect(decoder.decode(frameOf(bytes, 101))).toBe(PacketKind.None);
    expect([...decoder.notUnderstood]).toEqual([[reason, 1]]);
  });

  it("is not followed deeper than the cap", () => {
    let nested = inner;
    for (let depth = 0; depth < 16; depth++) nested = ipv4(nested, { protocol: 4 });
    const decoder = new PacketDecoder();
    expect(decoder.decode(frameOf(nested, 101))).toBe(PacketKind.Tcp);
    expect(decoder.decode(frameOf(ipv4(nested, { protocol: 4 }), 101))).toBe(PacketKind.None);
    expect([...decoder.notUnderstood]).toEqual([["encapsulation-limit", 1]]);
  });
});
