import { describe, expect, it } from "vitest";
import type { ConfigurationFacts, Origin } from "../../../src/gomod/configuration/configuration.ts";
import { resolveVariable, resolveVariables, valueOf } from "../../../src/gomod/configuration/resolution.ts";
import { configurationOf, processWith } from "../../build/configuration.ts";

const shipped = "GOPROXY=https://proxy.golang.org,direct\nGOSUMDB=sum.golang.org\n";
const old: ConfigurationFacts = { goVersion: { text: "go1.20", minor: 20 } };

/** Each row: what the real go prints for the variable, and where it comes from. */
describe("which source wins", () => {
  const rows: [
    what: string,
    texts: Partial<Record<Origin, string>>,
    name: string,
    value: string,
    origin: string,
    shadowed: string[],
    facts?: ConfigurationFacts,
  ][] = [
    [
      "the environment",
      { environment: "GOPROXY=a", "user-file": "GOPROXY=b", "goroot-file": shipped },
      "GOPROXY",
      "a",
      "environment",
      ["user-file", "goroot-file"],
    ],
    [
      "not an empty environment",
      { environment: "GOPROXY=", "user-file": "GOPROXY=b" },
      "GOPROXY",
      "b",
      "user-file",
      [],
    ],
    ["GOROOT/go.env", { environment: "", "goroot-file": "GOSUMDB=off" }, "GOSUMDB", "off", "goroot-file", []],
    ["nothing: what go.env ships", { environment: "A=b" }, "GOSUMDB", "sum.golang.org", "default", []],
    ["a go.env without it", { "goroot-file": "GOSUMDB=off" }, "GOPROXY", "", "default", []],
    [
      "an empty line of the user's file hides go.env",
      { "user-file": "GOPROXY=", "goroot-file": shipped },
      "GOPROXY",
      "",
      "default",
      ["goroot-file"],
    ],
    [
      "and before 1.21 what is compiled in",
      { "user-file": "GOPROXY=", "goroot-file": "GOPROXY=x" },
      "GOPROXY",
      "https://proxy.golang.org,direct",
      "default",
      [],
      old,
    ],
    ["no GOTOOLCHAIN before 1.21", { environment: "A=b" }, "GOTOOLCHAIN", "", "default", [], old],
    ["GOPRIVATE for GONOPROXY", { "user-file": "GOPRIVATE=c.example" }, "GONOPROXY", "c.example", "default", []],
    ["netrc from 1.24 on", { environment: "A=b" }, "GOAUTH", "netrc", "default", []],
    ["no GOAUTH before", { environment: "A=b" }, "GOAUTH", "", "default", [], old],
    ["the default path of the user's file", { environment: "HOME=/h" }, "GOENV", "/h/.config/go/env", "default", []],
    [
      "what go env printed",
      { "go-env": '{"GOPROXY":"p"}', "user-file": "GOPROXY=u" },
      "GOPROXY",
      "p",
      "go-env",
      ["user-file"],
    ],
  ];
  it.each(rows)("%s", (_, texts, name, value, origin, shadowed, facts) => {
    const resolved = resolveVariable(configurationOf(texts, facts), name);
    expect({ ...resolved, shadowed: resolved.shadowed.map((each) => each.origin) }).toMatchObject({
      value,
      origin,
      shadowed,
    });
  });
});

it("tells settings that nothing reads from those that are overridden", () => {
  const configuration = configurationOf({
    environment: "HTTPS_PROXY=http://a",
    "user-file": "HTTPS_PROXY=http://b\nGODEBUG=x\n",
  });
  const https = resolveVariable(configuration, "HTTPS_PROXY");
  expect([https.value, https.shadowed.length, https.unread.map(({ value }) => value)]).toEqual([
    "http://a",
    0,
    ["http://b"],
  ]);
  expect(resolveVariable(configuration, "GODEBUG")).toMatchObject({ value: "", unread: [{ value: "x" }] });
});

it("lists what is set, and the five that everybody asks for", () => {
  const names = resolveVariables(processWith("GOFLAGS=-mod=mod")).map(({ name }) => name);
  expect(names).toEqual([
    "GOPROXY",
    "GOSUMDB",
    "GOPRIVATE",
    "GOAUTH",
    "GOTOOLCHAIN",
    "GOFLAGS",
    "GOENV",
    "HTTPS_PROXY",
    "NO_PROXY",
  ]);
});

it.each<[texts: Partial<Record<Origin, string>>, name: string, assumed: boolean]>([
  [{ environment: "HOME=/h" }, "GOPROXY", true],
  [{ environment: "HOME=/h", "user-file": "" }, "GOPROXY", true],
  [{ environment: "HOME=/h", "user-file": "" }, "GOPRIVATE", false],
  [{ environment: "PATH=/b" }, "GOPRIVATE", false],
  [{ environment: "HOME=/h", "user-file": "", "goroot-file": "A=b" }, "GOPROXY", false],
  [{ "go-env": "{}" }, "GOPRIVATE", false],
  [{ "go-env": "{}" }, "HTTPS_PROXY", true],
  [{ "user-file": "GOPROXY=x" }, "GOPROXY", false],
])("with %j, whether %s is assumed: %s", (texts, name, assumed) => {
  expect(resolveVariable(configurationOf(texts), name).assumed).toBe(assumed);
});

it("gives the value that counts", () => {
  expect(valueOf(processWith(), "GOSUMDB")).toBe("sum.golang.org");
});
