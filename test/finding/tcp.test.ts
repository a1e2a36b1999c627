import { describe, expect, it } from "vitest";
import type { Flow } from "../../src/flow/model.ts";
import { findingsOf, rulesOf } from "../build/findings.ts";
import { judgedFlow, target, unopened } from "../build/flows.ts";

const sumdb = { role: "sumdb", label: "sumdb", target: target("sum.golang.org", "dns") } as const;
const v6 = { server: { address: "2001:db8::11", port: 443 } } as const;
const dead = (more: Partial<Flow> = {}): Flow => judgedFlow({ ...unopened(), ...sumdb, ...more });
const good = (id: number, more: Partial<Flow> = {}): Flow => judgedFlow({ id, ...sumdb, ...more });

describe("connections that were not opened", () => {
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

  it("knows ways around a checksum database that cannot be reached", () => {
    const [finding] = findingsOf({ flows: [dead()] });
    expect(finding.remedy).toContain("GOSUMDB=sum.golang.google.cn");
    expect(finding.remedy).toContain("GOPROXY=direct does not avoid it");
    expect(finding.filter).toBe(
      "ip.addr == 198.51.100.10 && tcp.port == 443 && (tcp.flags.syn == 1 || icmp || icmpv6)",
    );
  });

  it("makes one finding of every broken IPv6 attempt of a client", () => {
    const flows = [dead({ ...v6, id: 0 }), good(1), dead({ ...v6, id: 2 }), good(3)];
    expect(findingsOf({ flows }).map((finding) => finding.flows)).toEqual([[0, 2]]);
  });
});
