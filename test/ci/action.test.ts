import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { capturesFolder } from "../captures/truth.ts";

/** What is given to CI, run as CI runs it; the built program stands for the package. `npm test` builds it first. */
const root = new URL("../../", import.meta.url).pathname;
const guide = readFileSync(join(root, "docs/ci.md"), "utf8");
let folder: string;

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly env: Readonly<Record<string, string>>; readonly run: string }[];
  };
}

const action = parse(readFileSync(join(root, "action.yml"), "utf8")) as Action;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gomodcap-ci-"));
  mkdirSync(join(folder, "bin"));
  const shim = `#!/bin/sh\nwhile [ "$1" != check ]; do shift; done\nexec "${process.execPath}" "${root}bin/gomodcap.js" "$@"\n`;
  writeFileSync(join(folder, "bin/npx"), shim);
  chmodSync(join(folder, "bin/npx"), 0o755);
  for (const [name, rule] of [
    ["good", "no-direct-route: true"],
    ["bad", "no-flow-to: proxy.golang.org"],
  ]) {
    cpSync(join(capturesFolder, "b01-connect-all"), join(folder, "captures", name), { recursive: true });
    writeFileSync(join(folder, "captures", name, "expect.yaml"), `rules:\n  - ${rule}\n`);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function bash(
  script: string,
  environment: Readonly<Record<string, string>> = {},
): { code: number | null; out: string } {
  const { status, stdout } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
    cwd: folder,
    env: { PATH: `${join(folder, "bin")}:${process.env["PATH"]}`, ...environment },
    encoding: "utf8",
  });
  return { code: status, out: stdout };
}

/** Runs the step of the action with these inputs. */
function step(given: Readonly<Record<string, string>>): { code: number | null; out: string; output: string } {
  const [{ env, run }] = action.runs.steps;
  const values: [name: string, value: string][] = Object.entries(env).map(([name, from]) => {
    const input = /inputs\.([\w-]+)/.exec(from)![1];
    return [name, given[input] ?? action.inputs[input].default];
  });
  const output = join(folder, "output");
  writeFileSync(output, "");
  const { code, out } = bash(run, { ...Object.fromEntries(values), GITHUB_OUTPUT: output });
  return { code, out, output: readFileSync(output, "utf8") };
}

describe("action.yml", () => {
  it("fails with annotations where an expectation is broken, and says how it ended", () => {
    const { code, out, output } = step({});
    expect([code, output]).toEqual([1, "exit-code=1\n"]);
    expect(out).toContain("::error file=captures/bad/expect.yaml,line=2");
  });

  it("takes several paths, and writes files for others", () => {
    const { code } = step({
      paths: "captures/good\n  captures/good/capture.pcap",
      sarif: "out.sarif",
      junit: "out.xml",
    });
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, "out.sarif"), "utf8"))).toMatchObject({ version: "2.1.0" });
    expect(readFileSync(join(folder, "out.xml"), "utf8")).toContain("<testsuites");
  });

  it("takes inputs for words, not for commands", () => {
    const { code, out } = step({ paths: "captures/good $(touch owned) `touch owned`", policy: "; touch owned" });
    expect(code).not.toBe(0);
    expect(out + bash("ls").out).not.toContain("owned");
  });

  it("has every input in the guide", () => {
    for (const name of Object.keys(action.inputs)) expect(guide).toContain(`| \`${name}\``);
  });
});

it("the GitLab job of the guide runs as it stands there", () => {
  const blocks = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, text]) => parse(text) as Record<string, unknown>,
  );
  const { egress } = blocks.find((block) => "egress" in block) as {
    egress: { script: string[]; artifacts: { reports: Record<string, string> } };
  };
  expect(bash(egress.script.join("\n")).code).toBe(1);
  for (const file of Object.values(egress.artifacts.reports))
    expect(readFileSync(join(folder, file), "utf8")).not.toBe("");
});
