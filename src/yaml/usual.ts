import { Pair, Scalar, YAMLMap, YAMLSeq, type LineCounter, type ParsedNode, type Range } from "yaml";

/*
 * YAML as it is mostly written, read into the nodes that the package yaml makes of it, in a tenth of its time:
 *
 *   key: value            maps and lists by indentation, with comments
 *   key: [a, {b: c}]      and in brackets, on one line
 *   key: |                texts of whole lines
 *   plain 'x' "y"         on one line, without escapes
 *
 * Invariant: what is read here the package reads without a complaint, as the same nodes at the same places. All else,
 * mistakes included, is left to it.
 */

/** Reads a text, and notes its lines. Returns undefined for what is not of the usual kind, though it may be right. */
export function readUsualYaml(text: string, { addNewLine }: LineCounter): ParsedNode | undefined {
  if (!usualText.test(text)) return undefined;
  const reading = new Reading(text, significantLines(text));
  const contents = reading.ended ? undefined : reading.block(0);
  if (contents === undefined || !reading.ended) return undefined;
  for (let start = 0; start < text.length; start = text.indexOf("\n", start) + 1) addNewLine(start);
  return contents;
}

/** Lines without tabs and without what is invisible or a space elsewhere in Unicode. */
const usualText = /^[\n -~\u00a1-\u167f\u2010-\u2026]*\n$/;

/** A line with something on it: from its first character that is no space. */
interface Line {
  start: number;
  indent: number;
  readonly end: number;
}

function significantLines(text: string): Line[] {
  const lines: Line[] = [];
  for (let from = 0; from < text.length;) {
    const end = text.indexOf("\n", from);
    let start = from;
    while (text[start] === " ") start++;
    if (start < end && text[start] !== "#") lines.push({ start, indent: start - from, end });
    from = end + 1;
  }
  return lines;
}

/* Plain text begins like a word or a path, which no mark of YAML does. A colon ends a key only before a space. */
const keyShape = /([\w/][^\s"'#,{}[\]&*!|>%@`]{0,200}?):(?: +|(?=\n))/y;
const quotedShape = /'([^'\n]*)'(?!')|"([^"\\\n]*)"/y;
const plainShape = /[\w./](?:[^\n#:]|:(?=\S))*/y;
const plainInBrackets = /[\w./](?:[^\n#:,[\]{}]|:(?=[^\s,[\]{}]))*/y;
const restShape = / *(?: #[^\n]*)?(?=\n)/y;

/**
 * Invariants: `#at` is the line that is read next, `#from` a place in it. A method that meets what is not usual returns
 * undefined, and so does whoever called it.
 */
class Reading {
  readonly #text: string;
  readonly #lines: readonly Line[];
  #at = 0;
  #from = 0;

  constructor(text: string, lines: readonly Line[]) {
    this.#text = text;
    this.#lines = lines;
  }

  get ended(): boolean {
    return this.#at >= this.#lines.length;
  }

  /** A map or list that begins on the next line, there being one. */
  block(depth: number): ParsedNode | undefined {
    const { start } = this.#lines[this.#at];
    if (depth > deepest) return undefined;
    return this.#isItem(start) ? this.#list(depth) : this.#map(depth);
  }

  #map(depth: number): ParsedNode | undefined {
    const { start, indent } = this.#lines[this.#at];
    const map = new YAMLMap<Scalar.Parsed, ParsedNode>();
    map.range = rangeFrom(start);
    while (!this.ended && this.#lines[this.#at].indent === indent) {
      const line = this.#lines[this.#at];
      const key = this.#match(keyShape, line.start)?.[1];
      if (key === undefined) return undefined;
      const name = plainScalar(key, line.start);
      const value = name && this.#value(indent, depth);
      if (name === undefined || value === undefined) return undefined;
      map.items.push(new Pair(name, value));
    }
    return this.#hasEnded(indent) ? (map as ParsedNode) : undefined;
  }

  #list(depth: number): ParsedNode | undefined {
    const { start, indent } = this.#lines[this.#at];
    const list = new YAMLSeq<ParsedNode>();
    list.range = rangeFrom(start);
    while (!this.ended && this.#lines[this.#at].indent === indent && this.#isItem(this.#lines[this.#at].start)) {
      const item = this.#item(depth);
      if (item === undefined) return undefined;
      list.items.push(item);
    }
    return this.#hasEnded(indent) ? (list as ParsedNode) : undefined;
  }

  /** What stands behind a hyphen: a map goes on below its first key. */
  #item(depth: number): ParsedNode | undefined {
    const line = this.#lines[this.#at];
    const { start, indent } = line;
    let from = start + 1;
    while (this.#text[from] === " ") from++;
    if (this.#match(keyShape, from) !== undefined) {
      line.start = from;
      line.indent = indent + from - start;
      return this.block(depth + 1);
    }
    this.#from = from;
    return this.#value(indent, depth);
  }

  /** What stands from `#from` on, or below it and deeper than `indent`. */
  #value(indent: number, depth: number): ParsedNode | undefined {
    if (this.#text[this.#from] === "|") return this.#literal(indent);
    const isBelow = this.#match(restShape, this.#from) !== undefined;
    const value = isBelow ? undefined : this.#inline(plainShape, depth);
    if (!isBelow && (value === undefined || this.#match(restShape, this.#from) === undefined)) return undefined;
    this.#at++;
    const isDeeper = !this.ended && this.#lines[this.#at].indent > indent;
    // Behind a value deeper text goes on with it.
    if (isBelow !== isDeeper) return undefined;
    return isBelow ? this.block(depth + 1) : value;
  }

  /** Whole lines that are indented, without that indentation. No empty ones: those at the end do not count. */
  #literal(indent: number): ParsedNode | undefined {
    const start = this.#from;
    let next = this.#lines[this.#at++].end + 1;
    if (next !== start + "|\n".length || this.ended) return undefined;
    const { indent: own } = this.#lines[this.#at];
    let value = "";
    for (; !this.ended && this.#lines[this.#at].indent >= own; this.#at++) {
      const line = this.#lines[this.#at];
      if (line.start - line.indent !== next) return undefined;
      value += this.#text.slice(next + own, line.end + 1);
      next = line.end + 1;
    }
    const behind = this.ended ? this.#text.length : this.#lines[this.#at].start - this.#lines[this.#at].indent;
    return own > indent && behind === next ? scalar(value, start, value) : undefined;
  }

  /** A value on this line. */
  #inline(plain: RegExp, depth: number): ParsedNode | undefined {
    const first = this.#text[this.#from];
    if (first === "[" || first === "{") return depth > deepest ? undefined : this.#brackets(first, depth);
    if (first === '"' || first === "'") return this.#quoted();
    return this.#plain(plain);
  }

  #quoted(): ParsedNode | undefined {
    const start = this.#from;
    const [source, single, double = single] = this.#match(quotedShape, start) ?? [];
    return source === undefined ? undefined : scalar(double, start, double);
  }

  #plain(shape: RegExp): ParsedNode | undefined {
    const start = this.#from;
    const [found] = this.#match(shape, start) ?? [];
    if (found === undefined) return undefined;
    const text = found.trimEnd();
    this.#from = start + text.length;
    return plainScalar(text, start);
  }

  #brackets(open: "[" | "{", depth: number): ParsedNode | undefined {
    const collection = open === "[" ? new YAMLSeq<ParsedNode>() : new YAMLMap<Scalar.Parsed, ParsedNode>();
    collection.flow = true;
    collection.range = rangeFrom(this.#from);
    const close = open === "[" ? "]" : "}";
    this.#skip(1);
    while (this.#text[this.#from] !== close) {
      if (collection.items.length > 0) {
        if (this.#text[this.#from] !== ",") return undefined;
        this.#skip(1);
      }
      const item = open === "[" ? this.#inline(plainInBrackets, depth + 1) : this.#pair(depth + 1);
      if (item === undefined) return undefined;
      collection.items.push(item as never);
      this.#skip(0);
    }
    this.#from++;
    return collection as ParsedNode;
  }

  #pair(depth: number): Pair<Scalar.Parsed, ParsedNode> | undefined {
    const start = this.#from;
    const key = this.#match(keyShape, start)?.[1];
    const name = key === undefined ? undefined : plainScalar(key, start);
    const value = name && this.#inline(plainInBrackets, depth);
    return value && new Pair(name, value);
  }

  #skip(count: number): void {
    this.#from += count;
    while (this.#text[this.#from] === " ") this.#from++;
  }

  #isItem(start: number): boolean {
    return this.#text[start] === "-" && /[ \n]/.test(this.#text[start + 1]);
  }

  /** Whether what follows stands further out. */
  #hasEnded(indent: number): boolean {
    return this.ended || this.#lines[this.#at].indent < indent;
  }

  #match(shape: RegExp, from: number): RegExpExecArray | undefined {
    shape.lastIndex = from;
    const found = shape.exec(this.#text) ?? undefined;
    if (found !== undefined) this.#from = shape.lastIndex;
    return found;
  }
}

/** More than any of our shapes has. */
const deepest = 16;

/** Where a node begins is all that is asked. */
function rangeFrom(start: number): Range {
  return [start, start, start];
}

function scalar(value: unknown, start: number, source: string): Scalar.Parsed {
  const made = new Scalar(value);
  made.range = rangeFrom(start);
  made.source = source;
  return made as Scalar.Parsed;
}

/** Text without quotes, which may be a number or a word of YAML's. Spec: YAML 1.2.2 §10.3.2. */
function plainScalar(text: string, start: number): Scalar.Parsed | undefined {
  if (text === "true" || text === "false") return scalar(text === "true", start, text);
  if (/^\d{1,15}(?:\.\d{1,15})?$/.test(text)) return scalar(Number(text), start, text);
  return unusualScalar.test(text) ? undefined : scalar(text, start, text);
}

const unusualScalar = /^(?:true|false|null|[\d.]+(?:e[-+]?\d+)?|0[xo][\da-f]+|\.inf|\.nan)$/i;
