import { describe, expect, it } from "vitest";
import type { ChecksumRecord, ChecksumReport, LookupReport } from "../../src/flow/checksums.ts";
import { findingsOf } from "../build/findings.ts";

const proved = { result: "proved", because: "x" } as const;
const lookup: LookupReport = {
  module: "a.example/b",
  version: "v1.0.0",
  database: "sum.golang.org",
  flow: 1,
  frame: 20,
  record: 299,
  treeSize: 700,
  signature: { ...proved, key: "sum.golang.org+033de0ae" },
  inclusion: { ...proved, treeSize: 700 },
};
const record: ChecksumRecord = {
  module: "a.example/b",
  version: "v1.0.0",
  kind: "mod",
  h1: "h1:x",
  flow: 0,
  frame: 10,
  lookup: { index: 0, h1: "h1:x", agrees: true },
  ...proved,
};
const report = (change: Partial<ChecksumReport>): ChecksumReport => ({
  databases: [{ name: "sum.golang.org", treeSize: 700, treeHeads: 1, tiles: 3 }],
  lookups: [lookup],
  records: [record],
  ...change,
});

describe("checksums", () => {
  it("are no finding when all is proved, or open", () => {
    expect(findingsOf({ checksums: report({}) })).toEqual([]);
    const open = { result: "not-provable", because: "tile/8/0/000 was not seen" } as const;
    expect(
      findingsOf({
        checksums: report({ lookups: [{ ...lookup, inclusion: open }], records: [{ ...record, ...open }] }),
      }),
    ).toEqual([]);
    expect(findingsOf({})).toEqual([]);
  });

  it("that differ from the database's are errors, with both frames", () => {
    const records = [{ ...record, lookup: { index: 0, h1: "h1:y", agrees: false } }];
    expect(findingsOf({ checksums: report({ records }) })).toMatchObject([
      {
        rule: "checksum-mismatch",
        severity: "error",
        flows: [0],
        frames: [10, 20],
        title: "the download of a.example/b@v1.0.0/go.mod is not the one that sum.golang.org has",
      },
    ]);
  });

  it("that differ from go.sum are errors, and name the line", () => {
    const gosum = { source: "go.sum", line: 3, h1: "h1:y", agrees: false };
    const [finding] = findingsOf({ checksums: report({ records: [{ ...record, kind: "zip", gosum }] }) });
    expect(finding).toMatchObject({
      frames: [10],
      title: "the download of a.example/b@v1.0.0 is not the one that go.sum has",
    });
    expect(finding.detail).toContain("that in go.sum:3 is h1:y");
    expect(finding.detail).toContain('"verifying a.example/b@v1.0.0: checksum mismatch"');
  });

  const answers: [string, Partial<ChecksumReport>, string, string][] = [
    [
      "with a wrong signature",
      {
        lookups: [
          {
            ...lookup,
            signature: { result: "contradicted", because: "the signature is not one of the key k", key: "k" },
          },
        ],
      },
      "checksum-refused",
      "What sum.golang.org answered for a.example/b@v1.0.0 does not hold",
    ],
    [
      "of a record that the tree does not have",
      {
        lookups: [
          { ...lookup, inclusion: { result: "contradicted", because: "record 299 of the tree has another text" } },
        ],
      },
      "checksum-refused",
      "What sum.golang.org answered for a.example/b@v1.0.0 does not hold",
    ],
    [
      "with two histories",
      {
        databases: [
          {
            name: "sum.golang.org",
            treeHeads: 2,
            tiles: 3,
            timeline: { result: "contradicted", because: "the tree of size 700 does not begin with that of size 300" },
          },
        ],
      },
      "checksum-refused",
      "sum.golang.org showed two histories that exclude each other",
    ],
    [
      "of an unknown key",
      {
        lookups: [
          {
            ...lookup,
            signature: { result: "not-provable", because: "signed by k, whose key was not given", key: "k" },
          },
        ],
      },
      "checksum-note-unverified",
      "sum.golang.org signs with the key k, which is not known here",
    ],
  ];
  it.each(answers)("answers %s", (_, change, rule, title) => {
    expect(findingsOf({ checksums: report(change) })).toMatchObject([{ rule, title, flows: [1], frames: [20] }]);
  });

  it("are one finding for all lookups with one key", () => {
    const lookups = [1, 2, 3].map((flow) => ({
      ...lookup,
      flow,
      signature: { result: "not-provable", because: "x", key: "k" } as const,
    }));
    expect(findingsOf({ checksums: report({ lookups }) })).toMatchObject([
      { rule: "checksum-note-unverified", flows: [1, 2, 3] },
    ]);
  });
});
