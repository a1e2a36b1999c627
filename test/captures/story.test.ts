import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Story } from "../../src/flow/story.ts";
import { plainStyle } from "../../src/report/style.ts";
import { renderStory } from "../../src/report/story-text.ts";
import { analyzeFolder } from "../build/analyze.ts";
import { expectGolden } from "../build/golden.ts";
import { capturesFolder } from "./truth.ts";

/** Runs in which something happened to GOPROXY, to the database or on the way. */
const told = [
  "a06-direct-sumdb",
  "a11-mirror",
  "a14-fallback-404",
  "a18b-pipe-500-direct",
  "a21-goprivate",
  "a32-sumdb-blackhole",
  "b07-connect-407",
  "b10-connect-403-sumdb",
  "b32-http-forward",
  "c05-sum-leaf-only-tls12",
  "c37-github-leaf-only-tls13",
  "e02-list-404-410-direct",
  "e04-toolchain-404",
  "e05-pipe-first-refused",
  "e06-web-page",
];

describe("stories by keys", () => {
  it.each([...told, "a01-default", "b17-tls-proxy", "e01-private-proxy-mirror", "e03-storage-redirect"])(
    "%s",
    async (scenario) => {
      await review(scenario, "story-keys.txt", { keys: true });
    },
  );
});

describe("stories by the log of the command", () => {
  it.each(told)("%s", async (scenario) => {
    await review(scenario, "story.txt", { log: true });
  });
});

async function review(scenario: string, name: string, given: { log?: boolean; keys?: boolean }): Promise<void> {
  const analysis = await analyzeFolder(join(capturesFolder, scenario), "capture.pcap", given);
  const files = analysis.capture.files.map((file) => ({ ...file, name: `captures/${scenario}/capture.pcap` }));
  const named = { ...analysis, capture: { ...analysis.capture, files } };
  expectGolden(
    `${scenario}/${name}`,
    [...renderStory(named, { width: 100, style: plainStyle, verbose: false })].join(""),
  );
}

describe("stories by hosts alone", () => {
  it.each(told)("%s names its hosts, and claims no request", async (scenario) => {
    const { story } = await analyzeFolder(join(capturesFolder, scenario), "capture.pcap");
    expect(story.places.length).toBeGreaterThan(0);
    if (scenario !== "b32-http-forward") expect(claims(story)).toEqual([]);
  });
});

/** Statements that only requests could ground. */
function claims({ modules, walk, databases }: Story): unknown[] {
  const steps = walk?.steps ?? [];
  return [
    ...modules,
    ...databases.filter(({ lookups }) => lookups > 0),
    ...steps.filter(({ status }) => status !== undefined),
  ];
}
