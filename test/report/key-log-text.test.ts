import { describe, expect, it } from "vitest";
import type { KeyLogReport } from "../../src/flow/model.ts";
import { keyLogTexts } from "../../src/report/key-log-text.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { plainStyle } from "../../src/report/style.ts";
import { renderText } from "../../src/report/text.ts";
import { captureReport, sampleAnalysis } from "../build/analysis.ts";

type Source = KeyLogReport["sources"][number];

function source(more: Partial<Source>): Source {
  return { name: "tls.keys", origin: "file", secrets: 7, usedBy: [0, 1, 3], unused: 0, ...more };
}

function analysisWith(sources: readonly Source[], coverage?: string): ReturnType<typeof sampleAnalysis> {
  const usedBy = [...new Set(sources.flatMap((each) => each.usedBy))];
  const keyLog = { sources, secrets: 7, usedBy, unused: 0 };
  const { story } = sampleAnalysis();
  return sampleAnalysis({
    capture: { ...captureReport(), keyLog },
    story: { ...story, ...(coverage !== undefined && { coverage }) },
  });
}

describe("what keys opened", () => {
  it.each([
    ["all fit", source({}), "tls.keys opened 3 flows: it holds secrets of 7 connections"],
    [
      "some are of other connections",
      source({ usedBy: [2], unused: 6 }),
      "tls.keys opened 1 flow: it holds secrets of 7 connections, 6 of them not in this capture",
    ],
    [
      "those of another run",
      source({ secrets: 1, usedBy: [], unused: 1 }),
      "tls.keys holds secrets of 1 connection, none of them in this capture: another run or program made them",
    ],
    ["those that do not fit", source({ usedBy: [] }), "tls.keys opened no flow with its secrets of 7 connections"],
    ["an empty file", source({ secrets: 0, usedBy: [] }), "tls.keys holds no secrets"],
    ["in standard input", source({ name: "-", secrets: 0, usedBy: [] }), "standard input holds no secrets"],
  ])("is told: %s", (_name, given, expected) => {
    expect(keyLogTexts(analysisWith([given]))).toEqual([expected]);
  });

  it("is told with what stays closed, once something was opened", () => {
    expect(keyLogTexts(analysisWith([source({})], "the keys leave 1 flow closed")).at(-1)).toBe(
      "the keys leave 1 flow closed",
    );
    expect(keyLogTexts(analysisWith([source({ usedBy: [] })], "the keys are for none"))).toHaveLength(1);
  });

  it("stands below the first lines of a report, and nowhere without keys", () => {
    const analysis = analysisWith([source({})]);
    const options = { width: 100, style: plainStyle, noise: false, verbose: false };
    expect([...renderText(analysis, options)].join("")).toContain("\n  keys:    tls.keys opened 3 flows");
    expect([...renderMarkdown(analysis, false)].join("")).toContain("- tls.keys opened 3 flows");
    expect(keyLogTexts(sampleAnalysis())).toEqual([]);
  });
});
