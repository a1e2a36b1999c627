import { isHttpLayer, type LayerFacts } from "../protocol/layer.ts";
import type { FlowFacts } from "../flow/store.ts";
import type { ConnectionSecrets } from "../protocol/tls/key-log.ts";
import { randomPrefix, type TlsSecrets } from "../protocol/tls/secrets.ts";

/** Secrets that a slimmed capture carries, and connections whose secrets it must not. */
export interface KeptSecrets {
  readonly connections: ReadonlyMap<string, ConnectionSecrets>;
  /** Credentials were sent inside, where they cannot be overwritten. */
  readonly withheld: number;
}

/** Of the secrets at hand those of connections that were seen, and carried no credentials inside. */
export function secretsToKeep(keys: TlsSecrets, flows: Iterable<FlowFacts>): KeptSecrets {
  const withheld = new Set<string>();
  for (const { layers } of flows) {
    for (const [at, layer] of layers.entries()) {
      if (layer.layer !== "tls" || layer.keys === undefined) continue;
      if (layers.slice(at + 1).some(carriesCredentials)) withheld.add(randomPrefix(layer.randomHigh, layer.randomLow));
    }
  }
  const connections = new Map<string, ConnectionSecrets>();
  for (const [random, secrets] of keys.inUse()) {
    if (!withheld.has(random.slice(0, 16))) connections.set(random, secrets);
  }
  return { connections, withheld: withheld.size };
}

function carriesCredentials(layer: LayerFacts): boolean {
  if (layer.layer === "socks") return layer.methodSelected !== undefined && layer.methodSelected !== 0;
  if (!isHttpLayer(layer)) return false;
  return layer.exchanges.some(
    ({ authorization, proxyAuthorization, cookie }) =>
      authorization !== undefined || proxyAuthorization !== undefined || cookie === true,
  );
}
