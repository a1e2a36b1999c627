import type { Story, StoryFile, StoryModule, StoryStep, StoryWalk } from "./story.ts";
import { grades } from "../grade.ts";
import { proofResults } from "./checksums.ts";
import { evidence, flag, number, value, type ObjectShape } from "./json-shape.ts";
import { labels, roles, routeKinds } from "./vocabulary.ts";

/*
 * The keys of the story in the JSON, and their order; as in json-shape.ts none may be forgotten.
 */

const storyStep = {
  entry: value,
  outcome: ["served", "not-found", "refused", "failed", "unknown"],
  answer: value,
  status: number,
  rule: value,
  goesOn: flag,
  flow: number,
  frame: number,
  grade: grades,
} satisfies ObjectShape<StoryStep>;

/** What the go command asked for. */
const files = ["list", "latest", "info", "mod", "zip"] as const;

const storyWalk = { files, steps: storyStep } satisfies ObjectShape<StoryWalk>;

const storyFile = {
  servedBy: value,
  status: number,
  failure: value,
  bytes: number,
  seconds: number,
  redirectedTo: value,
  flow: number,
  frame: number,
  grade: grades,
} satisfies ObjectShape<StoryFile>;

const storyModule = {
  client: value,
  module: value,
  version: value,
  outcome: ["fetched", "part", "failed", "unknown"],
  list: storyFile,
  latest: storyFile,
  info: storyFile,
  mod: storyFile,
  zip: storyFile,
  origin: {
    discoveredBy: value,
    vcs: value,
    repository: value,
    flows: number,
    bytes: number,
    listedOnly: flag,
    status: number,
    failure: value,
    frame: number,
    grade: grades,
  },
  checksum: {
    servedBy: value,
    mirrored: flag,
    status: number,
    failure: value,
    result: proofResults,
    flow: number,
    frame: number,
    grade: grades,
  },
  walks: storyWalk,
  probes: value,
  failure: {
    wanted: [...files, "checksum", "code"],
    entry: value,
    answer: value,
    status: number,
    flow: number,
    frame: number,
    grade: grades,
  },
  goError: value,
  start: value,
  seconds: number,
} satisfies ObjectShape<StoryModule>;

export const storyShape = {
  ...evidence,
  proxyList: value,
  walk: storyWalk,
  modules: storyModule,
  moreRequests: number,
  databases: { name: value, steps: storyStep, servedBy: value, lookups: number, tiles: number },
  places: {
    host: value,
    port: number,
    role: roles,
    label: labels,
    route: routeKinds,
    flows: number,
    firstFlow: number,
    firstFrame: number,
    start: value,
    seconds: number,
    bytes: number,
    requests: number,
    failure: value,
  },
  morePlaces: number,
  coverage: value,
  errors: { text: value, source: value },
} satisfies ObjectShape<Story>;
