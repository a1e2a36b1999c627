import { counted, hostPort } from "../bytes/text.ts";
import type { ExplainedHost, ExplainedRequest, ExplainedVerdict } from "../flow/explanation.ts";
import type { Analysis } from "../flow/model.ts";
import { headlineOf, worstFirst } from "./headline.ts";
import { renderFinding } from "./finding-text.ts";
import { labelled, lines } from "./layout.ts";
import { visible } from "./sanitize.ts";
import type { Meaning, Style } from "./style.ts";
import { flowsText } from "./words.ts";

interface Options {
  /** Cells of the terminal. */
  readonly width: number;
  readonly style: Style;
  /** Count what is as configured in a short form, list all requests in the long one. */
  readonly verbose: boolean;
}

/** Prediction beside observation, the requests of the log with their flows, then what is wrong, for a terminal. */
export function* renderExplanation(analysis: Analysis, options: Options): Iterable<string> {
  const { explanation } = analysis;
  const headline = headlineOf(analysis);
  yield* lines(headline.text, options.width, (line) => options.style(headline.meaning, line));
  if (explanation !== undefined) {
    yield* assumptions(analysis, options);
    yield* rows(toldRows(explanation.hosts), options);
    const more = explanation.moreHosts ?? 0;
    if (more > 0) yield `${options.style("note", `  and ${counted(more, "more flow")} to other hosts`)}\n`;
    yield* requests(analysis, options);
  }
  for (const finding of worstFirst(analysis.findings)) yield* renderFinding(finding, analysis.capture, options);
}

/** The short form for the report of a capture: what contradicts the settings, and how much is as they say. */
export function* renderExplanationSection({ explanation }: Analysis, options: Options): Iterable<string> {
  if (explanation === undefined) return;
  const shown = explanation.hosts.filter(({ verdict }) => verdict === "contradicts");
  if (shown.length > 0) yield* rows(shown, options);
  const counts = summaries
    .map(([verdict, words]) => [words, flowsOf(explanation.hosts, verdict)] as const)
    .filter(([, count]) => count > 0)
    .map(([words, count]) => `${counted(count, "flow")} ${words}`);
  if (counts.length === 0 || (shown.length === 0 && !options.verbose)) return;
  yield `${options.style("note", `  ${counts.join(", ")}: gomodcap explain`)}\n`;
}

const summaries: readonly (readonly [ExplainedVerdict, string])[] = [
  ["as-configured", "as configured"],
  ["cannot-be-told", "cannot be told"],
];

function flowsOf(hosts: readonly ExplainedHost[], wanted: ExplainedVerdict): number {
  const of = hosts.filter(({ verdict }) => verdict === wanted);
  return of.reduce((sum, { flows, moreFlows = 0 }) => sum + flows.length + moreFlows, 0);
}

/** Rows worth telling, worst first: that hosts which must not appear do not is one of the database alone, for people doubt that. */
export function toldRows(hosts: readonly ExplainedHost[]): readonly ExplainedHost[] {
  return hosts.filter(isTold).toSorted((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict));
}

function isTold({ verdict, flows, presence, role }: ExplainedHost): boolean {
  if (flows.length > 0) return true;
  return verdict === "not-seen" ? presence === "must" : role === "sumdb";
}

function* assumptions({ explanation }: Analysis, { width, style }: Options): Iterable<string> {
  const { assumed = [], refused } = explanation ?? {};
  if (refused !== undefined) yield* lines(`${refused}: nothing is asked`, width, (line) => style("error", line));
  if (assumed.length === 0) return;
  const text = `${assumed.join(", ")}: told by no file given; Go's defaults are assumed (go env -json, and env for the proxies)`;
  yield* lines(text, width, (line) => style("note", line));
}

/** Verdicts in words. */
export const verdictNames: Readonly<Record<ExplainedVerdict, readonly [name: string, meaning: Meaning]>> = {
  contradicts: ["contradicts", "error"],
  "cannot-be-told": ["cannot be told", "warning"],
  "as-configured": ["as configured", "good"],
  "not-seen": ["not seen", "note"],
};
const order = Object.keys(verdictNames) as ExplainedVerdict[];

function* rows(hosts: readonly ExplainedHost[], { width, style }: Options): Iterable<string> {
  if (hosts.length === 0) return;
  yield `\n${style("heading", "Settings and capture")}\n`;
  for (const row of hosts) {
    const [name, meaning] = verdictNames[row.verdict];
    const body = labelled(`  ${name}`, visible(rowText(row)), width, 18);
    yield body.replace(name, () => style(meaning, name));
  }
}

/** A row without its verdict. */
export function rowText({ host, port = 443, role, flows, moreFlows = 0, because, route }: ExplainedHost): string {
  const place = host === undefined ? `any ${role}` : `${port === 443 ? host : hostPort(host, port)} (${role})`;
  const seen = flows.length === 0 ? "" : `, ${flowsText(flows, moreFlows)}`;
  return `${place}${seen}: ${because}${route === undefined ? "" : `; prescribed: ${route}`}`;
}

function* requests({ explanation }: Analysis, { width, style, verbose }: Options): Iterable<string> {
  const { requests: told = [], moreRequests = 0 } = explanation ?? {};
  if (told.length === 0) return;
  const shown = told.slice(0, verbose ? Infinity : requestsShown);
  yield `\n${style("heading", "Requests of the command and their flows")}\n`;
  for (const request of shown) {
    const body = labelled(`  ${request.status ?? "-"}`, visible(requestText(request)), width, 6);
    yield (request.status ?? 200) < 400
      ? body
      : body.replace(`${request.status}`, (status) => style("warning", status));
  }
  const more = told.length - shown.length + moreRequests;
  if (more > 0) yield `${style("note", `  and ${counted(more, "more request")}: -v`)}\n`;
}

const requestsShown = 40;

/** A request of the command, and the flows that may have carried it. */
export function requestText({ url, status, text, flows, grade }: ExplainedRequest): string {
  const said = status === undefined && text !== undefined ? `: ${text}` : "";
  const where = flows.length === 0 ? "no flow" : `${flows.length > 1 ? "one of " : ""}${flowsText(flows)} (${grade})`;
  return `${url}${said}, ${where}`;
}
