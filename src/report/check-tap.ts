import type { CheckReport } from "../check/report.ts";
import { entriesOf, isFailure, outcomeWords, slashes, type CheckEntry } from "./check-outcomes.ts";
import { visible, visibleJson } from "./sanitize.ts";

/**
 * A check as TAP: a test point an expectation, with a YAML block where it does not hold.
 *
 * Spec: testanything.org, TAP version 14. Scalars of the blocks are JSON strings, which YAML reads as they are.
 */
export function* renderCheckTap(report: CheckReport): Iterable<string> {
  const entries = entriesOf(report);
  yield `TAP version 14\n1..${entries.length}${entries.length === 0 ? " # SKIP nothing was checked" : ""}\n`;
  for (const [at, entry] of entries.entries()) {
    const point = `${isFailure(entry) ? "not ok" : "ok"} ${at + 1} - ${description(entry)}`;
    if (entry.outcome === "holds") yield `${point}\n`;
    else if (isFailure(entry)) yield `${point}\n${diagnostics(entry)}`;
    else
      yield `${point} # SKIP ${escaped(`${outcomeWords[entry.outcome]}: ${entry.justification ?? entry.message}`)}\n`;
  }
}

function description({ capture, title }: CheckEntry): string {
  return escaped(`${capture.name}: ${title}`);
}

function escaped(text: string): string {
  return visible(text).replace(/[\\#]/g, "\\$&");
}

function diagnostics({ message, outcome, details, location, evidence }: CheckEntry): string {
  const block: readonly [string, unknown][] = [
    ["message", message],
    ["severity", outcome],
    ["details", details],
    ["at", { file: slashes(location.file), line: location.line, column: location.column }],
    ["frames", evidence?.frames ?? []],
    ["filter", evidence?.filter ?? ""],
  ];
  const lines = block.map(([key, content]) => `  ${key}: ${visibleJson(JSON.stringify(content))}\n`);
  return `  ---\n${lines.join("")}  ...\n`;
}
