import { limits } from "../limits.ts";
import { addressFilter } from "./filter.ts";
import type { Seen, Sighting } from "./sighting.ts";
import { unanswered } from "./tcp.ts";
import { count, list, targetName } from "./wording.ts";

interface Client {
  /** Some IPv6 connection was answered. */
  answered: boolean;
  readonly failed: Seen[];
  failures: number;
}

/**
 * IPv6 connections that failed and were made good: a broken IPv6 when none of the client's ever worked.
 *
 * Invariants: of one client as many failures are kept as a finding lists flows; clients are capped too.
 */
export class BrokenIpv6 {
  readonly #clients = new Map<string, Client>();

  observe(seen: Seen): void {
    const { flow, failure, recoveredBy } = seen;
    if (!flow.server.address.includes(":") || flow.label === "other") return;
    const unopened = failure?.kind === "unanswered" || failure?.kind === "refused";
    if (unopened && recoveredBy === undefined) return;
    let client = this.#clients.get(flow.client.address);
    if (client === undefined) {
      if (this.#clients.size >= limits.findings) return;
      client = { answered: false, failed: [], failures: 0 };
      this.#clients.set(flow.client.address, client);
    }
    if (!unopened) {
      client.answered = true;
      return;
    }
    client.failures++;
    if (client.failed.length < limits.findingFlows) client.failed.push(seen);
  }

  *conclude(): Iterable<Sighting> {
    for (const [address, { answered, failed, failures }] of this.#clients) {
      for (const seen of failed) {
        if (!answered) yield broken(address, seen, failed, failures);
        else if (seen.flow.syns > 1) yield unanswered(seen);
      }
    }
  }
}

function broken(address: string, { flow }: Seen, failed: readonly Seen[], failures: number): Sighting {
  return {
    rule: "broken-ipv6",
    subject: address,
    severity: "warning",
    grade: "inferred",
    flow: flow.id,
    frames: [flow.frames.first],
    words: () => ({
      title: `IPv6 does not work for ${address}; IPv4 made up for it`,
      detail:
        `${count(failures, "connection")} over IPv6 had no answer, none worked, and other connections to the same targets did: ` +
        `${list([...new Set(failed.map((seen) => targetName(seen.flow.target)))])}. Each first attempt costs 300 ms or more.`,
      remedy: "Repair the route for IPv6, or switch IPv6 off on that network.",
      filter: `${addressFilter(address)} && tcp.flags.syn == 1`,
    }),
  };
}
