import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { mergeConfigurations, parseConfigurationText } from "../../src/gomod/configuration/configuration.ts";
import { parseGoVersion } from "../../src/gomod/configuration/go-version.ts";
import { matchesGlobs } from "../../src/gomod/path-match.ts";
import { canonicalHost, defaultPort } from "../../src/gomod/place.ts";
import { destinationOf, goProxyFor } from "../../src/gomod/prediction/proxy-choice.ts";
import { Random } from "../build/random.ts";
import { buildJudge, versionOf } from "./tools.ts";

/** What gomodcap says of proxies and globs against Go's own code, case by case, in one process. */
const folder = mkdtempSync(join(tmpdir(), "gomodcap-judge-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const version = versionOf("go", "version");
const judge = version === "" ? "" : buildJudge(join(folder, "judge"));

interface ProxyCase {
  readonly https: string;
  readonly http: string;
  readonly no: string;
  readonly url: string;
  readonly cgi: boolean;
}

const hosts = [
  "sum.golang.org",
  "golang.org",
  "Proxy.Golang.org",
  "corp.example",
  "a.b.corp.example",
  "localhost",
  "LOCALHOST",
];
const odd = [
  "foo.localhost",
  "localhost.",
  "golang.org.",
  "bücher.example",
  "xn--bcher-kva.example",
  "p;direct",
  "a_b.example",
];
const addresses = ["10.1.2.3", "127.0.0.1", "192.168.0.1", "127.1", "010.1.2.3"];
const literals = ["[::1]", "[2001:db8::7]", "[::ffff:10.1.2.3]", "[::ffff:127.0.0.1]", "[fe80::1%25eth0]"];
const everywhere = [...hosts, ...odd, ...addresses, ...literals];
const noise = " ,;:/@%[]*.\"'#?0a\\";

function proxyValue(random: Random): string {
  const scheme = [
    "http://",
    "http://",
    "https://",
    "socks5://",
    "socks5h://",
    "socks4://",
    "HTTP://",
    "",
    "",
    "http:/",
    "//",
    "http:",
  ];
  const user = ["", "", "", "u@", "u:p@", "u:p@q@", "%zz@", "u<:p@"];
  const port = ["", ":3128", ":8080", ":", ":99999", ":x", ":80:90"];
  return random.spoilt(random.join(scheme, user, everywhere, port, ["", "", "/", "/x%zz", "?q", "#f"]), 15, noise);
}

function noProxyValue(random: Random): string {
  const network = [
    "10.0.0.0/8",
    "10.1.2.3/32",
    "127.0.0.0/8",
    "10.0.0.0/33",
    "2001:db8::/32",
    "::ffff:10.0.0.0/104",
    "::/0",
    "10.0.0.0/08",
  ];
  const name = [
    "golang.org",
    ".golang.org",
    "*.golang.org",
    "sum.*",
    "*golang.org",
    "corp.example",
    "example",
    "org",
    ".",
    "*.",
    "BÜCHER.example",
    "localhost",
    "2.3",
    ".2.3",
    "2001:db8::7",
    "::1",
  ];
  const entry = (): string => {
    const base = random.chance(25) ? random.of(network) : random.of([...name, ...everywhere]);
    return random.spoilt(random.join(["", "", "", " "], [base], ["", "", "", ":443", ":80", ":", " "]), 12, noise);
  };
  return random.chance(3) ? "*" : random.list(4, [",", ",", ",", ", ", ";", " ", ",,"], entry);
}

function proxyCase(random: Random): ProxyCase {
  const value = (percent: number): string => (random.chance(percent) ? proxyValue(random) : "");
  const no = random.chance(75) ? noProxyValue(random) : "";
  const url = random.join(
    ["https://", "https://", "http://", "ftp://"],
    everywhere,
    ["", "", ":443", ":8443"],
    ["", "/x"],
  );
  return { https: value(90), http: value(40), no, url, cgi: random.chance(10) };
}

function ours({ https, http, no, url, cgi }: ProxyCase): string {
  const variables = [
    `HTTPS_PROXY=${https}`,
    `HTTP_PROXY=${http}`,
    `NO_PROXY=${no}`,
    `REQUEST_METHOD=${cgi ? "GET" : ""}`,
  ];
  const part = parseConfigurationText("environ", variables.join("\0"), "environment");
  const goVersion = parseGoVersion(version)!;
  const destination = destinationOf(url);
  if (destination === undefined) return "unparsable";
  const { kind, proxy } = goProxyFor(mergeConfigurations([part], { goVersion }), destination);
  return proxy === undefined ? kind : [proxy.scheme, proxy.host, proxy.port, proxy.credentials].join("|");
}

/* Go leaves out a port that the scheme gives, and spells hosts as they were written. */
function canonical(answer: string): string {
  const [scheme, host, port, user] = answer.split("|");
  if (user === undefined) return answer;
  return [scheme, canonicalHost(host), port === "" ? defaultPort(scheme) : Number(port), user].join("|");
}

function judged(cases: readonly object[]): string[] {
  const input = cases.map((each) => JSON.stringify(each)).join("\n");
  /* As the go command itself is built; a program of an older go.mod reads a host with two colons. */
  const env = { ...process.env, GODEBUG: "urlstrictcolons=1" };
  const { stdout, status } = spawnSync(judge, { input, encoding: "utf8", maxBuffer: 1 << 28, env });
  expect(status).toBe(0);
  const answers = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as string);
  expect(answers.length).toBe(cases.length);
  return answers;
}

describe.skipIf(judge === "")(`against ${version}`, () => {
  it("chooses the proxy that Go chooses, in 40,000 cases", () => {
    const random = new Random(20_261_123);
    const cases = Array.from({ length: 40_000 }, () => proxyCase(random));
    const answers = judged(cases).map(canonical);
    const wrong = cases.flatMap((each, at) => {
      const own = ours(each);
      return own === answers[at] ? [] : [{ ...each, own, go: answers[at] }];
    });
    expect(wrong.slice(0, 5), `${wrong.length} differ`).toEqual([]);
    const kinds = new Set(answers.map((answer) => answer.split("|")[0]));
    expect([...kinds]).toEqual(
      expect.arrayContaining(["direct", "refused", "http", "https", "socks5", "socks5h", "socks4"]),
    );
  }, 120_000);

  it("matches globs as Go does, in 20,000 cases", () => {
    const random = new Random(20_261_124);
    const element = [
      "corp.example",
      "*.corp.example",
      "*",
      "a",
      "?",
      "[a-c]",
      "[^a]",
      "git.corp.example",
      "\\*",
      "a*b",
      "team",
      "none",
      "[",
      "é",
    ];
    const path = ["corp.example", "git.corp.example", "a", "b", "team", "é", "a-b", "*"];
    const cases = Array.from({ length: 20_000 }, () => {
      const glob = (): string =>
        random.spoilt(
          random.list(4, ["/"], () => random.of(element)),
          12,
          "[]*?\\-^/, ",
        );
      return {
        globs: random.list(3, [",", ",", ", ", ";"], glob),
        path: `${random.of(path)}${random.list(3, ["/"], () => `/${random.of(path)}`)}`,
      };
    });
    const answers = judged(cases);
    const wrong = cases.filter(({ globs, path: each }, at) => String(matchesGlobs(globs, each)) !== answers[at]);
    expect(wrong.slice(0, 5), `${wrong.length} differ`).toEqual([]);
    expect(answers.filter((answer) => answer === "true").length).toBeGreaterThan(1000);
  }, 60_000);
});
