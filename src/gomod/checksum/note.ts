import { isUtf8 } from "node:buffer";
import { createPublicKey, hash, verify, type KeyObject } from "node:crypto";
import { fieldsOf } from "../../bytes/text.ts";
import { decodeBase64 } from "./base64.ts";

/*
 * Signed notes. Spec: golang.org/x/mod/sumdb/note.
 *
 *   text, its last line ended; an empty line; then one line a signature:
 *   U+2014, space, name of the key, space, base64 of: hash of the key u32, signature
 *
 *   verifier key: name + hash of the key in 8 hexadecimal digits + base64 of: algorithm u8 (1: Ed25519), public key
 */

/** A key that a note's signature can be checked with. */
export interface VerifierKey {
  /** Name and hash, as notes and Go's errors give them: `sum.golang.org+033de0ae`. */
  readonly id: string;
  readonly name: string;
  readonly publicKey: KeyObject;
}

/** One signature of a note. */
interface NoteSignature {
  /** Name and hash of its key. Untrusted. */
  readonly id: string;
  readonly signature: Uint8Array;
}

/** A note whose signatures are not checked yet. */
export interface Note {
  /** What is signed, with its last line feed. */
  readonly text: Uint8Array;
  readonly signatures: readonly NoteSignature[];
}

/** What the keys at hand say of a note. */
export interface NoteVerdict {
  readonly result: "proved" | "contradicted" | "not-provable";
  /** Key that decided, else the first that signed. */
  readonly key: string;
  readonly because: string;
}

/** The key of Go's public checksum database. Spec: cmd/go/internal/modfetch/key.go. */
export const publicDatabaseKey = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

/** Reads a verifier key, or says what is wrong with it. */
export function parseVerifierKey(text: string): VerifierKey | { readonly error: string } {
  const [name, hash16, ...rest] = text.split("+");
  const encoded = decodeBase64(rest.join("+"));
  if (!isName(name) || !/^[0-9a-f]{8}$/i.test(hash16 ?? "") || encoded === undefined || encoded.length === 0) {
    return { error: "is not a verifier key: it would read name+hash+key" };
  }
  if (keyHash(name, encoded) !== hash16.toLowerCase()) return { error: "has a hash that is not its key's" };
  if (encoded[0] !== algorithmEd25519) return { error: "is of an algorithm that Go does not know" };
  if (encoded.length !== 33) return { error: "has no Ed25519 key of 32 bytes" };
  let made: KeyObject | undefined;
  return {
    id: `${name}+${hash16.toLowerCase()}`,
    name,
    /* Made when a note is checked: most keys are only looked at, and OpenSSL takes its time. */
    get publicKey() {
      const key = Buffer.concat([spkiOfEd25519, encoded.subarray(1)]);
      return (made ??= createPublicKey({ key, format: "der", type: "spki" }));
    },
  };
}

/** Takes a note apart. Undefined where it is none; then Go says `malformed note`. */
export function parseNote(bytes: Uint8Array): Note | undefined {
  if (!isUtf8(bytes) || bytes.some((byte) => byte < 0x20 && byte !== lineFeed)) return undefined;
  const note = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || note.length === split + 2 || note.at(-1) !== lineFeed) return undefined;
  const lines = note.toString("utf8", split + 2, note.length - 1).split("\n");
  if (lines.length > mostSignatures) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignature(line);
    if (signature === undefined) return undefined;
    signatures.push(signature);
  }
  return { text: note.subarray(0, split + 1), signatures };
}

/** Checks a note as Go does: the first signature of each known key must hold, all others do not count. */
export function checkNote(note: Note, keys: readonly VerifierKey[]): NoteVerdict {
  let proved: NoteVerdict | undefined;
  const seen = new Set<string>();
  for (const { id, signature } of note.signatures) {
    const key = keys.find((known) => known.id === id);
    if (key === undefined || seen.has(id)) continue;
    seen.add(id);
    if (signature.length !== 64 || !verify(null, note.text, key.publicKey, signature)) {
      return { result: "contradicted", key: id, because: `the signature is not one of the key ${id}` };
    }
    proved ??= { result: "proved", key: id, because: `signed by ${id}` };
  }
  const [first] = note.signatures;
  return proved ?? { result: "not-provable", key: first.id, because: `signed by ${first.id}, whose key was not given` };
}

/** Whether two notes are the same to the byte. */
export function equalNotes(one: Note, other: Note): boolean {
  return (
    Buffer.compare(one.text, other.text) === 0 &&
    one.signatures.length === other.signatures.length &&
    one.signatures.every(({ id, signature }, at) => {
      const { id: otherId, signature: otherSignature } = other.signatures[at];
      return id === otherId && Buffer.compare(signature, otherSignature) === 0;
    })
  );
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, name = "", text = ""] = /^\u2014 ([^ ]*) (.*)$/.exec(line) ?? [];
  const bytes = decodeBase64(text);
  if (!isName(name) || bytes === undefined || bytes.length < 5) return undefined;
  return { id: `${name}+${bytes.toString("hex", 0, 4)}`, signature: bytes.subarray(4) };
}

function isName(name: string): boolean {
  return !name.includes("+") && fieldsOf(name)[0] === name;
}

function keyHash(name: string, encoded: Uint8Array): string {
  return hash("sha256", Buffer.concat([Buffer.from(`${name}\n`), encoded]), "hex").slice(0, 8);
}

const lineFeed = 0x0a;
const algorithmEd25519 = 1;
/** As in Go, which does not want to spend for ever on one note. */
const mostSignatures = 100;
/** SubjectPublicKeyInfo of an Ed25519 key up to the key itself. Spec: RFC 8410 §4. */
const spkiOfEd25519 = Buffer.from("302a300506032b6570032100", "hex");
