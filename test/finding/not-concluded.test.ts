import { describe, expect, it } from "vitest";
import type { Flow, TlsReport } from "../../src/flow/model.ts";
import { certificate } from "../build/analysis.ts";
import { addresses, dnsReport, findingsOf, rulesOf, type Story } from "../build/findings.ts";
import { http, judgedFlow, stack, target, through, tls, unopened } from "../build/flows.ts";

const sum = "sum.golang.org";
const sumdb = { role: "sumdb", label: "sumdb", target: target(sum) } as const;
const proxied = "HTTPS_PROXY=http://proxy.corp.example:3128\nNO_PROXY=corp.example";
const alert42: Partial<TlsReport> = {
  verdict: { value: "rejected", grade: "seen", because: "alert bad_certificate" },
  alerts: [{ from: "client", level: "fatal", description: "bad_certificate (42)", frame: 7, grade: "seen" }],
};
const spare = tls({
  verdict: { value: "accepted", unused: true, grade: "inferred", because: "Finished, then 19 bytes" },
});
const clientReset = { closed: "reset", closedBy: "client" } as const;

function tunnel(id: number, attempts: readonly number[]): Flow {
  const status = attempts.at(-1);
  const route = through("http-connect", "proxy.corp.example:3128", `${sum}:443`, status, {
    attempts: attempts.map((answer, at) => ({
      frame: 4 + at,
      status: answer,
      schemes: answer === 407 ? ["Basic"] : [],
    })),
  });
  const granted = status === 200;
  return judgedFlow({
    id,
    ...sumdb,
    target: target(sum, "connect"),
    route,
    tls: granted ? [tls({ serverName: sum })] : [],
    stage: granted ? "established" : "proxy",
    http: attempts.map((answer) =>
      http("", "", { method: "CONNECT", requestTarget: `${sum}:443`, scheme: "http", status: answer }),
    ),
  });
}

const privateAuthority = [
  {
    ...certificate({ subject: "CN=git.corp.example", issuer: "CN=Corp CA", dnsNames: ["git.corp.example"] }),
    frame: 6,
  },
];

/* The list at the end of the reference on Go's traffic: verdicts that need more evidence than these captures have. */
const cases: readonly (readonly [what: string, story: Story])[] = [
  ["checksum database off, from missing flows", { flows: [judgedFlow()], settings: "GOSUMDB=sum.golang.org" }],
  ["checksum database unused, when the proxy mirrors it", { flows: [judgedFlow({ carriesSumdb: true })] }],
  [
    "a retry storm, from doubled 4xx",
    {
      flows: [
        judgedFlow({
          target: target("p.example:80", "http"),
          tls: [],
          http: [404, 404, 200].map((status, at) =>
            http("p.example", `/m.example/${at < 2 ? "" : "x/"}@v/v1.0.0.info`, { scheme: "http", status }),
          ),
        }),
      ],
    },
  ],
  ["a failed connection, from an idle racing one", { flows: [judgedFlow({ tls: [spare], ...clientReset })] }],
  ["a bypassed proxy, for localhost", { flows: [judgedFlow({ target: target("localhost") })], settings: proxied }],
  [
    "a bypassed proxy, for what NO_PROXY exempts",
    { flows: [judgedFlow({ target: target("goproxy.corp.example") })], settings: proxied },
  ],
  [
    "a bypassed proxy, for git",
    {
      flows: [judgedFlow({ target: target("github.com"), tls: [tls({ clientStack: stack("gnutls") })] })],
      settings: proxied,
    },
  ],
  [
    "direct, for a host whose proxy speaks TLS",
    {
      flows: [
        judgedFlow({ target: target("proxy.corp.example:8443"), server: { address: "198.51.100.40", port: 8443 } }),
      ],
      settings: "HTTPS_PROXY=https://proxy.corp.example:8443",
    },
  ],
  [
    "a DNS failure, from suffixes of the search list",
    {
      dns: [
        ...["default.svc.cluster.local", "svc.cluster.local", "cluster.local"].map((suffix) =>
          dnsReport(`${sum}.${suffix}`, { responseCode: "NXDOMAIN" }),
        ),
        dnsReport(sum, { answers: addresses(sum, "198.51.100.11") }),
      ],
    },
  ],
  [
    "a DNS failure, from AAAA failing beside A",
    {
      dns: [
        dnsReport(sum, { answers: addresses(sum, "198.51.100.11") }),
        dnsReport(sum, { type: "AAAA", responseCode: "SERVFAIL" }),
      ],
    },
  ],
  [
    "unreachable, from a Happy Eyeballs loser",
    {
      flows: [
        judgedFlow({ ...unopened({ ...sumdb, syns: 1 }), ...sumdb, id: 0 }),
        judgedFlow({ ...sumdb, id: 1, server: { address: "2001:db8::11", port: 443 } }),
      ],
    },
  ],
  ["unreachable, from an answered SYN retry", { flows: [judgedFlow({ ...sumdb, syns: 2 })] }],
  ["a refusing proxy, from 407 and success on one connection", { flows: [tunnel(0, [407, 200])] }],
  ["a refusing proxy, from 407 and success on the next", { flows: [tunnel(0, [407]), tunnel(1, [200])] }],
  [
    "a reset, from RST after a complete answer",
    {
      flows: [
        judgedFlow({
          target: target("p.example:80", "http"),
          tls: [],
          stage: "http",
          closed: "reset",
          closedBy: "server",
          http: [http("p.example", "/m.example/@v/list", { scheme: "http" })],
        }),
      ],
    },
  ],
  ["a reset, from RST at exit", { flows: [judgedFlow(clientReset)] }],
];

describe("nothing is concluded without its evidence", () => {
  it.each(cases)("not %s", (_, story) => {
    expect(rulesOf(story)).toEqual([]);
  });

  it("not a missing intermediate, from alert 42 alone", () => {
    const findings = findingsOf({ flows: [judgedFlow({ ...sumdb, tls: [tls({ serverName: sum, ...alert42 })] })] });
    expect(findings.map(({ rule }) => rule)).toEqual(["client-rejected-certificate"]);
    expect(findings[0].detail).toContain("does not tell which");
  });

  it("not interception, from a private authority on an internal host", () => {
    const path = { status: "unknown-authority", remarks: [], path: [], detail: "its issuer is not trusted" } as const;
    const flows = ["git.corp.example", "goproxy.corp.example"].map((host, id) =>
      judgedFlow({
        id,
        target: target(host),
        tls: [tls({ serverName: host, certificates: privateAuthority, path, ...alert42 })],
      }),
    );
    expect(rulesOf({ flows })).toEqual(["error certificate-unknown-authority", "error certificate-unknown-authority"]);
  });

  it("not a version of Go, from its ClientHello alone", () => {
    const findings = findingsOf({ flows: [judgedFlow({ ...sumdb, tls: [tls({ serverName: sum, ...alert42 })] })] });
    expect(findings.map(({ title, detail }) => title + detail).join(" ")).not.toMatch(/Go 1\.\d+ /);
  });

  it("nothing of flows that are noise, copies, or a proxy's own leg", () => {
    const failed = judgedFlow({ ...sumdb, tls: [tls({ serverName: sum, ...alert42 })] });
    const flows = [
      { ...failed, noise: true },
      { ...failed, sameAs: 7 },
      { ...failed, upstreamOf: 7 },
    ];
    expect(rulesOf({ flows })).toEqual([]);
  });
});
