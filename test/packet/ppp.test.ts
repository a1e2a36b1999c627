import { describe, expect, it } from "vitest";
import { PacketDecoder } from "../../src/packet/decoder.ts";
import { PacketKind } from "../../src/packet/packet.ts";
import { bytesOf, concat, ethernet, frameOf, ipv4, tcp } from "../build/packet.ts";

describe("PPPoE", () => {
  it("takes its length as the end, so that Ethernet padding is no payload", () => {
    const datagram = ipv4(tcp(bytesOf("aa")), { totalLength: 0 });
    const session = concat(bytesOf("1100 0001"), new Uint8Array([0, datagram.length + 2]), bytesOf("0021"), datagram);
    const decoder = new PacketDecoder();
    expect(decoder.decode(frameOf(ethernet(0x8864, concat(session, new Uint8Array(9)))))).toBe(PacketKind.Tcp);
    expect(decoder.packet.payloadLength).toBe(1);
  });

  it("is not followed deeper than the cap", () => {
    const round = "1100 0001 ffff 0281 00011140 00000000 020000000001 020000000002 8864";
    const nested = concat(...Array.from({ length: 9 }, () => bytesOf(round)));
    const decoder = new PacketDecoder();
    expect(decoder.decode(frameOf(nested, 51))).toBe(PacketKind.None);
    expect([...decoder.notUnderstood]).toEqual([["encapsulation-limit", 1]]);
  });
});
