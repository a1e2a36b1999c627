import { describe, expect, it } from "vitest";
import {
  frontier,
  parseTilePath,
  placeInTile,
  subtreeHash,
  tilePath,
  tileWidth,
  treeHash,
} from "../../../src/gomod/checksum/tlog.ts";
import { ChecksumLog, otherRecords } from "../../build/checksum-log.ts";

/** Paths and tree hashes by golang.org/x/mod/sumdb/tlog; the records are those of `otherRecords`. */
const paths: [string, { level: number; index: number; width: number }][] = [
  ["tile/8/0/000", { level: 0, index: 0, width: 256 }],
  ["tile/8/0/001.p/44", { level: 0, index: 1, width: 44 }],
  ["tile/8/1/x001/x234/067.p/1", { level: 1, index: 1_234_067, width: 1 }],
  ["tile/8/2/999.p/255", { level: 2, index: 999, width: 255 }],
  ["tile/8/0/x001/000", { level: 0, index: 1000, width: 256 }],
  ["tile/8/0/x125/157.p/6", { level: 0, index: 125_157, width: 6 }],
];
const treeHashes: [number, string][] = [
  [1, "IkdqhlUX6fwa4NlrV0Eb5kYmsJmmeMPguXaBnvmSjMQ="],
  [2, "2zarnUdAb05o1xDUzc47VWzeNF6CBGb57J5xvFSCZTQ="],
  [3, "y2/tRR0Ov8e7Pxjm5vHMkytH0ZItXSMDel5pjoaQie0="],
  [255, "BPmrDT8S5OLxK0+ueZ6VptiSS497o1ozA+FhqFkutCU="],
  [256, "qa0QXD+g2ooD5/7Rf8/4CUkynEHRmiqo3mdQ+1OqNEY="],
  [257, "HfwrF00NLN+r4idKdQLROdtKHzXYs5VggUbwdAyoC1s="],
  [300, "cKPKsRB0+G5fTvuTK/M/nEG4mxLTCgReUPomP6qULHU="],
  [512, "OfYxsoR6ZlpeuHyOBUVUfo9rfoIKr+yrfyHR+M4gx5Y="],
  [513, "vX7NOygyERY8fDQLnUrKuCesl9ibwClWa21eZ4OSNME="],
  [700, "+jkAgsfm7v0RD6lmiuIr8g7dtWSbDFYfkF0qv42kW/8="],
];

describe("the path of a tile", () => {
  it.each(paths)("%s", (path, tile) => {
    expect(parseTilePath(path)).toEqual(tile);
    expect(tilePath(tile)).toBe(path);
  });

  it.each([
    "tile/8/0/1",
    "tile/8/0/000.p/256",
    "tile/8/0/000.p/0",
    "tile/8/0/000.p/04",
    "tile/8/00/000",
    "tile/8/0/x000/001",
  ])("is not %s", (path) => expect(parseTilePath(path)).toBeUndefined());

  it.each(["tile/7/0/000", "tile/8/data/000", "tile/8/0/001/002", "lookup/a@v1.0.0", ""])(
    "of the go command is not %s",
    (path) => {
      expect(parseTilePath(path)).toBeUndefined();
    },
  );
});

describe("the hash of a tree", () => {
  const log = new ChecksumLog(otherRecords(700));

  it.each(treeHashes)("of %i records, from its tiles", (size, expected) => {
    const hashes = frontier(size).map((subtree) => {
      const { level, index, offset, count } = placeInTile(subtree);
      return subtreeHash(log.tile(level, index, tileWidth(level, index, size)), offset, count);
    });
    expect(Buffer.from(treeHash(hashes)).toString("base64")).toBe(expected);
    expect(log.treeHash(size).toString("base64")).toBe(expected);
  });

  it("of none is that of nothing", () => {
    expect(frontier(0)).toEqual([]);
    expect(Buffer.from(treeHash([]))).toEqual(log.treeHash(0));
  });
});

it("takes a tree of any size that a number holds apart exactly", () => {
  for (const size of [1, 255, 256, 2 ** 32 - 1, 2 ** 32, 10 ** 15 - 1, 2 ** 53 - 1]) {
    expect(frontier(size).reduce((sum, { level }) => sum + 2 ** level, 0)).toBe(size);
  }
});
