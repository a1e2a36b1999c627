/**
 * Certificate (handshake type 11), without its four-byte header.
 *
 *   TLS ≤ 1.2                          TLS 1.3
 *   certificate_list      3 + …        certificate_request_context   1 + 0–255
 *     cert_data           3 + …        certificate_list              3 + …
 *                                        cert_data                   3 + …
 *                                        extensions                  2 + …
 *
 * Spec: RFC 5246 §7.4.2, RFC 8446 §4.4.2.
 */
import { ByteReader } from "../../bytes/byte-reader.ts";

/**
 * The certificates in the order sent, as DER; empty where a client has none to give.
 *
 * Borrows: views of `bytes`. Throws: `truncated`, `trailing`, `empty-item`.
 */
export function parseCertificates(bytes: Uint8Array, start: number, end: number, tls13: boolean): Uint8Array[] {
  const reader = new ByteReader(bytes, "Certificate", start, end);
  if (tls13) reader.skip(reader.u8());
  const list = reader.child(reader.u24(), "certificate_list");
  reader.expectEnd();
  const certificates: Uint8Array[] = [];
  while (list.remaining > 0) {
    const length = list.u24();
    if (length === 0) throw list.malformed("empty-item");
    certificates.push(list.slice(length));
    if (tls13) list.skip(list.u16());
  }
  return certificates;
}
