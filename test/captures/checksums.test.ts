import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyze } from "../../src/analyze.ts";
import type { ChecksumReport } from "../../src/flow/checksums.ts";
import { addGoSum, type GoSumHash } from "../../src/gomod/checksum/go-sum.ts";
import { parseVerifierKey, type VerifierKey } from "../../src/gomod/checksum/note.ts";
import { parseKeyLog } from "../../src/protocol/tls/key-log.ts";
import { TrustAnchors } from "../../src/pki/anchors.ts";
import { fileInput } from "../build/inputs.ts";
import { capturesFolder } from "./truth.ts";

const text = (...path: string[]): string => readFileSync(join(capturesFolder, ...path), "utf8");
const keyOf = (release: string): VerifierKey =>
  parseVerifierKey(text("_pki", release, "sumdb-verifier-key.txt").trim()) as VerifierKey;
const sumsOf = (release: string): Map<string, GoSumHash[]> => {
  const sums = new Map<string, GoSumHash[]>();
  expect(addGoSum(sums, "sums.txt", text("_pki", release, "sums.txt"))).toBeUndefined();
  return sums;
};

/** How many lookups, downloaded zips and go.mod files each capture shows. */
const shown: [scenario: string, file: string, lookups: number, zips: number, mods: number][] = [
  ["a02-default-tls12", "capture.pcap", 6, 5, 6],
  ["a09-proxy-nosumdb", "capture.pcap", 0, 5, 6],
  ["a11-mirror", "capture.pcap", 5, 5, 5],
  ["a14-fallback-404", "capture.pcap", 6, 5, 6],
  ["b01-connect-all", "capture.pcap", 5, 5, 5],
  ["b17-tls-proxy", "capture.pcap", 1, 1, 1],
  ["b20-socks5", "capture.pcap", 1, 1, 1],
  ["d06-loss", "capture.pcap", 1, 1, 1],
  ["d09-formats", "dsb.pcapng", 1, 1, 1],
];

describe("with keys, every lookup is proved and every download is what Go's go.sum has", () => {
  it.each(shown)("%s/%s", async (scenario, file, lookups, zips, mods) => {
    const release = releaseOf(scenario);
    const { checksums } = await prove(scenario, file, keyOf(release), sumsOf(release));
    expect(checksums!.lookups.map(({ signature, inclusion }) => [signature.result, inclusion.result])).toEqual(
      Array(lookups).fill(["proved", "proved"]),
    );
    const hashed = checksums!.records.filter(({ h1 }) => h1 !== undefined);
    expect(hashed.map(({ result, gosum }) => [result, gosum?.agrees])).toEqual(
      Array(zips + mods).fill(["proved", true]),
    );
    expect(hashed.filter(({ kind }) => kind === "zip")).toHaveLength(zips);
  });
});

it("proves nothing with another database's key, and contradicts what go.sum has otherwise", async () => {
  const scenario = "a11-mirror";
  const other = keyOf(releaseOf(scenario) === "go1.27" ? "go1.19" : "go1.27");
  const sums = new Map([["example.com/beta v0.1.0", [{ source: "go.sum", line: 1, h1: `h1:${"A".repeat(43)}=` }]]]);
  const { checksums, rules } = await prove(scenario, "capture.pcap", other, sums);
  expect(new Set(checksums!.lookups.map(({ signature }) => signature.result))).toEqual(new Set(["not-provable"]));
  expect(checksums!.records.filter(({ result }) => result !== "not-provable")).toMatchObject([
    { module: "example.com/beta", kind: "zip", result: "contradicted" },
  ]);
  expect(rules).toEqual(expect.arrayContaining(["checksum-mismatch", "checksum-note-unverified"]));
});

function releaseOf(scenario: string): string {
  const { GOVERSION } = JSON.parse(text(scenario, "go-env.json")) as { GOVERSION: string };
  return GOVERSION.startsWith("go1.27") ? "go1.27" : "go1.19";
}

async function prove(
  scenario: string,
  file: string,
  key: VerifierKey,
  sums: Map<string, GoSumHash[]>,
): Promise<{ checksums: ChecksumReport | undefined; rules: string[] }> {
  expect(existsSync(join(capturesFolder, scenario, "tls.keys"))).toBe(true);
  const { checksums, findings } = await analyze([await fileInput(join(capturesFolder, scenario, file))], {
    anchors: TrustAnchors.fromPem([text(scenario, "roots.pem")], "roots.pem"),
    keyLogs: [parseKeyLog("tls.keys", readFileSync(join(capturesFolder, scenario, "tls.keys")))],
    checksums: { keys: [key], sums },
  });
  return { checksums, rules: findings.map(({ rule }) => rule) };
}
