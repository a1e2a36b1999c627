import { hostPort } from "../../bytes/text.ts";
import type { DnsReport } from "../../flow/model.ts";
import { present } from "../present.ts";
import type { PlaceFailure } from "./places.ts";
import { isAddressType } from "../../protocol/dns/message.ts";

interface Name {
  resolved: boolean;
  /** The first answer without an address. */
  refused: DnsReport | undefined;
}

/** Names that clients asked for and got no address of. */
export class UnresolvedNames {
  readonly #names = new Map<string, Name>();

  constructor(reports: readonly DnsReport[] = []) {
    for (const report of reports) {
      const { name, type, answers, responseCode } = report;
      if (!isAddressType(type)) continue;
      const held = this.#names.get(name) ?? { resolved: false, refused: undefined };
      this.#names.set(name, held);
      held.resolved ||= answers.some((answer) => answer.type === type);
      if (responseCode !== undefined) held.refused ??= report;
    }
  }

  /** Why a host could not be connected to; undefined where it has an address, or where nobody asked for it. */
  failureAt(host: string): PlaceFailure | undefined {
    const { resolved, refused } = this.#names.get(host) ?? {};
    if (resolved !== false || refused === undefined) return undefined;
    const { server, responseCode = "", frame } = refused;
    const code = responseCode === "NOERROR" ? "no address" : responseCode;
    const goText = goWords[responseCode];
    return {
      because: `its name ${host} was not resolved: ${code}`,
      ...present({ goText: goText && `dial tcp: lookup ${host} on ${hostPort(server, 53)}: ${goText}` }),
      frame,
    };
  }
}

/* Spec: net, goLookupIPCNAMEOrder and checkHeader. */
const goWords: Readonly<Record<string, string | undefined>> = {
  NXDOMAIN: "no such host",
  NOERROR: "no such host",
  SERVFAIL: "server misbehaving",
  REFUSED: "server misbehaving",
};
