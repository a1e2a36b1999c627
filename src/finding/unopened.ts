import { counted } from "../bytes/text.ts";
import type { Flow } from "../flow/model.ts";
import { targetKey } from "../gomod/target-facts.ts";
import { placeKey } from "../gomod/place.ts";
import { limits } from "../limits.ts";
import { addressFilter } from "./filter.ts";
import { proxyUnreachable } from "./proxy.ts";
import type { Seen, Sighting } from "./sighting.ts";
import { targetRefused, targetUnanswered } from "./tcp.ts";
import { list, targetName } from "./wording.ts";

/** A flow that worked. */
interface Success {
  readonly id: number;
  readonly milliseconds: number;
}

/** Connections to one place that were not opened, and the last to it that was, by address family. */
interface Place {
  readonly failed: Seen[];
  /** Failures beyond those kept. */
  more: number;
  /** The last flow that worked, over IPv4 and over IPv6. */
  readonly worked: [v4: Success | undefined, v6: Success | undefined];
}

/**
 * Connections that were never opened, judged when it is known whether the other address family made them good: a
 * client has another address there, so that no rule by client can tell.
 *
 * Invariants: of one place as many failures are kept as a finding lists flows; the number of places is capped,
 * and that of failures kept over all.
 */
export class UnopenedConnections {
  readonly #places = new Map<string, Place>();
  #ipv6Works = false;
  #kept = 0;

  observe(seen: Seen): void {
    const { flow, failure } = seen;
    if (failure?.kind === "unanswered" || failure?.kind === "refused") {
      this.#fail(seen);
      return;
    }
    if (isIpv6(flow)) this.#ipv6Works = true;
    if (failure === undefined) this.#succeed(flow);
  }

  #fail(seen: Seen): void {
    const place = this.#place(targetKey(seen.flow.target));
    if (place === undefined) return;
    if (place.failed.length < limits.findingFlows && this.#kept < limits.findingPlaces) {
      place.failed.push(seen);
      this.#kept++;
    } else place.more++;
  }

  #succeed(flow: Flow): void {
    const { proxy } = flow.route;
    const keys = new Set((flow.targets ?? [flow.target]).map(targetKey));
    if (proxy !== undefined) keys.add(placeKey(proxy.name ?? proxy.address, proxy.port));
    for (const key of keys) {
      const place = this.#place(key);
      if (place !== undefined) place.worked[isIpv6(flow) ? 1 : 0] = { id: flow.id, milliseconds: milliseconds(flow) };
    }
  }

  #place(key: string): Place | undefined {
    let place = this.#places.get(key);
    if (place === undefined && this.#places.size < limits.findingPlaces) {
      place = { failed: [], more: 0, worked: [undefined, undefined] };
      this.#places.set(key, place);
    }
    return place;
  }

  *conclude(): Iterable<Sighting> {
    const brokenIpv6: Seen[] = [];
    for (const place of this.#places.values()) {
      for (const [at, failed] of place.failed.entries()) {
        const seen = madeGood(failed, place);
        const unlisted = at === 0 ? place.more : 0;
        if (isIpv6(seen.flow) && seen.recoveredBy !== undefined && !this.#ipv6Works) brokenIpv6.push(seen);
        else yield* unopened(seen, unlisted);
      }
    }
    for (const seen of brokenIpv6) yield broken(seen, brokenIpv6);
  }
}

function isIpv6({ server }: Flow): boolean {
  return server.address.includes(":");
}

/** Milliseconds by which the other family's connection may begin earlier: they race. */
const raceMilliseconds = 1000;

function madeGood(seen: Seen, { worked }: Place): Seen {
  if (seen.recoveredBy !== undefined || seen.context.losses.at(seen.flow.id) !== undefined) return seen;
  const other = worked[isIpv6(seen.flow) ? 0 : 1];
  if (other === undefined || other.milliseconds < milliseconds(seen.flow) - raceMilliseconds) return seen;
  return { ...seen, recoveredBy: other.id, severity: seen.severity === "error" ? "warning" : seen.severity };
}

function milliseconds({ start, frames }: Flow): number {
  return start === undefined ? frames.first : Date.parse(start);
}

function* unopened(seen: Seen, unlisted: number): Iterable<Sighting> {
  const { flow, failure } = seen;
  if (failure?.kind === "unanswered" && isUndecided(seen)) return;
  const sighting = failure?.kind === "refused" ? targetRefused : targetUnanswered;
  yield { ...(flow.role === "forward-proxy" ? proxyUnreachable(seen) : sighting(seen)), unlisted };
}

/** Milliseconds before the end of the capture within which an answer may still have come. */
const answerMilliseconds = 3000;

/**
 * One SYN alone proves nothing where another connection to the target succeeded (the loser of a race, RFC 8305) or
 * where the capture ends before an answer could come.
 */
function isUndecided({ flow, recoveredBy, context }: Seen): boolean {
  if (flow.syns > 1 || (flow.icmp?.length ?? 0) > 0) return false;
  if (recoveredBy !== undefined) return true;
  const { end } = context.capture;
  return flow.start !== undefined && end !== undefined && Date.parse(end) - Date.parse(flow.start) < answerMilliseconds;
}

function broken({ flow }: Seen, all: readonly Seen[]): Sighting {
  const targets = [...new Set(all.map((seen) => targetName(seen.flow.target)))];
  return {
    rule: "broken-ipv6",
    subject: flow.client.address,
    severity: "warning",
    grade: "inferred",
    flow: flow.id,
    frames: [flow.frames.first],
    words: () => ({
      title: `IPv6 does not work for ${flow.client.address}; IPv4 made up for it`,
      detail:
        `${counted(all.length, "connection")} over IPv6 could not be opened and none was; connections over IPv4 to the same targets ` +
        `worked: ${list(targets)}. Each first attempt costs 300 ms or more.`,
      remedy: "Repair the route for IPv6, or switch IPv6 off on that network.",
      filter: `${addressFilter(flow.client.address)} && tcp.flags.syn == 1`,
    }),
  };
}
