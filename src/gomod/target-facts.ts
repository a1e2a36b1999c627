import type { Grade } from "../grade.ts";
import type { HttpReport, ObservedFlow, Target } from "../flow/model.ts";
import { authorityOf } from "../flow/authority.ts";
import { canonicalHost, parsePlace, placeKey } from "./place.ts";
import type { Program } from "./program.ts";
import { requestProgram } from "./program.ts";
import { classifyRequest, isChecksumRequest, isModuleRequest } from "./requests.ts";
import type { GoRequestKind } from "../flow/vocabulary.ts";
import type { GoRequest } from "./requests.ts";

/** The first request of a kind that was seen. */
export interface FirstRequest {
  readonly frame: number;
  readonly grade: Grade;
  readonly path: string;
}

/** What all flows of a capture tell about one target. Small: there is one for each host and port. */
export class TargetFacts {
  readonly host: string;
  readonly port: number;
  requests: ReadonlyMap<GoRequestKind, FirstRequest> = none;
  /** The first checksum request that came as a module proxy's: under `/sumdb/`. */
  mirrored: FirstRequest | undefined = undefined;
  /** Module path → frame of its first request here. */
  modules: ReadonlyMap<string, number> = none;
  readonly programs: Program[] = [];
  /** Some flow came so far that a program could show itself. */
  spoken = false;
  firstFrame = Infinity;
  /** The first request for a module that was redirected here. */
  redirected: FirstRequest | undefined = undefined;
  /** The first one that was redirected here to what may be a page. */
  strayed: FirstRequest | undefined = undefined;
  /** A file came from here: an answer of success that is no page. */
  served = false;
  /** The page of which a go-import tag named it, and as what. */
  tagged: { readonly first: FirstRequest; readonly vcs: string } | undefined = undefined;
  /** Modules of which another target's redirect led here. */
  redirectedModules: ReadonlySet<string> = nobody;

  constructor(host: string, port: number) {
    this.host = canonicalHost(host);
    this.port = port;
  }

  spokenBy(program: Program | undefined): void {
    if (program !== undefined && !this.programs.includes(program)) this.programs.push(program);
  }

  /** Keeps the earliest request of each kind and module, whatever the order in which they are told. */
  note(request: GoRequest, first: FirstRequest): void {
    this.requests = withEarlier(this.requests, request.kind, first, ({ frame }) => frame);
    if (isChecksumRequest(request.kind) && request.database !== undefined) {
      this.mirrored = earlier(this.mirrored, first);
    }
    if (isModuleRequest(request.kind)) {
      this.modules = withEarlier(this.modules, request.module ?? "", first.frame, (frame) => frame);
    }
  }

  /** Takes that a page names this as a place of code. */
  noteTag(vcs: string, first: FirstRequest): void {
    if (this.tagged === undefined || first.frame < this.tagged.first.frame) this.tagged = { first, vcs };
  }

  /** Takes the redirect of a request for a module; `request` is what its location is by itself, perhaps a page. */
  noteRedirect(request: GoRequest, first: FirstRequest, perhapsPage: boolean): void {
    if (perhapsPage) this.strayed = earlier(this.strayed, first);
    else this.redirected = earlier(this.redirected, first);
    if (!isModuleRequest(request.kind)) return;
    const own = this.redirectedModules === nobody ? new Set<string>() : (this.redirectedModules as Set<string>);
    this.redirectedModules = own.add(request.module ?? "");
  }

  /** Whether zips of modules were fetched here because redirects led here, and nothing else of modules. */
  get onlyRedirected(): boolean {
    if (this.redirected === undefined || this.earliest(isMoreThanZip) !== undefined) return false;
    return [...this.modules.keys()].every((module) => this.redirectedModules.has(module));
  }

  /** The earliest request of some kinds; undefined where there was none. */
  earliest(belongs: (kind: GoRequestKind) => boolean): FirstRequest | undefined {
    let earliest: FirstRequest | undefined;
    for (const [kind, first] of this.requests) if (belongs(kind)) earliest = earlier(earliest, first);
    return earliest;
  }
}

function isMoreThanZip(kind: GoRequestKind): boolean {
  return kind !== "zip" && isModuleRequest(kind);
}

/* Most targets have no requests at all: they share one empty map. */
const none: ReadonlyMap<never, never> = new Map<never, never>();
const nobody: ReadonlySet<never> = new Set<never>();

function withEarlier<K, V>(map: ReadonlyMap<K, V>, key: K, value: V, frameOf: (value: V) => number): ReadonlyMap<K, V> {
  const own = map === none ? new Map<K, V>() : (map as Map<K, V>);
  const held = own.get(key);
  if (held === undefined || frameOf(value) < frameOf(held)) own.set(key, value);
  return own;
}

/** The request in the earlier frame. */
export function earlier(one: FirstRequest | undefined, other: FirstRequest): FirstRequest {
  return one !== undefined && one.frame <= other.frame ? one : other;
}

/** A request that was seen, with who asked whom. */
export interface SpokenRequest {
  readonly report: SeenRequest;
  /** Its place in `flow.http`. */
  readonly exchange: number;
  readonly target: Pick<Target, "host" | "port">;
  readonly program: Program | undefined;
}

/** One request with what it means to Go. */
export interface TargetedRequest extends SpokenRequest {
  readonly request: GoRequest;
  readonly first: FirstRequest;
}

/** An exchange of which the request was seen. */
export type SeenRequest = HttpReport & Required<Pick<HttpReport, "method" | "requestTarget" | "path">>;

function isSeen(report: HttpReport): report is SeenRequest {
  return report.method !== undefined && report.path !== undefined && report.method !== "CONNECT";
}

/** The requests of a flow, each with its target: an absolute form names its own, all others are for the flow's. */
export function* spokenRequests(flow: ObservedFlow): Iterable<SpokenRequest> {
  for (const [exchange, report] of flow.http.entries()) {
    if (!isSeen(report)) continue;
    yield { report, exchange, target: requestTarget(report, flow), program: requestProgram(report, flow) };
  }
}

/**
 * The requests of a flow with what they mean to Go, `bases` being the paths of module proxies known from GOPROXY.
 *
 * Cost: read once for the exchanges of a flow, since roles, links, meaning and findings all ask for them.
 */
export function targetedRequests(flow: ObservedFlow, bases: readonly string[]): readonly TargetedRequest[] {
  if (flow.http.length === 0) return noRequests;
  const held = readBefore.get(flow.http);
  if (held !== undefined && held.bases.join() === bases.join()) return held.requests;
  const requests = Array.from(spokenRequests(flow), (spoken) => targeted(spoken, bases));
  readBefore.set(flow.http, { bases, requests });
  return requests;
}

const noRequests: readonly TargetedRequest[] = [];

/** By the exchanges of the flow. */
const readBefore = new WeakMap<
  readonly HttpReport[],
  { readonly bases: readonly string[]; readonly requests: readonly TargetedRequest[] }
>();

function targeted({ report, exchange, target, program }: SpokenRequest, bases: readonly string[]): TargetedRequest {
  const { method, path, requestFrame: frame, grade } = report;
  const request = classifyRequest({ method, path, host: target.host }, bases);
  return { report, exchange, target, program, request, first: { frame, grade, path } };
}

function requestTarget(report: SeenRequest, flow: ObservedFlow): Pick<Target, "host" | "port"> {
  const forwarded = flow.route.kind === "http-forward" ? report.host : undefined;
  const named = /^https?:\/\//i.test(report.requestTarget) ? authorityOf(report.requestTarget) : forwarded;
  return (named === undefined ? undefined : parsePlace(named, report.scheme === "https" ? 443 : 80)) ?? flow.target;
}

/** Targets of a flow: one, but for a forward proxy's connection that served several. */
export function targetsOf(flow: ObservedFlow): readonly Target[] {
  return flow.targets ?? [flow.target];
}

/** The key of a target over all flows. */
export function targetKey(target: Pick<Target, "host" | "port">): string {
  return placeKey(target.host, target.port);
}
