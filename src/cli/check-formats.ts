import { appendFile } from "node:fs/promises";
import type { CheckReport } from "../check/report.ts";
import type { CheckArguments, CheckFormat } from "./check-arguments.ts";
import { UsageError, systemErrorText } from "./errors.ts";
import { writeOutput } from "./output-file.ts";
import type { Output } from "./output.ts";
import { terminalOf } from "./report-format.ts";

/**
 * Prints a check and writes it to files, in the formats that the arguments ask for. For GitHub the Markdown goes to the
 * summary of the job as well, where there is one. Throws: UsageError.
 */
export async function tellResults(report: CheckReport, given: CheckArguments, output: Output): Promise<void> {
  const read = report.captures.flatMap(({ files, policy }) => [policy, ...files]);
  for (const { format, file } of given.outputs) {
    const pieces = await rendered(report, format, given);
    if (file === undefined) await output.write(pieces);
    else await writeOutput(`--format ${format}=${file}`, file, pieces, read);
    const summary = process.env["GITHUB_STEP_SUMMARY"];
    if (format === "github" && summary !== undefined && summary !== "") {
      const markdown = await rendered(report, "markdown", given);
      await stored("GITHUB_STEP_SUMMARY", () => appendFile(summary, [...markdown].join("")));
    }
  }
}

/** Whether text for people goes to standard output. */
export function isTextPrinted({ outputs }: CheckArguments): boolean {
  return outputs.some(({ format, file }) => format === "text" && file === undefined);
}

async function stored(what: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new UsageError(`${what}: ${systemErrorText(error)}`);
  }
}

async function rendered(report: CheckReport, format: CheckFormat, given: CheckArguments): Promise<Iterable<string>> {
  switch (format) {
    case "text": {
      const { renderCheckText } = await import("../report/check-text.ts");
      return renderCheckText(report, { ...(await terminalOf(given)), verbose: given.verbose });
    }
    case "json": {
      const { renderCheckJson } = await import("../report/check-json.ts");
      return renderCheckJson(report);
    }
    case "markdown": {
      const { renderCheckMarkdown } = await import("../report/check-markdown.ts");
      return renderCheckMarkdown(report);
    }
    case "junit": {
      const { renderCheckJunit } = await import("../report/check-junit.ts");
      return renderCheckJunit(report);
    }
    case "sarif": {
      const { renderCheckSarif } = await import("../report/check-sarif.ts");
      return renderCheckSarif(report);
    }
    case "tap": {
      const { renderCheckTap } = await import("../report/check-tap.ts");
      return renderCheckTap(report);
    }
    case "github": {
      const { renderCheckGithub } = await import("../report/check-github.ts");
      return renderCheckGithub(report);
    }
    case "gitlab": {
      const { renderCheckGitlab } = await import("../report/check-gitlab.ts");
      return renderCheckGitlab(report);
    }
  }
}
