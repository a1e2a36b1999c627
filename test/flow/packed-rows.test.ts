import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PackedRows } from "../../src/flow/packed-rows.ts";

const number = fc.oneof(
  fc.constantFrom(0, 1, -1, 63, 64, -64, -65, 127, 128, 2 ** 31, -(2 ** 31), 2 ** 52, 2 ** 64, -(2 ** 63)),
  fc.integer(),
  fc.nat(300),
);

describe("PackedRows", () => {
  it("gives back every row, over as many chunks as they take", () => {
    const rows = fc.array(fc.tuple(number, number, number, number), { maxLength: 50 });
    fc.assert(
      fc.property(rows, (all) => {
        const packed = new PackedRows(new Int8Array([-1, -1, -1, -1]));
        const many = Array.from({ length: 60 }, () => all).flat();
        const starts = many.map((row) => packed.add(row));
        expect(starts.map((start) => packed.read(start, []))).toEqual(many);
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  it("tells numbers by their distance to an earlier one, on either side of it, and zero as zero", () => {
    const packed = new PackedRows(new Int8Array([-1, 0, 0, 0, 0, 0]));
    const row = [1_700_000_000, 1_700_000_000, 1_700_000_001, 1_699_999_999, 0, -5];
    expect(packed.read(packed.add(row), [])).toEqual(row);
    const first = packed.add([1_000_000, 1_000_000, 0, 1_000_063, 0, 0]);
    expect(packed.add([0, 0, 0, 0, 0, 0]) - first).toBe(3 + 1 + 1 + 2 + 1 + 1);
  });
});
