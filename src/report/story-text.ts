import type { Analysis } from "../flow/model.ts";
import { moduleName } from "../gomod/requests.ts";
import { gradeMeanings } from "./fact-list.ts";
import { renderGrid } from "./grid.ts";
import { storyGround } from "./headline.ts";
import { labelled, lines } from "./layout.ts";
import { visible } from "./sanitize.ts";
import {
  databaseText,
  errorTexts,
  fileTexts,
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
import type { Style } from "./style.ts";
import { counted } from "../bytes/text.ts";
import { fileText } from "./words.ts";

export interface StoryTextOptions {
  /** Cells of the terminal. */
  readonly width: number;
  readonly style: Style;
  /** Say where each file was seen, and how sure that is. */
  readonly verbose: boolean;
}

/** What the Go command did, for a terminal: modules, the way through GOPROXY, checksums, origins, hosts, errors. */
export function* renderStory(analysis: Analysis, options: StoryTextOptions): Iterable<string> {
  const { story, capture } = analysis;
  const names = capture.files.map((file) => fileText(file.name)).join(", ");
  const { style, width } = options;
  yield* lines(`${names}: ${storyGround(analysis)}`, width, (line) => style("heading", line));
  const note = (line: string): string => style("note", line);
  if (story.coverage !== undefined) yield* lines(story.coverage, width, note);
  if (story.proxyList !== undefined) yield* lines(`GOPROXY=${story.proxyList}`, width, note);
  yield* modules(analysis, options, Infinity);
  yield* walks(analysis, options, Infinity);
  yield* databases(analysis, options);
  yield* origins(analysis, options);
  yield* places(analysis, options);
  yield* errors(analysis, options);
  yield* remedies(analysis, options);
  if (options.verbose) {
    yield* files(analysis, options);
    yield* gradeMeanings(options);
  }
}

/** The short form for the report of a capture: nothing where no request is visible. */
export function* renderStorySection(analysis: Analysis, options: StoryTextOptions): Iterable<string> {
  const { story } = analysis;
  if (story.modules.length === 0) return;
  yield* modules(analysis, options, sectionRows);
  yield* walks(analysis, options, sectionWalks);
  yield* errors(analysis, options);
}

/** A run with more has its story told by the command of that name. */
const sectionRows = 20;
const sectionWalks = 4;

function* modules({ story }: Analysis, { width, style }: StoryTextOptions, most: number): Iterable<string> {
  const told = toldModules(story);
  if (told.length === 0) return;
  const shown = told.slice(0, most);
  yield "\n";
  yield* renderGrid(moduleColumns, shown.map(moduleCells), width, style);
  const more = told.length - shown.length;
  if (more > 0) yield `${style("note", `and ${counted(more, "more module")}: gomodcap story`)}\n`;
  if (story.moreRequests !== undefined) {
    yield `${style("note", `and ${counted(story.moreRequests, "more request")} that are not told one by one`)}\n`;
  }
}

function* files(analysis: Analysis, { width, style }: StoryTextOptions): Iterable<string> {
  const told = toldModules(analysis.story);
  if (told.length === 0) return;
  yield `\n${style("heading", "Where each was seen")}\n`;
  for (const module of told) {
    yield visible(`  ${moduleName(module)}`) + "\n";
    for (const [name, text] of fileTexts(module, analysis)) yield labelled(`    ${name}`, visible(text), width, 15);
  }
}

function* walks(analysis: Analysis, options: StoryTextOptions, most: number): Iterable<string> {
  const groups = walkGroups(analysis.story);
  if (groups.length === 0) return;
  yield `\n${options.style("heading", "GOPROXY as walked")}\n`;
  for (const { title, steps } of groups.slice(0, most)) {
    yield* lines(title, options.width - 2, (line) => `  ${line}`);
    yield* steps.map((step, at) => numbered(at + 1, stepText(step, analysis), options.width));
  }
  const more = groups.length - most;
  if (more > 0) yield `${options.style("note", `  and ${counted(more, "other way")}: gomodcap story`)}\n`;
}

function* databases(analysis: Analysis, options: StoryTextOptions): Iterable<string> {
  const { databases: told } = analysis.story;
  if (told.length === 0) return;
  yield `\n${options.style("heading", "Checksum database")}\n`;
  for (const database of told) {
    yield* lines(databaseText(database), options.width - 2, (line) => `  ${line}`);
    yield* database.steps.map((step, at) => numbered(at + 1, stepText(step, analysis), options.width));
  }
}

function* origins({ story }: Analysis, { width, style }: StoryTextOptions): Iterable<string> {
  const told = toldModules(story).filter(({ origin }) => origin !== undefined);
  if (told.length === 0) return;
  yield `\n${style("heading", "Read from its repository")}\n`;
  for (const each of told) {
    const text = `${moduleName(each)}: ${originText(each.origin!)}`;
    yield labelled("  ", visible(text), width, 4);
  }
}

function* places({ story }: Analysis, { width, style }: StoryTextOptions): Iterable<string> {
  if (story.places.length === 0) return;
  yield `\n${style("heading", "Hosts, in the order in which they were spoken to")}\n`;
  yield* renderGrid(placeColumns, story.places.map(placeCells), width, style);
  if (story.morePlaces !== undefined)
    yield `${style("note", `and ${counted(story.morePlaces, "more flow")} to others`)}\n`;
}

function* errors({ story }: Analysis, { width, style }: StoryTextOptions): Iterable<string> {
  const texts = errorTexts(story);
  if (texts.length === 0) return;
  yield `\n${style("heading", "What Go printed")}\n`;
  for (const text of texts.slice(0, errorsShown)) {
    yield* lines(text, width - 2, (line) => `  ${style("error", line)}`);
  }
  if (texts.length > errorsShown) yield `  and ${counted(texts.length - errorsShown, "more error")}\n`;
}

/* The report of a capture has them with its findings. */
function* remedies(analysis: Analysis, { width, style }: StoryTextOptions): Iterable<string> {
  const texts = remedyTexts(analysis);
  if (texts.length === 0) return;
  yield `\n${style("heading", "What to do")}\n`;
  for (const text of texts.slice(0, errorsShown)) yield labelled("  ", visible(text), width, 4);
}

const errorsShown = 8;

function numbered(number: number, text: string, width: number): string {
  return labelled(`    ${number}`, visible(text), width, 6);
}
