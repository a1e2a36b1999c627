import { isUtf8 } from "node:buffer";
import { decodeBase64 } from "./base64.ts";
import { parseNote, type Note } from "./note.ts";

/*
 * The answer to a lookup. Spec: golang.org/x/mod/sumdb/tlog, ParseRecord and ParseTree.
 *
 *   number of the record, decimal; line feed
 *   text of the record: lines `module version hash` as in go.sum; an empty line
 *   signed note, of which the text is: `go.sum database tree`, size, base64 of the tree's hash, one a line
 */

/** What a tree head says: how many records the database had, and the hash over all of them. */
export interface TreeHead {
  readonly size: number;
  readonly hash: Buffer;
}

/** One line of a record or of go.sum. */
export interface SumLine {
  readonly module: string;
  /** With `/go.mod` behind it where the hash is that of the go.mod file. */
  readonly version: string;
  readonly hash: string;
}

export interface Lookup {
  readonly record: number;
  /** What the hash of the record is made of. */
  readonly text: Buffer;
  readonly lines: readonly SumLine[];
  readonly note: Note;
  readonly head: TreeHead;
}

/** Reads the answer to a lookup, or says what is wrong with it. All text in it is untrusted. */
export function parseLookup(bytes: Uint8Array): Lookup | { readonly error: string } {
  const answer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const textStart = answer.indexOf("\n") + 1;
  const textEnd = answer.indexOf("\n\n", textStart) + 1;
  const number = answer.toString("latin1", 0, Math.max(textStart - 1, 0));
  if (textStart === 0 || textEnd === 0 || !/^\d{1,15}$/.test(number)) return { error: "it is no record" };
  const text = answer.subarray(textStart, textEnd);
  if (!isRecordText(text)) return { error: "the text of the record is malformed" };
  const note = parseNote(answer.subarray(textEnd + 1));
  if (note === undefined) return { error: "its tree note is malformed" };
  const head = parseTreeHead(note.text);
  if (head === undefined) return { error: "its tree head is malformed" };
  return { record: Number(number), text, lines: parseSumLines(text.toString("utf8")), note, head };
}

/** Reads the text of a tree's note; lines behind the third are for later. Undefined where it is none. */
export function parseTreeHead(text: Uint8Array): TreeHead | undefined {
  const [title, size, encoded, rest] = Buffer.from(text).toString("utf8").split("\n", 4);
  if (title !== "go.sum database tree" || rest === undefined) return undefined;
  const hash = decodeBase64(encoded);
  if (!/^(?:0|[1-9]\d{0,14})$/.test(size) || hash?.length !== 32) return undefined;
  return { size: Number(size), hash };
}

/** Lines of three fields; what else there is Go does not look at in a record. */
function parseSumLines(text: string): SumLine[] {
  const lines: SumLine[] = [];
  for (const line of text.split("\n")) {
    const [module, version, hash, more] = line.split(" ");
    if (hash !== undefined && more === undefined) lines.push({ module, version, hash });
  }
  return lines;
}

function isRecordText(text: Buffer): boolean {
  return (
    text.length > 1 && text[0] !== lineFeed && isUtf8(text) && !text.some((byte) => byte < 0x20 && byte !== lineFeed)
  );
}

const lineFeed = 0x0a;
