import { describe, expect, it } from "vitest";
import { isAddress, parseAuthority } from "../../src/flow/authority.ts";

describe("parseAuthority", () => {
  it.each([
    ["a.example", "a.example", 80],
    ["A.example:443", "a.example", 443],
    ["[2001:db8::1]:8443", "2001:db8::1", 8443],
    ["[::1]", "::1", 80],
    ["a:99999", "a", 80],
    ["a:b:c", "a:b:c", 80],
    ["", "", 80],
  ])("splits %s", (authority, host, port) => {
    expect(parseAuthority(authority, 80)).toEqual({ host, port });
  });
});

describe("isAddress", () => {
  it.each([
    ["192.0.2.1", true],
    ["2001:db8::1", true],
    ["a.example", false],
    ["1.2.3", false],
  ])("%s: %s", (host, is) => {
    expect(isAddress(host)).toBe(is);
  });
});
