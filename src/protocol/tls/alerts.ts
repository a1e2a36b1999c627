/**
 * Alerts.
 *
 *   level         1   1 warning, 2 fatal
 *   description   1
 */

/** Spec: IANA TLS Alerts, 2025-10, with the numbers that older versions used. */
const names: Readonly<Record<number, string>> = {
  0: "close_notify",
  10: "unexpected_message",
  20: "bad_record_mac",
  21: "decryption_failed",
  22: "record_overflow",
  30: "decompression_failure",
  40: "handshake_failure",
  41: "no_certificate",
  42: "bad_certificate",
  43: "unsupported_certificate",
  44: "certificate_revoked",
  45: "certificate_expired",
  46: "certificate_unknown",
  47: "illegal_parameter",
  48: "unknown_ca",
  49: "access_denied",
  50: "decode_error",
  51: "decrypt_error",
  52: "too_many_cids_requested",
  60: "export_restriction",
  70: "protocol_version",
  71: "insufficient_security",
  80: "internal_error",
  86: "inappropriate_fallback",
  90: "user_canceled",
  100: "no_renegotiation",
  109: "missing_extension",
  110: "unsupported_extension",
  111: "certificate_unobtainable",
  112: "unrecognized_name",
  113: "bad_certificate_status_response",
  114: "bad_certificate_hash_value",
  115: "unknown_psk_identity",
  116: "certificate_required",
  120: "no_application_protocol",
  121: "ech_required",
};

/** Alerts by which a client says that it does not take the server's certificate. Go sends 42 for every such reason. */
const refusals: ReadonlySet<number> = new Set([42, 43, 44, 45, 46, 48, 113, 114]);

export const closeNotify = 0;
/** Comes before a closeNotify: RFC 8446 §6.1. */
export const userCanceled = 90;
export const fatal = 2;

/** `bad_certificate`; `unassigned` where the registry has no name. */
export function alertName(description: number): string {
  return names[description] ?? "unassigned";
}

/** `bad_certificate (42)`. */
export function alertText(description: number): string {
  return `${alertName(description)} (${description})`;
}

/** Whether the alert speaks of the peer's certificate. */
export function refusesCertificate(description: number): boolean {
  return refusals.has(description);
}
