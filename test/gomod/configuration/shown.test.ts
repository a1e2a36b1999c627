import fc from "fast-check";
import { expect, it } from "vitest";
import { checkConfiguration } from "../../../src/gomod/configuration/checks/checks.ts";
import { shownName, shownValue } from "../../../src/gomod/configuration/shown.ts";
import { processWith } from "../../build/configuration.ts";

it.each([
  ["GOPROXY", "https://u:p@a.example/x,direct", "https://***@a.example/x,direct"],
  ["GOPROXY", "https://a.example:8443|off", "https://a.example:8443|off"],
  ["GOPROXY", "https://a.example/m?token=x,direct", "https://a.example/m?***,direct"],
  ["GOSUMDB", "sum.golang.org https://u:p@a.example", "sum.golang.org https://***@a.example"],
  ["HTTPS_PROXY", "u:p@h:1", "***@h:1"],
  ["https_proxy", "http://u:a/b@c@h:1", "http://***@h:1"],
  ["ALL_PROXY", "socks5://h:1080", "socks5://h:1080"],
  ["HTTPS_PROXY", "http://[::1]:8080", "http://[::1]:8080"],
  ["GOAUTH", "netrc; git /d; helper --token=x", "netrc; git /d; helper …"],
  ["GOFLAGS", "-mod=mod -ldflags=-X=main.key=x", "-mod=mod -ldflags=…"],
  ["NO_PROXY", "a@b", "a@b"],
  ["NO_PROXY", "https://u:p@a.example, [::1]:80", "https://***@a.example, [::1]:80"],
  ["GOPRIVATE", "u:p@a.example,b.example/c@v1", "***@a.example,b.example/c@v1"],
  ["GOVCS", "public:git|hg,https://u:p@a.example:all", "public:git|hg,https://***@a.example:all"],
  ["GOTOOLCHAIN", "https://u:p@a.example", "https://***@a.example"],
  ["GOFLAGS", "-x=https://u:p@a.example", "-x=https://***@a.example"],
])("shows %s=%s as %s", (name, value, shown) => {
  expect(shownValue(name, value)).toBe(shown);
});

it("names a setting of git without the password in it", () => {
  expect(shownName("http.https://u:p@a.example/.proxy")).toBe("http.https://***@a.example/.proxy");
  expect(shownName("http.proxy")).toBe("http.proxy");
});

it.each(["GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE", "NO_PROXY", "GOTOOLCHAIN", "GOVCS"])(
  "warns of %s without the password in it",
  (name) => {
    for (const value of ["https://u:SECRET@a.example", "u:SECRET@a.example"]) {
      const warnings = checkConfiguration(processWith(`${name}=${value}`));
      expect(JSON.stringify([...warnings])).not.toContain("SECRET");
    }
  },
);

it("shows no password, however odd", () => {
  const part = fc.string({ unit: fc.constantFrom(...Array.from("abc/:%;, |\"'")), maxLength: 6 });
  fc.assert(
    fc.property(part, part, (before, after) => {
      const password = `${before}SECRET${after}`;
      expect(shownValue("HTTPS_PROXY", `http://user:${password}@h:1`)).not.toContain("SECRET");
    }),
    { seed: 11, numRuns: 300 },
  );
});
