/*
 * SOCKS messages. Each `parseX` takes the bytes from the first of the message on and answers how long it is, or 0 while
 * it is not complete.
 *
 * SOCKS5 (RFC 1928, RFC 1929)
 *   greeting       05, nmethods 1, methods
 *   selection      05, method 1
 *   password       01, ulen 1, user, plen 1, password      status    01, status 1
 *   request        05, command 1, 00, address, port 2
 *   reply          05, reply 1, 00, address, port 2
 *   address        01 and 4 bytes · 03, length 1 and name · 04 and 16 bytes
 * SOCKS4, 4a
 *   request        04, command 1, port 2, address 4, user id 00 [name 00 where the address is 0.0.0.x, x not 0]
 *   reply          00, code 1, port 2, address 4
 */
import { MalformedError } from "../../bytes/malformed.ts";
import { addressText, latin1 } from "../../bytes/text.ts";
import type { SocksFacts } from "./facts.ts";

/** What a request asks for. The name is untrusted; user ids and passwords are passed over unread. */
export interface SocksRequest {
  readonly length: number;
  readonly command: number;
  readonly host: string;
  readonly port: number;
  readonly addressType: NonNullable<SocksFacts["addressType"]>;
}

/** Length of the greeting, 0 while incomplete. Throws: `bad-value`. */
export function greetingLength(bytes: Uint8Array, start: number, end: number): number {
  expect(bytes, start, end, 0, 5, "greeting version");
  if (end - start < 2) return 0;
  const length = 2 + bytes[start + 1];
  return end - start < length ? 0 : length;
}

/** Length of a user name and password, 0 while incomplete. Throws: `bad-value`. */
export function passwordLength(bytes: Uint8Array, start: number, end: number): number {
  expect(bytes, start, end, 0, 1, "authentication version");
  if (end - start < 2) return 0;
  const passwordAt = start + 2 + bytes[start + 1];
  if (passwordAt >= end) return 0;
  const length = passwordAt + 1 + bytes[passwordAt] - start;
  return end - start < length ? 0 : length;
}

/** A SOCKS5 request or reply: `command` is the reply code in the latter. Throws: `bad-value`. */
export function parseRequest5(bytes: Uint8Array, start: number, end: number): SocksRequest | undefined {
  expect(bytes, start, end, 0, 5, "version");
  expect(bytes, start, end, 2, 0, "reserved byte");
  if (end - start < 5) return undefined;
  const form = addressForms.get(bytes[start + 3]);
  if (form === undefined) throw new MalformedError("bad-value", 3, "address type");
  const named = form.addressType === "name";
  const addressAt = start + (named ? 5 : 4);
  const addressEnd = addressAt + (named ? bytes[start + 4] : form.length);
  if (end < addressEnd + 2) return undefined;
  return {
    length: addressEnd + 2 - start,
    command: bytes[start + 1],
    host: named ? latin1(bytes, addressAt, addressEnd) : addressText(bytes, addressAt, form.length),
    port: (bytes[addressEnd] << 8) | bytes[addressEnd + 1],
    addressType: form.addressType,
  };
}

/** A SOCKS4 or 4a request. Throws: `bad-value`, `too-large`. */
export function parseRequest4(bytes: Uint8Array, start: number, end: number): SocksRequest | undefined {
  expect(bytes, start, end, 0, 4, "version");
  if (end - start < 9) return undefined;
  const userEnd = endOfText(bytes, start + 8, end, "user id");
  if (userEnd < 0) return undefined;
  const common = { command: bytes[start + 1], port: (bytes[start + 2] << 8) | bytes[start + 3] };
  if (!asksByName(bytes, start)) {
    const host = addressText(bytes, start + 4, 4);
    return { ...common, length: userEnd + 1 - start, host, addressType: "ipv4" };
  }
  const nameEnd = endOfText(bytes, userEnd + 1, end, "name");
  if (nameEnd < 0) return undefined;
  const host = latin1(bytes, userEnd + 1, nameEnd);
  return { ...common, length: nameEnd + 1 - start, host, addressType: "name" };
}

/** Whether a SOCKS4 request's address says that a name follows. */
export function asksByName(bytes: Uint8Array, start: number): boolean {
  return bytes[start + 4] === 0 && bytes[start + 5] === 0 && bytes[start + 6] === 0 && bytes[start + 7] !== 0;
}

function endOfText(bytes: Uint8Array, start: number, end: number, what: string): number {
  const last = Math.min(end, start + 256);
  for (let at = start; at < last; at++) if (bytes[at] === 0) return at;
  if (last < end || last === start + 256) throw new MalformedError("too-large", start, what);
  return -1;
}

function expect(bytes: Uint8Array, start: number, end: number, index: number, value: number, what: string): void {
  if (start + index < end && bytes[start + index] !== value) throw new MalformedError("bad-value", index, what);
}

const addressForms: ReadonlyMap<number, { addressType: SocksRequest["addressType"]; length: 4 | 16 }> = new Map([
  [1, { addressType: "ipv4", length: 4 }],
  [3, { addressType: "name", length: 4 }],
  [4, { addressType: "ipv6", length: 16 }],
]);
