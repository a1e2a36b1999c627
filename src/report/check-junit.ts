import type { CheckReport } from "../check/report.ts";
import { captureEntries, isFailure, outcomeWords, slashes, type CheckEntry } from "./check-outcomes.ts";
import { xmlText } from "./sanitize.ts";

/**
 * A check as JUnit XML: a suite a capture, a case an expectation. What is broken or cannot be told is a failure with
 * that type, a capture that could not be judged an error, what is waived or allowed is skipped with its reason.
 *
 * Spec: the elements and attributes that the readers of Jenkins, GitLab and GitHub actions have in common.
 */
export function* renderCheckJunit(report: CheckReport): Iterable<string> {
  const suites = report.captures.map((capture) => ({ capture, cases: captureEntries(capture) }));
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="${xmlText(report.tool.name)} check"${countsOf(suites.flatMap(({ cases }) => cases))}>\n`;
  for (const { capture, cases } of suites) {
    yield `  <testsuite name="${xmlText(capture.name)}" file="${xmlText(slashes(capture.policy))}"${countsOf(cases)}>\n`;
    for (const entry of cases) yield* testCase(entry);
    yield "  </testsuite>\n";
  }
  yield "</testsuites>\n";
}

function* testCase(entry: CheckEntry): Iterable<string> {
  const { title, capture, location, outcome, message } = entry;
  const place = `file="${xmlText(slashes(location.file))}" line="${location.line}"`;
  const open = `    <testcase name="${xmlText(title)}" classname="${xmlText(capture.name)}" ${place} time="0"`;
  if (outcome === "holds") {
    yield `${open} />\n`;
    return;
  }
  yield `${open}>\n`;
  const told = xmlText(`${outcomeWords[outcome]}: ${message}`);
  if (isFailure(entry)) {
    const element = outcome === "unreadable" ? "error" : "failure";
    yield `      <${element} type="${outcome}" message="${told}">${linesOf(entry)}</${element}>\n`;
  } else yield `      <skipped message="${told}">${linesOf(entry)}</skipped>\n`;
  yield "    </testcase>\n";
}

function linesOf({ message, details, evidence, location }: CheckEntry): string {
  const place = `expected at ${slashes(location.file)}:${location.line}:${location.column}`;
  const shown = evidence === undefined || evidence.frames.length === 0 ? [] : [`shown by: ${evidence.filter}`];
  return [message, ...details, ...shown, place].map(xmlText).join("\n");
}

function countsOf(entries: readonly CheckEntry[]): string {
  const errors = entries.filter(({ outcome }) => outcome === "unreadable").length;
  const failures = entries.filter(isFailure).length - errors;
  const skipped = entries.filter(({ outcome }) => outcome === "waived" || outcome === "allowed").length;
  return ` tests="${entries.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="0"`;
}
