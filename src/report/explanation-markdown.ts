import { counted } from "../bytes/text.ts";
import type { Explanation } from "../flow/explanation.ts";
import type { Analysis } from "../flow/model.ts";
import { requestText, rowText, toldRows, verdictNames } from "./explanation-text.ts";
import { headlineOf, worstFirst } from "./headline.ts";
import { findingItem } from "./markdown.ts";
import { markdownText } from "./sanitize.ts";

/** Prediction beside observation, the requests of the log with their flows, then what is wrong, as GitHub Flavored Markdown. */
export function* renderExplanationMarkdown(analysis: Analysis): Iterable<string> {
  const { explanation, findings } = analysis;
  yield `**${markdownText(headlineOf(analysis).text)}**\n\n`;
  if (explanation !== undefined) {
    yield* hosts(explanation);
    yield* requests(explanation);
  }
  if (findings.length > 0) yield "### Findings\n\n";
  for (const finding of worstFirst(findings)) yield* findingItem(finding, analysis);
}

function* hosts({ refused, assumed, hosts: rows, moreHosts = 0 }: Explanation): Iterable<string> {
  if (refused !== undefined) yield `${markdownText(`${refused}: nothing is asked`)}\n\n`;
  if (assumed.length > 0) {
    yield `${markdownText(assumed.join(", "))}: told by no file given; Go's defaults are assumed.\n\n`;
  }
  yield "### Settings and capture\n\n";
  for (const row of toldRows(rows)) yield `- **${verdictNames[row.verdict][0]}**: ${markdownText(rowText(row))}\n`;
  if (moreHosts > 0) yield `- and ${counted(moreHosts, "more flow")} to other hosts\n`;
  yield "\n";
}

function* requests({ requests: told = [], moreRequests = 0 }: Explanation): Iterable<string> {
  if (told.length === 0) return;
  yield "### Requests of the command and their flows\n\n";
  for (const request of told) yield `- ${request.status ?? "–"} ${markdownText(requestText(request))}\n`;
  if (moreRequests > 0) yield `- and ${counted(moreRequests, "more request")}\n`;
  yield "\n";
}
