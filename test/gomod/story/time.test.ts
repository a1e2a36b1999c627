import { expect, it } from "vitest";
import { elapsed } from "../../../src/gomod/story/time.ts";

it.each([
  ["2026-11-21T01:42:35.000000000Z", "2026-11-21T01:42:36.500000000Z", 1.5],
  ["2026-11-21T01:42:36.500000000Z", "2026-11-21T01:42:36.400000000Z", undefined],
  [undefined, "2026-11-21T01:42:36.400000000Z", undefined],
])("elapsed from %s to %s is %s: time that went back says nothing", (from, to, expected) => {
  expect(elapsed(from, to)).toBe(expected);
});
