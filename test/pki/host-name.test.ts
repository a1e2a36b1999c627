import { describe, expect, it } from "vitest";
import { isDomainName, matchesHost } from "../../src/pki/host-name.ts";

/** Rows of Go's verify_test.go and x509_test.go, and some of our own. */
const matches: readonly [pattern: string, host: string, fits: boolean][] = [
  ["a.b.c", "a.b.c", true],
  ["a.b.c", "b.b.c", false],
  ["", "b.b.c", false],
  ["a.b.c", "", false],
  ["example.com", "example.com", true],
  ["example.com", "example.com.", true],
  ["example.com", "www.example.com", false],
  ["*.example.com", "example.com", false],
  ["*.example.com", "www.example.com", true],
  ["*.example.com", "www.example.com.", true],
  ["*.example.com", "xyz.www.example.com", false],
  ["*.example.com", "WWW.Example.COM", true],
  ["*.*.com", "www.example.com", false],
  ["*.www.*.com", "a.www.b.com", false],
  ["*bar.foo", "bbar.foo", false],
  ["f*.foo", "ff.foo", false],
  ["*", "com", false],
  ["example.com.", "example.com", false],
  ["_svc.example", "_svc.example", true],
  ["a-.example", "a-.example", true],
  ["not a host", "NOT A HOST", true],
  ["xn--bcher-kva.example", "xn--bcher-kva.example", true],
  ["*.xn--bcher-kva.example", "a.xn--bcher-kva.example", true],
  ["\u212aelvin.example", "kelvin.example", false],
  ["192.0.2.7", "192.0.2.7", false],
];

describe("matching a certificate's names with a host", () => {
  it.each(matches)("%j and %j: %j", (pattern, host, fits) => {
    expect(matchesHost({ dnsNames: [pattern], ipAddresses: [] }, host)).toBe(fits);
  });

  it.each([
    ["192.0.2.7", true],
    ["[192.0.2.7]", true],
    ["::ffff:192.0.2.7", true],
    ["192.0.2.8", false],
  ])("takes addresses by IP names only: %s", (host, fits) => {
    expect(matchesHost({ dnsNames: [host], ipAddresses: [Uint8Array.of(192, 0, 2, 7)] }, host)).toBe(fits);
  });
});

describe("domains in certificates", () => {
  it.each([
    ["", false, true],
    ["a.example", false, true],
    [".example", false, false],
    [".example", true, true],
    ["example.", true, false],
    ["a..example", true, false],
    ["a b.example", false, false],
    [".", true, false],
  ])("%j, as a constraint %j: %j", (domain, constraint, valid) => {
    expect(isDomainName(domain, constraint)).toBe(valid);
  });
});
