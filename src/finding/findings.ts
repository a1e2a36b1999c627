import type { Finding, Flow } from "../flow/model.ts";
import type { FlowVerdict } from "../gomod/explanation/flow-judge.ts";
import { AmbiguousAddresses } from "./ambiguity.ts";
import { CaptureFindings } from "./capture.ts";
import { certificateSightings } from "./certificates.ts";
import { checksumSightings } from "./checksums.ts";
import { CommandErrors } from "./command-errors.ts";
import { DnsFindings } from "./dns.ts";
import { HttpFindings } from "./http.ts";
import { ReSigning } from "./issuers.ts";
import { proxySightings } from "./proxy.ts";
import { contradictionSightings } from "./contradictions.ts";
import { SettingFindings } from "./setting-findings.ts";
import { see, type FindingContext, type Seen, type Sighting } from "./sighting.ts";
import { Tally } from "./tally.ts";
import { tlsSightings } from "./tls.ts";
import { UnopenedConnections } from "./unopened.ts";

/** Rules that look at one flow at a time. */
const rulesByFlow: readonly ((seen: Seen) => Iterable<Sighting>)[] = [
  certificateSightings,
  proxySightings,
  tlsSightings,
  contradictionSightings,
];

/**
 * The findings of one analysis: every flow goes by once, in order of id, then the whole is asked for.
 *
 * Invariants: memory grows with the number of findings kept, never with that of flows.
 */
export class Findings {
  readonly #context: FindingContext;
  readonly #tally = new Tally();
  readonly #unopened = new UnopenedConnections();
  readonly #reSigning = new ReSigning();
  readonly #dns: DnsFindings;
  readonly #http: HttpFindings;
  readonly #capture: CaptureFindings;
  readonly #ambiguous: AmbiguousAddresses;
  readonly #settings: SettingFindings;
  readonly #printed: CommandErrors;

  constructor(context: FindingContext) {
    this.#context = context;
    this.#dns = new DnsFindings(context);
    this.#http = new HttpFindings(context);
    this.#capture = new CaptureFindings(context);
    this.#ambiguous = new AmbiguousAddresses(context);
    this.#settings = new SettingFindings(context);
    this.#printed = new CommandErrors(context.configuration?.log);
  }

  /** Takes a flow, and what the settings say to it where some were given. */
  observe(flow: Flow, verdict?: FlowVerdict): void {
    /* The same connection seen elsewhere, and the far leg of one that is judged at the client's. */
    if (flow.noise || flow.sameAs !== undefined || flow.upstreamOf !== undefined) return;
    const seen = see(flow, this.#context, verdict);
    for (const sightings of rulesByFlow) this.#take(sightings(seen));
    this.#take(this.#capture.observe(seen));
    this.#take(this.#ambiguous.observe(seen));
    this.#unopened.observe(seen);
    this.#reSigning.observe(seen);
    this.#dns.observe(seen);
    this.#http.observe(seen);
    this.#settings.observe(seen);
    this.#printed.observe(flow);
  }

  /** Worst first, then by first frame. To be asked once. */
  conclude(): readonly Finding[] {
    const wider = [this.#unopened, this.#reSigning, this.#dns, this.#http, this.#capture, this.#settings];
    for (const { rule, subject } of this.#reSigning.explained()) this.#tally.remove(rule, subject);
    for (const family of wider) this.#take(family.conclude());
    for (const { rule, subject } of this.#settings.explained()) this.#tally.remove(rule, subject);
    this.#take(checksumSightings(this.#context));
    this.#printed.settle(this.#tally);
    return this.#tally.conclude();
  }

  #take(sightings: Iterable<Sighting>): void {
    for (const sighting of sightings) this.#tally.add(sighting);
  }
}
