import { describe, expect, it } from "vitest";
import type { Analysis, Flow } from "../../src/flow/model.ts";
import { renderCsv } from "../../src/report/csv.ts";
import { renderFlow } from "../../src/report/flow-text.ts";
import { renderJson, renderNdjson } from "../../src/report/json.ts";
import { wholeText } from "../build/report-text.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { plainStyle } from "../../src/report/style.ts";
import { renderText } from "../../src/report/text.ts";
import { captureReport, certificate, finding, sampleAnalysis, sampleFlows } from "../build/analysis.ts";
import { http, judgedFlow } from "../build/flows.ts";

/*
 * Every text of an analysis that may come from the wire gets a canary: what acts on a terminal, on a page, in a
 * spreadsheet. None of them may arrive.
 */
const canary = '=\u001b]0;owned\u0007\u009b31m\u202e\u200b\r\n|<script>`[x](http://evil)"\\|';

/** Words of ours that renderers look up; everything else is treated as hostile. */
const ours = new Set(
  "kind status layer code grade closed opened closedBy stage label severity remarks by value from level source role start end time requestTime responseTime notBefore notAfter sha256 known certainty format compression outcome scheme rule addressType".split(
    " ",
  ),
);

function poisoned<T>(content: T, key = ""): T {
  if (typeof content === "string") return (ours.has(key) ? content : canary + content) as T;
  if (Array.isArray(content)) return content.map((item: unknown) => poisoned(item, key)) as T;
  if (typeof content !== "object" || content === null) return content;
  return Object.fromEntries(Object.entries(content).map(([name, item]) => [name, poisoned<unknown>(item, name)])) as T;
}

function hostile(): Analysis {
  const rich = judgedFlow({
    id: 5,
    process: { name: "go", pid: 7, path: "/usr/bin/go", frame: 1 },
    http: [http("a.example", "/", { redirectTo: "x", reason: "OK", go: { kind: "list", module: "m", version: "v" } })],
    strangeAnswer: "SSH-2.0",
    problems: [{ layer: "tls", code: "malformed", frame: 1, detail: "x" }],
    socks: { version: "5", methodsOffered: ["none"], methodSelected: "none", reply: "x", strangeAnswer: "y" },
    icmp: [{ type: 3, code: 1, frame: 1, from: "192.0.2.1" }],
    targets: [
      { host: "a", port: 80, source: "http" },
      { host: "b", port: 80, source: "http" },
    ],
  });
  const flows = [...sampleFlows(), rich].map((flow): Flow => poisoned(flow));
  const sample = sampleAnalysis({ of: flows });
  return {
    ...sample,
    trust: poisoned(sample.trust),
    summary: { ...sample.summary, instead: canary, blind: [canary] },
    capture: poisoned(
      captureReport({
        problems: [{ layer: "capture", code: "capture-cut", frame: 1, detail: "cut" }],
        folded: [{ client: "a", server: "b", ports: "1", outcome: "refused", count: 2, firstFrame: 1, lastFrame: 2 }],
      }),
    ),
    dns: poisoned(sample.dns),
    findings: [poisoned(finding())],
  };
}

const analysis = hostile();
const options = { width: 120, style: plainStyle, noise: true, verbose: true };
const flowTexts = [...analysis.flows()].map((flow) => [...renderFlow(flow, analysis, options)].join("")).join("");
const texts: readonly (readonly [string, string])[] = [
  ["text", [...renderText(analysis, options)].join("")],
  [
    "text without Go traffic",
    [...renderText({ ...analysis, summary: { ...analysis.summary, goTraffic: false } }, options)].join(""),
  ],
  ["one flow", flowTexts],
  ["JSON", wholeText(renderJson(analysis))],
  ["JSON lines", [...renderNdjson(analysis)].join("")],
  ["CSV", [...renderCsv(analysis, true)].join("").replaceAll("\r\n", "\n")],
  ["Markdown", [...renderMarkdown(analysis, true)].join("")],
];

describe("hostile text", () => {
  it.each(texts)("never acts on a terminal: %s", (_name, text) => {
    expect(text).toContain("owned");
    expect(text).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
  });

  it("adds no line to a table", () => {
    const lines = [...renderText(analysis, { ...options, verbose: false, width: 200 })].join("").split("\n");
    const heading = lines.findIndex((line) => line.startsWith("#"));
    expect(lines.slice(heading + 2, heading + 8).map((line) => line.split(" ")[0])).toEqual([
      "0",
      "1",
      "2",
      "3",
      "4",
      "5",
    ]);
  });

  it("has as many Markdown cells in a row as columns, and no markup", () => {
    const rows = texts
      .find(([name]) => name === "Markdown")![1]
      .split("\n")
      .filter((line) => line.startsWith("|"));
    expect(rows).toHaveLength(2 + analysis.flowCount);
    for (const row of rows) {
      expect(row.split("|")).toHaveLength(13);
      expect(row).not.toMatch(/[<`]|(?<!\\)\[/);
    }
    expect(texts.find(([name]) => name === "Markdown")![1].replaceAll("<br>", "")).not.toContain("<");
  });

  it("starts no formula in a spreadsheet, and keeps every row a row", () => {
    const csv = texts.find(([name]) => name === "CSV")![1];
    const rows = csv.trimEnd().split("\n").map(parseCsvRow);
    expect(rows).toHaveLength(1 + analysis.flowCount);
    for (const row of rows) {
      expect(row).toHaveLength(rows[0].length);
      for (const field of row) expect(field).not.toMatch(/^\s*[=+@-]/);
    }
  });

  it("keeps its value in JSON", () => {
    const parsed = JSON.parse(texts.find(([name]) => name === "JSON")![1]) as { findings: { title: string }[] };
    expect(parsed.findings[0].title).toBe(`${canary}${finding().title}`);
  });

  it("reaches certificates too", () => {
    expect(flowTexts).toContain(
      `\\x1b]0;owned\\x07\\x9b31m\\u{202e}\\u{200b}\\x0d\\x0a|<script>\`[x](http://evil)"\\|${certificate().subject}`,
    );
  });
});

function parseCsvRow(line: string): string[] {
  const fields = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)];
  return fields.map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare);
}
