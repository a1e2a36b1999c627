import type { CheckedCapture, CheckReport } from "../check/report.ts";
import { value, type ObjectShape } from "../flow/json-shape.ts";
import { jsonList, jsonWriter } from "./json-text.ts";

/**
 * A check as indented JSON, one capture at a time.
 *
 * Shape: schema/check.schema.json, with a line feed at the end. The same captures and policies give the same bytes.
 */
export function* renderCheckJson(report: CheckReport): Iterable<string> {
  yield jsonWriter(headShape, "")(report).slice(0, -"\n}".length);
  yield* jsonList("captures", report.captures, captureShape);
  yield "\n}\n";
}

const headShape = {
  schemaVersion: value,
  tool: { name: value, version: value },
  passed: value,
  counts: { holds: value, broken: value, cannotTell: value, waived: value },
} satisfies ObjectShape<Omit<CheckReport, "captures">>;

const captureShape = {
  name: value,
  files: value,
  policy: value,
  passed: value,
  failure: value,
  results: {
    id: value,
    rule: value,
    expectation: value,
    answer: value,
    passed: value,
    waiver: { reason: value, until: value, expired: value },
    grade: value,
    message: value,
    reason: value,
    remedy: value,
    evidence: { flows: value, frames: value, filter: value },
    location: { file: value, line: value, column: value },
  },
} satisfies ObjectShape<CheckedCapture>;
