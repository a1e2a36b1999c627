import { explanationShape } from "../flow/explanation-shape.ts";
import { findingShape } from "../flow/json-shape.ts";
import type { Analysis } from "../flow/model.ts";
import { jsonList, jsonWriter } from "./json-text.ts";

/** The explanation and the findings as indented JSON; no line feed at the end. Shape: `$defs/explained` of schema/analysis.schema.json. */
export function* renderExplanationJson({ explanation, findings }: Analysis): Iterable<string> {
  yield `{\n  "explanation": ${jsonWriter(explanationShape, "  ")(explanation)}`;
  yield* jsonList("findings", findings, findingShape);
  yield "\n}";
}
