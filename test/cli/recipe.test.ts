import { describe, expect, it } from "vitest";
import { bash, gomodcap } from "./run.ts";

const recipes = [
  ["linux", "tcpdump"],
  ["linux", "dumpcap"],
  ["linux", "tshark"],
  ["linux", "ptcpdump"],
  ["macos", "tcpdump"],
  ["windows", "dumpcap"],
  ["windows", "pktmon"],
] as const;

describe("gomodcap recipe", () => {
  it.each(recipes)("--platform %s %s: has what a capture needs, and what belongs beside it", async (platform, tool) => {
    const { code, stdout, stderr } = await gomodcap(["recipe", "--platform", platform, tool]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const part of [
      tool,
      "GOMODCACHE",
      "GOPATH",
      "go env -json",
      "env.txt",
      "git config --get-regexp",
      "go get -x MODULE",
      "--log stderr.txt",
    ]) {
      expect(stdout).toContain(part);
    }
    if (tool !== "pktmon") expect(stdout).toContain("udp port 53");
    if (platform !== "windows") bash(["-n"], stdout);
  });

  it("is for tcpdump where nothing is said", async () => {
    const { stdout } = await gomodcap(["recipe", "--platform", "linux"]);
    expect(stdout).toContain("sudo tcpdump");
  });

  it("refuses a tool that the platform has not", async () => {
    const { code, stderr } = await gomodcap(["recipe", "--platform", "windows", "ptcpdump"]);
    expect(code).toBe(2);
    expect(stderr).toContain("there is one for dumpcap, tshark, pktmon");
  });
});
