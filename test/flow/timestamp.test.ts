import { describe, expect, it } from "vitest";
import { secondsBetween, timestampText } from "../../src/flow/timestamp.ts";

describe("timestampText", () => {
  it.each([
    [0, 0, "1970-01-01T00:00:00.000000000Z"],
    [1_790_000_000, 1, "2026-09-21T14:13:20.000000001Z"],
    [1_790_000_000, 999_999_999, "2026-09-21T14:13:20.999999999Z"],
    [-1, 5, "1969-12-31T23:59:59.000000005Z"],
    [1e15, 0, "9999-12-31T23:59:59.000000000Z"],
    [-1e15, 0, "0000-01-01T00:00:00.000000000Z"],
  ])("writes %d s and %d ns as %s", (seconds, nanoseconds, text) => {
    expect(timestampText(seconds, nanoseconds)).toBe(text);
  });
});

describe("secondsBetween", () => {
  it("keeps nanoseconds across a second", () => {
    const from = timestampText(1_790_000_000, 999_999_999);
    const to = timestampText(1_790_000_002, 1);
    expect(secondsBetween(from, to)).toBeCloseTo(1.000000002, 9);
    expect(secondsBetween(to, from)).toBeCloseTo(-1.000000002, 9);
  });
});
