/**
 * Opens protected records, one direction.
 *
 *   TLS 1.3           ciphertext, tag              nonce: IV xor sequence number; the header is authenticated
 *   TLS 1.2 GCM, CCM  explicit nonce 8, ciphertext, tag     nonce: salt 4, explicit 8
 *   TLS 1.2 ChaCha20  ciphertext, tag              nonce as in TLS 1.3
 *
 * In TLS 1.2 sequence number, type, version and length of the plaintext are authenticated.
 * Spec: RFC 8446 §5.2, §5.3; RFC 5246 §6.2.3.3; RFC 5288, RFC 6655, RFC 7905.
 */
import { createDecipheriv, createSecretKey, type CipherGCMTypes, type DecipherGCM, type KeyObject } from "node:crypto";
import type { AeadProtection } from "./protection.ts";

/** Opens records with the keys of one direction and one epoch. */
export interface RecordCipher {
  /** Bytes that protection adds to a fragment; of CBC, at least. */
  readonly overhead: number;
  /** The plaintext of a fragment, in bytes of its own; undefined when it does not authenticate. */
  open(contentType: number, bytes: Uint8Array, start: number, end: number, sequence: number): Uint8Array | undefined;
  /** The fragment is done with, opened or not: for ciphers of which one record depends on the one before. */
  leave?(bytes: Uint8Array, start: number, end: number): void;
  /** Sequence number that a fragment names, going by the last that was opened; undefined where records name none. */
  namedSequence?(bytes: Uint8Array, start: number): number | undefined;
}

const explicitNonceLength = 8;
const sequenceAt = 4;
const two32 = 0x1_0000_0000;

export class AeadCipher implements RecordCipher {
  readonly overhead: number;
  readonly #cipher: CipherGCMTypes;
  readonly #key: KeyObject;
  readonly #iv: Uint8Array;
  readonly #explicit: number;
  readonly #tagLength: number;
  readonly #nonce = Buffer.alloc(12);
  readonly #nonceView = new DataView(this.#nonce.buffer, this.#nonce.byteOffset, 12);
  readonly #additional: Buffer;
  readonly #version: number;
  /** What CCM has to be told; the others take their defaults faster. */
  readonly #options: { authTagLength: number; plaintextLength: number } | undefined;
  /** Sequence number minus explicit nonce of the last record opened, where it is small enough to be told. */
  #distance: number | undefined;

  /** `iv` has 12 bytes, or the 4 of a salt: then records carry the other 8. `version` is the negotiated one. */
  constructor(protection: AeadProtection, key: Uint8Array, iv: Uint8Array, version: number) {
    // The types of node:crypto know the modes by different overloads that accept the same arguments.
    this.#cipher = protection.cipher as CipherGCMTypes;
    this.#key = createSecretKey(key);
    this.#iv = iv;
    this.#explicit = iv.length === 12 ? 0 : explicitNonceLength;
    this.#tagLength = protection.tagLength;
    this.#version = version;
    this.#nonce.set(iv);
    const isCcm = protection.cipher.endsWith("ccm");
    this.#options = isCcm ? { authTagLength: protection.tagLength, plaintextLength: 0 } : undefined;
    this.overhead = this.#explicit + protection.tagLength + (version >= tls13 ? 1 : 0);
    this.#additional = Buffer.alloc(version >= tls13 ? 5 : 13);
  }

  open(contentType: number, bytes: Uint8Array, start: number, end: number, sequence: number): Uint8Array | undefined {
    const from = start + this.#explicit;
    const to = end - this.#tagLength;
    if (to < from) return undefined;
    this.#setNonce(bytes, start, sequence);
    this.#setAdditional(contentType, end - start, to - from, sequence);
    const plaintext = this.#decrypt(bytes, from, to);
    if (plaintext !== undefined && this.#explicit > 0) this.#noteDistance(bytes, start, sequence);
    return plaintext;
  }

  namedSequence(bytes: Uint8Array, start: number): number | undefined {
    return this.#distance === undefined ? undefined : explicitNonce(bytes, start) + this.#distance;
  }

  #decrypt(bytes: Uint8Array, from: number, to: number): Uint8Array | undefined {
    const options = this.#options;
    if (options !== undefined) options.plaintextLength = to - from;
    const decipher: DecipherGCM = createDecipheriv(this.#cipher, this.#key, this.#nonce, options);
    decipher.setAuthTag(bytes.subarray(to, to + this.#tagLength));
    decipher.setAAD(this.#additional, options);
    try {
      // CCM checks the tag here, the others in `final`.
      const plaintext = decipher.update(bytes.subarray(from, to));
      decipher.final();
      return plaintext;
    } catch {
      return undefined;
    }
  }

  #setNonce(bytes: Uint8Array, start: number, sequence: number): void {
    const nonce = this.#nonce;
    if (this.#explicit > 0) {
      for (let at = 0; at < explicitNonceLength; at++) nonce[sequenceAt + at] = bytes[start + at];
      return;
    }
    const iv = this.#iv;
    this.#nonceView.setUint32(sequenceAt, Math.floor(sequence / two32));
    this.#nonceView.setUint32(sequenceAt + 4, sequence >>> 0);
    for (let at = sequenceAt; at < nonce.length; at++) nonce[at] ^= iv[at];
  }

  #setAdditional(contentType: number, fragment: number, plaintext: number, sequence: number): void {
    const additional = this.#additional;
    if (this.#version >= tls13) {
      additional[0] = contentType;
      additional.writeUInt16BE(0x0303, 1);
      additional.writeUInt16BE(fragment, 3);
    } else writeAdditional(additional, sequence, contentType, this.#version, plaintext);
  }

  #noteDistance(bytes: Uint8Array, start: number, sequence: number): void {
    const distance = sequence - explicitNonce(bytes, start);
    this.#distance = Number.isSafeInteger(distance) ? distance : undefined;
  }
}

/** What TLS up to 1.2 authenticates besides the content: 13 bytes. Spec: RFC 5246 §6.2.3.1, §6.2.3.3. */
export function writeAdditional(
  target: Buffer,
  sequence: number,
  contentType: number,
  version: number,
  length: number,
): void {
  target.writeUInt32BE(Math.floor(sequence / two32), 0);
  target.writeUInt32BE(sequence >>> 0, 4);
  target[8] = contentType;
  target.writeUInt16BE(version, 9);
  target.writeUInt16BE(length, 11);
}

/** Exact up to 2^53; beyond, no number that a sequence could have. */
function explicitNonce(bytes: Uint8Array, start: number): number {
  let value = 0;
  for (let at = start; at < start + explicitNonceLength; at++) value = value * 256 + bytes[at];
  return value;
}

const tls13 = 0x0304;
