import { existsSync, readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { warningIds } from "../../src/gomod/configuration/checks/warning.ts";
import { rules } from "../../src/finding/rules.ts";

describe("the table of rules", () => {
  const listed = [
    ...readFileSync(new URL("../../docs/findings.md", import.meta.url), "utf8").matchAll(
      /^\| \[`([^`]+)`\]\(findings\/\1\.md\) *\| ([^|]+) \| ([^|]+) \|/gm,
    ),
  ];

  it("is what docs/findings.md lists, word for word", () => {
    const documented = listed.map(([, id, severities, meaning]) => [id, severities.trim(), meaning.trim()]);
    const table = Object.entries(rules).map(([id, rule]) => [id, rule.severities.join(", "), rule.meaning]);
    expect(documented).toEqual(table);
  });

  it("has ids in kebab-case and severities worst first", () => {
    const order = ["error", "warning", "note"];
    for (const [id, { severities }] of Object.entries(rules)) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(severities).toEqual(order.filter((severity) => (severities as readonly string[]).includes(severity)));
    }
  });
});

describe("the pages of the findings", () => {
  const folder = new URL("../../docs/findings/", import.meta.url);
  const page = (id: string): string => readFileSync(new URL(`${id}.md`, folder), "utf8");
  const ids = Object.keys(rules) as (keyof typeof rules)[];

  it("are one for each rule and each warning of gomodcap env, and no others", () => {
    const all = [...new Set([...ids, ...warningIds])];
    expect(readdirSync(folder).toSorted()).toEqual(all.map((id) => `${id}.md`).toSorted());
  });

  it.each(ids)("%s: says what it means and what to do, and how bad it can be", (id) => {
    const text = page(id);
    expect(text).toMatch(/^# .+\n/);
    expect(text).toContain(`\`${id}\`: ${rules[id].severities.join(", ")}.`);
    for (const section of ["What it means", "What to do"])
      expect(text).toMatch(new RegExp(`^## ${section}\n\n[^]{20,}`, "m"));
    for (const [, link] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      expect(existsSync(new URL(link, folder)), link).toBe(true);
    }
  });
});
