import { counted } from "../bytes/text.ts";
import type { CheckedCapture, CheckReport, RuleResult } from "../check/report.ts";
import { labelled, lines } from "./layout.ts";
import { visible } from "./sanitize.ts";
import type { Meaning, Style } from "./style.ts";

export interface CheckTextOptions {
  /** Cells of the terminal. */
  readonly width: number;
  readonly style: Style;
  /** Tell what holds as well, and what every answer rests on. */
  readonly verbose: boolean;
}

/** A check for a terminal: a line for each capture, below it what does not hold, at the end all in numbers. */
export function* renderCheckText(report: CheckReport, options: CheckTextOptions): Iterable<string> {
  for (const capture of report.captures) yield* captureText(capture, options);
  yield* lines(totals(report), options.width, (line) => options.style(report.passed ? "good" : "heading", line));
}

function* captureText(capture: CheckedCapture, options: CheckTextOptions): Iterable<string> {
  const { name, passed, failure, results } = capture;
  const { style, width, verbose } = options;
  const holding = results.filter(({ answer }) => answer === "holds").length;
  const tail =
    failure !== undefined && results.length === 0 ? "cannot be read" : `${holding} of ${results.length} hold`;
  yield* lines(`${name}: ${tail}`, width, (line) => style(passed ? "good" : "error", line));
  if (failure !== undefined) yield labelled("", visible(failure), width, indent);
  for (const result of results) if (verbose || result.answer !== "holds") yield* resultText(result, options);
}

function* resultText(result: RuleResult, { style, width, verbose }: CheckTextOptions): Iterable<string> {
  const { answer, passed, expectation, message, reason, remedy, evidence, location, waiver } = result;
  const line = labelled(`  ${answerWord(result)}`, visible(expectation), width, indent);
  yield `${style(meaningOf(result), line.trimEnd())}
`;
  yield labelled("", visible(message), width, indent);
  if (verbose && reason !== "") yield labelled("", visible(reason), width, indent);
  if (waiver !== undefined) {
    const until = waiver.expired ? `was waived until ${waiver.until}` : `waived until ${waiver.until}`;
    yield labelled("", visible(`${until}: ${waiver.reason}`), width, indent);
  }
  if (!passed && remedy !== undefined) yield labelled(" ".repeat(indent) + "=>", visible(remedy), width, indent + 3);
  if (answer !== "holds" && evidence.frames.length > 0) yield labelled("", evidence.filter, width, indent);
  if (!passed) yield labelled("", visible(`${location.file}:${location.line}:${location.column}`), width, indent);
}

function answerWord({ answer, passed, waiver }: RuleResult): string {
  if (waiver?.expired === false) return "waived";
  if (answer === "holds") return "holds";
  if (answer === "broken") return "BROKEN";
  return passed ? "cannot tell" : "CANNOT TELL";
}

function meaningOf({ answer, passed }: RuleResult): Meaning {
  if (passed) return answer === "holds" ? "good" : "note";
  return answer === "broken" ? "error" : "warning";
}

/** `3 captures: 10 hold, 1 broken, 1 cannot be told, 1 waived.` */
function totals({ captures, counts }: CheckReport): string {
  const parts = [
    `${counts.holds} hold`,
    ...(counts.broken > 0 ? [`${counts.broken} broken`] : []),
    ...(counts.cannotTell > 0 ? [`${counts.cannotTell} cannot be told`] : []),
    ...(counts.waived > 0 ? [`${counts.waived} waived`] : []),
  ];
  return `${counted(captures.length, "capture")}: ${parts.join(", ")}.`;
}

/** Cells before what stands below an answer. */
const indent = 15;
