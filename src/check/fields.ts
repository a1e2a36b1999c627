import { nearest } from "../bytes/nearest.ts";
import { weaker } from "../compare/difference.ts";
import { isValue, type AnyShape, type ValueShape } from "../flow/json-shape.ts";
import type { Grade } from "../grade.ts";

/*
 * Paths into the JSON of a report: `tls.negotiatedVersion`, `route.proxy.name`, `tls.0.certificates.issuer`. A path that
 * leads through a list stands for what it finds in every item; a number takes one item.
 */

/** A path that the JSON has. */
export interface FieldPath {
  readonly text: string;
  readonly steps: readonly string[];
  /** What its values can be. */
  readonly shape: ValueShape;
}

/** Why a path leads nowhere, and what was probably meant. */
export interface WrongPath {
  readonly wrong: string;
  readonly hint: string;
}

/** The path that a text names in things of a shape. */
export function parsePath(text: string, shape: AnyShape): FieldPath | WrongPath {
  const steps = text.split(".");
  let within = shape;
  let walked = "";
  for (const step of steps) {
    if (/^\d+$/.test(step)) continue;
    if (within === "counts") return { text, steps, shape: "number" };
    if (isValue(within)) return { wrong: `${walked} has no fields`, hint: `${walked} is a value itself` };
    if (!Object.hasOwn(within, step)) return wrongStep(step, walked, within);
    within = within[step];
    walked = walked === "" ? step : `${walked}.${step}`;
  }
  if (within === "counts") return { text, steps, shape: "number" };
  if (isValue(within)) return { text, steps, shape: within };
  const fields = Object.keys(within).map((key) => `${walked}.${key}`);
  return { wrong: `${walked} is no single value`, hint: `there is ${fields.join(", ")}` };
}

function wrongStep(step: string, walked: string, within: Readonly<Record<string, AnyShape>>): WrongPath {
  const prefix = walked === "" ? "" : `${walked}.`;
  const known = Object.keys(within);
  const holder = known.find((key) => typeof within[key] === "object" && Object.hasOwn(within[key], step));
  const meant = holder === undefined ? nearest(step, known) : `${holder}.${step}`;
  return {
    wrong: `there is no field ${prefix}${step}`,
    hint: meant === undefined ? `there is ${known.join(", ")}` : `did you mean ${prefix}${meant}?`,
  };
}

export type Scalar = string | number | boolean;

/** A value that a path found, and how sure it is. */
export interface FoundValue {
  readonly value: Scalar;
  readonly grade: Grade;
}

/** What a path finds in a thing, in order. Empty where the fields are absent. */
export function valuesAt(thing: unknown, { steps }: FieldPath): readonly FoundValue[] {
  const found: FoundValue[] = [];
  walk(thing, steps, "seen", found);
  return found;
}

function walk(thing: unknown, steps: readonly string[], grade: Grade, found: FoundValue[]): void {
  const [step, ...rest] = steps;
  if (Array.isArray(thing)) {
    if (step !== undefined && /^\d+$/.test(step)) walk(thing[Number(step)], rest, grade, found);
    else for (const item of thing) walk(item, steps, grade, found);
  } else if (typeof thing === "object" && thing !== null) {
    const fields = thing as Readonly<Record<string, unknown>>;
    // What all objects have, such as `constructor`, is no field of a report.
    if (step === undefined || !Object.hasOwn(fields, step)) return;
    walk(fields[step], rest, weaker(grade, gradeOf(fields, step)), found);
  } else if (typeof thing === "string" || typeof thing === "number" || typeof thing === "boolean") {
    found.push({ value: thing, grade });
  }
}

/** By the evidence that stands beside a field: of this field, or of the whole object. */
function gradeOf(fields: Readonly<Record<string, unknown>>, step: string): Grade {
  const evidence = fields[`${step}Evidence`] ?? fields["evidence"] ?? fields;
  const { grade } = evidence as { readonly grade?: Grade };
  return typeof grade === "string" ? grade : "seen";
}
