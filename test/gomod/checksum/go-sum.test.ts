import { describe, expect, it } from "vitest";
import { addGoSum, goSumKey, type GoSumHash } from "../../../src/gomod/checksum/go-sum.ts";

describe("go.sum", () => {
  it("has hashes by module, version and kind, with their lines", () => {
    const { sums, wrong } = read(
      "a.example/b v1.0.0 h1:x=\n\na.example/b v1.0.0/go.mod h1:y=\r\na.example/b v1.0.0 h1:z=\n",
    );
    expect(wrong).toBeUndefined();
    expect(sums.get(goSumKey("a.example/b", "v1.0.0", "zip"))).toEqual([
      { source: "go.sum", line: 1, h1: "h1:x=" },
      { source: "go.sum", line: 4, h1: "h1:z=" },
    ]);
    expect(sums.get(goSumKey("a.example/b", "v1.0.0", "mod"))).toEqual([{ source: "go.sum", line: 3, h1: "h1:y=" }]);
  });

  it("has no hashes of other algorithms, and not the one of an empty go.mod", () => {
    const empty = "h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=";
    expect(read(`a.example/b v1.0.0 h2:x=\na.example/b v1.0.0/go.mod ${empty}\n`).sums.size).toBe(0);
  });

  it("says which line is the first that is none, and goes on", () => {
    const { sums, wrong } = read("<<<<<<< HEAD\na.example/b v1.0.0 h1:x=\n=======\n");
    expect(wrong).toBe("go.sum:1: wrong number of fields 2");
    expect(sums.size).toBe(1);
  });
});

function read(text: string): { sums: Map<string, GoSumHash[]>; wrong: string | undefined } {
  const sums = new Map<string, GoSumHash[]>();
  const wrong = addGoSum(sums, "go.sum", text);
  return { sums, wrong };
}
