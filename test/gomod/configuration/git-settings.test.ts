import { describe, expect, it } from "vitest";
import { parseConfigurationText } from "../../../src/gomod/configuration/configuration.ts";
import { gitProxyKey, matchGitKey, parseGitSettings } from "../../../src/gomod/configuration/git-settings.ts";
import { configurationOf } from "../../build/configuration.ts";

it.each<[string, string | undefined]>([
  ["http.proxy", "http.proxy"],
  ["HTTP.Proxy", "http.proxy"],
  ["http.https://H.example/X.proxy", "http.https://H.example/X.proxy"],
  ["remote.origin.proxy", "remote.origin.proxy"],
  ["remote.proxy", undefined],
  ["core.gitproxy", undefined],
  ["http.extraheader", undefined],
  ["http.https://h.example.extraheader", undefined],
])("takes %s for %s", (text, key) => {
  expect(gitProxyKey(text)).toBe(key);
});

describe("what git config prints", () => {
  it.each<[what: string, text: string, settings: Record<string, string> | undefined]>([
    [
      "a list, of which proxies alone are kept",
      "user.name=A\nhttp.proxy=http://p\nhttp.extraheader=X: secret\n",
      { "http.proxy": "http://p" },
    ],
    [
      "matches of a pattern",
      "http.proxy http://p\r\nremote.origin.proxy http://q\r\n",
      { "http.proxy": "http://p", "remote.origin.proxy": "http://q" },
    ],
    ["the later of two", "http.proxy=http://p\nhttp.Proxy=\n", { "http.proxy": "" }],
    ["a value of several lines", "alias.x=!a\n[b]\nhttp.proxy=http://p\n", { "http.proxy": "http://p" }],
    ["nothing", "", {}],
    ["a file of git's", "[http]\n\tproxy = http://p\n", undefined],
    ["an environment", "HTTPS_PROXY=http://p\n", undefined],
  ])("reads %s", (_, text, settings) => {
    const read = parseGitSettings(text);
    expect(read && Object.fromEntries(read)).toEqual(settings);
  });
});

it.each<[key: string, url: [string, string, number, string?], rank: readonly number[] | "open" | undefined]>([
  ["http.proxy", ["https", "h.example", 443], [0, 0]],
  ["http.https://h.example.proxy", ["https", "h.example", 443], [9, 1]],
  ["http.https://h.example.proxy", ["http", "h.example", 80], undefined],
  ["http.https://h.example.proxy", ["https", "a.h.example", 443], undefined],
  ["http.https://h.example:443/.proxy", ["https", "h.example", 443], [9, 1]],
  ["http.https://h.example:8443.proxy", ["https", "h.example", 443], undefined],
  ["http.https://*.example.proxy", ["https", "H.example", 443], [9, 1]],
  ["http.https://*.proxy", ["https", "h.example", 443], undefined],
  ["http.https://h.example/a.proxy", ["https", "h.example", 443, "/a/b"], [9, 3]],
  ["http.https://h.example/a.proxy", ["https", "h.example", 443, "/ab"], undefined],
  ["http.https://h.example/a.proxy", ["https", "h.example", 443], "open"],
  ["http.https://u@h.example.proxy", ["https", "h.example", 443], undefined],
  ["remote.origin.proxy", ["https", "h.example", 443], undefined],
])("%s for %j: %j", (key, [scheme, host, port, path], rank) => {
  const match = matchGitKey(key, { scheme, host, port, ...(path !== undefined && { path }) });
  expect(match?.open === true ? "open" : match?.rank).toEqual(rank);
});

it("takes settings from the environment, which is stronger, and keeps no others", () => {
  const pairs = ["http.proxy=http://e", "http.extraHeader=Authorization: secret", "remote.origin.proxy=http://r"];
  const variables = pairs.flatMap((pair, at) => {
    const equals = pair.indexOf("=");
    return [`GIT_CONFIG_KEY_${at}=${pair.slice(0, equals)}`, `GIT_CONFIG_VALUE_${at}=${pair.slice(equals + 1)}`];
  });
  const environment = [...variables, "GIT_CONFIG_COUNT=3"].join("\0");
  const { settings } = configurationOf({ environment, "git-config": "http.proxy=http://f" });
  expect(settings.get("http.proxy")?.map(({ value }) => value)).toEqual(["http://e", "http://f"]);
  expect([...settings.keys()]).toEqual(["http.proxy", "remote.origin.proxy"]);
  expect(JSON.stringify([...settings])).not.toContain("secret");
});

it("passes over lines without a name behind a first line that is long", () => {
  const text = `core.editor ${"x".repeat(1 << 18)}\n${"no name\n".repeat(1 << 16)}http.proxy http://p.example:3128\n`;
  expect(Object.fromEntries(parseGitSettings(text) ?? [])).toEqual({ "http.proxy": "http://p.example:3128" });
});

it("is told from other files by what it names", () => {
  const told = parseConfigurationText("file", "http.proxy http://f:1\nremote.a.proxy http://g:2\n");
  expect([told.origin, told.variables.get("http.proxy")]).toEqual(["git-config", "http://f:1"]);
  expect(parseConfigurationText("file", "GOPROXY=off\nhttp.proxy=http://f:1").origin).not.toBe("git-config");
});

it("refuses a file that git config did not print", () => {
  expect(configurationOf({ "git-config": "[http]\n" }).errors).toEqual([
    "git-config is not what git config prints; give the output of git config --get-regexp 'proxy$'",
  ]);
});
