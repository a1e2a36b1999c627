import { targetTls } from "../flow/target-tls.ts";
import { counted } from "../bytes/text.ts";
import { secondsBetween } from "../flow/timestamp.ts";
import type { Analysis, Finding, Flow } from "../flow/model.ts";
import { headlineOf, worstFirst } from "./headline.ts";
import { keyLogTexts } from "./key-log-text.ts";
import { markdownText } from "./sanitize.ts";
import { flowsWhere } from "./selection.ts";
import { renderStoryMarkdownSection } from "./story-markdown.ts";
import { bytesText, durationText } from "./units.ts";
import { fileText, framesText, labelText, pathText, routeText, stageText, targetText, tlsText } from "./words.ts";

/** The report as GitHub Flavored Markdown, for issues and job summaries. */
export function* renderMarkdown(analysis: Analysis, noise: boolean): Iterable<string> {
  const { trust, summary, capture } = analysis;
  const names = capture.files.map((file) => fileText(file.name)).join(", ");
  yield `## ${markdownText(names)}\n\n**${markdownText(headlineOf(analysis).text)}**\n\n`;
  const notes = [...keyLogTexts(analysis), ...summary.blind, ...capture.problems.map((problem) => problem.detail)];
  for (const text of notes) yield `- ${markdownText(text)}\n`;
  if (notes.length > 0) yield "\n";
  yield* table(analysis, noise);
  yield* renderStoryMarkdownSection(analysis);
  if (analysis.findings.length > 0) yield "### Findings\n\n";
  for (const finding of worstFirst(analysis.findings)) yield* findingItem(finding, analysis);
  if (summary.noise > 0 && !noise) yield `${counted(summary.noise, "flow")} without Go left out.\n\n`;
  yield `Certificates judged with ${counted(trust.count, "trust anchor")}: ${markdownText(trust.source)}.\n`;
}

function* table(analysis: Analysis, noise: boolean): Iterable<string> {
  let heading = `| ${columns.join(" | ")} |\n|${" --- |".repeat(columns.length)}\n`;
  for (const flow of flowsWhere(analysis, (each) => noise || !each.noise)) {
    yield `${heading}| ${cells(flow).map(markdownText).join(" | ")} |\n`;
    heading = "";
  }
  if (heading === "") yield "\n";
}

/** A finding as an item of a list. */
export function* findingItem(finding: Finding, analysis: Analysis): Iterable<string> {
  yield `- **${finding.severity}: ${markdownText(finding.title)}** (${markdownText(finding.rule)}, ${finding.grade})\n`;
  yield `  <br>${markdownText(finding.detail)}\n`;
  if (finding.remedy !== "") yield `  <br>To do: ${markdownText(finding.remedy)}\n`;
  if (finding.frames.length > 0) {
    const seen = framesText(finding.frames, analysis.capture);
    yield `  <br>Seen in ${markdownText(seen)}; filter: ${markdownText(finding.filter)}\n`;
  }
  yield "\n";
}

function cells(flow: Flow): string[] {
  const tls = targetTls(flow);
  return [
    String(flow.id),
    flow.client.address,
    targetText(flow),
    routeText(flow),
    flow.role,
    labelText(flow),
    tlsText(flow),
    pathText(tls, false),
    bytesText(flow.bytes.clientToServer + flow.bytes.serverToClient),
    durationText(secondsBetween(flow.start, flow.end)),
    stageText(flow),
  ];
}

const columns = ["flow", "client", "target", "route", "role", "label", "TLS", "chain", "bytes", "time", "stage"];
