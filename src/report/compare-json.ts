import type { Comparison } from "../compare/comparison.ts";
import type { Difference } from "../compare/difference.ts";
import type { ComparedTarget } from "../compare/side-by-side.ts";
import { value, type ObjectShape } from "../flow/json-shape.ts";
import { jsonList, jsonWriter } from "./json-text.ts";

/**
 * A comparison as indented JSON, in pieces: one difference, one target at a time.
 *
 * Shape: schema/comparison.schema.json; no line feed at the end. The same captures give the same bytes.
 */
export function* renderCompareJson(comparison: Comparison): Iterable<string> {
  yield jsonWriter(headShape, "")(comparison).slice(0, -"\n}".length);
  yield* jsonList("differences", comparison.differences, differenceShape);
  yield* jsonList("targets", comparison.targets, targetShape);
  yield "\n}";
}

const side = { name: value, targets: value, blind: value, damaged: value } as const;

const headShape = {
  schemaVersion: value,
  tool: { name: value, version: value },
  before: side,
  after: side,
  equal: value,
  settings: value,
} satisfies ObjectShape<Omit<Comparison, "differences" | "targets">>;

const differenceShape = {
  kind: value,
  weight: value,
  target: value,
  before: value,
  after: value,
  grade: value,
  follows: value,
  text: value,
} satisfies ObjectShape<Difference>;

const targetShape = {
  target: value,
  rows: { name: value, before: value, after: value },
} satisfies ObjectShape<ComparedTarget>;
