import type { GoConfiguration } from "../configuration/configuration.ts";
import { parseVerifierKey, publicDatabaseKey, type VerifierKey } from "./note.ts";
import type { ChecksumTrust } from "./proof.ts";

/** What checksums are held against: the keys given, Go's own, and one that GOSUMDB of the run names. */
export function checksumTrust(
  given: ChecksumTrust | undefined,
  configuration: GoConfiguration | undefined,
): ChecksumTrust {
  const [configured = ""] = (configuration?.variables.get("GOSUMDB")?.value ?? "").trim().split(/\s+/);
  const keys = [publicDatabaseKey, configured]
    .map(parseVerifierKey)
    .filter((key): key is VerifierKey => !("error" in key));
  return { keys: [...(given?.keys ?? []), ...keys], sums: given?.sums ?? new Map() };
}
