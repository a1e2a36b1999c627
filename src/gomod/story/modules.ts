import type { StoryModule, StoryOrigin } from "../../flow/story.ts";
import { secondsBetween } from "../../flow/timestamp.ts";
import { limits } from "../../limits.ts";
import { present } from "../present.ts";
import type { Ask } from "./ask.ts";
import { filesOf, walksOf } from "./files.ts";
import type { ModuleGround, ModuleRecord } from "./ground.ts";
import { checksumOf, judgeModule } from "./outcome.ts";
import type { PlaceFailure } from "./places.ts";
import { Redirects } from "./redirects.ts";
import { microseconds } from "./time.ts";

/** A module with what was asked for it. */
interface Told {
  readonly record: ModuleRecord;
  readonly asks: readonly Ask[];
  readonly module: StoryModule;
}

/**
 * The modules that were asked for.
 *
 * Invariants: at most so many modules, and requests of one, as limits say; what is told depends on the order of frames,
 * not of flows.
 */
export class ModuleBook {
  readonly #records = new Map<string, ModuleRecord>();
  /** Client → prefixes that `go get` tried. */
  readonly #probes = new Map<string, Set<string>>();
  moreRequests = 0;

  /** Takes a request for a file of a module, where its redirect led, or a lookup. */
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
    const last = lastQuestions(records);
    const told = records.map((record) => this.#tell(record, last, ground));
    const fetched = new Map<string, Told>();
    for (const each of told) {
      const key = pathKey(each.record);
      if (each.module.outcome === "fetched" || (each.module.outcome === "part" && !fetched.has(key)))
        fetched.set(key, each);
    }
    return told
      .sort((a, b) => (a.asks.at(0)?.order ?? Infinity) - (b.asks.at(0)?.order ?? Infinity))
      .map((each) => (isAside(each, fetched.get(pathKey(each.record))) ? aside(each.module) : each.module));
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

  #tell(record: ModuleRecord, last: ReadonlyMap<string, number>, ground: ModuleGround): Told {
    const { client, module } = record;
    const redirects = new Redirects(record.asks, ground.unreached);
    const { asks } = redirects;
    const origin = ground.origins.of(client, module, ground.unreached);
    const walks = walksOf({ record, redirects, origin, goneOnUntil: last.get(pathKey(record)) ?? 0, ground });
    const files = filesOf(redirects, walks);
    const lookup = asks.findLast(({ go }) => go.kind === "lookup");
    const version = record.version ?? (asks.length === 0 ? addedVersion(module, ground) : undefined);
    const probes = [...(this.#probes.get(client) ?? [])].filter((prefix) => isRelative(prefix, module));
    const isDirect = walks.some(({ steps }) => steps.at(-1)?.entry === "direct");
    const checksum = checksumOf(record, lookup, files, ground);
    const isAdded = ground.configuration?.log.added.includes(`${module}@${version ?? ""}`) === true;
    const got = { files, walks, checksum, lookup, isAdded, isSilent: ground.silentDatabase };
    const { outcome, loss } = judgeModule(got, {
      named: { module, version },
      client,
      isListKnown: ground.configuration?.proxyList !== undefined,
      redirects,
      origins: ground.origins,
      unreached: ground.unreached,
      databaseLoss: ground.databaseLoss,
      listedLast: isListedLast(origin, ground),
      isTrusted: !ground.untrusted.has(`${module}@${version ?? ""}`),
      failureOf: ({ entry }) => failureAt(entry, ground),
    });
    return {
      record,
      asks,
      module: {
        client,
        module,
        ...present({ version }),
        outcome,
        ...Object.fromEntries(files),
        ...present({ origin: isDirect ? origin : undefined, checksum }),
        walks,
        ...present({ probes: probes.length > 0 ? probes : undefined }),
        ...(asks.length > 0 && asks.every(({ foreign }) => foreign === true) ? {} : loss),
        ...(asks.some(({ go }) => go.kind !== "lookup") && span(asks)),
      },
    };
  }
}

function isListedLast(origin: StoryOrigin | undefined, { isEnd }: ModuleGround): boolean {
  return origin?.listedOnly === true && isEnd(origin.frame);
}

function pathKey({ client, module }: Pick<ModuleRecord, "client" | "module">): string {
  return `${client} ${module}`;
}

/* Client and module → the last question about some version of it. */
function lastQuestions(records: readonly ModuleRecord[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const record of records) {
    const order = record.version === undefined ? undefined : record.asks.at(-1)?.order;
    if (order !== undefined) last.set(pathKey(record), Math.max(order, last.get(pathKey(record)) ?? 0));
  }
  return last;
}

/*
 * Whether Go only looked whether a version that it has was retracted: it asks for versions, and for the newest one's
 * go.mod, and minds no failure of that. Spec: cmd/go/internal/modload, CheckRetractions.
 */
function isAside({ record, asks, module }: Told, other: Told | undefined): boolean {
  if (module.outcome !== "failed" || other === undefined || other.record === record) return false;
  if (record.version === undefined) return true;
  const had = other.asks.findLast(({ go }) => go.kind === "zip")?.order;
  return had !== undefined && asks.every(({ go, order }) => go.kind !== "zip" && order > had);
}

function aside(module: StoryModule): StoryModule {
  const told: { -readonly [Key in keyof StoryModule]: StoryModule[Key] } = { ...module, outcome: "part" };
  delete told.failure;
  delete told.goError;
  return told;
}

/* The log names the version where no request does. */
function addedVersion(module: string, { configuration }: ModuleGround): string | undefined {
  const added = configuration?.log.added.filter((each) => each.startsWith(`${module}@`)) ?? [];
  return added.length === 1 ? added[0].slice(module.length + 1) : undefined;
}

function isRelative(prefix: string, module: string): boolean {
  return module.startsWith(`${prefix}/`) || prefix.startsWith(`${module}/`);
}

function failureAt(entry: string, { configuration, failureOf, broken }: ModuleGround): PlaceFailure | undefined {
  const at = configuration?.proxyList?.find(({ text }) => text === entry);
  return at === undefined ? broken.find((proxy) => proxy.entry === entry)?.failure : failureOf(at);
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
