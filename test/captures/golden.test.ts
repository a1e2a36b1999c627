import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { Analysis } from "../../src/flow/model.ts";
import { renderJson } from "../../src/report/json.ts";
import { wholeText } from "../build/report-text.ts";
import { plainStyle } from "../../src/report/style.ts";
import { renderText } from "../../src/report/text.ts";
import { analyzeFolder } from "../build/analyze.ts";
import { expectGolden } from "../build/golden.ts";
import { capturesFolder, scenarios } from "./truth.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../schema/analysis.schema.json", import.meta.url), "utf8"),
) as object;
const isValid = new Ajv2020({ allErrors: true }).compile(schema);

const files = scenarios().flatMap((scenario) =>
  readdirSync(join(capturesFolder, scenario))
    .filter((file) => /\.pcap/.test(file))
    .map((file) => ({ scenario, file })),
);

describe("reports", () => {
  it.each(files)("$scenario/$file: text and JSON are those that were reviewed", async ({ scenario, file }) => {
    const analysis = withoutFolder(await analyzeFolder(join(capturesFolder, scenario), file));
    expectGolden(`${scenario}/${file}.txt`, text(analysis));
    // One run recorded sixteen ways: the JSON of one of them is enough to review.
    const json = wholeText(renderJson(analysis));
    if (file === "capture.pcap" || file === "ether.pcap") expectGolden(`${scenario}/${file}.json`, `${json}\n`);
    expect(isValid(JSON.parse(json)), JSON.stringify(isValid.errors)).toBe(true);
  });
});

function text(analysis: Analysis): string {
  const options = { width: 100, style: plainStyle, noise: true, verbose: true };
  return [...renderText(analysis, options)].join("");
}

/** The report names files as they were given; here they stand somewhere else on every machine. */
function withoutFolder(analysis: Analysis): Analysis {
  const bare = <T extends { readonly name: string }>(each: T): T => ({
    ...each,
    name: each.name.replace(capturesFolder, "captures/"),
  });
  const { files, keyLog } = analysis.capture;
  const named = keyLog === undefined ? {} : { keyLog: { ...keyLog, sources: keyLog.sources.map(bare) } };
  return { ...analysis, capture: { ...analysis.capture, files: files.map(bare), ...named } };
}
