import { describe, expect, it } from "vitest";
import { Tiles, Tree, type TreeVerdict } from "../../../src/gomod/checksum/tiles.ts";
import { parseTilePath } from "../../../src/gomod/checksum/tlog.ts";
import { ChecksumLog, otherRecords } from "../../build/checksum-log.ts";

const log = new ChecksumLog(otherRecords(70_000));
const text = (record: number): Buffer => Buffer.from(log.records[record]);

/** Record and size of the tree, and the tiles that TileHashReader of Go reads for it. */
const needed: [record: number, size: number, ...paths: string[]][] = [
  [299, 300, "tile/8/1/000.p/1", "tile/8/0/001.p/44"],
  [0, 300, "tile/8/1/000.p/1", "tile/8/0/001.p/44", "tile/8/0/000"],
  [5, 700, "tile/8/1/000.p/2", "tile/8/0/002.p/188", "tile/8/0/000"],
  [600, 700, "tile/8/1/000.p/2", "tile/8/0/002.p/188"],
  [255, 256, "tile/8/1/000.p/1", "tile/8/0/000"],
  [0, 65536, "tile/8/2/000.p/1", "tile/8/1/000", "tile/8/0/000"],
  [3, 65537, "tile/8/2/000.p/1", "tile/8/0/256.p/1", "tile/8/1/000", "tile/8/0/000"],
  [65600, 70000, "tile/8/2/000.p/1", "tile/8/1/001.p/17", "tile/8/0/273.p/112", "tile/8/0/256"],
  [69999, 70000, "tile/8/2/000.p/1", "tile/8/1/001.p/17", "tile/8/0/273.p/112"],
];

describe("proves a record by the tiles that Go reads, and misses each of them", () => {
  it.each(needed)("record %i in the tree of size %i", (record, size, ...paths) => {
    expect(prove(record, size, paths)).toEqual({ result: "proved" });
    for (const without of paths) {
      const verdict = prove(
        record,
        size,
        paths.filter((path) => path !== without),
      );
      expect(verdict).toEqual({ result: "not-provable", missing: [without] });
    }
    expect(prove(record, size, [])).toMatchObject({ result: "not-provable" });
  });
});

describe("contradicts", () => {
  const paths = ["tile/8/1/000.p/2", "tile/8/0/002.p/188", "tile/8/0/000"];

  it("another text", () => {
    expect(tree(700, paths).includes(5, text(6))).toEqual({
      result: "contradicted",
      because: "record 5 of the tree has another text",
    });
  });

  it("a record beyond the tree", () => {
    expect(tree(700, paths).includes(700, text(700))).toMatchObject({ result: "contradicted" });
  });

  it("another hash of the tree", () => {
    const other = new Tree({ size: 700, hash: log.treeHash(699) }, tilesOf(paths));
    expect(other.includes(5, text(5))).toEqual({
      result: "contradicted",
      because: "the tiles do not give the hash of the tree of size 700",
    });
  });

  it("a tile that was changed", () => {
    const tiles = tilesOf(paths.slice(0, 2));
    const changed = Buffer.from(log.tile(0, 0, 256));
    changed[40] ^= 1;
    tiles.add({ level: 0, index: 0, width: 256 }, changed);
    expect(new Tree({ size: 700, hash: log.treeHash(700) }, tiles).includes(5, text(5))).toEqual({
      result: "contradicted",
      because: "tile/8/0/000 is none of the tree of size 700",
    });
  });
});

describe("a larger tree", () => {
  const paths = ["tile/8/1/000.p/2", "tile/8/0/002.p/188", "tile/8/0/001"];

  it("continues the smaller one", () => {
    expect(tree(700, paths).continues({ size: 300, hash: log.treeHash(300) })).toEqual({ result: "proved" });
    expect(tree(700, paths).continues({ size: 700, hash: log.treeHash(700) })).toEqual({ result: "proved" });
    expect(tree(700, paths).continues({ size: 0, hash: log.treeHash(0) })).toEqual({ result: "proved" });
  });

  it("does not continue another one", () => {
    expect(tree(700, paths).continues({ size: 300, hash: log.treeHash(299) })).toEqual({
      result: "contradicted",
      because: "the tree of size 700 does not begin with that of size 300",
    });
  });

  it("cannot be compared without the tile at the smaller one's edge", () => {
    expect(tree(700, paths.slice(0, 2)).continues({ size: 300, hash: log.treeHash(300) })).toEqual({
      result: "not-provable",
      missing: ["tile/8/0/001"],
    });
  });
});

describe("tiles", () => {
  it("serve for narrower ones of their place", () => {
    expect(prove(299, 300, ["tile/8/1/000.p/2", "tile/8/0/001"])).toEqual({ result: "proved" });
  });

  it("are not kept with content of another length", () => {
    const tiles = new Tiles();
    expect(tiles.add({ level: 0, index: 0, width: 2 }, log.tile(0, 0, 3))).toBe(false);
    expect(tiles.count).toBe(0);
  });
});

function prove(record: number, size: number, paths: readonly string[]): TreeVerdict {
  return tree(size, paths).includes(record, text(record));
}

function tree(size: number, paths: readonly string[]): Tree {
  return new Tree({ size, hash: log.treeHash(size) }, tilesOf(paths));
}

function tilesOf(paths: readonly string[]): Tiles {
  const tiles = new Tiles();
  for (const path of paths) {
    const tile = parseTilePath(path)!;
    expect(tiles.add(tile, log.tile(tile.level, tile.index, tile.width))).toBe(true);
  }
  return tiles;
}
