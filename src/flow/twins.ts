import type { FlowFacts, FlowStore, ServedFlow } from "./store.ts";
import type { ConnectionFacts } from "../stream/facts.ts";
import type { TlsFacts } from "../protocol/tls/facts.ts";

/** How a flow repeats another one: the same connection captured elsewhere, or the leg behind a proxy or NAT. */
export type Twin = { readonly sameAs: number } | { readonly upstreamOf: number };

/**
 * Finds flows that carry one ClientHello: its random never repeats. With equal sequence numbers it is one connection
 * captured at two places behind other addresses; otherwise something between wrote it anew.
 *
 * Without TLS only address translation shows: it changes one end and leaves both initial sequence numbers, which two
 * connections of one moment share by chance once in 2^64.
 *
 * Invariant: of each random only the id of the client's leg is kept; the rest is read again where a second leg turns up.
 */
export class Twins {
  readonly #store: FlowStore;
  /** Random → id of the client's leg. */
  readonly #seen = new Map<number, number>();
  /** Both initial sequence numbers → ids of the flows without TLS that began with them, at most two of one connection. */
  readonly #begun = new Map<string, number[]>();
  readonly #twins = new Map<number, Twin>();

  constructor(store: FlowStore) {
    this.#store = store;
  }

  /** Takes a flow of the store. To be told of all of them, in any order, before the first question. */
  observe({ id, layers }: ServedFlow): void {
    const hello = innermostHello(layers);
    if (hello === undefined) {
      this.#observeTranslated(id);
      return;
    }
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

  /* Numbers that a third flow has as well were not drawn by chance: programs that write captures do not draw any. */
  #observeTranslated(id: number): void {
    const { connection } = this.#store.flow(id)!;
    if (connection.opened !== "handshake") return;
    const key = connection.firstSequence.join(" ");
    const begun = this.#begun.get(key) ?? [];
    this.#begun.set(key, [...begun, id].slice(0, 3));
    if (begun.length === 2) for (const each of begun) this.#twins.delete(each);
    if (begun.length !== 1 || !isTranslated(this.#store.flow(begun[0])!.connection, connection)) return;
    const [first, second] = begun[0] < id ? [begun[0], id] : [id, begun[0]];
    this.#twins.set(second, { sameAs: first });
  }

  /** What the flow repeats; undefined where it repeats none. */
  of(id: number): Twin | undefined {
    return this.#twins.get(id);
  }
}

/** Whether one end has another address and the other is the same, at one time and with as many bytes. */
function isTranslated(one: ConnectionFacts, other: ConnectionFacts): boolean {
  const sameClient = one.clientAddress === other.clientAddress && one.clientPort === other.clientPort;
  const sameServer = one.serverAddress === other.serverAddress && one.serverPort === other.serverPort;
  const source = sameServer && one.clientAddress !== other.clientAddress;
  const destination = sameClient && one.serverAddress !== other.serverAddress;
  const apart = Math.abs(one.startSeconds - other.startSeconds);
  const alike = one.bytes[0] === other.bytes[0] && one.bytes[1] === other.bytes[1];
  return (source || destination) && apart <= 1 && alike;
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
