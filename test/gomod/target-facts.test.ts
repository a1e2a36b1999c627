import { expect, it } from "vitest";
import { TargetFacts, earlier, targetKey, targetedRequests, targetsOf } from "../../src/gomod/target-facts.ts";
import { direct, flow, http, target, through } from "../build/flows.ts";

const first = (frame: number) => ({ frame, grade: "seen", path: `/${frame}` }) as const;

it("keeps the earliest request of each kind and module, whatever the order", () => {
  for (const frames of [
    [3, 1, 2],
    [1, 2, 3],
    [2, 3, 1],
  ]) {
    const facts = new TargetFacts("H.example.", 443);
    for (const frame of frames) facts.note({ kind: "list", module: "a.b/c" }, first(frame));
    facts.note({ kind: "tile", base: "", database: "sum.golang.org" }, first(9));
    expect(facts.host).toBe("h.example");
    expect(facts.earliest((kind) => kind === "list")?.frame).toBe(1);
    expect(facts.earliest(() => true)?.frame).toBe(1);
    expect(facts.modules.get("a.b/c")).toBe(1);
    expect(facts.mirrored?.frame).toBe(9);
  }
  expect(new TargetFacts("h", 1).requests.size).toBe(0);
  expect(earlier(undefined, first(2))).toEqual(first(2));
});

it("gives each request its target: absolute forms name their own", () => {
  const route = through("http-forward", "p:3128", "a.example:80");
  const requests = [
    http("a.example", "/x.y/z/@v/list", { scheme: "http", requestTarget: "http://u:p@a.example:8081/x.y/z/@v/list" }),
    http("b.example:81", "/", { scheme: "http" }),
    http("c.example:443", "c.example:443", { method: "CONNECT" }),
  ];
  const forwarded = [...targetedRequests(flow({ tls: [], route, target: target("a.example:80"), http: requests }), [])];
  expect(forwarded.map(({ target: { host, port }, request }) => `${host}:${port} ${request.kind}`)).toEqual([
    "a.example:8081 list",
    "b.example:81 other",
  ]);
  const [own] = targetedRequests(
    flow({ target: target("sni.example"), route: direct(), http: [http("host.example", "/")] }),
    [],
  );
  expect([own.target.host, own.first.grade, own.program]).toEqual(["sni.example", "decrypted", "go"]);
});

it("names targets alike", () => {
  expect(targetKey({ host: "H.example.", port: 443 })).toBe("h.example:443");
  expect(targetsOf(flow({ target: target("a") }))).toHaveLength(1);
  expect(targetsOf(flow({ targets: [target("a"), target("b")] }))).toHaveLength(2);
});
