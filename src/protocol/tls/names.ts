import { hexCode } from "../../bytes/text.ts";
import { registeredCipherSuite } from "./cipher-suites.ts";

type Names = Readonly<Record<number, string>>;

/** Spec: the protocols themselves; drafts of 1.3 are 0x7fNN. */
const versions: Names = {
  0x0002: "SSL 2.0",
  0x0300: "SSL 3.0",
  0x0301: "TLS 1.0",
  0x0302: "TLS 1.1",
  0x0303: "TLS 1.2",
  0x0304: "TLS 1.3",
};

/** What `versionName` can give; `*` stands for any characters. */
export const versionNames = [...Object.values(versions), "TLS 1.3 draft *", "0x*"];

/** Spec: IANA TLS Supported Groups, 2025-10. */
const groups: Names = {
  19: "secp192r1",
  21: "secp224r1",
  22: "secp256k1",
  23: "secp256r1",
  24: "secp384r1",
  25: "secp521r1",
  26: "brainpoolP256r1",
  27: "brainpoolP384r1",
  28: "brainpoolP512r1",
  29: "x25519",
  30: "x448",
  31: "brainpoolP256r1tls13",
  32: "brainpoolP384r1tls13",
  33: "brainpoolP512r1tls13",
  41: "curveSM2",
  256: "ffdhe2048",
  257: "ffdhe3072",
  258: "ffdhe4096",
  259: "ffdhe6144",
  260: "ffdhe8192",
  512: "MLKEM512",
  513: "MLKEM768",
  514: "MLKEM1024",
  4587: "SecP256r1MLKEM768",
  4588: "X25519MLKEM768",
  4589: "SecP384r1MLKEM1024",
  4590: "curveSM2MLKEM768",
  0x6399: "X25519Kyber768Draft00",
  0x639a: "SecP256r1Kyber768Draft00",
};

/** Spec: IANA TLS ExtensionType Values, 2025-10. */
const extensions: Names = {
  0: "server_name",
  1: "max_fragment_length",
  5: "status_request",
  10: "supported_groups",
  11: "ec_point_formats",
  13: "signature_algorithms",
  14: "use_srtp",
  15: "heartbeat",
  16: "application_layer_protocol_negotiation",
  17: "status_request_v2",
  18: "signed_certificate_timestamp",
  19: "client_certificate_type",
  20: "server_certificate_type",
  21: "padding",
  22: "encrypt_then_mac",
  23: "extended_master_secret",
  27: "compress_certificate",
  28: "record_size_limit",
  34: "delegated_credential",
  35: "session_ticket",
  41: "pre_shared_key",
  42: "early_data",
  43: "supported_versions",
  44: "cookie",
  45: "psk_key_exchange_modes",
  47: "certificate_authorities",
  49: "post_handshake_auth",
  50: "signature_algorithms_cert",
  51: "key_share",
  57: "quic_transport_parameters",
  13_172: "next_protocol_negotiation",
  17_513: "application_settings",
  17_613: "application_settings",
  65_037: "encrypted_client_hello",
  65_281: "renegotiation_info",
};

/** Spec: IANA TLS SignatureScheme, 2025-10; below 0x0700 also TLS 1.2 hash and signature pairs. */
const signatureSchemes: Names = {
  0x0201: "rsa_pkcs1_sha1",
  0x0202: "dsa_sha1",
  0x0203: "ecdsa_sha1",
  0x0301: "rsa_pkcs1_sha224",
  0x0302: "dsa_sha224",
  0x0303: "ecdsa_sha224",
  0x0401: "rsa_pkcs1_sha256",
  0x0402: "dsa_sha256",
  0x0403: "ecdsa_secp256r1_sha256",
  0x0501: "rsa_pkcs1_sha384",
  0x0502: "dsa_sha384",
  0x0503: "ecdsa_secp384r1_sha384",
  0x0601: "rsa_pkcs1_sha512",
  0x0602: "dsa_sha512",
  0x0603: "ecdsa_secp521r1_sha512",
  0x0708: "sm2sig_sm3",
  0x0804: "rsa_pss_rsae_sha256",
  0x0805: "rsa_pss_rsae_sha384",
  0x0806: "rsa_pss_rsae_sha512",
  0x0807: "ed25519",
  0x0808: "ed448",
  0x0809: "rsa_pss_pss_sha256",
  0x080a: "rsa_pss_pss_sha384",
  0x080b: "rsa_pss_pss_sha512",
  0x081a: "ecdsa_brainpoolP256r1tls13_sha256",
  0x081b: "ecdsa_brainpoolP384r1tls13_sha384",
  0x081c: "ecdsa_brainpoolP512r1tls13_sha512",
  0x0904: "mldsa44",
  0x0905: "mldsa65",
  0x0906: "mldsa87",
};

/** Values that a client offers only to keep servers tolerant: 0x0a0a, 0x1a1a … 0xfafa. Spec: RFC 8701. */
export function isGrease(code: number): boolean {
  return (code & 0x0f0f) === 0x0a0a && code >> 8 === (code & 0xff);
}

/** `TLS 1.3`; a draft by its number; the code where unknown. */
export function versionName(code: number): string {
  if (code >> 8 === 0x7f) return `TLS 1.3 draft ${code & 0xff}`;
  return nameIn(versions, code);
}

/** `TLS_AES_128_GCM_SHA256`, `GREASE`, or the code where unknown. */
export function cipherSuiteName(code: number): string {
  return isGrease(code) ? "GREASE" : (registeredCipherSuite(code) ?? hexCode(code));
}

/** `X25519MLKEM768`, `GREASE`, or the code where unknown. */
export function groupName(code: number): string {
  return nameIn(groups, code);
}

/** `server_name`, `GREASE`, or the code where unknown. */
export function extensionName(code: number): string {
  return nameIn(extensions, code);
}

/** `ed25519`, `GREASE`, or the code where unknown. */
export function signatureSchemeName(code: number): string {
  return nameIn(signatureSchemes, code);
}

function nameIn(names: Names, code: number): string {
  return isGrease(code) ? "GREASE" : (names[code] ?? hexCode(code));
}
