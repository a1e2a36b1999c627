import type { CheckReport } from "../check/report.ts";
import { countText, entriesOf, isFailure, outcomeWords, slashes, type CheckEntry } from "./check-outcomes.ts";
import { visible } from "./sanitize.ts";

/** GitHub shows ten annotations of a step: these, and one for the rest. */
const shownAnnotations = 9;

/**
 * A check as workflow commands that annotate the policy's lines, and a last line that counts; the count is an annotation
 * itself where not every failure has one.
 *
 * Spec: docs.github.com, "Workflow commands for GitHub Actions", and the escapes of actions/toolkit `command.ts`.
 */
export function* renderCheckGithub(report: CheckReport): Iterable<string> {
  const entries = entriesOf(report);
  const failed = entries.filter(isFailure);
  for (const entry of failed.slice(0, shownAnnotations)) yield annotation(entry);
  const hidden = failed.length - shownAnnotations;
  const counted = `${report.tool.name} check: ${countText(report, entries)}`;
  if (hidden > 0)
    yield `::error title=${property("more failures")}::${content(`${counted}; ${hidden} not shown here`)}\n`;
  else yield `${counted}\n`;
}

function annotation({ title, location, capture, outcome, message, details }: CheckEntry): string {
  const place = `file=${property(slashes(location.file))},line=${location.line},col=${location.column}`;
  const lines = [`${capture.name}: ${outcomeWords[outcome]}: ${message}`, ...details];
  return `::error ${place},title=${property(title)}::${lines.map(content).join("%0A")}\n`;
}

function content(text: string): string {
  return visible(text).replaceAll("%", "%25");
}

function property(text: string): string {
  return content(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
