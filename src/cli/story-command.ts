import type { Analysis } from "../flow/model.ts";
import type { AnalyzeArguments } from "./arguments.ts";
import { aroundJson, bare, terminalOf, type ReportFormat } from "./report-format.ts";

/** How to print what the Go command did; `several` when more than one capture is told. */
export async function openStoryFormat(given: AnalyzeArguments, several: boolean): Promise<ReportFormat> {
  switch (given.format) {
    case "json": {
      const { renderStoryJson } = await import("../report/story-json.ts");
      return { ...aroundJson(several), render: renderStoryJson };
    }
    case "ndjson": {
      const { renderStoryNdjson } = await import("../report/story-json.ts");
      return { ...bare, render: renderStoryNdjson };
    }
    case "csv": {
      const { renderStoryCsv } = await import("../report/story-csv.ts");
      return { ...bare, render: renderStoryCsv };
    }
    case "markdown": {
      const { renderStoryMarkdown } = await import("../report/story-markdown.ts");
      return { ...bare, separator: "\n", render: renderStoryMarkdown };
    }
    case "text": {
      const { renderStory } = await import("../report/story-text.ts");
      const terminal = { ...(await terminalOf(given)), verbose: given.verbose };
      return { ...bare, separator: "\n", render: (analysis: Analysis) => renderStory(analysis, terminal) };
    }
  }
}
