/** May this certificate issue that one? The checks of Go's CheckSignatureFrom and isValid, one candidate at a time. */
import type { Certificate } from "./certificate.ts";
import { goText, validityError, type GoError } from "./go-error.ts";
import { isSignedBy } from "./signature.ts";
import type { Refusal } from "./verdict.ts";

/** Why a candidate was refused. */
export interface Refused {
  /** The certificate to blame: the authority, or the one below where its signature's algorithm is at fault. */
  readonly certificate: Certificate;
  readonly by: Refusal;
  /** In words of reports. */
  readonly detail: string;
  readonly goError: GoError;
}

/**
 * Whether an authority's key made a certificate's signature and was allowed to.
 *
 * Spec: RFC 5280 §4.2.1.3, §4.2.1.9. Where the signature is not the authority's at all, that is the refusal, for then it
 * only bears the issuer's name; `goError` is what Go stumbles over first all the same.
 */
export function checkIssued(child: Certificate, authority: Certificate): Refused | undefined {
  const refused = refusedBeforeMathematics(child, authority);
  if (refused !== undefined && (refused.by === "algorithm" || isSignedBy(child, authority))) return refused;
  if (refused === undefined && isSignedBy(child, authority)) return undefined;
  return {
    certificate: authority,
    by: "signature",
    detail: "bears the issuer's name, but its key did not make the signature",
    goError: refused?.goError ?? signatureError(child, authority),
  };
}

/** Validity of a candidate as an authority above `below` certificates. Anchors need no CA bit. */
export function checkAuthority(
  authority: Certificate,
  below: number,
  isAnchor: boolean,
  time: number | undefined,
): Refused | undefined {
  const { extensions } = authority;
  const critical = checkCritical(authority);
  if (critical !== undefined) return critical;
  const expired = checkValidity(authority, time);
  if (expired !== undefined) return expired;
  const { basicConstraints } = extensions;
  const refuse = (by: Refusal, detail: string, text: string): Refused => {
    return { certificate: authority, by, detail, goError: goText(text) };
  };
  if (!isAnchor && basicConstraints?.isCa !== true) {
    return refuse("ca-bit", "is not a CA certificate", "certificate is not authorized to sign other certificates");
  }
  const intermediates = below - 1;
  if (basicConstraints?.pathLength !== undefined && intermediates > basicConstraints.pathLength) {
    const detail = `allows ${basicConstraints.pathLength} CA certificates below it, and there are ${intermediates}`;
    return refuse("path-length", detail, "too many intermediates for path length constraint");
  }
  return undefined;
}

/** Critical extensions that Go does not know. Spec: RFC 5280 §4.2. */
export function checkCritical(certificate: Certificate): Refused | undefined {
  const { unhandledCritical } = certificate.extensions;
  if (unhandledCritical.length === 0) return undefined;
  const detail = `has a critical extension that Go does not know: ${unhandledCritical.join(", ")}`;
  return { certificate, by: "critical-extension", detail, goError: goText("unhandled critical extension") };
}

/** Both ends of the validity are valid. Without a time nothing is checked. */
export function checkValidity(certificate: Certificate, time: number | undefined): Refused | undefined {
  const { notBefore, notAfter } = certificate;
  if (time === undefined || (time >= notBefore && time <= notAfter)) return undefined;
  const expired = time > notAfter;
  return {
    certificate,
    by: expired ? "expired" : "not-yet-valid",
    detail: expired ? "has expired" : "is not valid yet",
    goError: validityError(certificate, time),
  };
}

function refusedBeforeMathematics(child: Certificate, authority: Certificate): Refused | undefined {
  const { basicConstraints, keyUsage } = authority.extensions;
  const violation = goText("invalid signature: parent certificate cannot sign this kind of certificate");
  if (basicConstraints === undefined ? authority.version === 3 : !basicConstraints.isCa) {
    return { certificate: authority, by: "ca-bit", detail: "is not a CA certificate", goError: violation };
  }
  if (keyUsage !== undefined && keyUsage !== 0 && (keyUsage & keyCertSign) === 0) {
    const detail = "may not sign certificates by its key usage";
    return { certificate: authority, by: "key-usage", detail, goError: violation };
  }
  const { name, digest, key } = child.signatureAlgorithm;
  if (digest === "sha1" || digest === "md5") {
    const goError = goText(`cannot verify signature: insecure algorithm ${name}`);
    return { certificate: child, by: digest, detail: `is signed with ${name}, which Go refuses`, goError };
  }
  if (key === "unknown" || key === "DSA") {
    const goError = goText("cannot verify signature: algorithm unimplemented");
    return { certificate: child, by: "algorithm", detail: `is signed with ${name}, which Go does not know`, goError };
  }
  const goError = weakKeyError(authority);
  return goError && key === "RSA" ? { certificate: authority, by: "key-size", detail: weakKey, goError } : undefined;
}

/** Keys of a size that crypto/tls takes from nobody: it looks at all certificates before it verifies any. */
export function checkLargestKey(certificate: Certificate): Refused | undefined {
  const { algorithm, bits } = certificate.publicKey;
  if (algorithm !== "RSA" || bits <= largestRsaKey) return undefined;
  const detail = `has an RSA key of more than ${largestRsaKey} bits, which Go takes from no server`;
  const text = `tls: server sent certificate containing RSA key larger than ${largestRsaKey} bits`;
  return { certificate, by: "key-size", detail, goError: { kind: "tls", text } };
}

/** A server's own key that is too small to sign a handshake with. */
export function checkSmallestKey(certificate: Certificate): Refused | undefined {
  const error = weakKeyError(certificate);
  if (error === undefined) return undefined;
  const text = `tls: invalid signature by the server certificate: ${error.text}`;
  return { certificate, by: "key-size", detail: weakKey, goError: { kind: "tls", text } };
}

function weakKeyError({ publicKey: { algorithm, bits } }: Certificate): { kind: "text"; text: string } | undefined {
  if (algorithm !== "RSA" || bits >= smallestRsaKey) return undefined;
  const why = "see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size";
  return { kind: "text", text: `crypto/rsa: ${bits}-bit keys are insecure (${why})` };
}

const smallestRsaKey = 1024;
const largestRsaKey = 8192;
const weakKey = `has an RSA key of less than ${smallestRsaKey} bits, which Go refuses since 1.24 (GODEBUG=rsa1024min=0 lets it pass)`;

function signatureError(child: Certificate, authority: Certificate): GoError {
  const { key } = child.signatureAlgorithm;
  const offered = authority.publicKey.algorithm;
  if (key !== offered) {
    const type = goKeyTypes.get(offered);
    if (type === undefined) return goText("cannot verify signature: algorithm unimplemented");
    return goText(`signature algorithm specifies an ${key} public key, but have public key of type ${type}`);
  }
  if (key === "RSA") return { kind: "text", text: "crypto/rsa: verification error" };
  return goText(`${key} verification failure`);
}

const keyCertSign = 1 << 5;

const goKeyTypes = new Map([
  ["RSA", "*rsa.PublicKey"],
  ["ECDSA", "*ecdsa.PublicKey"],
  ["Ed25519", "ed25519.PublicKey"],
]);
