import { hostPort } from "../../bytes/text.ts";
import type { StoryChecksum, StoryDatabase, StoryStep } from "../../flow/story.ts";
import { limits } from "../../limits.ts";
import type { GoConfiguration } from "../configuration/configuration.ts";
import type { Place } from "../place.ts";
import type { ProxyListEntry } from "../proxy-list.ts";
import { present } from "../present.ts";
import type { Ask } from "./ask.ts";
import type { PlaceFailure } from "./places.ts";
import { walkSteps } from "./walk.ts";

interface DatabaseRecord {
  readonly name: string;
  readonly probes: Ask[];
  lookups: number;
  tiles: number;
  /** The last lookup or tile. */
  last: Ask | undefined;
}

/** A host that is a checksum database by its role, and how connections to it failed. */
export interface DatabasePlace extends Place {
  readonly failure: PlaceFailure | undefined;
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
    const name = ask.go.database ?? hostPort(ask.place.host, ask.place.port).replace(/:443$/, "");
    let record = this.#records.get(name);
    if (record === undefined) {
      if (this.#records.size >= limits.storyPlaces) return;
      record = { name, probes: [], lookups: 0, tiles: 0, last: undefined };
      this.#records.set(name, record);
    }
    if (ask.go.kind === "supported") {
      if (record.probes.length < limits.storyRequests) record.probes.push(ask);
      return;
    }
    if (ask.go.kind === "tile") record.tiles++;
    else record.lookups++;
    if (record.last === undefined || record.last.order < ask.order) record.last = ask;
  }

  conclude(configuration: GoConfiguration | undefined, places: readonly DatabasePlace[]): readonly StoryDatabase[] {
    for (const { host, port, failure } of places) {
      const name = hostPort(host, port).replace(/:443$/, "");
      if (failure !== undefined && !this.#records.has(name)) {
        this.#records.set(name, { name, probes: [], lookups: 0, tiles: 0, last: undefined });
      }
    }
    return [...this.#records.values()].map((record) => describe(record, configuration, places));
  }
}

function describe(
  { name, probes, lookups, tiles, last }: DatabaseRecord,
  configuration: GoConfiguration | undefined,
  places: readonly DatabasePlace[],
): StoryDatabase {
  const own = places.find(({ host, port }) => hostPort(host, port).replace(/:443$/, "") === name);
  const explicit = configuration?.checksumDatabase?.explicitUrl === true;
  const steps: StoryStep[] = explicit ? [] : [...probeSteps(probes, configuration)];
  const mirrored = steps.at(-1)?.outcome === "served";
  if (!mirrored && (last !== undefined || own?.failure !== undefined)) steps.push(ownStep(name, last, own?.failure));
  return {
    name,
    steps,
    ...(last !== undefined && { servedBy: hostPort(last.place.host, last.place.port) }),
    lookups,
    tiles,
  };
}

function probeSteps(probes: readonly Ask[], configuration: GoConfiguration | undefined): readonly StoryStep[] {
  const asks = probes.filter(({ go }) => go.folded !== "doubled").sort((a, b) => a.order - b.order);
  if (asks.length === 0) return [];
  const list = configuration?.proxyList;
  const walked = walkSteps({
    list,
    exempt: false,
    asks,
    followed: () => undefined,
    isHidden: () => false,
    failureOf: () => undefined,
    origin: undefined,
  });
  const probed = walked.filter(({ entry }) => entry !== "direct" && entry !== "off");
  return probed.map((step, at) => (at < probed.length - 1 ? step : lastProbe(step, list)));
}

/* Behind the proxies the database itself is asked; after anything but 404 and 410 only where the list has direct. */
function lastProbe(step: StoryStep, list: readonly ProxyListEntry[] | undefined): StoryStep {
  const allowed = step.outcome === "not-found" || (step.goesOn && list?.some(({ kind }) => kind === "direct") === true);
  if (step.outcome === "served" || !allowed) return step;
  return { ...step, goesOn: true, rule: "no module proxy mirrors the database: it is asked itself" };
}

function ownStep(name: string, last: Ask | undefined, failure: PlaceFailure | undefined): StoryStep {
  if (last?.status === undefined && failure !== undefined) {
    const { because, flow, frame } = failure;
    return { entry: name, outcome: "failed", answer: because, flow, frame, grade: "inferred", goesOn: false };
  }
  const { status, answer = "", flow, frame, grade = "unknown" } = last ?? {};
  return {
    entry: name,
    outcome: status === 200 ? "served" : status === undefined ? "failed" : "refused",
    answer,
    ...present({ status, flow, frame }),
    grade,
    goesOn: false,
  };
}

/** What a lookup says of a module. */
export function checksumOf(lookup: Ask): StoryChecksum {
  const { place, go, status, answer, flow, frame, grade } = lookup;
  return {
    servedBy: hostPort(place.host, place.port),
    mirrored: go.database !== undefined,
    ...(status === undefined ? { failure: answer } : { status }),
    ...present({ flow, frame }),
    grade,
  };
}
