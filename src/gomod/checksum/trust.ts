import { fieldsOf } from "../../bytes/text.ts";
import type { GoConfiguration } from "../configuration/configuration.ts";
import { parseVerifierKey, publicDatabaseKey, type VerifierKey } from "./note.ts";
import type { ChecksumTrust } from "./proof.ts";

/** What checksums are held against: the keys given, Go's own, and one that GOSUMDB of the run names. */
export function checksumTrust(
  given: ChecksumTrust | undefined,
  configuration: GoConfiguration | undefined,
): ChecksumTrust {
  const [configured = ""] = fieldsOf(configuration?.variables.get("GOSUMDB")?.value ?? "");
  goKey ??= verifierKeys(publicDatabaseKey);
  return { keys: [...(given?.keys ?? []), ...goKey, ...verifierKeys(configured)], sums: given?.sums ?? new Map() };
}

/** Go's own, read once. */
let goKey: readonly VerifierKey[] | undefined;

function verifierKeys(text: string): readonly VerifierKey[] {
  const key = parseVerifierKey(text);
  return "error" in key ? [] : [key];
}
