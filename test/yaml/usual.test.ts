import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments, parseDocument } from "yaml";
import { readUsualYaml } from "../../src/yaml/usual.ts";

/** What is read of a node: its kind, its value as written, its place, and what is in it. */
function tree(node: unknown, lines: LineCounter): unknown {
  if (isPair(node)) return [tree(node.key, lines), tree(node.value, lines)];
  if (isScalar(node)) return { at: lines.linePos(node.range![0]), value: node.value, source: node.source };
  if (!isMap(node) && !isSeq(node)) return node;
  const items = (node.items as unknown[]).map((item) => tree(item, lines));
  return { at: lines.linePos(node.range![0]), map: isMap(node), items };
}

function usual(text: string): unknown {
  const lines = new LineCounter();
  const contents = readUsualYaml(text, lines);
  return contents && tree(contents, lines);
}

function byPackage(text: string): unknown {
  const lines = new LineCounter();
  const { contents, errors, warnings } = parseDocument(text, { lineCounter: lines, uniqueKeys: false, schema: "core" });
  return { contents: tree(contents, lines), complaints: errors.length + warnings.length };
}

function expectTheSame(text: string): void {
  const read = usual(text);
  if (read === undefined) return;
  expect(byPackage(text), text).toEqual({ contents: read, complaints: 0 });
  expect(parseAllDocuments(text)).toHaveLength(1);
}

const folder = new URL("../../captures/", import.meta.url);
const shipped = (readdirSync(folder, { recursive: true }) as string[])
  .filter((path) => path.endsWith(".yaml"))
  .sort()
  .map((path) => readFileSync(new URL(path, folder), "utf8"));

const written = [
  "a: b\n",
  "# why\na:\n  b: 1 # so\n  c: [x, 'y, z', {d: \"e\", f: 1.5}, []]\n\n  g: {}\nh: true\n",
  "rules:\n  - no-flow-to: [proxy.golang.org:443]\n    to: a.example\n  -   only-hosts: x\n      id: y\n  - plain\n  -\n    k: v\n",
  "proxy.golang.org:443:\n  digest: 98f2b4\n  time: 2027-01-31\n  name: TLS 1.3\n  url: http://a.example:80/x?y=z\n",
  "trust: |\n  -----BEGIN CERTIFICATE-----\n    MIIB+/==  \n  -----END CERTIFICATE-----\nnext: 007\n",
  "# …\na: 'é…'\nb: a…b\n",
  "list:\n  - |\n    one: two\n    three\n  - 'four'\n",
];

describe("YAML of the usual kind", () => {
  it.each(written.map((text) => [text]))("is read as the package reads it: %j", (text) => {
    expect(usual(text)).toBeDefined();
    expectTheSame(text);
  });

  it("is what policies and snapshots are written in", () => {
    for (const text of shipped) expectTheSame(text);
    expect(shipped.filter((text) => usual(text) === undefined)).toEqual([]);
  });
});

describe("YAML of another kind", () => {
  const rows = [
    ...[
      "",
      "# nothing\n",
      "a\n",
      "- a",
      "a: b",
      "a: ä\n",
      "a:\tb\n",
      "a: b\u3000\n",
      "a: b\u0085\n",
      "a: b\r\n",
      "--- \na: b\n",
      "a: b\n...\n",
      "%a\n",
    ],
    ...["a:\n", "a: &x b\n", "a: *x\n", "a: !t b\n", "a: >\n  b\n", "a: |-\n  b\n", "a: |\n\n  b\n", "a: |\n  b\n\n"],
    ...["a: b: c\n", "a: b:\n", "a: b\n  c\n", "a: [b\n  ]\n", "a: [b]]\n", "a: {b}\n", "a: {b:1}\n", "a: 'b''c'\n"],
    ...["a: b#c\n", 'a: "\\n"\n', "a: null\n", "a: ~\n", "a: True\n", "a: 1e3\n", "a: 0x1\n", "a: .inf\n", "a: -1\n"],
    ...[
      "a: b\n c: d\n",
      "  a: b\nc: d\n",
      "a:\n    b: c\n  d: e\n",
      "- - a\n",
      "- a: b\n   c: d\n",
      "? a\n",
      "a : b\n",
    ],
    ...[
      "a: [b,, c]\n",
      "a: [b, ]\n",
      "a: | # c\n  b\n",
      "a: |\n b\n#c\n",
      "a: |\n  b\n  #c\n",
      `a: ${"[".repeat(99)}\n`,
    ],
  ];
  it.each(rows.map((text) => [text]))("is left to the package: %j", (text) => {
    expect(usual(text)).toBeUndefined();
  });

  it("is never taken for the usual kind, whatever is changed in a text", () => {
    const marks = [
      "\n",
      " ",
      "  ",
      ":",
      ": ",
      "-",
      "- ",
      "\n  ",
      "#",
      " #",
      "[",
      "]",
      "{",
      "}",
      ",",
      "|",
      "'",
      '"',
      "1",
      "a",
    ];
    const texts = [...written, ...shipped.map((text) => text.slice(0, text.indexOf("\n", 600) + 1))];
    const change = fc.record({ at: fc.nat(600), cut: fc.nat(3), put: fc.constantFrom("", ...marks) });
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(change, { maxLength: 3 }), (text, changes) => {
        let changed = text;
        for (const { at, cut, put } of changes) {
          const place = at % changed.length;
          changed = changed.slice(0, place) + put + changed.slice(place + cut);
        }
        expectTheSame(changed);
      }),
      { seed: 5, numRuns: 400 },
    );
  });

  it("is never taken for the usual kind, whatever marks follow each other", () => {
    const parts = [
      "a",
      "b: ",
      "1.5",
      "\n",
      "\n  ",
      "\n    ",
      "- ",
      ": ",
      ":",
      " ",
      "#",
      " #",
      "[",
      "]",
      "{",
      "}",
      ", ",
      "|\n",
      "'",
      '"',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 14 }), (picked) =>
        expectTheSame(`${picked.join("")}\n`),
      ),
      { seed: 6, numRuns: 3000 },
    );
  });
});
