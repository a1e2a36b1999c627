import type { TlsSecrets } from "../protocol/tls/secrets.ts";
import type { KeyLogReport } from "./model.ts";
import type { FlowFacts } from "./store.ts";

/** What the secrets at hand opened. Of the secrets themselves nothing is told but their number. */
export function describeKeyLog(keys: TlsSecrets, flows: Iterable<FlowFacts>): KeyLogReport {
  const usedBy: number[] = [];
  const usedBySource: number[][] = keys.sources.map(() => []);
  for (const { connection, layers } of flows) {
    const sources = new Set(layers.flatMap((layer) => (layer.layer === "tls" ? (layer.keys?.sources ?? []) : [])));
    if (sources.size > 0) usedBy.push(connection.id);
    for (const source of sources) usedBySource[source].push(connection.id);
  }
  return {
    sources: keys.sources.map(({ name, origin, connections }, ordinal) => ({
      name,
      origin,
      secrets: connections,
      usedBy: usedBySource[ordinal],
      unused: keys.unused(ordinal),
    })),
    secrets: keys.size,
    usedBy,
    unused: keys.unused(),
  };
}
