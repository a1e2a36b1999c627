import { describe, expect, it } from "vitest";
import { Naming } from "../../src/flow/naming.ts";
import { findRoute, proxyDialogue } from "../../src/flow/route.ts";
import type { LayerFacts } from "../../src/protocol/layer.ts";
import { DnsLog } from "../../src/protocol/dns/log.ts";
import { connectionFacts, helloFacts, http2Facts, httpFacts, socksFacts, tlsFacts } from "../build/connections.ts";

const naming = (resolved: Record<string, string[]> = {}, known: string[] = []): Naming =>
  new Naming(new DnsLog(() => undefined), new Map(Object.entries(resolved)), known);

const connect = (some: object = {}): LayerFacts =>
  httpFacts([{ method: "CONNECT", requestTarget: "Sum.golang.org:443", form: "authority", status: 200, ...some }]);
const named = (serverName: string): LayerFacts => tlsFacts({ hello: helloFacts({ serverName }) });

describe("findRoute", () => {
  it("names a refused tunnel to an address by DNS, where that is one name alone", () => {
    const refused = socksFacts({ targetHost: "203.0.113.5", reply: 4, addressType: "ipv4" });
    const targetBy = (names: string[]) =>
      findRoute(connectionFacts(), [refused], naming({ "203.0.113.5": names })).targets[0];
    expect(targetBy(["git.example"])).toEqual({ host: "git.example", port: 443, source: "dns" });
    expect(targetBy(["a.example", "b.example"])).toEqual({ host: "203.0.113.5", port: 443, source: "socks" });
    expect(targetBy([])).toMatchObject({ host: "203.0.113.5", source: "socks" });
  });

  it.each<[name: string, layers: LayerFacts[], route: object, target: object]>([
    ["an unanswered SYN", [], { kind: "direct", overTls: false }, { host: "198.51.100.10", source: "address" }],
    [
      "TLS by itself",
      [named("Sum.Golang.org")],
      { kind: "direct" },
      { host: "sum.golang.org", port: 443, source: "sni" },
    ],
    [
      "TLS with Encrypted ClientHello: its outer name is not the target",
      [tlsFacts({ hello: helloFacts({ serverName: "cover.example", echOuter: true }) })],
      { kind: "direct" },
      { host: "198.51.100.10", source: "address" },
    ],
    [
      "CONNECT",
      [connect(), named("sum.golang.org")],
      { kind: "http-connect", overTls: false, status: 200, target: "sum.golang.org:443" },
      { host: "sum.golang.org", port: 443, source: "connect" },
    ],
    [
      "decrypted TLS by itself",
      [named("sum.golang.org"), http2Facts([{ host: "other.example", requestFrame: 9 }])],
      { kind: "direct", evidence: { grade: "decrypted", frame: 9 } },
      { host: "sum.golang.org", source: "sni" },
    ],
    [
      "decrypted TLS whose name was hidden",
      [
        tlsFacts({ hello: helloFacts({ serverName: "cover.example", echOuter: true }) }),
        http2Facts([{ host: "b.example" }]),
      ],
      { kind: "direct" },
      { host: "b.example", source: "http" },
    ],
    [
      "CONNECT answered 100 and then 200, by a client that did not read on",
      [connect({ interim: { status: 100, reason: "Continue", frame: 4 } })],
      { kind: "http-connect", status: 100, attempts: [{ frame: 4, status: 100, reason: "Continue", schemes: [] }] },
      { host: "sum.golang.org", source: "connect" },
    ],
    [
      "the same, by one that did",
      [connect({ interim: { status: 100, reason: "Continue", frame: 4 } }), named("sum.golang.org")],
      { kind: "http-connect", status: 200 },
      { host: "sum.golang.org", source: "connect" },
    ],
    [
      "CONNECT answered 100 and then 403",
      [connect({ interim: { status: 100, reason: "Continue", frame: 4 }, status: 403 })],
      { kind: "http-connect", status: 403 },
      { host: "sum.golang.org", source: "connect" },
    ],
    [
      "CONNECT inside TLS to the proxy",
      [named("proxy.example"), connect(), named("sum.golang.org"), http2Facts([{}])],
      { kind: "http-connect", overTls: true, target: "sum.golang.org:443", evidence: { grade: "decrypted" } },
      { host: "sum.golang.org", port: 443, source: "connect" },
    ],
    [
      "CONNECT of HTTP/2",
      [
        named("proxy.example"),
        http2Facts([{ method: "CONNECT", form: "authority", requestTarget: "a.example:443", status: 200 }]),
      ],
      { kind: "http-connect", overTls: true, status: 200 },
      { host: "a.example", source: "connect" },
    ],
    [
      "a WebSocket of HTTP/2",
      [named("a.example"), http2Facts([{ method: "CONNECT", requestTarget: "/chat" }])],
      { kind: "direct" },
      { host: "a.example", source: "sni" },
    ],
    [
      "SOCKS inside TLS",
      [named("proxy.example"), socksFacts({ targetHost: "a.example" })],
      { kind: "socks5", overTls: true, evidence: { grade: "decrypted" } },
      { host: "a.example", source: "socks" },
    ],
    [
      "CONNECT to an address, named by the hello inside",
      [connect({ requestTarget: "[2001:db8::1]:8443" }), named("sum.golang.org")],
      { kind: "http-connect", target: "[2001:db8::1]:8443" },
      { host: "sum.golang.org", port: 8443, source: "sni" },
    ],
    [
      "CONNECT that was not captured, named by the hello inside",
      [connect({ requestTarget: "", requestFrame: 0, responseFrame: 6 }), named("sum.golang.org")],
      { kind: "http-connect", status: 200, evidence: { grade: "inferred", frame: 6 } },
      { host: "sum.golang.org", port: 443, source: "sni" },
    ],
    [
      "CONNECT refused, then granted on the same connection",
      [
        httpFacts([
          { method: "CONNECT", requestTarget: "h:443", form: "authority", status: 407, challenges: ["NTLM", "Basic"] },
          { method: "CONNECT", requestTarget: "h:443", form: "authority", status: 200, proxyAuthorization: "Basic" },
        ]),
      ],
      {
        kind: "http-connect",
        status: 200,
        attempts: [
          { frame: 5, status: 407, schemes: ["NTLM", "Basic"] },
          { frame: 5, status: 200, schemes: [], credentials: "Basic" },
        ],
      },
      { host: "h", port: 443, source: "connect" },
    ],
    [
      "CONNECT inside TLS to the proxy",
      [named("proxy.example"), connect(), named("sum.golang.org")],
      { kind: "http-connect", overTls: true },
      { host: "sum.golang.org", source: "connect" },
    ],
    [
      "SOCKS5 by name",
      [socksFacts(), named("sum.golang.org")],
      { kind: "socks5", status: 0, target: "sum.golang.org:443" },
      { host: "sum.golang.org", source: "socks" },
    ],
    [
      "SOCKS5 that takes no password",
      [socksFacts({ authenticationStatus: 1, answerFrame: 7, requestFrame: 6, reply: 1 })],
      { kind: "socks5", attempts: [{ frame: 7, status: 1 }] },
      { host: "sum.golang.org", source: "socks" },
    ],
    [
      "SOCKS4 by address",
      [socksFacts({ version: 4, targetHost: "203.0.113.5", reply: 90, addressType: "ipv4" }), named("github.com")],
      { kind: "socks4", status: 90 },
      { host: "github.com", source: "sni" },
    ],
    [
      "absolute form",
      [httpFacts([{ requestTarget: "http://Corp.example/a/@v/list", form: "absolute" }])],
      { kind: "http-forward", target: "corp.example:80" },
      { host: "corp.example", port: 80, source: "http" },
    ],
    [
      "origin form",
      [httpFacts([{ requestTarget: "/a", host: "corp.example:8080" }])],
      { kind: "direct", evidence: { grade: "seen" } },
      { host: "corp.example", port: 8080, source: "http" },
    ],
    [
      "a request that was cut",
      [httpFacts([])],
      { kind: "direct", evidence: { grade: "unknown" } },
      { source: "address" },
    ],
  ])("reads %s", (_, layers, route, target) => {
    const found = findRoute(connectionFacts(), layers, naming());
    expect(found.route).toMatchObject(route);
    expect(found.targets[0]).toMatchObject(target);
  });

  it("lists every host that a forward proxy's connection served", () => {
    const layers = [
      httpFacts([
        { requestTarget: "http://a.example/x", form: "absolute" },
        { requestTarget: "http://b.example:8080?q", form: "absolute" },
        { requestTarget: "http://a.example/y", form: "absolute" },
      ]),
    ];
    const { targets } = findRoute(connectionFacts(), layers, naming());
    expect(targets.map(({ host, port }) => `${host}:${port}`)).toEqual(["a.example:80", "b.example:8080"]);
  });

  it("names the target of a hidden CONNECT only where one known host fits its length", () => {
    const tunnel = { targetLength: 18, because: "97 = 61 + 2 × 18", helloBytes: 278 };
    const layers = [tlsFacts({ hello: helloFacts({ serverName: "proxy.example" }), inferredTunnel: tunnel })];
    const one = findRoute(connectionFacts(), layers, naming({}, ["sum.golang.org", "proxy.golang.org"]));
    expect(one.route).toMatchObject({ kind: "http-connect", overTls: true, target: "sum.golang.org:443" });
    expect(one.route.proxy).toMatchObject({ name: "proxy.example" });
    const two = findRoute(connectionFacts(), layers, naming({}, ["sum.golang.org", "abc.golang.org"]));
    expect(two.route.target).toBeUndefined();
    expect(two.route.evidence.because).toContain("2 known hosts fit");
  });

  it("calls a direct TLS flow seen only when DNS gave the name for the address", () => {
    const layers = [named("sum.golang.org")];
    const alone = findRoute(connectionFacts(), layers, naming());
    const withDns = findRoute(connectionFacts(), layers, naming({ "198.51.100.10": ["sum.golang.org"] }));
    expect([alone.route.evidence.grade, withDns.route.evidence.grade]).toEqual(["inferred", "seen"]);
  });

  it("says of one short request that it may be a refused CONNECT, unless more came back than a refusal is long", () => {
    const loneRequest = { bytes: 101, frame: 7, answers: [45], closed: true };
    const layers = [tlsFacts({ hello: helloFacts({ serverName: "sum.golang.org" }), loneRequest })];
    const names = naming({ "198.51.100.10": ["sum.golang.org"] });
    const graded = [4_000, 230_000].map((bytes) => findRoute(connectionFacts({ bytes: [600, bytes] }), layers, names));
    expect(graded.map(({ route }) => route.evidence.grade)).toEqual(["inferred", "seen"]);
  });
});

describe("a connection joined after its beginning", () => {
  const late = (layers: LayerFacts[], opened: "midstream" | "handshake" = "midstream"): string => {
    const names = naming();
    names.proxyAt("198.51.100.10", 443, "socks5");
    return findRoute(connectionFacts({ opened }), layers, names).route.kind;
  };

  it("went through the proxy where others go through that server", () => {
    expect(late([])).toBe("socks5");
    expect(late([named("sum.golang.org")])).toBe("socks5");
    expect(late([named("sum.golang.org")], "handshake")).toBe("direct");
    expect(findRoute(connectionFacts({ opened: "midstream" }), [], naming()).route.kind).toBe("direct");
  });

  it("is known as a proxy by its dialogue", () => {
    expect(proxyDialogue([connect(), named("a.example")])).toBe("http-connect");
    expect(proxyDialogue([socksFacts({ version: 4 })])).toBe("socks4");
    expect(proxyDialogue([httpFacts([{ form: "absolute", requestTarget: "http://a.example/" }])])).toBe("http-forward");
    expect(proxyDialogue([httpFacts([{}])])).toBeUndefined();
    expect(proxyDialogue([named("a.example"), connect()])).toBeUndefined();
  });
});

describe("the ground of a direct route", () => {
  const because = (layers: LayerFacts[], bytes: [number, number] = [1, 1]): string =>
    findRoute(connectionFacts({ bytes }), layers, naming()).route.evidence.because;

  it("never claims a hello that was not captured", () => {
    const withoutHello = tlsFacts({ helloFrame: 0 });
    delete withoutHello.hello;
    expect(because([withoutHello])).toContain("whose ClientHello is not in the capture");
    expect(findRoute(connectionFacts(), [withoutHello], naming()).route.evidence.frame).toBe(1);
  });

  it("tells silence from bytes too few to tell", () => {
    expect(because([], [0, 0])).toContain("nothing was said");
    expect(because([], [3, 0])).toContain("too little");
  });
});
