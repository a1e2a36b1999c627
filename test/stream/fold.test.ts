import { describe, expect, it } from "vitest";
import { portRanges } from "../../src/stream/fold.ts";

describe("port ranges", () => {
  it.each<[number[], string]>([
    [[], ""],
    [[0], "0"],
    [[443, 80], "80, 443"],
    [[1, 2, 3, 5, 65_534, 65_535], "1-3, 5, 65534-65535"],
  ])("%j", (ports, expected) => {
    const bits = new Uint8Array(8192);
    for (const port of ports) bits[port >> 3] |= 1 << (port & 7);
    expect(portRanges(bits)).toBe(expected);
  });

  it("stay within 100 characters", () => {
    const text = portRanges(new Uint8Array(8192).fill(0x55));
    expect(text.length).toBeLessThanOrEqual(100);
    expect(text).toMatch(/^0, 2, 4, .*, …$/);
  });
});
