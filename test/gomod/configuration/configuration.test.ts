import { describe, expect, it } from "vitest";
import {
  mergeConfigurations,
  parseConfigurationText,
  prescribedProxy,
} from "../../../src/gomod/configuration/configuration.ts";
import type { GoConfiguration } from "../../../src/gomod/configuration/configuration.ts";

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
  expect(prescribedProxy(merged, "https", "proxy.golang.org", 443)?.host).toBe("proxy.corp.example");
  expect(prescribedProxy(merged, "https", "sum.golang.org", 443)).toBeUndefined();
  expect(prescribedProxy(merged, "http", "proxy.golang.org", 80)).toBeUndefined();
});

describe("merging", () => {
  it("lets the later file win and says so, but nothing never replaces something", () => {
    const merged = configuration("GOPROXY=https://a.example", "GOPROXY=https://b.example", "GOPROXY=\nGOSUMDB=off");
    expect(merged.variables.get("GOPROXY")).toEqual({ value: "https://b.example", source: "file1" });
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
      noProxy: "",
      noProxyGlobs: "",
      noSumGlobs: "",
      log: { requests: [], answers: [], added: [], errors: [] },
      errors: [],
    });
  });
});

describe("mistakes", () => {
  const rows: [what: string, text: string, error: RegExp][] = [
    [
      "proxy variables that go env prints",
      "GOOS='linux'\nHTTPS_PROXY='http://p:1'",
      /^file0 has HTTPS_PROXY among go's own settings.*`env`$/,
    ],
    ["values that go refuses", "GOPROXY=on", /GOPROXY entry on is refused/],
    ["a database that go does not know", "GOSUMDB=on", /GOSUMDB is refused/],
    ["other texts", "hello", /^file0 names no variable.*go env -json/],
  ];
  it.each(rows)("%s", (_, text, error) => {
    expect(configuration(text).errors).toEqual([expect.stringMatching(error)]);
  });

  it("never quote credentials", () => {
    const merged = configuration(
      "GOPROXY=http://user:secret@a.example,socks5://user:secret@b,user:secret@\nHTTPS_PROXY=http://user:secret@p",
      "HTTPS_PROXY=http://user:secret2@p",
    );
    expect(merged.errors.length).toBe(4);
    expect(merged.errors.join()).not.toContain("secret");
  });
});

it("reads the log of a command", () => {
  const merged = configuration("# get https://corp.example/secret?go-get=1\n");
  expect(merged.log.requests).toMatchObject([{ kind: "discovery", host: "corp.example", port: 443, source: "file0" }]);
});
