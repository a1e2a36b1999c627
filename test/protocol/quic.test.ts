import { expect, it } from "vitest";
import { isQuicLong } from "../../src/protocol/quic.ts";
import { hexBytes } from "../build/dialogue.ts";

it.each<[string, boolean, string]>([
  ["version 1", true, "c3 00000001 08 0102030405060708 00 00"],
  ["version 2", true, "d3 6b3343cf 00 04 01020304"],
  ["a draft", true, "c3 ff00001d 00 00"],
  ["a short header", false, "43 00000001 00 00"],
  ["no fixed bit", false, "83 00000001 00 00"],
  ["a version of no kind", false, "c3 00000009 00 00"],
  ["an identifier too long", false, `c3 00000001 15 ${"00".repeat(30)}`],
  ["an identifier cut off", false, "c3 00000001 04 0102"],
  ["a source identifier cut off", false, "c3 00000001 00 0401"],
  ["a second identifier too long", false, `c3 00000001 00 15 ${"00".repeat(30)}`],
])("%s: %s", (_, expected, hex) => {
  const bytes = hexBytes(hex);
  expect(isQuicLong(bytes, 0, bytes.length)).toBe(expected);
});
