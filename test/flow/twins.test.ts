import { describe, expect, it } from "vitest";
import { FlowStore, type FlowFacts } from "../../src/flow/store.ts";
import { Twins } from "../../src/flow/twins.ts";
import { flowFacts, httpFacts, tlsFacts } from "../build/connections.ts";

describe("Twins", () => {
  const connect = httpFacts([
    { method: "CONNECT", requestTarget: "sum.golang.org:443", form: "authority", status: 200 },
  ]);

  it.each<[name: string, flows: FlowFacts[], twins: [number, object][]]>([
    [
      "nothing for different randoms",
      [flowFacts({ id: 0 }, [tlsFacts()]), flowFacts({ id: 1 }, [tlsFacts({ randomLow: 3 })])],
      [],
    ],
    [
      "one connection behind two addresses",
      [flowFacts({ id: 0 }, [tlsFacts()]), flowFacts({ id: 1, clientAddress: "10.0.0.1" }, [tlsFacts()])],
      [[1, { sameAs: 0 }]],
    ],
    [
      "the leg behind a proxy, seen before the client's leg",
      [
        flowFacts({ id: 3, firstSequence: [1, 2] }, [tlsFacts()]),
        flowFacts({ id: 9, firstSequence: [3, 4] }, [connect, tlsFacts()]),
      ],
      [[3, { upstreamOf: 9 }]],
    ],
    [
      "nothing where the random is unknown",
      [0, 1].map((id) => flowFacts({ id }, [tlsFacts({ randomHigh: 0, randomLow: 0 })])),
      [],
    ],
  ])("finds %s", (_, flows, twins) => {
    const store = new FlowStore();
    for (const flow of flows.toReversed()) store.add(flow);
    const found = new Twins(store);
    for (const flow of store.served()) found.observe(flow);
    const known = new Map(twins);
    for (const { connection } of flows) expect(found.of(connection.id)).toEqual(known.get(connection.id));
  });
});
