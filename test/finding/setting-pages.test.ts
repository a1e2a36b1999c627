import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkConfiguration } from "../../src/gomod/configuration/checks/checks.ts";
import { warningIds } from "../../src/gomod/configuration/checks/warning.ts";
import type { GoConfiguration } from "../../src/gomod/configuration/configuration.ts";
import type { Platform } from "../../src/gomod/configuration/env-file.ts";
import { parseGoVersion } from "../../src/gomod/configuration/go-version.ts";
import { settingRules } from "../../src/finding/setting-rules.ts";
import { rules } from "../../src/finding/rules.ts";
import { configurationOf } from "../build/configuration.ts";
import { updatesGolden } from "../build/golden.ts";

/*
 * An example on a page: what is given, a line each, then what is said of it.
 *
 *   environment NAME=VALUE    user file NAME=VALUE    go go1.26.3    system darwin
 */
const example = /(What `gomodcap env` says, for example:\n\n```text\n)([^]*?)(\n```\n)/;
const givenLine = /^(environment|user file|go|system) (.*)$/;

const pageUrl = (id: string): URL => new URL(`../../docs/findings/${id}.md`, import.meta.url);

function configurationIn(given: readonly string[]): GoConfiguration {
  const of = (kind: string): string[] =>
    given.flatMap((line) => {
      const [, name, value] = givenLine.exec(line)!;
      return name === kind ? [value.replaceAll("\\r", "\r")] : [];
    });
  const goVersion = parseGoVersion(of("go")[0] ?? "");
  const texts = {
    environment: ["HOME=/home/a", ...of("environment")].join("\0"),
    "user-file": of("user file").join("\n"),
    "goroot-file": "GOPROXY=https://proxy.golang.org,direct\nGOSUMDB=sum.golang.org\nGOTOOLCHAIN=local\n",
  };
  return configurationOf(texts, {
    ...(goVersion !== undefined && { goVersion }),
    ...(of("system").length > 0 && { platform: of("system")[0] as Platform }),
  });
}

/** What is said of an example, as the page has it. */
function saidOf(id: string, given: readonly string[]): string {
  const said = checkConfiguration(configurationIn(given)).find((warning) => warning.id === id);
  if (said === undefined) return "nothing";
  const { severity, title, reason, mend } = said;
  return `${severity}: ${title} [${id}]\nbecause: ${reason}\nmend: ${mend}`.replaceAll("\r", "\\r");
}

describe("the pages of the warnings of gomodcap env", () => {
  it.each(warningIds)("%s: has a page with its meaning, and an example that is so", (id) => {
    const text = readFileSync(pageUrl(id), "utf8");
    expect(text).toMatch(/^# .+\n/);
    expect(text).toMatch(/^## What to do\n\n```sh\n/m);
    const found = example.exec(text);
    /* What a file system lacks is in no example. */
    if (found === null) {
      expect(id).toBe("no-user-file");
      return;
    }
    const given = found[2].split("\n").filter((line) => givenLine.test(line));
    const told = [...given, saidOf(id, given)].join("\n");
    expect(told).not.toMatch(/nothing$/);
    if (updatesGolden)
      writeFileSync(
        pageUrl(id),
        text.replace(example, (_, before: string, __, after: string) => before + told + after),
      );
    else expect(found[2]).toBe(told);
  });

  it("say which of them become findings", () => {
    for (const id of warningIds) {
      const becomes = !["elsewhere", "hidden"].includes(settingRules[id][0]);
      expect(Object.keys(rules).includes(id), id).toBe(becomes);
      expect(readFileSync(pageUrl(id), "utf8").includes("and no finding."), id).toBe(!becomes);
    }
  });

  it("are listed in docs/findings.md with their meaning", () => {
    const listed = readFileSync(new URL("../../docs/findings.md", import.meta.url), "utf8");
    for (const id of warningIds) {
      const row = listed.split("\n").find((line) => line.startsWith(`| [\`${id}\`](findings/${id}.md)`));
      expect(row, id).toContain(settingRules[id][1]);
    }
  });
});
