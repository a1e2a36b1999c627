import { describe, expect, it } from "vitest";
import type { HttpReport, ObservedFlow } from "../../src/flow/model.ts";
import { ExchangeLinks, type ExchangeMark } from "../../src/gomod/exchange-links.ts";
import { flow, http, stack, target, tls } from "../build/flows.ts";

const at = (second: number): string => `2026-12-01T10:00:${String(second).padStart(2, "0")}.000000000Z`;

/** A request in frame `frame`, answered in the next one. */
function asked(frame: number, host: string, path: string, status: number, more: Partial<HttpReport> = {}): HttpReport {
  const time = at(frame % 60);
  return http(host, path, {
    requestFrame: frame,
    responseFrame: frame + 1,
    requestTime: time,
    responseTime: time,
    status,
    ...more,
  });
}

function at443(
  id: number,
  host: string,
  exchanges: readonly HttpReport[],
  more: Partial<ObservedFlow> = {},
): ObservedFlow {
  return flow({ id, target: target(host), http: exchanges, ...more });
}

/** What each exchange is to others, in both orders of flows. */
function marks(flows: readonly ObservedFlow[]): (ExchangeMark | undefined)[][] {
  const [inOrder, reversed] = [new ExchangeLinks([]), new ExchangeLinks([])];
  for (const one of flows) inOrder.observe(one);
  for (const one of flows.toReversed()) reversed.observe(one);
  const of = (links: ExchangeLinks): (ExchangeMark | undefined)[][] =>
    flows.map((one) => one.http.map((_, exchange) => links.mark(one.id, exchange)));
  expect(of(reversed)).toEqual(of(inOrder));
  return of(inOrder);
}

describe("the second GET for a 4xx", () => {
  const path = "/sumdb/sum.golang.org/supported";
  const twice = [asked(10, "p", path, 404), asked(12, "p", path, 404)];
  const olderStack = tls({ clientStack: { ...stack("go"), goVersions: "1.21–1.22" } });

  it.each([
    ["on the same connection", [at443(0, "p", twice)], [[undefined, { folded: "doubled" }]]],
    [
      "whatever it brought",
      [at443(0, "p", [twice[0], asked(12, "p", path, 200)])],
      [[undefined, { folded: "doubled" }]],
    ],
    [
      "on another one at once",
      [at443(0, "p", [twice[0]]), at443(1, "p", [asked(11, "p", path, 404, { requestTime: at(10) })])],
      [[undefined], [{ folded: "doubled" }]],
    ],
    [
      "in pairs",
      [at443(0, "p", [...twice, asked(20, "p", path, 404), asked(22, "p", path, 404)])],
      [[undefined, { folded: "doubled" }, undefined, { folded: "doubled" }]],
    ],
    [
      "not on another one later",
      [at443(0, "p", [twice[0]]), at443(1, "p", [asked(14, "p", path, 404)])],
      [[undefined], [undefined]],
    ],
    ["not of Go before 1.24", [at443(0, "p", twice, { tls: [olderStack] })], [[undefined, undefined]]],
    [
      "not after 5xx",
      [at443(0, "p", [asked(10, "p", path, 502), asked(12, "p", path, 502)])],
      [[undefined, undefined]],
    ],
    [
      "not in clear",
      [
        at443(
          0,
          "p",
          twice.map((one) => ({ ...one, scheme: "http" as const })),
        ),
      ],
      [[undefined, undefined]],
    ],
    [
      "not before the first was answered",
      [at443(0, "p", [asked(10, "p", path, 404, { responseFrame: 13 }), twice[1]])],
      [[undefined, undefined]],
    ],
  ])("%s", (_, flows, expected) => {
    expect(marks(flows)).toEqual(expected);
  });
});

describe("prefixes that go get tries", () => {
  it("are those never found, beside a longer path", () => {
    const paths = ["/example.com/m/pkg", "/example.com/m", "/example.com"].map((path) => `${path}/@v/v1.0.0.info`);
    const exchanges = paths.map((path, n) =>
      asked(10 + n, "p", path, path.startsWith("/example.com/m/@v") ? 200 : 404),
    );
    const probe = { folded: "prefix-probe" };
    expect(marks([at443(0, "p", exchanges)])).toEqual([[probe, undefined, probe]]);
  });

  it("are none where both are modules, or where only other files were asked for", () => {
    const nested = ["/cloud.example/go", "/cloud.example/go/storage"];
    const missing = nested.map((path, n) => asked(10 + n, "p1", `${path}/@v/list`, 404));
    const found = nested.map((path, n) => asked(20 + n, "p2", `${path}/@v/list`, 200));
    expect(marks([at443(0, "p1", missing), at443(1, "p2", found)])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    const files = nested.map((path, n) => asked(10 + n, "p1", `${path}/@v/v1.0.0.zip`, 404));
    expect(marks([at443(0, "p1", files)])).toEqual([[undefined, undefined]]);
  });

  it("are also pages of hosts", () => {
    const exchanges = [asked(10, "example.com", "/?go-get=1", 404), asked(11, "example.com", "/m?go-get=1", 200)];
    expect(marks([at443(0, "example.com", exchanges)])).toEqual([[{ folded: "prefix-probe" }, undefined]]);
  });
});

describe("redirects", () => {
  const zip = "/example.com/m/@v/v1.0.0.zip";
  const request = { kind: "zip", module: "example.com/m", version: "v1.0.0", base: "" };

  it("are followed to the next flow, over several hops", () => {
    const first = asked(10, "p", zip, 302, { redirectTo: "https://hop.example/x?y=1" });
    const second = asked(20, "hop.example", "/x?y=1", 302, { redirectTo: "/z" });
    const third = asked(30, "hop.example", "/z", 200);
    expect(marks([at443(0, "p", [first]), at443(1, "hop.example", [second, third])])).toEqual([
      [{ redirect: { flow: 1, exchange: 0 } }],
      [
        { elsewhere: true, origin: request, redirect: { flow: 1, exchange: 1 } },
        { elsewhere: true, origin: request },
      ],
    ]);
  });

  it("lead to no earlier request, to no other client's, and nowhere where the place is none", () => {
    const redirect = asked(10, "p", zip, 302, { redirectTo: "https://s.example/z" });
    const earlier = at443(1, "s.example", [asked(5, "s.example", "/z", 200)]);
    const stranger = at443(2, "s.example", [asked(15, "s.example", "/z", 200)], {
      client: { address: "192.0.2.99", port: 1 },
    });
    expect(marks([at443(0, "p", [redirect]), earlier, stranger]).flat()).toEqual([undefined, undefined, undefined]);
    expect(marks([at443(0, "p", [{ ...redirect, redirectTo: "ftp://s.example/z" }])]).flat()).toEqual([undefined]);
  });

  it("come again with the request that go repeats, and are no repetition of what another redirect led to", () => {
    const redirectTo = "https://s.example/z";
    const redirects = (path: string): HttpReport[] => [
      asked(10, "p", zip, 302, { redirectTo }),
      asked(30, "p", path, 302, { redirectTo }),
    ];
    const stored = at443(1, "s.example", [asked(20, "s.example", "/z", 403), asked(40, "s.example", "/z", 403)]);
    const folded = (path: string): unknown[] =>
      marks([at443(0, "p", redirects(path)), stored])
        .flat()
        .map((mark) => mark?.folded);
    expect(folded(zip)).toEqual([undefined, "doubled", undefined, "doubled"]);
    expect(folded(zip.replace(".zip", ".mod"))).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("of a prefix that go tried belong to the try", () => {
    const info = (module: string): string => `/${module}/@v/v1.0.0.info`;
    const probes = [
      asked(10, "p", info("example.com/m"), 200),
      asked(11, "p", info("example.com"), 302, { redirectTo: "/login" }),
      asked(20, "p", "/login", 200, { contentType: "text/html" }),
    ];
    expect(marks([at443(0, "p", probes)])[0].map((mark) => mark?.folded)).toEqual([
      undefined,
      "prefix-probe",
      "prefix-probe",
    ]);
  });
});
