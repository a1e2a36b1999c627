import { describe, expect, it } from "vitest";
import type { Flow } from "../../src/flow/model.ts";
import { mergeConfigurations, parseConfigurationText } from "../../src/gomod/configuration/configuration.ts";
import { Outcomes } from "../../src/gomod/outcome.ts";
import { http, judgedFlow, stack, target, through, tls, unopened, without } from "../build/flows.ts";

/** What made each flow good; checks that the order of flows makes no difference. */
function recoveries(flows: readonly Flow[], settings?: string): (number | undefined)[] {
  const configuration =
    settings === undefined ? undefined : mergeConfigurations([parseConfigurationText("env", settings)]);
  const [inOrder, reversed] = [new Outcomes(configuration), new Outcomes(configuration)];
  for (const flow of flows) inOrder.observe(flow);
  for (const flow of flows.toReversed()) reversed.observe(flow);
  const recovered = flows.map((flow) => inOrder.recoveredBy(flow));
  expect(flows.map((flow) => reversed.recoveredBy(flow))).toEqual(recovered);
  return recovered;
}

const rejection = { verdict: { value: "rejected", grade: "seen", because: "alert 42" } } as const;
/* Flow `id` begins in second `id`. */
const good = (id: number, host: string, more: Partial<Flow> = {}) => judgedFlow({ id, target: target(host), ...more });
const bad = (id: number, host: string, more: Partial<Flow> = {}) =>
  judgedFlow({ id, target: target(host), tls: [tls(rejection)], ...more });
const dead = (id: number, host: string, more: Partial<Flow> = {}) =>
  judgedFlow({ ...unopened({ id, target: target(host, "dns") }), ...more });
const sumdb = { role: "sumdb", label: "sumdb" } as const;

describe("a failure is made good", () => {
  it("by a later flow to the same target, the first that came", () => {
    expect(recoveries([bad(1, "h"), good(2, "h"), good(3, "h"), good(4, "h")])).toEqual([
      2,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("at another address: the IPv6 one never answered", () => {
    const server = { address: "2001:db8::1", port: 443 };
    expect(recoveries([dead(1, "h", { server }), good(1, "h", { id: 2 })])[0]).toBe(2);
  });

  it("over IPv4, where the client's address is another too, when IPv6 is refused or has no answer", () => {
    const overIpv6 = { server: { address: "2001:db8::1", port: 443 }, client: { address: "2001:db8::c", port: 4 } };
    const fallback = good(1, "h", { id: 2 });
    expect(recoveries([dead(1, "h", overIpv6), fallback])[0]).toBe(2);
    expect(recoveries([dead(1, "h", { ...overIpv6, closed: "refused" }), fallback])[0]).toBe(2);
    expect(recoveries([bad(1, "h", overIpv6), fallback])[0]).toBeUndefined();
    expect(recoveries([dead(1, "other", overIpv6), fallback])[0]).toBeUndefined();
  });

  it("in clear, as Go does for discovery under GOINSECURE", () => {
    const role = { role: "discovery", label: "direct" } as const;
    const clear = good(2, "h:80", { ...role, tls: [], http: [http("h", "/m?go-get=1", { scheme: "http" })] });
    expect(recoveries([dead(1, "h", { ...role, closed: "refused" }), clear])[0]).toBe(2);
    expect(recoveries([dead(1, "h", { closed: "refused", role: "vcs" }), clear])[0]).toBeUndefined();
  });

  it("by a program with the same trust store only, when a certificate was rejected", () => {
    const ofGit = { clientStack: stack("gnutls") };
    const rejectedByGit = bad(1, "h", { role: "vcs", label: "direct", tls: [tls({ ...rejection, ...ofGit })] });
    expect(recoveries([rejectedByGit, good(2, "h")])[0]).toBeUndefined();
    expect(recoveries([rejectedByGit, good(2, "h", { tls: [tls(ofGit)] })])[0]).toBe(2);
    const proxy = { target: target("p:3129"), role: "forward-proxy" } as const;
    const through3129 = { route: through("http-connect", "p:3129", "h:443") };
    expect(recoveries([{ ...rejectedByGit, ...proxy }, good(2, "h", through3129)])[0]).toBeUndefined();
    expect(recoveries([bad(1, "p", proxy), good(2, "h", through3129)])[0]).toBe(2);
  });

  it("by a connection that raced it and began up to a second before", () => {
    const start = (text: string) => ({ start: `2026-12-01T10:00:${text}Z` });
    const failed = bad(1, "h", start("05.900000000"));
    expect(recoveries([failed, good(2, "h", start("05.000000000"))])[0]).toBe(2);
    expect(recoveries([failed, good(2, "h", start("04.800000000"))])[0]).toBeUndefined();
  });

  it("by credentials after a 407", () => {
    const refused = judgedFlow({
      id: 1,
      target: target("h", "connect"),
      route: through("http-connect", "p:3128", "h:443", 407),
      tls: [],
      stage: "proxy",
    });
    const granted = good(2, "h", { route: through("http-connect", "p:3128", "h:443") });
    expect(recoveries([refused, granted])).toEqual([2, undefined]);
  });

  it("by reaching the forward proxy at last", () => {
    const lost = dead(1, "p:3128", { role: "forward-proxy", server: { address: "198.51.100.40", port: 3128 } });
    const reached = good(2, "h", { route: through("http-connect", "p:3128", "h:443") });
    expect(recoveries([lost, reached])[0]).toBe(2);
    expect(recoveries([{ ...lost, role: "unknown" }, reached])[0]).toBeUndefined();
  });

  it("by the next module proxy", () => {
    expect(recoveries([dead(1, "a.example"), good(2, "b.example")])[0]).toBe(2);
    expect(recoveries([dead(1, "a.example"), good(2, "sum.golang.org", sumdb)])[0]).toBeUndefined();
  });

  it("by the next entry of GOPROXY behind | but not behind a comma", () => {
    const flows = [dead(1, "a.example"), good(2, "b.example")];
    expect(recoveries(flows, "GOPROXY=https://a.example|https://b.example")[0]).toBe(2);
    expect(recoveries(flows, "GOPROXY=https://a.example,https://b.example")[0]).toBeUndefined();
    expect(recoveries(flows, "GOPROXY=https://b.example|https://a.example")[0]).toBeUndefined();
    expect(recoveries(flows, "GOPROXY=https://a.example|https://x|https://b.example")[0]).toBe(2);
    const origin = good(2, "git.example", { role: "vcs", label: "direct" });
    expect(recoveries([flows[0], origin])[0]).toBe(2);
    expect(recoveries([flows[0], origin], "GOPROXY=https://a.example|direct")[0]).toBe(2);
    expect(recoveries([flows[0], origin], "GOPROXY=https://a.example,direct")[0]).toBeUndefined();
  });

  it("by frame order where frames bear no time", () => {
    const untimed = without(bad(1, "h"), "start", "end");
    const later = without(good(2, "h"), "start", "end");
    expect(recoveries([untimed, later])[0]).toBe(2);
    expect(recoveries([{ ...untimed, frames: { first: 99, last: 99, count: 1 } }, later])[0]).toBeUndefined();
  });
});

describe("a failure stands", () => {
  it.each([
    ["alone", [bad(1, "h")]],
    ["after an earlier success", [bad(9, "h"), good(2, "h")]],
    [
      "by a spare connection",
      [
        bad(1, "h"),
        good(2, "h", { tls: [tls({ verdict: { value: "accepted", unused: true, grade: "seen", because: "x" } })] }),
      ],
    ],
    ["when another target succeeds", [bad(1, "h", sumdb), good(2, "other")]],
    ["when another client succeeds", [bad(1, "h"), good(2, "h", { client: { address: "192.0.2.99", port: 1 } })]],
    ["when the later flow fails too", [bad(1, "h"), bad(2, "h")]],
    ["when the later flow only opened", [bad(1, "h"), good(2, "h", { tls: [], stage: "tcp" })]],
  ])("%s", (_, flows) => {
    expect(recoveries(flows)[0]).toBeUndefined();
  });
});

it("tells nothing of flows that did not fail", () => {
  expect(new Outcomes().recoveredBy(good(1, "h"))).toBeUndefined();
});

describe("a connection that was never opened", () => {
  const refused = (id: number, host: string, more: Partial<Flow> = {}) =>
    dead(id, host, { closed: "refused", ...more });
  const holed = { lost: { clientToServer: 60, serverToClient: 0 }, tls: [] } as const;
  function perhaps(flows: readonly Flow[], settings = ""): number | undefined {
    const outcomes = new Outcomes(mergeConfigurations([parseConfigurationText("env", settings)]));
    for (const flow of flows) outcomes.observe(flow);
    expect(outcomes.recoveredBy(flows[0])).toBeUndefined();
    return outcomes.perhapsRecoveredBy(flows[0]);
  }

  it.each<[name: string, flow: Partial<Flow>]>([
    ["has holes", holed],
    ["was cut by the snap length", { ...holed, lost: { clientToServer: 0, serverToClient: 0 }, snappedSegments: 2 }],
    ["began before the capture", { tls: [], opened: "midstream" }],
    ["was open when the capture ended", { tls: [], closed: "capture-end" }],
  ])("may have been made good by one that %s", (_, flow) => {
    const other = { role: "unknown", ...flow } as const;
    expect(perhaps([refused(1, "h"), good(2, "next", other)])).toBe(2);
    expect(perhaps([refused(1, "h", { role: "sumdb" }), good(2, "next", other)])).toBeUndefined();
    expect(perhaps([refused(1, "h", { role: "sumdb" }), good(2, "h", other)])).toBe(2);
  });

  it("was not by what ended before, by what is another's work, nor where no entry of GOPROXY follows", () => {
    expect(perhaps([refused(9, "h"), good(2, "next", holed)])).toBeUndefined();
    expect(perhaps([refused(1, "h"), good(2, "next", { ...holed, role: "sumdb" })])).toBeUndefined();
    expect(perhaps([refused(1, "h"), good(2, "next", holed)], "GOPROXY=https://h,https://next")).toBeUndefined();
    expect(perhaps([refused(1, "h"), good(2, "next", holed)], "GOPROXY=https://h|https://next")).toBe(2);
  });
});
