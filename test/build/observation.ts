import type { Observation, TargetMeaning } from "../../src/compare/meaning.ts";

/** What flows to sum.golang.org have in common that came through, but for what is given. */
export function meaning(overrides: Partial<TargetMeaning> = {}): TargetMeaning {
  return {
    target: "sum.golang.org:443",
    role: "sumdb",
    roleGrade: "inferred",
    labels: ["sumdb"],
    labelGrade: "inferred",
    routes: [{ kind: "direct", overTls: false }],
    refusals: [],
    stage: "established",
    verdicts: [],
    versions: ["TLS 1.2"],
    offered: [],
    agreed: [],
    clients: [],
    ja4: [],
    chains: [],
    certificateBytes: [],
    leafKeys: [],
    requestsVisible: "none",
    requests: [],
    carriesSumdb: false,
    opened: false,
    incomplete: false,
    ...overrides,
  };
}

/** A side of a comparison with these targets, all of which it saw whole, but for what is given. */
export function observation(targets: readonly TargetMeaning[], overrides: Partial<Observation> = {}): Observation {
  return {
    name: "capture.pcap",
    targets: new Map(targets.map((each) => [each.target, { meaning: each }])),
    authorities: new Map(),
    others: new Set(),
    unresolved: new Map(),
    trust: undefined,
    blind: [],
    damaged: false,
    partOfRun: false,
    ...overrides,
  };
}
