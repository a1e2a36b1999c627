import { hostPort } from "../../bytes/text.ts";
import type { Flow } from "../../flow/model.ts";
import type { StoryPlace } from "../../flow/story.ts";
import { limits } from "../../limits.ts";
import { elapsed, microseconds } from "./time.ts";
import type { Failure } from "../failure.ts";
import type { Place } from "../place.ts";
import { targetKey, targetsOf } from "../target-facts.ts";

/** How a connection failed that no other made good. */
export interface PlaceFailure {
  readonly because: string;
  /** Go's words for it, without the URL; absent where they cannot be told. */
  readonly goText?: string;
  /** Absent where no connection was tried, for want of an address. */
  readonly flow?: number;
  readonly frame: number;
}

/** How connections to a place failed, or its name; undefined where one came through, or none was tried. */
export type Unreached = (place: Place) => PlaceFailure | undefined;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
interface PlaceRecord {
  readonly place: Mutable<StoryPlace>;
  end: string | undefined;
  failure: (PlaceFailure & { readonly flow: number }) | undefined;
  /** Some flow came through: then the others are no loss. */
  reached: boolean;
  /** Some flow was still open when the capture ended. */
  open: boolean;
}

/**
 * The hosts that Go and git spoke to.
 *
 * Invariants: at most so many as limits say; what is told of one does not depend on the order of flows.
 */
export class PlaceBook {
  readonly #records = new Map<string, PlaceRecord>();
  #more = 0;

  /** Takes a flow, with how it failed. */
  note(flow: Flow, failure: Failure | undefined): void {
    for (const target of targetsOf(flow)) {
      const record = this.#record(flow, targetKey(target), target);
      if (record === undefined) continue;
      add(record, flow);
      record.open ||= flow.closed === "capture-end" || flow.closed === "evicted";
      record.reached ||= failure === undefined && (flow.stage === "established" || flow.stage === "http");
      if (failure === undefined) continue;
      const held = record.failure;
      if (held === undefined || flow.id < held.flow) record.failure = placeFailure(flow, failure);
    }
  }

  failureAt(place: { readonly host: string; readonly port: number }): PlaceFailure | undefined {
    const record = this.#records.get(targetKey(place));
    return record?.reached === false ? record.failure : undefined;
  }

  /** Whether all flows to a place were closed before the capture ended. */
  isOver(place: { readonly host: string; readonly port: number }): boolean {
    return this.#records.get(targetKey(place))?.open === false;
  }

  at(place: { readonly host: string; readonly port: number }): StoryPlace | undefined {
    return this.#records.get(targetKey(place))?.place;
  }

  /** The first place of a repository, or of a page that tells where one is. */
  firstOrigin(): StoryPlace | undefined {
    const origins = [...this.#records.values()].filter(
      ({ place }) => place.role === "vcs" || place.role === "discovery",
    );
    return origins.map(({ place }) => place).sort((a, b) => a.firstFrame - b.firstFrame)[0];
  }

  /** In the order of first frames. */
  conclude(): { readonly places: readonly StoryPlace[]; readonly more: number } {
    const places = [...this.#records.values()].map(({ place, end }): StoryPlace => {
      const failure = this.failureAt(place);
      const seconds = elapsed(place.start, end);
      return {
        ...place,
        ...(seconds !== undefined && { seconds: microseconds(seconds) }),
        ...(failure !== undefined && { failure: failure.because }),
      };
    });
    return { places: places.sort((a, b) => a.firstFrame - b.firstFrame), more: this.#more };
  }

  #record(flow: Flow, key: string, { host, port }: { host: string; port: number }): PlaceRecord | undefined {
    const held = this.#records.get(key);
    if (held !== undefined) return held;
    if (this.#records.size >= limits.storyPlaces) {
      this.#more++;
      return undefined;
    }
    const { role, label, route } = flow;
    const place = { host, port, role, label, route: route.kind, flows: 0, firstFlow: flow.id, firstFrame: Infinity };
    const record = {
      place: { ...place, bytes: 0, requests: 0 },
      end: undefined,
      failure: undefined,
      reached: false,
      open: false,
    };
    this.#records.set(key, record);
    return record;
  }
}

function add(record: PlaceRecord, flow: Flow): void {
  const { place } = record;
  place.flows++;
  place.bytes += flow.bytes.clientToServer + flow.bytes.serverToClient;
  place.requests += flow.http.filter(({ method }) => method !== "CONNECT").length;
  if (flow.frames.first < place.firstFrame) {
    place.firstFrame = flow.frames.first;
    place.firstFlow = flow.id;
    if (flow.start !== undefined) place.start = flow.start;
  }
  if (flow.end !== undefined && (record.end === undefined || flow.end > record.end)) record.end = flow.end;
}

function placeFailure(flow: Flow, failure: Failure): NonNullable<PlaceRecord["failure"]> {
  const words = goWords(flow, failure);
  const goText = words !== undefined && flow.role === "forward-proxy" ? `proxyconnect tcp: ${words}` : words;
  return {
    because: failure.because,
    ...(goText !== undefined && { goText }),
    flow: flow.id,
    frame: failure.frame ?? flow.frames.first,
  };
}

/* Spec: net.OpError, crypto/tls, net/http. */
function goWords(flow: Flow, { kind }: Failure): string | undefined {
  const address = hostPort(flow.server.address, flow.server.port);
  switch (kind) {
    case "refused":
      return `dial tcp ${address}: connect: connection refused`;
    case "unanswered":
      return `dial tcp ${address}: i/o timeout`;
    case "no-answer":
      return "net/http: TLS handshake timeout";
    case "proxy-refused":
      return flow.route.kind === "http-connect" ? flow.route.attempts.at(-1)?.reason : undefined;
    case "rejected":
      return flow.tls.at(-1)?.path.goError;
    default:
      return undefined;
  }
}
