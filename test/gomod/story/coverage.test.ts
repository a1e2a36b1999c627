import { describe, expect, it } from "vitest";
import { Coverage } from "../../../src/gomod/story/coverage.ts";
import { judgedFlow, stack, tls } from "../../build/flows.ts";
import type { Flow } from "../../../src/flow/model.ts";

const established = judgedFlow({ tls: [tls()] });
const git = judgedFlow({ tls: [tls({ clientStack: stack("gnutls") })] });

function statement(seen: readonly (readonly [Flow, boolean])[], usedBy: readonly number[] = [0]): string | undefined {
  const coverage = new Coverage();
  for (const [flow, visible] of seen) coverage.note(flow, visible);
  return coverage.statement({ sources: [], secrets: 1, usedBy, unused: 0 });
}

describe("what keys cover", () => {
  it("is stated only where something stays hidden", () => {
    expect(statement([[established, true]])).toBeUndefined();
    expect(
      statement([
        [established, true],
        [established, false],
      ]),
    ).toBe("the keys leave 1 flow closed");
    expect(statement([[established, false]], [])).toMatch(/^the keys are for none of these flows/);
  });

  it("is git's flows only where git's were opened", () => {
    expect(
      statement([
        [git, true],
        [established, false],
      ]),
    ).toMatch(/^the keys cover git's flows only/);
    expect(statement([[established, false]])).toMatch(/^the keys show no request: they are for handshakes only/);
  });
});
