import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderLineChanges } from "../../src/report/line-changes.ts";

function changes(before: string | undefined, after: string): string[] {
  const [, ...lines] = renderLineChanges({ path: "f", ...(before !== undefined && { before }), after });
  return lines.map((line) => line.trimEnd());
}

describe("renderLineChanges", () => {
  it.each<[string, string, string[]]>([
    ["a\nb\nc", "a\nb\nc", []],
    ["a\nb\nc", "a\nx\nc", ["- b", "+ x"]],
    ["a\nb\nc", "a\nc", ["- b"]],
    ["a\nc", "a\nb\nc", ["+ b"]],
    ["a\nb\nc\nd\ne", "a\nc\nx\nd\ny\ne", ["- b", "+ x", "+ y"]],
  ])("%j to %j", (before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  it("shows a new file whole, and nothing that acts on a terminal", () => {
    expect([...renderLineChanges({ path: "f\x1b[2J", after: "a\x07" })].join("")).toBe("f\\x1b[2J:\n- \n+ a\\x07\n");
  });

  it("leaves as many lines as there were, less those that went, with those that came", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, text, (was, is) => {
        const told = changes(was.join("\n"), is.join("\n"));
        const count = (mark: string): number => told.filter((line) => line.startsWith(mark)).length;
        expect(was.length - count("-") + count("+")).toBe(is.length);
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});
