import { describe, expect, it } from "vitest";
import type { Flow } from "../../src/flow/model.ts";
import { limits } from "../../src/limits.ts";
import { certificate } from "../build/analysis.ts";
import { dnsReport, findingsOf } from "../build/findings.ts";
import { judgedFlow, target, tls, unopened } from "../build/flows.ts";

const rejected = { value: "rejected", grade: "seen", because: "alert bad_certificate", frame: 7 } as const;

/** Flows of every kind: certificates rejected, connections refused, ones that worked. */
function mixture(): Flow[] {
  return Array.from({ length: 60 }, (_, id) => {
    const host = `h${id % 7}.example`;
    if (id % 3 === 0) return judgedFlow({ id, target: target(host) });
    if (id % 3 === 1) return judgedFlow({ ...unopened({ id, target: target(host, "dns") }) });
    const path = { status: "expired", remarks: [], path: [], detail: "it has expired" } as const;
    const certificates = [{ ...certificate({ subject: `CN=${host}` }), frame: id * 10 + 6 }];
    return judgedFlow({
      id,
      target: target(host),
      tls: [tls({ serverName: host, path, verdict: rejected, certificates })],
    });
  });
}

describe("all findings together", () => {
  it("are the same each time", () => {
    const dns = [dnsReport("sum.golang.org", { responseCode: "NXDOMAIN" })];
    expect(findingsOf({ flows: mixture(), dns })).toEqual(findingsOf({ flows: mixture(), dns }));
  });

  it("come worst first, then by first frame", () => {
    const order = ["error", "warning", "note"];
    const keys = findingsOf({ flows: mixture() }).map(
      ({ severity, frames }) => order.indexOf(severity) * 1e6 + (frames[0] ?? 0),
    );
    expect(keys.length).toBeGreaterThan(5);
    expect(keys).toEqual(keys.toSorted((one, other) => one - other));
  });

  it("stay bounded over a scan of many hosts", () => {
    const flows = Array.from({ length: 12_000 }, (_, id) =>
      judgedFlow({ ...unopened({ id, target: target(`10.0.${id >> 8}.${id & 255}:443`, "address") }) }),
    );
    expect(findingsOf({ flows }).length).toBe(limits.findings + 1);
  });
});
