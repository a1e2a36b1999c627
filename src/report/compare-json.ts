import type { Comparison } from "../compare/comparison.ts";
import { visibleJson } from "./sanitize.ts";

/**
 * A comparison as indented JSON, in pieces: one difference, one target at a time.
 *
 * Shape: schema/comparison.schema.json; no line feed at the end. The same captures give the same bytes.
 */
export function* renderCompareJson(comparison: Comparison): Iterable<string> {
  const { differences, targets, ...head } = comparison;
  yield indented(head).slice(0, -"\n}".length);
  yield* list("differences", differences);
  yield* list("targets", targets);
  yield "\n}";
}

function* list(key: string, items: Iterable<unknown>): Iterable<string> {
  yield `,\n  "${key}": [`;
  let separator = "\n    ";
  for (const item of items) {
    yield separator + indented(item).replaceAll("\n", "\n    ");
    separator = ",\n    ";
  }
  yield separator.startsWith(",") ? "\n  ]" : "]";
}

function indented(content: unknown): string {
  return visibleJson(JSON.stringify(content, undefined, 2));
}
