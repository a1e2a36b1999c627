import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { hash1, modHash } from "../../../src/gomod/checksum/dirhash.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

it("is Go's hash of an empty list, and of an empty go.mod file, which it knows by heart", () => {
  expect(hash1([])).toBe("h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  expect(modHash(sha256(""))).toBe("h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=");
});

it("is that of go.sum for github.com/google/uuid v1.6.0/go.mod", () => {
  expect(modHash(sha256("module github.com/google/uuid\n"))).toBe("h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=");
});

it("is the same in whatever order the files come", () => {
  const files = ["b", "a", "A", "\xc3\xbc"].map((name) => ({ name, sha256: sha256(name) }));
  expect(hash1(files.toReversed())).toBe(hash1(files));
});

it("is not for names with a line feed", () => {
  expect(hash1([{ name: "a\nb", sha256: sha256("") }])).toBeUndefined();
});
