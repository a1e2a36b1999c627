import type { FlowFacts, FlowStore } from "./store.ts";
import type { TlsFacts } from "../protocol/tls/facts.ts";

/** How a flow repeats another one: the same connection captured elsewhere, or the leg behind a proxy or NAT. */
export type Twin = { readonly sameAs: number } | { readonly upstreamOf: number };

/**
 * Finds flows that carry one ClientHello: its random never repeats. With equal sequence numbers it is one connection
 * captured at two places behind other addresses; otherwise something between wrote it anew.
 */
export function findTwins(store: FlowStore): ReadonlyMap<number, Twin> {
  const seen = new Map<number, Leg>();
  const twins = new Map<number, Twin>();
  for (const flow of store.flows()) {
    const hello = innermostHello(flow);
    if (hello === undefined) continue;
    const key = (hello.randomHigh >>> 0) * 0x1_0000_0000 + (hello.randomLow >>> 0);
    const leg: Leg = { id: flow.connection.id, depth: flow.layers.length, sequence: flow.connection.firstSequence };
    const other = seen.get(key);
    if (other === undefined) {
      seen.set(key, leg);
    } else {
      const [first, second] = order(other, leg);
      twins.set(second.id, sameSequences(first, second) ? { sameAs: first.id } : { upstreamOf: first.id });
      seen.set(key, first);
    }
  }
  return twins;
}

interface Leg {
  readonly id: number;
  readonly depth: number;
  readonly sequence: readonly [number, number];
}

/** The client's leg has the proxy dialogue around the hello; without one, the earlier flow is the client's. */
function order(one: Leg, other: Leg): [client: Leg, upstream: Leg] {
  if (one.depth !== other.depth) return one.depth > other.depth ? [one, other] : [other, one];
  return one.id < other.id ? [one, other] : [other, one];
}

function sameSequences(one: Leg, other: Leg): boolean {
  return one.sequence[0] === other.sequence[0] && one.sequence[1] === other.sequence[1];
}

function innermostHello({ layers }: FlowFacts): TlsFacts | undefined {
  const tls = layers.findLast((layer) => layer.layer === "tls");
  const random = tls === undefined ? 0 : tls.randomHigh | tls.randomLow;
  return tls?.hello === undefined || random === 0 ? undefined : tls;
}
