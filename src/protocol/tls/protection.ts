/** How a cipher suite protects records, read from its registered name. */
import { cipherSuiteName } from "./names.ts";
import type { SuiteHash } from "./key-schedule.ts";

/** Authenticated encryption. */
export interface AeadProtection {
  readonly kind: "aead";
  /** As node:crypto names it. */
  readonly cipher: "aes-128-gcm" | "aes-256-gcm" | "aes-128-ccm" | "aes-256-ccm" | "chacha20-poly1305";
  readonly keyLength: number;
  readonly tagLength: number;
  readonly hash: SuiteHash;
}

/** A block cipher in CBC mode with HMAC. Spec: RFC 5246 §6.2.3.2. */
export interface CbcProtection {
  readonly kind: "cbc";
  readonly cipher: string;
  readonly keyLength: number;
  readonly blockLength: number;
  readonly mac: "sha1" | "sha256" | "sha384";
  readonly macLength: number;
  /** Of the pseudo-random function in TLS 1.2. */
  readonly hash: SuiteHash;
}

export type Protection = AeadProtection | CbcProtection;

/** Undefined for suites that cannot be undone: unknown ones, without encryption, RC4, DES and the regional ciphers. */
export function protectionOf(cipherSuite: number): Protection | undefined {
  const name = cipherSuiteName(cipherSuite).replace(/^TLS_(?:.*_WITH_)?/, "");
  const hash = name.endsWith("_SHA384") ? "sha384" : "sha256";
  const aead = /^(?:AES_(128|256)_(GCM|CCM)|CHACHA20_POLY1305)(_8)?/.exec(name);
  if (aead !== null) return aeadOf(aead, hash);
  const cbc = /^(AES_128|AES_256|CAMELLIA_128|CAMELLIA_256|3DES_EDE)_CBC_(SHA|SHA256|SHA384)$/.exec(name);
  if (cbc === null) return undefined;
  const mac = cbc[2] === "SHA" ? "sha1" : hash;
  return { kind: "cbc", ...blockCiphers[cbc[1]], mac, macLength: macLengths[mac], hash };
}

function aeadOf([, bits, mode, short]: RegExpExecArray, hash: SuiteHash): AeadProtection {
  if (mode === undefined) return { kind: "aead", cipher: "chacha20-poly1305", keyLength: 32, tagLength: 16, hash };
  const cipher = `aes-${bits as "128" | "256"}-${mode.toLowerCase() as "gcm" | "ccm"}` as const;
  return { kind: "aead", cipher, keyLength: Number(bits) / 8, tagLength: short === undefined ? 16 : 8, hash };
}

const blockCiphers: Readonly<Record<string, Pick<CbcProtection, "cipher" | "keyLength" | "blockLength">>> = {
  AES_128: { cipher: "aes-128-cbc", keyLength: 16, blockLength: 16 },
  AES_256: { cipher: "aes-256-cbc", keyLength: 32, blockLength: 16 },
  CAMELLIA_128: { cipher: "camellia-128-cbc", keyLength: 16, blockLength: 16 },
  CAMELLIA_256: { cipher: "camellia-256-cbc", keyLength: 32, blockLength: 16 },
  "3DES_EDE": { cipher: "des-ede3-cbc", keyLength: 24, blockLength: 8 },
};

const macLengths = { sha1: 20, sha256: 32, sha384: 48 } as const;
