import { describe, expect, it } from "vitest";
import { advance, distance, isBefore, later } from "../../src/stream/sequence.ts";

describe("sequence numbers", () => {
  it.each([
    [0, 1, 1],
    [-1, 0, 1],
    [0x7fffffff, -0x80000000, 1],
    [5, 3, -2],
    [-0x80000000, 0x7fffffff, -1],
    [7, 7, 0],
  ])("from %i to %i is %i", (from, to, expected) => {
    expect(distance(from, to)).toBe(expected);
    expect(advance(from, expected)).toBe(to);
    expect(isBefore(from, to)).toBe(expected > 0);
    expect(later(from, to)).toBe(expected > 0 ? to : from);
  });
});
