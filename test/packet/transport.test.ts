import { describe, expect, it } from "vitest";
import { PacketDecoder } from "../../src/packet/decoder.ts";
import { PacketKind } from "../../src/packet/packet.ts";
import { bytesOf, frameOf, ipv4, ipv6, tcp, udp } from "../build/packet.ts";

function decoded(bytes: Uint8Array, captured = bytes.length) {
  const decoder = new PacketDecoder();
  const kind = decoder.decode(frameOf(bytes, 101, captured));
  const { packet } = decoder;
  const payload = packet.bytes.subarray(packet.payloadStart, packet.payloadEnd);
  return { kind, packet, payload, notUnderstood: [...decoder.notUnderstood] };
}

describe("TCP", () => {
  it("gives numbers, flags and payload", () => {
    const fields = { sequence: 0xffff_fff0, acknowledgment: 0x8000_0000, flags: 0x1c2, window: 65535 };
    const { kind, packet, payload } = decoded(ipv4(tcp(bytesOf("01 02"), { ...fields, options: bytesOf("02040064") })));
    expect(kind).toBe(PacketKind.Tcp);
    expect(packet).toMatchObject({ sequence: -16, acknowledgment: -0x8000_0000, flags: 0x1c2, window: 65535 });
    expect(payload).toEqual(bytesOf("01 02"));
  });

  it("says what the snap length cut", () => {
    const whole = ipv4(tcp(new Uint8Array(100), { options: bytesOf("0101 080a 00000001 00000002") }));
    expect(decoded(whole, 20 + 32 + 10).packet).toMatchObject({ payloadLength: 100 });
    expect(decoded(whole, 20 + 32 + 10).payload).toHaveLength(10);
    expect(decoded(whole, 20 + 32).payload).toHaveLength(0);
  });

  it("does without options that were not captured", () => {
    const whole = ipv4(tcp(new Uint8Array(100), { options: bytesOf("0101 080a 00000001 00000002") }));
    const { kind, packet, payload } = decoded(whole, 20 + 22);
    expect(kind).toBe(PacketKind.Tcp);
    expect(packet.payloadLength).toBe(100);
    expect(payload).toHaveLength(0);
  });

  it.each([
    ["19 bytes captured", decoded(ipv4(tcp(bytesOf("00"))), 39), "tcp-header-cut"],
    ["19 bytes on the wire", decoded(ipv4(tcp(new Uint8Array(0)).subarray(0, 19))), "tcp-header-malformed"],
    [
      "data offset 4",
      decoded(ipv4(bytesOf("9c40 01bb 00000001 00000002 4018 0200 0000 0000"))),
      "tcp-header-malformed",
    ],
    [
      "data offset past the end",
      decoded(ipv4(bytesOf("9c40 01bb 00000001 00000002 6018 0200 0000 0000"))),
      "tcp-header-malformed",
    ],
  ])("%s is counted", (_, { kind, notUnderstood }, reason) => {
    expect(kind).toBe(PacketKind.None);
    expect(notUnderstood).toEqual([[reason, 1]]);
  });
});

describe("UDP", () => {
  it.each([
    ["its length", 10, "01 02"],
    ["length 0", 0, "01 02 03"],
    ["a length below the header", 7, "01 02 03"],
    ["a length beyond the packet", 4000, "01 02 03"],
  ])("ends by %s", (_, length, expected) => {
    const { kind, packet, payload } = decoded(ipv4(udp(bytesOf("01 02 03"), 53, length), { protocol: 17 }));
    expect(kind).toBe(PacketKind.Udp);
    expect(packet).toMatchObject({ sourcePort: 5353, destinationPort: 53, protocol: 17 });
    expect(payload).toEqual(bytesOf(expected));
    expect(packet.payloadLength).toBe(payload.length);
  });

  it("is counted when cut", () => {
    expect(decoded(ipv4(udp(bytesOf("01")), { protocol: 17 }), 27).notUnderstood).toEqual([["udp-header-cut", 1]]);
  });
});

describe("ICMP", () => {
  it.each([
    ["ICMP", ipv4(bytesOf("0800 0000 0001 0001"), { protocol: 1 })],
    ["ICMPv6", ipv6(bytesOf("8000 0000 0001 0001"), 58)],
  ])("%s starts at its header", (_, bytes) => {
    const { kind, payload } = decoded(bytes);
    expect(kind).toBe(PacketKind.Icmp);
    expect(payload).toHaveLength(8);
  });

  it("is counted when cut", () => {
    expect(decoded(ipv4(bytesOf("0800 00"), { protocol: 1 })).notUnderstood).toEqual([["icmp-header-cut", 1]]);
  });
});
