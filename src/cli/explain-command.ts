import type { Analysis } from "../flow/model.ts";
import type { AnalyzeArguments } from "./arguments.ts";
import { namesConfiguration } from "./configuration-files.ts";
import { UsageError } from "./errors.ts";
import { aroundJson, bare, terminalOf, type ReportFormat } from "./report-format.ts";

/**
 * How to print what the settings prescribe beside what the capture shows; `several` when more than one capture is told.
 *
 * Throws: UsageError without settings.
 */
export async function openExplainFormat(given: AnalyzeArguments, several: boolean): Promise<ReportFormat> {
  if (!namesConfiguration(given)) {
    throw new UsageError("no settings to explain by", "give --env with the output of go env -json, and that of env");
  }
  switch (given.format) {
    case "json": {
      const { renderExplanationJson } = await import("../report/explanation-json.ts");
      return { ...aroundJson(several), render: renderExplanationJson };
    }
    case "markdown": {
      const { renderExplanationMarkdown } = await import("../report/explanation-markdown.ts");
      return { ...bare, separator: "\n", render: renderExplanationMarkdown };
    }
    default: {
      const { renderExplanation } = await import("../report/explanation-text.ts");
      const options = { ...(await terminalOf(given)), verbose: given.verbose };
      return { ...bare, separator: "\n", render: (analysis: Analysis) => renderExplanation(analysis, options) };
    }
  }
}
