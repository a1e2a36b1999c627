/**
 * ServerHello (handshake type 2), without its four-byte header; HelloRetryRequest is one with a fixed random.
 *
 *   legacy_version       2
 *   random              32
 *   session_id           1 + 0–32
 *   cipher_suite         2
 *   compression_method   1
 *   extensions           2 + …       absent in old servers
 *
 * Spec: RFC 8446 §4.1.3, §4.1.4; RFC 5246 §7.4.1.3.
 */
import { ByteReader } from "../../bytes/byte-reader.ts";
import { hex } from "../../bytes/text.ts";
import { Extension, readAlpn } from "./client-hello.ts";

export interface ServerHello {
  readonly helloRetryRequest: boolean;
  /** What the connection speaks: supported_versions where sent, else the legacy field. */
  negotiatedVersion: number;
  readonly cipherSuite: number;
  alpn?: string;
  /** The server took a pre-shared key: TLS 1.3 resumption. */
  pskAccepted: boolean;
  /** CBC suites authenticate the ciphertext. Spec: RFC 7366. */
  encryptThenMac: boolean;
}

/** SHA-256 of "HelloRetryRequest". */
const retryRandom = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";

/** Throws: `truncated`, `trailing`, `bad-length`, `empty-list`, `empty-item`, `duplicate`. */
export function parseServerHello(bytes: Uint8Array, start: number, end: number): ServerHello {
  const reader = new ByteReader(bytes, "ServerHello", start, end);
  const legacyVersion = reader.u16();
  const random = reader.slice(32);
  const sessionIdLength = reader.u8();
  if (sessionIdLength > 32) throw reader.malformed("bad-length");
  reader.skip(sessionIdLength);
  const hello: ServerHello = {
    helloRetryRequest: random[0] === 0xcf && hex(random) === retryRandom,
    cipherSuite: reader.u16(),
    negotiatedVersion: legacyVersion,
    pskAccepted: false,
    encryptThenMac: false,
  };
  reader.skip(1);
  if (reader.remaining > 0) readExtensions(reader, hello);
  return hello;
}

function readExtensions(reader: ByteReader, hello: ServerHello): void {
  const list = reader.child(reader.u16(), "extensions");
  reader.expectEnd();
  const types = new Set<number>();
  while (list.remaining > 0) {
    const type = list.u16();
    if (types.has(type)) throw list.malformed("duplicate");
    types.add(type);
    const body = list.child(list.u16(), "extension");
    if (type === Extension.supportedVersions) hello.negotiatedVersion = body.u16();
    else if (type === Extension.preSharedKey) hello.pskAccepted = true;
    else if (type === Extension.encryptThenMac) hello.encryptThenMac = true;
    else if (type === Extension.alpn) hello.alpn = readAlpn(body)[0];
  }
}
