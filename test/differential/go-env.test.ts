import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { mergeConfigurations, parseConfigurationText } from "../../src/gomod/configuration/configuration.ts";
import { userFile } from "../../src/gomod/configuration/env-file.ts";
import { parseGoVersion, since } from "../../src/gomod/configuration/go-version.ts";
import { cameWith } from "../../src/gomod/configuration/names.ts";
import { resolveVariable } from "../../src/gomod/configuration/resolution.ts";
import { Random } from "../build/random.ts";
import { versionOf } from "./tools.ts";

/** Which source of a variable wins, against what the real `go env` prints. */
const folder = mkdtempSync(join(tmpdir(), "gomodcap-go-env-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);
const version = versionOf("go", "version");
const command = version === "" ? "" : spawnSync("sh", ["-c", "command -v go"], { encoding: "utf8" }).stdout.trim();

const names = [
  "GOPROXY",
  "GOSUMDB",
  "GOPRIVATE",
  "GONOPROXY",
  "GONOSUMDB",
  "GOINSECURE",
  "GOVCS",
  "GOAUTH",
  "GOTOOLCHAIN",
  "GOENV",
].filter((name) => since(cameWith(name), parseGoVersion(version)));
const texts: Readonly<Record<string, readonly string[]>> = {
  GOPROXY: ["direct", "off", "https://a.example,direct", " https://a.example | off ", '"direct"', "on"],
  GOSUMDB: ["off", "sum.golang.org", " off", "sum.golang.google.cn"],
  GOAUTH: ["off", "netrc", "git /x; netrc"],
  GOTOOLCHAIN: ["local", "local+path"],
};
const globs = ["corp.example", "*.a.example,b.example", " none ", "a, b"];

interface EnvCase {
  readonly environment: Record<string, string>;
  readonly user: string;
  readonly root: string;
}

function envCase(random: Random, home: string): EnvCase {
  const assignments = (percent: number): [string, string][] =>
    names
      .filter((name) => name !== "GOENV" && random.chance(percent))
      .map((name) => [name, random.chance(20) ? "" : random.of(texts[name] ?? globs)]);
  const environment = Object.fromEntries(assignments(35));
  if (random.chance(85)) environment["HOME"] = home;
  if (random.chance(20)) environment["XDG_CONFIG_HOME"] = random.of([join(home, "xdg"), "relative", ""]);
  if (random.chance(20)) environment["GOENV"] = random.of(["off", "", join(home, "own"), join(home, "absent")]);
  const line = ([name, value]: [string, string]): string =>
    random.of([
      `${name}=${value}`,
      `${name}=${value}`,
      name === "GOTOOLCHAIN" ? name : `${name}=${value}\r`,
      `# ${name}=${value}`,
      ` ${name}=${value}`,
      name,
    ]);
  const file = (percent: number): string => assignments(percent).map(line).join("\n");
  return { environment, user: file(45), root: file(50) };
}

describe.skipIf(command === "")(`against ${version}`, () => {
  it("resolves variables as go env does, in 300 runs", () => {
    const random = new Random(20_261_125);
    const wrong: unknown[] = [];
    for (let run = 0; run < 300; run++) {
      const home = join(folder, String(run));
      const given = envCase(random, home);
      const printed = goEnv(given, home);
      const own = ours(given);
      const names = Object.keys(printed).filter((name) => printed[name] !== own[name]);
      wrong.push(...names.map((name) => ({ run, name, go: printed[name], own: own[name], ...given })));
    }
    expect(wrong.slice(0, 3), `${wrong.length} differ`).toEqual([]);
  }, 300_000);
});

/* The user's file lies at every place where one may be looked for, GOROOT is a folder with go.env alone. */
function goEnv({ environment, user, root }: EnvCase, home: string): Record<string, string> {
  for (const path of [".config/go/env", "xdg/go/env", "own"]) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), user);
  }
  mkdirSync(join(home, "root/pkg/tool"), { recursive: true });
  writeFileSync(join(home, "root/go.env"), root);
  const { stdout, stderr } = spawnSync(command, ["env", "-json", ...names], {
    cwd: home,
    env: { ...environment, GOROOT: join(home, "root"), GOCACHE: join(folder, "cache"), GOPATH: join(folder, "gopath") },
    encoding: "utf8",
  });
  expect(stdout, stderr).not.toBe("");
  return JSON.parse(stdout) as Record<string, string>;
}

function ours({ environment, user, root }: EnvCase): Record<string, string> {
  const file = userFile((name) => environment[name] ?? "", "unix", parseGoVersion(version));
  const isThere = "path" in file && file.path.startsWith("/") && !file.path.endsWith("/absent");
  const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const parts = [
    parseConfigurationText("environ", `${lines.join("\0")}\0`, "environment"),
    ...(isThere ? [parseConfigurationText("env", user, "user-file")] : []),
    parseConfigurationText("go.env", root, "goroot-file"),
  ];
  const configuration = mergeConfigurations(parts, { goVersion: parseGoVersion(version)!, platform: "unix" });
  const value = (name: string): string => resolveVariable(configuration, name).value;
  /* `go env` says nothing of GOENV=off, which would look like a file that is not there. */
  return Object.fromEntries(names.map((name) => [name, value(name).replace(name === "GOENV" ? "off" : /^\0$/, "")]));
}
