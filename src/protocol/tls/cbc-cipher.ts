/**
 * Opens records of the CBC suites, one direction.
 *
 *   IV             a block     in the record from TLS 1.1 on; before, the last block of the record before
 *   content        …           encrypted together with what follows
 *   MAC            20–48       over sequence number, type, version, length and content
 *   padding        n + 1       every byte is n
 *
 * With encrypt-then-MAC the MAC stands behind the ciphertext, in clear, over IV and ciphertext.
 * Spec: RFC 5246 §6.2.3.2, RFC 2246 §6.2.3.2, RFC 7366 §3.
 */
import { createDecipheriv, createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { CbcProtection } from "./protection.ts";
import { writeAdditional, type RecordCipher } from "./record-cipher.ts";

/** The keys of a direction. */
export interface CbcKeys {
  readonly mac: Uint8Array;
  readonly key: Uint8Array;
  /** The first IV of TLS 1.0; undefined where records carry their own. */
  readonly iv?: Uint8Array | undefined;
}

export class CbcCipher implements RecordCipher {
  readonly overhead: number;
  readonly #protection: CbcProtection;
  readonly #version: number;
  readonly #encryptThenMac: boolean;
  readonly #key: KeyObject;
  readonly #macKey: KeyObject;
  /** TLS 1.0: the last block of the last record. */
  #chained: Uint8Array | undefined;
  readonly #additional = Buffer.alloc(13);

  constructor(protection: CbcProtection, keys: CbcKeys, version: number, encryptThenMac: boolean) {
    this.#protection = protection;
    this.#version = version;
    this.#encryptThenMac = encryptThenMac;
    this.#key = createSecretKey(keys.key);
    this.#macKey = createSecretKey(keys.mac);
    this.#chained = keys.iv;
    this.overhead = (keys.iv === undefined ? protection.blockLength : 0) + protection.macLength + 1;
  }

  open(contentType: number, bytes: Uint8Array, start: number, end: number, sequence: number): Uint8Array | undefined {
    const { blockLength, macLength } = this.#protection;
    const bodyEnd = this.#encryptThenMac ? end - macLength : end;
    const chained = this.#chained;
    const from = chained === undefined ? start + blockLength : start;
    if (bodyEnd - from < blockLength || (bodyEnd - from) % blockLength !== 0) return undefined;
    const iv = chained ?? bytes.subarray(start, from);
    if (!this.#encryptThenMac) return this.#checked(contentType, this.#decrypt(bytes, from, bodyEnd, iv), sequence);
    const body = bytes.subarray(start, bodyEnd);
    if (!this.#mac(contentType, body, sequence).equals(bytes.subarray(bodyEnd, end))) return undefined;
    const plaintext = this.#decrypt(bytes, from, bodyEnd, iv);
    const length = unpadded(plaintext);
    return length < 0 ? undefined : plaintext.subarray(0, length);
  }

  leave(bytes: Uint8Array, start: number, end: number): void {
    const bodyEnd = this.#encryptThenMac ? end - this.#protection.macLength : end;
    const from = bodyEnd - this.#protection.blockLength;
    if (this.#chained !== undefined && from >= start) this.#chained = bytes.slice(from, bodyEnd);
  }

  #decrypt(bytes: Uint8Array, from: number, to: number, iv: Uint8Array): Buffer {
    const decipher = createDecipheriv(this.#protection.cipher, this.#key, iv).setAutoPadding(false);
    return decipher.update(bytes.subarray(from, to));
  }

  /** MAC-then-encrypt: the content, when padding and MAC are right. */
  #checked(contentType: number, plaintext: Buffer, sequence: number): Uint8Array | undefined {
    const length = unpadded(plaintext) - this.#protection.macLength;
    if (length < 0) return undefined;
    const content = plaintext.subarray(0, length);
    const mac = plaintext.subarray(length, length + this.#protection.macLength);
    return this.#mac(contentType, content, sequence).equals(mac) ? content : undefined;
  }

  #mac(contentType: number, content: Uint8Array, sequence: number): Buffer {
    writeAdditional(this.#additional, sequence, contentType, this.#version, content.length);
    return createHmac(this.#protection.mac, this.#macKey).update(this.#additional).update(content).digest();
  }
}

/** Length without the padding; -1 where that is wrong. */
function unpadded(plaintext: Uint8Array): number {
  const padding = plaintext[plaintext.length - 1];
  const length = plaintext.length - padding - 1;
  if (length < 0) return -1;
  for (let at = length; at < plaintext.length; at++) if (plaintext[at] !== padding) return -1;
  return length;
}
