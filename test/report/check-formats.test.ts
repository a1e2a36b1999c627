import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { DOMParser, type Element } from "@xmldom/xmldom";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import type { CheckReport } from "../../src/check/report.ts";
import { renderCheckGithub } from "../../src/report/check-github.ts";
import { renderCheckGitlab } from "../../src/report/check-gitlab.ts";
import { renderCheckJunit } from "../../src/report/check-junit.ts";
import { renderCheckMarkdown } from "../../src/report/check-markdown.ts";
import { renderCheckSarif } from "../../src/report/check-sarif.ts";
import { renderCheckTap } from "../../src/report/check-tap.ts";
import { checkReport, checkedCapture, ruleResult } from "../build/check-report.ts";

const formats = {
  github: renderCheckGithub,
  gitlab: renderCheckGitlab,
  junit: renderCheckJunit,
  markdown: renderCheckMarkdown,
  sarif: renderCheckSarif,
  tap: renderCheckTap,
} as const;
type Format = keyof typeof formats;

const rendered = (format: Format, report: CheckReport): string => [...formats[format](report)].join("");

const waiver = { reason: "until the proxy moved, see #12", until: "2027-01-31", expired: false };
const broken = ruleResult({ answer: "broken" });
const untold = ruleResult({
  id: "tls",
  rule: "tls-at-least",
  answer: "cannot-tell",
  message: "no ServerHello is visible",
});

/** Every outcome once. */
const mixed = checkReport(
  checkedCapture([
    ruleResult({ id: "fine" }),
    broken,
    untold,
    ruleResult({ id: "waived", answer: "broken", passed: true, waiver }),
    ruleResult({ id: "late", answer: "broken", waiver: { ...waiver, expired: true } }),
    ruleResult({ id: "allowed", answer: "cannot-tell", passed: true }),
  ]),
  checkedCapture([], { name: "captures/b", passed: false, failure: "captures/b/capture.pcap: permission denied" }),
);

/** What a capture or a policy could hold to break out of a format. */
const hostile = [
  "]]></failure><script>alert(1)</script>",
  "\"'&<>",
  "%0A::error::injected",
  "line\r\n::error::injected",
  "\u001b[31mred\u0007\u202e",
  "not ok 9 # TODO\n  ---\n",
  "`x` | y | [a](javascript:x) @team",
  "\ud800\uffff\u0000",
  "a: b, c",
] as const;

const hostileReport = checkReport(
  checkedCapture(
    hostile.map((text, at) =>
      ruleResult({
        id: `r${at}${text}`,
        answer: "broken",
        expectation: text,
        message: text,
        reason: text,
        remedy: text,
        location: { file: `a b/%/${text}`, line: 1, column: 1 },
      }),
    ),
    { name: hostile.join(""), files: [...hostile] },
  ),
);

const reports: readonly [string, CheckReport][] = [
  ["every outcome", mixed],
  ["hostile text", hostileReport],
  ["nothing", checkReport()],
];

describe("every format", () => {
  it.each(
    (Object.keys(formats) as Format[]).flatMap((format) =>
      reports.map(([name, report]) => [format, name, report] as const),
    ),
  )("%s, %s: no control but line feeds, and the same bytes again", (format, _name, report) => {
    const text = rendered(format, report);
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    expect(text.endsWith("\n")).toBe(true);
    expect(rendered(format, report)).toBe(text);
  });
});

describe("JUnit XML", () => {
  const parse = (report: CheckReport): Element => {
    const fail = (_level: string, message: string): never => {
      throw new Error(message);
    };
    return new DOMParser({ onError: fail }).parseFromString(rendered("junit", report), "text/xml").documentElement!;
  };
  const named = (node: Element, name: string): Element[] => [...node.getElementsByTagName(name)];

  it("has a suite a capture and a case an expectation, each with its outcome", () => {
    const [first, second] = named(parse(mixed), "testsuite");
    const outcomes = named(first, "testcase").map((entry) =>
      [...entry.childNodes]
        .filter((node) => node.nodeType === 1)
        .map((node) => [node.nodeName, (node as Element).getAttribute("type")]),
    );
    expect(outcomes).toEqual([
      [],
      [["failure", "broken"]],
      [["failure", "cannot-tell"]],
      [["skipped", null]],
      [["failure", "broken"]],
      [["skipped", null]],
    ]);
    expect(named(second, "error")[0].getAttribute("message")).toBe(
      "unreadable: captures/b/capture.pcap: permission denied",
    );
    expect(named(first, "testcase")[1].getAttribute("line")).toBe("4");
  });

  it.each(reports)("counts what it has: %s", (_name, report) => {
    const root = parse(report);
    for (const element of [root, ...named(root, "testsuite")]) {
      const counts = ["tests", "failures", "errors", "skipped"].map((name) => Number(element.getAttribute(name)));
      expect(counts).toEqual(["testcase", "failure", "error", "skipped"].map((name) => named(element, name).length));
    }
  });

  it("gives hostile text as text", () => {
    const cases = named(parse(hostileReport), "testcase");
    expect(cases).toHaveLength(hostile.length);
    expect(cases[0].getAttribute("name")).toContain(hostile[0]);
    expect(cases[0].textContent).toContain(hostile[0]);
  });
});

describe("SARIF", () => {
  interface Result {
    readonly ruleId: string;
    readonly message: { readonly text: string };
    readonly partialFingerprints: Readonly<Record<string, string>>;
    readonly suppressions?: readonly { readonly justification: string }[];
    readonly locations: readonly [
      { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: object } },
    ];
  }
  const require = createRequire(import.meta.url);
  const schema = require.resolve("schemastore/schemas/json/sarif-2.1.0.json");
  const validate = new Ajv({
    strict: false,
    unicodeRegExp: false,
    formats: { uri: isUri, "uri-reference": isUri, "date-time": true },
  }).compile(JSON.parse(readFileSync(schema, "utf8")) as object);
  const resultsOf = (report: CheckReport): readonly Result[] =>
    (JSON.parse(rendered("sarif", report)) as { runs: [{ results: Result[] }] }).runs[0].results;

  function isUri(text: string): boolean {
    return /^(?:[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=-]|%[0-9A-F]{2})*$/.test(text);
  }

  it.each(reports)("is valid by the schema of OASIS: %s", (_name, report) => {
    expect(validate(JSON.parse(rendered("sarif", report))) ? [] : validate.errors).toEqual([]);
  });

  it("has what fails at its line, what is waived as suppressed, and nothing that holds", () => {
    const results = resultsOf(mixed);
    expect(results.map(({ ruleId, suppressions }) => [ruleId, suppressions?.[0].justification])).toEqual([
      ["no-flow-to", undefined],
      ["tls-at-least", undefined],
      ["no-flow-to", waiver.reason],
      ["no-flow-to", undefined],
      ["capture", undefined],
    ]);
    expect(results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "captures/a/expect.yaml" },
      region: { startLine: 4, startColumn: 5 },
    });
    expect(results[1].message.text).toMatch(/cannot tell: no ServerHello is visible\./);
  });

  it.each([
    ["./captures/a b.yaml", "captures/a%20b.yaml"],
    ["captures\\a.yaml", "captures/a.yaml"],
    ["/srv/a.yaml", "file:///srv/a.yaml"],
    ["C:\\a.yaml", "file:///C:/a.yaml"],
  ])("writes %s as a URI", (file, uri) => {
    const report = checkReport(
      checkedCapture([ruleResult({ answer: "broken", location: { file, line: 1, column: 1 } })]),
    );
    expect(resultsOf(report)[0].locations[0].physicalLocation.artifactLocation.uri).toBe(uri);
  });

  it("lets no text become a link", () => {
    for (const { message } of resultsOf(hostileReport)) expect(message.text).not.toMatch(/(?<!\\)\]\(/);
  });

  it("keeps fingerprints when lines move, and has one for each expectation", () => {
    const prints = (line: number): unknown[] => {
      const location = { file: "captures/a/expect.yaml", line, column: 1 };
      const results = ["one", "two"].map((id) => ruleResult({ id, answer: "broken", location }));
      return resultsOf(checkReport(checkedCapture(results))).map((result) => result.partialFingerprints);
    };
    expect(prints(1)).toEqual(prints(70));
    expect(new Set(prints(1).map((print) => JSON.stringify(print))).size).toBe(2);
  });
});

describe("TAP", () => {
  it("numbers its points and says how each ended", () => {
    const points = rendered("tap", mixed)
      .split("\n")
      .filter((line) => /^(?:not )?ok /.test(line));
    expect(points).toEqual([
      "ok 1 - captures/a: fine: no flow to telemetry.example.com",
      "not ok 2 - captures/a: no-flow-to: no flow to telemetry.example.com",
      "not ok 3 - captures/a: tls: no flow to telemetry.example.com",
      "ok 4 - captures/a: waived: no flow to telemetry.example.com # SKIP waived: until the proxy moved, see \\#12",
      "not ok 5 - captures/a: late: no flow to telemetry.example.com",
      "ok 6 - captures/a: allowed: no flow to telemetry.example.com # SKIP cannot tell, which the policy allows: flow 3 went to telemetry.example.com",
      "not ok 7 - captures/b: capture: it can be read whole",
    ]);
    expect(rendered("tap", mixed)).toMatch(/^TAP version 14\n1\.\.7\n/);
  });

  it.each(reports)("has blocks that YAML reads: %s", (_name, report) => {
    for (const [block] of rendered("tap", report).matchAll(/(?<=^ {2}---\n)(?: {2}.*\n)*?(?= {2}\.\.\.\n)/gm)) {
      expect(parseAllDocuments(block).flatMap(({ errors }) => errors)).toEqual([]);
    }
  });

  it("lets no text begin a point or a directive", () => {
    const lines = rendered("tap", hostileReport).split("\n");
    expect(lines.filter((line) => /^(?:not )?ok /.test(line))).toHaveLength(hostile.length);
    expect(lines.filter((line) => /(?<!\\)# ?(?:TODO|SKIP)/i.test(line) && !line.startsWith(" "))).toEqual([]);
  });
});

describe("GitHub annotations", () => {
  it("stand at the line of the policy, and are followed by the count", () => {
    expect(rendered("github", checkReport(checkedCapture([broken])))).toBe(
      "::error file=captures/a/expect.yaml,line=4,col=5,title=no-flow-to%3A no flow to telemetry.example.com::" +
        "captures/a: broken: flow 3 went to telemetry.example.com%0AThe hello of flow 3 names it.%0ASet GOTELEMETRY=off.\n" +
        "gomodcap check: 1 of 1 expectation failed in 1 of 1 capture\n",
    );
  });

  it.each([
    [8, 8],
    [9, 9],
    [10, 10],
    [500, 10],
  ])("of %i failures are %i", (failures, annotations) => {
    const results = Array.from({ length: failures }, (_, at) => ruleResult({ id: `r${at}`, answer: "broken" }));
    const lines = rendered("github", checkReport(checkedCapture(results)))
      .trimEnd()
      .split("\n");
    expect(lines.filter((line) => line.startsWith("::"))).toHaveLength(annotations);
    expect(lines.at(-1)).toContain(`${failures} of ${failures} expectations failed`);
  });

  it("lets no text begin a command or a property", () => {
    const lines = rendered("github", hostileReport).trimEnd().split("\n");
    expect(lines).toHaveLength(10);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^::error file=[^:,]*,line=1,col=1,title=[^:,]*::/);
  });
});

describe("GitLab code quality", () => {
  it.each(reports)("has the fields of the format and no others: %s", (_name, report) => {
    const shape = {
      description: expect.any(String) as string,
      check_name: expect.any(String) as string,
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      severity: expect.stringMatching(/^(?:info|minor|major|critical|blocker)$/) as string,
      location: { path: expect.any(String) as string, lines: { begin: expect.any(Number) as number } },
    };
    const entries = JSON.parse(rendered("gitlab", report)) as { fingerprint: string }[];
    for (const entry of entries) expect(entry).toEqual(shape);
    expect(new Set(entries.map(({ fingerprint }) => fingerprint)).size).toBe(entries.length);
  });

  it("has what fails, by severity", () => {
    const entries = JSON.parse(rendered("gitlab", mixed)) as { check_name: string; severity: string }[];
    expect(entries.map((entry) => [entry.check_name, entry.severity])).toEqual([
      ["no-flow-to", "major"],
      ["tls-at-least", "minor"],
      ["no-flow-to", "major"],
      ["capture", "critical"],
    ]);
  });
});

describe("Markdown", () => {
  it("says what fails first, and folds up the rest", () => {
    const text = rendered("markdown", mixed);
    expect(text).toMatch(
      /^## gomodcap check: 4 of 7 expectations failed in 2 of 2 captures\n\n- \*\*broken\*\* captures\/a/,
    );
    expect(text.match(/<details>/g)).toHaveLength(2);
  });

  it("fits a comment, and says what does not", () => {
    const long = Array.from({ length: 2000 }, (_, at) => ruleResult({ id: `r${at}`, answer: "broken" }));
    const text = rendered("markdown", checkReport(checkedCapture(long)));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/\n\d+ more parts do not fit here: `gomodcap check` prints them\.\n$/);
  });

  it("gives hostile text as text", () => {
    expect(rendered("markdown", hostileReport)).not.toMatch(/<script|(?<!\\)\[a\]|(?<!\\)@team/);
  });
});
