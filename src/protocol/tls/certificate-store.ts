import { createHash } from "node:crypto";
import { limits } from "../../limits.ts";
import type { SentCertificate } from "./facts.ts";

/** Keeps one copy of each distinct certificate, whoever sent it. */
export class CertificateStore {
  readonly #byDigest = new Map<string, SentCertificate>();
  #bytes = 0;

  /** The one object for these bytes, which are copied; undefined once `limits.certificateBytes` is reached. */
  intern(der: Uint8Array): SentCertificate | undefined {
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
