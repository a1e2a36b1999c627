import { fieldsOf } from "../../bytes/text.ts";

/** One hash of a go.sum file. */
export interface GoSumHash {
  readonly source: string;
  readonly line: number;
  readonly h1: string;
}

/** The `h1:` hashes of go.sum files, by module and version; the version ends in `/go.mod` for those of go.mod files. */
export type GoSums = ReadonlyMap<string, readonly GoSumHash[]>;

/** The key of a hash in `GoSums`. */
export function goSumKey(module: string, version: string, kind: "zip" | "mod"): string {
  return `${module} ${version}${kind === "mod" ? "/go.mod" : ""}`;
}

/**
 * Reads a go.sum file as Go does: lines of three fields, hashes of unknown algorithms passed over. Spec:
 * cmd/go/internal/modfetch, readGoSum.
 *
 * Adds to `sums`; returns what is wrong with the first line that is none, which makes Go refuse the whole file.
 */
export function addGoSum(sums: Map<string, GoSumHash[]>, source: string, text: string): string | undefined {
  let wrong: string | undefined;
  for (const [at, written] of text.split("\n").entries()) {
    const fields = fieldsOf(written);
    if (fields.length === 0) continue;
    const [module, version, h1] = fields;
    if (fields.length !== 3) {
      wrong ??= `${source}:${at + 1}: wrong number of fields ${fields.length}`;
    } else if (h1.startsWith("h1:") && h1 !== hashOfEmptyModFile) {
      const key = `${module} ${version}`;
      const known = sums.get(key);
      if (known === undefined) sums.set(key, [{ source, line: at + 1, h1 }]);
      else known.push({ source, line: at + 1, h1 });
    }
  }
  return wrong;
}

/** An old defect wrote these for what is no module; Go drops them. */
const hashOfEmptyModFile = "h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=";
