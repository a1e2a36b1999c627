import { describe, expect, it } from "vitest";
import { PacketDecoder } from "../../src/packet/decoder.ts";
import { PacketKind } from "../../src/packet/packet.ts";
import { bytesOf, concat, ethernet, frameOf, ipv4, ipv6, tcp } from "../build/packet.ts";

const segment = tcp(bytesOf("aa bb"));

describe("EtherType", () => {
  it.each([
    ["IPv4", ethernet(0x0800, ipv4(segment))],
    ["IPv6", ethernet(0x86dd, ipv6(segment))],
    ["802.1Q", ethernet(0x8100, concat(bytesOf("0064 0800"), ipv4(segment)))],
    ["QinQ", ethernet(0x88a8, concat(bytesOf("0064 8100 0065 86dd"), ipv6(segment)))],
    ["old QinQ", ethernet(0x9100, concat(bytesOf("0064 8100 0065 0800"), ipv4(segment)))],
    ["three tags", ethernet(0x8100, concat(bytesOf("0001 8100 0002 8100 0003 0800"), ipv4(segment)))],
    ["MPLS, IPv4", ethernet(0x8847, concat(bytesOf("00010040 00011140"), ipv4(segment)))],
    ["MPLS multicast, IPv6", ethernet(0x8848, concat(bytesOf("00011140"), ipv6(segment)))],
    ["MPLS pseudowire", ethernet(0x8847, concat(bytesOf("00011140 00000000"), ethernet(0x0800, ipv4(segment))))],
    ["PPPoE", ethernet(0x8864, concat(bytesOf("1100 0001 002c 0021"), ipv4(segment)))],
    ["SNAP", ethernet(50, concat(bytesOf("aaaa03 000000 0800"), ipv4(segment)))],
    ["SNAP under a tag", ethernet(0x8100, concat(bytesOf("0064 0032 aaaa03 000000 0800"), ipv4(segment)))],
    ["LLC with IP", ethernet(45, concat(bytesOf("060603"), ipv4(segment)))],
  ])("%s leads to the segment", (_, bytes) => {
    const decoder = new PacketDecoder();
    expect(decoder.decode(frameOf(bytes))).toBe(PacketKind.Tcp);
    expect(decoder.packet).toMatchObject({ sourcePort: 40000, destinationPort: 443, payloadLength: 2 });
    expect(decoder.notUnderstood.size).toBe(0);
  });

  it.each([
    ["ARP", ethernet(0x0806, bytesOf("0001")), "arp"],
    ["PPPoE discovery", ethernet(0x8863, bytesOf("1109 0000 0000")), "ether-type"],
    ["LLDP", ethernet(0x88cc, bytesOf("0207")), "ether-type"],
    ["between length and type", ethernet(0x05dd, bytesOf("0000")), "ether-type"],
    ["spanning tree", ethernet(3, bytesOf("424203")), "ether-type"],
    ["SNAP with a length", ethernet(8, bytesOf("aaaa03 000000 0003")), "ether-type"],
    ["numbered LLC", ethernet(4, bytesOf("0606 0100")), "ether-type"],
    ["802.3 shorter than LLC", ethernet(2, bytesOf("aaaa 03 000000 0800")), "link-header-cut"],
    ["IPv6 under 0x0800", ethernet(0x0800, ipv6(segment)), "ip-version"],
    ["IPv4 under 0x86dd", ethernet(0x86dd, ipv4(tcp(new Uint8Array(40)))), "ip-version"],
  ])("%s is counted", (_, bytes, reason) => {
    const decoder = new PacketDecoder();
    expect(decoder.decode(frameOf(bytes))).toBe(PacketKind.None);
    expect([...decoder.notUnderstood]).toEqual([[reason, 1]]);
  });
});
