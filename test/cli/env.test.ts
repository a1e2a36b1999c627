import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gomodcap, type Ended } from "./run.ts";

/** The built program, as a user runs it. `npm test` builds it first. */
let folder: string;
const isValid = new Ajv2020().compile(
  JSON.parse(readFileSync(new URL("../../schema/configuration.schema.json", import.meta.url), "utf8")) as object,
);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gomodcap-env-"));
  const file = (name: string, content: string): void => writeFileSync(join(folder, name), content);
  for (const each of ["home/.config/go", "go/bin", "saved"]) mkdirSync(join(folder, each), { recursive: true });
  file("home/.config/go/env", "GOPROXY=https://stored.example\nHTTPS_PROXY=http://unread.example:3128\n");
  file("go/bin/go", "");
  file("go/VERSION", "go1.22.1\ntime 2024\n");
  file("go/go.env", "GOPROXY=https://proxy.golang.org,direct\nGOSUMDB=sum.golang.org\n");
  file("environ.txt", "HOME=/home/a\0HTTPS_PROXY=http://user:secret@p.example:3128\0NO_PROXY=golang.org\0");
  file("goenv.txt", "GOPRIVATE=corp.example, other.example\n");
  file("go-env.json", '{"GOVERSION":"go1.26.8","GOPROXY":"https://user:secret@a.example,direct"}');
  file("saved/environ.txt", "PATH=/bin\nGOSUMDB=off\n");
  file("saved/goenv.txt", "GOPROXY=direct\n");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function env(...line: readonly string[]): Promise<Ended> {
  return gomodcap(["env", ...line], {
    folder,
    environment: { PATH: join(folder, "go/bin"), HOME: join(folder, "home") },
  });
}

interface Report {
  readonly goVersion: string;
  readonly variables: { name: string; value: string; from: string; shadowed: unknown[]; assumed?: true }[];
  readonly warnings: { id: string }[];
  readonly sources: { origin: string; missing?: string }[];
  readonly urls: { go: { kind: string }; git: { kind: string } }[];
}

async function report(...line: readonly string[]): Promise<Report> {
  const { code, stdout, stderr } = await env("--json", ...line);
  expect([code, stderr]).toEqual([0, ""]);
  const json = JSON.parse(stdout) as Report;
  expect(isValid(json), JSON.stringify(isValid.errors)).toBe(true);
  return json;
}

function variable({ variables }: Report, name: string): string {
  const found = variables.find((each) => each.name === name);
  return `${found?.value ?? ""} ${found?.from ?? ""}${found?.assumed === true ? " assumed" : ""}`;
}

describe("gomodcap env", () => {
  it("reads this process, the user's file and that of GOROOT", async () => {
    const live = await report();
    expect(live.goVersion).toBe("go1.22.1");
    expect(variable(live, "GOPROXY")).toBe("https://stored.example user-file");
    expect(variable(live, "GOSUMDB")).toBe("sum.golang.org goroot-file");
    expect(live.warnings.map(({ id }) => id)).toEqual(["not-read-from-file"]);
    expect(live.sources.map(({ origin, missing }) => `${origin} ${missing ?? "read"}`)).toEqual([
      "environment read",
      "user-file read",
      "goroot-file read",
    ]);
  });

  it("says what could not be read, and goes on", async () => {
    const { stdout } = await gomodcap(["env"], { folder, environment: { PATH: "/nowhere" } });
    expect(stdout).toContain("none (HOME is not set)");
    expect(stdout).toContain("none (no Go found in PATH)");
    expect(stdout).toContain("[no-user-file]");
  });

  it("takes files for another machine, each for what it is said to be", async () => {
    const other = await report("--environ", "environ.txt", "--goenv", "goenv.txt", "--go", "1.23");
    expect(other.goVersion).toBe("go1.23");
    expect(variable(other, "GOPRIVATE")).toBe("corp.example, other.example user-file");
    expect(variable(other, "GOSUMDB")).toBe("sum.golang.org default assumed");
    expect(variable(other, "HTTPS_PROXY")).toBe("http://***@p.example:3128 environment");
    expect(other.warnings.map(({ id }) => id)).toEqual(["glob-space", "no-proxy-wider"]);
    const printed = await report("--go-env-json", "go-env.json");
    expect(variable(printed, "GOPROXY")).toBe("https://***@a.example,direct go-env");
    const saved = await report("--env", "saved");
    expect([variable(saved, "GOPROXY"), variable(saved, "GOSUMDB")]).toEqual(["direct user-file", "off environment"]);
  });

  it("sees quotes of a word processor, which no character set of a bundle may lose", async () => {
    writeFileSync(join(folder, "quoted.txt"), "GOPROXY=\u201chttps://proxy.golang.org\u201d\n");
    const quoted = await report("--environ", "quoted.txt");
    expect(quoted.warnings.map(({ id }) => id)).toContain("goproxy-quotes");
  });

  it("answers for URLs and modules", async () => {
    const { stdout } = await env(
      "--environ",
      "environ.txt",
      "--url",
      "https://h.example/x",
      "--module",
      "golang.org/x/text",
    );
    expect(stdout).toContain("through http://***@p.example:3128: HTTPS_PROXY is for https://");
    expect(stdout).toContain("https://proxy.golang.org, then direct");
    expect(stdout).not.toContain("secret");
    const { urls } = await report("--environ", "environ.txt", "--url", "https://sum.golang.org");
    expect(urls[0].go.kind).toBe("direct");
  });

  it.each([
    [["--url", "h.example"], "--url takes a URL with a scheme and a host"],
    [["--go", "latest"], "latest is no version of Go"],
    [["--json", "--nonsense"], "unknown option '--nonsense'"],
    [["capture.pcap"], "too many arguments"],
  ])("refuses %j", async (line, message) => {
    const { code, stdout, stderr } = await env(...line);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });

  it("has a help, and fits any width", async () => {
    expect((await env("--help")).stdout).toContain("--go-env-json <file>");
    const { stdout } = await env("--environ", "environ.txt", "--width", "60");
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  });
});

it("takes the explicit forms wherever --env is taken", async () => {
  const capture = new URL("../../captures/b02-connect-noproxy-sumdb/capture.pcap", import.meta.url).pathname;
  const { code, stdout } = await gomodcap([capture, "--environ", "environ.txt", "--goenv", "goenv.txt"], { folder });
  expect(code).toBe(0);
  expect(stdout).toContain('" other.example" in GOPRIVATE matches nothing');
  expect(stdout).toContain("sum.golang.org");
});
