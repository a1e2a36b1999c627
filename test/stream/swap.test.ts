import { describe, expect, it } from "vitest";
import { swapDirections } from "../../src/stream/swap.ts";
import { Dialogue, Wire } from "../build/segments.ts";

describe("swapped directions", () => {
  it("turn every pair and name, and back again", () => {
    const wire = new Wire();
    const dialogue = new Dialogue(wire).handshake();
    dialogue.says("one");
    dialogue.again(dialogue.answers("two!"), {}, { seconds: 1 });
    dialogue.goodbye();
    const [facts] = wire.finish();
    const swapped = swapDirections(facts);
    expect(swapped).toMatchObject({
      clientAddress: facts.serverAddress,
      serverPort: facts.clientPort,
      closedBy: 1,
      bytes: [4, 3],
      firstSequence: [5000, 1000],
    });
    const pairs = Object.entries(facts).filter(([, value]) => Array.isArray(value) && value.length === 2);
    for (const [name, [first, second]] of pairs as [keyof typeof facts, [number, number]][]) {
      expect([name, swapped[name]]).toEqual([name, [second, first]]);
    }
    expect(swapDirections(swapped)).toEqual(facts);
  });
});
