import { describe, expect, it } from "vitest";
import type { Flow } from "../../src/flow/model.ts";
import { findingsOf, rulesOf } from "../build/findings.ts";
import { judgedFlow, target, through, unopened } from "../build/flows.ts";

const sumdb = { role: "sumdb", label: "sumdb", target: target("sum.golang.org", "dns") } as const;
const v6 = {
  client: { address: "2001:db8::1", port: 40_001 },
  server: { address: "2001:db8::11", port: 443 },
} as const;
const dead = (more: Partial<Flow> = {}): Flow => judgedFlow({ ...unopened(), ...sumdb, ...more });
const good = (id: number, more: Partial<Flow> = {}): Flow => judgedFlow({ id, ...sumdb, ...more });

const proxyV6 = judgedFlow({
  ...unopened({ target: target("proxy.corp.example:3128", "dns"), ...v6, syns: 1 }),
  role: "forward-proxy",
});
const throughProxy = good(1, { route: through("http-connect", "proxy.corp.example:3128", "sum.golang.org:443") });

describe("connections that were not opened", () => {
  it("are told in the words of the router that refused them", () => {
    const icmp = [{ type: 3, code: 13, frame: 6, from: "192.0.2.1" }];
    const [{ title, detail }] = findingsOf({ flows: [dead({ icmp })] });
    expect(title).toBe("sum.golang.org cannot be reached: 192.0.2.1 says by ICMP: administratively prohibited");
    expect(detail).not.toContain("drops packets");
  });

  it.each<[string, readonly Flow[], string[]]>([
    ["unanswered", [dead()], ["error target-unreachable"]],
    ["refused", [dead({ closed: "refused" })], ["error target-refused"]],
    ["unanswered, then made good", [dead(), good(1)], ["warning target-unreachable"]],
    ["one SYN, then made good: a lost race", [dead({ syns: 1 }), good(1)], []],
    ["one SYN without more: unanswered for minutes", [dead({ syns: 1 })], ["error target-unreachable"]],
    ["one SYN at the end of the capture", [dead({ syns: 1, start: "2026-12-01T10:09:59.000000000Z" })], []],
    ["a stranger's", [dead({ role: "unknown", label: "other" })], ["note target-unreachable"]],
    ["an IPv6 attempt before IPv4", [dead({ ...v6, syns: 1 }), good(1)], ["warning broken-ipv6"]],
    ["an IPv6 attempt where IPv6 works", [dead({ ...v6, syns: 1 }), good(1, v6)], []],
    ["IPv6 tried hard where it works", [dead({ ...v6, syns: 4 }), good(1, v6)], ["warning target-unreachable"]],
    ["IPv6 alone, unanswered", [dead(v6)], ["error target-unreachable"]],
    ["IPv6 refused before IPv4", [dead({ ...v6, closed: "refused" }), good(1)], ["warning broken-ipv6"]],
    [
      "IPv6 that fails long after IPv4 worked",
      [good(1), dead({ ...v6, id: 5, start: "2026-12-01T10:00:05.000000000Z" })],
      ["error target-unreachable"],
    ],
    ["a proxy's IPv6 address before its IPv4 one", [proxyV6, throughProxy], ["warning broken-ipv6"]],
    ["an IPv4 attempt before IPv6", [dead({ syns: 1 }), good(1, v6)], []],
  ])("%s", (_, flows, expected) => {
    expect(rulesOf({ flows })).toEqual(expected);
  });

  it("quotes ICMP", () => {
    const icmp = [{ type: 3, code: 13, frame: 9, from: "192.0.2.1" }];
    const [finding] = findingsOf({ flows: [dead({ icmp })] });
    expect(finding.detail).toContain("192.0.2.1 says by ICMP: administratively prohibited (frame 9)");
    expect(finding.frames).toContain(9);
  });

  describe("to an entry of GOPROXY, made good by the next", () => {
    const entry = (name: string) => ({ role: "module-proxy", label: "proxied", target: target(name, "dns") }) as const;
    const [first, next] = [dead({ ...entry("p1.example"), closed: "refused" }), good(1, entry("p2.example"))];
    const doubt = "Checksums fail all the same unless that proxy mirrors the database";
    const list = "GOPROXY=https://p1.example|https://p2.example";

    it.each<[string, string, readonly Flow[], boolean]>([
      ["leaves checksums open", `${list}\nGOSUMDB=sum.golang.org`, [first, next], true],
      ["does not where direct follows", `${list},direct\nGOSUMDB=sum.golang.org`, [first, next], false],
      ["does not without the database", `${list}\nGOSUMDB=off`, [first, next], false],
      [
        "does not where it was reached itself",
        `${list}\nGOSUMDB=sum.golang.org`,
        [first, next, good(2, entry("p1.example"))],
        false,
      ],
    ])("%s", (_, settings, flows, isSaid) => {
      const [finding] = findingsOf({ flows, settings });
      expect(finding).toMatchObject({ rule: "target-refused", severity: "warning" });
      expect(finding.detail.includes(doubt)).toBe(isSaid);
    });
  });

  it("knows ways around a checksum database that cannot be reached", () => {
    const [finding] = findingsOf({ flows: [dead()] });
    expect(finding.remedy).toContain("GOSUMDB=sum.golang.google.cn");
    expect(finding.remedy).toContain("GOPROXY=direct does not avoid it");
    expect(finding.filter).toBe(
      "ip.addr == 198.51.100.10 && tcp.port == 443 && (tcp.flags.syn == 1 || icmp || icmpv6)",
    );
  });

  it("counts the connections beyond those listed", () => {
    const flows = Array.from({ length: 70 }, (_, id) => dead({ id }));
    const [finding, ...others] = findingsOf({ flows });
    expect(others).toEqual([]);
    expect(finding.flows.length).toBe(50);
    expect(finding.detail).toContain("20 more flows");
  });

  it("makes one finding of every broken IPv6 attempt of a client", () => {
    const flows = [dead({ ...v6, id: 0 }), good(1), dead({ ...v6, id: 2 }), good(3)];
    expect(findingsOf({ flows }).map((finding) => finding.flows)).toEqual([[0, 2]]);
  });
});
