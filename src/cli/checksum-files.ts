import { basename } from "node:path";
import { counted } from "../bytes/text.ts";
import type { Analysis } from "../flow/model.ts";
import { addGoSum, type GoSumHash } from "../gomod/checksum/go-sum.ts";
import { parseVerifierKey, type VerifierKey } from "../gomod/checksum/note.ts";
import type { ChecksumTrust } from "../gomod/checksum/proof.ts";
import { contentKind } from "./content-kind.ts";
import { bytesOf, textOf } from "./files.ts";
import { UsageError } from "./errors.ts";
import { printWarning } from "./messages.ts";

/** What `--sumdb-key` and `--gosum` give; undefined where neither was. Throws: UsageError, InputError. */
export function readChecksumTrust(keys: readonly string[], goSumFiles: readonly string[]): ChecksumTrust | undefined {
  if (keys.length + goSumFiles.length === 0) return undefined;
  const sums = new Map<string, GoSumHash[]>();
  for (const file of goSumFiles) {
    const bytes = bytesOf(file, "--gosum");
    const text = bytes.toString("utf8");
    const holdsHashes = /\sh1:\S/.test(text);
    const wrong = addGoSum(sums, basename(file), text);
    if (wrong === undefined && !holdsHashes)
      printWarning(`--gosum ${file}: no hash in it; nothing is compared with it`);
    if (wrong === undefined) continue;
    if (!holdsHashes) throw noGoSum(file, bytes);
    printWarning(`${wrong}: go refuses this file; the other lines count here`);
  }
  return { keys: keys.flatMap(verifierKeys), sums };
}

function noGoSum(file: string, bytes: Uint8Array): UsageError {
  const hint = "its lines are MODULE VERSION h1:HASH, as the go command writes them beside go.mod";
  return new UsageError(`--gosum ${file}: this is ${contentKind(bytes)}, no go.sum`, hint);
}

/** Says so when go.sum files could not be compared with anything in a capture, and why. */
export function warnOfNothingCompared({ checksums }: Analysis): void {
  const records = checksums?.records ?? [];
  const hashed = records.filter(({ h1, lookup }) => h1 !== undefined || lookup?.h1 !== undefined);
  if (hashed.some(({ gosum }) => gosum !== undefined)) return;
  if (hashed.length > 0) {
    printWarning(
      `--gosum: none of the ${counted(hashed.length, "hash", "hashes")} seen is of a module in it; is it of this run?`,
    );
  } else if (records.length > 0) {
    printWarning("--gosum: no download could be hashed, so none is compared; --json | jq .checksums says why");
  } else {
    printWarning("--gosum: no download can be read, so none is compared; TLS hides them unless --keylog opens it");
  }
}

/** A key as it stands, else those of a file, one a line. */
function verifierKeys(given: string): VerifierKey[] {
  const key = parseVerifierKey(given);
  if (!("error" in key)) return [key];
  if (/^[^/\\]+\+[0-9a-f]{8}\+/i.test(given)) throw new UsageError(`--sumdb-key ${given} ${key.error}`);
  const lines = textOf(given, "--sumdb-key")
    .split("\n")
    .map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const read = parseVerifierKey(line);
      if ("error" in read) throw new UsageError(`--sumdb-key ${given}: a line ${read.error}`);
      return read;
    });
}
