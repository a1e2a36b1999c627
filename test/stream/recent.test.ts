import { describe, expect, it } from "vitest";
import { Packet, TcpFlag } from "../../src/packet/packet.ts";
import { Moment } from "../../src/stream/consumer.ts";
import { RecentSegments } from "../../src/stream/recent.ts";

function segment(sequence: number, payload: Uint8Array, captured = payload.length): Packet {
  const packet = new Packet();
  packet.bytes = payload;
  packet.view = new DataView(payload.buffer);
  packet.sequence = sequence;
  packet.flags = TcpFlag.Ack;
  packet.payloadEnd = captured;
  packet.payloadLength = payload.length;
  return packet;
}

const bytes = (length: number, change: (at: number) => number = (at) => at): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => change(at));

describe("content that comes again", () => {
  const changed = (where: number) => (at: number) => (at === where ? 255 : at);
  it.each<[string, Packet, Packet, boolean]>([
    ["the same", segment(0, bytes(300)), segment(0, bytes(300)), false],
    ["one byte other", segment(0, bytes(300)), segment(0, bytes(300, changed(150))), true],
    ["one byte other in a piece of three", segment(0, bytes(3)), segment(0, bytes(3, changed(1))), true],
    [
      "within a longer one",
      segment(
        50,
        bytes(20, (at) => at + 50),
      ),
      segment(0, bytes(300, changed(60))),
      true,
    ],
    [
      "beside it in a longer one",
      segment(
        50,
        bytes(20, (at) => at + 50),
      ),
      segment(0, bytes(300, changed(70))),
      false,
    ],
    ["at the head of a shorter one", segment(0, bytes(300)), segment(0, bytes(20, changed(3))), true],
    [
      "behind the head of a shorter one, which no hash covers",
      segment(0, bytes(300)),
      segment(0, bytes(20, changed(18))),
      false,
    ],
    ["the first was cut by the snap length", segment(0, bytes(300), 96), segment(0, bytes(300)), false],
    ["the second was cut by the snap length", segment(0, bytes(300)), segment(0, bytes(300), 96), false],
    ["far into the stream, at the end", segment(99_999, bytes(300)), segment(99_999, bytes(300, changed(299))), true],
    ["far into the stream, in the midst", segment(99_999, bytes(300)), segment(99_999, bytes(300, changed(99))), false],
  ])("%s", (_name, first, second, expected) => {
    const recent = new RecentSegments();
    const moment = new Moment();
    recent.note(0, 0, first, moment, 0, true);
    expect(recent.contradicts(0, 1, second, 0)).toBe(expected);
    expect(recent.contradicts(1, 0, second, 0)).toBe(false);
  });

  it("says nothing of segments that were counted and left out of the capture", () => {
    const recent = new RecentSegments();
    const again = segment(0, bytes(300));
    recent.note(0, 0, again, new Moment(), 0, true);
    for (const ring of [0, 1, 2000]) {
      expect(recent.contradicts(ring, 100, again, 0)).toBe(false);
      expect(recent.has(ring, 100, 0, 300)).toBe(ring === 0);
    }
    expect(recent.isDuplicate(0, 100, again, new Moment(), 0, false)).toBe(true);
    expect(recent.isDuplicate(1, 100, again, new Moment(), 0, false)).toBe(false);
  });

  it("is not judged where nobody reads, but still known for a copy", () => {
    const recent = new RecentSegments();
    const moment = new Moment();
    recent.note(7, 0, segment(0, bytes(300)), moment, 0, false);
    expect(
      recent.contradicts(
        7,
        1,
        segment(
          0,
          bytes(300, () => 0),
        ),
        0,
      ),
    ).toBe(false);
    expect(recent.isDuplicate(7, 1, segment(0, bytes(300)), moment, 0, false)).toBe(true);
  });

  it("is remembered for sixteen segments", () => {
    const recent = new RecentSegments();
    const moment = new Moment();
    for (let at = 0; at <= 16; at++) recent.note(3, at, segment(at * 10, bytes(10)), moment, 0, true);
    expect(recent.has(3, 17, 0, 10)).toBe(false);
    expect(recent.has(3, 17, 10, 10)).toBe(true);
    expect(recent.has(3, 17, 160, 10)).toBe(true);
  });
});
