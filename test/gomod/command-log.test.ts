import { expect, it } from "vitest";
import { limits } from "../../src/limits.ts";
import { isCommandLog, parseCommandLog } from "../../src/gomod/command-log.ts";

const log = `$ go get -x corp.example/secret@v0.1.0
# get https://corp.example/?go-get=1
# get https://corp.example/secret?go-get=1
# get https://corp.example/secret?go-get=1: 200 OK (0.019s)
mkdir -p /home/lab/pkg/mod/cache/vcs # git3 https://git.corp.example/secret.git
cd /home/lab; git ls-remote -q origin
# get http://user:secret@goproxy.corp.example:8081/go/github.com/lab/uuid/@v/v1.0.0.zip: 200 OK (0.010s)
# get https://sum.golang.org/lookup/github.com/lab/uuid@v1.0.0
# get not-a-url
`;

it("names each place and kind once, and each import path that was asked for", () => {
  expect(isCommandLog(log)).toBe(true);
  expect(parseCommandLog("stderr.txt", log).requests.map(({ host, port, kind }) => `${host}:${port} ${kind}`)).toEqual([
    "corp.example:443 discovery",
    "corp.example:443 discovery",
    "git.corp.example:443 git-refs",
    "goproxy.corp.example:8081 zip",
    "sum.golang.org:443 lookup",
  ]);
  expect(JSON.stringify(parseCommandLog("stderr.txt", log))).not.toContain("user:secret");
});

it("leaves other texts alone", () => {
  expect(isCommandLog("GOPROXY=direct\n")).toBe(false);
  expect(isCommandLog("see # get https://a.example\n")).toBe(false);
  expect(parseCommandLog("x", "hello\n# get https://a.example").requests).toMatchObject([{ kind: "other" }]);
});

it("takes a switch of toolchains and a deprecation for no error", () => {
  const lines = [
    "go: corp.example/a@v1.0.0 requires go >= 1.26.0; switching to go1.26.2",
    "go: module corp.example/a is deprecated: use corp.example/b",
    "go: corp.example/a@v1.0.0 requires go >= 1.26.0 (running go 1.25.1; GOTOOLCHAIN=local)",
  ];
  expect(parseCommandLog("stderr.txt", lines.join("\n")).errors.map(({ text }) => text)).toEqual([lines[2]]);
});

it("cuts an error that is longer than any, and reads no request from such a line", () => {
  const long = "x".repeat(limits.logLine);
  const { errors, requests } = parseCommandLog("stderr.txt", `go: ${long}\n# get https://a.example/${long}\n`);
  expect(errors.map(({ text }) => text)).toEqual([`go: ${long}`.slice(0, limits.logLine)]);
  expect(requests).toEqual([]);
});

it("tells why a command of GOAUTH failed where that mattered", () => {
  const url = (path: string): string => `https://p.example/${path}/@v/v1.0.0.info`;
  const failing = (path: string): string[] => [
    `GOAUTH encountered errors for ${url(path)}:`,
    "  GOAUTH=/x --token=secret: could not run command /x --token=secret: exit status 3",
    "no token",
  ];
  const lines = [
    ...failing("a.example"),
    ...failing("a.example/b"),
    `go: a.example/b@v1.0.0: reading ${url("a.example/b")}: 401 Unauthorized`,
    "\tserver response: unauthorized",
    `go: a.example/c@v1.0.0: reading ${url("a.example/c")}: 401 Unauthorized`,
  ];
  expect(parseCommandLog("stderr.txt", lines.join("\n")).errors.map(({ text }) => text)).toEqual([
    `${lines[6]} server response: unauthorized; the command of GOAUTH failed: exit status 3`,
    lines[8],
  ]);
});

it("takes an answer for cut short of which an error says so", () => {
  const url = "https://p.example/a.example/b/@v/v1.0.0.zip";
  const lines = [
    `# get ${url}`,
    `# get ${url}: 200 OK (0.001s)`,
    `go: a.example/b@v1.0.0: read "${url}": unexpected EOF`,
  ];
  const { answers } = parseCommandLog("stderr.txt", lines.join("\n"));
  expect(answers).toMatchObject([
    { kind: "zip", status: undefined, text: "unexpected EOF", cut: true, seconds: 0.001 },
  ]);
});
