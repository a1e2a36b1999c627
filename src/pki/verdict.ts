/** Verdict on the certification path that a server sent, as Go on Linux would judge it. */
export const pathStatuses = [
  "complete",
  "malformed",
  "expired",
  "not-yet-valid",
  "no-san",
  "name-mismatch",
  "not-permitted",
  "self-signed",
  "missing-intermediate",
  "unknown-authority",
  "not-visible",
] as const;
/** One of `pathStatuses`; `not-visible` where no certificate could be seen. */
export type PathStatus = (typeof pathStatuses)[number];

/** What is untidy about the certificates sent, or was left unchecked, without changing the status. */
export const pathRemarks = [
  "out-of-order",
  "leaf-not-first",
  "unrelated",
  "duplicate",
  "root-included",
  "perhaps-missing-intermediate",
  "older-go-refuses",
  "newer-go-refuses",
  "time-not-checked",
  "name-not-checked",
] as const;
/** One of `pathRemarks`. */
export type PathRemark = (typeof pathRemarks)[number];

/** What refused an issuer that was found. */
export const refusals = [
  "ca-bit",
  "path-length",
  "key-usage",
  "extended-key-usage",
  "name-constraints",
  "policy",
  "key-size",
  "sha1",
  "md5",
  "algorithm",
  "critical-extension",
  "expired",
  "not-yet-valid",
  "signature",
  "limit",
] as const;
/** One of `refusals`. */
export type Refusal = (typeof refusals)[number];

/** The certificate that is not there. Text comes from certificates: untrusted. */
export interface MissingIssuer {
  /** Subject of the certificate that lacks its issuer. */
  readonly for: string;
  /** Distinguished name of the wanted issuer, RFC 4514. */
  readonly issuer: string;
  /** Its subject key identifier, from the authority key identifier; lower-case hex. */
  readonly keyId?: string;
  readonly caIssuers: readonly string[];
  /** SHA-256 of the issuer where it is known from elsewhere. */
  readonly known?: string;
  /** Where it is known from: `flow 3`, `--intermediates`. */
  readonly knownFrom?: string;
}

/** What Go on Linux would make of the certificates sent. Spec: RFC 5280 §6. */
export interface PathVerdict {
  readonly status: PathStatus;
  readonly certainty?: "proved" | "likely" | "possible";
  readonly remarks: readonly PathRemark[];
  readonly missing?: MissingIssuer;
  /**
   * Which certificate was refused, and by what: for `not-permitted`, for an expired CA, and beside an unknown authority
   * where a certificate bears the wanted name but not the key that signed.
   */
  readonly refused?: { readonly subject: string; readonly by: Refusal; readonly detail?: string };
  /** Subject of the trust anchor that the path ends at. */
  readonly anchor?: string;
  /** Subjects of the path, end-entity first, as far as it could be built. */
  readonly path: readonly string[];
  /**
   * What Go prints from 1.20 on (`goErrorBefore120` gives the older text). Absent when complete. The current time in it
   * is UTC; Go prints the client's zone.
   */
  readonly goError?: string;
  /** One sentence: what is wrong. */
  readonly detail: string;
}

/** A certificate in the words of reports. Untrusted text. */
export interface CertificateSummary {
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly caIssuers: readonly string[];
  readonly subjectKeyId?: string;
  readonly authorityKeyId?: string;
  /** `RSA 2048`, `P-256`, `Ed25519`. */
  readonly publicKey: string;
  readonly signatureAlgorithm: string;
  readonly isCa: boolean;
  /** Bytes of the DER. */
  readonly length: number;
}
