import type { CheckReport, CheckedCapture, RuleResult } from "../../src/check/report.ts";

/** The answer of one rule; it holds unless told otherwise. */
export function ruleResult(overrides: Partial<RuleResult> = {}): RuleResult {
  const { answer = "holds" } = overrides;
  return {
    id: "no-flow-to",
    rule: "no-flow-to",
    expectation: "no flow to telemetry.example.com",
    answer,
    passed: answer === "holds",
    grade: "seen",
    message: "flow 3 went to telemetry.example.com",
    reason: "The hello of flow 3 names it.",
    ...(answer !== "holds" && { remedy: "Set GOTELEMETRY=off." }),
    evidence: { flows: [3], frames: [17], filter: "tcp.stream eq 3" },
    location: { file: "captures/a/expect.yaml", line: 4, column: 5 },
    ...overrides,
  };
}

export function checkedCapture(
  results: readonly RuleResult[],
  overrides: Partial<CheckedCapture> = {},
): CheckedCapture {
  return {
    name: "captures/a",
    files: ["captures/a/capture.pcap"],
    policy: "captures/a/expect.yaml",
    passed: results.every(({ passed }) => passed),
    results,
    ...overrides,
  };
}

export function checkReport(...captures: CheckedCapture[]): CheckReport {
  const results = captures.flatMap((capture) => capture.results);
  const waived = results.filter(({ passed, waiver }) => passed && waiver !== undefined).length;
  const count = (answer: RuleResult["answer"]): number => results.filter((result) => result.answer === answer).length;
  return {
    schemaVersion: 1,
    tool: { name: "gomodcap", version: "0.1.0" },
    passed: captures.every(({ passed }) => passed),
    counts: { holds: count("holds"), broken: count("broken"), cannotTell: count("cannot-tell"), waived },
    captures,
  };
}
