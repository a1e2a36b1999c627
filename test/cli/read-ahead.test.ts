import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ByteSource } from "../../src/capture/source.ts";
import { ReadAhead } from "../../src/cli/read-ahead.ts";

/** Gives out `bytes` in reads of the sizes listed, again and again. */
function unevenSource(bytes: Uint8Array, sizes: readonly number[]): ByteSource & { closed: boolean } {
  let at = 0;
  let turn = 0;
  return {
    closed: false,
    read(target) {
      const count = Math.min(target.length, sizes[turn++ % sizes.length], bytes.length - at);
      target.set(bytes.subarray(at, at + count));
      at += count;
      return Promise.resolve(count);
    },
    close() {
      this.closed = true;
      return Promise.resolve();
    },
  };
}

async function readAll(source: ByteSource, wants: readonly number[]): Promise<number[]> {
  const all: number[] = [];
  for (let turn = 0; ; turn++) {
    const target = new Uint8Array(wants[turn % wants.length]);
    const count = await source.read(target);
    if (count === 0) return all;
    all.push(...target.subarray(0, count));
  }
}

describe("ReadAhead", () => {
  it("gives the same bytes in order, whatever the sizes of the reads on both sides", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), sizes, sizes, async (bytes, given, wanted) => {
        expect(await readAll(new ReadAhead(unevenSource(bytes, given)), wanted)).toEqual([...bytes]);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("stays at the end once there, and closes its source", async () => {
    const source = unevenSource(new Uint8Array(10), [4]);
    const ahead = new ReadAhead(source);
    await readAll(ahead, [100]);
    expect(await ahead.read(new Uint8Array(10))).toBe(0);
    await ahead.close();
    expect(source.closed).toBe(true);
  });

  it("waits for the read under way before it closes", async () => {
    const order: string[] = [];
    const ahead = new ReadAhead({
      read: (target) =>
        new Promise((resolve) =>
          setTimeout(() => {
            order.push("read");
            resolve(target.length);
          }, 5),
        ),
      close: () => {
        order.push("close");
        return Promise.resolve();
      },
    });
    await ahead.read(new Uint8Array(10));
    await ahead.read(new Uint8Array(10));
    await ahead.close();
    expect(order).toEqual(["read", "read", "read", "close"]);
  });
});
