import { describe, expect, it } from "vitest";
import { matchesGlob, matchesHost } from "../../src/check/glob.ts";

describe("matchesGlob", () => {
  it.each<[string, string, boolean]>([
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["*", "a/b.c", true],
    ["a", "a", true],
    ["a", "A", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["*.golang.org", "sum.golang.org", true],
    ["*.golang.org", "golang.org", false],
    ["*.golang.org", "sum.golang.org.evil.example", false],
    ["a*b*c", "a1b2b3c", true],
    ["a*b*c", "a1c", false],
    ["[a]", "a", false],
    ["a.b", "axb", false],
  ])("%s and %s: %s", (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it("ends on a pattern that would take for ever if every star were tried with every other", () => {
    expect(matchesGlob("*a".repeat(50) + "b", "a".repeat(5000))).toBe(false);
  });
});

describe("matchesHost", () => {
  it.each<[string, string, number, boolean]>([
    ["Sum.Golang.org", "sum.golang.org", 443, true],
    ["sum.golang.org:443", "sum.golang.org", 443, true],
    ["sum.golang.org:443", "sum.golang.org", 8443, false],
    ["*:8080", "proxy.corp.example", 8080, true],
    ["192.0.2.*", "192.0.2.7", 443, true],
    ["[2001:db8::1]:443", "2001:db8::1", 443, true],
    ["2001:db8::*", "2001:db8::1", 443, true],
  ])("%s and %s:%s: %s", (pattern, host, port, expected) => {
    expect(matchesHost([pattern], host, port)).toBe(expected);
  });
});
