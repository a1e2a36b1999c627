import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { mergeConfigurations, parseConfigurationText } from "../../src/gomod/configuration/configuration.ts";
import { gitProxyFor } from "../../src/gomod/prediction/git-proxy.ts";
import { destinationOf } from "../../src/gomod/prediction/proxy-choice.ts";
import { Random } from "../build/random.ts";
import { versionOf } from "./tools.ts";

/**
 * Which proxy git uses, against the real git: every proxy is an address of this machine where nothing listens, every
 * host is told to be another one, and git says where it connects to.
 */
const version = versionOf("git", "--version");
const proxies = [
  "127.0.0.3:3128",
  "http://127.0.0.3:3128",
  "http://127.0.0.3",
  "http://u:p@127.0.0.4:8080",
  "https://127.0.0.4",
  "https://127.0.0.4:8443",
  "socks5://127.0.0.3",
  "socks5h://127.0.0.3:9050",
  "socks4://127.0.0.4:1081",
  "socks4a://127.0.0.4",
  "127.0.0.3",
  "http://127.0.0.3:3128/",
  "HTTP://127.0.0.3:3128",
  "",
];
const entries = [
  "h.example",
  ".h.example",
  "*.example",
  "example",
  "H.EXAMPLE",
  "h.example.",
  "ample",
  "h.example:443",
  "a.h.example",
  "127.0.0.2",
  "127.0.0.0/8",
  "127.0.0.2/33",
  "localhost",
  "10.0.0.0/8",
  "*",
];
/* What git's own configuration may name proxies for. */
const keys = [
  "http.proxy",
  "HTTP.Proxy",
  "http.https://h.example.proxy",
  "http.https://h.example/.proxy",
  "http.https://H.EXAMPLE/x.proxy",
  "http.https://h.example/x/y.proxy",
  "http.https://h.example:443.proxy",
  "http.https://h.example:8443.proxy",
  "http.https://*.example.proxy",
  "http.https://*.h.example.proxy",
  "http.https://*.proxy",
  "http.https://u@h.example.proxy",
  "http.http://h.example.proxy",
  "http.https://127.0.0.2.proxy",
  "http.https://127.0.0.*.proxy",
  "http.https://localhost:8443/x.proxy",
  "remote.other.proxy",
];
const urls = [
  "https://h.example/x",
  "http://h.example/x",
  "https://a.h.example/x",
  "https://h.example:8443/x",
  "https://127.0.0.2/x",
  "https://localhost:8443/x",
  "https://example/x",
];

interface GitCase {
  readonly url: string;
  readonly environment: Record<string, string>;
}

function gitCase(random: Random): GitCase {
  const environment: Record<string, string> = {};
  for (const name of ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]) {
    if (random.chance(30)) environment[name] = random.of(proxies);
  }
  for (const name of ["no_proxy", "NO_PROXY"]) {
    if (random.chance(40)) environment[name] = random.list(3, [",", ", ", " ", ";"], () => random.of(entries));
  }
  const count = random.chance(50) ? random.below(4) : 0;
  if (count > 0) environment["GIT_CONFIG_COUNT"] = String(count);
  for (let at = 0; at < count; at++) {
    environment[`GIT_CONFIG_KEY_${at}`] = random.of(keys);
    environment[`GIT_CONFIG_VALUE_${at}`] = random.of(proxies);
  }
  return { url: random.of(urls), environment };
}

/** What git says while it fails to reach a repository. */
function dryRun(environment: Record<string, string>, url: string): string {
  const resolved = [
    "h.example:443",
    "h.example:80",
    "h.example:8443",
    "a.h.example:443",
    "example:443",
    "localhost:8443",
  ];
  const words = resolved.flatMap((place) => ["-c", `http.curloptResolve=${place}:127.0.0.2`]);
  const { stderr } = spawnSync("git", [...words, "ls-remote", url], {
    env: {
      PATH: process.env["PATH"],
      HOME: "/nonexistent",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
      GIT_CURL_VERBOSE: "1",
      ...environment,
    },
    encoding: "utf8",
  });
  return stderr;
}

function ours({ url, environment }: GitCase): string {
  const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const configuration = mergeConfigurations([
    parseConfigurationText("environ", `${lines.join("\0")}\0`, "environment"),
  ]);
  const destination = destinationOf(url)!;
  const { kind, proxy } = gitProxyFor(configuration, destination);
  if (kind === "refused") return kind;
  return proxy === undefined ? `127.0.0.2:${destination.port}` : `${proxy.host}:${proxy.port}`;
}

function theirs({ url, environment }: GitCase): string {
  const said = dryRun(environment, url);
  if (said.includes("Invalid proxy URL")) return "refused";
  return /Trying ([\d.]+:\d+)/.exec(said)?.[1] ?? said;
}

describe.skipIf(version === "")(`against ${version}`, () => {
  it("chooses the proxy that git chooses, in 300 runs", () => {
    const random = new Random(20_261_126);
    const cases = Array.from({ length: 300 }, () => gitCase(random));
    const wrong = cases.flatMap((each) => {
      const [own, git] = [ours(each), theirs(each)];
      return own === git ? [] : [{ ...each, own, git }];
    });
    expect(wrong.slice(0, 5), `${wrong.length} differ`).toEqual([]);
  }, 300_000);
});
