import type { Analysis, Finding, Severity } from "../flow/model.ts";
import type { Meaning } from "./style.ts";
import { labels } from "./selection.ts";
import { counted } from "./units.ts";

/** The answer in a line or two: what the flows were, and whether something failed. Not sanitised. */
export interface Headline {
  readonly text: string;
  readonly meaning: Meaning;
}

/** The first line of a report. */
export function headlineOf(analysis: Analysis): Headline {
  const { summary } = analysis;
  if (!summary.goTraffic) return { text: withoutGo(analysis), meaning: "warning" };
  const present = labels.filter((label) => summary.labels[label] > 0);
  const flows = present.reduce((sum, label) => sum + summary.labels[label], 0);
  const byLabel = present.map((label) => `${summary.labels[label]} ${label}`).join(", ");
  const first = flows === 0 ? "Go traffic, but no complete flow." : `${counted(flows, "Go flow")}: ${byLabel}.`;
  const { text, meaning } = outcomeOf(analysis);
  return { text: `${first} ${text}`, meaning };
}

/** Findings, the worst first; equal ones stay in their order. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => rank[a.severity] - rank[b.severity]);
}

function outcomeOf(analysis: Analysis): Headline {
  const errors = analysis.findings.filter((finding) => finding.severity === "error");
  if (errors.length > 0) {
    const more = errors.length > 1 ? `, and ${counted(errors.length - 1, "more error")}` : "";
    return { text: `go get failed: ${errors[0].title}${more}`, meaning: "error" };
  }
  const partial = analysis.summary.blind.length > 0 || analysis.capture.files.some((file) => file.damaged);
  const hidden = partial ? ", but the capture does not show everything" : "";
  const warnings = analysis.findings.filter((finding) => finding.severity === "warning");
  if (warnings.length === 0) return { text: `No failure seen${hidden}.`, meaning: hidden === "" ? "good" : "heading" };
  const more = warnings.length > 1 ? `, and ${counted(warnings.length - 1, "more warning")}` : "";
  return { text: `No failure seen${hidden}. Warning: ${warnings[0].title}${more}`, meaning: "warning" };
}

function withoutGo(analysis: Analysis): string {
  const { capture, summary } = analysis;
  if (capture.frames === 0) return "No frames in this capture: nothing to tell.";
  const instead = summary.instead === undefined ? "." : `. Seen instead: ${summary.instead}.`;
  return (
    `No Go traffic in this capture${instead} Usual causes: the modules were in GOMODCACHE already, -mod=vendor, ` +
    "another interface was captured, or a capture filter left it out."
  );
}

const rank: Record<Severity, number> = { error: 0, warning: 1, note: 2 };
