import { expect, it } from "vitest";
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
