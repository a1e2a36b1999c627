import type { FlowFacts, FlowStore, ServedFlow } from "./store.ts";
import type { TlsFacts } from "../protocol/tls/facts.ts";

/** How a flow repeats another one: the same connection captured elsewhere, or the leg behind a proxy or NAT. */
export type Twin = { readonly sameAs: number } | { readonly upstreamOf: number };

/**
 * Finds flows that carry one ClientHello: its random never repeats. With equal sequence numbers it is one connection
 * captured at two places behind other addresses; otherwise something between wrote it anew.
 *
 * Invariant: of each random only the id of the client's leg is kept; the rest is read again where a second leg turns up.
 */
export class Twins {
  readonly #store: FlowStore;
  /** Random → id of the client's leg. */
  readonly #seen = new Map<number, number>();
  readonly #twins = new Map<number, Twin>();

  constructor(store: FlowStore) {
    this.#store = store;
  }

  /** Takes a flow of the store. To be told of all of them, in any order, before the first question. */
  observe({ id, layers }: ServedFlow): void {
    const hello = innermostHello(layers);
    if (hello === undefined) return;
    const key = (hello.randomHigh >>> 0) * 0x1_0000_0000 + (hello.randomLow >>> 0);
    const seen = this.#seen.get(key);
    if (seen === undefined) {
      this.#seen.set(key, id);
      return;
    }
    const [first, second] = order(legOf(this.#store.flow(seen)!), legOf(this.#store.flow(id)!));
    this.#twins.set(second.id, sameSequences(first, second) ? { sameAs: first.id } : { upstreamOf: first.id });
    this.#seen.set(key, first.id);
  }

  /** What the flow repeats; undefined where it repeats none. */
  of(id: number): Twin | undefined {
    return this.#twins.get(id);
  }
}

interface Leg {
  readonly id: number;
  readonly depth: number;
  readonly sequence: readonly [number, number];
}

function legOf({ connection, layers }: FlowFacts): Leg {
  return { id: connection.id, depth: layers.length, sequence: connection.firstSequence };
}

/** The client's leg has the proxy dialogue around the hello; without one, the earlier flow is the client's. */
function order(one: Leg, other: Leg): [client: Leg, upstream: Leg] {
  if (one.depth !== other.depth) return one.depth > other.depth ? [one, other] : [other, one];
  return one.id < other.id ? [one, other] : [other, one];
}

function sameSequences(one: Leg, other: Leg): boolean {
  return one.sequence[0] === other.sequence[0] && one.sequence[1] === other.sequence[1];
}

function innermostHello(layers: ServedFlow["layers"]): TlsFacts | undefined {
  const tls = layers.findLast((layer) => layer.layer === "tls");
  const random = tls === undefined ? 0 : tls.randomHigh | tls.randomLow;
  return tls?.hello === undefined || random === 0 ? undefined : tls;
}
