import { describe, expect, it } from "vitest";
import { ConnectionRows, endSeconds, id, rowOf } from "../../src/stream/rows.ts";

describe("rows of connections", () => {
  it("keep what stands in them when they move to larger memory", () => {
    const rows = new ConnectionRows();
    const slots = Array.from({ length: 2000 }, (_, slot) => slot);
    for (const slot of slots) {
      rows.add(slot);
      rows.words[rowOf(slot) + id] = slot;
      rows.numbers[(rowOf(slot) + endSeconds) >> 1] = slot + 0.5;
    }
    expect(slots.every((slot) => rows.words[rowOf(slot) + id] === slot)).toBe(true);
    expect(slots.every((slot) => rows.numbers[(rowOf(slot) + endSeconds) >> 1] === slot + 0.5)).toBe(true);
  });
});
