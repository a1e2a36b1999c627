/**
 * ClientHello (handshake type 1), without its four-byte header.
 *
 *   legacy_version        2
 *   random               32
 *   session_id            1 + 0–32
 *   cipher_suites         2 + 2n
 *   compression_methods   1 + 1–255
 *   extensions            2 + …       absent in old clients; each: type 2, length 2, body
 *
 * Spec: RFC 8446 §4.1.2, RFC 5246 §7.4.1.2.
 */
import { ByteReader } from "../../bytes/byte-reader.ts";
import { MalformedError } from "../../bytes/malformed.ts";
import { latin1 } from "../../bytes/text.ts";
import type { ClientHelloFacts } from "./facts.ts";
import { handshakeHeaderLength } from "./handshake.ts";
import { isGrease } from "./names.ts";

/** Spec: IANA TLS ExtensionType Values. */
export const Extension = {
  serverName: 0,
  supportedGroups: 10,
  signatureAlgorithms: 13,
  alpn: 16,
  encryptThenMac: 22,
  compressCertificate: 27,
  recordSizeLimit: 28,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  keyShare: 51,
  encryptedClientHello: 0xfe0d,
} as const;

/** What stands in a hello and stays the same over the connections of one client; the rest is derived from it. */
export type ClientHelloContent = Omit<ClientHelloFacts, "ja4" | "stack">;

type Draft = { -readonly [K in keyof ClientHelloContent]: ClientHelloContent[K] } & { readonly extensions: number[] };

/** Throws: `truncated`, `trailing`, `bad-length`, `bad-value`, `empty-item`, `empty-list`, `duplicate`. */
export function parseClientHello(bytes: Uint8Array, start: number, end: number): ClientHelloContent {
  const reader = new ByteReader(bytes, "ClientHello", start, end);
  const draft = emptyDraft(end - start + handshakeHeaderLength);
  readHead(reader, draft);
  if (reader.remaining > 0) {
    const list = reader.child(reader.u16(), "extensions");
    reader.expectEnd();
    readExtensions(list, draft, readExtension);
  }
  return draft;
}

/**
 * What can be read of a ClientHello whose end is missing, or of which something is malformed: the extensions that are
 * whole and sound. The server's name stands near the front. `length` is that of the whole message, header included.
 *
 * Throws: as `parseClientHello` for what stands before the extensions; `truncated` where they were not reached.
 */
export function parseReadableClientHello(
  bytes: Uint8Array,
  start: number,
  end: number,
  length: number,
): ClientHelloContent {
  const reader = new ByteReader(bytes, "ClientHello", start, end);
  const draft = emptyDraft(length);
  readHead(reader, draft);
  const listed = Math.min(reader.u16(), reader.remaining);
  const list = reader.child(wholeExtensions(reader, listed), "extensions");
  try {
    readExtensions(list, draft, readSoundExtension);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
  return draft;
}

function emptyDraft(length: number): Draft {
  return {
    echOuter: false,
    legacyVersion: 0,
    supportedVersions: [],
    cipherSuites: [],
    groups: [],
    keyShares: [],
    alpnOffered: [],
    signatureAlgorithms: [],
    extensions: [],
    grease: false,
    earlyData: false,
    length,
  };
}

/** Everything before the extensions. */
function readHead(reader: ByteReader, draft: Draft): void {
  draft.legacyVersion = reader.u16();
  reader.skip(32);
  const sessionIdLength = reader.u8();
  if (sessionIdLength > 32) throw reader.malformed("bad-length");
  reader.skip(sessionIdLength);
  draft.cipherSuites = readCodes(reader.child(reader.u16(), "cipher_suites"));
  draft.grease = draft.cipherSuites.some(isGrease);
  const compressions = reader.u8();
  if (compressions === 0) throw reader.malformed("empty-list");
  reader.skip(compressions);
}

/** Bytes that the extensions take which are whole within the next `length`. */
function wholeExtensions({ bytes, offset }: ByteReader, length: number): number {
  const end = offset + length;
  let at = offset;
  while (at + 4 <= end) {
    const next = at + 4 + ((bytes[at + 2] << 8) | bytes[at + 3]);
    if (next > end) break;
    at = next;
  }
  return at - offset;
}

function readExtensions(list: ByteReader, draft: Draft, read: typeof readExtension): void {
  const types = new Set<number>();
  while (list.remaining > 0) {
    const type = list.u16();
    // RFC 8446 §4.2: at most one of a type. It also bounds what a hello can cost.
    if (types.has(type)) throw list.malformed("duplicate");
    types.add(type);
    if (isGrease(type)) draft.grease = true;
    read(type, list.child(list.u16(), "extension"), draft);
    draft.extensions.push(type);
  }
}

/** Leaves a malformed extension out. */
function readSoundExtension(type: number, body: ByteReader, draft: Draft): void {
  try {
    readExtension(type, body, draft);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
}

function readExtension(type: number, body: ByteReader, draft: Draft): void {
  switch (type) {
    case Extension.serverName:
      readServerName(body, draft);
      break;
    case Extension.supportedGroups:
      draft.groups = readCodes(lastChild(body, body.u16(), "named_group_list"));
      break;
    case Extension.signatureAlgorithms:
      draft.signatureAlgorithms = readCodes(lastChild(body, body.u16(), "supported_signature_algorithms"));
      break;
    case Extension.alpn:
      draft.alpnOffered = readAlpn(body);
      break;
    case Extension.supportedVersions:
      draft.supportedVersions = readCodes(lastChild(body, body.u8(), "versions"));
      break;
    case Extension.keyShare:
      draft.keyShares = readKeyShares(lastChild(body, body.u16(), "client_shares"));
      break;
    case Extension.earlyData:
      draft.earlyData = true;
      break;
    case Extension.encryptedClientHello:
      // ECHClientHelloType: outer 0, inner 1 (never in clear).
      draft.echOuter = body.u8() === 0;
      break;
  }
}

/** Spec: RFC 6066 §3. Ignores: name types other than host_name, which nobody defined. */
function readServerName(body: ByteReader, draft: Draft): void {
  const list = lastChild(body, body.u16(), "server_name_list");
  while (list.remaining > 0) {
    const nameType = list.u8();
    const name = list.child(list.u16(), "server_name");
    if (nameType !== 0 || draft.serverName !== undefined) continue;
    if (name.remaining === 0) throw name.malformed("empty-item");
    draft.serverName = latin1(name.bytes, name.offset, name.end);
  }
}

/**
 * Application protocols, most wanted first.
 *
 * Spec: RFC 7301 §3.1. Shape: one or more names of 1–255 bytes, as Latin-1 text.
 */
export function readAlpn(body: ByteReader): readonly string[] {
  const list = lastChild(body, body.u16(), "protocol_name_list");
  if (list.remaining === 0) throw list.malformed("empty-list");
  const names: string[] = [];
  while (list.remaining > 0) {
    const name = list.child(list.u8(), "protocol_name");
    if (name.remaining === 0) throw name.malformed("empty-item");
    names.push(latin1(name.bytes, name.offset, name.end));
  }
  return names;
}

function readKeyShares(list: ByteReader): number[] {
  const groups: number[] = [];
  while (list.remaining > 0) {
    groups.push(list.u16());
    list.skip(list.u16());
  }
  return groups;
}

function readCodes(list: ByteReader): number[] {
  if (list.remaining % 2 !== 0) throw list.malformed("bad-length");
  const codes: number[] = [];
  while (list.remaining > 0) codes.push(list.u16());
  return codes;
}

/** A child that must end where its parent ends. */
function lastChild(parent: ByteReader, length: number, what: string): ByteReader {
  const child = parent.child(length, what);
  parent.expectEnd();
  return child;
}
