import { addressAt, credentialAt, type Edit } from "./edits.ts";
import { dnsPlaces } from "./dns-places.ts";

/*
 * What must not stay of dialogues in bytes; messages of SOCKS as in protocol/socks/messages.ts. Of a message that is not
 * whole, everything behind what was understood counts as credential, unless the dialogue was over.
 */

/** What the client of a SOCKS proxy said first. */
export function socksClientEdits(bytes: Uint8Array): Edit[] {
  if (bytes[0] === 4) return socks4Edits(bytes);
  let at = 2 + bytes[1];
  const edits: Edit[] = [];
  if (bytes[at] === 1) {
    const user = bytes[at + 1] ?? 0;
    const password = bytes[at + 2 + user] ?? 0;
    edits.push(...within(bytes, at + 2, user), ...within(bytes, at + 3 + user, password));
    at += 3 + user + password;
  }
  return [...edits, ...socks5Address(bytes, at)];
}

/** What a SOCKS proxy said first. */
export function socksServerEdits(bytes: Uint8Array): Edit[] {
  if (bytes[0] === 0) return bytes.length >= 8 && bytes[4] !== 0 ? [addressAt(bytes, 4, 4)] : [];
  return socks5Address(bytes, bytes[1] === 2 ? 4 : 2);
}

function socks4Edits(bytes: Uint8Array): Edit[] {
  const terminator = bytes.indexOf(0, 8);
  const user = within(bytes, 8, (terminator < 0 ? bytes.length : terminator) - 8);
  // 0.0.0.x says that a name follows.
  return bytes.length >= 8 && bytes[4] !== 0 ? [addressAt(bytes, 4, 4), ...user] : user;
}

function socks5Address(bytes: Uint8Array, at: number): Edit[] {
  const length = bytes[at + 3] === 1 ? 4 : bytes[at + 3] === 4 ? 16 : 0;
  if (bytes[at] !== 5 || length === 0 || at + 4 + length > bytes.length) return [];
  return [addressAt(bytes, at + 4, length)];
}

function within(bytes: Uint8Array, at: number, length: number): Edit[] {
  const end = Math.min(bytes.length, at + length);
  return end > at ? [credentialAt(at, end - at)] : [];
}

/** Messages of DNS over TCP, each behind two bytes of its length. */
export function dnsStreamEdits(bytes: Uint8Array): Edit[] {
  const edits: Edit[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const start = at + 2;
    at = start + bytes[at] * 256 + bytes[at + 1];
    const places = dnsPlaces(bytes, start, Math.min(at, bytes.length));
    if (places === undefined) edits.push(credentialAt(start, Math.min(at, bytes.length) - start));
    for (const place of places ?? []) {
      if (place.kind === "address") edits.push(addressAt(bytes, place.at, place.length));
      else edits.push(credentialAt(place.at, place.length));
    }
  }
  return edits;
}
