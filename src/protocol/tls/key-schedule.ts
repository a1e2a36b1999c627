/**
 * How keys follow from secrets.
 *
 *   TLS 1.3   HKDF-Expand-Label(secret, label, "", length); info: length 2, "tls13 " label 1 + …, context 1 + 0
 *   ≤ TLS 1.2 PRF(master, "key expansion", server random + client random)
 *
 * Spec: RFC 8446 §7.1–§7.3, RFC 5246 §5 and §6.3, RFC 2246 §5.
 */
import { createHmac } from "node:crypto";

/** Hash of a cipher suite as node:crypto names it. */
export type SuiteHash = "sha256" | "sha384";

/** Shape: `length` is at most that of the hash, which keys, IVs and next secrets are. */
export function expandLabel(hash: SuiteHash, secret: Uint8Array, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`, "latin1");
  const info = Buffer.concat([Buffer.of(length >> 8, length & 0xff, name.length), name, Buffer.of(0, 1)]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

/** The secret after a KeyUpdate. Spec: RFC 8446 §7.2. */
export function nextTrafficSecret(hash: SuiteHash, secret: Uint8Array): Buffer {
  return expandLabel(hash, secret, "traffic upd", secret.length);
}

/** `length` bytes of key material. `hash` is undefined up to TLS 1.1, where MD5 and SHA-1 are used together. */
export function keyBlock(
  hash: SuiteHash | undefined,
  master: Uint8Array,
  serverRandom: Uint8Array,
  clientRandom: Uint8Array,
  length: number,
): Buffer {
  const seed = Buffer.concat([Buffer.from("key expansion", "latin1"), serverRandom, clientRandom]);
  if (hash !== undefined) return expand(hash, master, seed, length);
  const half = Math.ceil(master.length / 2);
  const block = expand("md5", master.subarray(0, half), seed, length);
  const sha = expand("sha1", master.subarray(master.length - half), seed, length);
  for (let at = 0; at < length; at++) block[at] ^= sha[at];
  return block;
}

/** P_hash of RFC 5246 §5. */
function expand(hash: string, secret: Uint8Array, seed: Uint8Array, length: number): Buffer {
  const hmac = (...parts: Uint8Array[]): Buffer => {
    const mac = createHmac(hash, secret);
    for (const part of parts) mac.update(part);
    return mac.digest();
  };
  const blocks: Buffer[] = [];
  let a = hmac(seed);
  for (let made = 0; made < length; a = hmac(a)) made += blocks[blocks.push(hmac(a, seed)) - 1].length;
  return Buffer.concat(blocks).subarray(0, length);
}
