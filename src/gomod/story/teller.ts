import type { ChecksumReport, Proof } from "../../flow/checksums.ts";
import type { DnsReport, Flow, KeyLogReport } from "../../flow/model.ts";
import type { Story, StoryPlace, StoryStep, StoryWalk } from "../../flow/story.ts";
import type { Evidence } from "../../grade.ts";
import type { GoConfiguration } from "../configuration/configuration.ts";
import { goProxyFor } from "../prediction/proxy-choice.ts";
import { judgeFailure } from "../failure.ts";
import type { LoggedAnswer } from "../command-log.ts";
import { placeKey, urlAuthority, type Place } from "../place.ts";
import { PrefixProbes } from "../prefix-probes.ts";
import { present } from "../present.ts";
import type { ProxyListEntry } from "../proxy-list.ts";
import { isChecksumRequest, isGitRequest, isModuleRequest } from "../requests.ts";
import { asksOf, loggedAsk, type Ask } from "./ask.ts";
import { Coverage } from "./coverage.ts";
import { askedDatabase } from "../checksum-database.ts";
import { DatabaseBook } from "./databases.ts";
import { ModuleBook } from "./modules.ts";
import { OriginBook } from "./origins.ts";
import { UnresolvedNames } from "./names.ts";
import { PlaceBook, type PlaceFailure } from "./places.ts";
import { failedStep, hidden, ruleOf, type BrokenProxy, type Tried } from "./walk.ts";

/** What the story rests on beside flows. */
export interface StoryEvidence {
  /** What the keys opened. */
  readonly keyLog?: KeyLogReport | undefined;
  /** What hashes came to. */
  readonly checksums?: ChecksumReport | undefined;
  readonly dns?: readonly DnsReport[];
}

/**
 * Tells what the Go command did, from all flows of a capture, one at a time, and from the log of the command for hosts
 * whose requests nobody can see.
 *
 * Invariants: flows come once each, in any order; what is kept is bounded by limits.
 */
export class StoryTeller {
  readonly #configuration: GoConfiguration | undefined;
  readonly #modules = new ModuleBook();
  readonly #origins = new OriginBook();
  readonly #databases = new DatabaseBook();
  readonly #places = new PlaceBook();
  #names = new UnresolvedNames();
  /** Places of which requests are visible. */
  readonly #visible = new Set<string>();
  readonly #seen = { flows: 0, requests: 0, decrypted: false, client: "", lastFrame: 0 };
  readonly #coverage = new Coverage();

  constructor(configuration?: GoConfiguration) {
    this.#configuration = configuration;
  }

  /** Takes a judged flow. */
  observe(flow: Flow): void {
    if (flow.noise || flow.label === "other" || flow.sameAs !== undefined || flow.upstreamOf !== undefined) return;
    const failure = judgeFailure(flow);
    this.#places.note(flow, failure);
    const before = this.#seen.requests;
    for (const ask of asksOf(flow, failure)) {
      this.#visible.add(placeKey(ask.place.host, ask.place.port));
      this.#seen.requests++;
      this.#seen.lastFrame = Math.max(this.#seen.lastFrame, ask.order);
      this.#seen.decrypted ||= ask.grade === "decrypted";
      this.#take(ask);
    }
    this.#seen.client ||= flow.client.address;
    if (flow.layers.length > 0) this.#seen.flows++;
    this.#coverage.note(flow, this.#seen.requests > before);
  }

  conclude({ keyLog, checksums, dns }: StoryEvidence = {}): Story {
    this.#names = new UnresolvedNames(dns);
    const logged = this.#takeLog();
    const configuration = this.#configuration;
    const { places, more } = this.#places.conclude();
    const failureOf = (entry: ProxyListEntry): PlaceFailure | undefined => this.#failureOf(entry);
    const broken = configuration?.proxyList === undefined ? this.#brokenProxies(places) : [];
    const { databases, loss, silent } = this.#databases.conclude({
      configuration,
      places: places
        .filter(({ role }) => role === "sumdb")
        .map(({ host, port }) => ({ host, port, failure: this.#places.failureAt({ host, port }) })),
      failureOf,
      broken,
      isOver: (place) => this.#places.isOver(place),
      unreached: (place) => this.#failureAt(place),
    });
    const isWhole = this.#isWhole(places);
    const walk = this.#modules.empty ? this.#hostWalk() : undefined;
    const modules = this.#modules.conclude({
      configuration,
      origins: this.#origins,
      unreached: (place) => this.#failureAt(place),
      failureOf,
      broken,
      isHidden: ({ url }) => url !== undefined && !this.#visible.has(placeKey(url.host, url.port)),
      checksums: resultsOf(checksums),
      untrusted: untrustedLookups(checksums, (database) => this.#isTaken(database, isWhole)),
      isEnd: (frame) => frame === this.#seen.lastFrame && isWhole,
      databaseLoss: loss,
      silentDatabase: silent,
    });
    const { moreRequests } = this.#modules;
    return {
      ...this.#ground(places, logged, keyLog !== undefined),
      ...(configuration?.proxyList !== undefined && { proxyList: listText(configuration.proxyList) }),
      ...(walk !== undefined && walk.steps.length > 0 && { walk }),
      modules,
      ...(moreRequests > 0 && { moreRequests }),
      databases,
      places,
      ...(more > 0 && { morePlaces: more }),
      ...present({ coverage: keyLog && this.#coverage.statement(keyLog) }),
      errors: configuration?.log.errors ?? [],
    };
  }

  #take(ask: Ask): void {
    const { kind } = ask.go;
    if (ask.go.folded === "doubled" && ask.status !== 200) return;
    if (isModuleRequest(kind) || kind === "storage") this.#modules.note(ask);
    else if (kind === "discovery" || isGitRequest(kind)) this.#origins.note(ask);
    else if (kind === "supported" || isChecksumRequest(kind)) {
      this.#databases.note(ask);
      if (kind === "lookup") this.#modules.note(ask);
    }
  }

  /*
   * Whether Go may have taken notes of a database that a key signed which is not known here: it takes none that the key
   * of GOSUMDB did not sign, and of one that it takes it asks for tiles.
   */
  #isTaken(database: string, isWhole: boolean): boolean {
    const configured = this.#configuration?.checksumDatabase;
    if (configured === undefined) return !isWhole || this.#databases.tilesOf(database) > 0;
    const { name, url } = configured;
    const isAskedThere = url !== undefined && database === askedDatabase({ base: url.path }, url.scheme, url);
    return database !== name && !isAskedThere;
  }

  /* No flow hides what was asked on it, or goes on behind the end of the capture. */
  #isWhole(places: readonly StoryPlace[]): boolean {
    return this.#coverage.hidden === 0 && places.every((place) => this.#places.isOver(place));
  }

  /* The log stands in for hosts of which no request is visible. Returns the file that said something. */
  #takeLog(): string | undefined {
    const { log, proxyList } = this.#configuration ?? {};
    const answers = (log?.answers ?? []).filter(({ host, port }) => !this.#visible.has(placeKey(host, port)));
    const probes = new PrefixProbes<LoggedAnswer>();
    for (const answer of answers) probes.note(placeKey(answer.host, answer.port), answer, answer.status, answer);
    const folded = new Set(probes.folded());
    let source: string | undefined;
    for (const answer of answers) {
      const ask = loggedAsk(answer, this.#seen.client, proxyList);
      if (ask === undefined) continue;
      source ??= answer.source;
      this.#visible.add(placeKey(answer.host, answer.port));
      this.#take(folded.has(answer) ? { ...ask, go: { ...ask.go, folded: "prefix-probe" } } : ask);
    }
    return source;
  }

  #ground(places: readonly StoryPlace[], logged: string | undefined, keys: boolean): Evidence {
    const { flows, requests, decrypted } = this.#seen;
    const rest = logged === undefined ? "" : `; ${logged} tells the rest`;
    if (requests > 0) {
      const how = decrypted ? "read after decryption" : "read in clear";
      const part =
        this.#coverage.hidden === 0 ? "" : `, but on ${this.#coverage.hidden} of ${flows} flows TLS hides them`;
      return { grade: decrypted ? "decrypted" : "seen", because: `requests were ${how}${part}${rest}` };
    }
    if (places.length > 0 && places.every(({ failure }) => failure !== undefined)) {
      return { grade: "inferred", because: `no connection came as far as a request${rest}` };
    }
    if (flows === 0) return { grade: "unknown", because: "no flow of Go's says anything" };
    const hidden = `requests are not visible, because TLS hides them and ${keys ? "the keys open no flow" : "no keys were given"}`;
    const instead = logged === undefined ? "hosts, their order and sizes are what is known" : `${logged} names them`;
    return { grade: "inferred", because: `${hidden}: ${instead}` };
  }

  /* The entry itself, or the forward proxy on the way to it. */
  #failureOf({ url }: ProxyListEntry): PlaceFailure | undefined {
    if (url === undefined) return undefined;
    const own = this.#failureAt(url);
    if (own !== undefined || this.#configuration === undefined) return own;
    const { proxy } = goProxyFor(this.#configuration, url);
    return proxy === undefined ? undefined : this.#failureAt(proxy);
  }

  #brokenProxies(places: readonly StoryPlace[]): BrokenProxy[] {
    return places.flatMap((place) => {
      const failure = place.role === "module-proxy" ? this.#places.failureAt(place) : undefined;
      if (failure === undefined) return [];
      return [{ entry: `https://${urlAuthority("https", place)}`, failure }];
    });
  }

  #failureAt(place: Place): PlaceFailure | undefined {
    if (this.#places.at(place) !== undefined) return this.#places.failureAt(place);
    return this.#names.failureAt(place.host);
  }

  /* Without requests: which entries were spoken to, and what that says of their answers. */
  #hostWalk(): StoryWalk | undefined {
    const { proxyList: list, noProxyGlobs = "" } = this.#configuration ?? {};
    if (list === undefined) return undefined;
    const tried = list.map((entry) => this.#spokenTo(entry));
    const last = tried.findLastIndex((step) => step !== undefined);
    const exempt = noProxyGlobs === "" ? "" : ", or GONOPROXY covers a module";
    const steps = tried.slice(0, last + 1).map((step, at): StoryStep => {
      const { separator, text } = list[at];
      const known = step ?? hidden(text);
      if (at === last)
        return { ...known, ...(known.outcome === "failed" && ruleOf(known, separator, list[at + 1])), goesOn: false };
      const error =
        separator === "|" ? "some error came, which | lets go on" : "404 or 410 came, which a comma lets go on";
      return { ...known, goesOn: true, rule: `a later entry was asked: ${error}${exempt}` };
    });
    return { files: [], steps };
  }

  #spokenTo(entry: ProxyListEntry): Tried | undefined {
    const { kind, text, url } = entry;
    const origin = kind === "direct" ? this.#places.firstOrigin() : undefined;
    const failure = origin === undefined ? this.#failureOf(entry) : this.#places.failureAt(origin);
    if (failure !== undefined) return failedStep(text, failure);
    const place = url === undefined ? origin : this.#places.at(url);
    if (place === undefined) return undefined;
    const { flows, firstFlow, firstFrame } = place;
    const answer = `spoken to on ${flows === 1 ? "1 flow" : `${flows} flows`}, answers hidden`;
    return { ...hidden(text), answer, flow: firstFlow, frame: firstFrame, grade: "inferred" };
  }
}

function resultsOf(checksums: ChecksumReport | undefined): Map<string, Set<Proof["result"]>> {
  const results = new Map<string, Set<Proof["result"]>>();
  for (const { module, version, result } of checksums?.records ?? []) {
    const key = `${module}@${version}`;
    results.set(key, (results.get(key) ?? new Set()).add(result));
  }
  return results;
}

/* Lookups with a note that Go did not take. */
function untrustedLookups(
  checksums: ChecksumReport | undefined,
  isTaken: (database: string) => boolean,
): ReadonlySet<string> {
  const untrusted = checksums?.lookups.filter(
    ({ database, signature: { result, key } }) => result === "not-provable" && key !== undefined && !isTaken(database),
  );
  return new Set(untrusted?.map(({ module, version }) => `${module}@${version}`));
}

function listText(list: readonly ProxyListEntry[]): string {
  return list.map(({ text, separator }) => text + separator).join("");
}
