import type { HttpReport, ObservedFlow } from "../flow/model.ts";
import { secondsBetween } from "../flow/timestamp.ts";
import { limits } from "../limits.ts";
import { PrefixProbes } from "./prefix-probes.ts";
import { goFrom124 } from "./program.ts";
import { isNoPageOf, isPage, type GoRequest } from "./requests.ts";
import { targetKey, targetedRequests } from "./target-facts.ts";

/** What one exchange is to others of the capture. */
export interface ExchangeMark {
  readonly folded?: "doubled" | "prefix-probe";
  /** The flow and the place in it of the request that followed this redirect. */
  readonly redirect?: { readonly flow: number; readonly exchange: number };
  /** The request of whose redirect this one is the consequence. */
  readonly origin?: GoRequest;
  /** The redirect led here from another host or port. */
  readonly elsewhere?: boolean;
}

type Mark = { -readonly [Key in keyof ExchangeMark]: ExchangeMark[Key] };

interface Asked {
  readonly flow: number;
  readonly exchange: number;
  readonly place: string;
  readonly report: HttpReport;
  readonly request: GoRequest;
  /** Go 1.23 or older by its hello: it asks nothing twice. */
  readonly older: boolean;
}

/**
 * Which requests of a capture belong together: the two GETs for one 4xx of Go from 1.24 on, the prefixes of a path that
 * `go get` asks for at once, and redirects with the request that followed them.
 *
 * Invariants: all flows are observed before the first question; requests are kept up to a cap, in the order of ids; the
 * answer depends on frames alone.
 */
export class ExchangeLinks {
  readonly #bases: readonly string[];
  /** Client and URL → requests for it. */
  readonly #byUrl = new Map<string, Asked[]>();
  readonly #redirects: { readonly key: string; readonly asked: Asked }[] = [];
  readonly #probes = new PrefixProbes<Asked>();
  #count = 0;
  #marks: Map<string, Mark> | undefined;

  constructor(bases: readonly string[]) {
    this.#bases = bases;
  }

  /** Takes the requests of a flow. */
  observe(flow: ObservedFlow): void {
    if (flow.http.length === 0 || flow.sameAs !== undefined || flow.upstreamOf !== undefined) return;
    const older = !goFrom124(flow);
    for (const { report, target, request, exchange } of targetedRequests(flow, this.#bases)) {
      if (report.method !== "GET" || this.#count >= limits.linkedRequests) continue;
      this.#count++;
      const place = `${report.scheme ?? "http"}://${targetKey(target)}`;
      const asked: Asked = { flow: flow.id, exchange, place, report, request, older };
      const client = flow.client.address;
      const key = `${client} ${place}${pathOf(report)}`;
      const others = this.#byUrl.get(key);
      if (others === undefined) this.#byUrl.set(key, [asked]);
      else others.push(asked);
      const location = absolute(report.redirectTo, `${place}${pathOf(report)}`);
      if (location !== undefined) this.#redirects.push({ key: `${client} ${location}`, asked });
      /* Of a page in the place of a list Go reads no versions, and asks on. */
      const { kind, module = "" } = request;
      const isOfUse =
        kind === "discovery" ? !isNoPageOf(module, report) : !isPage(report) && report.contentError === undefined;
      this.#probes.note(`${client} ${place}`, request, isOfUse ? report.status : undefined, asked);
    }
  }

  /** What a request is to others; undefined where it stands for itself. */
  mark(flow: number, exchange: number): ExchangeMark | undefined {
    return (this.#marks ??= this.#settle()).get(`${flow} ${exchange}`);
  }

  #settle(): Map<string, Mark> {
    const marks = new Map<string, Mark>();
    const markOf = ({ flow, exchange }: Asked): Mark => {
      const key = `${flow} ${exchange}`;
      const held = marks.get(key);
      const mark: Mark = held ?? {};
      if (held === undefined) marks.set(key, mark);
      return mark;
    };
    for (const probe of this.#probes.folded()) markOf(probe).folded = "prefix-probe";
    const repeated = new Set<Asked>();
    for (const asked of this.#byUrl.values()) {
      asked.sort(inOrder);
      for (const second of doubled(asked)) markOf(second).folded = "doubled";
      for (const again of asked.slice(1)) repeated.add(again);
    }
    const causes = new Map<Asked, Asked>();
    for (const { key, asked } of this.#redirects.sort((a, b) => inOrder(a.asked, b.asked))) {
      const next = this.#byUrl.get(key)?.find((other) => !causes.has(other) && follows(other, asked));
      if (next === undefined) continue;
      causes.set(next, asked);
      markOf(asked).redirect = { flow: next.flow, exchange: next.exchange };
      /* A redirect may lead to another one: what was wanted stays the same. */
      const { origin = asked.request, elsewhere, folded } = markOf(asked);
      const consequence = markOf(next);
      if (folded === "prefix-probe") consequence.folded = folded;
      consequence.origin = origin;
      if (elsewhere === true || next.place !== asked.place) consequence.elsewhere = true;
    }
    /* Go asks again for what it asked first: the second GET is that of the redirect, behind it all comes again. */
    for (const [next, cause] of [...causes].reverse()) {
      if (markOf(next).folded !== "doubled") continue;
      if (repeated.has(cause)) markOf(cause).folded = "doubled";
      else delete markOf(next).folded;
    }
    return marks;
  }
}

/** Second GETs of pairs. The go command asks again at once, in HTTP/1.1 mostly on another connection. */
function* doubled(asked: readonly Asked[]): Iterable<Asked> {
  let first: Asked | undefined;
  for (const next of asked) {
    if (first !== undefined && isSecond(next, first)) {
      yield next;
      first = undefined;
    } else first = next;
  }
}

/** Seconds that may pass before the second GET of a pair on another connection: a GOAUTH program may be asked first. */
const doublingSeconds = 1;

function isSecond(next: Asked, first: Asked): boolean {
  const { status = 0, scheme } = first.report;
  if (next.older || scheme !== "https" || status < 400 || status > 499 || !follows(next, first)) return false;
  const pause = secondsBetween(first.report.responseTime, next.report.requestTime);
  return next.flow === first.flow || (pause !== undefined && pause <= doublingSeconds);
}

function follows(next: Asked, first: Asked): boolean {
  const { responseFrame } = first.report;
  return next !== first && responseFrame !== undefined && next.report.requestFrame >= responseFrame;
}

function inOrder(one: Asked, other: Asked): number {
  return one.report.requestFrame - other.report.requestFrame || one.flow - other.flow || one.exchange - other.exchange;
}

function pathOf({ path = "/" }: HttpReport): string {
  return path;
}

function absolute(location: string | undefined, from: string): string | undefined {
  if (location === undefined || !URL.canParse(location, from)) return undefined;
  const { protocol, hostname, port, pathname, search } = new URL(location, from);
  if (protocol !== "https:" && protocol !== "http:") return undefined;
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const number = port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
  return `${protocol}//${targetKey({ host, port: number })}${pathname}${search}`;
}
