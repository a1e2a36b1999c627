import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareAnalyses, type Comparison } from "../../src/compare/comparison.ts";
import { analyzeFolder } from "../build/analyze.ts";

const folder = new URL("../../captures/", import.meta.url).pathname;

async function comparison(before: string, after: string): Promise<Comparison> {
  const [was, is] = await Promise.all(
    [before, after].map(async (name) => ({ name, analysis: await analyzeFolder(join(folder, name), "capture.pcap") })),
  );
  return compareAnalyses(was, is);
}

/** The differences in their order, client stacks left out: the captures were recorded with two versions of Go. */
function told({ differences }: Comparison): string[] {
  return differences
    .filter(({ kind, weight }) => kind !== "client" && weight === "difference")
    .map(({ kind, target, before = "", after = "" }) => `${kind} ${target}: ${before} > ${after}`);
}

describe("captures that differ in one setting", () => {
  it.each<[string, string, string[], RegExp | undefined]>([
    [
      "a06-direct-sumdb",
      "a07-direct-nosumdb",
      ["target-vanished sum.golang.org:443: sumdb, directly > "],
      /^No checksum database is spoken to any more: GOSUMDB=off .* complete go\.sum silences/s,
    ],
    [
      "a07-direct-nosumdb",
      "a06-direct-sumdb",
      ["target-appeared sum.golang.org:443:  > sumdb, directly"],
      /^A checksum database is asked now/,
    ],
    ["a01-default", "a09-proxy-nosumdb", ["target-vanished sum.golang.org:443: sumdb, directly > "], /^No checksum/],
    [
      "b01-connect-all",
      "b02-connect-noproxy-sumdb",
      ["route sum.golang.org:443: http-connect > direct"],
      /^sum\.golang\.org no longer goes through the proxy while others do: NO_PROXY matches it/,
    ],
    [
      "a09-proxy-nosumdb",
      "a07-direct-nosumdb",
      [
        "target-appeared example.com:443:  > direct, directly",
        "target-appeared git.example.com:443:  > direct, directly",
        "target-appeared github.com:443:  > direct, directly",
        "target-vanished proxy.golang.org:443: proxied, directly > ",
      ],
      /^Modules come from their origin \(.*github\.com\) instead of proxy\.golang\.org: GOPROXY=direct/,
    ],
    [
      "c05-sum-leaf-only-tls12",
      "c27-sum-unknown-root-tls12",
      ["path sum.golang.org:443: missing-intermediate > unknown-authority"],
      undefined,
    ],
  ])("%s and %s", async (before, after, differences, settings) => {
    const found = await comparison(before, after);
    expect(told(found).slice(0, differences.length)).toEqual(differences);
    expect(found.equal).toBe(false);
    if (settings !== undefined) expect(found.settings[0]).toMatch(settings);
  });

  it("reads a lost certificate from lengths alone, and what clients made of it", async () => {
    const found = await comparison("c02-sum-complete-3-tls13", "c06-sum-leaf-only-tls13");
    expect(told(found)).toEqual([
      "verdict sum.golang.org:443: accepted > rejected",
      "certificate-size sum.golang.org:443: 3208 bytes > 1101 bytes",
      "stage sum.golang.org:443: established > certificate",
    ]);
    expect(found.differences.find(({ kind }) => kind === "certificate-size")).toMatchObject({ grade: "inferred" });
  });
});

describe("captures without a difference", () => {
  it.each(["a01-default", "a11-mirror", "b01-connect-all", "b08-connect-basic", "b32-http-forward", "d01-ipv6"])(
    "%s equals itself",
    async (name) => {
      const found = await comparison(name, name);
      expect(found.differences).toEqual([]);
      expect(found.equal).toBe(true);
    },
  );

  it.each([
    ["a02-default-tls12", "d16-tiny-mss"],
    ["a01-default", "d06-loss"],
  ])("finds none between %s and %s, whose packets were lost or cut small on the way", async (before, after) => {
    expect(told(await comparison(before, after))).toEqual([]);
  });
});
