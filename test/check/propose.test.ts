import { expect, it } from "vitest";
import { propose } from "../../src/check/propose.ts";
import { limits } from "../../src/limits.ts";
import { sampleAnalysis } from "../build/analysis.ts";
import { judgedFlow, target } from "../build/flows.ts";

it.each([
  ["hosts that somebody may read", limits.proposedNames, true],
  ["no more of them", limits.proposedNames + 1, false],
])("lists %s", (_, count, listed) => {
  const of = Array.from({ length: count }, (_, id) => judgedFlow({ id, target: target(`h${id}.example:443`) }));
  const { rules } = propose(sampleAnalysis({ of }));
  expect(rules.some((rule) => "only-hosts" in rule)).toBe(listed);
  expect(rules.length).toBeGreaterThan(0);
});
