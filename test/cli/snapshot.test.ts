import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { capturesFolder } from "../captures/truth.ts";
import { gomodcap } from "./run.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../schema/snapshot.schema.json", import.meta.url), "utf8"),
) as object;
const isSnapshot = new Ajv2020().compile(schema);
const place = (name: string, file = "capture.pcap"): string => join(capturesFolder, name, file);
const broken = ["c05-sum-leaf-only-tls12", "b05-connect-badchain"];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gomodcap-snapshot-"));
  for (const run of ["one", "two"]) {
    mkdirSync(join(folder, "runs", run), { recursive: true });
    copyFileSync(place("a01-default"), join(folder, "runs", run, "capture.pcap"));
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("gomodcap snapshot", () => {
  it.each([...broken, "b01-connect-all"])("of %s fits its schema, and its capture equals it", async (name) => {
    const given = ["--roots", place(name, "roots.pem"), "--keylog", place(name, "tls.keys")];
    const { code, stdout, stderr } = await gomodcap(["snapshot", place(name), ...given]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(isSnapshot(parse(stdout)), JSON.stringify(isSnapshot.errors)).toBe(true);
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, stdout);
    for (const sides of [
      [path, place(name)],
      [place(name), path],
      [path, path],
    ]) {
      const compared = await gomodcap(["compare", ...sides, ...given, "--as", "a", "b"]);
      expect(compared.stdout).toMatch(/^No difference in meaning between a and b\./);
      expect(compared.code).toBe(0);
    }
  });

  it("changes no verdict when the anchors at hand are others", async () => {
    const name = "b01-connect-all";
    const keys = ["--keylog", place(name, "tls.keys")];
    const path = join(folder, "anchored.yaml");
    await gomodcap(["snapshot", place(name), ...keys, "--roots", place(name, "roots.pem"), "-o", path]);
    const { code, stdout } = await gomodcap(["compare", path, place(name), ...keys]);
    expect(stdout).not.toMatch(/path|unknown-authority/);
    expect(code).toBe(0);
  });

  it("says what the capture of the file has no more", async () => {
    const path = join(folder, "all.yaml");
    await gomodcap(["snapshot", place("b01-connect-all"), "-o", path]);
    const { code, stdout } = await gomodcap(["compare", path, place("b02-connect-noproxy-sumdb")]);
    expect(code).toBe(1);
    expect(stdout).toContain("\nroute sum.golang.org:443: http-connect → direct\n");
  });

  it("writes a file for each of several captures", async () => {
    const { code } = await gomodcap(["snapshot", join(folder, "runs"), "-o", folder]);
    expect(code).toBe(0);
    expect(readFileSync(join(folder, "capture.yaml"))).toEqual(readFileSync(join(folder, "two-capture.yaml")));
  });

  it.each<[string, () => string[], number, RegExp]>([
    ["several captures and no folder", () => ["snapshot", join(folder, "runs")], 2, /2 captures .*\n.*--concat/],
    ["another format", () => ["snapshot", place("a01-default"), "--json"], 2, /--json says nothing to a snapshot/],
    ["no capture", () => ["snapshot"], 2, /no capture given/],
    [
      "a folder that is not there",
      () => ["snapshot", place("a01-default"), "-o", "/nowhere/x.yaml"],
      2,
      /no such file/,
    ],
    ["what is no capture", () => ["snapshot", join(folder, "bad.yaml")], 3, /bad\.yaml: this is not a capture/],
    [
      "a snapshot with a mistake",
      () => ["compare", join(folder, "bad.yaml"), place("a01-default")],
      3,
      /bad\.yaml:2:1: .*\n.*targets\?/,
    ],
  ])("refuses %s", async (_, words, expected, message) => {
    writeFileSync(join(folder, "bad.yaml"), "snapshotVersion: 1\ntarget: {}\n");
    const { code, stderr } = await gomodcap(words());
    expect(stderr).toMatch(message);
    expect(code).toBe(expected);
  });

  it("has a help of its own", async () => {
    const { stdout } = await gomodcap(["snapshot", "--help"]);
    expect(stdout).toContain("Usage: gomodcap snapshot [options] <capture...>");
    expect(stdout).toContain("-o, --output <file|dir>");
  });
});
