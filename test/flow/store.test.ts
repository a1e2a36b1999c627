import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FlowStore } from "../../src/flow/store.ts";
import { connectionFacts, flowFacts, tlsFacts } from "../build/connections.ts";

describe("FlowStore", () => {
  it("gives back what it was given, by id, whatever the order of finishing", () => {
    const ids = fc.uniqueArray(fc.nat(100_000), { maxLength: 3000 });
    fc.assert(
      fc.property(ids, (finished) => {
        const store = new FlowStore();
        for (const id of finished) store.add(flowFacts({ id, clientPort: id % 65_536 }));
        expect([...store.flows()].map(({ connection }) => connection.id)).toEqual(finished.toSorted((a, b) => a - b));
        for (const id of finished.slice(0, 5)) expect(store.flow(id)?.connection.clientPort).toBe(id % 65_536);
        expect(store.flow(-1)).toBeUndefined();
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  it("keeps every field of a connection, its layers, stages and problems", () => {
    const store = new FlowStore();
    const connection = connectionFacts({
      id: 7,
      addressLength: 16,
      clientAddress: "2001:db8::1",
      closed: "reset",
      closedBy: 1,
      timed: false,
      oneSided: true,
      icmp: [{ type: 3, code: 4, frame: 9, mtu: 1400, from: "192.0.2.1" }],
      interfaceIds: [0, 3],
      firstSequence: [-2_147_483_648, 2_147_483_647],
    });
    const flow = {
      connection,
      layers: [tlsFacts()],
      stages: [
        [2, 1, 999_999_999],
        [0, 0, 0],
        [4, 2, 1],
        [6, 3, 2],
        [7, 4, 3],
        [8, 5, 4],
        [0, 0, 0],
      ].flat(),
      problems: [{ layer: "tls", code: "malformed", frame: 4, detail: "x" }] as const,
      moreProblems: 3,
    };
    store.add(flow);
    const kept = store.flow(7)!;
    expect(kept.connection).toEqual(connection);
    expect(kept.layers).toEqual(flow.layers);
    expect(kept.problems).toEqual(flow.problems);
    expect(kept.moreProblems).toBe(3);
    expect(kept.stages).toEqual(flow.stages);
  });

  it("tells a client that closed from one that did not", () => {
    const store = new FlowStore();
    store.add(flowFacts({ id: 0, closedBy: 0 }));
    store.add(flowFacts({ id: 1 }));
    expect(store.flow(0)!.connection.closedBy).toBe(0);
    expect(store.flow(1)!.connection).not.toHaveProperty("closedBy");
  });
});
