import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Xxh32, xxh32 } from "../../src/capture/xxh32.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe("xxh32", () => {
  // Values of the reference implementation with seed 0.
  it.each([
    ["", 0x02cc5d05],
    ["a", 0x550d7456],
    ["abc", 0x32d153ff],
    ["Nobody inspects the spammish repetition", 0xe2293b2f],
  ])("of %j", (value, sum) => {
    const bytes = text(value);
    expect(xxh32(bytes, 0, bytes.length)).toBe(sum);
  });

  it("is the same whatever the pieces", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(fc.nat(100), { maxLength: 5 }), (bytes, cuts) => {
        const sum = new Xxh32();
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
        places.slice(1).forEach((end, index) => sum.update(bytes, places[index], end));
        expect(sum.digest()).toBe(xxh32(bytes, 0, bytes.length));
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
