import { wellKnown } from "../gomod/endpoints.ts";
import { isAddressType } from "../protocol/dns/message.ts";
import type { FindingContext, Seen, Sighting } from "./sighting.ts";
import { addressFilter } from "./filter.ts";
import { list } from "./wording.ts";

/** Flows whose target is known from DNS alone, at an address that has several names. */
export class AmbiguousAddresses {
  readonly #names = new Map<string, Set<string>>();

  constructor({ dns }: FindingContext) {
    for (const { name, answers } of dns) {
      for (const { type, value } of answers) {
        if (!isAddressType(type)) continue;
        const names = this.#names.get(value);
        if (names === undefined) this.#names.set(value, new Set([name]));
        else names.add(name);
      }
    }
  }

  *observe({ flow }: Seen): Iterable<Sighting> {
    const names = this.#names.get(flow.server.address);
    if (flow.target.source !== "dns" || names === undefined || names.size < 2 || flow.label === "other") return;
    const roles = new Set([...names].map((name) => wellKnown(name)?.role));
    if (roles.size < 2) return;
    yield {
      rule: "ambiguous-address",
      subject: flow.server.address,
      severity: "note",
      grade: "inferred",
      flow: flow.id,
      frames: [flow.frames.first],
      words: () => ({
        title: `${flow.server.address} has several names: ${list([...names])}`,
        detail:
          `No name was spoken on the connection; it is called ${flow.target.host} because that was the last name resolved to this address ` +
          "before. It may have been for another.",
        remedy:
          "Read target, role and label of these flows with that in mind; a capture that has the ClientHello settles it.",
        filter: addressFilter(flow.server.address),
      }),
    };
  }
}
