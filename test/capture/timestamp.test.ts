import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Frame } from "../../src/capture/frame.ts";
import { TimestampScale } from "../../src/capture/timestamp.ts";

/** The obviously right way: whole integers. */
function model(units: bigint, resolution: number): [seconds: number, nanoseconds: number] {
  const exponent = BigInt(resolution & 0x7f);
  const perSecond = (resolution & 0x80) === 0 ? 10n ** exponent : 2n ** exponent;
  return [Number(units / perSecond), Number(((units % perSecond) * 1_000_000_000n) / perSecond)];
}

function apply(units: bigint, resolution: number, offset = 0): [number, number] {
  const frame = new Frame();
  new TimestampScale(resolution, offset).apply(Number(units >> 32n), Number(units & 0xffffffffn), frame);
  return [frame.seconds, frame.nanoseconds];
}

const largest = 2n ** 64n - 1n;
const everyResolution = Array.from({ length: 256 }, (_, resolution) => resolution);

describe("TimestampScale", () => {
  it.each(everyResolution)("agrees with whole integers at the edges of resolution %i", (resolution) => {
    const exponent = BigInt(resolution & 0x7f);
    const second = (resolution & 0x80) === 0 ? 10n ** exponent : 2n ** exponent;
    const edges = [0n, 1n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, largest - 1n, largest];
    const nearSeconds = [second - 1n, second, second + 1n, 1_700_000_000n * second - 1n, 1_700_000_000n * second];
    for (const units of [...edges, ...nearSeconds]) {
      if (units <= largest) expect([units, ...apply(units, resolution)]).toEqual([units, ...model(units, resolution)]);
    }
  });

  it("agrees with whole integers anywhere", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, largest), fc.integer({ min: 0, max: 255 }), (units, resolution) => {
        expect(apply(units, resolution)).toEqual(model(units, resolution));
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it("counts microseconds unless told otherwise", () => {
    const frame = new Frame();
    new TimestampScale().apply(0, 1_500_000, frame);
    expect([frame.seconds, frame.nanoseconds]).toEqual([1, 500_000_000]);
  });

  it("adds the offset of the interface, which may be negative", () => {
    expect(apply(5_000_001n, 6, 1_700_000_000)).toEqual([1_700_000_005, 1000]);
    expect(apply(5_000_001n, 6, -3600)).toEqual([-3595, 1000]);
  });
});
