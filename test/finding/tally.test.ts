import { describe, expect, it } from "vitest";
import type { RuleId } from "../../src/finding/rules.ts";
import type { Sighting } from "../../src/finding/sighting.ts";
import { Tally } from "../../src/finding/tally.ts";
import { limits } from "../../src/limits.ts";

function sighting(rule: RuleId, subject: string, severity: Sighting["severity"], flow: number): Sighting {
  const words = (): ReturnType<Sighting["words"]> => ({
    title: `${subject} of flow ${flow}`,
    detail: "It is so.",
    remedy: "Do so.",
  });
  return { rule, subject, severity, grade: "inferred", flow, frames: [flow * 10, flow * 10 + 1], words };
}

function tallied(...sightings: readonly Sighting[]): ReturnType<Tally["conclude"]> {
  const tally = new Tally();
  for (const each of sightings) tally.add(each);
  return tally.conclude();
}

describe("sightings become findings", () => {
  it("worst first, then by first frame", () => {
    const findings = tallied(
      sighting("chain-remark", "a", "note", 1),
      sighting("server-reset", "c", "error", 9),
      sighting("target-refused", "b", "error", 4),
      sighting("broken-ipv6", "d", "warning", 2),
    );
    expect(findings.map(({ title }) => title)).toEqual(["b of flow 4", "c of flow 9", "d of flow 2", "a of flow 1"]);
  });

  it("one for each rule and subject, told by the worst", () => {
    const [finding, ...others] = tallied(
      sighting("server-reset", "a", "warning", 1),
      { ...sighting("server-reset", "a", "error", 2), grade: "seen" },
      sighting("server-reset", "a", "error", 3),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: "error", title: "a of flow 2", flows: [1, 2, 3], grade: "seen" });
    expect(finding.filter).toBe("frame.number in {10, 11, 20, 21, 30, 31}");
  });

  it("within bounds, however many there are", () => {
    const tally = new Tally();
    for (let flow = 1; flow <= 100_000; flow++) tally.add(sighting("server-reset", `h${flow % 5000}`, "error", flow));
    const findings = tally.conclude();
    expect(findings.length).toBe(limits.findings + 1);
    expect(findings.at(-1)?.rule).toBe("more-findings");
    expect(findings[0].flows.length).toBe(20);
    expect(findings[0].frames.length).toBe(limits.findingFrames);
  });
});
