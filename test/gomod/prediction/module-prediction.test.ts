import { expect, it } from "vitest";
import { predictModule } from "../../../src/gomod/prediction/module-prediction.ts";
import { processWith } from "../../build/configuration.ts";

it.each<[variables: string[], path: string, entries: string, direct: string, asked: boolean, origin: string]>([
  [[], "example.org/foo", "proxy direct", "after-proxies", true, "example.org by discovery"],
  [["GOPROXY=https://p.example"], "github.com/a/b", "proxy", "never", true, "github.com by table"],
  [["GOPROXY=direct"], "corp.example/x.git/y", "direct", "at-once", true, "corp.example by table"],
  [["GOPRIVATE=*.corp.example"], "git.corp.example/x", "direct", "at-once", false, "git.corp.example by discovery"],
  [["GOPRIVATE=corp.example,corp2.example"], "corp.example", "direct", "at-once", false, "corp.example by discovery"],
  [["GONOSUMDB=a.example/*"], "a.example/b/c", "proxy direct", "after-proxies", false, "a.example by discovery"],
  [["GONOSUMDB=a.example/*"], "a.example", "proxy direct", "after-proxies", true, "a.example by discovery"],
  [["GOSUMDB=on"], "a.example", "proxy direct", "after-proxies", false, "a.example by discovery"],
  [["GONOSUMDB=*"], "golang.org/toolchain", "proxy direct", "after-proxies", true, "golang.org by discovery"],
  [["GOPROXY=file:///m"], "golang.org/toolchain", "file", "never", false, "golang.org by discovery"],
])("%j, %s", (variables, path, entries, direct, asked, origin) => {
  const module = predictModule(processWith(...variables), path);
  expect({
    entries: module.entries.map(({ kind }) => kind).join(" "),
    direct: module.direct,
    asked: module.checksums.asked,
    origin: `${module.origin?.host} by ${module.origin?.by}`,
  }).toEqual({ entries, direct, asked, origin });
});

it("names the glob and the variable that it stands in", () => {
  const configuration = processWith("GOPRIVATE=a.example,b.example", "GOINSECURE=*.example");
  expect(predictModule(configuration, "b.example/m")).toMatchObject({
    exempt: { variable: "GOPRIVATE", glob: "b.example" },
    insecure: { variable: "GOINSECURE", glob: "*.example" },
    checksums: { because: "b.example in GOPRIVATE covers b.example/m" },
  });
  expect(predictModule(processWith(), "std")).not.toHaveProperty("origin");
});
