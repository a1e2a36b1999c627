import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Comparison } from "../../src/compare/comparison.ts";
import { capturesFolder } from "../captures/truth.ts";
import { gomodcap } from "./run.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../schema/comparison.schema.json", import.meta.url), "utf8"),
) as object;
const isComparison = new Ajv2020().compile(schema);
const capture = (name: string): string => join(capturesFolder, name, "capture.pcap");
const proxied = capture("b01-connect-all");
const excepted = capture("b02-connect-noproxy-sumdb");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gomodcap-compare-"));
  for (const side of ["before", "after"]) mkdirSync(join(folder, side));
  copyFileSync(proxied, join(folder, "before", "all.pcap"));
  copyFileSync(proxied, join(folder, "after", "all.pcap"));
  copyFileSync(proxied, join(folder, "before", "sumdb.pcap"));
  copyFileSync(excepted, join(folder, "after", "sumdb.pcap"));
  writeFileSync(join(folder, "cut.pcap"), readFileSync(proxied).subarray(0, 20_000));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("gomodcap compare", () => {
  it("says that what is no capture cannot be compared", async () => {
    writeFileSync(join(folder, "notes.pcap"), "what I did today\n");
    const { code, stdout } = await gomodcap([
      "compare",
      join(folder, "before", "all.pcap"),
      join(folder, "notes.pcap"),
    ]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^Nothing to compare: no Go traffic could be read from notes\.pcap\.\n/);
    expect(stdout).toContain("this is not a capture in pcap or pcapng format; it looks like a text file");
    expect(stdout).not.toContain("damaged");
  });

  it("says that a policy is no snapshot", async () => {
    const policy = join(folder, "expect.yaml");
    writeFileSync(policy, "rules:\n  - no-direct-route: true\n");
    const { code, stderr } = await gomodcap(["compare", policy, proxied]);
    expect(code).toBe(3);
    expect(stderr).toContain("expect.yaml is no snapshot\ngomodcap: hint: gomodcap snapshot CAPTURE writes one");
  });

  it("says what changed and what that means, with the names given, and exits 1", async () => {
    const { code, stdout, stderr } = await gomodcap([
      "compare",
      proxied,
      excepted,
      "--as",
      "all",
      "NO_PROXY=sum.golang.org",
    ]);
    expect(stderr).toBe("");
    expect(code).toBe(1);
    const [first, second] = stdout.split("\n\n");
    expect(first.replaceAll("\n", " ")).toBe(
      "2 differences from all to NO_PROXY=sum.golang.org: sum.golang.org:443 was reached by http-connect through " +
        "proxy.corp.example:3128 and is reached directly.",
    );
    expect(second).toMatch(/^route sum\.golang\.org:443: http-connect → direct\n/);
    expect(stdout).toContain(
      "=> sum.golang.org no longer goes through the proxy while others do: NO_PROXY matches it.",
    );
    expect(stdout).toContain("1 target alike on both sides: -v shows them");
  });

  it("takes each form of settings for either side", async () => {
    writeFileSync(join(folder, "before.env"), "HTTPS_PROXY=http://proxy.corp.example:3128\n");
    writeFileSync(join(folder, "after.env"), "GOPROXY=on\n");
    const [before, after] = [`environ=${join(folder, "before.env")}`, `environ=${join(folder, "after.env")}`];
    const { stderr } = await gomodcap(["compare", proxied, excepted, "--env-before", before, "--env-after", after]);
    expect(stderr).toContain("the entry on of GOPROXY is refused");
  });

  it("exits 0 where nothing differs", async () => {
    const { code, stdout } = await gomodcap(["compare", proxied, proxied, "--as", "yesterday", "today"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^No difference in meaning between yesterday and today\.\n/);
  });

  it("prints JSON by its schema", async () => {
    const { code, stdout } = await gomodcap(["compare", proxied, excepted, "--json"]);
    expect(code).toBe(1);
    const comparison = JSON.parse(stdout) as Comparison;
    expect(isComparison(comparison), JSON.stringify(isComparison.errors)).toBe(true);
    expect(comparison.equal).toBe(false);
    expect(comparison.differences[0]).toMatchObject({ kind: "route", weight: "difference", grade: "seen" });
    expect(comparison.targets.map(({ target }) => target)).toEqual(["proxy.golang.org:443", "sum.golang.org:443"]);
  });

  it("prints Markdown with a table", async () => {
    const { stdout } = await gomodcap(["compare", proxied, excepted, "--format", "markdown", "--as", "a", "b"]);
    expect(stdout).toMatch(
      /^## 2 differences from a to b: sum\.golang\.org:443 was .*\n\n- \*\*route\*\* sum\.golang\.org:443: /,
    );
    expect(stdout).toContain("| target |  | a | b |\n| --- | --- | --- | --- |\n");
  });

  it("compares the captures of the same name in two folders", async () => {
    const { code, stdout } = await gomodcap(["compare", join(folder, "before"), join(folder, "after"), "--json"]);
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as Comparison[]).map(({ equal }) => equal)).toEqual([true, false]);
  });

  it("compares what is left of a cut capture, and exits 3", async () => {
    const { code, stdout } = await gomodcap(["compare", proxied, join(folder, "cut.pcap"), "--as", "whole", "cut"]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/hidden: +cut: the file is damaged/);
    expect(stdout).not.toMatch(/^target-vanished/m);
  });

  it.each<[string, string[], RegExp]>([
    ["one capture", [proxied], /a comparison is of two captures, not 1\n.*gomodcap compare before\.pcap after\.pcap/s],
    ["none", [], /a comparison is of two captures, not none/],
    ["one name", [proxied, excepted, "--as", "before"], /--as names both captures/],
    [
      "a format that it lacks",
      [proxied, excepted, "--format", "csv"],
      /argument 'csv' is invalid\n.*allowed choices are text, json, markdown/s,
    ],
    ["an option about flows", [proxied, excepted, "--flow", "1"], /--flow says nothing to a comparison/],
  ])("refuses %s", async (_, words, message) => {
    const { code, stdout, stderr } = await gomodcap(["compare", ...words]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
  });

  it("has a help of its own", async () => {
    const { code, stdout } = await gomodcap(["compare", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Usage: gomodcap compare [options] <before> <after>");
    expect(stdout).toContain("--env-before <file|dir>");
  });

  it("fits 60 columns", async () => {
    const { stdout } = await gomodcap(["compare", proxied, excepted, "--width", "60", "--as", "a", "b"]);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  });
});
