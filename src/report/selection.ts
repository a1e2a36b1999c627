import type { ChecksumReport } from "../flow/checksums.ts";
import type { Analysis, Flow, Label } from "../flow/model.ts";
import { narrowedStory } from "./story-selection.ts";
import { labels } from "../flow/vocabulary.ts";

/** An analysis with part of its flows and findings; `whole` has them all. */
export interface Selection extends Analysis {
  readonly whole?: Analysis;
}

/** Labels and hosts of interest: a label, or a host name that stands for its subdomains as well. */
export type Interest = readonly string[];

/** Whether the flow has one of the labels or goes to, or through, one of the hosts. */
export function isOfInterest(flow: Flow, interest: Interest): boolean {
  return interest.some((wanted) => {
    const name = wanted.toLowerCase();
    return isLabel(name) ? flow.label === name : hostsOf(flow).some((host) => isWithin(host.toLowerCase(), name));
  });
}

/** The analysis with the flows for which `keep` holds only, the findings about them and what they tell of the story. */
export function narrowed(
  analysis: Analysis,
  keep: (flow: Flow) => boolean,
  flows = (): Iterable<Flow> => flowsWhere(analysis, keep),
): Selection {
  const known = new Map<number, boolean>();
  const kept = (id: number): boolean => {
    const flow = known.has(id) ? undefined : analysis.flow(id);
    if (flow !== undefined) known.set(id, keep(flow));
    return known.get(id) ?? false;
  };
  return {
    whole: analysis,
    schemaVersion: analysis.schemaVersion,
    tool: analysis.tool,
    trust: analysis.trust,
    capture: analysis.capture,
    summary: analysis.summary,
    flowCount: analysis.flowCount,
    flows,
    flow: (id) => analysis.flow(id),
    certificate: (sha256) => analysis.certificate(sha256),
    anchors: (subject) => analysis.anchors(subject),
    dns: analysis.dns,
    ...(analysis.checksums !== undefined && { checksums: narrowedChecksums(analysis.checksums, kept) }),
    findings: analysis.findings.filter((finding) => finding.flows.some(kept)),
    get story() {
      return narrowedStory(analysis.story, flows());
    },
  };
}

/** The analysis with one flow only. */
export function onlyFlow(analysis: Analysis, flow: Flow): Analysis {
  return narrowed(
    analysis,
    ({ id }) => id === flow.id,
    () => [flow],
  );
}

/** What was downloaded or looked up on a kept flow, and the lookups that it was held against. */
function narrowedChecksums(report: ChecksumReport, kept: (id: number) => boolean): ChecksumReport {
  const { databases, lookups, records } = report;
  const isKept = records.map(
    ({ flow, lookup }) =>
      (flow !== undefined && kept(flow)) || (lookup !== undefined && kept(lookups[lookup.index].flow)),
  );
  const keptRecords = records.filter((_, at) => isKept[at]);
  const used = new Set(keptRecords.map(({ lookup }) => lookup?.index));
  const places = lookups.map((_, at) => at).filter((at) => used.has(at) || kept(lookups[at].flow));
  const moved = new Map(places.map((from, to) => [from, to]));
  const asked = new Set(places.map((at) => lookups[at].database));
  return {
    databases: databases.filter(({ name }) => asked.has(name)),
    lookups: places.map((at) => lookups[at]),
    records: keptRecords.map(({ lookup, ...record }) => ({
      ...record,
      ...(lookup !== undefined && { lookup: { ...lookup, index: moved.get(lookup.index)! } }),
    })),
  };
}

/** Names of hosts that `isOfInterest` would take, of the first thousand flows: for suggestions. */
export function knownHosts(analysis: Analysis): Set<string> {
  const hosts = new Set<string>();
  let flows = 0;
  for (const flow of analysis.flows()) {
    for (const host of hostsOf(flow)) hosts.add(host);
    if (++flows === 1000) break;
  }
  return hosts;
}

/** The flows for which `keep` holds, one at a time. */
export function* flowsWhere(analysis: Analysis, keep: (flow: Flow) => boolean): Iterable<Flow> {
  for (const flow of analysis.flows()) if (keep(flow)) yield flow;
}

export function isLabel(text: string): text is Label {
  return (labels as readonly string[]).includes(text);
}

function hostsOf(flow: Flow): string[] {
  const hosts = [flow.target.host, flow.server.address];
  for (const target of flow.targets ?? []) hosts.push(target.host);
  for (const tls of flow.tls) if (tls.serverName !== undefined) hosts.push(tls.serverName);
  if (flow.route.proxy?.name !== undefined) hosts.push(flow.route.proxy.name);
  return hosts;
}

function isWithin(host: string, name: string): boolean {
  return host === name || host.endsWith(`.${name}`);
}
