import type { Analysis, Flow } from "../flow/model.ts";
import { narrowest } from "../report/columns.ts";
import { visible } from "../report/sanitize.ts";
import { fileText } from "../report/words.ts";
import type { Style } from "../report/style.ts";
import type { AnalyzeArguments } from "./arguments.ts";

/** What is printed before the first of several results, between two and after the last. */
export interface Surroundings {
  readonly open: string;
  readonly separator: string;
  readonly close: string;
}

/** One way to print one or several analyses. */
export interface ReportFormat extends Surroundings {
  /** `flow` is the one that `--flow` asks for; the analysis is narrowed to it already. */
  render(analysis: Analysis, first: boolean, flow: Flow | undefined): Iterable<string | Uint8Array>;
}

/** The format that the arguments ask for; `several` when more than one capture is reported. */
export async function openFormat(given: AnalyzeArguments, several: boolean): Promise<ReportFormat> {
  const noise = given.all || given.only.length > 0 || given.flow !== undefined;
  switch (given.format) {
    case "json": {
      const { renderJson } = await import("../report/json.ts");
      return { ...aroundJson(several), render: renderJson };
    }
    case "ndjson": {
      const { renderNdjson } = await import("../report/json.ts");
      return { ...bare, render: renderNdjson };
    }
    case "csv": {
      const { renderCsv } = await import("../report/csv.ts");
      return { ...bare, render: renderCsv };
    }
    case "markdown": {
      const { renderMarkdown } = await import("../report/markdown.ts");
      return { ...bare, separator: "\n", render: (analysis) => renderMarkdown(analysis, noise) };
    }
    case "text":
      return textFormat(given, several, noise);
  }
}

async function textFormat(given: AnalyzeArguments, several: boolean, noise: boolean): Promise<ReportFormat> {
  const terminal = await terminalOf(given);
  const { style } = terminal;
  const options = { ...terminal, noise, verbose: given.verbose };
  if (given.flow !== undefined) {
    const { renderFlow } = await import("../report/flow-text.ts");
    return {
      ...bare,
      separator: "\n",
      render: function* (analysis, _first, flow) {
        if (several) yield heading(analysis, style);
        if (flow !== undefined) yield* renderFlow(flow, analysis, options);
      },
    };
  }
  const { renderText } = await import("../report/text.ts");
  return {
    ...bare,
    separator: "\n",
    render: function* (analysis) {
      if (several) yield heading(analysis, style);
      yield* renderText(analysis, options);
    },
  };
}

/** Width and colours that the arguments, the environment and the terminal ask for. */
export async function terminalOf(
  given: Pick<AnalyzeArguments, "width" | "color">,
): Promise<{ readonly width: number; readonly style: Style }> {
  const { colourStyle, plainStyle } = await import("../report/style.ts");
  return { width: widthOf(given), style: wantsColour(given.color) ? colourStyle : plainStyle };
}

function heading(analysis: Analysis, style: Style): string {
  return `${style("heading", `== ${visible(analysis.capture.files.map((file) => fileText(file.name)).join(", "))}`)}\n`;
}

/** Spec: no-color.org, force-color.org. The flag is stronger than the environment, and that than the terminal. */
function wantsColour(color: AnalyzeArguments["color"]): boolean {
  if (color !== "auto") return color === "always";
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return process.stdout.isTTY && TERM !== "dumb";
}

function widthOf(given: Pick<AnalyzeArguments, "width">): number {
  const width = given.width ?? (process.stdout.isTTY ? process.stdout.columns : Number(process.env["COLUMNS"]));
  return Math.max(narrowest, width || pipeWidth);
}

export const bare: Surroundings = { open: "", separator: "", close: "" };

/** What makes one JSON text of results: an array where there are several. */
export function aroundJson(several: boolean): Surroundings {
  return several ? { open: "[\n", separator: ",\n", close: "\n]\n" } : { ...bare, close: "\n" };
}

/** Where the output is no terminal: files, logs and messages. */
const pipeWidth = 120;
