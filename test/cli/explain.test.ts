import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { capturesFolder } from "../captures/truth.ts";
import { gomodcap } from "./run.ts";

const scenario = join(capturesFolder, "b10-connect-403-sumdb");
const capture = join(scenario, "capture.pcap");
const log = join(scenario, "stderr.txt");
const settings = ["--env", join(scenario, "go-env.json"), "--env", join(scenario, "env.json")];

describe("gomodcap explain", () => {
  it("sets settings beside capture, ties requests to flows, and names the cause", async () => {
    const { code, stdout, stderr } = await gomodcap(["explain", capture, ...settings, "--log", log]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/as configured +proxy\.golang\.org \(module-proxy\), flows 0, 1, 2: /);
    expect(stdout).toMatch(/- {3}https:\/\/sum\.golang\.org\/lookup\/\S+: Forbidden,\s+flow 3/);
    expect(stdout).toContain("[proxy-forbidden]");
    expect(stdout.replace(/\s+/g, " ")).toContain('stderr.txt has "go: github.com/lab/uuid@v1.1.0: verifying module');
  });

  it("prints the same as JSON, with what Go printed at the finding that explains it", async () => {
    const { stdout } = await gomodcap(["explain", capture, ...settings, "--log", log, "--json"]);
    const { explanation, findings } = JSON.parse(stdout) as {
      explanation: { requests: unknown[] };
      findings: { rule: string; printed: string[] }[];
    };
    expect(explanation.requests).toHaveLength(6);
    expect(findings[0].rule).toBe("proxy-forbidden");
    expect(findings[0].printed).toEqual([expect.stringMatching(/Forbidden$/)]);
  });

  it("prints the same as Markdown", async () => {
    const { code, stdout } = await gomodcap(["explain", capture, ...settings, "--log", log, "--format", "markdown"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\*\*.+\*\*\n\n### Settings and capture\n\n- \*\*as configured\*\*: proxy/);
    expect(stdout).toMatch(/### Requests of the command and their flows\n\n- 404 /);
    expect(stdout).toMatch(/### Findings\n\n- \*\*error: /);
  });

  it.each([
    [["explain", capture], "no settings to explain by"],
    [["explain", capture, ...settings, "--format", "csv"], "allowed choices are text, json, markdown"],
    [["explain", capture, ...settings, "--flow", "1"], "--flow says nothing to an explanation"],
    [["compare", capture, capture, "--log", log], "--log says nothing to a comparison"],
  ])("refuses %j", async (line, message) => {
    const { code, stderr } = await gomodcap(line);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it("warns of a log that is none", async () => {
    const { stderr } = await gomodcap(["explain", capture, "--log", join(scenario, "go-env.json")]);
    expect(stderr).toContain("give the standard error of go get -x");
  });
});
