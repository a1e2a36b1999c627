import { constants, verify } from "node:crypto";
import type { Certificate } from "./certificate.ts";

/**
 * Whether one certificate's key made another's signature, each pair computed once.
 *
 * The mathematics only: digests that Go refuses are verified like others, so that a refusal can be told from a forgery.
 */
export class SignatureChecks {
  readonly #results = new Map<string, boolean>();

  /** Spec: RFC 5280 §4.1.1.3. False also for algorithms that nobody here knows. */
  verifies(child: Certificate, issuer: Certificate): boolean {
    const pair = `${child.sha256}:${issuer.sha256}`;
    let result = this.#results.get(pair);
    if (result === undefined) {
      result = verifySignature(child, issuer);
      this.#results.set(pair, result);
    }
    return result;
  }
}

function verifySignature(child: Certificate, issuer: Certificate): boolean {
  const { key: wanted, digest, pss } = child.signatureAlgorithm;
  if (wanted === "unknown" || wanted === "DSA" || wanted !== issuer.publicKey.algorithm) return false;
  const key = issuer.publicKey.object();
  if (key === undefined) return false;
  const padding = pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {};
  try {
    return verify(digest ?? null, child.tbsCertificate, { key, ...padding }, child.signature);
  } catch {
    // OpenSSL throws for keys too weak for it and for digests that its configuration forbids.
    return false;
  }
}
