import type { TreeHead } from "./lookup.ts";
import {
  frontier,
  fullWidth,
  hashLength,
  placeInTile,
  recordHash,
  subtreeHash,
  tilePath,
  tileWidth,
  treeHash,
  type Subtree,
  type Tile,
} from "./tlog.ts";

/** The tiles of one database that were seen, wide and narrow ones of the same place. */
export class Tiles {
  readonly #tiles = new Map<string, { readonly width: number; readonly hashes: Uint8Array }[]>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Keeps a tile; the first of its width stands. False, and nothing kept, where the content is not one of the tile. */
  add({ level, index, width }: Tile, hashes: Uint8Array): boolean {
    if (hashes.length !== width * hashLength) return false;
    const key = `${level}/${index}`;
    const widths = this.#tiles.get(key) ?? [];
    if (widths.length === 0) this.#tiles.set(key, widths);
    if (widths.some((known) => known.width === width)) return true;
    widths.push({ width, hashes });
    widths.sort((one, other) => one.width - other.width);
    this.#count++;
    return true;
  }

  /** The first `width` hashes of a tile, by a tile as wide or wider. */
  find(level: number, index: number, width: number): Uint8Array | undefined {
    const found = this.#tiles.get(`${level}/${index}`)?.find((known) => known.width >= width);
    return found?.hashes.subarray(0, width * hashLength);
  }
}

/** What tiles say of a statement: that it holds, that it does not, or which of them were not seen. */
export type TreeVerdict =
  | { readonly result: "proved" }
  | { readonly result: "contradicted"; readonly because: string }
  | { readonly result: "not-provable"; readonly missing: readonly string[] };

/**
 * A tree by its head, read through tiles that prove to belong to it. Spec: golang.org/x/mod/sumdb/tlog, TileHashReader.
 *
 * Invariants: `#proved` holds only tiles whose hashes were traced to the hash of the head; each tile is hashed once.
 */
export class Tree {
  readonly head: TreeHead;
  readonly #tiles: Tiles;
  readonly #proved = new Map<string, Uint8Array>();
  readonly #verdict: TreeVerdict;

  constructor(head: TreeHead, tiles: Tiles) {
    this.head = head;
    this.#tiles = tiles;
    this.#verdict = this.#proveFrontier();
  }

  /** Whether the tree has this text as this record. */
  includes(record: number, text: Uint8Array): TreeVerdict {
    if (record >= this.head.size) {
      return { result: "contradicted", because: `record ${record} is beyond the tree of size ${this.head.size}` };
    }
    const found = this.#hashOf({ level: 0, index: record });
    if (!(found instanceof Uint8Array)) return found;
    if (recordHash(text).equals(found)) return { result: "proved" };
    return { result: "contradicted", because: `record ${record} of the tree has another text` };
  }

  /** Whether the tree began as this older one. */
  continues(older: TreeHead): TreeVerdict {
    const hashes: Uint8Array[] = [];
    const missing: string[] = [];
    for (const subtree of frontier(older.size)) {
      const found = this.#hashOf(subtree);
      if (found instanceof Uint8Array) hashes.push(found);
      else if (found.result === "not-provable") missing.push(...found.missing);
      else return found;
    }
    if (missing.length > 0) return { result: "not-provable", missing: [...new Set(missing)] };
    if (older.hash.equals(treeHash(hashes))) return { result: "proved" };
    return {
      result: "contradicted",
      because: `the tree of size ${this.head.size} does not begin with that of size ${older.size}`,
    };
  }

  /** The tiles along the right edge must give the hash of the head: then all their hashes are the tree's. */
  #proveFrontier(): TreeVerdict {
    const hashes: Uint8Array[] = [];
    const edge = new Map<string, Uint8Array>();
    const missing = new Set<string>();
    for (const subtree of frontier(this.head.size)) {
      const { level, index, offset, count } = placeInTile(subtree);
      const width = tileWidth(level, index, this.head.size);
      const tile = this.#tiles.find(level, index, width);
      if (tile === undefined) {
        missing.add(tilePath({ level, index, width }));
        continue;
      }
      edge.set(`${level}/${index}`, tile);
      hashes.push(subtreeHash(tile, offset, count));
    }
    if (missing.size > 0) return { result: "not-provable", missing: [...missing] };
    if (!this.head.hash.equals(treeHash(hashes))) {
      return {
        result: "contradicted",
        because: `the tiles do not give the hash of the tree of size ${this.head.size}`,
      };
    }
    for (const [key, tile] of edge) this.#proved.set(key, tile);
    return { result: "proved" };
  }

  /** The hash of a whole subtree, traced to the head; else what stands in the way. */
  #hashOf(subtree: Subtree): Uint8Array | Exclude<TreeVerdict, { result: "proved" }> {
    const { level, index, offset, count } = placeInTile(subtree);
    if (this.#verdict.result === "contradicted") return this.#verdict;
    const path = this.#unproved(level, index);
    const missing = this.#verdict.result === "not-provable" ? [...this.#verdict.missing] : [];
    for (const tile of path)
      if (this.#tiles.find(tile.level, tile.index, fullWidth) === undefined) missing.push(tilePath(tile));
    if (missing.length > 0) return { result: "not-provable", missing };
    for (const tile of path) {
      if (this.#trace(tile)) continue;
      return { result: "contradicted", because: `${tilePath(tile)} is none of the tree of size ${this.head.size}` };
    }
    return subtreeHash(this.#proved.get(`${level}/${index}`)!, offset, count);
  }

  /** The tiles from below the first one proved down to this one. Those left of the right edge are full. */
  #unproved(level: number, index: number): Tile[] {
    const path: Tile[] = [];
    let above = { level, index };
    while (!this.#proved.has(`${above.level}/${above.index}`)) {
      if (tileWidth(above.level, above.index, this.head.size) < fullWidth) break;
      path.unshift({ ...above, width: fullWidth });
      above = { level: above.level + 1, index: Math.floor(above.index / fullWidth) };
    }
    return path;
  }

  /** Takes a full tile for proved if its parent, which is, has its hash. */
  #trace({ level, index }: Tile): boolean {
    const parent = this.#proved.get(`${level + 1}/${Math.floor(index / fullWidth)}`);
    const tile = this.#tiles.find(level, index, fullWidth)!;
    const at = (index % fullWidth) * hashLength;
    if (parent === undefined || !Buffer.from(parent.subarray(at, at + hashLength)).equals(subtreeHash(tile)))
      return false;
    this.#proved.set(`${level}/${index}`, tile);
    return true;
  }
}
