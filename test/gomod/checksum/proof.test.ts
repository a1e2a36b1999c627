import { describe, expect, it } from "vitest";
import type { ChecksumReport } from "../../../src/flow/checksums.ts";
import type { FlowFacts } from "../../../src/flow/store.ts";
import { gatherEvidence } from "../../../src/gomod/checksum/evidence.ts";
import { addGoSum, type GoSumHash } from "../../../src/gomod/checksum/go-sum.ts";
import { proveChecksums } from "../../../src/gomod/checksum/proof.ts";
import { checksumTrust } from "../../../src/gomod/checksum/trust.ts";
import { mergeConfigurations, parseConfigurationText } from "../../../src/gomod/configuration/configuration.ts";
import type { HttpExchange } from "../../../src/protocol/exchange.ts";
import { otherRecords, sumRecord, TestDatabase } from "../../build/checksum-log.ts";
import { exchange } from "../../build/exchange.ts";

const zipH1 = `h1:${"Z".repeat(43)}=`;
const modH1 = `h1:${"M".repeat(43)}=`;
const otherH1 = `h1:${"O".repeat(43)}=`;
const database = new TestDatabase("sum.golang.org", [
  ...otherRecords(299),
  sumRecord("a.example/B", "v1.0.0", zipH1, modH1),
  ...otherRecords(400),
]);
const tiles = ["tile/8/1/000.p/2", "tile/8/0/002.p/188", "tile/8/0/001"];
const proxy = "https://proxy.example.org";

const zip = (h1 = zipH1, frame = 10): HttpExchange =>
  exchange(`${proxy}/a.example/!b/@v/v1.0.0.zip`, { requestFrame: frame, content: { complete: true, bytes: 1, h1 } });
const mod = (h1 = modH1): HttpExchange =>
  exchange(`${proxy}/a.example/%21b/@v/v1.0.0.mod`, { requestFrame: 8, content: { complete: true, bytes: 1, h1 } });
const lookup = (answer = database.lookup(299), base = "https://sum.golang.org"): HttpExchange =>
  exchange(`${base}/lookup/a.example/!b@v1.0.0`, { requestFrame: 20, content: kept(answer) });
const tile = (path: string, base = "https://sum.golang.org"): HttpExchange => {
  const [, level, index, width = "256"] = /8\/(\d)\/(\d{3})(?:\.p\/(\d+))?/.exec(path)!;
  return exchange(`${base}/${path}`, { content: kept(database.log.tile(Number(level), Number(index), Number(width))) });
};
const allTiles = tiles.map((path) => tile(path));
const signed = `signed by ${database.verifierKey.slice(0, 23)}`;

describe("a download", () => {
  const judged: [string, HttpExchange[], string, ...[result: string, because: string][]][] = [
    [
      "by lookup and tiles",
      [mod(), zip(), lookup(), ...allTiles],
      "",
      ["proved", `record 299 is in the tree of size 700, ${signed}`],
      ["proved", `record 299 is in the tree of size 700, ${signed}`],
    ],
    ["by go.sum alone", [zip()], `a.example/B v1.0.0 ${zipH1}`, ["proved", "it is the hash in go.sum:1"]],
    ["by nothing", [zip()], "", ["not-provable", "no lookup of it was seen, and no go.sum given has it"]],
    [
      "with a tile missing",
      [zip(), lookup(), ...allTiles.slice(1)],
      "",
      ["not-provable", "it is the hash that sum.golang.org gave, but tile/8/1/000.p/2 was not seen"],
      ["not-provable", "no download of it was seen"],
    ],
    [
      "against the lookup",
      [zip(otherH1), lookup(), ...allTiles],
      "",
      ["contradicted", `sum.golang.org has ${zipH1}`],
      ["not-provable", "no download of it was seen, though the hash that sum.golang.org gave is proved"],
    ],
    ["against go.sum", [zip()], `a.example/B v1.0.0 ${otherH1}`, ["contradicted", `go.sum:1 has ${otherH1}`]],
    [
      "with one of several hashes in go.sum",
      [zip()],
      `a.example/B v1.0.0 ${otherH1}\na.example/B v1.0.0 ${zipH1}`,
      ["proved", "it is the hash in go.sum:2"],
    ],
    [
      "twice, with two hashes",
      [zip(), zip(otherH1), zip()],
      `a.example/B v1.0.0 ${zipH1}`,
      ["proved", "it is the hash in go.sum:1"],
      ["contradicted", `go.sum:1 has ${zipH1}`],
    ],
    [
      "of which content is missing",
      [
        exchange(`${proxy}/a.example/!b/@v/v1.0.0.mod`, {
          content: { complete: false, bytes: 1, because: "not all of it was captured" },
        }),
      ],
      "",
      ["not-provable", "not all of it was captured"],
    ],
    ["not at all", [exchange(`${proxy}/a.example/!b/@v/v1.0.0.zip`, { status: 404 }), tile(tiles[0])], ""],
    [
      "that go.sum contradicts through the lookup",
      [lookup(), ...allTiles],
      `a.example/B v1.0.0 ${otherH1}`,
      ["contradicted", `sum.golang.org has ${zipH1}, but go.sum:1 has ${otherH1}`],
      ["not-provable", "no download of it was seen, though the hash that sum.golang.org gave is proved"],
    ],
    [
      "that the answer does not name",
      [zip(), lookup(database.lookup(0)), tile("tile/8/0/000"), ...allTiles],
      "",
      ["not-provable", "the answer of sum.golang.org has no such hash"],
    ],
    [
      "with an answer that is no record",
      [zip(), lookup(Buffer.from("not found\n"))],
      "",
      ["not-provable", "the answer of sum.golang.org cannot be read: it is no record"],
    ],
  ];
  it.each(judged)("%s", (_, exchanges, goSum, ...expected) => {
    const { records } = prove([exchanges], goSum);
    expect(records.map(({ result, because }) => [result, because])).toEqual(expected);
  });

  it("tells where it and the lookup were seen", () => {
    const { records, lookups } = prove([[zip()], [lookup(), ...allTiles]], `a.example/B v1.0.0 ${zipH1}`);
    expect(records[0]).toMatchObject({
      module: "a.example/B",
      version: "v1.0.0",
      kind: "zip",
      h1: zipH1,
      flow: 0,
      frame: 10,
      lookup: { index: 0, h1: zipH1, agrees: true },
      gosum: { source: "go.sum", line: 1, agrees: true },
    });
    expect(lookups).toMatchObject([{ flow: 1, frame: 20, record: 299, treeSize: 700, database: "sum.golang.org" }]);
  });

  it("is tied to the place that it was redirected to, by either form of Location", () => {
    for (const location of ["https://storage.example/p/1?x=%2F", "//storage.example/p/1?x=%2F"]) {
      const redirect = exchange(`${proxy}/a.example/!b/@v/v1.0.0.zip`, { status: 302, location });
      const stored = exchange("https://storage.example/p/1?x=%2F", {
        requestFrame: 30,
        content: { complete: true, bytes: 1, h1: zipH1 },
      });
      expect(prove([[redirect], [stored]]).records).toMatchObject([{ h1: zipH1, flow: 1, frame: 30 }]);
      expect(prove([[redirect]]).records).toMatchObject([
        { flow: 0, because: "it was redirected to a place whose answer cannot be seen" },
      ]);
    }
  });
});

describe("a database", () => {
  it("is the same directly and through a proxy", () => {
    const mirror = `${proxy}/base/sumdb/sum.golang.org`;
    const { databases, records } = prove([
      [zip(), lookup(undefined, mirror), ...tiles.map((path) => tile(path, mirror))],
      [allTiles[0]],
    ]);
    expect(databases).toEqual([{ name: "sum.golang.org", treeSize: 700, treeHeads: 1, tiles: 3 }]);
    expect(records[0].result).toBe("proved");
  });

  it("contradicts itself when a signature is not of the key", () => {
    const forged = Buffer.from(database.lookup(299).toString().replace("\n700\n", "\n701\n"));
    const { lookups, records, databases } = prove([[zip(), lookup(forged), ...allTiles]]);
    expect(lookups[0].signature.result).toBe("contradicted");
    expect(records[0]).toMatchObject({ result: "contradicted" });
    expect(databases[0].treeHeads).toBe(0);
  });

  it("contradicts itself when a record is not in its tree", () => {
    const changed = Buffer.from(database.lookup(299).toString().replace(zipH1, otherH1));
    const { lookups, records } = prove([[zip(otherH1), lookup(changed), ...allTiles]]);
    expect(lookups[0].inclusion).toMatchObject({
      result: "contradicted",
      because: "record 299 of the tree has another text",
    });
    expect(records[0]).toMatchObject({
      result: "contradicted",
      because: "the answer of sum.golang.org does not hold: record 299 of the tree has another text",
    });
  });

  it("of an unknown key proves nothing", () => {
    const { lookups, records } = prove([[zip(), lookup(), ...allTiles]], "", false);
    expect(lookups[0].signature.because).toMatch(/, whose key was not given$/);
    expect(lookups[0].inclusion.result).toBe("proved");
    expect(records[0].result).toBe("not-provable");
  });

  it("proves an older head's record in the larger tree, and that one began as the other", () => {
    const { lookups, databases } = prove([
      [lookup(database.lookup(299, 300)), lookup(database.lookup(600)), ...allTiles],
    ]);
    expect(lookups.map(({ inclusion }) => inclusion.result)).toEqual(["proved", "proved"]);
    expect(databases[0]).toMatchObject({ treeSize: 700, treeHeads: 2, timeline: { result: "proved" } });
  });

  it("has forked when a larger tree did not begin as the smaller one", () => {
    const fork = database.lookup(299, 300, database.log.treeHash(299));
    const { databases } = prove([[lookup(fork), lookup(database.lookup(600)), ...allTiles]]);
    expect(databases[0].timeline).toEqual({
      result: "contradicted",
      because: "the tree of size 700 does not begin with that of size 300",
    });
  });

  it("lists the tiles that were not seen", () => {
    const { lookups } = prove([[lookup()]]);
    expect(lookups[0].inclusion).toEqual({
      result: "not-provable",
      because: "tile/8/1/000.p/2 and 2 more tiles were not seen",
      missingTiles: ["tile/8/1/000.p/2", "tile/8/0/002.p/188", "tile/8/0/001"],
      treeSize: 700,
    });
  });
});

it("says nothing where nothing was seen", () => {
  expect(proveChecksums(gatherEvidence([], []), checksumTrust(undefined, undefined))).toBeUndefined();
});

it("knows the key in GOSUMDB beside Go's own and those given", () => {
  const configuration = mergeConfigurations([
    parseConfigurationText("env", `GOSUMDB=${database.verifierKey} https://sum.example`),
  ]);
  expect(checksumTrust(undefined, configuration).keys.map(({ id }) => id)).toEqual([
    "sum.golang.org+033de0ae",
    database.verifierKey.slice(0, 23),
  ]);
});

/** What the exchanges of each flow prove. */
function prove(flows: readonly HttpExchange[][], goSum = "", withKey = true): ChecksumReport {
  const facts = flows.map((exchanges, id) => ({
    connection: { id },
    layers: [{ layer: "tls" }, { layer: "http1", exchanges }],
  })) as unknown as FlowFacts[];
  const sums = new Map<string, GoSumHash[]>();
  addGoSum(sums, "go.sum", goSum);
  const settings = withKey ? `GOSUMDB=${database.verifierKey}` : "GOSUMDB=sum.golang.org";
  const configuration = mergeConfigurations([parseConfigurationText("env", settings)]);
  return proveChecksums(gatherEvidence(facts, []), checksumTrust({ keys: [], sums }, configuration))!;
}

function kept(content: Uint8Array): NonNullable<HttpExchange["content"]> {
  return { complete: true, bytes: content.length, kept: content };
}
