import { describe, expect, it } from "vitest";
import { captureReport } from "../build/analysis.ts";
import { findingsOf, rulesOf, type Story } from "../build/findings.ts";
import { judgedFlow } from "../build/flows.ts";

const [file] = captureReport().files;
const cut = { layer: "capture", code: "capture-cut", frame: 99, detail: "the file ends inside a record" } as const;
const differs = {
  layer: "stream",
  code: "overlap-differs",
  frame: 7,
  detail: "8 bytes came again with another content",
} as const;
const disorder = {
  layer: "capture",
  code: "out-of-time-order",
  frame: 2,
  detail: "1 of 3 frames stand behind",
} as const;
const holes = { lost: { clientToServer: 0, serverToClient: 1448 } };

describe("what the capture cannot show", () => {
  it.each<[string, Story, string[]]>([
    ["nothing wrong", { flows: [judgedFlow()] }, []],
    ["a cut file", { capture: { files: [{ ...file, damaged: true }], problems: [cut] } }, ["warning capture-damaged"]],
    [
      "a snap length that hides a flow",
      { flows: [judgedFlow({ snappedSegments: 3, layers: [], tls: [] })] },
      ["warning capture-snapped"],
    ],
    ["a snap length that cuts bodies", { flows: [judgedFlow({ snappedSegments: 3 })] }, ["note capture-snapped"]],
    ["one direction", { flows: [judgedFlow({ oneSided: true })] }, ["warning capture-one-sided"]],
    ["drops without holes", { capture: { interfaceDrops: 5 } }, ["note capture-drops"]],
    ["holes", { flows: [judgedFlow(holes)] }, ["note capture-drops"]],
    ["drops and holes", { capture: { interfaceDrops: 5 }, flows: [judgedFlow(holes)] }, ["warning capture-drops"]],
    ["frames out of order", { capture: { problems: [disorder] } }, ["note capture-unordered"]],
    [
      "holes that the order of frames may explain",
      { capture: { problems: [disorder] }, flows: [judgedFlow(holes)] },
      ["warning capture-unordered"],
    ],
    ["bytes that differ", { flows: [judgedFlow({ problems: [differs] })] }, ["warning overlap-differs"]],
  ])("%s", (_, story, expected) => {
    expect(rulesOf(story)).toEqual(expected);
  });

  it("quotes where a file was cut", () => {
    const [finding] = findingsOf({ capture: { files: [{ ...file, damaged: true }], problems: [cut] } });
    expect(finding.detail).toContain("the file ends inside a record. This report rests on");
    expect(finding.frames).toEqual([99]);
  });
});
