import { createHash } from "node:crypto";
import { limits } from "../../limits.ts";
import type { SentCertificate } from "./facts.ts";

/**
 * Keeps one copy of each distinct certificate, whoever sent it.
 *
 * Invariant: `#byEnding` holds, under the ending of its bytes, the certificate that came last with that ending: most
 * certificates of a capture come again and again, and comparing bytes costs less than their digest.
 */
export class CertificateStore {
  readonly #byDigest = new Map<string, SentCertificate>();
  readonly #byEnding = new Map<number, SentCertificate>();
  #bytes = 0;

  /** The one object for these bytes, which are copied; undefined once `limits.certificateBytes` is reached. */
  intern(der: Uint8Array): SentCertificate | undefined {
    const key = ending(der);
    const likely = this.#byEnding.get(key);
    if (likely !== undefined && Buffer.compare(likely.der, der) === 0) return likely;
    const certificate = this.#internByDigest(der);
    if (certificate !== undefined) this.#byEnding.set(key, certificate);
    return certificate;
  }

  #internByDigest(der: Uint8Array): SentCertificate | undefined {
    const sha256 = createHash("sha256").update(der).digest("hex");
    const known = this.#byDigest.get(sha256);
    if (known !== undefined) return known;
    if (this.#bytes + der.length > limits.certificateBytes) return undefined;
    this.#bytes += der.length;
    const certificate: SentCertificate = { sha256, der: der.slice() };
    this.#byDigest.set(sha256, certificate);
    return certificate;
  }

  find(sha256: string): SentCertificate | undefined {
    return this.#byDigest.get(sha256);
  }

  /** Every distinct certificate, in order of first appearance. */
  all(): Iterable<SentCertificate> {
    return this.#byDigest.values();
  }
}

/** The last six bytes as a number: of a whole certificate a part of the signature. */
function ending(der: Uint8Array): number {
  let number = 0;
  for (let at = Math.max(0, der.length - 6); at < der.length; at++) number = number * 0x100 + der[at];
  return number;
}
