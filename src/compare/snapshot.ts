import type { Analysis, TrustReport } from "../flow/model.ts";
import type { Observation, TargetMeaning } from "./meaning.ts";
import { observe } from "./observe.ts";

/**
 * What a capture means, kept for later comparisons: no times, ports, client addresses or counts. The same traffic gives
 * the same snapshot. Text may come from the wire: untrusted.
 */
export interface Snapshot {
  readonly version: 1;
  /** What judged the certificates; absent where none was visible. */
  readonly trust?: Pick<TrustReport, "count" | "sha256">;
  /** The file was cut at its end, or began or ended in the midst of connections, or lacked packets. */
  readonly damaged: boolean;
  readonly partOfRun: boolean;
  readonly partial: boolean;
  /** By name. */
  readonly targets: readonly TargetMeaning[];
  /** Names that did not resolve, sorted: see Observation. */
  readonly unresolved: ReadonlyMap<string, string>;
  /** DER of the trust anchors that paths end at: what a later judge needs so that no verdict changes by itself. */
  readonly anchors: readonly Uint8Array[];
}

/** The snapshot of an analysis. Pure. */
export function snapshotOf(analysis: Analysis): Snapshot {
  const { targets, unresolved, blind, damaged, partOfRun } = observe("", analysis);
  const meanings = [...targets.values()].map(({ meaning }) => meaning).sort((a, b) => (a.target < b.target ? -1 : 1));
  const chains = meanings.flatMap((meaning) => meaning.chains);
  const subjects = new Set(chains.flatMap(({ anchor }) => anchor ?? []));
  return {
    version: 1,
    ...(chains.length > 0 && { trust: { count: analysis.trust.count, sha256: analysis.trust.sha256 } }),
    damaged,
    partOfRun,
    partial: blind.length > 0,
    targets: meanings,
    unresolved: new Map([...unresolved].sort(([a], [b]) => (a < b ? -1 : 1))),
    anchors: [...subjects].sort().flatMap((subject) => analysis.anchors(subject)),
  };
}

/** A snapshot as one side of a comparison. */
export function observationOf(
  name: string,
  { targets, unresolved, trust, damaged, partOfRun, partial }: Snapshot,
): Observation {
  const issuers = targets.flatMap(({ chains }) => chains.flatMap(({ certificates }) => certificates.slice(1)));
  return {
    name,
    targets: new Map(targets.map((meaning) => [meaning.target, { meaning }])),
    authorities: new Map(issuers.map((certificate) => [certificate.sha256, certificate])),
    others: new Set(),
    unresolved,
    trust,
    blind: partial ? ["the capture of this snapshot was cut or lacked packets"] : [],
    damaged,
    partOfRun,
  };
}

/** Whether a file begins as snapshots do; its first KiB is enough. */
export function looksLikeSnapshot(text: string): boolean {
  return /^\uFEFF?(?:[ \t]*(?:#.*)?\r?\n)*snapshotVersion:/.test(text);
}
