import { Composer, isMap, isScalar, isSeq, LineCounter, Parser, type CST, type ParsedNode } from "yaml";
import { nearest } from "../bytes/nearest.ts";
import { limits } from "../limits.ts";
import { TextMistakes, type TextMistake } from "./mistake.ts";

/*
 * Reads YAML as values of known shape. A `Field` reads one node and notes what is wrong with it at its place; reading goes
 * on, so that one call tells all mistakes. What a Field returns after a mistake is of no use: `readYaml` drops it.
 *
 * Aliases and tags are mistakes: nothing that is read can grow beyond its text. What is nested too deep is found before
 * the package composes it, which goes in by calls of itself and ends the process where these take all of the stack.
 */

/** A value's node and its place. */
export interface Place {
  readonly node: ParsedNode | null;
  /** Where it stands; both count from 1. */
  readonly position: Position;
  /** Notes a mistake here. */
  wrong(message: string, hint?: string): null;
  at(node: ParsedNode | null): Place;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Reads one value; null after a mistake. */
export type Field<Value> = (place: Place) => Value | null;

export type Read<Value> =
  | { readonly value: Value; readonly mistakes?: undefined }
  | { readonly mistakes: readonly TextMistake[]; readonly value?: undefined };

/** Reads a text of one YAML document. Never throws for what the text holds. */
export function readYaml<Value>(text: string, field: Field<Value>): Read<Value> {
  const mistakes = new TextMistakes();
  const lines = new LineCounter();
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const note = (offset: number, message: string, hint?: string): null => {
    mistakes.add({ ...positionOf(offset), message, ...(hint !== undefined && { hint }) });
    return null;
  };
  if (text.length > limits.yamlCharacters) {
    note(0, `the file has more than ${limits.yamlCharacters} characters`);
    return { mistakes: mistakes.all };
  }
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) {
    note(deep.offset, `this is nested more than ${limits.yamlDepth} deep`);
    return { mistakes: mistakes.all };
  }
  const composer = new Composer({ lineCounter: lines, prettyErrors: false, uniqueKeys: false, schema: "core" });
  const [document, second] = composer.compose(tokens, true, text.length);
  for (const { message, pos } of [...document.errors, ...document.warnings]) note(pos[0], lowerFirst(message));
  if (second !== undefined) note(second.range[0], "a second document begins here", "one file holds one");
  if (mistakes.count > 0) return { mistakes: mistakes.all };
  const placeOf = (node: ParsedNode | null, otherwise: number): Place => {
    const offset = node?.range[0] ?? otherwise;
    return {
      node,
      position: positionOf(offset),
      wrong: (message, hint) => note(offset, message, hint),
      at: (inner) => placeOf(inner, offset),
    };
  };
  const value = field(placeOf(document.contents, 0));
  if (mistakes.count === 0 && value !== null) return { value };
  return { mistakes: mistakes.all };
}

/** The first token found below more others than may be; undefined where none is. */
function tooDeep(tokens: readonly CST.Token[]): CST.Token | undefined {
  let level: readonly CST.Token[] = tokens;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limits.yamlDepth) return level[0];
    level = level.flatMap(within);
  }
  return undefined;
}

function within(token: CST.Token): readonly CST.Token[] {
  if (token.type === "document") return token.value === undefined ? [] : [token.value];
  if (!("items" in token)) return [];
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
}

export const textField: Field<string> = (place) => {
  const value = scalarOf(place);
  return typeof value === "string"
    ? value
    : place.wrong("a text is expected here", 'texts that look otherwise go in "…"');
};

export const wholeNumber: Field<number> = (place) => {
  const value = scalarOf(place);
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
    ? value
    : place.wrong("a whole number is expected here");
};

export const flag: Field<boolean> = (place) => {
  const value = scalarOf(place);
  return typeof value === "boolean" ? value : place.wrong("true or false is expected here");
};

export function oneOf<Name extends string>(names: readonly Name[]): Field<Name> {
  return (place) => {
    const value = scalarOf(place);
    const known = names.find((name) => name === value);
    if (known !== undefined) return known;
    const near = typeof value === "string" ? nearest(value, names) : undefined;
    const hint = near === undefined ? undefined : `did you mean ${near}?`;
    return place.wrong(`${shown(value)} is none of ${names.join(", ")}`, hint);
  };
}

export function listOf<Item>(item: Field<Item>): Field<readonly Item[]> {
  return (place) => {
    const { node } = place;
    if (!isSeq(node)) return place.wrong("a list is expected here", "its items begin with - or stand in [ ]");
    const items = node.items as (ParsedNode | null)[];
    const read = items.map((each) => item(place.at(each)));
    return read.every((each) => each !== null) ? read : null;
  };
}

/** A map whose keys are names of the file's own. `item` is told the key, and its place. */
export function mapOf<Item>(
  item: (place: Place, name: string, key: Place) => Item | null,
): Field<ReadonlyMap<string, Item>> {
  return (place) => {
    const entries = new Map<string, Item>();
    for (const [name, value] of pairsOf(place) ?? []) {
      const read = item(value, name, value.key);
      if (read !== null) entries.set(name, read);
    }
    return entries;
  };
}

/** A field of a map, and what it is where the map has no such key. */
export interface OptionalField<Value> {
  readonly field: Field<Value>;
  readonly otherwise: () => Value;
}

export function optional<Value>(field: Field<Value>): OptionalField<Value | undefined>;
export function optional<Value>(field: Field<Value>, otherwise: Value): OptionalField<Value>;
export function optional<Value>(field: Field<Value>, otherwise?: Value): OptionalField<Value | undefined> {
  return { field, otherwise: () => otherwise };
}

export type MapShape<Value> = {
  readonly [Key in keyof Value]-?: Field<NonNullable<Value[Key]>> | OptionalField<Value[Key]>;
};

/** A map of known keys; those without `optional` must be there, and no others may. Absent values stay absent. */
export function mapWith<Value extends object>(shape: MapShape<Value>): Field<Value> {
  const names = Object.keys(shape) as (keyof Value & string)[];
  return (place) => {
    const pairs = pairsOf(place);
    if (pairs === null) return null;
    const unknown = [...pairs.keys()].filter((key) => !Object.hasOwn(shape, key));
    const taken = new Set(unknown.map((key) => refuseKey(key, pairs.get(key)!.key, names)));
    const value: Partial<Value> = {};
    let whole = unknown.length === 0;
    for (const name of names) {
      const found = pairs.get(name);
      if (found === undefined && taken.has(name)) continue;
      const read = readField(name, found, shape[name], place);
      if (read === null) whole = false;
      else if (read !== undefined) value[name] = read as Value[typeof name];
    }
    return whole ? (value as Value) : null;
  };
}

/** Returns the key that was probably meant. */
function refuseKey(key: string, place: Place, names: readonly string[]): string | undefined {
  const near = nearest(key, names);
  place.wrong(`there is no key ${shown(key)} here`, near === undefined ? undefined : `did you mean ${near}?`);
  return near;
}

function readField(
  name: string,
  found: Place | undefined,
  known: Field<unknown> | OptionalField<unknown>,
  place: Place,
): unknown {
  if (typeof known === "function")
    return found === undefined ? place.wrong(`the key ${name} is missing`) : known(found);
  return found === undefined ? known.otherwise() : known.field(found);
}

/** The values of a map by key, each once. */
function pairsOf(place: Place): Map<string, Place & { readonly key: Place }> | null {
  const { node } = place;
  if (!isMap(node)) return place.wrong("keys with values are expected here", "key: value");
  const pairs = new Map<string, Place & { readonly key: Place }>();
  for (const pair of node.items) {
    const key = place.at(pair.key);
    const name = scalarOf(key);
    if (typeof name !== "string" && typeof name !== "number") key.wrong("a key is expected here");
    else if (pairs.has(String(name))) key.wrong(`the key ${shown(name)} stands here a second time`);
    else pairs.set(String(name), { ...key.at(pair.value), key });
  }
  return pairs;
}

/** A scalar's value; undefined for what is none. */
function scalarOf({ node }: Place): unknown {
  return isScalar(node) ? node.value : undefined;
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "this");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function lowerFirst(text: string): string {
  return text.replace(/^./, (first) => first.toLowerCase());
}
