import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Frame } from "../../src/capture/frame.ts";
import { limits } from "../../src/limits.ts";
import { PacketDecoder } from "../../src/packet/decoder.ts";
import { PacketKind } from "../../src/packet/packet.ts";
import { bytesOf, frameOf, ipv4, ipv6, ipv6Fragment, tcp } from "../build/packet.ts";

const segment = tcp(Uint8Array.from({ length: 50 }, (_, n) => n + 1));

interface Piece {
  offset: number;
  length: number;
  more: boolean;
}

const thirds: readonly Piece[] = [
  { offset: 0, length: 24, more: true },
  { offset: 24, length: 24, more: true },
  { offset: 48, length: 22, more: false },
];

function four(piece: Piece, content = segment, identification = 7): Frame {
  const part = content.subarray(piece.offset, piece.offset + piece.length);
  return frameOf(ipv4(part, { identification, offset: piece.offset, more: piece.more }), 101);
}

function six(piece: Piece, content = segment, nextHeader = 6): Frame {
  const part = content.subarray(piece.offset, piece.offset + piece.length);
  return frameOf(ipv6(ipv6Fragment(part, piece.offset, piece.more, 7, nextHeader), 44), 101);
}

function payload(decoder: PacketDecoder): Uint8Array {
  return decoder.packet.bytes.slice(decoder.packet.payloadStart, decoder.packet.payloadEnd);
}

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((item, n) =>
    permutations([...list.slice(0, n), ...list.slice(n + 1)]).map((rest) => [item, ...rest]),
  );
}

describe("fragments", () => {
  for (const order of permutations(thirds)) {
    it.each([
      ["IPv4", four, 4],
      ["IPv6", six, 16],
    ] as const)(`%s in the order ${order.map((piece) => piece.offset).join(", ")}`, (_, build, addressLength) => {
      const decoder = new PacketDecoder();
      const kinds = order.map((piece) => {
        const frame = build(piece);
        const kind = decoder.decode(frame);
        frame.bytes.fill(0xdb);
        return kind;
      });
      expect(kinds).toEqual([PacketKind.Fragment, PacketKind.Fragment, PacketKind.Tcp]);
      expect(payload(decoder)).toEqual(segment.subarray(20));
      const { packet } = decoder;
      expect(packet).toMatchObject({ addressLength, sourcePort: 40000, payloadLength: 50 });
      const source = packet.bytes.subarray(packet.sourceAddress, packet.sourceAddress + addressLength);
      expect(source).toEqual(bytesOf(addressLength === 4 ? "c0000201" : "20010db8000000000000000000000001"));
      expect(packet.bytes[packet.destinationAddress + addressLength - 1]).toBe(2);
      decoder.finish();
      expect(decoder.notUnderstood.size).toBe(0);
    });
  }

  it("agree with a byte map under any order, overlap and repetition", () => {
    const piece = fc.record({
      offset: fc.nat(12).map((n) => n * 8),
      units: fc.integer({ min: 0, max: 6 }),
      odd: fc.nat(7),
      last: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 14 }), (pieces) => {
        const decoder = new PacketDecoder();
        const map = new Map<number, number>();
        let total = -1;
        for (const [n, { offset, units, odd, last }] of pieces.entries()) {
          const length = last ? units * 8 + odd : units * 8;
          if (offset === 0 && last) continue;
          const content = new Uint8Array(length).fill(n + 1);
          const frame = frameOf(ipv4(content, { protocol: 17, identification: 9, offset, more: !last }), 101);
          const kind = decoder.decode(frame);
          if (last && total < 0) total = offset + length;
          const end = last && offset + length < total ? offset + units * 8 : offset + length;
          for (let at = offset; at < end; at++) if (!map.has(at)) map.set(at, n + 1);
          const whole = total >= 0 && Array.from({ length: total }, (_, at) => map.has(at)).every(Boolean);
          expect(kind === PacketKind.Fragment).toBe(!whole);
          if (!whole) continue;
          const { packet } = decoder;
          if (kind === PacketKind.Udp) {
            const start = packet.payloadStart - 8;
            const expected = Array.from({ length: packet.payloadEnd - start }, (_, at) => map.get(at));
            expect([...packet.bytes.subarray(start, packet.payloadEnd)]).toEqual(expected);
          }
          return;
        }
      }),
      { seed: 20240917, numRuns: 1000 },
    );
  });

  it("let the first bytes and the first end win", () => {
    const decoder = new PacketDecoder();
    decoder.decode(four(thirds[2]));
    decoder.decode(four({ offset: 24, length: 40, more: true }, new Uint8Array(100).fill(0xee)));
    decoder.decode(four({ offset: 56, length: 20, more: false }, new Uint8Array(100).fill(0xee)));
    expect(decoder.decode(four(thirds[0]))).toBe(PacketKind.Tcp);
    const expected = segment.slice(20);
    expected.fill(0xee, 4, 28);
    expect(payload(decoder)).toEqual(expected);
  });

  it("drop what a fragment before the last has beyond its last 8 bytes", () => {
    const decoder = new PacketDecoder();
    decoder.decode(four({ offset: 0, length: 29, more: true }, new Uint8Array(segment).fill(0xee, 24)));
    decoder.decode(four(thirds[1]));
    expect(decoder.decode(four(thirds[2]))).toBe(PacketKind.Tcp);
    expect(payload(decoder)).toEqual(segment.subarray(20));
  });

  it("take the protocol of IPv6 from the first", () => {
    const decoder = new PacketDecoder();
    decoder.decode(six(thirds[1], segment, 59));
    decoder.decode(six(thirds[2], segment, 17));
    expect(decoder.decode(six(thirds[0], segment, 6))).toBe(PacketKind.Tcp);
  });

  it("of different datagrams do not mix", () => {
    const decoder = new PacketDecoder();
    const other = frameOf(ipv4(segment.subarray(0, 24), { identification: 7, more: true, source: "c0000203" }), 101);
    const elsewhere = four(thirds[0]);
    elsewhere.interfaceId = 1;
    for (const frame of [other, elsewhere, four(thirds[0], segment, 8), six(thirds[0])]) decoder.decode(frame);
    decoder.decode(frameOf(ipv4(segment.subarray(0, 24), { identification: 7, more: true, protocol: 17 }), 101));
    decoder.decode(four(thirds[1]));
    expect(decoder.decode(four(thirds[2]))).toBe(PacketKind.Fragment);
    expect(decoder.decode(four(thirds[0]))).toBe(PacketKind.Tcp);
    decoder.finish();
    expect([...decoder.notUnderstood]).toEqual([["fragment-incomplete", 5]]);
  });

  it("that the snap length cut give what is in front of the cut", () => {
    const decoder = new PacketDecoder();
    decoder.decode(frameOf(ipv4(segment.subarray(0, 48), { more: true }), 101, 20 + 30));
    expect(decoder.decode(frameOf(ipv4(segment.subarray(48), { offset: 48 }), 101))).toBe(PacketKind.Tcp);
    expect(payload(decoder)).toEqual(segment.subarray(20, 30));
    expect(decoder.packet.payloadLength).toBe(50);
  });

  it("are put together inside a datagram that was itself put together", () => {
    const decoder = new PacketDecoder();
    const outer = (inner: Uint8Array, identification: number): Frame[] => [
      frameOf(ipv4(inner.subarray(0, 16), { identification, protocol: 4, more: true }), 101),
      frameOf(ipv4(inner.subarray(16), { identification, protocol: 4, offset: 16 }), 101),
    ];
    const first = ipv4(segment.subarray(0, 40), { identification: 1, more: true });
    const second = ipv4(segment.subarray(40), { identification: 1, offset: 40 });
    const kinds = [...outer(first, 1), ...outer(second, 2)].map((frame) => decoder.decode(frame));
    expect(kinds).toEqual([PacketKind.Fragment, PacketKind.Fragment, PacketKind.Fragment, PacketKind.Tcp]);
    expect(payload(decoder)).toEqual(segment.subarray(20));
  });

  it("are given up after their time", () => {
    const decoder = new PacketDecoder();
    decoder.decode(four(thirds[0]));
    const late = four(thirds[1]);
    late.seconds = limits.fragmentSeconds + 1;
    expect(decoder.decode(late)).toBe(PacketKind.Fragment);
    expect([...decoder.notUnderstood]).toEqual([["fragment-incomplete", 1]]);
  });

  it("beyond 64 KiB are refused", () => {
    const decoder = new PacketDecoder();
    const ping = ipv4(new Uint8Array(16), { protocol: 1, offset: 65528 });
    expect(decoder.decode(frameOf(ping, 101))).toBe(PacketKind.None);
    expect([...decoder.notUnderstood]).toEqual([["ip-header-malformed", 1]]);
  });

  it("are bounded: the oldest datagram makes room and is counted", () => {
    const decoder = new PacketDecoder();
    const started = 1000;
    for (let n = 0; n < started; n++) {
      expect(decoder.decode(four(thirds[0], segment, n))).toBe(PacketKind.Fragment);
    }
    const dropped = decoder.notUnderstood.get("fragment-limit")!;
    expect(started - dropped).toBeLessThanOrEqual(limits.fragmentedDatagrams);
    expect((started - dropped) * 65_536).toBeLessThanOrEqual(limits.fragmentBytes);
    decoder.decode(four(thirds[1], segment, started - 1));
    expect(decoder.decode(four(thirds[2], segment, started - 1))).toBe(PacketKind.Tcp);
    decoder.finish();
    expect(decoder.notUnderstood.get("fragment-incomplete")).toBe(started - dropped - 1);
  });
});
