import { describe, expect, it } from "vitest";
import { FlowStore, type FlowFacts } from "../../src/flow/store.ts";
import { Twins } from "../../src/flow/twins.ts";
import { flowFacts, httpFacts, tlsFacts } from "../build/connections.ts";

describe("Twins", () => {
  const connect = httpFacts([
    { method: "CONNECT", requestTarget: "sum.golang.org:443", form: "authority", status: 200 },
  ]);

  const plain = httpFacts([{ method: "GET", requestTarget: "/", form: "origin", status: 200 }]);

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
      "both sides of a source translation without TLS",
      [flowFacts({ id: 2 }, [plain]), flowFacts({ id: 5, clientAddress: "203.0.113.1", clientPort: 1025 }, [plain])],
      [[5, { sameAs: 2 }]],
    ],
    [
      "both sides of a destination translation, seen the other way round",
      [flowFacts({ id: 7, serverAddress: "10.9.9.9", serverPort: 8080 }, [connect]), flowFacts({ id: 4 }, [connect])],
      [[7, { sameAs: 4 }]],
    ],
    [
      "nothing in other numbers, another moment, or other ports of the same ends",
      [
        flowFacts({ id: 0 }, [plain]),
        flowFacts({ id: 1, clientAddress: "203.0.113.1", firstSequence: [1, 3] }, [plain]),
        flowFacts({ id: 2, clientAddress: "203.0.113.2", startSeconds: 2_000_000_000 }, [plain]),
      ],
      [],
    ],
    ["nothing in other ports of one client", [0, 1].map((id) => flowFacts({ id, clientPort: 5000 + id }, [plain])), []],
    [
      "nothing in numbers that three flows have: nobody drew them",
      [0, 1, 2].map((id) => flowFacts({ id, clientAddress: `203.0.113.${id}` }, [plain])),
      [],
    ],
    [
      "nothing where the beginning was not seen",
      ["203.0.113.1", "203.0.113.2"].map((clientAddress, id) =>
        flowFacts({ id, clientAddress, opened: "midstream" }, [plain]),
      ),
      [],
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
