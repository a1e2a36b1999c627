import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGlobs, matchesPath } from "../../src/gomod/path-match.ts";

describe("path.Match", () => {
  /* Rows of Go's own path/match_test.go. */
  const rows: [pattern: string, name: string, matches: boolean][] = [
    ["abc", "abc", true],
    ["*", "abc", true],
    ["*c", "abc", true],
    ["a*", "a", true],
    ["a*", "abc", true],
    ["a*", "ab/c", false],
    ["a*/b", "abc/b", true],
    ["a*/b", "a/c/b", false],
    ["a*b*c*d*e*/f", "axbxcxdxe/f", true],
    ["a*b*c*d*e*/f", "axbxcxdxexxx/f", true],
    ["a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false],
    ["a*b*c*d*e*/f", "axbxcxdxexxx/fff", false],
    ["a*b?c*x", "abxbbxdbxebxczzx", true],
    ["a*b?c*x", "abxbbxdbxebxczzy", false],
    ["ab[c]", "abc", true],
    ["ab[b-d]", "abc", true],
    ["ab[e-g]", "abc", false],
    ["ab[^c]", "abc", false],
    ["ab[^b-d]", "abc", false],
    ["ab[^e-g]", "abc", true],
    ["a\\*b", "a*b", true],
    ["a\\*b", "ab", false],
    ["a?b", "a☺b", true],
    ["a[^a]b", "a☺b", true],
    ["a???b", "a☺b", false],
    ["[a-ζ]*", "α", true],
    ["*[a-ζ]", "A", false],
    ["a?b", "a/b", false],
    ["a*b", "a/b", false],
    ["[\\]a]", "]", true],
    ["[\\-]", "-", true],
    ["[x\\-]", "x", true],
    ["[x\\-]", "z", false],
    ["[\\-x]", "-", true],
    ["[]a]", "]", false],
    ["[-]", "-", false],
    ["[x-]", "x", false],
    ["[-x]", "x", false],
    ["\\", "a", false],
    ["[a-b-c]", "a", false],
    ["[", "a", false],
    ["[^", "a", false],
    ["[^bc", "a", false],
    ["a[", "a", false],
    ["a[", "ab", false],
    ["*x", "xxx", true],
    ["", "", true],
    ["", "x", false],
  ];
  it.each(rows)("%s on %s: %s", (pattern, name, matches) => {
    expect(matchesPath(pattern, name)).toBe(matches);
  });

  it("agrees with the definition", () => {
    const naive = (pattern: string, name: string): boolean => {
      if (pattern === "") return name === "";
      if (pattern[0] !== "*") {
        const fits = name !== "" && (pattern[0] === "?" ? name[0] !== "/" : pattern[0] === name[0]);
        return fits && naive(pattern.slice(1), name.slice(1));
      }
      for (let end = 0; end <= name.length; end++) {
        if (naive(pattern.slice(1), name.slice(end))) return true;
        if (name[end] === "/") return false;
      }
      return false;
    };
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "?"), maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 8 });
    fc.assert(
      fc.property(pattern, name, (glob, text) => {
        expect(matchesPath(glob, text)).toBe(naive(glob, text));
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it("does not take exponential time", () => {
    expect(matchesPath(`${"a*".repeat(200)}b`, "a".repeat(2000))).toBe(false);
  });
});

describe("module.MatchPrefixPatterns", () => {
  const rows: [globs: string, path: string, matches: boolean][] = [
    ["", "rsc.io/quote", false],
    ["/", "rsc.io/quote", false],
    ["*/quote", "rsc.io/quote", true],
    ["*/quo", "rsc.io/quote", false],
    ["*/quo??", "rsc.io/quote", true],
    ["*/quo*", "rsc.io/quote", true],
    ["*quo*", "rsc.io/quote", false],
    ["rsc.io", "rsc.io/quote", true],
    ["*.io", "rsc.io/quote", true],
    ["rsc.io/", "rsc.io/quote", true],
    ["rsc", "rsc.io/quote", false],
    ["rsc*", "rsc.io/quote", true],
    ["rsc.io", "rsc.io/quote/v3", true],
    ["*/quote", "rsc.io/quote/v3", true],
    ["*/quote/", "rsc.io/quote/v3", true],
    ["*/quote/*", "rsc.io/quote/v3", true],
    ["*/quote/*/", "rsc.io/quote/v3", true],
    ["*/v3", "rsc.io/quote/v3", false],
    ["*/*/v3", "rsc.io/quote/v3", true],
    ["*/*/*", "rsc.io/quote", false],
    ["*/*/*,,", "rsc.io/quote", false],
    ["*/*/*,,*/quote", "rsc.io/quote", true],
    [",,*/quote", "rsc.io/quote", true],
    ["[,rsc.io", "rsc.io/quote", true],
    ["a.com, rsc.io", "rsc.io/quote", false],
    ["*.corp.example.com", "git.corp.example.com/x", true],
    ["corp.example.com/*", "corp.example.com", false],
  ];
  it.each(rows)("%s on %s: %s", (globs, path, matches) => {
    expect(matchesGlobs(globs, path)).toBe(matches);
  });
});
