import type { StoryFile, StoryOrigin, StoryStep, StoryWalk } from "../../flow/story.ts";
import { matchesGlobs } from "../path-match.ts";
import { fileOf, isServed, type Ask } from "./ask.ts";
import type { ModuleGround, ModuleRecord } from "./ground.ts";
import type { Redirects } from "./redirects.ts";
import { walkSteps } from "./walk.ts";

const fileKinds = ["list", "latest", "info", "mod", "zip"] as const;

/** The files that module proxies have of a module. */
export type FileKind = (typeof fileKinds)[number];

/** The files as they came from module proxies, or did not; what came from the repository is none. */
export function filesOf(redirects: Redirects, walks: readonly StoryWalk[]): Map<FileKind, StoryFile> {
  const files = new Map<FileKind, StoryFile>();
  for (const kind of fileKinds) {
    const asked = redirects.asks.filter(({ go }) => go.kind === kind);
    const served = asked.findLast((ask) => isServed(redirects.answered(ask)));
    const told = served ?? asked.at(-1);
    const last = walks.find((walk) => walk.files.includes(kind))?.steps.at(-1);
    const isOfRepository = served === undefined && last?.entry === "direct" && last.outcome === "served";
    if (told !== undefined && !isOfRepository) files.set(kind, fileOf(told, redirects.last(told)));
  }
  return files;
}

interface WalksGround {
  readonly record: ModuleRecord;
  readonly redirects: Redirects;
  readonly origin: StoryOrigin | undefined;
  /** The last question about some version of the module. */
  readonly goneOnUntil: number;
  readonly ground: ModuleGround;
}

/** How GOPROXY was walked for the files of a module, those together that went the same way. */
export function walksOf({ record, redirects, origin, goneOnUntil, ground }: WalksGround): StoryWalk[] {
  const { configuration, failureOf, broken, isHidden } = ground;
  const common = {
    list: configuration?.proxyList,
    exempt: matchesGlobs(configuration?.noProxyGlobs ?? "", record.module),
    followed: (ask: Ask) => redirects.last(ask),
    failureOf,
    broken,
    isHidden,
  };
  const lastOrder = record.version === undefined ? goneOnUntil : lastFile(redirects.asks);
  const walks = new Map<string, { files: string[]; steps: readonly StoryStep[] }>();
  for (const kind of fileKinds) {
    const asks = redirects.asks.filter(({ go }) => go.kind === kind);
    if (asks.length === 0) continue;
    const served = asks.some((ask) => isServed(redirects.answered(ask)));
    const goneOn = lastOrder > asks[asks.length - 1].order;
    const steps = walkSteps({ ...common, asks, origin: served && origin?.vcs !== "mod" ? undefined : origin, goneOn });
    const way = steps.map(({ entry, outcome, answer }) => `${entry} ${outcome} ${answer}`).join("\n");
    const same = walks.get(way);
    if (same === undefined) walks.set(way, { files: [kind], steps });
    else same.files.push(kind);
  }
  if (walks.size === 0 && origin !== undefined) {
    const steps = walkSteps({ ...common, asks: [], origin, goneOn: false });
    if (steps.length > 0) walks.set("", { files: [], steps });
  }
  return [...walks.values()];
}

function lastFile(asks: readonly Ask[]): number {
  return asks.findLast(({ go }) => go.kind === "info" || go.kind === "mod" || go.kind === "zip")?.order ?? 0;
}
