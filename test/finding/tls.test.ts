import { describe, expect, it } from "vitest";
import type { Flow, TlsReport } from "../../src/flow/model.ts";
import { findingsOf, rulesOf } from "../build/findings.ts";
import { judgedFlow, target, through, tls, without } from "../build/flows.ts";

const open = { value: "undecided", grade: "unknown", because: "the handshake did not end" } as const;

/** A handshake that ended at a stage, after 10 s. */
function broken(stage: Flow["stage"], more: Partial<Flow> = {}, layer: Partial<TlsReport> = {}): Flow {
  return judgedFlow({
    target: target("sum.golang.org"),
    role: "sumdb",
    label: "sumdb",
    stage,
    end: "2026-12-01T10:00:10.500000000Z",
    closedBy: "client",
    bytes: { clientToServer: 1700, serverToClient: 0 },
    tls: [tls({ serverName: "sum.golang.org", ja4: "t13d1516h2_8daaf6152771_b186095e22b6", verdict: open, ...layer })],
    ...more,
  });
}

const cutHello = without(tls({ verdict: open }), "serverName", "ja4", "helloFrame");
const unacknowledged = (clientToServer: number): Partial<Flow> => ({
  unacknowledged: { clientToServer, serverToClient: 0 },
  retransmittedSegments: 5,
});
const tooBig = { icmp: [{ type: 3, code: 4, frame: 12, mtu: 1280, from: "192.0.2.1" }] };
const alert = (from: "client" | "server", description: string): Partial<TlsReport> => ({
  alerts: [{ from, level: "fatal", description, frame: 9, grade: "seen" }],
});
const missed = { lost: { clientToServer: 0, serverToClient: 2800 } };
const reset = { closed: "reset", closedBy: "server" } as const;

describe("a handshake that ended early", () => {
  it.each<[string, Flow, string[]]>([
    ["whole hello, then silence", broken("hello"), ["error name-filter"]],
    ["whole hello, then a reset", broken("hello", reset), ["error name-filter"]],
    ["whole hello, then an answer that the recorder missed", broken("hello", missed), ["note capture-drops"]],
    ["whole hello, then closed", broken("hello", { closedBy: "server" }), ["error server-reset"]],
    [
      "a reset before the second segment could be sent again",
      broken("hello", { ...reset, ...unacknowledged(240), retransmittedSegments: 0 }),
      ["error name-filter"],
    ],
    ["second segment never acknowledged", broken("hello", unacknowledged(240)), ["error hello-lost"]],
    ["nothing of a large hello acknowledged", broken("hello", unacknowledged(1700)), ["error path-mtu"]],
    [
      "nothing of a small hello acknowledged",
      broken("hello", { ...unacknowledged(300), bytes: { clientToServer: 300, serverToClient: 0 } }),
      ["error name-filter"],
    ],
    ["seen from behind: a first segment alone", broken("tcp", { tls: [cutHello] }), ["warning hello-lost"]],
    ["the same, answered", broken("tcp", { tls: [cutHello], bytes: { clientToServer: 9, serverToClient: 9 } }), []],
    ["the router says too big", broken("hello", tooBig), ["error path-mtu"]],
    ["server flight with a hole", broken("server-flight", { outOfOrderSegments: 2 }), ["error path-mtu"]],
    ["server flight without one", broken("server-flight"), ["error handshake-stalled"]],
    ["server closed in its flight", broken("server-flight", { closedBy: "server" }), ["error handshake-stalled"]],
    ["reset in the flight", broken("server-flight", reset), ["error server-reset"]],
    ["alert 40", broken("hello", {}, alert("server", "handshake_failure (40)")), ["error tls-server-alert"]],
    ["alert 70", broken("hello", {}, alert("server", "protocol_version (70)")), ["error tls-version-old"]],
    [
      "an old version taken",
      broken("http", {}, { negotiatedVersion: "TLS 1.1", verdict: { ...open, value: "accepted" } }),
      ["note tls-version-old"],
    ],
    ["another protocol", broken("hello", {}, { strangeAnswer: "SSH-2.0-OpenSSH_9" }), ["error target-not-tls"]],
    ["a quick close by the client: a lost race", broken("hello", { end: "2026-12-01T10:00:00.100000000Z" }), []],
    ["reset after the handshake, nothing asked", broken("established", reset), []],
    ["the client's own reset at exit", broken("established", { closed: "reset", closedBy: "client" }), []],
  ])("%s", (_, flow, expected) => {
    expect(rulesOf({ flows: [flow] })).toEqual(expected);
  });

  it("leaves open whether silence is the path's: of a large answer nothing comes through a small MTU", () => {
    const detailOf = (flow: Flow): string => findingsOf({ flows: [flow] })[0].detail;
    expect(detailOf(broken("hello"))).toContain("a path on which the large packets of its answer get lost");
    expect(detailOf(broken("hello", reset))).not.toContain("large packets");
  });

  it("leaves open who reset a tunnel", () => {
    const route = through("http-connect", "proxy.corp.example:3128", "sum.golang.org:443");
    expect(findingsOf({ flows: [broken("server-flight", { ...reset, route })] })[0]).toMatchObject({
      rule: "server-reset",
      title: expect.stringMatching(/^the tunnel to sum\.golang\.org was reset /) as string,
      remedy: expect.stringContaining("it may have cut the tunnel itself") as string,
    });
  });

  it("counts what was lost of a split hello", () => {
    const [finding] = findingsOf({ flows: [broken("hello", unacknowledged(240))] });
    expect(finding.detail).toContain(
      "Of 1700 bytes sent, the last 240 were never acknowledged (5 segments sent again)",
    );
    expect(finding.remedy).toContain("GODEBUG=tlsmlkem=0");
    expect(finding.grade).toBe("inferred");
  });

  it("says whose answer came through a tunnel in place of TLS", () => {
    const route = through("http-connect", "proxy.corp.example:3128", "sum.golang.org:443");
    const [finding] = findingsOf({ flows: [broken("hello", { route }, { strangeAnswer: "HTTP/1.1 403 Forbidden" })] });
    expect(finding).toMatchObject({
      rule: "target-not-tls",
      title: "no TLS came back through the tunnel of proxy.corp.example:3128 to sum.golang.org",
    });
  });

  it("names the wish for a client certificate behind an alert that is encrypted", () => {
    const alerts = [{ from: "server", frame: 9, grade: "inferred" }] as const;
    const verdict = { value: "accepted", grade: "inferred", because: "x", frame: 12 } as const;
    const layer = { alerts, verdict, clientCertificateRequested: true };
    const [finding] = findingsOf({ flows: [broken("established", reset, layer)] });
    expect(finding).toMatchObject({
      severity: "error",
      rule: "tls-server-alert",
      grade: "inferred",
      title: "sum.golang.org asked for a client certificate and broke off with an alert",
    });
  });

  it("blames the proxy that wants one", () => {
    const alerts = [{ from: "server", frame: 13, grade: "inferred" }] as const;
    const verdict = { value: "accepted", grade: "inferred", because: "x", frame: 12 } as const;
    const tunnel = through("http-connect", "proxy.corp.example:3129", "sum.golang.org:443");
    const route = { ...without(tunnel, "status"), overTls: true, attempts: [{ frame: 12, schemes: [] }] };
    const layer = { alerts, verdict, clientCertificateRequested: true };
    const findings = findingsOf({ flows: [broken("established", { ...reset, route }, layer)] });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      rule: "tls-server-alert",
      severity: "error",
      title: "the proxy proxy.corp.example:3129 asked for a client certificate and broke off with an alert",
    });
  });

  it("quotes the router's MTU", () => {
    const [finding] = findingsOf({ flows: [broken("hello", tooBig)] });
    expect(finding).toMatchObject({ grade: "seen" });
    expect(finding.detail).toContain("192.0.2.1 says by ICMP that 1280 bytes are the most (frame 12)");
  });
});

describe("the tunnel's target and the hello inside", () => {
  const tunnel = (asked: string, named: string, more: Partial<TlsReport> = {}): Flow =>
    judgedFlow({
      route: through("http-connect", "proxy.corp.example:3128", asked),
      tls: [tls({ serverName: named, ...more })],
    });
  it.each<[string, Flow, string[]]>([
    ["differ", tunnel("proxy.golang.org:443", "github.com"), ["warning connect-target-mismatch"]],
    ["agree but for case and dot", tunnel("Proxy.golang.org.:443", "proxy.golang.ORG"), []],
    ["cannot be compared: an address", tunnel("198.51.100.10:443", "github.com"), []],
    ["cannot be compared: IPv6", tunnel("[2001:db8::1]:443", "github.com"), []],
    ["cannot be compared: ECH", tunnel("proxy.golang.org:443", "cloud.example", { echOuter: true }), []],
  ])("%s", (_, flow, expected) => {
    expect(rulesOf({ flows: [flow] })).toEqual(expected);
  });
});
