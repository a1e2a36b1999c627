import { limits } from "../limits.ts";
import { certificate, counts, isValue, sentCertificate, value, type AnyShape } from "../flow/json-shape.ts";
import { visibleJson } from "./sanitize.ts";
import { TextBytes, type TextPiece } from "./text-bytes.ts";

/** Writes one thing of the model as JSON text. */
export type JsonWriter = (source: unknown) => string;

/** Adds the JSON of one thing of the model to a text. */
type Append = (source: unknown, text: TextBytes) => void;

/**
 * A writer of things of one shape: their keys in its order, without those that are undefined, and nothing invisible in
 * any string.
 *
 * Shape: as JSON.stringify writes it, with two spaces a level when `indent` gives the white space before the thing's own
 * closing bracket, in one line without. Cost: the text of what is frozen, and so is the same for many flows, and that of
 * certificates is made once and kept: most of a report is that.
 */
export function jsonWriter(shape: AnyShape, indent?: string): JsonWriter {
  const append = appender(shape, indent);
  const text = new TextBytes();
  return (source) => {
    append(source, text);
    return text.take();
  };
}

function appender(shape: AnyShape, indent: string | undefined): Append {
  const list = listAppender(shape, indent);
  const single = singleAppender(shape, indent);
  const kept = new Map<object, TextPiece>();
  return (source, text) => {
    if (typeof source !== "object" || source === null) {
      appendScalar(source, text);
      return;
    }
    const known = kept.get(source);
    if (known !== undefined) {
      text.addPiece(known);
      return;
    }
    const { length } = text;
    if (Array.isArray(source)) list(source, text);
    else single(source, text);
    if (Object.isFrozen(source)) keep(kept, source, text.copy(length, text.length));
  };
}

/** A list at the top of an indented report behind other keys, in pieces of some items each. */
export function* jsonList(key: string, items: Iterable<unknown>, shape: AnyShape): Iterable<string> {
  for (const piece of jsonListBytes(key, items, shape)) yield piece.toString();
}

/**
 * The same list as bytes: of thousands of items, to make strings of the bytes and bytes of the strings again takes as long
 * as to make the text. Borrows: each piece, until the next is asked for.
 */
export function* jsonListBytes(key: string, items: Iterable<unknown>, shape: AnyShape): Iterable<Buffer> {
  const { open, separator, close, none, inner } = brackets("[", "]", "  ");
  const append = appender(shape, inner);
  const text = new TextBytes();
  text.add(`,\n  "${key}": `);
  let isEmpty = true;
  for (const item of items) {
    text.addAscii(isEmpty ? open : separator);
    isEmpty = false;
    append(item, text);
    if (text.length >= pieceBytes) yield text.lend();
  }
  text.addAscii(isEmpty ? none : close);
  yield text.lend();
}

/** What a pipe takes at once. */
const pieceBytes = 64 << 10;

function singleAppender(shape: AnyShape, indent: string | undefined): Append {
  if (shape === counts) return countsAppender(indent);
  if (isValue(shape)) return appendScalar;
  return shape === sentCertificate ? certificateAppender(indent) : objectAppender(shape, indent);
}

/** The text, kept: everything kept before goes when there is too much of it. */
function keep<Key, Text>(kept: Map<Key, Text>, key: Key, text: Text): Text {
  if (kept.size >= limits.keptTexts) kept.clear();
  kept.set(key, text);
  return text;
}

function objectAppender(shape: ObjectShape, indent: string | undefined): Append {
  const { open, separator, close, none, inner } = brackets("{", "}", indent);
  const fields = Object.keys(shape).map((key) => ({
    key,
    lead: Buffer.concat([open, keyText(key, indent)]),
    further: Buffer.concat([separator, keyText(key, indent)]),
    append: appender(shape[key], inner),
  }));
  return (source, text) => {
    const object = source as Fields;
    let isEmpty = true;
    for (const { key, lead, further, append } of fields) {
      const field = object[key];
      if (field === undefined) continue;
      text.addAscii(isEmpty ? lead : further);
      isEmpty = false;
      if (typeof field === "object") append(field, text);
      else appendScalar(field, text);
    }
    text.addAscii(isEmpty ? none : close);
  };
}

function listAppender(shape: AnyShape, indent: string | undefined): Append {
  const { open, separator, close, none, inner } = brackets("[", "]", indent);
  let append: Append | undefined;
  return (source, text) => {
    const items = source as readonly unknown[];
    // Made when needed, because a shape does not tell what is a list: this would go down without end.
    append ??= appender(shape, inner);
    for (let at = 0; at < items.length; at++) {
      text.addAscii(at === 0 ? open : separator);
      append(items[at], text);
    }
    text.addAscii(items.length === 0 ? none : close);
  };
}

/**
 * Of a certificate only the frame differs from flow to flow: the text before it is kept under the digest, for as long
 * as all the rest is the same as well.
 */
function certificateAppender(indent: string | undefined): Append {
  const append = objectAppender(certificate, indent);
  const { separator, close } = brackets("{", "}", indent);
  const lead = Buffer.concat([separator, keyText("frame", indent)]);
  const keys = Object.keys(certificate);
  const kept = new Map<unknown, { readonly of: Fields; readonly piece: TextPiece }>();
  return (source, text) => {
    const sent = source as Fields;
    let known = kept.get(sent["sha256"]);
    if (known === undefined || !keys.every((key) => known!.of[key] === sent[key])) {
      const own = new TextBytes();
      append(sent, own);
      known = keep(kept, sent["sha256"], { of: sent, piece: own.copy(0, own.length - close.length) });
    }
    text.addPiece(known.piece);
    text.addAscii(lead);
    appendScalar(sent["frame"], text);
    text.addAscii(close);
  };
}

/** A record whose keys are not known before. */
function countsAppender(indent: string | undefined): Append {
  return (source, text) => {
    const keys = Object.keys(source as object).sort();
    const shape: ObjectShape = Object.fromEntries(keys.map((key) => [key, value] as const));
    objectAppender(shape, indent)(source, text);
  };
}

type Fields = Readonly<Record<string, unknown>>;
type ObjectShape = Exclude<AnyShape, string | readonly string[]>;

/** What stands around and between the items of a list or the fields of an object, as bytes. */
interface Brackets {
  readonly open: Uint8Array;
  readonly separator: Uint8Array;
  readonly close: Uint8Array;
  /** Both brackets, with nothing between them. */
  readonly none: Uint8Array;
  /** White space of what is between them. */
  readonly inner: string | undefined;
}

function brackets(left: string, right: string, indent: string | undefined): Brackets {
  const inner = indent === undefined ? undefined : `${indent}  `;
  const [before, after] = inner === undefined ? ["", ""] : [`\n${inner}`, `\n${indent}`];
  return {
    open: Buffer.from(left + before),
    separator: Buffer.from(`,${before}`),
    close: Buffer.from(after + right),
    none: Buffer.from(left + right),
    inner,
  };
}

/** A key is a name of ours: plain ASCII. */
function keyText(key: string, indent: string | undefined): Uint8Array {
  return Buffer.from(`"${key}"${indent === undefined ? ":" : ": "}`);
}

function appendScalar(scalar: unknown, text: TextBytes): void {
  if (typeof scalar === "string") {
    if (!text.addPlain(scalar)) text.add(visibleJson(JSON.stringify(scalar)));
  } else if (typeof scalar === "number" && scalar >= 0 && scalar === (scalar | 0)) text.addCount(scalar);
  else text.add(visibleJson(JSON.stringify(scalar ?? null)));
}
