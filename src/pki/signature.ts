import { constants, verify } from "node:crypto";
import type { Certificate } from "./certificate.ts";

/** Results by the digest of the issuer; they live as long as the certificate that was checked. */
const results = new WeakMap<Certificate, Map<string, boolean>>();

/**
 * Whether one certificate's key made another's signature, each pair computed once. False also for algorithms that nobody
 * here knows.
 *
 * Spec: RFC 5280 §4.1.1.3. The mathematics only: digests that Go refuses are verified like others, so that a refusal can
 * be told from a forgery.
 */
export function isSignedBy(child: Certificate, issuer: Certificate): boolean {
  let byIssuer = results.get(child);
  if (byIssuer === undefined) results.set(child, (byIssuer = new Map<string, boolean>()));
  let result = byIssuer.get(issuer.sha256);
  if (result === undefined) byIssuer.set(issuer.sha256, (result = verifySignature(child, issuer)));
  return result;
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
