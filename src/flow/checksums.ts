/*
 * What the checksum database, go.sum and the downloads seen say of each other. Part of the public shape of an analysis;
 * all text from the wire is untrusted.
 */

/** Whether a statement holds: forced by what was seen, refuted by it, or open. */
export const proofResults = ["proved", "contradicted", "not-provable"] as const;
/** One of `proofResults`. */
type ProofResult = (typeof proofResults)[number];

/** Whether a statement about checksums holds, and why. */
export interface Proof {
  readonly result: ProofResult;
  /** Ground of the result; lower case, no full stop. */
  readonly because: string;
}

/** A checksum database of which lookups or tiles were seen. */
export interface DatabaseReport {
  /** The name a proxy mirrors it by, else where it was asked. */
  readonly name: string;
  /** Size of the largest tree that was signed. */
  readonly treeSize?: number;
  /** Different tree heads, and tiles seen. */
  readonly treeHeads: number;
  readonly tiles: number;
  /** Whether each larger tree began as the smaller one; absent where there was one head only. */
  readonly timeline?: Proof;
}

/** The answer to one lookup. */
export interface LookupReport {
  readonly module: string;
  readonly version: string;
  readonly database: string;
  readonly flow: number;
  readonly frame: number;
  /** Number of the record in the database's log. */
  readonly record?: number;
  readonly treeSize?: number;
  /** Whether a known key signed the tree head. */
  readonly signature: Proof & { readonly key?: string };
  /** Whether the tree has this record, by the tiles seen. */
  readonly inclusion: Proof & {
    readonly treeSize?: number;
    /** Tiles without which it cannot be told, and how many more there are. */
    readonly missingTiles?: readonly string[];
    readonly moreMissing?: number;
  };
}

/** The hash of a module's zip or go.mod file, by all who said something of it. */
export interface ChecksumRecord {
  readonly module: string;
  readonly version: string;
  readonly kind: "zip" | "mod";
  /** Hash of what was downloaded; where and absent fields below as far as it was seen. */
  readonly h1?: string;
  readonly flow?: number;
  readonly frame?: number;
  /** What the checksum database answered: the index in `lookups`, its hash, and whether that is the download's. */
  readonly lookup?: { readonly index: number; readonly h1?: string; readonly agrees?: boolean };
  readonly gosum?: { readonly source: string; readonly line: number; readonly h1: string; readonly agrees?: boolean };
  readonly result: ProofResult;
  readonly because: string;
}

/** What the lookups, tiles, go.sum files and downloads of a capture prove of each other. */
export interface ChecksumReport {
  readonly databases: readonly DatabaseReport[];
  readonly lookups: readonly LookupReport[];
  readonly records: readonly ChecksumRecord[];
  /** Lookups and checksums beyond the caps. */
  readonly more?: number;
}
