import { describe, expect, it } from "vitest";
import { describeFlow, type DescribeContext } from "../../src/flow/describe.ts";
import { Naming } from "../../src/flow/naming.ts";
import { ProcessLog } from "../../src/flow/processes.ts";
import type { FlowFacts } from "../../src/flow/store.ts";
import { TrustAnchors } from "../../src/pki/anchors.ts";
import { ChainJudge } from "../../src/pki/judge.ts";
import { KnownCertificates } from "../../src/pki/known.ts";
import { DnsLog } from "../../src/protocol/dns/log.ts";
import { flowFacts, http2Facts, httpFacts, socksFacts, tlsFacts } from "../build/connections.ts";

const context = (some: Partial<DescribeContext> = {}): DescribeContext => ({
  naming: new Naming(new DnsLog(() => undefined), new Map(), []),
  judge: new ChainJudge(TrustAnchors.fromPem([], "none"), new KnownCertificates([])),
  twinOf: () => undefined,
  processes: new ProcessLog(),
  ...some,
});
const described = (facts: FlowFacts, some?: Partial<DescribeContext>): ReturnType<typeof describeFlow> =>
  describeFlow(facts, context(some));

it.each([
  ["cipher suite", "no ServerHello was captured"],
  ["client random", "no ClientHello was captured"],
] as const)("says that the %s was found by trial", (tried, because) => {
  const keys = { sources: [0], opened: [true, false] as [boolean, boolean], tried };
  const [tls] = described(flowFacts({}, [tlsFacts({ keys })])).tls;
  expect(tls.decrypted).toBe("client");
  expect(tls.decryptedBecause).toContain(because);
});

const connect = httpFacts([{ method: "CONNECT", requestTarget: "sum.golang.org:443", form: "authority", status: 200 }]);

describe("describeFlow", () => {
  it.each<[name: string, facts: FlowFacts, layers: string[]]>([
    ["nothing", flowFacts(), []],
    ["TLS", flowFacts({}, [tlsFacts()]), ["tls"]],
    ["TLS whose ALPN was answered in clear", flowFacts({}, [tlsFacts({ alpn: "h2" })]), ["tls", "h2"]],
    [
      "TLS that was refused before anything was said",
      flowFacts({}, [tlsFacts({ alpn: "h2", applicationData: [false, false] })]),
      ["tls"],
    ],
    ["a tunnel", flowFacts({}, [connect, tlsFacts()]), ["http-connect", "tls"]],
    ["SOCKS", flowFacts({}, [socksFacts({ version: 4 }), tlsFacts()]), ["socks4", "tls"]],
    ["a clear request", flowFacts({}, [httpFacts([{}])]), ["http/1.1"]],
    [
      "CONNECT inside TLS by lengths",
      flowFacts({}, [tlsFacts({ inferredTunnel: { targetLength: 18, because: "x", helloBytes: 275 } })]),
      ["tls", "http-connect", "tls"],
    ],
    ["decrypted HTTP/2", flowFacts({}, [tlsFacts({ alpn: "h2" }), http2Facts([{}])]), ["tls", "h2"]],
    [
      "decrypted TLS to a proxy",
      flowFacts({}, [tlsFacts(), connect, tlsFacts({ alpn: "h2" }), http2Facts([{}])]),
      ["tls", "http-connect", "tls", "h2"],
    ],
    [
      "a tunnel inside HTTP/2",
      flowFacts({}, [tlsFacts(), http2Facts([{ method: "CONNECT", form: "authority" }]), tlsFacts()]),
      ["tls", "h2", "http-connect", "tls"],
    ],
    ["a named protocol", flowFacts({}, [{ layer: "named", protocol: "ssh", frame: 4 }]), ["ssh"]],
  ])("names the layers of %s, outermost first", (_, facts, layers) => {
    expect(described(facts).layers).toEqual(layers);
  });

  it("describes the exchanges of all layers, with what tells HTTP/2 apart", () => {
    const reset = { from: "server", code: 8, frame: 9 } as const;
    const ended = { endFrame: 7, endSeconds: 3, endNanoseconds: 5 };
    const goAways = [{ from: "server", lastStream: 3, code: 0xb, frame: 12 } as const];
    const inner = http2Facts(
      [
        { ...ended, scheme: "http" },
        { reset, unknownFields: 2 },
      ],
      { goAways },
    );
    const flow = described(flowFacts({ timed: true }, [tlsFacts(), connect, tlsFacts(), inner]));
    expect(flow.http).toMatchObject([
      { method: "CONNECT", grade: "decrypted" },
      { scheme: "http", stream: 1, endFrame: 7, endTime: "1970-01-01T00:00:03.000000005Z" },
      { scheme: "https", stream: 3, reset: { from: "server", error: "CANCEL (8)", frame: 9 }, unknownFields: 2 },
    ]);
    expect(flow.goAways).toEqual([{ from: "server", lastStream: 3, error: "ENHANCE_YOUR_CALM (11)", frame: 12 }]);
    expect(described(flowFacts({}, [connect])).http).toMatchObject([{ grade: "seen" }]);
  });

  it("leaves out what is not known instead of writing an empty value", () => {
    const flow = described(flowFacts());
    for (const key of [
      "closedBy",
      "unacknowledged",
      "snappedSegments",
      "oneSided",
      "sameAs",
      "targets",
      "socks",
      "icmp",
    ]) {
      expect(flow).not.toHaveProperty(key);
    }
    expect(JSON.stringify(flow)).not.toContain("null");
  });

  it("gives no time where the capture has none", () => {
    const facts = flowFacts({ timed: false }, [httpFacts([{}])]);
    const flow = described({ ...facts, stages: [2, 0, 0, 0, 0, 0, 5].flatMap((frame) => [frame, 0, 0]) });
    expect(flow).not.toHaveProperty("start");
    expect(flow.stages).toEqual([
      { stage: "tcp", frame: 2 },
      { stage: "http", frame: 5 },
    ]);
    expect(flow.http[0]).not.toHaveProperty("requestTime");
  });

  it("tells the last stage that was reached", () => {
    const facts = flowFacts({}, [tlsFacts()]);
    const flow = described({ ...facts, stages: [2, 0, 4, 6, 0, 0, 0].flatMap((frame) => [frame, 0, 0]) });
    expect(flow.stage).toBe("server-flight");
  });

  it("says why no certificate is visible", () => {
    const why = (...layers: Parameters<typeof tlsFacts>): string | undefined =>
      described(flowFacts({}, [tlsFacts(...layers)])).tls[0].path.detail;
    expect(why({ serverHelloFrame: 0 })).toContain("no server flight");
    expect(why({ resumed: true })).toContain("resumed");
    expect(why({ handshakeLost: true })).toContain("missing in the capture");
    expect(why({ negotiatedVersion: 0x0304 })).toContain("TLS 1.3");
    expect(why({ negotiatedVersion: 0x0303 })).toContain("no certificate in clear");
  });

  it("checks no name of a connection joined after its hello, but what the proxy was asked for", () => {
    const sent = { sha256: "00", der: new Uint8Array([0x30]) };
    const joined = tlsFacts({ certificates: [sent] });
    delete joined.hello;
    const judged: string[] = [];
    const judge = new ChainJudge(TrustAnchors.fromPem([], "none"), new KnownCertificates([]));
    judge.judge = (_chain, name) => {
      judged.push(name?.value ?? "none");
      return { status: "malformed", remarks: [], path: [], detail: "" };
    };
    described(flowFacts({}, [joined]), { judge });
    described(flowFacts({}, [connect, joined]), { judge });
    expect(judged).toEqual(["none", "sum.golang.org"]);
  });

  it("shows the two TLS layers of a tunnel through a TLS proxy, the inner one by what lengths say", () => {
    const verdict = { value: "rejected", grade: "inferred", because: "19 bytes" } as const;
    const inferredTunnel = { targetLength: 18, because: "x", helloBytes: 275, verdict };
    const [outer, inner] = described(flowFacts({}, [tlsFacts({ inferredTunnel })])).tls;
    expect(outer.serverName).toBe("sum.golang.org");
    expect(inner).not.toHaveProperty("serverName");
    expect(inner.verdict).toMatchObject(verdict);
  });

  it("marks a flow that repeats another", () => {
    expect(described(flowFacts({ id: 4 }), { twinOf: () => ({ upstreamOf: 2 }) })).toMatchObject({ upstreamOf: 2 });
  });

  it("writes paths and schemes of requests by their form", () => {
    const exchanges = httpFacts([
      { requestTarget: "/a?b" },
      { requestTarget: "http://h.example?q", form: "absolute" },
      { requestTarget: "https://h.example/x", form: "absolute" },
      { method: "OPTIONS", requestTarget: "*", form: "asterisk" },
    ]);
    const seen = described(flowFacts({}, [exchanges])).http.map(({ scheme, path }) => [scheme, path]);
    expect(seen).toEqual([
      ["http", "/a?b"],
      ["http", "/?q"],
      ["https", "/x"],
      ["http", undefined],
    ]);
  });

  it("names SOCKS methods and replies", () => {
    const refused = socksFacts({ methodsOffered: [0, 2], methodSelected: 2, authenticationStatus: 1, reply: 5 });
    const { socks, route } = described(flowFacts({}, [refused]));
    expect(socks).toMatchObject({ version: "5", authenticated: false });
    expect(socks?.methodsOffered).toHaveLength(2);
    expect(route.status).toBe(5);
    expect(described(flowFacts({}, [socksFacts({ version: 4, v4a: true })])).socks?.version).toBe("4a");
  });
});
