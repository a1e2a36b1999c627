import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { CheckReport } from "../../src/check/report.ts";
import { capturesFolder } from "../captures/truth.ts";
import { gomodcap, type Ended } from "./run.ts";

const schema = JSON.parse(readFileSync(new URL("../../schema/check.schema.json", import.meta.url), "utf8")) as object;
const isCheck = new Ajv2020().compile(schema);
const folder = mkdtempSync(join(tmpdir(), "gomodcap-check-"));

/** A folder with a capture of captures/ and what stands beside it, and this policy. */
function caseOf(name: string, capture: string, policy: string): string {
  const path = join(folder, name);
  cpSync(join(capturesFolder, capture), path, { recursive: true });
  writeFileSync(join(path, "expect.yaml"), policy);
  return path;
}

function check(...words: string[]): Promise<Ended> {
  return gomodcap(["check", ...words], { folder });
}

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("gomodcap check", () => {
  it("holds captures against the policies beside them, and says where what is broken stands", async () => {
    caseOf("good", "b01-connect-all", "rules:\n  - every-flow-proxied: true\n");
    caseOf("runs/bad", "b02-connect-noproxy-sumdb", "rules:\n  - tls-at-least: 1.2\n  - every-flow-proxied: true\n");
    const { code, stdout, stderr } = await check();
    expect(stderr).toBe("");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^good: 1 of 1 hold\nruns\/bad: 1 of 2 hold\n {2}BROKEN {7}every flow through a proxy\n/);
    expect(stdout).toMatch(
      / {15}flow \d went direct to sum\.golang\.org \(198\.51\.100\.11:443\)\n {15}=> set HTTPS_PROXY/,
    );
    expect(stdout).toMatch(
      / {15}frame\.number in \{\d.*\}\n {15}runs\/bad\/expect\.yaml:3:5\n2 captures: 2 hold, 1 broken\.\n$/,
    );
  });

  it("says how to write a first policy where a capture has none beside it", async () => {
    const path = caseOf("good", "b01-connect-all", "");
    rmSync(join(path, "expect.yaml"));
    const { code, stderr } = await check("good/capture.pcap");
    expect(code).toBe(2);
    expect(stderr).toContain("good/capture.pcap: no expect.yaml beside it");
    expect(stderr).toContain("gomodcap check --propose good/capture.pcap > good/expect.yaml");
  });

  it("exits 0 where all holds, and tells why with -v", async () => {
    caseOf("good", "b01-connect-all", "rules:\n  - every-flow-proxied: true\n");
    const { code, stdout } = await check("-v");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "  holds        every flow through a proxy\n               3 flows, all through a proxy\n",
    );
    expect(stdout).toMatch(/Flow 2 went through\s+proxy\.corp\.example:3128 to sum\.golang\.org\./);
  });

  it("says that the keys beside a capture are of another run", async () => {
    const path = caseOf("foreign", "c06-sum-leaf-only-tls13", "rules: [allowed-issuers: '*']");
    copyFileSync(join(capturesFolder, "a01-default/tls.keys"), join(path, "tls.keys"));
    const { code, stdout } = await check();
    expect(code).toBe(1);
    expect(stdout).toMatch(/hid the certificates in TLS 1\.3, which no key opens\n/);
    expect(stdout).toMatch(/=> give the keys of this capture \(keylog:\): those given are of another run/);
  });

  it("tells a snapshot that cannot be read from one that is not there", async () => {
    const path = caseOf("kept", "b07-connect-407", "rules:\n  - snapshot: kept.yaml\n  - snapshot: gone.yaml\n");
    writeFileSync(join(path, "kept.yaml"), "snapshotVersion: 1\ntargetz: []\n");
    const { code, stdout, stderr } = await check();
    expect(code).toBe(2);
    expect(stderr).toContain("kept/kept.yaml:2:1: there is no key targetz here");
    expect(stdout).toContain("               kept.yaml cannot be read\n");
    expect(stdout).toContain("               there is no snapshot gone.yaml yet\n");
  });

  it("prints JSON by its schema, the same whatever thread judged what", async () => {
    for (let at = 0; at < 20; at++)
      caseOf(`c${at}`, "b07-connect-407", "rules: [{no-finding-from: error}, {only-hosts: '*'}]");
    const { code, stdout } = await check("--json");
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as CheckReport;
    expect(isCheck(report), JSON.stringify(isCheck.errors)).toBe(true);
    expect(report.counts).toEqual({ holds: 20, broken: 20, cannotTell: 0, waived: 0 });
    expect(report.captures.map(({ name }) => name)).toEqual(Array.from({ length: 20 }, (_, at) => `c${at}`));
    expect((await check("--json")).stdout).toBe(stdout);
  });

  it("uses one policy for all captures", async () => {
    caseOf("a", "b01-connect-all", "not: used");
    caseOf("b", "a01-default", "not: used");
    writeFileSync(join(folder, "egress.yaml"), "rules:\n  - no-direct-route: true\n");
    const { code, stdout } = await check(".", "--policy", "egress.yaml");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^a: 1 of 1 hold\nb: 0 of 1 hold\n/);
    expect((await check("a/capture.pcap", "--policy", "egress.yaml")).code).toBe(0);
  });

  it("tells the place of every mistake in policies, checks the others, and exits 2", async () => {
    caseOf("good", "b01-connect-all", "rules:\n  - every-flow-proxied: true\n");
    caseOf("wrong", "a01-default", "rules:\n  - no-flow-too: a.example\n  - tls-at-least: 7\n");
    const { code, stdout, stderr } = await check();
    expect(code).toBe(2);
    expect(stderr).toBe(
      "gomodcap: error: wrong/expect.yaml:2:5: there is no key no-flow-too here\n" +
        "gomodcap: hint: did you mean no-flow-to?\n" +
        "gomodcap: error: wrong/expect.yaml:3:19: 7 is no version of TLS\n" +
        "gomodcap: hint: there is 1.0, 1.1, 1.2, 1.3\n",
    );
    expect(stdout).toBe("good: 1 of 1 hold\n1 capture: 1 hold.\n");
  });

  it.each<[string, string, string, RegExp]>([
    ["no capture", "rm", "rules: [no-direct-route: true]", /^x: cannot be read\n +.*x: no capture in this folder/],
    [
      "a capture that is not there",
      "",
      "capture: gone.pcap\nrules: [no-direct-route: true]",
      /x\/gone\.pcap: no such file or directory/,
    ],
    [
      "keys that are not there",
      "",
      "keylog: gone.keys\nrules: [no-direct-route: true]",
      /x\/expect\.yaml: keylog: gone\.keys: no such file/,
    ],
    [
      "anchors that are not there",
      "",
      "trust: gone.pem\nrules: [no-direct-route: true]",
      /x\/expect\.yaml: trust: gone\.pem: no such file; paths of a policy start at its folder/,
    ],
  ])("exits 3 for %s", async (_, remove, policy, message) => {
    const path = caseOf("x", "b01-connect-all", policy);
    if (remove !== "") rmSync(join(path, "capture.pcap"));
    const { code, stdout } = await check();
    expect(code).toBe(3);
    expect(stdout).toMatch(message);
  });

  it("exits 3 for a policy without an end", async () => {
    caseOf("x", "b01-connect-all", "not: used");
    const { code, stdout } = await check(".", "--policy", "/dev/zero");
    expect(code).toBe(3);
    expect(stdout).toMatch(/^x: cannot be read\n +\/dev\/zero: larger than/);
  });

  it("exits 3 for a damaged capture, whatever its policy allows, and names file, byte and frame", async () => {
    const path = join(
      caseOf("cut", "b01-connect-all", "rules: [{every-flow-proxied: true, unknown: allow}]"),
      "capture.pcap",
    );
    writeFileSync(path, readFileSync(path).subarray(0, 20_000));
    const { code, stdout } = await check("--width", "200");
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^cut: 0 of 1 hold\n +cut\/capture\.pcap is damaged: the file ends at byte 20000, .*frame 71 is the last/,
    );
    expect(stdout).toContain("cannot tell  every flow through a proxy\n");
    const report = JSON.parse((await check("--json")).stdout) as CheckReport;
    expect(isCheck(report), JSON.stringify(isCheck.errors)).toBe(true);
    expect(report).toMatchObject({ passed: false, captures: [{ passed: false, results: [{ passed: true }] }] });
    expect((await check("--format", "tap")).stdout).toMatch(
      /^TAP version 14\n1\.\.2\nnot ok 1 - cut: capture: it can be read whole/,
    );
  });

  it("warns where the anchors of Node judged, and only there", async () => {
    const visible = caseOf("visible", "a02-default-tls12", "rules: [{no-missing-intermediate: true}]");
    const hidden = caseOf("hidden", "a01-default", "rules: [{no-missing-intermediate: true, unknown: allow}]");
    for (const path of [visible, hidden]) rmSync(join(path, "roots.pem"));
    rmSync(join(hidden, "tls.keys"));
    const { stderr } = await check();
    expect(stderr).toMatch(
      /^gomodcap: warning: visible\/expect\.yaml: certificates were judged by the trust anchors of this Node/,
    );
    writeFileSync(join(visible, "expect.yaml"), "rules: [{tls-at-least: 1.2}]");
    expect((await check()).stderr).toBe("");
  });

  it("counts a waiver until the end of its day", async () => {
    const waived = "waive: {reason: the proxy is down, until: 2026-12-31}";
    caseOf("x", "a01-default", `rules:\n  - every-flow-proxied: true\n    ${waived}\n`);
    const before = await check("--today", "2026-12-31");
    expect(before.code).toBe(0);
    expect(before.stdout).toMatch(/waived until 2026-12-31: the proxy is down\n.*\n1 capture: 0 hold, 1 waived\.\n$/);
    const after = await check("--today", "2027-01-01");
    expect(after.code).toBe(1);
    expect(after.stdout).toContain("was waived until 2026-12-31: the proxy is down\n");
  });

  it("judges by the anchors of the policy, and tells nothing of paths where they are others", async () => {
    const pem = readFileSync(join(capturesFolder, "a02-default-tls12", "roots.pem"), "utf8");
    const rules = "rules: [{match: {tls.path.status: complete}}]";
    const inline = caseOf("inline", "a02-default-tls12", `${JSON.stringify({ trust: pem }).slice(0, -1)}, ${rules}}`);
    const digest = caseOf("digest", "a02-default-tls12", `trust: {sha256: ${"ab".repeat(32)}}\n${rules}`);
    for (const path of [inline, digest]) rmSync(join(path, "roots.pem"));
    const { stdout } = await check();
    expect(stdout).toMatch(
      /^digest: 0 of 1 hold\n.*\n +the trust anchors are not those that the policy was written with\n/,
    );
    expect(stdout).toContain("inline: 1 of 1 hold\n");
  });

  it.each([
    ["capture.pcap", 3, "x/capture.pcap is no snapshot, and is not written over"],
    ["expect.yaml", 3, "x/expect.yaml is no snapshot, and is not written over"],
    ["../../outside.yaml", 2, "../outside.yaml lies outside of the folders that are checked"],
    ["away/s.yaml", 2, "x/away/s.yaml lies outside of the folders that are checked"],
    ["folder", 2, "x/folder: it is a directory"],
    ["none/s.yaml", 2, "x/none/s.yaml: no such file or directory"],
  ])("updates no snapshot %s", async (snapshot, code, message) => {
    const path = caseOf("x", "b01-connect-all", `rules: [snapshot: ${snapshot}]`);
    mkdirSync(join(path, "folder"));
    symlinkSync(tmpdir(), join(path, "away"));
    const before = readFileSync(join(path, "capture.pcap"));
    const ended = await check("--update");
    expect([ended.code, ended.stdout + ended.stderr]).toEqual([code, expect.stringContaining(message)]);
    expect(ended.stderr).not.toContain("as they should be");
    expect(readFileSync(join(path, "capture.pcap")).equals(before)).toBe(true);
  });

  it("writes no results over what it reads, and one format to a file", async () => {
    caseOf("x", "b01-connect-all", "rules: [every-flow-proxied: true]");
    for (const file of ["x/capture.pcap", "x/expect.yaml"]) {
      const { code, stderr } = await check("--format", `junit=${file}`);
      expect([code, stderr]).toEqual([2, expect.stringContaining(`would write over ${file}, which is read`)]);
    }
    const { code, stderr } = await check("--format", "junit=a", "--format", "tap=a");
    expect([code, stderr]).toEqual([2, expect.stringContaining("two formats are to be written to a")]);
  });

  it("writes snapshots, notices what no longer means the same, and shows what an update changes", async () => {
    const path = caseOf("x", "b01-connect-all", "rules:\n  - snapshot: snapshot.yaml\n");
    const none = await check();
    expect(none.code).toBe(1);
    expect(none.stdout).toContain("there is no snapshot snapshot.yaml yet");
    const first = await check("--update");
    expect(first.code).toBe(0);
    expect(first.stderr).toContain("wrote x/snapshot.yaml, which is new");
    expect((await check()).code).toBe(0);
    expect((await check("--update")).stderr).toContain("all snapshots are as they should be");

    for (const name of ["capture.pcap", "tls.keys"]) {
      copyFileSync(join(capturesFolder, "b02-connect-noproxy-sumdb", name), join(path, name));
    }
    const changed = await check();
    expect(changed.code).toBe(1);
    expect(changed.stdout).toMatch(/BROKEN {7}the same as snapshot\.yaml\n.*sum\.golang\.org/s);
    const update = await check("--update");
    expect(update.code).toBe(0);
    expect(update.stdout).toMatch(/^x\/snapshot\.yaml:\n(?:[-+] .*\n)+/);
    expect(update.stdout).toMatch(/^- .*http-connect/m);
  });

  it("tells the place of a mistake in a snapshot", async () => {
    const path = caseOf("x", "b01-connect-all", "rules:\n  - snapshot: snapshot.yaml\n");
    writeFileSync(join(path, "snapshot.yaml"), "snapshotVersion: 1\ntarget: {}\n");
    const { code, stderr } = await check();
    expect(code).toBe(2);
    expect(stderr).toMatch(/x\/snapshot\.yaml:2:1: .*target/);
  });

  it.each(["a01-default", "a02-default-tls12", "b05-connect-badchain", "b17-tls-proxy", "d20-noise"])(
    "proposes a policy that %s keeps",
    async (capture) => {
      const path = caseOf("x", capture, "");
      const { code, stdout } = await check("--propose", join(path, "capture.pcap"));
      expect(code).toBe(0);
      expect(stdout).toContain("  - only-hosts:\n");
      writeFileSync(join(path, "expect.yaml"), stdout);
      expect(await check()).toMatchObject({ code: 0, stderr: "" });
    },
  );

  it("proposes no policy that it would refuse", async () => {
    // A classic header and no packet.
    writeFileSync(join(folder, "silent.pcap"), Buffer.from("d4c3b2a1020004000000000000000000ffff000001000000", "hex"));
    const { code, stdout, stderr } = await check("--propose", "silent.pcap");
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/silent\.pcap: no policy can be proposed/);
  });

  it("proposes anchors where there are none beside", async () => {
    const path = caseOf("x", "a02-default-tls12", "");
    const roots = join(folder, "roots.pem");
    copyFileSync(join(path, "roots.pem"), roots);
    rmSync(join(path, "roots.pem"));
    const { stdout } = await check("--propose", "x/capture.pcap", "--roots", "roots.pem");
    expect(stdout).toContain("trust:\n  file: ../roots.pem\n");
    writeFileSync(join(path, "expect.yaml"), stdout);
    expect((await check("x")).code).toBe(0);
  });

  it.each<[string, string[], RegExp]>([
    ["nothing to check", [], /no expect\.yaml in or below \.\n.*gomodcap check --propose CAPTURE/s],
    ["a path that is not there", ["gone"], /gone: no such file or directory/],
    ["a day that is none", ["--today", "soon"], /--today soon is no day/],
    ["a proposal for many", ["--propose", "x", "--update"], /--propose writes a policy, and checks nothing/],
    ["a wrong option", ["--propse", "x"], /unknown option '--propse'\n.*did you mean --propose\?/s],
  ])("refuses %s", async (_, words, message) => {
    const { code, stdout, stderr } = await check(...words);
    expect(code).not.toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
  });

  it("has a help of its own", async () => {
    const { code, stdout } = await check("--help");
    expect(code).toBe(0);
    expect(stdout).toContain("Usage: gomodcap check [options] [path...]");
  });
});
