import type { Analysis, Flow, Label } from "../flow/model.ts";

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

/** The analysis with the flows for which `keep` holds only, and the findings about them. */
export function narrowed(analysis: Analysis, keep: (flow: Flow) => boolean): Selection {
  const kept = (id: number): boolean => {
    const flow = analysis.flow(id);
    return flow !== undefined && keep(flow);
  };
  return {
    whole: analysis,
    schemaVersion: analysis.schemaVersion,
    tool: analysis.tool,
    trust: analysis.trust,
    capture: analysis.capture,
    summary: analysis.summary,
    flowCount: analysis.flowCount,
    flows: () => flowsWhere(analysis, keep),
    flow: (id) => analysis.flow(id),
    certificate: (sha256) => analysis.certificate(sha256),
    dns: analysis.dns,
    ...(analysis.checksums !== undefined && { checksums: analysis.checksums }),
    findings: analysis.findings.filter((finding) => finding.flows.some(kept)),
    story: analysis.story,
  };
}

/** The analysis with one flow only. */
export function onlyFlow(analysis: Analysis, flow: Flow): Analysis {
  return {
    ...narrowed(analysis, () => false),
    flows: () => [flow],
    findings: analysis.findings.filter((finding) => finding.flows.includes(flow.id)),
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

/** The labels a flow can have, in the order reports name them. */
export const labels: readonly Label[] = ["proxied", "sumdb", "direct", "other"];

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
