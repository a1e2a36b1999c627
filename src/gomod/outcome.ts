import type { Flow } from "../flow/model.ts";
import { targetTls } from "../flow/target-tls.ts";
import type { GoConfiguration } from "./configuration/configuration.ts";
import { judgeFailure } from "./failure.ts";
import type { Failure } from "./failure.ts";
import { placeKey } from "./place.ts";
import { flowProgram } from "./program.ts";
import { targetKey } from "./target-facts.ts";

/** When something succeeded, and on which flow. */
interface Success {
  readonly at: number;
  readonly flow: number;
}

/** The first and the last success of one kind: enough to tell whether some success came after a moment. */
interface Successes {
  first: Success;
  last: Success;
}

/** Milliseconds by which a success may begin before the failure that it makes good: connections that race. */
const raceMilliseconds = 1000;

/**
 * Which flows failed, and which other flow made that good: the same client reached the same target (at another
 * address, over the other IP version, by another connection, with credentials, in clear under GOINSECURE), the next
 * module proxy of GOPROXY, or the forward proxy that it had failed to reach.
 *
 * Invariants: all flows are observed before the first question; two successes are kept for each client, program and
 * target, so that the answer depends neither on the order of flows nor on their number; of those that are not told, one.
 */
export class Outcomes {
  readonly #configuration: GoConfiguration | undefined;
  readonly #successes = new Map<string, Successes>();
  /** Of flows of which the capture does not tell how they went, the one that ended last. */
  readonly #untold = new Map<string, Success>();

  constructor(configuration?: GoConfiguration) {
    this.#configuration = configuration;
  }

  /** Takes what a flow shows of success. */
  observe(flow: Flow): void {
    if (judgeFailure(flow) !== undefined) return;
    const isSuccess = showsSuccess(flow);
    if (isUntold(flow, isSuccess)) this.#noteUntold(flow);
    if (!isSuccess) return;
    const success: Success = { at: beginning(flow), flow: flow.id };
    for (const reached of reachings(flow)) this.#note(reached, success);
    if (flow.role === "module-proxy" && flow.label === "proxied") {
      this.#note(`${flow.client.address} proxy ${targetKey(flow.target)}`, success);
      this.#note(`${flow.client.address} proxies`, success);
    }
    if (flow.label === "direct" && flow.labelEvidence.grade !== "unknown") {
      this.#note(`${flow.client.address} origins`, success);
    }
  }

  /** Id of a flow that made the failure of this one good; undefined where none did, or where it did not fail. */
  recoveredBy(flow: Flow): number | undefined {
    const failure = judgeFailure(flow);
    if (failure === undefined) return undefined;
    const since = beginning(flow) - (flow.start === undefined ? 0 : raceMilliseconds);
    for (const key of this.#remedies(flow, failure)) {
      const held = this.#successes.get(key);
      const success = held === undefined ? undefined : [held.first, held.last].find(({ at }) => at >= since);
      if (success !== undefined && success.flow !== flow.id) return success.flow;
    }
    return undefined;
  }

  /**
   * Id of a flow that may have made good that this one was never opened, for the capture has not all of it; undefined
   * where none may have.
   */
  perhapsRecoveredBy(flow: Flow): number | undefined {
    const kind = judgeFailure(flow)?.kind;
    if (kind !== "unanswered" && kind !== "refused") return undefined;
    const entry = this.#configuration?.proxyList?.[this.#entryOf(flow)];
    const isLast = entry !== undefined && entry.separator !== "|";
    const since = beginning(flow);
    for (const key of untoldKeys(flow).slice(0, isLast ? 1 : 2)) {
      const untold = this.#untold.get(key);
      if (untold !== undefined && untold.at >= since) return untold.flow;
    }
    return undefined;
  }

  /** Whether the client of a flow ever reached its target. */
  reached({ client, target }: Flow): boolean {
    return this.#successes.has(`${client.address} ${targetKey(target)}`);
  }

  /* Keys under which a success would make this failure good, best first. */
  *#remedies(flow: Flow, failure: Failure): Iterable<string> {
    const { address } = flow.client;
    const who = (failure.kind === "rejected" ? trusting(flow) : undefined) ?? address;
    yield `${who} ${targetKey(flow.target)}`;
    if (failure.kind === "unanswered" || failure.kind === "refused") {
      yield `${ipVersion(flow) === 4 ? 6 : 4} ${targetKey(flow.target)}`;
    }
    if (flow.role === "discovery" && flow.target.port === 443) yield `${address} in clear ${flow.target.host}`;
    if (flow.role === "forward-proxy") {
      yield `${who} via ${targetKey(flow.target)}`;
      yield `${who} via ${placeKey(flow.server.address, flow.server.port)}`;
    }
    if (flow.role === "module-proxy") yield* this.#nextEntries(flow);
  }

  /* A connection that fails is no 404: only behind `|` is the next entry of GOPROXY tried. */
  *#nextEntries(flow: Flow): Iterable<string> {
    const { address } = flow.client;
    const list = this.#configuration?.proxyList;
    const at = this.#entryOf(flow);
    if (list === undefined || at < 0) {
      yield `${address} proxies`;
      /* That Go went on to an origin shows the `|` that no setting tells. */
      if (list === undefined) yield `${address} origins`;
      return;
    }
    for (let next = at; list[next]?.separator === "|"; next++) {
      const { kind, url } = list[next + 1] ?? {};
      if (url !== undefined) yield `${address} proxy ${placeKey(url.host, url.port)}`;
      if (kind === "direct") yield `${address} origins`;
    }
  }

  /** Place of a flow's target in GOPROXY; -1 where it is none of its entries. */
  #entryOf({ target }: Flow): number {
    const list = this.#configuration?.proxyList ?? [];
    return list.findIndex(({ url }) => url?.host === target.host && url.port === target.port);
  }

  #noteUntold(flow: Flow): void {
    const untold: Success = { at: ending(flow), flow: flow.id };
    for (const key of untoldKeys(flow)) {
      const held = this.#untold.get(key);
      if (held === undefined || precedes(held, untold)) this.#untold.set(key, untold);
    }
  }

  #note(key: string, success: Success): void {
    const held = this.#successes.get(key);
    if (held === undefined) this.#successes.set(key, { first: success, last: success });
    else if (precedes(success, held.first)) held.first = success;
    else if (precedes(held.last, success)) held.last = success;
  }
}

/* Keys under which it is noted what a client reached. */
function* reachings(flow: Flow): Iterable<string> {
  const { address } = flow.client;
  const trust = trusting(flow);
  const clients = trust === undefined ? [address] : [address, trust];
  for (const target of flow.targets ?? [flow.target]) {
    const place = targetKey(target);
    for (const who of clients) yield `${who} ${place}`;
    /* A machine has another address in the other version: that it is the same one does not show. */
    yield `${ipVersion(flow)} ${place}`;
    /* Under GOINSECURE Go asks over http where https gave no response. */
    if (flow.role === "discovery" && target.port === 80) yield `${address} in clear ${target.host}`;
  }
  const { kind, proxy } = flow.route;
  if (kind === "direct") return;
  for (const who of clients) {
    yield `${who} via ${placeKey(flow.server.address, flow.server.port)}`;
    if (proxy?.name !== undefined) yield `${who} via ${placeKey(proxy.name, proxy.port)}`;
  }
}

function ipVersion({ client }: Flow): 4 | 6 {
  return client.address.includes(":") ? 6 : 4;
}

/* Go and git have trust stores of their own: a certificate that one takes is not made good for the other. */
function trusting(flow: Flow): string | undefined {
  const program = flowProgram(flow);
  return program === undefined ? undefined : `${program === "git-like" ? "git" : program} ${flow.client.address}`;
}

function precedes(one: Success, other: Success): boolean {
  return one.at < other.at || (one.at === other.at && one.flow < other.flow);
}

/* Milliseconds since the epoch, or the number of the first frame where frames bear no time. */
function beginning(flow: Flow): number {
  return flow.start === undefined ? flow.frames.first : Date.parse(flow.start);
}

function ending(flow: Flow): number {
  return flow.end === undefined ? flow.frames.last : Date.parse(flow.end);
}

/* The next entry of GOPROXY is another host, and its role shows by what is read of it. */
function untoldKeys({ client: { address }, target, role }: Flow): string[] {
  const place = `${address} ${targetKey(target)}`;
  return role === "module-proxy" || role === "unknown" ? [place, `${address} proxies`] : [place];
}

/* Opened, and the capture has its beginning, its end, or bytes in between not. */
function isUntold({ opened, closed, lost, snappedSegments = 0 }: Flow, isSuccess: boolean): boolean {
  if (opened === "syn-only") return false;
  if (opened === "midstream" || (closed === "capture-end" && !isSuccess)) return true;
  return lost.clientToServer + lost.serverToClient + snappedSegments > 0;
}

/*
 * TLS that the client took and used, or a request that the target answered. A proxy's refusal is the proxy's answer; a
 * spare connection shows nothing of what asking would have brought.
 */
function showsSuccess(flow: Flow): boolean {
  if (flow.http.some(({ method, status }) => method !== "CONNECT" && status !== undefined && status !== 407))
    return true;
  const verdict = targetTls(flow)?.verdict;
  return verdict?.value === "accepted" && verdict.unused !== true;
}
