import type { Analysis } from "../flow/model.ts";
import { moduleName } from "../gomod/requests.ts";
import type { GridCell, GridColumn } from "./grid.ts";
import { storyGround } from "./headline.ts";
import { markdownText } from "./sanitize.ts";
import {
  databaseText,
  errorTexts,
  moduleCells,
  moduleColumns,
  originText,
  placeCells,
  placeColumns,
  remedyTexts,
  stepText,
  toldModules,
  walkGroups,
} from "./story-words.ts";
import { counted } from "../bytes/text.ts";
import { fileText } from "./words.ts";

/** The whole story as GitHub Flavored Markdown. */
export function* renderStoryMarkdown(analysis: Analysis): Iterable<string> {
  const { story, capture } = analysis;
  yield `## ${markdownText(capture.files.map((file) => fileText(file.name)).join(", "))}\n\n`;
  yield `${markdownText(storyGround(analysis))}\n\n`;
  if (story.coverage !== undefined) yield `${markdownText(story.coverage)}\n\n`;
  if (story.proxyList !== undefined) yield `GOPROXY is ${markdownText(story.proxyList)}\n\n`;
  yield* section(analysis, Infinity);
  yield* databases(analysis);
  for (const { origin, ...told } of toldModules(story)) {
    if (origin !== undefined) yield `- ${markdownText(`${moduleName(told)}: ${originText(origin)}`)}\n`;
  }
  if (story.places.length > 0) {
    yield "\n### Hosts\n\n";
    yield* table(placeColumns, story.places.map(placeCells));
  }
  yield* errors(analysis);
  yield* remedies(analysis);
}

/** The short form for the report of a capture: nothing where no request is visible. */
export function* renderStoryMarkdownSection(analysis: Analysis): Iterable<string> {
  if (analysis.story.modules.length === 0) return;
  yield* section(analysis, sectionRows);
  yield* errors(analysis);
}

const sectionRows = 50;

function* section(analysis: Analysis, most: number): Iterable<string> {
  const told = toldModules(analysis.story);
  if (told.length > 0) {
    yield "### Modules\n\n";
    yield* table(moduleColumns, told.slice(0, most).map(moduleCells));
    if (told.length > most) yield `and ${counted(told.length - most, "more module")}\n\n`;
  }
  const groups = walkGroups(analysis.story);
  if (groups.length > 0) yield "### GOPROXY as walked\n\n";
  for (const { title, steps } of groups.slice(0, most)) {
    yield `${markdownText(title)}\n\n`;
    for (const [at, step] of steps.entries()) yield `${at + 1}. ${markdownText(stepText(step, analysis))}\n`;
    yield "\n";
  }
}

function* databases(analysis: Analysis): Iterable<string> {
  for (const database of analysis.story.databases) {
    yield `### Checksum database\n\n${markdownText(databaseText(database))}\n\n`;
    for (const [at, step] of database.steps.entries()) yield `${at + 1}. ${markdownText(stepText(step, analysis))}\n`;
    yield "\n";
  }
}

function* errors({ story }: Analysis): Iterable<string> {
  const texts = errorTexts(story);
  if (texts.length === 0) return;
  yield "### What Go printed\n\n";
  for (const text of texts) yield `- ${markdownText(text)}\n`;
  yield "\n";
}

function* remedies(analysis: Analysis): Iterable<string> {
  const texts = remedyTexts(analysis);
  if (texts.length === 0) return;
  yield "### What to do\n\n";
  for (const text of texts) yield `- ${markdownText(text)}\n`;
  yield "\n";
}

function* table(columns: readonly GridColumn[], rows: readonly (readonly GridCell[])[]): Iterable<string> {
  yield `| ${columns.map(({ name }) => name).join(" | ")} |\n|${" --- |".repeat(columns.length)}\n`;
  for (const row of rows) yield `| ${row.map(({ text }) => markdownText(text)).join(" | ")} |\n`;
  yield "\n";
}
