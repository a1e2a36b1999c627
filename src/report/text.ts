import { counted } from "../bytes/text.ts";
import { secondsBetween } from "../flow/timestamp.ts";
import type { Analysis, CaptureReport } from "../flow/model.ts";
import type { ProblemCode } from "../problem.ts";
import { renderExplanationSection } from "./explanation-text.ts";
import { gradeMeanings } from "./fact-list.ts";
import { item, renderFinding } from "./finding-text.ts";
import { headlineOf, worstFirst } from "./headline.ts";
import { keyLogTexts } from "./key-log-text.ts";
import { labelled, lines } from "./layout.ts";
import { visible } from "./sanitize.ts";
import { flowsWhere } from "./selection.ts";
import { renderStorySection } from "./story-text.ts";
import type { Style } from "./style.ts";
import { renderTable } from "./table.ts";
import { bytesText, durationText } from "./units.ts";
import { evidenceText, fileText, frameText, labelText, targetText } from "./words.ts";

export interface TextOptions {
  /** Cells of the terminal. */
  readonly width: number;
  readonly style: Style;
  /** Show flows that have nothing to do with Go as well. */
  readonly noise: boolean;
  /** Explain grades, and say why each flow is called what it is. */
  readonly verbose: boolean;
}

/** The report of a capture for a terminal: the answer, what the keys open, what hides, the flows, the story, the findings, what judged. */
export function* renderText(analysis: Analysis, options: TextOptions): Iterable<string> {
  const { style, width } = options;
  const headline = headlineOf(analysis);
  yield* lines(headline.text, width, (line) => style(headline.meaning, line));
  yield* lines(captureLine(analysis.capture), width, (line) => style("note", line));
  for (const line of keyLogTexts(analysis)) yield item("keys", line, width, (name) => style("note", name));
  yield* blindness(analysis, options);
  const judged = yield* table(analysis, options);
  yield* renderStorySection(analysis, options);
  yield* renderExplanationSection(analysis, options);
  for (const finding of worstFirst(analysis.findings)) yield* renderFinding(finding, analysis.capture, options);
  if (options.verbose) yield* reasons(analysis, options);
  yield* footer(analysis, options, judged);
}

/** The flows. Returns whether a certificate of theirs was judged. */
function* table(analysis: Analysis, options: TextOptions): Generator<string, boolean> {
  let judged = false;
  const shown = flowsWhere(analysis, (flow) => {
    judged ||= flow.tls.some(({ path }) => path.status !== "not-visible");
    return options.noise || !flow.noise;
  });
  let empty = true;
  for (const piece of renderTable(shown, { ...options, origin: analysis.capture.start })) {
    if (empty) yield "\n";
    empty = false;
    yield piece;
  }
  return judged;
}

/** What the recorder dropped is said of the capture; that frames are out of order is a finding. */
const saidElsewhere: ReadonlySet<ProblemCode> = new Set<ProblemCode>(["interface-drops", "out-of-time-order"]);

function* blindness(analysis: Analysis, options: TextOptions): Iterable<string> {
  const { width, style } = options;
  const { capture, summary } = analysis;
  for (const text of summary.blind) yield item("hidden", text, width, (name) => style("warning", name));
  // Of a capture without frames the first line says so.
  const [first] = capture.frames === 0 && !summary.goTraffic ? capture.problems : [];
  const told = capture.problems.filter((problem) => !saidElsewhere.has(problem.code) && problem !== first);
  const problems = options.verbose ? told : told.slice(0, 5);
  for (const problem of problems) {
    yield item(remarks.has(problem.code) ? "remark" : "damage", problem.detail, width, (name) =>
      style("warning", name),
    );
  }
  if (capture.files.length > 1) {
    yield item("remark", "frames are numbered over all files, as `mergecap -a -w all.pcapng …` numbers them", width);
  }
  const more = told.length - problems.length + (capture.moreProblems ?? 0);
  yield* comments(capture, options);
  if (more > 0) yield item("damage", `${counted(more, "more problem")}; -v or --json lists them`, width);
}

function* comments(capture: CaptureReport, { width, style, verbose }: TextOptions): Iterable<string> {
  const written = capture.comments ?? [];
  const shown = verbose ? written : written.slice(0, commentsShown);
  for (const { frame, text } of shown) {
    yield item("comment", `${text} (${frameText(frame, capture)})`, width, (name) => style("note", name));
  }
  const more = written.length - shown.length + (capture.moreComments ?? 0);
  if (more > 0) yield item("comment", `${counted(more, "more frame comment")}; --json lists them`, width);
}

const commentsShown = 5;

/** Of sound files too: these say what the recorder did. */
const remarks: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "secrets-present",
  "secrets-too-late",
  "secrets-damaged",
  "checksum-not-verified",
  "no-timestamp",
  "snapped",
]);

function* reasons(analysis: Analysis, options: TextOptions): Iterable<string> {
  const { capture } = analysis;
  yield `\n${options.style("heading", "Why")}\n`;
  for (const flow of analysis.flows()) {
    if (flow.noise && !options.noise) continue;
    yield visible(`  flow ${flow.id}, ${targetText(flow)}`) + "\n";
    const ground = [
      [labelText(flow), flow.labelEvidence],
      [flow.role, flow.roleEvidence],
      [flow.route.kind, flow.route.evidence],
    ] as const;
    for (const [name, evidence] of ground) {
      yield labelled(`    ${visible(name)}`, visible(evidenceText(evidence, capture)), options.width, 19);
    }
    for (const tls of flow.tls) {
      yield labelled(`    ${tls.verdict.value}`, visible(evidenceText(tls.verdict, capture)), options.width, 19);
    }
  }
  yield* gradeMeanings(options);
}

function* footer(analysis: Analysis, options: TextOptions, judged: boolean): Iterable<string> {
  const { summary, capture } = analysis;
  const notes: string[] = [];
  if (summary.noise > 0 && !options.noise) {
    notes.push(
      `${counted(summary.noise, "flow")} that ${summary.noise === 1 ? "has" : "have"} nothing to do with Go: --all shows them`,
    );
  }
  for (const folded of capture.folded) {
    const where = folded.server === undefined ? "several hosts" : folded.server;
    const ports = folded.ports === undefined ? "" : `, ports ${folded.ports}`;
    notes.push(`${folded.count} more ${folded.outcome} flows from ${folded.client} to ${where}${ports}`);
  }
  if (judged) {
    const { count, source } = analysis.trust;
    notes.push(`certificates judged with ${counted(count, "trust anchor")}: ${source}`);
  }
  if (analysis.flowCount > 0) notes.push("everything about one flow: --flow N");
  yield "\n";
  for (const note of notes) yield* lines(note, options.width, (line) => options.style("note", line));
}

function captureLine(capture: CaptureReport): string {
  const names = capture.files.map((file) => fileText(file.name));
  const name = names.length > 3 ? `${names.length} files from ${names[0]} to ${names.at(-1)!}` : names.join(", ");
  const formats = new Set(
    capture.files.map((file) => file.format + (file.compression === "none" ? "" : ` in ${file.compression}`)),
  );
  const span = durationText(secondsBetween(capture.start, capture.end));
  const when = capture.start === undefined ? "" : `, ${span} from ${capture.start.slice(0, 19).replace("T", " ")} UTC`;
  return `${name}: ${[...formats].join(", ")}, ${counted(capture.frames, "frame")}, ${bytesText(capture.bytes)}${when}`;
}
