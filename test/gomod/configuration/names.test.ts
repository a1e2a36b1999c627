import { expect, it } from "vitest";
import { isKept, meantVariable } from "../../../src/gomod/configuration/names.ts";

it.each([
  ["GONOSUMCHECK", "GONOSUMDB"],
  ["GO_PROXY", "GOPROXY"],
  ["goproxy", "GOPROXY"],
  ["HTTPSPROXY", "HTTPS_PROXY"],
  ["Https_Proxy", "HTTPS_PROXY"],
  ["GOPROXIES", "GOPROXY"],
])("knows what %s was meant to be", (name, meant) => {
  expect(meantVariable(name)).toBe(meant);
});

it.each(["GOPROXY", "https_proxy", "GOCACHE", "PATH", "GOOGLE_API_KEY", "FTP_PROXY", "constructor", "__proto__"])(
  "leaves %s alone",
  (name) => {
    expect(meantVariable(name)).toBeUndefined();
  },
);

it("keeps no secret of an environment", () => {
  expect(["AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "GOOGLE_API_KEY"].some(isKept)).toBe(false);
});
