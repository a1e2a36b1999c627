import { describe, expect, it } from "vitest";
import { compareAnalyses } from "../../src/compare/comparison.ts";
import type { Flow, HttpReport, StageReached } from "../../src/flow/model.ts";
import { sampleAnalysis } from "../build/analysis.ts";
import { http, judgedFlow, stack, target, through, tls } from "../build/flows.ts";

/* Two runs by their flows: what of them is no difference, and what each difference is called. */

const host = "proxy.golang.org";
const open = { negotiatedVersion: "TLS 1.3", ja4: "t13d1312h2_a_b", decrypted: "both" } as const;

/** A flow to a module proxy. */
function run(overrides: Partial<Flow> = {}): Flow {
  return judgedFlow({
    target: target(host),
    role: "module-proxy",
    label: "proxied",
    noise: false,
    tls: [tls(open)],
    ...overrides,
  });
}

function asking(...requests: HttpReport[]): Flow {
  return run({ http: requests, layers: ["tls", "h2"] });
}

function told(before: readonly Flow[], after: readonly Flow[]): string[] {
  const [was, is] = [before, after].map((of) => ({ name: "a", analysis: sampleAnalysis({ of, dns: [] }) }));
  return compareAnalyses(was, is).differences.map(
    ({ kind, weight, before: left = "", after: right = "" }) =>
      `${weight === "difference" ? "" : `${weight} `}${kind}: ${left} > ${right}`,
  );
}

const tile = (path: string): HttpReport => http(host, `/sumdb/sum.golang.org/tile/${path}`, { go: { kind: "tile" } });
const signed = (query: string): HttpReport => http(host, `/module.zip?${query}`, { go: { kind: "storage" } });
const list = http(host, "/m/@v/list");
const gone = http(host, "/m/n/@v/list", { status: 404 });

/** The stages of a flow, reached at these seconds. */
function stages(...seconds: readonly number[]): StageReached[] {
  const names = ["tcp", "hello", "server-flight", "established"] as const;
  return seconds.map((second, at) => ({
    stage: names[at],
    frame: at + 1,
    time: `2026-11-21T01:42:${second.toFixed(9).padStart(12, "0")}Z`,
  }));
}

/** Requests of which the first is answered after so many seconds, the next after the next. */
function answeredAfter(...seconds: readonly number[]): Flow {
  const at = (second: number): string => `2026-11-21T01:42:${second.toFixed(9).padStart(12, "0")}Z`;
  return asking(
    ...seconds.map((second, n) => http(host, `/m${n}/@v/list`, { requestTime: at(1), responseTime: at(1 + second) })),
  );
}

describe("is no difference", () => {
  it.each<[what: string, before: Flow[], after: Flow[]]>([
    [
      "how many connections raced, and which lost",
      [run()],
      [run(), run({ id: 1, tls: [tls({ ...open, verdict: { ...tls().verdict, unused: true } })] })],
    ],
    ["client ports and addresses", [run()], [run({ client: { address: "2001:db8::9", port: 1 } })]],
    ["A or AAAA", [run()], [run({ server: { address: "2001:db8:2::10", port: 443 } })]],
    ["tile paths and partial widths", [asking(tile("8/0/001"))], [asking(tile("8/0/002.p/17"))]],
    ["signed storage URLs", [asking(signed("X-Goog-Signature=1"))], [asking(signed("X-Goog-Signature=2"))]],
    ["order", [asking(list, gone)], [asking(gone, list)]],
    ["one slow answer among others", [answeredAfter(0.1, 0.1, 0.1)], [answeredAfter(0.1, 9, 0.1)]],
    ["a slow answer that came faster again", [answeredAfter(0.1)], [answeredAfter(9), answeredAfter(0.2)]],
    ["an answer that waits less than a second more", [answeredAfter(0.1)], [answeredAfter(1.05)]],
    ["doubled 4xx", [asking(list, gone)], [asking(list, gone, gone)]],
    [
      "four times as long, below a second",
      [run({ stages: stages(0, 0.1, 0.2, 0.4) })],
      [run({ stages: stages(0, 0.1, 0.5, 0.9) })],
    ],
    [
      "two seconds more, below three times as long",
      [run({ stages: stages(0, 0.1, 2) })],
      [run({ stages: stages(0, 0.1, 4) })],
    ],
    ["what a client takes before it speaks", [run({ stages: stages(0, 0.1) })], [run({ stages: stages(0, 9) })]],
  ])("%s", (_, before, after) => {
    expect(told(before, after)).toEqual([]);
  });
});

describe("is a difference", () => {
  const sumdb = judgedFlow({
    id: 7,
    target: target("sum.golang.org"),
    role: "sumdb",
    label: "sumdb",
    noise: false,
    tls: [tls(open)],
  });
  const read = { grade: "decrypted", because: "requests" } as const;
  const connect = (proxy: string, status = 200): Partial<Flow> => ({
    route: through("http-connect", proxy, `${host}:443`, status),
  });
  const overTls = { ...run().route, kind: "http-connect", overTls: true } as const;
  const refused = { ...connect("p.example:3128", 407), stage: "proxy", tls: [] } as const;
  const rejected = tls({ ...open, verdict: { value: "rejected", grade: "decrypted", because: "alert" } });
  it.each<[what: string, before: Flow[], after: Flow[], differences: string[]]>([
    ["a host that appeared", [run()], [run(), sumdb], ["target-appeared:  > sumdb, directly"]],
    ["a host that vanished", [run(), sumdb], [run()], ["target-vanished: sumdb, directly > "]],
    ["CONNECT gone", [run(connect("p.example:3128"))], [run()], ["route: http-connect > direct"]],
    [
      "another proxy",
      [run(connect("p.example:3128"))],
      [run(connect("q.example:3128"))],
      ["proxy: p.example:3128 > q.example:3128"],
    ],
    [
      "another label",
      [run({ labelEvidence: read })],
      [run({ label: "direct", labelEvidence: read })],
      ["label: proxied > direct"],
    ],
    [
      "a checksum database behind the module proxy",
      [asking(list)],
      [{ ...asking(list), carriesSumdb: true }],
      ["sumdb: none > checksum requests"],
    ],
    [
      "another role",
      [run()],
      [
        run({
          role: "vcs",
          roleEvidence: read,
          route: run(connect("p.example:1")).route,
        }),
      ],
      ["route: direct > http-connect", "role: module-proxy > vcs"],
    ],
    [
      "a refusal",
      [run(connect("p.example:3128"))],
      [run(refused)],
      ["refusal: let through > 407", "stage: established > proxy"],
    ],
    [
      "a success that is no grant to Go",
      [run(connect("p.example:3128"))],
      [
        run({
          ...connect("p.example:3128", 204),
          stage: "proxy",
          tls: [],
          http: [],
          route: { ...connect("p.example:3128", 204).route!, userAgent: "Go-http-client/1.1" },
        }),
      ],
      ["refusal: let through > 204", "stage: established > proxy"],
    ],
    [
      "no tunnel behind TLS to the proxy, whatever the proxy said",
      [run({ route: overTls, tls: [tls(open), tls(open)] })],
      [run({ route: { ...overTls, attempts: [{ frame: 9, answerBytes: 124, schemes: [] }] } })],
      ["stage: established > proxy"],
    ],
    [
      "a verdict flipped",
      [run()],
      [run({ tls: [rejected], stage: "certificate" })],
      ["verdict: accepted > rejected", "stage: established > certificate"],
    ],
    [
      "a TLS version",
      [run()],
      [run({ tls: [tls({ ...open, negotiatedVersion: "TLS 1.2" })] })],
      ["tls-version: TLS 1.3 > TLS 1.2"],
    ],
    ["no ALPN offered", [run()], [run({ tls: [tls({ ...open, alpnOffered: [] })] })], ["protocol: h2,http/1.1 > none"]],
    [
      "another ALPN",
      [run({ tls: [tls({ ...open, alpn: "h2" })] })],
      [run({ tls: [tls({ ...open, alpn: "http/1.1" })] })],
      ["protocol: h2 > http/1.1"],
    ],
    [
      "another client",
      [run()],
      [run({ tls: [tls({ ...open, clientStack: stack("gnutls") })] })],
      ["client: Go 1.24 > gnutls"],
    ],
    [
      "another JA4",
      [run()],
      [run({ tls: [tls({ ...open, ja4: "t13d1313h2_a_b" })] })],
      ["client: t13d1312h2_a_b > t13d1313h2_a_b"],
    ],
    ["a request on one side only", [asking(list)], [asking(list, gone)], ["requests:  > GET /m/n/@v/list (404)"]],
    ["a stage not reached", [run()], [run({ stage: "hello" })], ["stage: established > hello"]],
    [
      "a slower stage",
      [run({ stages: stages(0, 0.1, 0.6) })],
      [run({ stages: stages(0, 0.1, 3.1) })],
      ["slower: 500 ms > 3.00 s"],
    ],
    ["slower answers", [answeredAfter(0.5, 0.5, 0.5)], [answeredAfter(4, 0.5, 3)], ["slower: 500 ms > 3.00 s"]],
  ])("%s", (_, before, after, differences) => {
    expect(told(before, after)).toEqual(differences);
  });

  it.each([
    [
      "one answer",
      [0.5],
      [3],
      "The answer to the request that both have comes after 3.00 s instead of 500 ms by a factor of 6.",
    ],
    [
      "answers",
      [0.5, 0.5, 0.5],
      [0.5, 3, 4],
      "The answers to the 3 requests that both have come after 3.00 s instead of 500 ms by a factor of 6, by the median.",
    ],
  ])("tells %s that came later by factor and both times", (_, before, after, text) => {
    const [was, is] = [before, after].map((seconds) => ({
      name: "a",
      analysis: sampleAnalysis({ of: [answeredAfter(...seconds)], dns: [] }),
    }));
    expect(compareAnalyses(was, is).differences.map((difference) => difference.text)).toEqual([text]);
  });

  it("tells a slower stage by factor and both times", () => {
    const [was, is] = [stages(0, 0.1, 0.6), stages(0, 0.1, 3.1)].map((reached) => ({
      name: "a",
      analysis: sampleAnalysis({ of: [run({ stages: reached })], dns: [] }),
    }));
    expect(compareAnalyses(was, is).differences[0].text).toBe(
      "The way to server-flight takes 3.00 s instead of 500 ms by a factor of 6, on the fastest flow.",
    );
  });
});
