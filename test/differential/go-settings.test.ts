import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { afterAll, describe, expect, it } from "vitest";
import { publicDatabaseKey } from "../../src/gomod/checksum/note.ts";
import { parseChecksumDatabase } from "../../src/gomod/checksum-database.ts";
import { isToolchainChoice, parseGoVersion, since } from "../../src/gomod/configuration/go-version.ts";
import { parseProxyList, refusedEntry } from "../../src/gomod/proxy-list.ts";
import { allowsGit, parseVcsRules } from "../../src/gomod/vcs-rules.ts";
import { Random } from "../build/random.ts";
import { buildJudge, versionOf } from "./tools.ts";

/**
 * What the go command does with GOPROXY, GOSUMDB, GOVCS, GOTOOLCHAIN and SSL_CERT_FILE: all it asks for goes to a
 * recorder on this machine, which stands in for every host. It refuses tunnels and has no page but one module's.
 */
const folder = mkdtempSync(join(tmpdir(), "gomodcap-go-settings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);
const version = versionOf("go", "version");

interface Outcome {
  /** `host:port` of what was asked for through the recorder, paths of what it was asked itself. */
  readonly asked: readonly string[];
  readonly said: string;
}

let runs = 0;
async function go(words: readonly string[], settings: (recorder: string) => Record<string, string>): Promise<Outcome> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, host, protocol } = new URL(request.url ?? "", "self://");
    asked.push(protocol === "self:" ? pathname : host.includes(":") ? host : `${host}:80`);
    const page = protocol === "self:" ? pages.find(([end]) => pathname.endsWith(end))?.[1] : undefined;
    response.writeHead(page === undefined ? 404 : 200).end(page);
  });
  server.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const recorder = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const home = join(folder, String(runs++));
  mkdirSync(home);
  const child = spawn("go", words, {
    cwd: home,
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      GOPATH: join(home, "gopath"),
      GOCACHE: join(folder, "cache"),
      GOFLAGS: "-modcacherw",
      GOTOOLCHAIN: "local",
      GOTELEMETRY: "off",
      GIT_CONFIG_NOSYSTEM: "1",
      HTTPS_PROXY: recorder,
      HTTP_PROXY: recorder,
      ...settings(recorder),
    },
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  await new Promise((ended) => child.on("close", ended));
  server.close();
  return { asked: asked.map((place) => place.toLowerCase()).filter((place, at, all) => place !== all[at - 1]), said };
}

const pages: readonly (readonly [end: string, text: string])[] = [
  ["/v1.0.0.info", '{"Version":"v1.0.0","Time":"2024-01-01T00:00:00Z"}'],
  ["/v1.0.0.mod", "module example.org/foo\n"],
];

/** Runs all values, some at once, and tells those that come out otherwise than expected. */
async function differing<Value, Answer>(
  values: readonly Value[],
  theirs: (value: Value) => Promise<{ readonly answer: Answer; readonly said: string }>,
  ours: (value: Value) => Answer,
): Promise<unknown[]> {
  const wrong: unknown[] = [];
  const left = [...values];
  const work = async (): Promise<void> => {
    for (let value = left.shift(); value !== undefined; value = left.shift()) {
      const { answer, said } = await theirs(value);
      const own = ours(value);
      if (JSON.stringify(own) !== JSON.stringify(answer)) wrong.push({ value, own, go: answer, said });
    }
  };
  await Promise.all([work(), work(), work()]);
  return wrong;
}

const proxyEntries = [
  "https://a.example",
  "https://a.example:8443/path/",
  "https://u:p@b.example",
  "HTTPS://C.example",
  "http://d.example",
  "http://d.example:8080/x",
  "http://u:p@d.example",
  "e.example/go",
  "e.example:8443",
  "file:///nonexistent",
  "file://host/nonexistent",
  "direct",
  "off",
  "Direct",
  "on",
  "socks5://f.example:1080",
  "https://g.example;direct",
  "https://g.example direct",
  '"https://h.example"',
  "https://",
  "https:/i.example",
  "//j.example",
  "ftp://k.example",
  "https://l.example?token=x",
  "https://%zz",
  "noproxy",
  "",
];

/* Tunnels are refused, which is an error; what is asked in clear is not found; a folder that is not there has nothing. */
function askedOf(value: string): string[] {
  const list = parseProxyList(value);
  const asked: string[] = [];
  if (refusedEntry(list) !== undefined) return asked;
  for (const { kind, url, separator } of list) {
    if (url !== undefined) asked.push(`${url.host}:${url.port}`);
    if (kind === "direct") asked.push("example.org:443");
    const isFound = kind === "file" || url?.scheme === "http";
    if (kind === "direct" || kind === "off" || (!isFound && separator !== "|")) break;
  }
  return asked.filter((place, at) => place !== asked[at - 1]);
}

const key = (name: string): string => {
  const encoded = Buffer.concat([Buffer.from([1]), Buffer.alloc(32, 7)]);
  const hash = createHash("sha256").update(`${name}\n`).update(encoded).digest("hex").slice(0, 8);
  return `${name}+${hash}+${encoded.toString("base64")}`;
};
const databases = [
  "off",
  " off",
  "off ",
  "on",
  "direct",
  "sum.golang.org",
  " sum.golang.org ",
  "SUM.golang.org",
  "sum.golang.google.cn",
  "https://sum.golang.org",
  publicDatabaseKey,
  publicDatabaseKey.slice(0, -1),
  publicDatabaseKey.replace("+033de0ae", "+033DE0AE"),
  publicDatabaseKey.replace("+033de0ae", "+33de0ae"),
  publicDatabaseKey.replace("sum.golang.org", "sum.golang.com"),
  "sum.golang.org+033de0ae+",
  "sum.golang.org https://mirror.example",
  "sum.golang.org https://mirror.example:8443/path",
  "sum.golang.org http://mirror.example",
  "sum.golang.org http://u:p@mirror.example",
  "sum.golang.org mirror.example",
  "sum.golang.org ftp://mirror.example",
  "sum.golang.org https://mirror.example more",
  "sum.golang.org,https://mirror.example",
  ...[
    "db.example",
    "db.example/path",
    "db.example:8443",
    "db.example/",
    "u@db.example",
    "db.example?x",
    "db.example#f",
  ].map(key),
  `${key("db.example")} https://other.example`,
  key("Db.Example"),
  `${key("db.example")}=`,
];

const toolchains = [
  ..."local auto path local+auto local+path local+ auto+path go1.21.13 go1.99 go1.99.1+auto go1.99.1+path".split(" "),
  ..."1.21 go1 go1.21rc1 go1.21-custom x-go1.21 latest off go1.21.x go1.21+ go+auto go1.21+other Go1.21 go1.21.1.1".split(
    " ",
  ),
  ..."go1.x go1.21beta go1.21alpha2 go2.0 go1.021 +auto go1.21_2 go1.21.0rc1".split(" "),
];

const versionControl = [
  ...["", "*:git", "*:all", "*:off", "*:hg", "public:hg", "private:hg", "github.com:hg", "github.com/a:git,*:off"],
  ...[
    "github.com/x:git,*:off",
    "git",
    ":git",
    "public:",
    "public:git|",
    ",",
    "./a:git",
    "public:git,public:hg",
    " * : hg | git ",
  ],
];

describe.skipIf(version === "")(`against ${version}`, () => {
  it("walks GOPROXY as Go does, in 150 runs", async () => {
    const random = new Random(20_261_127);
    const list = (): string => random.list(4, [",", ",", "|", " , "], () => random.of(proxyEntries));
    const values = [...proxyEntries.slice(0, -1), ...Array.from({ length: 150 }, list)].slice(0, 150);
    const theirs = async (value: string) => {
      const words = ["list", "-m", "example.org/foo@v1.0.0"];
      const { asked, said } = await go(words, () => ({ GOPROXY: value === "" ? "," : value, GOSUMDB: "off" }));
      return { answer: asked, said };
    };
    const wrong = await differing(values, theirs, (value) => askedOf(value));
    expect(wrong.slice(0, 5), `${wrong.length} differ`).toEqual([]);
  }, 300_000);

  it("takes and refuses GOSUMDB as Go does", async () => {
    const theirs = async (value: string) => {
      const words = ["mod", "download", "example.org/foo@v1.0.0"];
      const { asked, said } = await go(words, (recorder) => ({ GOPROXY: recorder, GOSUMDB: value }));
      const others = asked.filter((place) => !place.startsWith("/example.org/"));
      return { answer: others.map((place) => (place.endsWith("/supported") ? "probe" : place)), said };
    };
    const ours = (value: string): string[] => {
      const { url, explicitUrl, invalid } = parseChecksumDatabase(value);
      if (url === undefined || invalid) return [];
      return [...(explicitUrl ? [] : ["probe"]), `${url.host}:${url.port}`];
    };
    expect(await differing(databases, theirs, ours)).toEqual([]);
  }, 120_000);

  it.skipIf(!since(21, parseGoVersion(version)))(
    "takes and refuses GOTOOLCHAIN as Go does",
    async () => {
      const theirs = async (value: string) => {
        const { said } = await go(["version"], () => ({ GOTOOLCHAIN: value, GOPROXY: "off" }));
        return { answer: !said.includes("invalid GOTOOLCHAIN"), said };
      };
      expect(await differing(toolchains, theirs, isToolchainChoice)).toEqual([]);
    },
    120_000,
  );

  it.skipIf(versionOf("git", "--version") === "")(
    "lets git fetch what GOVCS lets it",
    async () => {
      const theirs = async (value: string) => {
        const words = ["list", "-m", "github.com/a/b@v1.0.0"];
        const { asked, said } = await go(words, () => ({ GOPROXY: "direct", GOSUMDB: "off", GOVCS: value }));
        return { answer: asked.length > 0, said };
      };
      const ours = (value: string): boolean => allowsGit(parseVcsRules(value), "github.com/a/b", "");
      expect(await differing(versionControl, theirs, ours)).toEqual([]);
    },
    120_000,
  );

  it("replaces the file and the folders of trust anchors each by its own variable", async (context) => {
    const judge = buildJudge(join(folder, "judge"));
    if (judge === "" || process.platform !== "linux") return context.skip();
    for (const name of ["none", "a", "b"]) mkdirSync(join(folder, name));
    const [first, second] = ["a", "b"].map((name) => join(folder, name, "root.pem"));
    writeFileSync(first, rootCertificates[0]);
    writeFileSync(second, rootCertificates[1]);
    const [none, a, b] = ["none", "a", "b"].map((name) => join(folder, name));
    const count = (variables: Record<string, string>): Promise<number> =>
      new Promise((counted) => {
        const child = spawn(judge, { env: variables });
        child.stdout.setEncoding("utf8").on("data", (text: string) => counted(Number(JSON.parse(text))));
        child.stdin.end('{"Roots":true}\n');
      });
    const rows: readonly [string, string, number][] = [
      [first, none, 1],
      [join(none, "absent.pem"), none, 0],
      [`${first}:${second}`, none, 0],
      [join(none, "absent.pem"), `${a}:${b}`, 2],
      [first, b, 2],
    ];
    for (const [SSL_CERT_FILE, SSL_CERT_DIR, anchors] of rows) {
      expect([SSL_CERT_FILE, SSL_CERT_DIR, await count({ SSL_CERT_FILE, SSL_CERT_DIR })]).toEqual([
        SSL_CERT_FILE,
        SSL_CERT_DIR,
        anchors,
      ]);
    }
    /* The system's folders stay in force beside a file of one's own. */
    const ofFolders = await count({ SSL_CERT_FILE: join(none, "absent.pem") });
    expect(await count({ SSL_CERT_FILE: first })).toBeGreaterThanOrEqual(Math.max(1, ofFolders));
  }, 60_000);
});
