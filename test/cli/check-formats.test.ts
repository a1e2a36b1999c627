import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capturesFolder } from "../captures/truth.ts";
import { gomodcap } from "./run.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gomodcap-check-formats-"));
  copyFileSync(join(capturesFolder, "a01-default", "capture.pcap"), join(folder, "capture.pcap"));
  writeFileSync(
    join(folder, "expect.yaml"),
    "version: 1\nrules:\n  - no-flow-to: sum.golang.org\n  - no-flow-to: telemetry.go.dev\n",
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("gomodcap check --format", () => {
  it("writes files in one run, and prints text", async () => {
    const files = {
      junit: "<?xml",
      sarif: '{\n  "$schema"',
      gitlab: "[\n",
      tap: "TAP version 14",
      markdown: "## gomodcap",
    };
    const formats = Object.keys(files).map((name) => `--format=${name}=out.${name}`);
    const { code, stdout, stderr } = await gomodcap(["check", ...formats], { folder });
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(/BROKEN .*no flow to sum\.golang\.org/);
    for (const [name, start] of Object.entries(files)) {
      const text = readFileSync(join(folder, `out.${name}`), "utf8");
      expect(text.startsWith(start)).toBe(true);
      expect(text).toMatch(name === "gitlab" || name === "sarif" ? /"(?:begin|startLine)": 3/ : /no flow to sum/);
    }
  });

  it("prints a format for programs alone", async () => {
    const { stdout } = await gomodcap(["check", "--format", "gitlab"], { folder });
    expect(JSON.parse(stdout)).toHaveLength(1);
  });

  it("adds to the summary of a job on GitHub, and only with that format", async () => {
    const summary = join(folder, "summary.md");
    const environment = { GITHUB_STEP_SUMMARY: summary };
    await gomodcap(["check"], { folder, environment });
    expect(existsSync(summary)).toBe(false);
    writeFileSync(summary, "before\n");
    const { stdout } = await gomodcap(["check", "--format", "github"], { folder, environment });
    expect(stdout).toMatch(/^::error file=expect\.yaml,line=3,col=5,title=/);
    expect(readFileSync(summary, "utf8")).toMatch(/^before\n## gomodcap check: 1 of 2 expectations failed/);
  });

  it.each([
    [["--format", "xml"], /--format xml is not known.*formats are text,/s],
    [["--format", "junit="], /names no file.*give junit=FILE/s],
    [["--format", "tap", "--format", "junit"], /only one format can be printed.*--format junit=FILE/s],
    [["--format", "junit=none/out.xml"], /--format junit=none\/out\.xml: no such file or directory/],
  ])("%j is a mistake that is explained", async (words, said) => {
    const { code, stderr } = await gomodcap(["check", ...words], { folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
  });
});
