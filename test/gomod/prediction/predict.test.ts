import { describe, expect, it } from "vitest";
import type { Expectation } from "../../../src/gomod/prediction/model.ts";
import { predict } from "../../../src/gomod/prediction/predict.ts";
import { configurationOf, processWith, verifierKey } from "../../build/configuration.ts";

/** `must module-proxy proxy.golang.org` and the like, in the order given. */
function lines(variables: readonly string[], ...modules: readonly string[]): string[] {
  return predict(processWith(...variables), { modules }).expectations.map(line);
}

function line({ presence, role, host, route }: Expectation): string {
  const way = route === undefined || route.kind === "direct" ? "" : ` by ${route.proxy?.shown ?? route.kind}`;
  return `${presence} ${role}${host === undefined ? "" : ` ${host}`}${way}`;
}

const foo = "example.org/foo";

/** The decision table: what each configuration shows, all of it. */
describe("what a capture must, may and must not show", () => {
  const rows: [what: string, variables: string[], modules: string[], shown: string[]][] = [
    [
      "defaults",
      [],
      [foo],
      [
        "must module-proxy proxy.golang.org",
        "may module-proxy",
        "may sumdb sum.golang.org",
        "must-not sumdb",
        "may discovery example.org",
        "may discovery",
        "may vcs",
        "may toolchain",
        "may storage",
      ],
    ],
    [
      "GOPROXY=direct, which does not turn off the checksum database",
      ["GOPROXY=direct", "GOTOOLCHAIN=local"],
      [foo],
      [
        "may module-proxy",
        "must sumdb sum.golang.org",
        "must-not sumdb",
        "must discovery example.org",
        "may discovery",
        "may vcs",
        "must-not toolchain",
        "must-not storage",
      ],
    ],
    [
      "GOPROXY=direct for a host that the command knows",
      ["GOPROXY=direct", "GOSUMDB=off", "GOTOOLCHAIN=local"],
      ["github.com/a/b"],
      [
        "may module-proxy",
        "must-not sumdb",
        "must vcs github.com",
        "must-not discovery",
        "may vcs",
        "must-not toolchain",
        "must-not storage",
      ],
    ],
    [
      "GOPROXY=off, where cached modules may be looked up",
      ["GOPROXY=off"],
      [foo],
      [
        "must-not module-proxy",
        "may sumdb sum.golang.org",
        "must-not sumdb",
        "must-not discovery",
        "must-not vcs",
        "must-not toolchain",
        "must-not storage",
      ],
    ],
    [
      "GOSUMDB=off with a proxy alone",
      ["GOSUMDB=off", "GOPROXY=https://p.example", "GOTOOLCHAIN=local"],
      [],
      [
        "must module-proxy p.example",
        "must-not module-proxy",
        "must-not sumdb",
        "must-not discovery",
        "must-not vcs",
        "must-not toolchain",
        "may storage",
      ],
    ],
    [
      "a database with a URL: no proxy is asked for it",
      [`GOSUMDB=${verifierKey} https://db.example:8443`, "GOPROXY=https://p.example,https://q.example"],
      [foo],
      [
        "must module-proxy p.example",
        "may module-proxy q.example",
        "must-not module-proxy",
        "must sumdb db.example",
        "must-not sumdb",
        "must-not discovery",
        "must-not vcs",
        "must-not toolchain",
        "may storage",
      ],
    ],
    [
      "GOPRIVATE covers the module, whatever GOPROXY is",
      ["GOPRIVATE=example.org", "GOPROXY=off", "GOTOOLCHAIN=local"],
      [foo],
      [
        "may module-proxy",
        "must-not sumdb sum.golang.org",
        "must-not sumdb",
        "must discovery example.org",
        "may discovery",
        "may vcs",
        "must-not toolchain",
        "must-not storage",
      ],
    ],
    [
      "GONOPROXY alone: the proxy is still asked whether it serves the database",
      ["GONOPROXY=example.org", "GOTOOLCHAIN=local"],
      [foo],
      [
        "must module-proxy proxy.golang.org",
        "may module-proxy",
        "may sumdb sum.golang.org",
        "must-not sumdb",
        "must discovery example.org",
        "may discovery",
        "may vcs",
        "must-not toolchain",
        "must-not storage",
      ],
    ],
    [
      "GOPRIVATE with GONOPROXY=none: the proxy without the database",
      ["GOPRIVATE=example.org", "GONOPROXY=none", "GOPROXY=https://p.example", "GOTOOLCHAIN=local"],
      [foo],
      [
        "must module-proxy p.example",
        "must-not module-proxy",
        "must-not sumdb sum.golang.org",
        "must-not sumdb",
        "must-not discovery",
        "must-not vcs",
        "must-not toolchain",
        "may storage",
      ],
    ],
    [
      "HTTPS_PROXY with NO_PROXY: each host its own way",
      ["HTTPS_PROXY=http://u:p@x.example:3128", "NO_PROXY=sum.golang.org", "GOPROXY=https://p.example"],
      [foo],
      [
        "must module-proxy p.example by http://***@x.example:3128",
        "must-not module-proxy",
        "may sumdb sum.golang.org",
        "must-not sumdb",
        "must-not discovery",
        "must-not vcs",
        "must-not toolchain",
        "may storage",
      ],
    ],
    [
      "ALL_PROXY: Go direct, git through it",
      ["ALL_PROXY=socks5://x.example", "GOPROXY=direct", "GOSUMDB=off", "GOTOOLCHAIN=local"],
      ["github.com/a/b", foo],
      [
        "may module-proxy",
        "must-not sumdb",
        "must vcs github.com by socks5://x.example",
        "must discovery example.org",
        "may discovery",
        "may vcs",
        "must-not toolchain",
        "must-not storage",
      ],
    ],
    [
      "nothing known of the modules but that some are exempt",
      ["GOPRIVATE=corp.example", "GOPROXY=https://p.example"],
      [],
      [
        "may module-proxy p.example",
        "may module-proxy",
        "may sumdb sum.golang.org",
        "must-not sumdb",
        "may discovery",
        "may vcs",
        "must-not toolchain",
        "may storage",
      ],
    ],
  ];
  it.each(rows)("%s", (_, variables, modules, shown) => {
    expect(lines(variables, ...modules)).toEqual(shown);
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
  expect(predict(old).expectations.map(line)).toContain("must-not toolchain");
  expect(predict(old).expectations.map(line)).toContain("must module-proxy proxy.golang.org");
});

it("says which values it had to assume", () => {
  expect(predict(processWith()).assumed).toEqual([]);
  expect(predict(configurationOf({ "go-env": '{"GOPROXY":"direct"}' })).assumed).toEqual(["HTTPS_PROXY"]);
  expect(predict(configurationOf({ environment: "GOPROXY=direct" })).assumed).toEqual(["GOSUMDB", "GOTOOLCHAIN"]);
});
