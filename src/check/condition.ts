import { isMap, isScalar, isSeq } from "yaml";
import { weaker } from "../compare/difference.ts";
import type { AnyShape, ValueShape } from "../flow/json-shape.ts";
import type { Grade } from "../grade.ts";
import { flag, mapOf, mapWith, oneOf, optional, type Field, type Place } from "../yaml/fields.ts";
import { parsePath, valuesAt, type FieldPath, type FoundValue, type Scalar } from "./fields.ts";
import { matchesGlob } from "./glob.ts";

/*
 * Conditions on fields of the JSON: `tls.alpn: h2` or `http.status: {atLeast: 200, atMost: 399}`. A value alone must be
 * equal, a list alone holds all values that may be.
 */

/** One operator and what it compares with. */
interface Test {
  /** In words, after the path: `is h2`. */
  readonly text: string;
  readonly accepts: (value: Scalar) => boolean;
  /** The words of which it speaks: `unknown` is a value like others to whoever asks for it. */
  readonly names: readonly string[];
}

/** What is asked of one field. */
interface Condition {
  readonly path: FieldPath;
  readonly tests: readonly Test[];
  /** Whether there must be a value at all; absent where not asked. */
  readonly exists?: boolean;
}

/** Conditions that all must be met. */
export interface Conditions {
  /** In words: `tls.alpn is h2 and role is sumdb`. Quotes the policy: untrusted. */
  readonly text: string;
  readonly all: readonly Condition[];
  /** Whether one of them asks for a field at the top, such as `noise`. */
  readonly asks: (field: string) => boolean;
}

/** Whether conditions are met, how sure that is, and what was found instead. */
export interface Outcome {
  readonly met: "yes" | "no" | "unknown";
  readonly grade: Grade;
  /** What was found, after a subject: `had tls.alpn http/1.1`; or why nothing can be. */
  readonly because: string;
}

/** Reads conditions on things of a shape. */
export function conditionsField(shape: AnyShape): Field<Conditions> {
  const all = mapOf<Condition>((place, name, key) => {
    const path = parsePath(name, shape);
    return "wrong" in path ? key.wrong(path.wrong, path.hint) : condition(path, place);
  });
  return (place) => {
    const conditions = [...(all(place)?.values() ?? [])];
    if (conditions.length === 0) return null;
    return {
      text: conditions.map(conditionText).join(" and "),
      all: conditions,
      asks: (field) => conditions.some(({ path }) => path.steps[0] === field),
    };
  };
}

function conditionText({ path, tests, exists }: Condition): string {
  const words = exists === undefined ? [] : [exists ? "is there" : "is absent"];
  return `${path.text} ${[...words, ...tests.map(({ text }) => text)].join(" and ")}`;
}

function condition(path: FieldPath, place: Place): Condition | null {
  const value = valueOf(path.shape);
  if (isScalar(place.node)) return given(value(place), (found) => ({ path, tests: [operators.equals(found)] }));
  if (isSeq(place.node)) return given(listFrom(value)(place), (found) => ({ path, tests: [operators.in(found)] }));
  const written = isMap(place.node)
    ? operatorsOf(path.shape)(place)
    : place.wrong("a value or an operator is expected here");
  if (written === null) return null;
  const { exists, ...others } = written;
  const tests = Object.values(others).filter((test) => test !== undefined);
  if (tests.length === 0 && exists === undefined) return place.wrong("an operator is expected here", operatorNames);
  return { path, tests, ...(exists !== undefined && { exists }) };
}

function given<Value, Result>(value: Value | null, make: (value: Value) => Result): Result | null {
  return value === null ? null : make(value);
}

const scalarField: Field<Scalar> = (place) => {
  const value: unknown = isScalar(place.node) ? place.node.value : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : place.wrong("a text, a number, true or false is expected here");
};

/** A list of values, or one. */
function listFrom(value: Field<Scalar>): Field<readonly Scalar[]> {
  return (place) => {
    const items = isSeq(place.node) ? place.node.items.map((item) => place.at(item as Place["node"])) : [place];
    if (items.length === 0) return place.wrong("values are expected here");
    const values = items.flatMap((item) => value(item) ?? []);
    return values.length === items.length ? values : null;
  };
}

/** A value that a field can have: one that it never has would make a rule that nothing breaks. */
function valueOf(shape: ValueShape): Field<Scalar> {
  return (place) => {
    const value = scalarField(place);
    if (value === null || shape === "value") return value;
    const text = String(value);
    if (shape === "number") return String(Number(text)) === text ? value : place.wrong(`${text} is no number`);
    if (shape === "flag") return text === "true" || text === "false" ? value : flag(place);
    return shape.some((word) => word.includes("*") && matchesGlob(word, text)) ? value : oneOf(shape)(place);
  };
}

/** A pattern that some value of a field fits, as far as its values are known. */
function patternOf(shape: ValueShape): Field<Scalar> {
  return (place) => {
    const pattern = scalarField(place);
    if (pattern === null || typeof shape === "string") return pattern;
    return shape.some((word) => word.includes("*") || matchesGlob(String(pattern), word))
      ? pattern
      : place.wrong(`${pattern} fits none of ${shape.join(", ")}`);
  };
}

function boundOf(shape: ValueShape): Field<number> {
  return (place) => {
    const value = scalarField(place);
    if (value === null) return null;
    if (shape !== "number") return place.wrong("the values of this field are no numbers");
    return typeof value === "number" ? value : place.wrong("a number is expected here");
  };
}

const operators = {
  equals: (value: Scalar) => testOf(`is ${value}`, [value], (found) => same(found, value)),
  not: (value: Scalar) => testOf(`is not ${value}`, [value], (found) => !same(found, value)),
  in: (values: readonly Scalar[]) =>
    testOf(`is one of ${values.join(", ")}`, values, (found) => values.some((value) => same(found, value))),
  matches: (patterns: readonly Scalar[]) =>
    testOf(`matches ${patterns.join(" or ")}`, patterns, (found) =>
      patterns.some((pattern) => matchesGlob(String(pattern), String(found))),
    ),
  atMost: (most: number) => testOf(`is at most ${most}`, [], (found) => Number(found) <= most),
  atLeast: (least: number) => testOf(`is at least ${least}`, [], (found) => Number(found) >= least),
} as const;

const operatorNames = `there is ${Object.keys(operators).join(", ")}, exists`;

function testOf(text: string, operands: readonly Scalar[], accepts: (value: Scalar) => boolean): Test {
  return { text, accepts, names: operands.map(String) };
}

/** Numbers and truth values as they are written: `1.3` and `"1.3"` are one. */
function same(found: Scalar, wanted: Scalar): boolean {
  return found === wanted || String(found) === String(wanted);
}

interface WrittenOperators extends Partial<Record<keyof typeof operators, Test>> {
  readonly exists?: boolean;
}

function operatorsOf(shape: ValueShape): Field<WrittenOperators> {
  const value = valueOf(shape);
  const bound = boundOf(shape);
  return mapWith<WrittenOperators>({
    equals: optional(tested(value, operators.equals)),
    not: optional(tested(value, operators.not)),
    in: optional(tested(listFrom(value), operators.in)),
    matches: optional(tested(listFrom(patternOf(shape)), operators.matches)),
    atMost: optional(tested(bound, operators.atMost)),
    atLeast: optional(tested(bound, operators.atLeast)),
    exists: optional(flag),
  });
}

function tested<Operand>(field: Field<Operand>, operator: (operand: Operand) => Test): Field<Test> {
  return (place) => given(field(place), operator);
}

/** Why there may be other values than those that were found at a path, or any where none was. */
export type Hidden = (steps: readonly string[], found: boolean) => string | undefined;

/**
 * Asks a thing. A field with several values meets a condition with `some` of them, or with `every` one. `hidden` tells
 * why values may be missing.
 */
export function ask({ all }: Conditions, thing: unknown, quantifier: "some" | "every", hidden: Hidden): Outcome {
  let outcome: Outcome = { met: "yes", grade: "seen", because: "" };
  for (const each of all) {
    const next = askOne(each, valuesAt(thing, each.path), quantifier, hidden);
    if (next.met === "no") return next;
    if (next.met === "unknown") outcome = next;
    else if (outcome.met === "yes") outcome = { ...next, grade: weaker(outcome.grade, next.grade) };
  }
  return outcome;
}

function askOne(
  { path, tests, exists }: Condition,
  found: readonly FoundValue[],
  quantifier: "some" | "every",
  hidden: Hidden,
): Outcome {
  const none: Outcome = { met: "no", grade: "seen", because: `had no ${path.text}` };
  const unseen = (outcome: Outcome): Outcome => {
    const because = hidden(path.steps, found.length > 0);
    return because === undefined ? outcome : { met: "unknown", grade: "unknown", because };
  };
  if (exists !== undefined && exists !== found.length > 0) {
    return exists ? unseen(none) : { met: "no", grade: weakest(found), because: saying(path, found[0]) };
  }
  if (found.length === 0) {
    const absent: Outcome = { met: exists === false ? "yes" : "no", grade: "seen", because: none.because };
    return unseen(absent);
  }
  const answers = found.map((each) => ({ each, met: accept(tests, each.value) }));
  const decisive = answers.find(({ met }) => met === (quantifier === "some" ? "yes" : "no"));
  if (decisive !== undefined)
    return { met: decisive.met, grade: decisive.each.grade, because: saying(path, decisive.each) };
  const open = answers.find(({ met }) => met === "unknown");
  if (open !== undefined) return { met: "unknown", grade: "unknown", because: saying(path, open.each) };
  return unseen({ met: answers[0].met, grade: weakest(found), because: saying(path, found[0]) });
}

function accept(tests: readonly Test[], value: Scalar): Outcome["met"] {
  if (tests.every((test) => test.accepts(value) && !isOpen(value, test))) return "yes";
  return tests.some((test) => isOpen(value, test)) ? "unknown" : "no";
}

/** The report says that it does not know, and the test does not speak of that. */
function isOpen(value: Scalar, { names }: Test): boolean {
  return typeof value === "string" && openValues.has(value) && !names.includes(value);
}

/** What reports say where they do not know: roles and outcomes, verdicts of clients, paths. */
const openValues: ReadonlySet<string> = new Set(["unknown", "undecided", "not-visible"]);

function saying(path: FieldPath, { value }: FoundValue): string {
  return `had ${path.text} ${String(value)}`;
}

function weakest(found: readonly FoundValue[]): Grade {
  return found.map(({ grade }) => grade).reduce(weaker, "seen");
}
