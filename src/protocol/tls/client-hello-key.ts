import { Extension } from "./client-hello.ts";

/**
 * What tells a ClientHello from others, as text: its bytes, with zeros where nothing is read (random, session id, key
 * shares, tickets and all other bodies of extensions that say nothing of the client). Equal keys, equal content.
 *
 * Returns: nothing where the lengths inside do not fit; the parser says what is wrong then.
 */
export function clientHelloKey(bytes: Uint8Array, start: number, end: number): string | undefined {
  const hello = Buffer.from(bytes.subarray(start, end));
  if (hello.length < sessionIdAt + 1) return undefined;
  let at = sessionIdAt + 1 + hello[sessionIdAt];
  if (at > hello.length) return undefined;
  hello.fill(0, randomAt, sessionIdAt).fill(0, sessionIdAt + 1, at);
  at += 2 + read16(hello, at);
  if (at >= hello.length) return undefined;
  at += 1 + hello[at] + 2;
  while (at + 4 <= hello.length) {
    const type = read16(hello, at);
    const next = at + 4 + read16(hello, at + 2);
    if (next > hello.length) return undefined;
    if (type === Extension.keyShare) maskShares(hello, at + 4, next);
    else if (type === Extension.encryptedClientHello) hello.fill(0, Math.min(at + 5, next), next);
    else if (!readBodies.has(type)) hello.fill(0, at + 4, next);
    at = next;
  }
  return hello.toString("latin1");
}

/** Spec: RFC 8446 §4.2.8. List length 2, then each: group 2, length 2, key exchange. */
function maskShares(hello: Buffer, start: number, end: number): void {
  for (let at = start + 2; at + 4 <= end;) {
    const next = at + 4 + read16(hello, at + 2);
    hello.fill(0, at + 4, Math.min(next, end));
    at = next;
  }
}

function read16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

/** Extensions whose whole bodies the parser reads. */
const readBodies: ReadonlySet<number> = new Set([
  Extension.serverName,
  Extension.supportedGroups,
  Extension.signatureAlgorithms,
  Extension.alpn,
  Extension.supportedVersions,
]);
const randomAt = 2;
const sessionIdAt = 34;
