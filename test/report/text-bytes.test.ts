import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextBytes } from "../../src/report/text-bytes.ts";

const text = fc.oneof(
  fc.string({ maxLength: 100 }),
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc.constantFrom("", "x".repeat(47), "x".repeat(49), "é".repeat(20_000), "y".repeat(40_000)),
);
const step = fc.oneof(
  text.map((piece) => (bytes: TextBytes) => {
    bytes.add(piece);
    return piece;
  }),
  fc.oneof(fc.nat(), fc.constantFrom(0, 9, 10, 2 ** 31 - 1)).map((count) => (bytes: TextBytes) => {
    bytes.addCount(count);
    return String(count);
  }),
  fc.constantFrom("", "{", `,\n${" ".repeat(100)}`).map((piece) => (bytes: TextBytes) => {
    bytes.addAscii(Buffer.from(piece));
    return piece;
  }),
  text.map((piece) => (bytes: TextBytes) => (bytes.addPlain(piece) ? `"${piece}"` : "")),
  text.map((piece) => (bytes: TextBytes) => {
    const start = bytes.length;
    bytes.add(piece);
    bytes.addPiece(bytes.copy(start, bytes.length));
    return piece + piece;
  }),
);

describe("TextBytes", () => {
  it("takes every piece as it is, in order, and begins anew behind `take` and `lend`", () => {
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 20 }), { maxLength: 3 }), (texts) => {
        const bytes = new TextBytes();
        for (const [at, steps] of texts.entries()) {
          const expected = steps.map((add) => add(bytes)).join("");
          expect(bytes.length).toBe(Buffer.byteLength(expected));
          if (at % 2 === 0) expect(bytes.take()).toBe(expected);
          else expect(bytes.lend().toString()).toBe(expected);
        }
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it("quotes only what JSON takes as it is, however long", () => {
    fc.assert(
      fc.property(text, fc.constantFrom("", '"', "\\", "\n", "\u007f", "é"), (start, special) => {
        const bytes = new TextBytes();
        const whole = start + special;
        expect(bytes.addPlain(whole)).toBe(/^[\x20-\x7e]*$/.test(whole) && JSON.stringify(whole) === `"${whole}"`);
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});
