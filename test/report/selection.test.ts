import { describe, expect, it } from "vitest";
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

  it("knows the hosts for suggestions", () => {
    expect([...knownHosts(analysis)]).toContain("sum.golang.org");
  });
});
