import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parsePolicy } from "../../src/check/policy.ts";
import { rules } from "../../src/check/rules.ts";
import { rules as findingRules } from "../../src/finding/rules.ts";

interface PolicySchema {
  readonly $defs: {
    readonly rule: { readonly properties: Readonly<Record<string, { readonly description?: string }>> };
    readonly finding: { readonly enum: readonly string[] };
  };
}

const schema = JSON.parse(
  readFileSync(new URL("../../schema/policy.schema.json", import.meta.url), "utf8"),
) as PolicySchema;
const isPolicy = new Ajv2020({ allowUnionTypes: true }).compile(schema);

describe("the schema of policies", () => {
  it("has every rule with its meaning, and every finding", () => {
    const { rule, finding } = schema.$defs;
    for (const [name, { meaning }] of Object.entries(rules)) {
      expect(rule.properties[name].description, name).toBe(meaning);
    }
    expect(finding.enum).toEqual(Object.keys(findingRules));
  });

  it("goes with a page that lists every rule", () => {
    const page = readFileSync(new URL("../../docs/policies.md", import.meta.url), "utf8");
    const listed = [...page.matchAll(/^\| `([\w-]+)` +\| .* \| (.*?) +\|$/gm)].map(([, name, meaning]) => [
      name,
      meaning,
    ]);
    for (const [name, { meaning }] of Object.entries(rules)) expect(listed).toContainEqual([name, meaning]);
  });

  it.each([
    "version: 1\nkeylog: [a, b]\ntrust: {file: r.pem}\nrules: [{snapshot: s.yaml}]",
    "rules: [{every-flow-proxied: true, to: '*.org', where: {role: sumdb}, unknown: allow, allowEmpty: true}]",
    "rules: [{tls-at-least: 1.2, waive: {reason: r, until: 2027-01-31}}]",
    "rules: [{match: {tls.alpn: [h2, http/1.1], syns: {atMost: 2}, icmp.type: {exists: false}}}]",
    "rules: [{count: {of: dns, where: {name: {matches: '*.org'}}, atLeast: 1, atMost: 9}}]",
    "rules: [{no-finding: [missing-intermediate, interception]}, {no-finding-from: note}]",
  ])("takes what is read: %s", (text) => {
    expect(parsePolicy(text).mistakes).toBeUndefined();
    expect(isPolicy(parse(text)), JSON.stringify(isPolicy.errors)).toBe(true);
  });

  it.each([
    "rule: []",
    "rules: []",
    "rules: [{no-direct-route: true, waive: {reason: ' ', until: 2027-01-31}}]",
    "rules: [{no-flow-too: a}]",
    "rules: [{id: a}]",
    "rules: [{no-direct-route: true, tls-at-least: 1.2}]",
    "rules: [{no-direct-route: false}]",
    "rules: [{count: {of: dns}}]",
    "rules: [{tls-at-least: 1.4}]",
    "rules: [{no-finding: nothing}]",
    "rules: [{match: {role: {equal: sumdb}}}]",
    "rules: [{no-direct-route: true, waive: {reason: r}}]",
    "trust: {sha256: abc}\nrules: [{no-direct-route: true}]",
  ])("refuses what is refused: %s", (text) => {
    expect(parsePolicy(text).mistakes).toBeDefined();
    expect(isPolicy(parse(text))).toBe(false);
  });
});
