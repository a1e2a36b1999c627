import { hash } from "node:crypto";

/*
 * The log of a checksum database: a Merkle tree over its records, served in tiles. Spec: golang.org/x/mod/sumdb/tlog,
 * RFC 6962 §2.1.
 *
 *   record hash   SHA-256(00, text)
 *   node hash     SHA-256(01, left, right)
 *   tile          `tile/8/LEVEL/N[.p/WIDTH]`: WIDTH hashes (256 unless told) of the tree's level 8·LEVEL, from N·256 on.
 *                 N is written in groups of three digits, all but the last with an x: `x001/x234/067`
 */

export const hashLength = 32;
/** Levels of the tree in one tile; the go command asks for no other. */
const tileHeight = 8;
/** Hashes of a full tile. */
export const fullWidth = 256;

export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** A whole subtree: the `index`-th of 2^level records. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** The hash of a record as a leaf of the tree. Spec: RFC 6962 §2.1. */
export function recordHash(text: Uint8Array): Buffer {
  return hash("sha256", Buffer.concat([zero, text]), "buffer");
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1);
  node.set(right, 1 + hashLength);
  return hash("sha256", node, "buffer");
}

/** The hash over `count` hashes that stand one after another. Shape: `count` is a power of two. */
export function subtreeHash(hashes: Uint8Array, from = 0, count = hashes.length / hashLength): Uint8Array {
  if (count === 1) return hashes.subarray(from * hashLength, (from + 1) * hashLength);
  const half = count / 2;
  return nodeHash(subtreeHash(hashes, from, half), subtreeHash(hashes, from + half, half));
}

/** The hash of a tree from those of its frontier. */
export function treeHash(frontierHashes: readonly Uint8Array[]): Uint8Array {
  if (frontierHashes.length === 0) return hash("sha256", empty, "buffer");
  return frontierHashes.reduceRight((right, left) => nodeHash(left, right));
}

/** The whole subtrees that a tree of this size consists of, from left to right, which is from large to small. */
export function frontier(size: number): Subtree[] {
  const subtrees: Subtree[] = [];
  let before = 0;
  for (let level = Math.floor(Math.log2(Math.max(size, 1))) + 1; level >= 0; level--) {
    const records = 2 ** level;
    if (size - before < records) continue;
    subtrees.push({ level, index: before / records });
    before += records;
  }
  return subtrees;
}

/** Where in the tiles the hash of a subtree follows from: `count` hashes from `offset` on. */
export function placeInTile({ level, index }: Subtree): {
  level: number;
  index: number;
  offset: number;
  count: number;
} {
  const tileLevel = Math.floor(level / tileHeight);
  const count = 2 ** (level - tileLevel * tileHeight);
  const first = index * count;
  const tileIndex = Math.floor(first / fullWidth);
  return { level: tileLevel, index: tileIndex, offset: first - tileIndex * fullWidth, count };
}

/** How many hashes the tile has in a tree of this size; 0 or less where it is beyond. */
export function tileWidth(level: number, index: number, size: number): number {
  return Math.min(fullWidth, Math.floor(size / 2 ** (level * tileHeight)) - index * fullWidth);
}

/** The path of a tile, as it is asked for. */
export function tilePath({ level, index, width }: Tile): string {
  let path = String(index % 1000).padStart(3, "0");
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
  }
  return `tile/${tileHeight}/${level}/${path}${width === fullWidth ? "" : `.p/${width}`}`;
}

/** Reads the path of a tile. Undefined where it is none of the go command's, or not written as Go writes it. */
export function parseTilePath(path: string): Tile | undefined {
  const [, level = "", groups = "", width] =
    /^tile\/8\/(\d{1,2})\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
  const tile = {
    level: Number(level),
    index: Number(groups.replace(/[x/]/g, "")),
    width: width === undefined ? fullWidth : Number(width),
  };
  return groups !== "" && tile.width >= 1 && tile.width <= fullWidth && tilePath(tile) === path ? tile : undefined;
}

const zero = Uint8Array.of(0);
/** What a node's hash is over: written anew for each, since a tile takes 255 of them. */
const node = Uint8Array.of(1, ...new Uint8Array(2 * hashLength));
const empty = new Uint8Array(0);
