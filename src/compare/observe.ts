import { hostPort } from "../bytes/text.ts";
import { isSearchedName } from "../flow/dns-report.ts";
import type {
  Analysis,
  CaptureReport,
  DnsReport,
  Flow,
  HttpReport,
  StageReached,
  Target,
  TlsReport,
} from "../flow/model.ts";
import { targetTls } from "../flow/target-tls.ts";
import { secondsBetween } from "../flow/timestamp.ts";
import { isGranted } from "../gomod/failure.ts";
import type { Grade } from "../grade.ts";
import { limits } from "../limits.ts";
import { isAddressType } from "../protocol/dns/message.ts";
import type { Stage } from "../protocol/layer.ts";
import type {
  Authority,
  ChainMeaning,
  Observation,
  ObservedTarget,
  RequestMeaning,
  RouteMeaning,
  TargetMeaning,
  VerdictMeaning,
  Visibility,
} from "./meaning.ts";
import { stageRank } from "./progress.ts";

/**
 * Gathers what an analysis says of each target. Ignores copies of flows, and of noise and other programs' flows all but
 * names and certificates. `known` are authorities from elsewhere.
 */
export function observe(
  name: string,
  analysis: Analysis,
  known: ReadonlyMap<string, Authority> = new Map(),
): Observation {
  const gathered = new Map<string, Gathering>();
  const authorities = new Map(known);
  const others = new Set<string>();
  for (const flow of analysis.flows()) {
    noteAuthorities(flow, authorities);
    if (flow.noise || flow.label === "other") {
      if (others.size < limits.comparedTargets) others.add(targetKey(flow.target));
    } else if (flow.sameAs === undefined && flow.upstreamOf === undefined) {
      for (const target of flow.targets ?? [flow.target]) gatheringOf(target, flow, gathered)?.add(flow, target);
    }
  }
  for (const target of gathered.keys()) others.delete(target);
  const { capture, summary } = analysis;
  const damaged = capture.files.some((file) => file.damaged);
  const partOfRun = summary.joined !== undefined || summary.underWay !== undefined;
  return {
    name,
    targets: new Map([...gathered].map(([key, gathering]) => [key, gathering.conclude(damaged || partOfRun)])),
    authorities,
    others,
    unresolved: unresolvedNames(analysis.dns),
    // Read when asked for: the digest of all anchors takes a while.
    get trust() {
      return analysis.trust;
    },
    damaged,
    partOfRun,
    blind: [...(damaged ? [damageWords(capture)] : []), ...summary.blind],
  };
}

function noteAuthorities({ tls }: Flow, authorities: Map<string, Authority>): void {
  for (const { sha256, isCa, subject, length } of tls.flatMap(({ certificates }) => certificates)) {
    if (isCa) authorities.set(sha256, { subject, length });
  }
}

function gatheringOf(target: Target, first: Flow, gathered: Map<string, Gathering>): Gathering | undefined {
  const key = targetKey(target);
  const known = gathered.get(key);
  if (known !== undefined || gathered.size >= limits.comparedTargets) return known;
  const gathering = new Gathering(key, first);
  gathered.set(key, gathering);
  return gathering;
}

/** `host:port` by which targets of two captures are the same. */
function targetKey({ host, port }: Target): string {
  return hostPort(host.toLowerCase(), port);
}

function damageWords({ frames, problems }: CaptureReport): string {
  const [first] = problems;
  return frames === 0 && first !== undefined ? first.detail : "the file is damaged: what came later is not there";
}

/** Names that were asked for, none of whose answers held an address; those of search lists are left out. */
function unresolvedNames(questions: readonly DnsReport[]): Map<string, string> {
  const unresolved = new Map<string, string>();
  const resolved = new Set<string>();
  for (const { name, type, answers, responseCode } of questions) {
    if (!isAddressType(type)) continue;
    const host = name.toLowerCase();
    if (answers.length > 0) resolved.add(host);
    else if (unresolved.has(host) ? responseCode !== "NOERROR" : unresolved.size < limits.comparedTargets) {
      unresolved.set(host, responseCode ?? "no answer");
    }
  }
  const isSearched = (host: string): boolean =>
    isSearchedName(host, (name) => resolved.has(name) || unresolved.has(name));
  return new Map([...unresolved].filter(([host]) => !resolved.has(host) && !isSearched(host)));
}

/** The flows of one target. */
class Gathering {
  readonly #target: string;
  readonly #first: Flow;
  #count = 0;
  readonly #labels = new Map<string, Grade>();
  readonly #routes = new Keyed<RouteMeaning>();
  readonly #refusals = new Set<number>();
  #passed = false;
  #stage: Stage = "tcp";
  readonly #verdicts = new Map<VerdictMeaning["value"], Grade>();
  readonly #versions = new Set<string>();
  readonly #offered = new Set<string>();
  readonly #agreed = new Set<string>();
  readonly #clients = new Set<string>();
  readonly #ja4 = new Set<string>();
  readonly #chains = new Keyed<ChainMeaning>();
  readonly #certificateBytes = new Set<number>();
  readonly #leafKeys = new Set<string>();
  readonly #requests = new Keyed<RequestMeaning>();
  readonly #requestsSeen = [0, 0] as [seen: number, hidden: number];
  #carriesSumdb = false;
  #incomplete = false;
  #opened = false;
  readonly #durations = new Map<Stage, number>();
  readonly #waits = new Map<string, number>();

  constructor(target: string, first: Flow) {
    this.#target = target;
    this.#first = first;
  }

  add(flow: Flow, target: Target): void {
    this.#count++;
    this.#labels.set(flow.label, flow.labelEvidence.grade);
    this.#addRoute(flow);
    const stage = wasRefusedInTls(flow) ? "proxy" : flow.stage;
    if (stageRank(stage) > stageRank(this.#stage)) this.#stage = stage;
    this.#carriesSumdb ||= flow.carriesSumdb;
    this.#incomplete ||= isIncomplete(flow);
    const inner = targetTls(flow);
    if (inner !== undefined) this.#addTls(inner);
    this.#addRequests(flow, target, inner);
    this.#addDurations(flow.stages);
  }

  /** `isCut`: the capture lacks its beginning or end. */
  conclude(isCut: boolean): ObservedTarget {
    const first = this.#first;
    const meaning: TargetMeaning = {
      target: this.#target,
      role: first.role,
      roleGrade: first.roleEvidence.grade,
      labels: [...this.#labels.keys()].sort() as TargetMeaning["labels"],
      labelGrade: [...this.#labels.values()].includes("unknown") ? "unknown" : first.labelEvidence.grade,
      routes: this.#routes.sorted(),
      refusals: this.#passed ? [] : [...this.#refusals].sort((a, b) => a - b),
      stage: this.#stage,
      verdicts: [...this.#verdicts]
        .map(([value, grade]) => ({ value, grade }))
        .sort((a, b) => (a.value < b.value ? -1 : 1)),
      versions: [...this.#versions].sort(),
      offered: [...this.#offered].sort(),
      agreed: [...this.#agreed].sort(),
      clients: [...this.#clients].sort(),
      ja4: [...this.#ja4].sort(),
      chains: this.#chains.sorted(),
      certificateBytes: [...this.#certificateBytes].sort((a, b) => a - b),
      leafKeys: [...this.#leafKeys].sort(),
      requestsVisible: visibility(this.#requestsSeen),
      requests: this.#requests.sorted(),
      carriesSumdb: this.#carriesSumdb,
      opened: this.#opened,
      incomplete: isCut || this.#incomplete,
    };
    return { meaning, flowCount: this.#count, durations: this.#durations, waits: this.#waits };
  }

  #addRoute(flow: Flow): void {
    const { route, stage } = flow;
    const { kind, overTls, proxy, status } = route;
    const meaning: RouteMeaning = {
      kind,
      overTls,
      ...(proxy !== undefined && { proxy: hostPort(proxy.name ?? proxy.address, proxy.port) }),
    };
    this.#routes.add(meaning);
    // TLS to the proxy itself takes a flow further than the proxy let it.
    const wentOn = !overTls && stageRank(stage) > stageRank("proxy");
    if (kind === "direct" || wentOn) this.#passed = true;
    else if (status !== undefined) {
      if (isGranted(flow, status)) this.#passed = true;
      else this.#refusals.add(status);
    }
  }

  #addTls(tls: TlsReport): void {
    const { verdict, negotiatedVersion, alpn, alpnOffered, clientStack, ja4, inferred } = tls;
    if (verdict.value !== "undecided") this.#verdicts.set(verdict.value, verdict.grade);
    if (negotiatedVersion !== undefined) this.#versions.add(negotiatedVersion);
    if (ja4 !== undefined) this.#offered.add(alpnOffered.length === 0 ? "none" : alpnOffered.join(","));
    if (alpn !== undefined) this.#agreed.add(alpn);
    if (clientStack !== undefined) this.#clients.add(clientStack.text);
    if (ja4 !== undefined) this.#ja4.add(ja4);
    if (typeof inferred?.certificateBytes === "number" && inferred.grade === "exact") {
      this.#certificateBytes.add(inferred.certificateBytes);
      if (inferred.leafKey !== undefined) this.#leafKeys.add(inferred.leafKey);
    }
    this.#opened ||= tls.decrypted !== undefined;
    if (tls.certificates.length > 0) this.#chains.add(chainMeaning(tls));
  }

  #addRequests({ http, layers }: Flow, target: Target, tls: TlsReport | undefined): void {
    const own = http.filter((exchange) => exchange.method !== "CONNECT" && isFor(exchange, target));
    if (own.length > 0) this.#requestsSeen[0]++;
    else if (tls?.serverHelloFrame !== undefined && tls.verdict.value === "accepted" && tls.verdict.unused !== true) {
      this.#requestsSeen[1]++;
    } else if (layers.includes("git") || layers.includes("ssh")) this.#requestsSeen[1]++;
    for (const exchange of own) {
      if (this.#requests.size >= limits.httpExchanges) return;
      this.#requests.add(requestMeaning(exchange));
      const { method, path, requestTime, responseTime } = exchange;
      keepShortest(this.#waits, `${method} ${path}`, secondsBetween(requestTime, responseTime));
    }
  }

  #addDurations(stages: readonly StageReached[]): void {
    for (let at = 1; at < stages.length; at++) {
      keepShortest(this.#durations, stages[at].stage, secondsBetween(stages[at - 1].time, stages[at].time));
    }
  }
}

function keepShortest<Key>(times: Map<Key, number>, key: Key, seconds: number | undefined): void {
  if (seconds === undefined || seconds < 0) return;
  times.set(key, Math.min(seconds, times.get(key) ?? Infinity));
}

/** A set of values that are the same when their JSON is. */
class Keyed<Value> {
  readonly #values = new Map<string, Value>();

  get size(): number {
    return this.#values.size;
  }

  add(value: Value): void {
    this.#values.set(JSON.stringify(value), value);
  }

  sorted(): Value[] {
    return [...this.#values].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
  }
}

function chainMeaning({ path, certificates }: TlsReport): ChainMeaning {
  return {
    status: path.status,
    ...(path.certainty !== undefined && path.certainty !== "proved" && { certainty: path.certainty }),
    remarks: [...path.remarks].sort(),
    ...(path.anchor !== undefined && { anchor: path.anchor }),
    certificates: certificates.map(({ sha256, subject, issuer, authorityKeyId, publicKey, notAfter, length }) => ({
      sha256,
      subject,
      issuer,
      ...(authorityKeyId !== undefined && { authorityKeyId }),
      publicKey,
      notAfter,
      length,
    })),
  };
}

/** TLS to a proxy takes a flow further than the proxy did that opened no tunnel. */
function wasRefusedInTls(flow: Flow): boolean {
  const { overTls, attempts, status } = flow.route;
  if (!overTls || attempts.length === 0 || flow.tls.length > 1) return false;
  return status === undefined || !isGranted(flow, status);
}

/** Tiles grow with the tree, storage signs its URLs, and queries may hold what is secret: of these only what stays. */
function requestMeaning({ method = "", path = "", status, accept, go }: HttpReport): RequestMeaning {
  return {
    method,
    path: lastingPath(path, go?.kind),
    ...(status !== undefined && { status }),
    ...(accept !== undefined && { accept }),
  };
}

function lastingPath(path: string, kind: string | undefined): string {
  if (kind === "storage") return "/…";
  if (kind === "tile") return path.replace(/\/tile\/.*$/s, "/tile/…");
  const [bare] = path.split("?", 1);
  if (kind === "zip" || kind === "mod" || kind === "info") return bare;
  return bare === path || /^\?(?:go-get=1|service=git-[a-z-]+)$/.test(path.slice(bare.length)) ? path : `${bare}?…`;
}

function isFor({ host, scheme }: HttpReport, target: Target): boolean {
  if (host === undefined) return true;
  const written = host.toLowerCase();
  const port = scheme === "https" ? 443 : 80;
  return (
    written === target.host.toLowerCase() || written === targetKey(target) || `${written}:${port}` === targetKey(target)
  );
}

/** Bytes of a flow are missing from the capture, or its beginning or end is. */
export function isIncomplete({ lost, opened, oneSided, snappedSegments = 0, closed }: Flow): boolean {
  if (lost.clientToServer + lost.serverToClient > 0 || oneSided === true) return true;
  return opened === "midstream" || snappedSegments > 0 || closed === "evicted";
}

function visibility([seen, hidden]: readonly [number, number]): Visibility {
  if (seen === 0) return "none";
  return hidden === 0 ? "all" : "some";
}
