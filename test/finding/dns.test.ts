import { describe, expect, it } from "vitest";
import { captureReport } from "../build/analysis.ts";
import { addresses, dnsReport, findingsOf, rulesOf, type Story } from "../build/findings.ts";
import { judgedFlow, target, through, without } from "../build/flows.ts";

const sum = "sum.golang.org";
const nx = { responseCode: "NXDOMAIN" } as const;
const answered = (name: string, ...values: readonly string[]) =>
  dnsReport(name, { answers: addresses(name, ...values) });
const unanswered = (name: string, more: Parameters<typeof dnsReport>[1] = {}) =>
  without(dnsReport(name, more), "responseCode");

const aaaa = { type: "AAAA" } as const;
const late = { time: "2026-12-01T10:09:59.000000000Z" } as const;
const nameless = through("http-connect", "p.example:3128", "proxy.golang.org:443", 200, {
  proxy: { address: "198.51.100.40", port: 3128 },
});

describe("a name that was not resolved", () => {
  it.each<[string, Story, string[]]>([
    ["NXDOMAIN", { dns: [dnsReport(sum, nx)] }, ["error dns-failure"]],
    ["SERVFAIL", { dns: [dnsReport(sum, { responseCode: "SERVFAIL" })] }, ["error dns-failure"]],
    ["REFUSED", { dns: [dnsReport(sum, { responseCode: "REFUSED" })] }, ["error dns-failure"]],
    ["no address of any kind", { dns: [dnsReport(sum), dnsReport(sum, { type: "AAAA" })] }, ["error dns-failure"]],
    ["no answer, asked twice", { dns: [unanswered(sum, { questions: 2 })] }, ["error dns-failure"]],
    ["no answer for minutes", { dns: [unanswered(sum)] }, ["error dns-failure"]],
    ["no answer yet at the end", { dns: [unanswered(sum, { time: "2026-12-01T10:09:59.000000000Z" })] }, []],
    [
      "no address of one family, no answer yet for the other",
      { dns: [dnsReport(sum, aaaa), unanswered(sum, late)] },
      [],
    ],
    ["no address of one family, nothing asked for the other", { dns: [dnsReport(sum, aaaa)] }, []],
    ["no address, asked before the capture began", { dns: [dnsReport(sum, { questions: 0 })] }, []],
    [
      "no answer, and a connection to it all the same",
      { dns: [unanswered(sum)], flows: [judgedFlow({ target: target(sum) })] },
      [],
    ],
    [
      "an error for AAAA alone, and a connection to it all the same",
      {
        dns: [unanswered(sum), dnsReport(sum, { ...aaaa, responseCode: "SERVFAIL" })],
        flows: [judgedFlow({ target: target(sum) })],
      },
      [],
    ],
    [
      "no answer where the recorder missed packets",
      { dns: [unanswered(sum)], flows: [judgedFlow({ lost: { clientToServer: 0, serverToClient: 9 } })] },
      ["note capture-drops"],
    ],
    [
      "no answer where the snap length cut frames",
      {
        dns: [unanswered(sum, { questions: 2 })],
        capture: { files: captureReport().files.map((file) => ({ ...file, snappedFrames: 3 })) },
      },
      [],
    ],
    [
      "no answer, and a connection once the resolver had given up",
      { dns: [unanswered(sum)], flows: [judgedFlow({ target: target(sum), id: 6 })] },
      ["warning dns-failure"],
    ],
    [
      "no answer, and the host reached through a proxy",
      {
        dns: [unanswered(sum)],
        flows: [judgedFlow({ target: target(sum), route: through("http-connect", "p.example:3128", `${sum}:443`) })],
      },
      ["warning dns-failure"],
    ],
    [
      "no answer for a proxy that is named by the settings, and used",
      {
        dns: [unanswered("p.example")],
        settings: "HTTPS_PROXY=http://p.example:3128",
        flows: [judgedFlow({ route: nameless })],
      },
      [],
    ],
    [
      "none to either of two questions, though the capture ends at once",
      { dns: [1, 2].map((second) => unanswered(sum, { time: `2026-12-01T10:09:5${second}.000000000Z` })) },
      ["error dns-failure"],
    ],
    ["a retry that was answered", { dns: [unanswered(sum), answered(sum, "198.51.100.11")] }, []],
    ["AAAA failing beside A", { dns: [answered(sum, "198.51.100.11"), dnsReport(sum, { type: "AAAA", ...nx })] }, []],
    ["PTR", { dns: [dnsReport("10.2.0.192.in-addr.arpa", { type: "PTR", ...nx })] }, []],
    [
      "a name that nothing of Go's needs",
      { dns: [dnsReport("printer.example", nx)], flows: [judgedFlow()] },
      ["note dns-failure"],
    ],
    ["a name after which nothing worked", { dns: [dnsReport("git.corp.example", nx)] }, ["warning dns-failure"]],
    [
      "a host that GOPRIVATE names, after which nothing worked",
      { dns: [dnsReport("git.corp.example", nx)], settings: "GOPRIVATE=*.lab.example,git.corp.example/team" },
      ["error dns-failure"],
    ],
    [
      "a host that a star of GOPRIVATE covers",
      { dns: [dnsReport("git.corp.example", nx)], settings: "GOPRIVATE=*.corp.example" },
      ["warning dns-failure"],
    ],
    [
      "a host that GOPRIVATE names, beside a flow that worked",
      { dns: [dnsReport("git.corp.example", nx)], settings: "GOPRIVATE=git.corp.example", flows: [judgedFlow()] },
      ["note dns-failure"],
    ],
    [
      "a name that a setting needs",
      { dns: [dnsReport("goproxy.corp.example", nx)], settings: "GOPROXY=https://goproxy.corp.example" },
      ["error dns-failure"],
    ],
    [
      "a forward proxy's name",
      { dns: [dnsReport("proxy.corp.example", nx)], settings: "HTTPS_PROXY=http://proxy.corp.example:3128" },
      ["error dns-failure"],
    ],
    [
      "a name that was reached all the same",
      { dns: [dnsReport(sum, nx)], flows: [judgedFlow({ target: target(sum) })] },
      ["warning dns-failure"],
    ],
    [
      "an entry of GOPROXY with | behind it, and another that worked",
      {
        dns: [dnsReport("p.example", nx)],
        settings: "GOPROXY=https://p.example|https://proxy.golang.org",
        flows: [judgedFlow()],
      },
      ["warning dns-failure"],
    ],
    [
      "suffixes of the search list",
      {
        dns: [
          dnsReport(`${sum}.svc.cluster.local`, nx),
          dnsReport(`${sum}.corp.example`, nx),
          answered(sum, "198.51.100.11"),
        ],
      },
      [],
    ],
  ])("%s", (_, story, expected) => {
    expect(rulesOf(story)).toEqual(expected);
  });

  it("names server, code and filter", () => {
    const [finding] = findingsOf({ dns: [dnsReport(sum, nx)] });
    expect(finding).toMatchObject({ title: `${sum} was not resolved: NXDOMAIN`, frames: [1, 2], flows: [] });
    expect(finding.detail).toContain("192.0.2.10 asked 192.0.2.53 for A (1 question)");
    expect(finding.filter).toBe(`dns.qry.name == "${sum}"`);
  });
});

describe("words of settings looked up as hosts", () => {
  it.each(["socks5h", "socks", "http", "p;direct", '"p.example'])("%s", (name) => {
    expect(rulesOf({ dns: [dnsReport(name, nx)] })).toEqual(["error dns-scheme-word"]);
  });

  it("counts the search list's suffixes with the bare word", () => {
    const dns = [dnsReport("socks5h.corp.example", nx), dnsReport("socks5h", nx)];
    expect(rulesOf({ dns })).toEqual(["error dns-scheme-word"]);
  });

  it("leaves hosts alone that merely begin so", () => {
    expect(rulesOf({ dns: [answered("socks.corp.example", "198.51.100.41")] })).toEqual([]);
  });

  it("puts no quote of the wire into a filter", () => {
    expect(findingsOf({ dns: [dnsReport('x" || tcp;y', nx)] })[0].filter).toBe("dns");
  });
});

describe("answers", () => {
  const again = (...values: readonly string[]) =>
    dnsReport(sum, { answers: addresses(sum, "198.51.100.11"), disagreeing: addresses(sum, ...values) });

  it.each<[string, Story, string[]]>([
    ["two that share nothing", { dns: [again("203.0.113.9")] }, ["warning dns-disagree"]],
    ["two that overlap", { dns: [again("203.0.113.9", "198.51.100.11")] }, []],
    ["a private address", { dns: [answered(sum, "10.1.2.3")] }, ["warning dns-bogus"]],
    ["0.0.0.0", { dns: [answered(sum, "0.0.0.0")] }, ["warning dns-bogus"]],
    [
      "loopback of IPv6",
      { dns: [dnsReport(sum, { type: "AAAA", answers: addresses(sum, "::1") })] },
      ["warning dns-bogus"],
    ],
    [
      "a local proxy program's, which worked",
      { dns: [answered(sum, "198.18.0.7")], flows: [judgedFlow({ target: target(sum) })] },
      ["note dns-bogus"],
    ],
    ["a documentation address", { dns: [answered(sum, "192.0.2.7", "203.0.113.7")] }, []],
    ["a private address of an internal name", { dns: [answered("goproxy.corp.example", "10.1.2.3")] }, []],
    ["a public address", { dns: [answered(sum, "142.250.1.141")] }, []],
  ])("%s", (_, story, expected) => {
    expect(rulesOf(story)).toEqual(expected);
  });

  it("is an error where the flows to a bogus address failed", () => {
    const flow = judgedFlow({
      target: target(sum, "dns"),
      closed: "refused",
      opened: "syn-only",
      layers: [],
      tls: [],
      stage: "tcp",
    });
    expect(rulesOf({ dns: [answered(sum, "127.0.0.1")], flows: [flow] })).toContain("error dns-bogus");
  });
});

describe("several names on one address", () => {
  const dns = [answered("proxy.golang.org", "198.51.100.10"), answered("www.example.net", "198.51.100.10")];
  it("matter where DNS alone names the target", () => {
    const byDns = judgedFlow({ target: target("www.example.net", "dns") });
    expect(rulesOf({ dns, flows: [byDns] })).toEqual(["note ambiguous-address"]);
    expect(rulesOf({ dns, flows: [judgedFlow()] })).toEqual([]);
    expect(rulesOf({ dns: dns.slice(1), flows: [byDns] })).toEqual([]);
  });
});
