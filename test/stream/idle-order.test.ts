import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IdleOrder } from "../../src/stream/idle-order.ts";
import { ConnectionBit, ConnectionRows, lastFrame, rowOf, state } from "../../src/stream/rows.ts";

describe("the idle order", () => {
  it("agrees with a list of each set, whoever moves, finishes, begins anew or is closed", () => {
    const step = fc.record({ slot: fc.nat(7), change: fc.constantFrom("move", "finish", "revive", "close", "oldest") });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const rows = new ConnectionRows();
        rows.add(0);
        const orders = [new IdleOrder(rows, false), new IdleOrder(rows, true)];
        let lists: [number[], number[]] = [[], []];
        steps.forEach(({ slot, change }, frame) => {
          if (change === "oldest") {
            expect(orders.map((order) => order.oldest(8))).toEqual(lists.map(([oldest = -1]) => oldest));
            return;
          }
          const wasFinished = lists[1].includes(slot);
          const isFinished = change === "finish" || (change === "move" && wasFinished);
          lists = lists.map((list) => list.filter((other) => other !== slot)) as [number[], number[]];
          const bits = ConnectionBit.InUse | (isFinished ? ConnectionBit.Finished : 0);
          rows.words[rowOf(slot) + state] = change === "close" ? 0 : bits;
          rows.words[rowOf(slot) + lastFrame] = frame + 1;
          if (change !== "close") lists[isFinished ? 1 : 0].push(slot);
        });
        for (const [at, order] of orders.entries()) {
          const closed: number[] = [];
          for (let slot = order.oldest(8); slot >= 0; slot = order.oldest(8)) {
            closed.push(slot);
            rows.words[rowOf(slot) + state] = 0;
          }
          expect(closed).toEqual(lists[at]);
        }
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});
