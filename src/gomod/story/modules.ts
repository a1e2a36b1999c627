import type { Proof } from "../../flow/checksums.ts";
import type { StoryChecksum, StoryFile, StoryModule, StoryOrigin, StoryStep, StoryWalk } from "../../flow/story.ts";
import { secondsBetween } from "../../flow/timestamp.ts";
import { limits } from "../../limits.ts";
import type { GoConfiguration } from "../configuration/configuration.ts";
import { matchesGlobs } from "../path-match.ts";
import { present } from "../present.ts";
import type { ProxyListEntry } from "../proxy-list.ts";
import { fileOf, microseconds, type Ask } from "./ask.ts";
import { checksumOf } from "./databases.ts";
import { checksumError, unreachedError, walkError } from "./go-error.ts";
import type { OriginBook } from "./origins.ts";
import type { PlaceFailure } from "./places.ts";
import { walkSteps } from "./walk.ts";

const fileKinds = ["list", "latest", "info", "mod", "zip"] as const;
type FileKind = (typeof fileKinds)[number];

interface ModuleRecord {
  readonly client: string;
  readonly module: string;
  readonly version: string | undefined;
  /** Requests for its files, and lookups, in no order. */
  readonly asks: Ask[];
}

/** What modules share. */
export interface ModuleGround {
  readonly configuration: GoConfiguration | undefined;
  readonly origins: OriginBook;
  failureOf(entry: ProxyListEntry): PlaceFailure | undefined;
  isHidden(entry: ProxyListEntry): boolean;
  /** `module@version` → what the hashes of its files came to. */
  readonly checksums: ReadonlyMap<string, ReadonlySet<Proof["result"]>>;
  /** How the checksum database failed as a whole. */
  readonly databaseFailure: (PlaceFailure & { readonly place: string }) | undefined;
}

/**
 * The modules that were asked for.
 *
 * Invariants: at most so many modules, and requests of one, as limits say; what is told depends on the order of frames,
 * not of flows.
 */
export class ModuleBook {
  readonly #records = new Map<string, ModuleRecord>();
  /** Key of an exchange → the request that its redirect led to. */
  readonly #followers = new Map<string, Ask>();
  /** Client → prefixes that `go get` tried. */
  readonly #probes = new Map<string, Set<string>>();
  moreRequests = 0;

  /** Takes a request for a file of a module, or a lookup. */
  note(ask: Ask): void {
    const { module, version, folded } = ask.go;
    if (module === undefined) return;
    if (folded === "prefix-probe") {
      this.#noteProbe(ask.client, module);
      return;
    }
    const record = this.#record(ask.client, module, version);
    if (record === undefined || record.asks.length >= limits.storyRequests) this.moreRequests++;
    else record.asks.push(ask);
  }

  /** Takes a request that followed a redirect. */
  noteFollower(ask: Ask): void {
    if (this.#followers.size < limits.storyModules) this.#followers.set(ask.key, ask);
  }

  /** Whether some request for a module is told. */
  get empty(): boolean {
    return this.#records.size === 0;
  }

  conclude(ground: ModuleGround): readonly StoryModule[] {
    for (const { client, module } of ground.origins.modules()) {
      if (!this.#knows(client, module)) this.#record(client, module, undefined);
    }
    const records = [...this.#records.values()];
    for (const { asks } of records) asks.sort((a, b) => a.order - b.order);
    return records
      .map((record) => ({ record, told: this.#tell(record, ground) }))
      .sort((a, b) => (a.record.asks.at(0)?.order ?? Infinity) - (b.record.asks.at(0)?.order ?? Infinity))
      .map(({ told }) => told);
  }

  #knows(client: string, module: string): boolean {
    for (const record of this.#records.values()) {
      if (record.client === client && (record.module === module || record.module.startsWith(`${module}/`))) return true;
    }
    return false;
  }

  #record(client: string, module: string, version: string | undefined): ModuleRecord | undefined {
    const key = `${client} ${module}@${version ?? ""}`;
    let record = this.#records.get(key);
    if (record === undefined && this.#records.size < limits.storyModules) {
      record = { client, module, version, asks: [] };
      this.#records.set(key, record);
    }
    return record;
  }

  #noteProbe(client: string, prefix: string): void {
    let probes = this.#probes.get(client);
    if (probes === undefined) this.#probes.set(client, (probes = new Set()));
    if (probes.size < limits.storyRequests) probes.add(prefix);
  }

  #tell(record: ModuleRecord, ground: ModuleGround): StoryModule {
    const { client, module, asks } = record;
    const files = this.#files(asks);
    const origin = ground.origins.of(client, module);
    const walks = this.#walks(record, ground, origin);
    const lookup = asks.findLast(({ go }) => go.kind === "lookup");
    const version = record.version ?? (asks.length === 0 ? addedVersion(module, ground) : undefined);
    const probes = [...(this.#probes.get(client) ?? [])].filter((prefix) => isRelative(prefix, module));
    const isDirect = walks.some(({ steps }) => steps.at(-1)?.entry === "direct");
    const checksum =
      lookup === undefined ? lostChecksum(record, files, ground) : judged(checksumOf(lookup), record, ground);
    const isAdded = ground.configuration?.log.added.includes(`${module}@${version ?? ""}`) === true;
    return {
      client,
      module,
      ...present({ version }),
      outcome: outcomeOf(files, walks, checksum, isAdded),
      ...Object.fromEntries(files),
      ...present({ origin: isDirect ? origin : undefined, checksum }),
      walks,
      ...present({
        probes: probes.length > 0 ? probes : undefined,
        goError: errorOf(record, walks, { lookup, checksum }, ground),
      }),
      ...(files.size > 0 && span(asks)),
    };
  }

  #files(asks: readonly Ask[]): Map<FileKind, StoryFile> {
    const files = new Map<FileKind, StoryFile>();
    for (const kind of fileKinds) {
      const asked = asks.filter(({ go }) => go.kind === kind);
      const told = asked.findLast((ask) => this.#statusOf(ask) === 200) ?? asked.at(-1);
      if (told !== undefined) files.set(kind, fileOf(told, this.#follow(told)));
    }
    return files;
  }

  #walks(record: ModuleRecord, ground: ModuleGround, origin: StoryOrigin | undefined): StoryWalk[] {
    const { configuration } = ground;
    const common = {
      list: configuration?.proxyList,
      exempt: matchesGlobs(configuration?.noProxyGlobs ?? "", record.module),
      followed: (ask: Ask) => this.#follow(ask),
      failureOf: (entry: ProxyListEntry) => ground.failureOf(entry),
      isHidden: (entry: ProxyListEntry) => ground.isHidden(entry),
    };
    const walks = new Map<string, { files: string[]; steps: readonly StoryStep[] }>();
    for (const kind of fileKinds) {
      const asks = record.asks.filter(({ go }) => go.kind === kind);
      if (asks.length === 0) continue;
      const served = asks.some((ask) => this.#statusOf(ask) === 200);
      const steps = walkSteps({ ...common, asks, origin: served ? undefined : origin });
      const way = steps.map(({ entry, outcome, answer }) => `${entry} ${outcome} ${answer}`).join("\n");
      const same = walks.get(way);
      if (same === undefined) walks.set(way, { files: [kind], steps });
      else same.files.push(kind);
    }
    if (walks.size === 0 && origin !== undefined) {
      const steps = walkSteps({ ...common, asks: [], origin });
      if (steps.length > 0) walks.set("", { files: [], steps });
    }
    return [...walks.values()];
  }

  #follow(ask: Ask): Ask | undefined {
    let last: Ask | undefined;
    let key = ask.followedBy;
    for (let hops = 0; key !== undefined && hops < maxRedirects; hops++) {
      const next = this.#followers.get(key);
      if (next === undefined) break;
      last = next;
      key = next.followedBy;
    }
    return last;
  }

  #statusOf(ask: Ask): number | undefined {
    return (this.#follow(ask) ?? ask).status;
  }
}

/** Go follows ten. */
const maxRedirects = 10;

/* The log names the version where no request does. */
function addedVersion(module: string, { configuration }: ModuleGround): string | undefined {
  const added = configuration?.log.added.filter((each) => each.startsWith(`${module}@`)) ?? [];
  return added.length === 1 ? added[0].slice(module.length + 1) : undefined;
}

function isRelative(prefix: string, module: string): boolean {
  return module.startsWith(`${prefix}/`) || prefix.startsWith(`${module}/`);
}

function isLost(steps: readonly StoryStep[]): boolean {
  const last = steps.at(-1);
  return last !== undefined && last.outcome !== "served" && last.outcome !== "unknown";
}

function errorOf(
  { module, version, asks }: ModuleRecord,
  walks: readonly StoryWalk[],
  { lookup, checksum }: { readonly lookup: Ask | undefined; readonly checksum: StoryChecksum | undefined },
  ground: ModuleGround,
): string | undefined {
  const named = { module, version };
  const failed = walks.find(({ steps }) => isLost(steps));
  if (failed !== undefined) {
    const ofFiles = asks.filter(({ go }) => failed.files.includes(go.kind));
    const entryOf = (step: StoryStep): ProxyListEntry | undefined =>
      ground.configuration?.proxyList?.find(({ text }) => text === step.entry);
    const error = walkError(
      named,
      failed.steps,
      ({ entry, status, answer }) => {
        const ask = ofFiles.findLast(({ go, url }) => go.entry === entry || url.startsWith(`${entry}/`));
        /* Of a redirect Go prints the URL that it asked first, with the status that came at last. */
        if (ask?.redirectedTo === undefined || status === undefined) return ask;
        return { ...ask, status, answer: /: (.*)$/s.exec(answer)?.[1] ?? answer };
      },
      (step) => {
        const entry = entryOf(step);
        return entry === undefined ? undefined : ground.failureOf(entry);
      },
    );
    if (error !== undefined) return error;
  }
  if (lookup !== undefined) return checksumError(named, lookup);
  return checksum?.failure === undefined ? undefined : unreachedError(named, checksum, ground.databaseFailure);
}

function outcomeOf(
  files: ReadonlyMap<FileKind, StoryFile>,
  walks: readonly StoryWalk[],
  checksum: StoryChecksum | undefined,
  added: boolean,
): StoryModule["outcome"] {
  const lost = walks.filter(
    ({ files: of, steps }) => isLost(steps) && !of.every((file) => file === "list" || file === "latest"),
  );
  if (lost.length > 0) return "failed";
  if (checksum !== undefined && checksum.status !== 200) return "failed";
  if (!added && checksum?.result === "contradicted") return "failed";
  if (added || files.get("zip")?.status === 200) return "fetched";
  const direct = walks.some(({ steps }) => steps.at(-1)?.entry === "direct" && steps.at(-1)?.outcome === "served");
  if (direct) return "fetched";
  if (walks.some(({ steps }) => isLost(steps))) return "failed";
  return [...files.values()].some(({ status }) => status === 200) || checksum !== undefined ? "part" : "unknown";
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
  { configuration, databaseFailure }: ModuleGround,
): StoryChecksum | undefined {
  if (matchesGlobs(configuration?.noSumGlobs ?? "", module)) return undefined;
  const wanted = files.get("zip")?.status === 200 || files.get("mod")?.status === 200;
  if (!wanted || databaseFailure === undefined) return undefined;
  const { place, because, flow, frame } = databaseFailure;
  return { servedBy: place, mirrored: false, failure: because, flow, frame, grade: "inferred" };
}

function span(asks: readonly Ask[]): Pick<StoryModule, "start" | "seconds"> {
  const start = asks.find((ask) => ask.start !== undefined)?.start;
  if (start === undefined) return {};
  let seconds = 0;
  for (const ask of asks) {
    seconds = Math.max(seconds, (secondsBetween(start, ask.start) ?? 0) + (ask.seconds ?? 0));
  }
  return { start, seconds: microseconds(seconds) };
}
