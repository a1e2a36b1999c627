import { limits } from "../limits.ts";
import { certificate, counts, sentCertificate, value, type AnyShape } from "../flow/json-shape.ts";
import { visibleJson } from "./sanitize.ts";

/** Writes one thing of the model as JSON text. */
export type JsonWriter = (source: unknown) => string;

/**
 * A writer of things of one shape: their keys in its order, without those that are undefined, and nothing invisible in
 * any string.
 *
 * Shape: as JSON.stringify writes it, with two spaces a level when `indent` gives the white space before the thing's own
 * closing bracket, in one line without. Cost: the text of what is frozen, and so is the same for many flows, and that of
 * certificates is made once and kept: most of a report is that.
 */
export function jsonWriter(shape: AnyShape, indent?: string): JsonWriter {
  const list = listWriter(shape, indent);
  const single = singleWriter(shape, indent);
  const kept = new Map<object, string>();
  return (source) => {
    if (typeof source !== "object" || source === null) return scalarText(source);
    const write = Array.isArray(source) ? list : single;
    if (!Object.isFrozen(source)) return write(source);
    const known = kept.get(source);
    return known ?? keep(kept, source, write(source));
  };
}

/** White space before an item of a list at the top of a report. */
export const itemIndent = "    ";

/** A list at the top of an indented report behind other keys, in pieces: one item at a time. */
export function* jsonList(key: string, items: Iterable<unknown>, write: JsonWriter): Iterable<string> {
  yield `,\n  "${key}": [`;
  let separator = `\n${itemIndent}`;
  for (const item of items) {
    yield separator + write(item);
    separator = `,\n${itemIndent}`;
  }
  yield separator.startsWith(",") ? "\n  ]" : "]";
}

function singleWriter(shape: AnyShape, indent: string | undefined): JsonWriter {
  if (shape === value) return scalarText;
  if (shape === counts) return countsWriter(indent);
  return shape === sentCertificate ? certificateWriter(indent) : objectWriter(shape, indent);
}

/** The text, kept: everything kept before goes when there is too much of it. */
function keep<Key, Text>(kept: Map<Key, Text>, key: Key, text: Text): Text {
  if (kept.size >= limits.keptTexts) kept.clear();
  kept.set(key, text);
  return text;
}

function objectWriter(shape: ObjectShape, indent: string | undefined): JsonWriter {
  const { open, separator, close, inner } = brackets("{", "}", indent);
  const colon = indent === undefined ? ":" : ": ";
  const fields = Object.keys(shape).map((key) => ({
    key,
    lead: `"${key}"${colon}`,
    further: `${separator}"${key}"${colon}`,
    write: jsonWriter(shape[key], inner),
  }));
  return (source) => {
    const object = source as Fields;
    let text = "";
    for (const { key, lead, further, write } of fields) {
      const field = object[key];
      if (field === undefined) continue;
      text += (text === "" ? open + lead : further) + (typeof field === "object" ? write(field) : scalarText(field));
    }
    return text === "" ? "{}" : text + close;
  };
}

function listWriter(shape: AnyShape, indent: string | undefined): JsonWriter {
  const { open, separator, close, inner } = brackets("[", "]", indent);
  let write: JsonWriter | undefined;
  return (source) => {
    const items = source as readonly unknown[];
    if (items.length === 0) return "[]";
    // Made when needed, because a shape does not tell what is a list: this would go down without end.
    write ??= jsonWriter(shape, inner);
    let text = open + write(items[0]);
    for (let at = 1; at < items.length; at++) text += separator + write(items[at]);
    return text + close;
  };
}

/**
 * Of a certificate only the frame differs from flow to flow: the text before it is kept under the digest, for as long
 * as all the rest is the same as well.
 */
function certificateWriter(indent: string | undefined): JsonWriter {
  const write = objectWriter(certificate, indent);
  const { separator, close } = brackets("{", "}", indent);
  const lead = `${separator}"frame"${indent === undefined ? ":" : ": "}`;
  const keys = Object.keys(certificate);
  const kept = new Map<unknown, { readonly of: Fields; readonly text: string }>();
  return (source) => {
    const sent = source as Fields;
    const known = kept.get(sent["sha256"]);
    const { text } =
      known !== undefined && keys.every((key) => known.of[key] === sent[key])
        ? known
        : keep(kept, sent["sha256"], { of: sent, text: write(sent).slice(0, -close.length) });
    return text + lead + scalarText(sent["frame"]) + close;
  };
}

/** A record whose keys are not known before. */
function countsWriter(indent: string | undefined): JsonWriter {
  return (source) => {
    const keys = Object.keys(source as object).sort();
    const shape: ObjectShape = Object.fromEntries(keys.map((key) => [key, value] as const));
    return objectWriter(shape, indent)(source);
  };
}

type Fields = Readonly<Record<string, unknown>>;
type ObjectShape = Exclude<AnyShape, string>;

interface Brackets {
  readonly open: string;
  readonly separator: string;
  readonly close: string;
  /** White space of what is between them. */
  readonly inner: string | undefined;
}

function brackets(left: string, right: string, indent: string | undefined): Brackets {
  if (indent === undefined) return { open: left, separator: ",", close: right, inner: undefined };
  const inner = `${indent}  `;
  return { open: `${left}\n${inner}`, separator: `,\n${inner}`, close: `\n${indent}${right}`, inner };
}

/** Needs no escape in JSON and no other. */
const plain = /^[ !#-[\]-~]*$/;

function scalarText(scalar: unknown): string {
  if (typeof scalar === "number") return Number.isFinite(scalar) ? String(scalar) : "null";
  if (typeof scalar === "string" && plain.test(scalar)) return `"${scalar}"`;
  return visibleJson(JSON.stringify(scalar ?? null));
}
