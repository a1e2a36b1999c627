import { expect, it } from "vitest";
import { parseGoVersion, since } from "../../../src/gomod/configuration/go-version.ts";

it.each([
  ["go1.21.13", 21],
  ["1.21", 21],
  ["go1.27rc1", 27],
  ["go version go1.26.8 linux/amd64", 26],
  ["devel go1.28-4ab1c2d Mon Nov 23", 28],
  ["go1.26.8\ntime 2026-08-28T16:20:06Z", 26],
  ["go1.22.1 X:boringcrypto", 22],
])("reads %j", (text, minor) => {
  expect(parseGoVersion(text)?.minor).toBe(minor);
});

it.each(["", "1", "2.0", "latest"])("takes %j for no version", (text) => {
  expect(parseGoVersion(text)).toBeUndefined();
});

it("takes an unknown version for the newest", () => {
  expect([since(27, undefined), since(21, parseGoVersion("1.20")), since(21, parseGoVersion("1.21"))]).toEqual([
    true,
    false,
    true,
  ]);
});
