/**
 * EncryptedExtensions (handshake type 8), without its four-byte header.
 *
 *   extensions   2 + …     each: type 2, length 2, body
 *
 * Spec: RFC 8446 §4.3.1.
 */
import { ByteReader } from "../../bytes/byte-reader.ts";
import { Extension, readAlpn } from "./client-hello.ts";

export interface EncryptedExtensions {
  readonly alpn?: string;
  /** The server takes the early data. */
  readonly earlyData: boolean;
}

/** Throws: `truncated`, `trailing`, `empty-list`, `empty-item`. */
export function parseEncryptedExtensions(bytes: Uint8Array, start: number, end: number): EncryptedExtensions {
  const reader = new ByteReader(bytes, "EncryptedExtensions", start, end);
  const list = reader.child(reader.u16(), "extensions");
  reader.expectEnd();
  const extensions: { alpn?: string; earlyData: boolean } = { earlyData: false };
  while (list.remaining > 0) {
    const type = list.u16();
    const body = list.child(list.u16(), "extension");
    if (type === Extension.alpn) extensions.alpn = readAlpn(body)[0];
    else if (type === Extension.earlyData) extensions.earlyData = true;
  }
  return extensions;
}
