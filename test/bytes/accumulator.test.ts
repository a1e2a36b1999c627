import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Accumulator } from "../../src/bytes/accumulator.ts";

describe("Accumulator", () => {
  it("holds what was appended and not consumed, however it came", () => {
    const piece = fc.uint8Array({ maxLength: 700 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(500), (pieces, consumed) => {
        const held = new Accumulator(100_000);
        const model: number[] = [];
        for (const bytes of pieces) {
          expect(held.append(bytes, 0, bytes.length)).toBe(true);
          model.push(...bytes);
          bytes.fill(0xdb);
          const count = Math.min(consumed, model.length);
          held.consume(count);
          model.splice(0, count);
          expect([...held.bytes.subarray(0, held.length)]).toEqual(model);
        }
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it("takes nothing of what would pass its limit", () => {
    const held = new Accumulator(8);
    const bytes = new Uint8Array([1, 2, 3, 4, 5]);
    expect(held.append(bytes, 0, 5)).toBe(true);
    expect(held.append(bytes, 0, 4)).toBe(false);
    expect(held.length).toBe(5);
    expect(held.append(bytes, 2, 5)).toBe(true);
    expect([...held.bytes.subarray(0, held.length)]).toEqual([1, 2, 3, 4, 5, 3, 4, 5]);
    expect(held.bytes.length).toBeLessThanOrEqual(8);
  });

  it("gives its memory back when cleared", () => {
    const held = new Accumulator(1000);
    held.append(new Uint8Array(900), 0, 900);
    held.clear();
    expect([held.length, held.bytes.length]).toEqual([0, 0]);
  });

  it("lends a buffer to one at a time", () => {
    const sizes = [100, 5000, 9000, 17_000, 100];
    for (let round = 0; round < 20; round++) {
      const all = sizes.map(() => new Accumulator(100_000));
      all.forEach((held, index) => held.append(new Uint8Array(sizes[index]).fill(index + 1), 0, sizes[index]));
      if (round % 2 === 0) all[1].clear();
      const second = new Accumulator(100_000);
      second.append(new Uint8Array(sizes[1]).fill(9), 0, sizes[1]);
      const contents = [...all, second].map((held) => [held.length, ...new Set(held.bytes.subarray(0, held.length))]);
      const expected = [...sizes.map((size, index) => [size, index + 1]), [sizes[1], 9]];
      if (round % 2 === 0) expected[1] = [0];
      expect(contents).toEqual(expected);
      for (const held of [...all, second]) {
        held.clear();
        held.clear();
      }
    }
  });
});
