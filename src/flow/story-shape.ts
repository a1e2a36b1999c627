import type { Story, StoryFile, StoryModule, StoryStep, StoryWalk } from "./story.ts";
import { evidence, value, type ObjectShape } from "./json-shape.ts";

/*
 * The keys of the story in the JSON, and their order; as in json-shape.ts none may be forgotten.
 */

const storyStep = {
  entry: value,
  outcome: value,
  answer: value,
  status: value,
  rule: value,
  goesOn: value,
  flow: value,
  frame: value,
  grade: value,
} satisfies ObjectShape<StoryStep>;

const storyWalk = { files: value, steps: storyStep } satisfies ObjectShape<StoryWalk>;

const storyFile = {
  servedBy: value,
  status: value,
  failure: value,
  bytes: value,
  seconds: value,
  redirectedTo: value,
  flow: value,
  frame: value,
  grade: value,
} satisfies ObjectShape<StoryFile>;

const storyModule = {
  client: value,
  module: value,
  version: value,
  outcome: value,
  list: storyFile,
  latest: storyFile,
  info: storyFile,
  mod: storyFile,
  zip: storyFile,
  origin: {
    discoveredBy: value,
    vcs: value,
    repository: value,
    flows: value,
    bytes: value,
    listedOnly: value,
    status: value,
    failure: value,
    frame: value,
    grade: value,
  },
  checksum: {
    servedBy: value,
    mirrored: value,
    status: value,
    failure: value,
    result: value,
    flow: value,
    frame: value,
    grade: value,
  },
  walks: storyWalk,
  probes: value,
  failure: { wanted: value, entry: value, answer: value, status: value, flow: value, frame: value, grade: value },
  goError: value,
  start: value,
  seconds: value,
} satisfies ObjectShape<StoryModule>;

export const storyShape = {
  ...evidence,
  proxyList: value,
  walk: storyWalk,
  modules: storyModule,
  moreRequests: value,
  databases: { name: value, steps: storyStep, servedBy: value, lookups: value, tiles: value },
  places: {
    host: value,
    port: value,
    role: value,
    label: value,
    route: value,
    flows: value,
    firstFlow: value,
    firstFrame: value,
    start: value,
    seconds: value,
    bytes: value,
    requests: value,
    failure: value,
  },
  morePlaces: value,
  coverage: value,
  errors: { text: value, source: value },
} satisfies ObjectShape<Story>;
