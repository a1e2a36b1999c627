import { describe, expect, it } from "vitest";
import { looksLikePieces } from "../../src/cli/pieces.ts";

describe("looksLikePieces", () => {
  it.each<[paths: string[], are: boolean]>([
    [["run.pcap", "run.pcap1", "run.pcap2"], true],
    [["a/run.pcap0", "a/run.pcap1"], true],
    [["run_00001_20261123101500.pcapng", "run_00002_20261123101600.pcapng"], true],
    [["ci-20261123-1015.pcap", "ci-20261123-1115.pcap"], true],
    [["run.pcap"], false],
    [["before.pcap", "after.pcap"], false],
    [["a/capture.pcap", "b/capture.pcap"], false],
    [["run.pcap1", "other.pcap2"], false],
    [["x.pcapng", "y.pcap.gz"], false],
  ])("%j: %s", (paths, are) => {
    expect(looksLikePieces(paths)).toBe(are);
  });
});
