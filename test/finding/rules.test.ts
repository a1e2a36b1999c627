import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rules } from "../../src/finding/rules.ts";

describe("the table of rules", () => {
  const listed = [
    ...readFileSync(new URL("../../docs/findings.md", import.meta.url), "utf8").matchAll(
      /^\| `([^`]+)` *\| ([^|]+) \| ([^|]+) \|/gm,
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
