import { counted } from "../../src/bytes/text.ts";
import { secondsBetween } from "../../src/flow/timestamp.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth, labelled, pad, truncate, wrap } from "../../src/report/layout.ts";
import { bytesText, durationText } from "../../src/report/units.ts";

describe("cells", () => {
  it.each([
    ["abc", 3],
    ["漢字", 4],
    ["e\u0301", 1],
    ["", 0],
  ])("%j takes %i", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it("truncated text fits and says that it was cut", () => {
    expect(truncate("proxy.golang.org", 16)).toBe("proxy.golang.org");
    expect(truncate("proxy.golang.org", 8)).toBe("proxy.g…");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, width) => {
        expect(displayWidth(truncate(text, width))).toBeLessThanOrEqual(width);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it("pads numbers on the left", () => {
    expect([pad("7", 3, "right"), pad("7", 3, "left"), pad("long", 3, "left")]).toEqual(["  7", "7  ", "long"]);
  });
});

describe("wrap", () => {
  it("breaks at spaces and leaves a long word whole", () => {
    expect(wrap("a bb ccc", 4)).toEqual(["a bb", "ccc"]);
    expect(wrap("see http://ca.example/x.crt now", 10)).toEqual(["see", "http://ca.example/x.crt", "now"]);
  });

  it("loses no word", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,9}$/)), fc.integer({ min: 1, max: 40 }), (words, width) => {
        const lines = wrap(words.join(" "), width);
        expect(lines.join(" ")).toBe(words.join(" "));
        for (const line of lines) expect(line.length <= width || !line.includes(" ")).toBe(true);
      }),
      { seed: 4, numRuns: 100 },
    );
  });

  it("puts continuation lines below the text", () => {
    const text = labelled("  to do:", "append the certificate of the issuer", 33, 9);
    expect(text).toBe("  to do: append the certificate\n         of the issuer\n");
  });
});

describe("units", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [99_949, "99.9 kB"],
    [99_950, "100 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [1.5e9, "1.5 GB"],
  ])("%i bytes", (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  it.each([
    [undefined, ""],
    [0, "0 ms"],
    [0.0004, "0.4 ms"],
    [0.045, "45 ms"],
    [0.9996, "1.00 s"],
    [12.34, "12.3 s"],
    [125, "2 m 05 s"],
    [-0.2, "-200 ms"],
  ])("%s seconds", (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });

  it("tells moments apart to the nanosecond", () => {
    const at = (fraction: string): string => `2026-12-01T10:00:00${fraction}Z`;
    expect(secondsBetween(at(".000000001"), at(".000000004"))).toBeCloseTo(3e-9, 12);
    expect(secondsBetween("2026-12-01T09:59:59.900000000Z", at(".100000000"))).toBeCloseTo(0.2, 9);
    expect(secondsBetween(undefined, at(""))).toBeUndefined();
    expect(secondsBetween("?", at(""))).toBeUndefined();
  });

  it("counts in words", () => {
    expect([counted(1, "flow"), counted(0, "flow"), counted(2, "entry", "entries")]).toEqual([
      "1 flow",
      "0 flows",
      "2 entries",
    ]);
  });
});
