import { describe, expect, it } from "vitest";
import { mergeConfigurations, parseConfigurationText } from "../../../src/gomod/configuration/configuration.ts";
import type { ConfigurationPart, GoConfiguration, Origin } from "../../../src/gomod/configuration/configuration.ts";

function configuration(...texts: readonly string[]): GoConfiguration {
  return mergeConfigurations(texts.map((text, at) => parseConfigurationText(`file${at}`, text)));
}

const goEnv = JSON.stringify({
  GOROOT: "/go",
  GOTOOLDIR: "/go/pkg/tool",
  GOPROXY: "https://proxy.golang.org,direct",
  GOSUMDB: "sum.golang.org",
  GOPRIVATE: "",
});
const environment = JSON.stringify({
  HTTPS_PROXY: "http://u:secret@proxy.corp.example:3128",
  NO_PROXY: "sum.golang.org",
  GOPROXY: null,
});

it("joins what go resolved with what the process was started with", () => {
  const merged = configuration(goEnv, environment);
  expect(merged.errors).toEqual([]);
  expect(merged.proxyList?.map(({ kind }) => kind)).toEqual(["proxy", "direct"]);
  expect(merged.checksumDatabase?.name).toBe("sum.golang.org");
  expect(merged.httpsProxy).toMatchObject({ host: "proxy.corp.example", port: 3128, source: "file1" });
  expect(merged.variables.get("GOPROXY")?.source).toBe("file0");
});

describe("merging", () => {
  it("lets the later file win and says so, but nothing never replaces something", () => {
    const merged = configuration("GOPROXY=https://a.example", "GOPROXY=https://b.example", "GOPROXY=\nGOSUMDB=off");
    expect(merged.variables.get("GOPROXY")).toMatchObject({ value: "https://b.example", source: "file1" });
    expect(merged.errors).toEqual(["GOPROXY differs between file0 and file1; the latter counts"]);
    expect(merged.checksumDatabase?.off).toBe(true);
  });

  it("takes GOPRIVATE for GONOPROXY and GONOSUMDB unless they are set", () => {
    expect(configuration("GOPRIVATE=a.example")).toMatchObject({ noProxyGlobs: "a.example", noSumGlobs: "a.example" });
    const set = configuration("GOPRIVATE=a.example\nGONOPROXY=none");
    expect(set).toMatchObject({ noProxyGlobs: "none", noSumGlobs: "a.example" });
  });

  it("prefers upper case and falls to lower case where it is empty", () => {
    const both = configuration("HTTPS_PROXY=http://upper:1\nhttps_proxy=http://lower:2\nno_proxy=x.example");
    expect(both.httpsProxy?.host).toBe("upper");
    expect(both.noProxy).toBe("x.example");
    expect(configuration("HTTPS_PROXY=\nhttps_proxy=http://lower:2").httpsProxy?.variable).toBe("https_proxy");
  });

  it("is empty for nothing", () => {
    expect(configuration()).toEqual({
      variables: new Map(),
      settings: new Map(),
      origins: new Set(),
      sources: [],
      misnamed: [],
      platform: "unix",
      noProxy: "",
      noProxyGlobs: "",
      noSumGlobs: "",
      log: { requests: [], answers: [], added: [], errors: [] },
      errors: [],
    });
  });
});

describe("sources by rank", () => {
  const part = (source: string, text: string, origin?: Origin): ConfigurationPart =>
    parseConfigurationText(source, text, origin);
  const files = [
    part("go.env", "GOPROXY=https://g.example\nGOSUMDB=sum.golang.org\n", "goroot-file"),
    part("env", "GOPROXY=https://u.example\nGOSUMDB=\nHTTPS_PROXY=http://p\nno\n #x=\ngoflags=x\n", "user-file"),
  ];

  it("reads the files as the go command does", () => {
    const merged = mergeConfigurations(files);
    expect(merged.variables.get("GOPROXY")).toEqual({ value: "https://u.example", origin: "user-file", source: "env" });
    expect(merged.variables.get("GOSUMDB")?.value).toBe("");
    expect(merged.httpsProxy).toBeUndefined();
    expect(merged.settings.get("GOPROXY")?.map(({ source }) => source)).toEqual(["env", "go.env"]);
    expect(merged.origins).toEqual(new Set(["user-file", "goroot-file"]));
  });

  it("lets an environment win that is not empty, whatever the order", () => {
    const merged = mergeConfigurations([part("e", "PATH=/\nGOPROXY=direct\nGOSUMDB=\n", "environment"), ...files]);
    expect(merged.variables.get("GOPROXY")?.source).toBe("e");
    expect(merged.variables.get("GOSUMDB")?.origin).toBe("user-file");
  });

  it("knows no GOROOT/go.env before Go 1.21", () => {
    const merged = mergeConfigurations(files.slice(0, 1), { goVersion: { text: "go1.20", minor: 20 } });
    expect(merged.variables.size).toBe(0);
  });

  it("tells where go env and the environment disagree", () => {
    const merged = configuration(goEnv, "GOPROXY=direct");
    expect(merged.errors).toEqual(["GOPROXY differs between file0 and file1; the latter counts"]);
    expect(merged.variables.get("GOPROXY")?.value).toBe("direct");
  });

  it.each([
    ["GOHOSTOS=darwin", "darwin"],
    ["GOPROXY=direct\nOS=Windows_NT", "windows"],
    ["GOPROXY=direct\nHOME=/Users/a", "darwin"],
    ["GOPROXY=direct\nHOME=/root", "unix"],
    ["GOHOSTOS=plan9", "plan9"],
  ])("knows the platform of %j", (text, platform) => {
    expect(configuration(text).platform).toBe(platform);
  });

  it("takes the version from go env unless it is given", () => {
    expect(configuration("GOVERSION=go1.21.13").goVersion).toEqual({ text: "go1.21.13", minor: 21 });
    const given = { goVersion: { text: "go1.19", minor: 19 } };
    expect(mergeConfigurations([part("e", "GOVERSION=go1.21.13")], given).goVersion?.minor).toBe(19);
  });
});

it.each([
  ["hello", /^file0 names no variable.*go env -json/],
  ["GOPROXY=***\nGOSUMDB=off", /^file0 hides the value of GOPROXY/],
])("says what is wrong with %j", (text, error) => {
  expect(configuration(text).errors).toEqual([expect.stringMatching(error)]);
});

it("reads the log of a command", () => {
  const merged = configuration("# get https://corp.example/secret?go-get=1\n");
  expect(merged.log.requests).toMatchObject([{ kind: "discovery", host: "corp.example", port: 443, source: "file0" }]);
});
