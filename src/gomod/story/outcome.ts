import { hostPort } from "../../bytes/text.ts";
import type { StoryChecksum, StoryFile, StoryModule, StoryWalk } from "../../flow/story.ts";
import { matchesGlobs } from "../path-match.ts";
import { parseUrlPlace } from "../place.ts";
import { present } from "../present.ts";
import type { Ask } from "./ask.ts";
import { lookupChecksum } from "./databases.ts";
import type { FileKind } from "./files.ts";
import type { ModuleGround, ModuleRecord } from "./ground.ts";
import { checksumLoss, walkLoss, type Loss, type LossGround } from "./loss.ts";

/** All that came of a module. */
export interface Got {
  readonly files: ReadonlyMap<FileKind, StoryFile>;
  readonly walks: readonly StoryWalk[];
  readonly checksum: StoryChecksum | undefined;
  readonly lookup: Ask | undefined;
  /** The command says that it added the module. */
  readonly isAdded: boolean;
  /** A checksum was wanted of the database, and nothing shows that one came. */
  readonly isSilent: boolean;
}

/** What became of a module, and why it was lost. What cannot be shown to be whole is not called fetched. */
export function judgeModule(
  got: Got,
  ground: LossGround,
): { outcome: StoryModule["outcome"]; loss?: Loss | undefined } {
  const { walks, checksum, lookup, isAdded } = got;
  const losses = walks.map((walk) => ({ isQuery: walk.files.every(isQuery), loss: walkLoss(walk, ground) }));
  const ofVersion = losses.find(({ isQuery, loss }) => loss !== undefined && !isQuery);
  const loss = ofVersion?.loss ?? checksumLoss(checksum, lookup, ground);
  if (loss !== undefined) return { outcome: "failed", loss };
  if (isAdded) return { outcome: "fetched" };
  if (checksum?.result === "contradicted") return { outcome: "failed" };
  if (hasCode(got)) return { outcome: isOpen(got) ? "unknown" : "fetched" };
  const query = losses.find((each) => each.loss !== undefined);
  return query === undefined ? { outcome: isPart(got) ? "part" : "unknown" } : { outcome: "failed", loss: query.loss };
}

/* A walk without files is one for the repository. */
function isQuery(file: string): boolean {
  return file === "list" || file === "latest";
}

function hasCode({ files, walks }: Got): boolean {
  if (files.get("zip")?.status === 200) return true;
  return walks.some(({ files: of, steps }) => {
    const last = steps.at(-1);
    return last?.entry === "direct" && last.outcome === "served" && !of.some((file) => files.has(file as FileKind));
  });
}

function isOpen({ lookup, isSilent }: Got): boolean {
  return lookup === undefined ? isSilent : lookup.open === true;
}

function isPart({ files, checksum }: Got): boolean {
  return checksum !== undefined || [...files.values()].some(({ status }) => status === 200);
}

/** What is said of the checksum of a module: what a lookup gave, or why none came. */
export function checksumOf(
  record: ModuleRecord,
  lookup: Ask | undefined,
  files: ReadonlyMap<FileKind, StoryFile>,
  ground: ModuleGround,
): StoryChecksum | undefined {
  return lookup === undefined ? lostChecksum(record, files, ground) : judged(lookupChecksum(lookup), record, ground);
}

/* Of the zip and the go.mod file the worse. */
function judged(checksum: StoryChecksum, { module, version }: ModuleRecord, ground: ModuleGround): StoryChecksum {
  const results = ground.checksums.get(`${module}@${version ?? ""}`);
  const result = worstFirst.find((each) => results?.has(each));
  return { ...checksum, ...present({ result }) };
}

const worstFirst = ["contradicted", "not-provable", "proved"] as const;

/* A hash was wanted as soon as one of these had come. */
function lostChecksum(
  { module }: ModuleRecord,
  files: ReadonlyMap<FileKind, StoryFile>,
  { configuration, databaseLoss }: ModuleGround,
): StoryChecksum | undefined {
  if (matchesGlobs(configuration?.noSumGlobs ?? "", module)) return undefined;
  const wanted = files.get("zip")?.status === 200 || files.get("mod")?.status === 200;
  if (!wanted || databaseLoss === undefined) return undefined;
  const { entry, answer, status, flow, frame, grade } = databaseLoss;
  const servedBy = placeOf(entry);
  return {
    servedBy,
    mirrored: false,
    ...(status === undefined ? { failure: answer } : { status }),
    ...present({ flow, frame }),
    grade,
  };
}

/* An entry of GOPROXY as the place that it names. */
function placeOf(entry: string): string {
  const place = parseUrlPlace(entry);
  return place === undefined ? entry : hostPort(place.host, place.port);
}
