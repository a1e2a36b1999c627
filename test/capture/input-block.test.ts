import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputBlock } from "../../src/capture/input-block.ts";
import { sourceOf } from "../build/capture-input.ts";

const content = Uint8Array.from({ length: 5000 }, (_, index) => index * 7);

describe("InputBlock", () => {
  it("gives every byte once and in order, whatever is taken, skipped and read at a time", async () => {
    const step = fc.record({ needed: fc.integer({ min: 1, max: 900 }), skip: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 700 }), async (steps, chunk) => {
        const input = new InputBlock(sourceOf(content, chunk), 64);
        let at = 0;
        for (const { needed, skip } of steps) {
          expect(input.offset).toBe(at);
          if (skip) {
            input.skip(needed);
            at += needed;
            if (!(await input.fill(1))) break;
            continue;
          }
          const there = input.available >= needed || (await input.fill(needed));
          expect(there).toBe(at + needed <= content.length);
          if (!there) break;
          const taken = input.bytes.subarray(input.start, input.start + needed);
          expect(Buffer.compare(taken, content.subarray(at, at + needed))).toBe(0);
          expect(input.view.getUint8(input.start)).toBe(content[at]);
          input.start += needed;
          at += needed;
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it("keeps what came when the input ends early", async () => {
    const input = new InputBlock(sourceOf(content.subarray(0, 10)), 4);
    expect([await input.fill(20), input.available, input.ended, input.offset]).toEqual([false, 10, true, 0]);
    expect(await input.fill(20)).toBe(false);
  });

  it("tells what could not be skipped", async () => {
    const input = new InputBlock(sourceOf(content.subarray(0, 10)));
    input.skip(30);
    expect([await input.fill(1), input.skipping, input.offset]).toEqual([false, 20, 10]);
  });
});
