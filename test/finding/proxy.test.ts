import { describe, expect, it } from "vitest";
import type { Flow, Route } from "../../src/flow/model.ts";
import { findingsOf, rulesOf, type Story } from "../build/findings.ts";
import { http, judgedFlow, target, through, tls, unopened, without } from "../build/flows.ts";

const proxy = "proxy.corp.example:3128";
const server = { address: "198.51.100.40", port: 3128 };

/** A flow whose CONNECT was answered so, and that ended there. */
function connect(status: number | undefined, route: Partial<Route> = {}, more: Partial<Flow> = {}): Flow {
  const granted = without(through("http-connect", proxy, "sum.golang.org:443"), "status");
  return judgedFlow({
    server,
    target: target("sum.golang.org", "connect"),
    route: {
      ...granted,
      ...(status !== undefined && { status }),
      attempts: [{ frame: 4, ...(status !== undefined && { status }), schemes: [] }],
      ...route,
    },
    layers: ["http-connect"],
    stage: "proxy",
    tls: [],
    role: "sumdb",
    label: "sumdb",
    ...more,
  });
}

const denied = (schemes: readonly string[], credentials?: string): Flow =>
  connect(407, { attempts: [{ frame: 4, status: 407, schemes, ...(credentials !== undefined && { credentials }) }] });

function socks(more: Partial<NonNullable<Flow["socks"]>>, status?: number): Flow {
  const route = without(through("socks5", "socks.corp.example:1080", "sum.golang.org:443"), "status");
  return judgedFlow({
    server: { address: "198.51.100.41", port: 1080 },
    target: target("sum.golang.org", "socks"),
    route: {
      ...route,
      ...(status !== undefined && { status }),
      attempts: [{ frame: 5, schemes: [], ...(status !== undefined && { status }) }],
    },
    layers: ["socks5"],
    stage: "proxy",
    tls: [],
    socks: { version: "5", methodsOffered: ["no authentication"], ...more },
  });
}

describe("a proxy that refuses or fails", () => {
  it.each<[string, Flow, string]>([
    ["407", denied(["Basic"]), "proxy-authentication-required"],
    ["403", connect(403), "proxy-forbidden"],
    ["502", connect(502), "proxy-error"],
    ["503", connect(503), "proxy-error"],
    ["504", connect(504), "proxy-error"],
    ["201", connect(201, { userAgent: "Go-http-client/1.1" }), "proxy-other-status"],
    ["404", connect(404), "proxy-other-status"],
    ["silence", connect(undefined), "proxy-silent"],
    [
      "an answer inside TLS",
      connect(undefined, { overTls: true, attempts: [{ frame: 4, answerBytes: 45, schemes: [] }] }),
      "proxy-no-tunnel",
    ],
    ["a SOCKS5 answer", connect(undefined, {}, { strangeAnswer: "\u0005ÿ" }), "proxy-speaks-socks"],
    ["a SOCKS4 answer", connect(undefined, {}, { strangeAnswer: "\u0000[" }), "proxy-speaks-socks"],
    ["an HTTP/2 frame", connect(undefined, {}, { strangeAnswer: "\u0000\u0000\u0012\u0004" }), "proxy-silent"],
    ["0xff", socks({ methodSelected: "no acceptable method" }), "socks-authentication"],
    ["bad password", socks({ authenticated: false }, 1), "socks-authentication"],
    ["SOCKS reply", socks({ reply: "connection not allowed by ruleset" }, 2), "socks-refused"],
    ["HTTP from a SOCKS port", socks({ strangeAnswer: "HTTP/1.1 400 Bad Request" }), "socks-port-speaks-http"],
    ["no SOCKS answer", socks({}), "proxy-silent"],
  ])("%s", (_, flow, rule) => {
    const [finding, ...others] = findingsOf({ flows: [flow] });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule, severity: "error", flows: [0] });
    expect(finding.title).toContain(flow.route.proxy?.name);
  });

  it.each([
    [403, "proxy-forbidden"],
    [503, "proxy-error"],
  ])("an absolute-form request answered %s is the proxy's, with the doubt that stays", (status, rule) => {
    const path = "/rsc.io/quote/@v/list";
    const flow = judgedFlow({
      server,
      target: target("goproxy.corp.example:80", "http"),
      route: through("http-forward", proxy, "goproxy.corp.example:80"),
      layers: ["http/1.1"],
      stage: "http",
      tls: [],
      http: [http("goproxy.corp.example", path, { status, requestFrame: 4, responseFrame: 5, reason: "Forbidden" })],
      role: "module-proxy",
      label: "proxied",
    });
    const [finding, ...others] = findingsOf({ flows: [flow] });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule, severity: "error", grade: "inferred", frames: [5] });
    expect(finding.title).toContain(`the proxy ${proxy}`);
    expect(finding.detail).toContain("Whether the proxy said so or the target behind it the answer does not tell.");
  });

  it("tells an answer that broke off from none", () => {
    const cut = connect(undefined, {}, { bytes: { clientToServer: 101, serverToClient: 17 }, closedBy: "server" });
    const [finding] = findingsOf({ flows: [cut] });
    expect(finding.title).toBe(`the proxy ${proxy} broke off its answer to the request for sum.golang.org:443`);
    expect(finding.detail).toContain("was met with 17 bytes, no whole head of an answer, then a closed connection.");
  });

  it("finds nothing in a granted CONNECT", () => {
    expect(rulesOf({ flows: [connect(200, {}, { stage: "established", tls: [tls()] })] })).toEqual([]);
  });

  it("makes one finding of one proxy that wants authentication for every target", () => {
    const github = { target: target("github.com", "connect"), id: 1 } as const;
    const findings = findingsOf({ flows: [denied(["Basic"]), { ...denied(["Basic"]), ...github }] });
    expect(findings.map(({ flows }) => flows)).toEqual([[0, 1]]);
  });

  it.each<[string, Flow, string]>([
    ["no credentials were sent", denied(["Basic"]), "HTTPS_PROXY=http://USER:PASSWORD@proxy.corp.example:3128"],
    ["wrong ones were", denied(["Basic"], "Basic"), "Correct the user name and password"],
    ["Go knows none of the schemes", denied(["NTLM", "Negotiate"]), "None of NTLM and Negotiate is known to Go"],
    ["Go knows no Digest", denied(["Digest"]), "None of Digest is known to Go"],
  ])("says what to do when %s", (_, flow, remedy) => {
    expect(findingsOf({ flows: [flow] })[0].remedy).toContain(remedy);
  });

  it("writes an IPv6 address as URLs do", () => {
    const address = { address: "2001:db8::40", port: 3128 };
    const hello = judgedFlow({
      server: address,
      target: { host: address.address, port: 3128, source: "address" },
      role: "forward-proxy",
      stage: "hello",
      closed: "fin",
      closedBy: "server",
    });
    const [finding] = findingsOf({ flows: [hello] });
    expect(finding).toMatchObject({ rule: "proxy-not-tls" });
    expect(finding.title).toContain("[2001:db8::40]:3128");
    expect(finding.remedy).toContain("http://[2001:db8::40]:3128 ");
  });

  it("names the reply of a SOCKS proxy", () => {
    const [finding] = findingsOf({ flows: [socks({ reply: "host unreachable" }, 4)] });
    expect(finding.title).toBe(
      "the SOCKS proxy socks.corp.example:1080 did not connect to sum.golang.org:443: host unreachable",
    );
  });
});

describe("a proxy that cannot be reached", () => {
  const dead = { role: "forward-proxy", target: target(proxy, "dns"), server } as const;
  it.each<[string, Flow]>([
    ["unanswered", judgedFlow(unopened(dead))],
    ["refused", judgedFlow({ ...unopened(dead), closed: "refused" })],
  ])("%s", (_, flow) => {
    expect(rulesOf({ flows: [{ ...flow, role: "forward-proxy" }] })).toEqual(["error proxy-unreachable"]);
  });
});

describe("TLS to a proxy without it", () => {
  const hello = (more: Partial<Flow>, answer?: string): Flow =>
    judgedFlow({
      target: target(proxy),
      server,
      stage: "hello",
      role: "forward-proxy",
      tls: [
        tls({
          serverName: "proxy.corp.example",
          verdict: { value: "undecided", grade: "unknown", because: "no answer" },
          ...(answer !== undefined && { strangeAnswer: answer }),
        }),
      ],
      ...more,
    });
  const notTls = ["error proxy-not-tls"];
  const unread = { bytes: { clientToServer: 300, serverToClient: 0 } };

  it.each<[string, Story, string[]]>([
    ["answered in HTTP", { flows: [hello({}, "HTTP/1.1 400 Bad Request")] }, notTls],
    ["closed", { flows: [hello({ closedBy: "server" })] }, notTls],
    ["by its port alone", { flows: [hello({ role: "unknown" }, "HTTP/1.1 400")] }, notTls],
    [
      "by its setting",
      {
        flows: [hello({ role: "unknown", server: { address: "198.51.100.40", port: 9000 } }, "HTTP/1.1 400")],
        settings: "HTTPS_PROXY=https://proxy.corp.example:9000",
      },
      notTls,
    ],
    [
      "in a tunnel that the proxy granted is spoken to the target",
      {
        flows: [hello({ role: "sumdb", route: through("http-connect", proxy, proxy), closedBy: "server" })],
      },
      ["error server-reset"],
    ],
    ["silent", { flows: [hello({ end: "2026-12-01T10:00:10.500000000Z", closedBy: "client", ...unread })] }, notTls],
    ["reset", { flows: [hello({ closed: "reset", closedBy: "server", ...unread })] }, notTls],
    [
      "silent where the hello was not acknowledged, which is the way's fault",
      {
        flows: [
          hello({
            end: "2026-12-01T10:00:10.500000000Z",
            closedBy: "client",
            ...unread,
            unacknowledged: { clientToServer: 300, serverToClient: 0 },
          }),
        ],
      },
      ["error name-filter"],
    ],
    [
      "a module proxy at such a port is none",
      {
        flows: [hello({ role: "module-proxy", server: { ...server, port: 8080 } }, "HTTP/1.1 400")],
        settings: "GOPROXY=https://proxy.corp.example:8080",
      },
      ["error target-not-tls"],
    ],
    [
      "a GOPROXY at the port of forward proxies alone",
      {
        flows: [hello({ role: "module-proxy", closed: "reset", closedBy: "server", ...unread })],
        settings: `GOPROXY=https://${proxy}`,
      },
      ["error goproxy-as-forward-proxy"],
    ],
    [
      "a GOPROXY that HTTP_PROXY names as well",
      {
        flows: [hello({ role: "module-proxy", server: { ...server, port: 8080 }, closedBy: "server", ...unread })],
        settings: "GOPROXY=https://proxy.corp.example:8080\nHTTP_PROXY=http://proxy.corp.example:8080",
      },
      ["error goproxy-as-forward-proxy", "note proxy-http-only"],
    ],
  ])("%s", (_, story, expected) => {
    expect(rulesOf(story)).toEqual(expected);
  });

  it("writes an IPv6 address in brackets where a port follows", () => {
    const flow = hello({ target: target("[2001:db8::1]:3128", "address"), closedBy: "server" });
    const [{ title, remedy }] = findingsOf({ flows: [flow] });
    expect(title).toBe("the proxy [2001:db8::1]:3128 did not answer the client's TLS");
    expect(remedy).toContain("HTTPS_PROXY=http://[2001:db8::1]:3128 ");
  });

  it("tells a proxy that picked HTTP/2", () => {
    const outer = tls({
      serverName: "proxy.corp.example",
      alpn: "h2",
      verdict: { value: "undecided", grade: "unknown", because: "" },
    });
    const flow = hello({ tls: [outer], stage: "server-flight", closed: "reset", closedBy: "server" });
    expect(rulesOf({ flows: [flow] })).toContain("error proxy-picked-h2");
  });
});
