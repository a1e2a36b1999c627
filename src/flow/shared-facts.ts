import type { LayerFacts } from "../protocol/layer.ts";
import type { SentCertificate, TlsFacts } from "../protocol/tls/facts.ts";

/** Chains of one end-entity certificate that are told apart; a server sends the same one each time. */
const chainsPerCertificate = 8;

/**
 * Gives the layers of finished flows one object for what is equal in thousands of them: the chain that a server sends,
 * and what did not happen. It halves what a flow holds.
 *
 * Invariant: what is shared is frozen, so that nobody who still holds a layer changes it for the others.
 */
export class SharedFacts {
  readonly #chains = new Map<SentCertificate, (readonly SentCertificate[])[]>();

  /** Changes the layers themselves. To be called when they change no more. */
  share(layers: readonly LayerFacts[]): void {
    for (const layer of layers) if (layer.layer === "tls") this.#shareTls(layer);
  }

  #shareTls(facts: TlsFacts): void {
    facts.certificates = this.#chain(facts.certificates);
    if (facts.clientCertificates.length === 0) facts.clientCertificates = none;
    if (facts.alerts.length === 0) facts.alerts = none;
    const [client, server] = facts.applicationData;
    facts.applicationData = spoken[(client ? 1 : 0) + (server ? 2 : 0)];
  }

  #chain(sent: readonly SentCertificate[]): readonly SentCertificate[] {
    if (sent.length === 0) return none;
    let chains = this.#chains.get(sent[0]);
    if (chains === undefined) this.#chains.set(sent[0], (chains = []));
    const known = chains.find((chain) => isSame(chain, sent));
    if (known !== undefined) return known;
    // A copy: a list that grew has room for more.
    const chain = Object.freeze(sent.slice());
    if (chains.length < chainsPerCertificate) chains.push(chain);
    return chain;
  }
}

function isSame(one: readonly SentCertificate[], other: readonly SentCertificate[]): boolean {
  return one.length === other.length && one.every((certificate, at) => certificate === other[at]);
}

const none = Object.freeze([]) as unknown as never[];

const spoken = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
].map((sides) => Object.freeze(sides) as unknown as [boolean, boolean]);
