import { createCipheriv, createHmac } from "node:crypto";
import { clientHelloBody, concat, message, record, supportedVersions, type HelloFields } from "./tls.ts";

/** Secret of a connection of TLS 1.3 by its key log label: bytes that tell one from the other. */
export const secrets13 = {
  CLIENT_HANDSHAKE_TRAFFIC_SECRET: Buffer.alloc(32, 0x11),
  SERVER_HANDSHAKE_TRAFFIC_SECRET: Buffer.alloc(32, 0x22),
  CLIENT_TRAFFIC_SECRET_0: Buffer.alloc(32, 0x33),
  SERVER_TRAFFIC_SECRET_0: Buffer.alloc(32, 0x44),
  CLIENT_EARLY_TRAFFIC_SECRET: Buffer.alloc(32, 0x55),
} as const;

/** The key log of a connection whose ClientHello `clientHelloBody` made. */
export function keyLog13(labels: readonly (keyof typeof secrets13)[] = Object.keys(secrets13) as never): string {
  return labels.map((label) => `${label} ${"07".repeat(32)} ${secrets13[label].toString("hex")}\n`).join("");
}

export function clientHello13(fields: HelloFields = {}): Uint8Array {
  const extensions = [supportedVersions(0x0304), ...(fields.extensions ?? [])];
  return record(22, message(1, clientHelloBody({ ...fields, extensions })));
}

/** TLS_AES_128_GCM_SHA256. */
export function serverHello13(...extensions: readonly Uint8Array[]): Uint8Array {
  const list = concat(Buffer.from("002b00020304", "hex"), ...extensions);
  const head = concat(Buffer.from("0303", "hex"), Buffer.alloc(32, 8), Buffer.from("00130100", "hex"));
  return record(22, message(2, concat(head, Buffer.of(0, list.length), list)));
}

/** Seals records of TLS 1.3 with AES-128-GCM, one direction. Spec: RFC 8446 §5.2, §7.3. */
export class Sealer {
  #secret: Uint8Array;
  sequence = 0;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** Goes on with the next secret, as after a KeyUpdate, or with another. */
  use(secret = derive(this.#secret, "traffic upd", 32)): this {
    this.#secret = secret;
    this.sequence = 0;
    return this;
  }

  seal(contentType: number, content: Uint8Array, padding = 0): Uint8Array {
    const inner = concat(content, Buffer.of(contentType), Buffer.alloc(padding));
    const nonce = derive(this.#secret, "iv", 12);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ this.sequence++) >>> 0, 8);
    const length = inner.length + 16;
    const header = Buffer.of(23, 3, 3, length >> 8, length & 0xff);
    const cipher = createCipheriv("aes-128-gcm", derive(this.#secret, "key", 16), nonce).setAAD(header);
    return concat(header, cipher.update(inner), cipher.final(), cipher.getAuthTag());
  }
}

function derive(secret: Uint8Array, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.of(0, length, name.length), name, Buffer.of(0), Buffer.of(1)]);
  return createHmac("sha256", secret).update(info).digest().subarray(0, length);
}
