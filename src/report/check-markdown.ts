import type { CheckReport, CheckedCapture } from "../check/report.ts";
import {
  captureEntries,
  countText,
  entriesOf,
  isFailure,
  outcomeWords,
  slashes,
  type CheckEntry,
} from "./check-outcomes.ts";
import { markdownText } from "./sanitize.ts";

/** A comment on GitHub takes 65,536 characters, and more than one report may have to fit. */
const longestReport = 60_000;

/**
 * A check as GitHub Flavored Markdown that fits a pull request's comment: what fails first, then every expectation,
 * folded up, a capture at a time; what no longer fits is counted.
 */
export function* renderCheckMarkdown(report: CheckReport): Iterable<string> {
  const entries = entriesOf(report);
  const failed = entries.filter(isFailure);
  yield `## ${markdownText(`${report.tool.name} check: ${countText(report, entries)}`)}\n\n`;
  let room = longestReport;
  let left = 0;
  for (const part of [...failed.map(failure), ...report.captures.map(folded)]) {
    if (left === 0 && part.length <= room) {
      room -= part.length;
      yield part;
    } else left++;
  }
  if (left > 0) yield `\n${left} more parts do not fit here: \`gomodcap check\` prints them.\n`;
}

function failure({ capture, title, outcome, message, details, location }: CheckEntry): string {
  const place = `${slashes(location.file)}:${location.line}`;
  const head = `- **${outcomeWords[outcome]}** ${markdownText(`${capture.name}: ${title}`)} (${markdownText(place)})\n`;
  return head + [message, ...details].map((text) => `  <br>${markdownText(text)}\n`).join("");
}

function folded(capture: CheckedCapture): string {
  const own = captureEntries(capture);
  const failed = own.filter(isFailure).length;
  const head = `${capture.name}: ${failed === 0 ? "passed" : `${failed} failed`}, ${own.length} in all`;
  const rows = own.map(({ title, outcome, message }) => {
    const cells = [title, outcomeWords[outcome], message].map(markdownText);
    return `| ${cells.join(" | ")} |\n`;
  });
  const table = `| expectation | answer | why |\n| --- | --- | --- |\n${rows.join("")}`;
  return `\n<details><summary>${markdownText(head)}</summary>\n\n${table}\n</details>\n`;
}
