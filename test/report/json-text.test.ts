import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../../src/limits.ts";
import { counts, sentCertificate, value, type AnyShape } from "../../src/flow/json-shape.ts";
import { jsonWriter } from "../../src/report/json-text.ts";
import { visibleJson } from "../../src/report/sanitize.ts";
import { certificate } from "../build/analysis.ts";

const shape: AnyShape = { a: value, b: { c: value, d: counts }, e: { f: value } };

describe("jsonWriter", () => {
  it.each<[string, unknown, unknown]>([
    [
      "keys in the order of the shape",
      { e: { f: 1 }, b: { c: true }, a: "x" },
      { a: "x", b: { c: true }, e: { f: 1 } },
    ],
    ["no key that is not in the shape", { a: 1, z: 2, b: { y: 3 } }, { a: 1, b: {} }],
    ["nothing that is undefined", { a: undefined, b: { c: null } }, { b: { c: null } }],
    ["lists of scalars, of objects and of nothing", { a: [1, "x"], b: [{ c: [] }, {}] }, undefined],
    ["counts in alphabetical order", { b: { d: { z: 1, b: 2, a: 3 } } }, { b: { d: { a: 3, b: 2, z: 1 } } }],
    ["empty counts", { b: { d: {} } }, undefined],
    ["no number that JSON lacks", { a: [NaN, Infinity, -0, 1e21, 0.1] }, { a: [null, null, 0, 1e21, 0.1] }],
    ["what needs escapes", { a: '"\\\n\t\u0000\ud800 é \u202e', e: { f: "\u2028" } }, undefined],
    ["nothing", {}, undefined],
  ])("writes %s as JSON.stringify does", (_what, source, expected = source) => {
    expect(jsonWriter(shape)(source)).toBe(visibleJson(JSON.stringify(expected)));
    expect(jsonWriter(shape, "")(source)).toBe(visibleJson(JSON.stringify(expected, undefined, 2)));
  });

  it("indents from where it is told", () => {
    expect(jsonWriter(shape, "    ")({ a: 1 })).toBe('{\n      "a": 1\n    }');
  });

  it("escapes any string so that it is visible and reads back the same", () => {
    const write = jsonWriter(value);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(JSON.parse(write(text))).toBe(text);
        expect(write(text)).toBe(visibleJson(JSON.stringify(text)));
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it("keeps the text of what is frozen, and of nothing else", () => {
    const write = jsonWriter(shape);
    const changing = { a: 1 };
    expect(write(changing)).toBe('{"a":1}');
    changing.a = 2;
    expect(write(changing)).toBe('{"a":2}');
    const frozen = Object.freeze({ a: 3 });
    expect([write(frozen), write(frozen), write(Object.freeze({ a: 4 }))]).toEqual(['{"a":3}', '{"a":3}', '{"a":4}']);
  });

  it("writes the same when it has dropped the texts that it kept", () => {
    const write = jsonWriter(value);
    const lists = Array.from({ length: limits.keptTexts + 2 }, (_, at) => Object.freeze([at]));
    expect([...lists, ...lists].map(write)).toEqual([...lists, ...lists].map((list) => JSON.stringify(list)));
  });

  it.each([undefined, "  "])("tells certificates of one digest apart where they differ, indented by %j", (indent) => {
    const write = jsonWriter(sentCertificate, indent);
    const sent = [
      { ...certificate(), frame: 5 },
      { ...certificate(), frame: 6 },
      { ...certificate({ subject: "CN=other" }), frame: 6 },
      { ...certificate({ ipAddresses: ["192.0.2.1"] }), frame: 7 },
    ];
    for (const each of sent) {
      const { frame, ...rest } = each;
      const text = write(each);
      const read = JSON.parse(text) as typeof each;
      expect(read).toEqual(each);
      expect(Object.keys(read).at(-1)).toBe("frame");
      expect(text).toContain(`"frame":${indent === undefined ? "" : " "}${frame}`);
      expect(read).toMatchObject(rest);
    }
  });
});
