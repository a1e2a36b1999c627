import { everyFrame } from "../finding/filter.ts";
import type { CaptureReport, Finding } from "../flow/model.ts";
import { labelled, lines, wrap } from "./layout.ts";
import { visible } from "./sanitize.ts";
import type { Style } from "./style.ts";
import { flowsText, framesText } from "./words.ts";

/** A finding with its ground and remedy, after an empty line. */
export function* renderFinding(
  finding: Finding,
  capture: CaptureReport,
  options: { readonly width: number; readonly style: Style },
): Iterable<string> {
  const { style, width } = options;
  const [first, ...more] = wrap(visible(`${finding.severity}: ${finding.title} [${finding.rule}]`), width - 2);
  yield `\n${style(finding.severity, first)}\n`;
  for (const line of more) yield `  ${style(finding.severity, line)}\n`;
  yield* lines(finding.detail, width - 2, (line) => `  ${line}`);
  if (finding.remedy !== "") yield item("to do", finding.remedy, width);
  const flows = finding.flows.length === 0 ? "" : `${flowsText(finding.flows)}; `;
  if (finding.frames.length > 0) {
    yield item("seen in", `${flows}${framesText(finding.frames, capture)} (${finding.grade})`, width);
  } else if (flows !== "") yield item("seen in", `${flows.slice(0, -2)} (${finding.grade})`, width);
  if (finding.filter !== everyFrame) yield item("filter", finding.filter, width);
}

/** An indented line with a name in front; continuation lines stand below the text. */
export function item(
  name: string,
  text: string,
  width: number,
  mark: (name: string) => string = (bare) => bare,
): string {
  const body = labelled(`  ${name}:`, visible(text), width, 11);
  return `  ${mark(`${name}:`)}${body.slice(name.length + 3)}`;
}
