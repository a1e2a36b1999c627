import { describe, expect, it } from "vitest";
import type { ChecksumRecord, ChecksumReport, LookupReport } from "../../src/flow/checksums.ts";
import type { Story, StoryFile, StoryPlace } from "../../src/flow/story.ts";
import { isOfInterest, knownHosts, narrowed, onlyFlow } from "../../src/report/selection.ts";
import { finding, sampleAnalysis } from "../build/analysis.ts";

const analysis = sampleAnalysis({
  findings: [finding(), finding({ rule: "other", flows: [0] }), finding({ flows: [] })],
});
const idsOf = (interest: readonly string[]): number[] =>
  [...narrowed(analysis, (flow) => isOfInterest(flow, interest)).flows()].map((flow) => flow.id);

describe("interest", () => {
  it.each([
    [["sumdb"], [3]],
    [
      ["proxied", "sumdb"],
      [0, 1, 2, 3],
    ],
    [["other"], [4]],
    [["sum.golang.org"], [3]],
    [["SUM.golang.org"], [3]],
    [["golang.org"], [0, 1, 3]],
    [["olang.org"], []],
    [["proxy.corp.example"], [0, 1, 3]],
    [["198.51.100.40"], [0, 1, 3]],
    [["direct"], []],
  ])("%j", (interest, ids) => {
    expect(idsOf(interest)).toEqual(ids);
  });

  it("keeps the findings about the flows", () => {
    const selected = narrowed(analysis, (flow) => flow.label === "sumdb");
    expect(selected.findings.map((each) => each.flows)).toEqual([[3]]);
    const one = onlyFlow(analysis, analysis.flow(0)!);
    expect([...one.flows()].map((flow) => flow.id)).toEqual([0]);
    expect(one.findings.map((each) => each.rule)).toEqual(["other"]);
  });

  it("keeps what the flows tell of the story, and says so", () => {
    const file = (flow: number): StoryFile => ({ servedBy: "a:443", status: 200, flow, frame: 9, grade: "seen" });
    const told = { client: "192.0.2.10", version: "v1.0.0", outcome: "fetched", walks: [] } as const;
    const place = { ...sampleAnalysis({}).story.places[0], role: "sumdb", label: "sumdb", route: "direct" } as const;
    const at = (host: string): StoryPlace => ({
      ...place,
      ...{ host, port: 443, flows: 1, firstFlow: 0, firstFrame: 1 },
    });
    const story: Story = {
      ...analysis.story,
      because: "requests were read",
      modules: [
        { ...told, module: "a", zip: file(0) },
        { ...told, module: "b", checksum: { ...file(3), mirrored: false } },
      ],
      places: [at("sum.golang.org"), at("elsewhere.example")],
      morePlaces: 3,
    };
    const kept = onlyFlow({ ...analysis, story }, analysis.flow(3)!).story;
    expect(kept.modules.map(({ module }) => module)).toEqual(["b"]);
    expect(kept.places.map(({ host }) => host)).toEqual(["sum.golang.org"]);
    expect(kept.because).toBe("requests were read; of that what the chosen flows tell");
    expect(kept.morePlaces).toBeUndefined();
  });

  it("keeps the checksums of the flows, with the lookups that they were held against", () => {
    const open = { result: "not-provable", because: "" } as const;
    const lookup = (module: string, flow: number): LookupReport => ({
      ...{ module, version: "v1.0.0", database: `${module}.sum`, flow, frame: flow },
      ...{ signature: open, inclusion: open },
    });
    const record = (module: string, more: Partial<ChecksumRecord>): ChecksumRecord => ({
      ...{ module, version: "v1.0.0", kind: "zip", ...open, ...more },
    });
    const checksums: ChecksumReport = {
      databases: ["a.sum", "b.sum", "c.sum"].map((name) => ({ name, treeHeads: 1, tiles: 0 })),
      lookups: [lookup("a", 3), lookup("b", 3), lookup("c", 1)],
      records: [record("b", { flow: 0, lookup: { index: 1 } }), record("c", { lookup: { index: 2 } })],
    };
    const told = (id: number): unknown => {
      const kept = onlyFlow({ ...analysis, checksums }, analysis.flow(id)!).checksums!;
      return [
        kept.databases.map(({ name }) => name),
        kept.lookups.map(({ module }) => module),
        kept.records.map((each) => each.lookup?.index),
      ];
    };
    expect(told(0)).toEqual([["b.sum"], ["b"], [0]]);
    expect(told(1)).toEqual([["c.sum"], ["c"], [0]]);
    expect(told(3)).toEqual([["a.sum", "b.sum"], ["a", "b"], [1]]);
    expect(told(2)).toEqual([[], [], []]);
  });

  it("knows the hosts for suggestions", () => {
    expect([...knownHosts(analysis)]).toContain("sum.golang.org");
  });
});
