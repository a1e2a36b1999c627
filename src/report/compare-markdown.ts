import type { Comparison } from "../compare/comparison.ts";
import { headlineOf } from "./compare-text.ts";
import { markdownText } from "./sanitize.ts";

/** A comparison as GitHub Flavored Markdown: fits a pull request's comment. */
export function* renderCompareMarkdown(comparison: Comparison): Iterable<string> {
  const { differences, settings, targets, before, after } = comparison;
  yield `## ${markdownText(headlineOf(comparison))}\n\n`;
  for (const { name, blind } of [before, after]) {
    for (const text of blind) yield `- hidden in ${markdownText(name)}: ${markdownText(text)}\n`;
  }
  for (const told of differences) {
    const weight = told.weight === "difference" ? `**${told.kind}**` : `${told.weight} (${told.kind})`;
    yield `- ${weight} ${markdownText(told.target)}: ${markdownText(told.text)} (${told.grade})\n`;
  }
  if (differences.length > 0) yield "\n";
  for (const sentence of settings) yield `> ${markdownText(sentence)}\n\n`;
  if (targets.length === 0) return;
  yield `| target |  | ${markdownText(before.name)} | ${markdownText(after.name)} |\n| --- | --- | --- | --- |\n`;
  for (const { target, rows } of targets) {
    for (const [at, row] of rows.entries()) {
      const cells = [at === 0 ? target : "", row.name, row.before, row.after];
      yield `| ${cells.map(markdownText).join(" | ")} |\n`;
    }
  }
}
