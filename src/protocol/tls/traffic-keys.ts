import { CbcCipher, type CbcKeys } from "./cbc-cipher.ts";
import type { Epochs } from "./direction-keys.ts";
import { expandLabel, keyBlock, nextTrafficSecret } from "./key-schedule.ts";
import type { AeadProtection, CbcProtection, Protection } from "./protection.ts";
import { AeadCipher, type RecordCipher } from "./record-cipher.ts";

const tls12 = 0x0303;
const tls11 = 0x0302;
const tls13 = 0x0304;
const ivLength = 12;
/** The part of a nonce that keys give where records carry the rest. Spec: RFC 5288 §3, RFC 6655 §3. */
const saltLength = 4;

/** The cipher of one direction of TLS 1.3. Spec: RFC 8446 §7.3. */
function trafficCipher(protection: AeadProtection, secret: Uint8Array): RecordCipher {
  const { hash, keyLength } = protection;
  const key = expandLabel(hash, secret, "key", keyLength);
  return new AeadCipher(protection, key, expandLabel(hash, secret, "iv", ivLength), tls13);
}

/** A secret, asked for when its turn comes: a capture may bring it late. */
export type LateSecret = () => Uint8Array | undefined;

/** The epochs of one direction of TLS 1.3: of early data and the handshake, then of application data without end. */
export class TrafficEpochs implements Epochs {
  readonly dataEpoch: number;
  readonly #protection: AeadProtection;
  readonly #handshake: readonly LateSecret[];
  readonly #traffic: LateSecret;
  #epoch = -1;
  #secret: Uint8Array | undefined;

  constructor(protection: AeadProtection, handshake: readonly LateSecret[], traffic: LateSecret) {
    this.#protection = protection;
    this.#handshake = handshake;
    this.#traffic = traffic;
    this.dataEpoch = handshake.length;
  }

  cipher(epoch: number): RecordCipher | undefined {
    const secret = epoch < this.dataEpoch ? this.#handshake[epoch]() : this.#trafficSecret(epoch);
    return secret && trafficCipher(this.#protection, secret);
  }

  /** Each follows from the one before. Spec: RFC 8446 §7.2. */
  #trafficSecret(epoch: number): Uint8Array | undefined {
    if (epoch === this.#epoch) return this.#secret;
    const secret = this.#secret && nextTrafficSecret(this.#protection.hash, this.#secret);
    this.#secret = epoch === this.dataEpoch ? this.#traffic() : secret;
    if (this.#secret !== undefined) this.#epoch = epoch;
    return this.#secret;
  }
}

/** What both directions of a connection up to TLS 1.2 are protected by. */
export interface MasterKeys {
  readonly protection: Protection;
  readonly version: number;
  readonly master: Uint8Array;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
  readonly encryptThenMac: boolean;
}

/** The ciphers of client and server. Spec: RFC 5246 §6.3. */
export function masterCiphers(keys: MasterKeys): [client: RecordCipher, server: RecordCipher] {
  const { protection, version } = keys;
  const lengths = protection.kind === "aead" ? aeadLengths(protection) : cbcLengths(protection, version);
  const hash = version >= tls12 ? protection.hash : undefined;
  const total = 2 * lengths.reduce((sum, length) => sum + length, 0);
  const block = keyBlock(hash, keys.master, keys.serverRandom, keys.clientRandom, total);
  const parts = lengths.map((length, kind) => {
    const at = 2 * lengths.slice(0, kind).reduce((sum, each) => sum + each, 0);
    return [block.subarray(at, at + length), block.subarray(at + length, at + 2 * length)];
  });
  const cipherOf = (side: 0 | 1): RecordCipher => {
    const [mac, key, iv] = parts.map((pair) => pair[side]);
    if (protection.kind === "aead") return new AeadCipher(protection, key, iv, version);
    const cbc: CbcKeys = { mac, key, iv: iv.length > 0 ? iv : undefined };
    return new CbcCipher(protection, cbc, version, keys.encryptThenMac);
  };
  return [cipherOf(0), cipherOf(1)];
}

type Lengths = readonly [mac: number, key: number, iv: number];

function aeadLengths({ cipher, keyLength }: AeadProtection): Lengths {
  return [0, keyLength, cipher === "chacha20-poly1305" ? ivLength : saltLength];
}

function cbcLengths({ macLength, keyLength, blockLength }: CbcProtection, version: number): Lengths {
  return [macLength, keyLength, version >= tls11 ? 0 : blockLength];
}
