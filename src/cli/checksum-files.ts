import { basename } from "node:path";
import { addGoSum, type GoSumHash } from "../gomod/checksum/go-sum.ts";
import { parseVerifierKey, type VerifierKey } from "../gomod/checksum/note.ts";
import type { ChecksumTrust } from "../gomod/checksum/proof.ts";
import { textOf } from "./configuration-files.ts";
import { UsageError } from "./errors.ts";
import { printWarning } from "./messages.ts";

/** What `--sumdb-key` and `--gosum` give; undefined where neither was. Throws: UsageError, InputError. */
export async function readChecksumTrust(
  keys: readonly string[],
  goSumFiles: readonly string[],
): Promise<ChecksumTrust | undefined> {
  if (keys.length + goSumFiles.length === 0) return undefined;
  const sums = new Map<string, GoSumHash[]>();
  for (const file of goSumFiles) {
    const wrong = addGoSum(sums, basename(file), await textOf(file, "--gosum"));
    if (wrong !== undefined) printWarning(`${wrong}: go refuses this file; the other lines count here`);
  }
  return { keys: (await Promise.all(keys.map(verifierKeys))).flat(), sums };
}

/** A key as it stands, else those of a file, one a line. */
async function verifierKeys(given: string): Promise<VerifierKey[]> {
  const key = parseVerifierKey(given);
  if (!("error" in key)) return [key];
  if (/^[^/\\]+\+[0-9a-f]{8}\+/i.test(given)) throw new UsageError(`--sumdb-key ${given} ${key.error}`);
  const lines = (await textOf(given, "--sumdb-key")).split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const read = parseVerifierKey(line);
      if ("error" in read) throw new UsageError(`--sumdb-key ${given}: a line ${read.error}`);
      return read;
    });
}
