import type { Analysis } from "../flow/model.ts";
import type { Story, StoryFile, StoryModule, StoryOrigin, StoryStep, StoryWalk } from "../flow/story.ts";
import { moduleName } from "../gomod/requests.ts";
import type { GridCell, GridColumn } from "./grid.ts";
import { counted, hostPort } from "../bytes/text.ts";
import { bytesText, durationText } from "./units.ts";
import { frameText, routeNames } from "./words.ts";

/*
 * The story in words, the same in every format. The texts are not sanitised yet.
 */

export const moduleColumns: readonly GridColumn[] = [
  { name: "module", side: "left", whole: true },
  { name: "served by", side: "left", least: 12 },
  { name: ".info", side: "right", spare: 2 },
  { name: ".mod", side: "right", spare: 1 },
  { name: ".zip", side: "right" },
  { name: "sum", side: "left" },
  { name: "time", side: "right", spare: 3 },
  { name: "result", side: "left" },
];

/** A module as one row of the table. */
export function moduleCells(told: StoryModule): readonly GridCell[] {
  const time = durationText(told.seconds);
  return [
    { text: moduleName(told) },
    { text: serversOf(told) },
    fileCell(told.info),
    fileCell(told.mod),
    fileCell(told.zip),
    checksumCell(told),
    { text: time === "" ? "-" : time },
    { text: told.outcome, ...(told.outcome === "failed" && { meaning: "error" as const }) },
  ];
}

/** Modules that deserve a row: those of which only versions were asked stand behind their versions. */
export function toldModules({ modules }: Story): readonly StoryModule[] {
  const versioned = new Set(modules.filter(({ version }) => version !== undefined).map(keyOf));
  return modules.filter(
    (told) => told.version !== undefined || told.outcome === "failed" || !versioned.has(keyOf(told)),
  );
}

function keyOf({ client, module }: StoryModule): string {
  return `${client} ${module}`;
}

/**
 * How many modules came, through what, and how many did not: a sentence; empty where nothing is told of modules. A single
 * one that did not with the answer that it got, where nothing else says why.
 */
export function modulesSentence(story: Story, withAnswer: boolean): string {
  const told = toldModules(story);
  const fetched = told.filter(({ outcome }) => outcome === "fetched");
  const failed = told.filter(({ outcome }) => outcome === "failed");
  const parts: string[] = [];
  if (fetched.length > 0) {
    const hosts = [...new Set(fetched.flatMap(sourcesOf))];
    parts.push(`${counted(fetched.length, "module")} fetched${through(hosts)}`);
  }
  if (failed.length > 0) parts.push(`${fetched.length > 0 ? failed.length : counted(failed.length, "module")} failed`);
  if (parts.length === 0) return "";
  const [first] = failed;
  const answer = withAnswer && failed.length === 1 && first.failure !== undefined ? ` (${first.failure.answer})` : "";
  const names = failed.length === 0 ? "" : `: ${shortList(failed.map(moduleName), "module")}${answer}`;
  return `${parts.join(", ")}${names}.`;
}

function through(hosts: readonly string[]): string {
  return hosts.length === 0 ? "" : ` through ${shortList(hosts, "host")}`;
}

function shortList(names: readonly string[], noun: string): string {
  const more = names.length - namesShown;
  return names.slice(0, namesShown).join(", ") + (more > 0 ? ` and ${counted(more, `more ${noun}`)}` : "");
}

/** The port of https goes without saying. */
function placeText(place: string): string {
  return place.replace(/:443$/, "");
}

function serversOf(told: StoryModule): string {
  const hosts = sourcesOf(told);
  return hosts.length === 0 ? "-" : hosts.join(", ");
}

/* Hosts that served its files, and those that they were redirected to. */
function sourcesOf({ info, mod, zip, list, latest, origin }: StoryModule): readonly string[] {
  const hosts = new Set<string>();
  const files = [info, mod, zip].some((file) => file !== undefined) ? [info, mod, zip] : [list, latest];
  for (const file of files) {
    if (file?.status !== 200) continue;
    hosts.add(placeText(file.servedBy));
    if (file.redirectedTo !== undefined) hosts.add(placeText(file.redirectedTo));
  }
  if (origin !== undefined) hosts.add(placeText(hostOf(origin)));
  return [...hosts];
}

function hostOf({ repository, discoveredBy = "" }: StoryOrigin): string {
  return /^https?:\/\/([^/]+)/.exec(repository ?? "")?.[1] ?? discoveredBy;
}

function fileCell(file: StoryFile | undefined): GridCell {
  if (file === undefined) return { text: "-" };
  if (file.status === 200) return { text: file.bytes === undefined ? "200" : bytesText(file.bytes) };
  return { text: file.status === undefined ? "failed" : String(file.status), meaning: "warning" };
}

function checksumCell({ checksum }: StoryModule): GridCell {
  if (checksum === undefined) return { text: "-" };
  if (checksum.result === "contradicted") return { text: "CONTRADICTED", meaning: "error" };
  if (checksum.status === 200) return { text: checksum.result === "proved" ? "proved" : "asked" };
  return { text: checksum.status === undefined ? "failed" : String(checksum.status), meaning: "error" };
}

/** What was asked for of a module, where that was seen, and how sure it is. */
export function fileTexts(told: StoryModule, { capture }: Analysis): (readonly [name: string, text: string])[] {
  const { list, latest, info, mod, zip, checksum } = told;
  const files = { "@list": list, "@latest": latest, ".info": info, ".mod": mod, ".zip": zip, sum: checksum };
  return Object.entries(files).flatMap(([name, file]) => {
    if (file === undefined) return [];
    const { servedBy, status, failure = "no answer", flow, frame, grade } = file;
    const size = "bytes" in file && file.bytes !== undefined ? `, ${bytesText(file.bytes)}` : "";
    const from = servedBy === undefined ? "" : ` from ${placeText(servedBy)}`;
    const places = [
      flow === undefined ? [] : `flow ${flow}`,
      frame === undefined ? [] : frameText(frame, capture),
      grade,
    ];
    return [[name, `${status ?? failure}${size}${from} (${places.flat().join(", ")})`] as const];
  });
}

/** Modules whose files went the same way through GOPROXY. */
export interface WalkGroup {
  readonly title: string;
  readonly steps: readonly StoryStep[];
}

/** Walks of all modules, equal ones together, those that failed first. */
export function walkGroups(story: Story): readonly WalkGroup[] {
  const groups = new Map<string, { names: Set<string>; files: Set<string>; steps: readonly StoryStep[] }>();
  for (const told of toldModules(story)) {
    for (const walk of told.walks) {
      const way = wayOf(walk);
      const group = groups.get(way) ?? { names: new Set(), files: new Set(), steps: walk.steps };
      groups.set(way, group);
      group.names.add(moduleName(told));
      for (const file of walk.files) group.files.add(file);
    }
  }
  if (story.walk !== undefined) groups.set("", { names: new Set(), files: new Set(), steps: story.walk.steps });
  return [...groups.values()]
    .map(({ names, files, steps }) => ({
      title: walkTitle([...names], [...files]),
      steps: names.size > 1 ? steps.map(forSeveral) : steps,
    }))
    .sort((a, b) => Number(isServed(a)) - Number(isServed(b)));
}

/* One repository would stand for all. */
function forSeveral(step: StoryStep): StoryStep {
  return step.entry === "direct" && step.answer.includes("://")
    ? { ...step, answer: "each from its repository" }
    : step;
}

function wayOf({ steps }: StoryWalk): string {
  return steps.map(({ entry, outcome, status }) => `${entry} ${outcome} ${status ?? ""}`).join("\n");
}

function isServed({ steps }: WalkGroup): boolean {
  return steps.at(-1)?.outcome === "served";
}

function walkTitle(names: readonly string[], files: readonly string[]): string {
  if (names.length === 0) return "as hosts tell it";
  const of = files.map((file) => (file === "list" || file === "latest" ? `@${file}` : `.${file}`)).join(" ");
  return `${shortList(names, "module")}${of === "" ? "" : `: ${of}`}`;
}

const namesShown = 3;

/** One step: what was tried, what came of it, why Go went on or stopped. */
export function stepText(step: StoryStep, { capture }: Analysis): string {
  const where = step.frame === undefined ? "" : ` (${frameText(step.frame, capture)})`;
  const stopped = !step.goesOn && step.outcome !== "served" && step.outcome !== "unknown";
  const rule = step.rule === undefined ? "" : `; ${stopped ? "stops: " : ""}${step.rule}`;
  return `${step.entry}: ${step.answer}${where}${rule}`;
}

/** How the database was asked, in a line. */
export function databaseText({ name, servedBy, lookups, tiles }: Story["databases"][number]): string {
  if (servedBy === undefined) return `${name}: no lookup came through`;
  return `${name}: ${counted(lookups, "lookup")} and ${counted(tiles, "tile")} at ${placeText(servedBy)}`;
}

/** Where the code of a module was read, in a line. */
export function originText({ discoveredBy, vcs, repository, bytes, flows, listedOnly }: StoryOrigin): string {
  const tag = vcs === undefined || repository === undefined || bytes > 0 ? "" : `: ${vcs} ${repository}`;
  const told = discoveredBy === undefined ? "" : `${placeText(discoveredBy)} said where it lives${tag}`;
  const read =
    repository === undefined || tag !== ""
      ? ""
      : `git ${listedOnly === true ? "listed the versions of" : "read"} ${repository}`;
  const size = bytes > 0 ? `, ${bytesText(bytes)}` : "";
  const on = flows.length === 0 ? "" : ` (${flows.length === 1 ? "flow" : "flows"} ${flows.join(", ")})`;
  return `${[told, read].filter((text) => text !== "").join("; ")}${size}${on}`;
}

export const placeColumns: readonly GridColumn[] = [
  { name: "host", side: "left", least: 20 },
  { name: "for", side: "left" },
  { name: "route", side: "left", spare: 2 },
  { name: "flows", side: "right" },
  { name: "requests", side: "right", spare: 1 },
  { name: "bytes", side: "right" },
  { name: "time", side: "right", spare: 3 },
  { name: "failure", side: "left", least: 16 },
];

export function placeCells(place: Story["places"][number]): readonly GridCell[] {
  return [
    { text: placeText(hostPort(place.host, place.port)) },
    { text: place.role },
    { text: routeNames[place.route] ?? place.route },
    { text: String(place.flows) },
    { text: requestsText(place) },
    { text: bytesText(place.bytes) },
    { text: durationText(place.seconds) || "-" },
    { text: place.failure ?? "-", ...(place.failure !== undefined && { meaning: "error" as const }) },
  ];
}

/* Where every connection failed, none was made. */
function requestsText({ requests, failure }: Story["places"][number]): string {
  if (requests > 0) return String(requests);
  return failure === undefined ? "hidden" : "-";
}

/** What to do about modules that Go gave up: the remedies of the findings that are about the same answers. */
export function remedyTexts({ story, findings }: Analysis): readonly string[] {
  const lost = story.modules.flatMap(({ failure }) => failure ?? []);
  const concerned = findings.filter(
    ({ severity, frames, printed }) =>
      severity === "error" && (printed !== undefined || lost.some(({ frame = 0 }) => frames.includes(frame))),
  );
  return [...new Set(concerned.map(({ remedy }) => remedy))];
}

/** What Go said, from its log; else what it would say by the answers that were seen. */
export function errorTexts(story: Story): readonly string[] {
  if (story.errors.length > 0) return story.errors.map(({ text, source }) => `${text} (${source})`);
  const modelled = new Set(story.modules.flatMap(({ goError }) => goError ?? []));
  return [...modelled].map((text) => `go: ${text} (by the answers seen)`);
}
