import { latin1 } from "../bytes/text.ts";
import { MalformedError } from "../bytes/malformed.ts";
import { limits } from "../limits.ts";
import { recallCertificate } from "./certificate-memory.ts";
import { sha256Of, type Certificate } from "./certificate.ts";

/**
 * Certificates by subject, parsed when first asked for.
 *
 * Invariants: one entry for each distinct certificate; at most `limits.signatureChecks` of one subject, for no search
 * looks at more.
 */
export class CertificateIndex {
  readonly #bySubject = new Map<string, IndexEntry[]>();

  /** Takes a certificate whose subject was located. The bytes are kept. */
  add(der: Uint8Array, subject: Uint8Array, sha256?: string): void {
    const key = latin1(subject);
    const entries = this.#bySubject.get(key);
    if (entries === undefined) this.#bySubject.set(key, [{ der, sha256, parsed: undefined }]);
    else if (entries.length < limits.signatureChecks) entries.push({ der, sha256, parsed: undefined });
  }

  /** Certificates that bear the child's issuer as their subject, the likeliest key first, as Go orders them. */
  issuersOf(child: Certificate): readonly Certificate[] {
    const named = this.#named(child.issuer.raw);
    return named.length < 2 ? named : byKeyMatch(named, child);
  }

  /** Whether exactly this certificate is in. */
  has(certificate: Certificate): boolean {
    const entries = this.#bySubject.get(latin1(certificate.subject.raw));
    return entries?.some(({ der }) => Buffer.compare(der, certificate.der) === 0) ?? false;
  }

  #named(subject: Uint8Array): Certificate[] {
    const found: Certificate[] = [];
    for (const entry of this.#bySubject.get(latin1(subject)) ?? []) {
      entry.parsed ??= recallCertificate(entry.der, entry.sha256 ?? sha256Of(entry.der));
      if (!(entry.parsed instanceof MalformedError)) found.push(entry.parsed);
    }
    return found;
  }
}

/** Candidates whose subject key identifier is the one wanted, then those that do not tell, then the others. */
export function byKeyMatch(candidates: readonly Certificate[], child: Certificate): Certificate[] {
  const wanted = child.extensions.authorityKeyId ?? "";
  const rank = (candidate: Certificate): number => {
    const offered = candidate.extensions.subjectKeyId ?? "";
    if (offered === wanted) return 0;
    return offered === "" || wanted === "" ? 1 : 2;
  };
  return candidates.toSorted((one, other) => rank(one) - rank(other));
}

interface IndexEntry {
  readonly der: Uint8Array;
  readonly sha256: string | undefined;
  parsed: Certificate | MalformedError | undefined;
}
