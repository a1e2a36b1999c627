import { describe, expect, it } from "vitest";
import type { Expectation } from "../../../src/gomod/prediction/model.ts";
import { predict } from "../../../src/gomod/prediction/predict.ts";
import { configurationOf, processWith, verifierKey } from "../../build/configuration.ts";

/** `module-proxy proxy.golang.org by PROXY` and the like, in the order given. */
function shown(expectations: readonly Expectation[], wanted: Expectation["presence"]): string {
  return expectations
    .filter(({ presence }) => presence === wanted)
    .map(({ role, host, route }) => {
      const way = route === undefined || route.kind === "direct" ? "" : ` by ${route.proxy?.shown ?? route.kind}`;
      return `${role}${host === undefined ? "" : ` ${host}`}${way}`;
    })
    .join(", ");
}

const foo = "example.org/foo";

/**
 * The decision table: what a capture of a run with empty caches and a go.sum without the module must, may and must not
 * show. A role without a host is every other host of that role.
 */
describe("what a capture must, may and must not show", () => {
  const rows: [what: string, variables: string[], modules: string[], must: string, may: string, mustNot: string][] = [
    [
      "defaults",
      [],
      [foo],
      "module-proxy proxy.golang.org",
      "module-proxy, sumdb sum.golang.org, discovery example.org, discovery, vcs, toolchain, storage",
      "sumdb",
    ],
    [
      "GOPROXY=off, where cached modules may be looked up",
      ["GOPROXY=off"],
      [foo],
      "",
      "sumdb sum.golang.org",
      "module-proxy, sumdb, discovery, vcs, toolchain, storage",
    ],
    [
      "GOPROXY=direct, which does not turn off the checksum database",
      ["GOPROXY=direct", "GOTOOLCHAIN=local"],
      [foo],
      "sumdb sum.golang.org, discovery example.org",
      "module-proxy, discovery, vcs",
      "sumdb, toolchain, storage",
    ],
    [
      "GOPROXY=direct for a host that the command knows",
      ["GOPROXY=direct", "GOSUMDB=off", "GOTOOLCHAIN=local"],
      ["github.com/a/b"],
      "vcs github.com",
      "module-proxy, vcs",
      "sumdb, discovery, toolchain, storage",
    ],
    [
      "GOPROXY=direct GOSUMDB=off",
      ["GOPROXY=direct", "GOSUMDB=off", "GOTOOLCHAIN=local"],
      [foo],
      "discovery example.org",
      "module-proxy, discovery, vcs",
      "sumdb, toolchain, storage",
    ],
    [
      "GOSUMDB=off",
      ["GOSUMDB=off"],
      [foo],
      "module-proxy proxy.golang.org",
      "module-proxy, discovery example.org, discovery, vcs, toolchain, storage",
      "sumdb",
    ],
    [
      "GOSUMDB=off with a proxy alone",
      ["GOSUMDB=off", "GOPROXY=https://p.example", "GOTOOLCHAIN=local"],
      [],
      "module-proxy p.example",
      "storage",
      "module-proxy, sumdb, discovery, vcs, toolchain",
    ],
    [
      "a proxy of one's own, which may mirror the database or not",
      ["GOPROXY=https://p.example"],
      [foo],
      "module-proxy p.example",
      "sumdb sum.golang.org, storage",
      "module-proxy, sumdb, discovery, vcs, toolchain",
    ],
    [
      "the same before direct, after any error",
      ["GOPROXY=https://p.example|direct"],
      [foo],
      "module-proxy p.example",
      "module-proxy, sumdb sum.golang.org, discovery example.org, discovery, vcs, toolchain, storage",
      "sumdb",
    ],
    [
      "a database with a URL: no proxy is asked for it",
      [`GOSUMDB=${verifierKey} https://db.example:8443`, "GOPROXY=https://p.example,https://q.example"],
      [foo],
      "module-proxy p.example, sumdb db.example",
      "module-proxy q.example, storage",
      "module-proxy, sumdb, discovery, vcs, toolchain",
    ],
    [
      "the mirror of the database in China",
      ["GOSUMDB=sum.golang.google.cn"],
      [foo],
      "module-proxy proxy.golang.org, sumdb sum.golang.google.cn",
      "module-proxy, discovery example.org, discovery, vcs, toolchain, storage",
      "sumdb",
    ],
    [
      "GOPRIVATE covers the module, whatever GOPROXY is",
      ["GOPRIVATE=example.org", "GOPROXY=off", "GOTOOLCHAIN=local"],
      [foo],
      "discovery example.org",
      "module-proxy, discovery, vcs",
      "sumdb sum.golang.org, sumdb, toolchain, storage",
    ],
    [
      "GONOPROXY alone: the proxy is still asked whether it serves the database",
      ["GONOPROXY=example.org", "GOTOOLCHAIN=local"],
      [foo],
      "module-proxy proxy.golang.org, discovery example.org",
      "module-proxy, sumdb sum.golang.org, discovery, vcs",
      "sumdb, toolchain, storage",
    ],
    [
      "GOPRIVATE with GONOPROXY=none: the proxy without the database",
      ["GOPRIVATE=example.org", "GONOPROXY=none", "GOPROXY=https://p.example", "GOTOOLCHAIN=local"],
      [foo],
      "module-proxy p.example",
      "storage",
      "module-proxy, sumdb sum.golang.org, sumdb, discovery, vcs, toolchain",
    ],
    [
      "GONOSUMDB covers the module",
      ["GONOSUMDB=example.org", "GOTOOLCHAIN=local"],
      [foo],
      "module-proxy proxy.golang.org",
      "module-proxy, discovery example.org, discovery, vcs, storage",
      "sumdb sum.golang.org, sumdb, toolchain",
    ],
    [
      "HTTPS_PROXY",
      ["HTTPS_PROXY=http://x.example:3128", "GOPROXY=direct", "GOTOOLCHAIN=local"],
      ["github.com/a/b", foo],
      "sumdb sum.golang.org by http://x.example:3128, vcs github.com by http://x.example:3128, discovery example.org by http://x.example:3128",
      "module-proxy, discovery, vcs",
      "sumdb, toolchain, storage",
    ],
    [
      "HTTPS_PROXY with NO_PROXY: each host its own way",
      ["HTTPS_PROXY=http://u:p@x.example:3128", "NO_PROXY=sum.golang.org", "GOPROXY=https://p.example"],
      [foo],
      "module-proxy p.example by http://***@x.example:3128",
      "sumdb sum.golang.org, storage",
      "module-proxy, sumdb, discovery, vcs, toolchain",
    ],
    [
      "HTTP_PROXY alone: everything direct",
      ["HTTP_PROXY=http://x.example:3128", "GOPROXY=direct", "GOTOOLCHAIN=local"],
      ["github.com/a/b", foo],
      "sumdb sum.golang.org, vcs github.com, discovery example.org",
      "module-proxy, discovery, vcs",
      "sumdb, toolchain, storage",
    ],
    [
      "HTTPS_PROXY over TLS",
      ["HTTPS_PROXY=https://x.example", "GOPROXY=https://p.example"],
      [foo],
      "module-proxy p.example by https://x.example",
      "sumdb sum.golang.org by https://x.example, storage",
      "module-proxy, sumdb, discovery, vcs, toolchain",
    ],
    [
      "HTTPS_PROXY over SOCKS",
      ["HTTPS_PROXY=socks5://x.example", "GOPROXY=direct", "GOTOOLCHAIN=local"],
      ["github.com/a/b", foo],
      "sumdb sum.golang.org by socks5://x.example, vcs github.com by socks5://x.example, discovery example.org by socks5://x.example",
      "module-proxy, discovery, vcs",
      "sumdb, toolchain, storage",
    ],
    [
      "ALL_PROXY: Go direct, git through it",
      ["ALL_PROXY=socks5://x.example", "GOPROXY=direct", "GOSUMDB=off", "GOTOOLCHAIN=local"],
      ["github.com/a/b", foo],
      "vcs github.com by socks5://x.example, discovery example.org",
      "module-proxy, discovery, vcs",
      "sumdb, toolchain, storage",
    ],
    [
      "a newer toolchain",
      ["GOTOOLCHAIN=auto", "GOPRIVATE=example.org"],
      [foo],
      "discovery example.org",
      "module-proxy proxy.golang.org, module-proxy, sumdb sum.golang.org, discovery, vcs, toolchain, storage",
      "sumdb",
    ],
    [
      "a newer toolchain that cannot be checked",
      ["GOTOOLCHAIN=go1.99.0", "GOSUMDB=off", "GOPROXY=https://p.example"],
      [foo],
      "module-proxy p.example",
      "storage",
      "module-proxy, sumdb, discovery, vcs, toolchain",
    ],
    [
      "GOVCS without git",
      ["GOVCS=github.com:hg", "GOPROXY=direct", "GOSUMDB=off", "GOTOOLCHAIN=local"],
      ["github.com/a/b", foo],
      "discovery example.org",
      "module-proxy, discovery, vcs",
      "sumdb, vcs github.com, toolchain, storage",
    ],
    [
      "GOVCS that Go refuses",
      ["GOVCS=git", "GOPROXY=direct", "GOSUMDB=off", "GOTOOLCHAIN=local"],
      ["github.com/a/b"],
      "",
      "module-proxy",
      "sumdb, vcs github.com, discovery, vcs, toolchain, storage",
    ],
    [
      "nothing known of the modules but that some are exempt",
      ["GOPRIVATE=corp.example", "GOPROXY=https://p.example"],
      [],
      "",
      "module-proxy p.example, module-proxy, sumdb sum.golang.org, discovery, vcs, storage",
      "sumdb, toolchain",
    ],
  ];
  it.each(rows)("%s", (_, variables, modules, must, may, mustNot) => {
    const { expectations } = predict(processWith(...variables), { modules });
    expect({
      must: shown(expectations, "must"),
      may: shown(expectations, "may"),
      mustNot: shown(expectations, "must-not"),
    }).toEqual({ must, may, mustNot });
  });

  it.each([
    ["GOPROXY=on", "the go command refuses the entry on of GOPROXY"],
    ["GOPROXY= , ", "GOPROXY has no entries"],
    ["GOTOOLCHAIN=1.21", "the go command refuses GOTOOLCHAIN=1.21"],
  ])("with %s: nothing", (variable, refused) => {
    const prediction = predict(processWith(variable));
    expect(prediction.refused).toBe(refused);
    expect(new Set(prediction.expectations.map(({ presence }) => presence))).toEqual(new Set(["must-not"]));
  });
});

it("is of one mind with a go that has no toolchains to fetch", () => {
  const old = configurationOf({ environment: "HOME=/h" }, { goVersion: { text: "go1.19", minor: 19 } });
  const { expectations } = predict(old);
  expect(shown(expectations, "must-not").split(", ")).toContain("toolchain");
  expect(shown(expectations, "must")).toBe("module-proxy proxy.golang.org");
});

it("says which values it had to assume", () => {
  expect(predict(processWith()).assumed).toEqual([]);
  expect(predict(configurationOf({ "go-env": '{"GOPROXY":"direct"}' })).assumed).toEqual(["HTTPS_PROXY"]);
  expect(predict(configurationOf({ environment: "GOPROXY=direct" })).assumed).toEqual(["GOSUMDB", "GOTOOLCHAIN"]);
});
