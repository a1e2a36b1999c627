import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TcpFlag } from "../../src/packet/packet.ts";
import { Dialogue, Wire } from "../build/segments.ts";

const { Ack, Fin, Psh, Rst, Syn } = TcpFlag;
/** ECN-Echo means nothing to a stream, but no ordinary segment has it: it goes the long way. */
const echo = 0x40;

const ends = ["10.0.0.1:40000", "192.0.2.1:443"] as const;

const step = fc.record({
  side: fc.nat(1),
  kind: fc.constantFrom("next", "next", "next", "next", "ack", "ahead", "again", "fin", "reset", "syn"),
  length: fc.nat(20),
  /** How far the acknowledgment lies from what the peer has sent. */
  acknowledged: fc.constantFrom(0, 0, 0, 0, -5, 7),
  cut: fc.constantFrom(0, 0, 0, 3),
  interfaceId: fc.constantFrom(0, 0, 0, 0, 0, 1),
  seconds: fc.constantFrom(0.001, 0.001, -0.5, 4),
});

/** Everything that a connection table makes of the steps, each segment with these flags more. */
function told(
  steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[],
  more: number,
  skip: number,
) {
  const wire = new Wire();
  wire.skipAfter = skip;
  const next = [100, 0x7ffffff0];
  let number = 0;
  const send = (side: number, flags: number, sequence: number, acknowledgment: number, length: number, extra = {}) => {
    const payload = Uint8Array.from({ length }, (_, at) => (sequence + at) & 0x7f);
    const { cut = 0, ...rest } = extra as { cut?: number };
    const captured = Math.max(0, length - cut);
    number++;
    const common = { window: 500 + (number % 3), identification: number, hopLimit: 64 };
    const [from, to] = [ends[side], ends[1 - side]];
    wire.send({ from, to, flags: flags | more, sequence, acknowledgment, payload, captured, ...common }, rest);
  };
  send(0, Syn, next[0] - 1, 0, 0);
  send(1, Syn | Ack, next[1] - 1, next[0], 0);
  send(0, Ack, next[0], next[1], 0);
  for (const { side, kind, length, acknowledged, ...extra } of steps) {
    const acknowledgment = next[1 - side] + acknowledged;
    const sequence = next[side];
    if (kind === "next") {
      send(side, Ack | Psh, sequence, acknowledgment, length, extra);
      next[side] += length;
    } else if (kind === "ahead") send(side, Ack, sequence + 5, acknowledgment, length, extra);
    else if (kind === "again") send(side, Ack, sequence - length, acknowledgment, length, extra);
    else if (kind === "ack") send(side, Ack, sequence, acknowledgment, 0, extra);
    else if (kind === "fin") send(side, Fin | Ack, sequence, acknowledgment, 0, extra);
    else if (kind === "reset") send(side, Rst | Ack, sequence, acknowledgment, 0, extra);
    else send(side, Syn, sequence + 1000, 0, 0, extra);
  }
  const facts = wire.finish();
  return {
    facts,
    streams: wire.told.map(({ text, chunks, ends }) => ({ text, chunks, ends })),
    problems: wire.problems,
  };
}

describe("ordinary segments", () => {
  it("are all of a long ordered stream, so that it takes no memory", () => {
    const wire = new Wire();
    const dialogue = new Dialogue(wire).handshake();
    dialogue.says("request");
    dialogue.answers("answer");
    dialogue.acks(0);
    const before = wire.ordinary;
    for (let round = 0; round < 300; round++) {
      dialogue.answers("one");
      dialogue.answers("two");
      dialogue.acks(0);
    }
    expect(wire.ordinary - before).toBe(900);
  });

  it("the short way and the long way agree", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.constantFrom(Infinity, 30), (steps, skip) => {
        expect(told(steps, 0, skip)).toEqual(told(steps, echo, skip));
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});
