import { hostPort } from "../../bytes/text.ts";
import type { StoryChecksum, StoryDatabase, StoryStep } from "../../flow/story.ts";
import { limits } from "../../limits.ts";
import type { GoConfiguration } from "../configuration/configuration.ts";
import { askedDatabase, isDatabaseAt } from "../checksum-database.ts";
import { urlAuthority, type Place } from "../place.ts";
import type { ProxyListEntry } from "../proxy-list.ts";
import { present } from "../present.ts";
import { isServed, resultOf, type Ask } from "./ask.ts";
import { requestError } from "./go-error.ts";
import type { DatabaseLoss } from "./database-loss.ts";
import type { PlaceFailure, Unreached } from "./places.ts";
import { Redirects } from "./redirects.ts";
import { failedStep, walkSteps, type BrokenProxy } from "./walk.ts";

interface DatabaseRecord {
  readonly name: string;
  readonly probes: Ask[];
  lookups: number;
  tiles: number;
  /** The last lookup or tile. */
  last: Ask | undefined;
}

/** A host that is a checksum database by its role, and how connections to it failed. */
interface DatabasePlace extends Place {
  readonly failure: PlaceFailure | undefined;
}

/** What is told of all databases. */
interface DatabaseConclusion {
  readonly databases: readonly StoryDatabase[];
  readonly loss: DatabaseLoss | undefined;
  /** Some database was looked for, and nothing shows that it was asked. */
  readonly silent: boolean;
}

/** What databases are judged by. */
interface DatabaseGround {
  readonly configuration: GoConfiguration | undefined;
  readonly places: readonly DatabasePlace[];
  /** How connections to an entry failed, where no request came through. */
  readonly failureOf: (entry: ProxyListEntry) => PlaceFailure | undefined;
  /** Where GOPROXY was not given: module proxies that no request came through to. */
  readonly broken: readonly BrokenProxy[];
  /** All connections to a place were closed before the capture ended. */
  readonly isOver: (place: Place) => boolean;
  readonly unreached: Unreached;
}

/**
 * What checksum databases were asked, and how the go command came to ask there.
 *
 * Invariants: at most so many as limits say; of each the probes of module proxies are kept up to a cap.
 */
export class DatabaseBook {
  readonly #records = new Map<string, DatabaseRecord>();

  /** Takes a `/supported` probe, a lookup or a tile. */
  note(ask: Ask): void {
    const scheme = ask.url.startsWith("http://") ? "http" : "https";
    const record = this.#record(askedDatabase(ask.go, scheme, ask.place));
    if (record === undefined) return;
    if (ask.go.kind === "supported") {
      if (record.probes.length < limits.storyRequests) record.probes.push(ask);
      return;
    }
    if (ask.go.kind === "tile") record.tiles++;
    else record.lookups++;
    if (record.last === undefined || record.last.order < ask.order) record.last = ask;
  }

  /** How many tiles of a database were asked for. */
  tilesOf(name: string): number {
    return this.#records.get(name)?.tiles ?? 0;
  }

  #record(name: string): DatabaseRecord | undefined {
    let record = this.#records.get(name);
    if (record === undefined && this.#records.size < limits.storyPlaces) {
      record = { name, probes: [], lookups: 0, tiles: 0, last: undefined };
      this.#records.set(name, record);
    }
    return record;
  }

  conclude(ground: DatabaseGround): DatabaseConclusion {
    const isKnown = (place: Place): boolean => [...this.#records.keys()].some((name) => isDatabaseAt(name, place));
    for (const place of ground.places) {
      if (place.failure !== undefined && !isKnown(place)) this.#record(urlAuthority("https", place));
    }
    const all = [...this.#records.values()].map((record) => describe(record, ground));
    return {
      databases: all.map(({ told }) => told),
      loss: all.find(({ loss }) => loss !== undefined)?.loss,
      silent: all.some(({ silent }) => silent),
    };
  }
}

function describe(
  record: DatabaseRecord,
  ground: DatabaseGround,
): { told: StoryDatabase; loss: DatabaseLoss | undefined; silent: boolean } {
  const { name, probes, lookups, tiles, last } = record;
  const own = ground.places.find((place) => isDatabaseAt(name, place));
  const isAsked = last !== undefined || own !== undefined;
  const { steps, loss } = judgeProbes(probes, isAsked, ground);
  const isMirrored = steps.at(-1)?.outcome === "served";
  const ownFailure = isMirrored || last?.status !== undefined ? undefined : own?.failure;
  const ownSteps = isMirrored || (last ?? ownFailure) === undefined ? [] : [ownStep(name, last, ownFailure)];
  const servedBy = last && hostPort(last.place.host, last.place.port);
  return {
    told: { name, steps: [...steps, ...ownSteps], ...present({ servedBy }), lookups, tiles },
    loss: loss ?? (own && ownLoss(own, ownFailure)),
    silent: !isAsked && !isMirrored && steps.length > 0,
  };
}

interface Probed {
  readonly steps: readonly StoryStep[];
  readonly loss: DatabaseLoss | undefined;
}

const noProbes: Probed = { steps: [], loss: undefined };

/*
 * Behind the proxies the database itself is asked: after 404 and 410 of all, else only where the list goes on to direct.
 * What the wire shows stands above the list. Spec: cmd/go/internal/modfetch, initBase and TryProxies.
 */
function judgeProbes(probes: readonly Ask[], isAsked: boolean, ground: DatabaseGround): Probed {
  const own = probes.filter(({ go }) => go.folded !== "doubled").sort((a, b) => a.order - b.order);
  if (own.length === 0 || ground.configuration?.checksumDatabase?.explicitUrl === true) return noProbes;
  const redirects = new Redirects(own, ground.unreached);
  const list = ground.configuration?.proxyList;
  const walked = walkSteps({
    list,
    exempt: false,
    asks: redirects.asks,
    followed: (ask) => redirects.last(ask),
    isHidden: () => false,
    failureOf: ground.failureOf,
    broken: ground.broken,
    origin: undefined,
    goneOn: false,
  });
  const steps = walked.filter(({ entry }) => entry !== "direct" && entry !== "off");
  const last = steps.at(-1);
  if (last === undefined || !hasErred(last)) return { steps, loss: undefined };
  const before = steps.slice(0, -1);
  const worst = steps.findLast((step) => hasErred(step) && step.outcome !== "not-found");
  if (
    worst === undefined ||
    mayBeAsked(own, isAsked, ground) ||
    (last.goesOn && nextOf(list, last)?.kind === "direct")
  ) {
    const rule = "no module proxy mirrors the database: it is asked itself";
    return { steps: [...before, { ...last, goesOn: true, rule }], loss: undefined };
  }
  const isCut = !last.goesOn && nextOf(list, last) !== undefined;
  return {
    steps: [...before, { ...last, goesOn: false, rule: isCut ? last.rule! : onlyDirect }],
    loss: { ...worst, ...present({ printed: probeWords(worst, redirects, ground) }) },
  };
}

/* A capture that ends among the probes shows no end of them. */
function mayBeAsked(probes: readonly Ask[], isAsked: boolean, { configuration, isOver }: DatabaseGround): boolean {
  return isAsked || (configuration?.proxyList === undefined && !probes.every(({ place }) => isOver(place)));
}

function hasErred({ outcome }: StoryStep): boolean {
  return outcome !== "served" && outcome !== "unknown";
}

const onlyDirect =
  "after another error than 404 and 410 the database itself is asked only where the list goes on to direct";

/* A connection that failed has no request: its URL is known all the same. */
function probeWords(
  { entry, frame }: StoryStep,
  redirects: Redirects,
  { configuration, failureOf, broken }: DatabaseGround,
): string | undefined {
  const ask = redirects.asks.findLast((each) => redirects.answered(each).frame === frame);
  if (ask !== undefined) return requestError(redirects.answered(ask));
  const at = configuration?.proxyList?.find(({ text }) => text === entry);
  const path = redirects.asks.at(0)?.url.match(/\/sumdb\/[^/]+\/supported/)?.[0] ?? "";
  const { goText } = (at && failureOf(at)) ?? broken.find((each) => each.entry === entry)?.failure ?? {};
  return goText && `Get "${entry}${path}": ${goText}`;
}

function nextOf(list: readonly ProxyListEntry[] | undefined, { entry }: StoryStep): ProxyListEntry | undefined {
  return list?.[list.findIndex(({ text }) => text === entry) + 1];
}

function ownLoss(place: DatabasePlace, failure: PlaceFailure | undefined): DatabaseLoss | undefined {
  if (failure === undefined) return undefined;
  const { goText } = failure;
  return { ...failedStep(hostPort(place.host, place.port), failure), ...present({ goText }) };
}

function ownStep(name: string, last: Ask | undefined, failure: PlaceFailure | undefined): StoryStep {
  if (failure !== undefined) return { ...failedStep(name, failure), goesOn: false };
  const { status, answer = "", flow, frame, grade = "unknown" } = last ?? {};
  return {
    entry: name,
    outcome: last !== undefined && isServed(last) ? "served" : status === undefined ? "failed" : "refused",
    answer,
    ...present({ status, flow, frame }),
    grade,
    goesOn: false,
  };
}

/** What a lookup says of a module. */
export function lookupChecksum(lookup: Ask): StoryChecksum {
  const { place, go, flow, frame, grade } = lookup;
  return {
    servedBy: hostPort(place.host, place.port),
    mirrored: go.database !== undefined,
    ...resultOf(lookup),
    ...present({ flow, frame }),
    grade,
  };
}
