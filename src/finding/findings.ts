import type { Finding, Flow } from "../flow/model.ts";
import { certificateSightings } from "./certificates.ts";
import { proxySightings } from "./proxy.ts";
import { see, type FindingContext, type Seen, type Sighting } from "./sighting.ts";
import { Tally } from "./tally.ts";
import { tcpSightings } from "./tcp.ts";

const families: readonly ((seen: Seen) => Iterable<Sighting>)[] = [certificateSightings, proxySightings, tcpSightings];

/**
 * The findings of one analysis: every flow goes by once, in order of id, then the whole is asked for.
 *
 * Invariants: memory grows with the number of findings kept, never with that of flows.
 */
export class Findings {
  readonly #context: FindingContext;
  readonly #tally = new Tally();

  constructor(context: FindingContext) {
    this.#context = context;
  }

  observe(flow: Flow): void {
    /* The same connection seen elsewhere, and the far leg of one that is judged at the client's. */
    if (flow.noise || flow.sameAs !== undefined || flow.upstreamOf !== undefined) return;
    const seen = see(flow, this.#context);
    for (const family of families) for (const sighting of family(seen)) this.#tally.add(sighting);
  }

  /** Worst first, then by first frame. */
  conclude(): readonly Finding[] {
    return this.#tally.conclude();
  }
}
