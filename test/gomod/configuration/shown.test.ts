import fc from "fast-check";
import { expect, it } from "vitest";
import { shownValue } from "../../../src/gomod/configuration/shown.ts";

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
])("shows %s=%s as %s", (name, value, shown) => {
  expect(shownValue(name, value)).toBe(shown);
});

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
