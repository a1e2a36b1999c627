import { expect } from "vitest";
import { Findings } from "../../src/finding/findings.ts";
import { Losses } from "../../src/finding/losses.ts";
import { rules } from "../../src/finding/rules.ts";
import type { ChecksumReport } from "../../src/flow/checksums.ts";
import type { CaptureReport, DnsReport, Finding, Flow } from "../../src/flow/model.ts";
import type { StoryModule } from "../../src/flow/story.ts";
import {
  mergeConfigurations,
  parseConfigurationText,
  type GoConfiguration,
} from "../../src/gomod/configuration/configuration.ts";
import { Explainer } from "../../src/gomod/explanation/explainer.ts";
import { Outcomes } from "../../src/gomod/outcome.ts";
import { captureReport } from "./analysis.ts";

/** What findings are drawn from. */
export interface Story {
  readonly flows?: readonly Flow[];
  readonly dns?: readonly DnsReport[];
  readonly capture?: Partial<CaptureReport>;
  readonly checksums?: ChecksumReport;
  /** What the story tells of modules. */
  readonly modules?: readonly StoryModule[];
  /** Lines of `NAME=value`. */
  readonly settings?: string;
  /** In place of these. */
  readonly configuration?: GoConfiguration;
}

/** The findings of a story, each checked for what holds of all. */
export function findingsOf({
  flows = [],
  dns = [],
  capture = {},
  checksums,
  modules = [],
  settings,
  configuration = settings === undefined ? undefined : mergeConfigurations([parseConfigurationText("env", settings)]),
}: Story): readonly Finding[] {
  const outcomes = new Outcomes(configuration);
  for (const flow of flows) outcomes.observe(flow);
  const report = captureReport({ end: "2026-12-01T10:10:00.000000000Z", ...capture });
  const losses = new Losses({ modules });
  const findings = new Findings({ capture: report, dns, outcomes, checksums, losses, configuration });
  const explainer = configuration && new Explainer(configuration);
  for (const flow of flows) findings.observe(flow, explainer?.observe(flow));
  const concluded = findings.conclude();
  for (const finding of concluded) expectSound(finding);
  return concluded;
}

/** `severity rule`, in order. */
export function rulesOf(story: Story): string[] {
  return findingsOf(story).map(({ severity, rule }) => `${severity} ${rule}`);
}

/** What holds of every finding, whatever the rule. */
export function expectSound(finding: Finding): void {
  const { rule, severity, title, detail, remedy, filter, frames, flows } = finding;
  expect(Object.keys(rules)).toContain(rule);
  expect(rules[rule as keyof typeof rules].severities).toContain(severity);
  expect(title).toMatch(/^[^\n]*[^.\n]$/);
  expect(detail).toMatch(/\.$/);
  expect(remedy).toMatch(/[.?:\w"'=…]$/);
  expect(`${title} ${detail} ${remedy} ${filter}`).not.toMatch(/undefined|NaN|\[object|\.\.| {2}|::: /);
  expect(filter).not.toBe("");
  expect(filter.split("(").length).toBe(filter.split(")").length);
  expect(frames.length).toBeLessThanOrEqual(20);
  expect(frames).toEqual([...new Set(frames)].sort((one, other) => one - other));
  expect(flows.length).toBeLessThanOrEqual(50);
}

/** An answer to a question of 192.0.2.10 for A, but for what is given. */
export function dnsReport(name: string, overrides: Partial<DnsReport> = {}): DnsReport {
  return {
    name,
    type: "A",
    client: "192.0.2.10",
    server: "192.0.2.53",
    questionFrame: 1,
    frame: 2,
    time: "2026-12-01T10:00:00.000000000Z",
    questions: 1,
    answers: [],
    responseCode: "NOERROR",
    ...overrides,
  };
}

/** Addresses as a DNS answer gives them. */
export function addresses(name: string, ...values: readonly string[]): DnsReport["answers"] {
  return values.map((value) => ({ name, type: value.includes(":") ? "AAAA" : "A", value }));
}
