import { counted } from "../bytes/text.ts";
import type { Analysis, Finding, Severity, Summary } from "../flow/model.ts";
import { modulesSentence } from "./story-words.ts";
import type { Meaning } from "./style.ts";
import { labels } from "../flow/vocabulary.ts";
import type { Selection } from "./selection.ts";

/** The answer in a line or two: what the flows were, and whether something failed. Not sanitised. */
export interface Headline {
  readonly text: string;
  readonly meaning: Meaning;
}

/** The first line of a report: the answer for the whole capture, also above a selection of its flows. */
export function headlineOf(selection: Selection): Headline {
  const analysis = selection.whole ?? selection;
  const { summary } = analysis;
  if (!summary.goTraffic) return withoutGo(analysis);
  const flows = labels.reduce((sum, label) => sum + summary.labels[label], 0);
  const first =
    flows === 0 ? "Go traffic, but no complete flow." : `${counted(flows, "Go flow")}: ${labelCounts(summary)}.`;
  const { text, meaning } = outcomeOf(analysis);
  const modules = modulesSentence(analysis.story, meaning !== "error");
  return { text: [first, modules, text].filter((sentence) => sentence !== "").join(" "), meaning };
}

/** `3 proxied, 1 direct?`: as in the table, a question mark where nothing but the client's program speaks for it. */
function labelCounts({ labels: counts, doubtful = 0 }: Summary): string {
  const parts: [number, string][] = labels.map((label) => [counts[label] - (label === "direct" ? doubtful : 0), label]);
  parts.push([doubtful, "direct?"]);
  return parts
    .filter(([count]) => count > 0)
    .map(([count, label]) => `${count} ${label}`)
    .join(", ");
}

/** Findings, the worst first; equal ones stay in their order. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => rank[a.severity] - rank[b.severity]);
}

function outcomeOf(analysis: Analysis): Headline {
  const errors = analysis.findings.filter((finding) => finding.severity === "error");
  if (errors.length > 0) {
    return { text: `go get failed: ${worst(errors)}`, meaning: "error" };
  }
  const partial = analysis.summary.blind.length > 0 || analysis.capture.files.some((file) => file.damaged);
  const hidden = partial ? ", but the capture does not show everything" : "";
  const warnings = analysis.findings.filter((finding) => finding.severity === "warning");
  if (warnings.length === 0) return { text: `No failure seen${hidden}.`, meaning: hidden === "" ? "good" : "heading" };
  return { text: `No failure seen${hidden}. Warning: ${worst(warnings)}`, meaning: "warning" };
}

function withoutGo(analysis: Analysis): Headline {
  const { capture, summary, findings, flowCount } = analysis;
  const errors = findings.filter((finding) => finding.severity === "error");
  if (errors.length > 0) return { text: `${connections(analysis)} Error: ${worst(errors)}`, meaning: "error" };
  const instead = summary.instead === undefined ? "." : `. Seen instead: ${summary.instead}.`;
  const warnings = flowCount === 0 ? findings.filter((finding) => finding.severity === "warning") : [];
  const partial = summary.blind.length > 0;
  const where = partial ? "to be seen in this capture, which does not show everything" : "in this capture";
  const text = capture.frames === 0 ? `Nothing to tell: ${whyEmpty(capture)}.` : `No Go traffic ${where}${instead}`;
  const usual =
    "Usual causes: the modules were in GOMODCACHE already, -mod=vendor, another interface was captured, or a capture filter left it out.";
  const why = warnings.length > 0 ? `Warning: ${worst(warnings)}` : capture.frames === 0 || partial ? "" : usual;
  return { text: [text, why].filter((sentence) => sentence !== "").join(" "), meaning: "warning" };
}

/** What the story rests on, or why there is none. Not sanitised. */
export function storyGround({ capture, story }: Analysis): string {
  return capture.frames === 0 ? `nothing to tell: ${whyEmpty(capture)}` : `${story.because} (${story.grade})`;
}

function whyEmpty({ problems }: Analysis["capture"]): string {
  return problems.at(0)?.detail ?? "no frames in this capture";
}

function connections({ capture, flowCount }: Analysis): string {
  if (capture.frames === 0) return `Nothing can be read: ${whyEmpty(capture)}.`;
  return flowCount === 0 ? "No connection was opened." : "No flow is surely Go's.";
}

function worst(findings: readonly Finding[]): string {
  const more = findings.length - 1;
  return findings[0].title + (more > 0 ? `, and ${counted(more, `more ${findings[0].severity}`)}` : "");
}

const rank: Record<Severity, number> = { error: 0, warning: 1, note: 2 };
