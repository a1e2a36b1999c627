/**
 * Certificates that were parsed before, whatever the capture: those of one proxy or authority come again and again, and
 * what is known of their keys and signatures stays with them.
 *
 * Invariants: at most `limits.rememberedCertificates`, the longest known forgotten first; forgetting changes no answer.
 */
import { MalformedError } from "../bytes/malformed.ts";
import { limits } from "../limits.ts";
import { parseCertificate, type Certificate } from "./certificate.ts";

const remembered = new Map<string, Certificate | MalformedError>();

/** Parses a certificate of this digest, or recalls it. Borrows: keeps views of `der` for good. */
export function recallCertificate(der: Uint8Array, sha256: string): Certificate | MalformedError {
  const known = remembered.get(sha256);
  if (known !== undefined) return known;
  const parsed = tryParse(der, sha256);
  if (der.length > limits.rememberedCertificate) return parsed;
  if (remembered.size >= limits.rememberedCertificates) remembered.delete(remembered.keys().next().value!);
  remembered.set(sha256, parsed);
  return parsed;
}

function tryParse(der: Uint8Array, sha256: string): Certificate | MalformedError {
  try {
    return parseCertificate(der, sha256);
  } catch (error) {
    if (error instanceof MalformedError) return error;
    throw error;
  }
}
