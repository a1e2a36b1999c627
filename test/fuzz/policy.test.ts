import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { checkPolicy, checkReport } from "../../src/check/check.ts";
import { parsePolicy } from "../../src/check/policy.ts";
import { compareObservations } from "../../src/compare/comparison.ts";
import type { Observation } from "../../src/compare/meaning.ts";
import { observe } from "../../src/compare/observe.ts";
import { parseSnapshot } from "../../src/compare/snapshot-text.ts";
import { observationOf, snapshotOf } from "../../src/compare/snapshot.ts";
import type { Analysis } from "../../src/flow/model.ts";
import { limits } from "../../src/limits.ts";
import { renderCheckText } from "../../src/report/check-text.ts";
import { renderCompareText } from "../../src/report/compare-text.ts";
import { visible } from "../../src/report/sanitize.ts";
import { renderSnapshot } from "../../src/report/snapshot-yaml.ts";
import { plainStyle } from "../../src/report/style.ts";
import type { Read } from "../../src/yaml/fields.ts";
import { mistakeLine } from "../../src/yaml/mistake.ts";
import { analyzeFolder } from "../build/analyze.ts";
import { Random } from "../build/random.ts";
import { checkedCapture } from "../build/check-report.ts";
import { capturesFolder } from "../captures/truth.ts";

/*
 * Policies and snapshots with characters changed, lines moved and words put in that YAML or JavaScript dislike: each gives
 * mistakes with their places or a verdict, and no control character reaches a terminal.
 */
const policy = `version: 1
trust: { file: roots.pem }
inferred: allow
rules:
  - only-hosts: [proxy.golang.org, "*.golang.org:443"]
    id: hosts
    to: "*"
  - every-flow-proxied: true
    waive: { reason: until the proxy is back, until: 2027-01-31 }
  - match: { tls.negotiatedVersion: TLS 1.2, role: { in: [sumdb, module-proxy] } }
    where: { route.kind: { not: direct }, tls.0.certificates.issuer: { exists: true } }
    unknown: allow
  - match-capture: { capture.interfaceDrops: { atMost: 0 }, capture.notUnderstood.arp: { exists: false } }
  - count: { of: requests, where: { status: { atLeast: 400 } }, atMost: 3 }
  - certificates-valid-for: 30
  - allowed-issuers: "*Lab*"
  - snapshot: snapshot.yaml
`;
/** Pieces that have a meaning of their own somewhere. */
const words = [
  ...Array.from("[]{}:-?!&*|>%@`'\"#,\n\t \0\u001b\u0085\u2028\ufeff\u202e\ud800"),
  ...[
    "&a ",
    "*a",
    "<<: *a\n",
    "!!js/function ",
    "!!binary ",
    "--- ",
    "...\n",
    "? ",
    "0x7f",
    "1e999",
    ".nan",
    "-0",
    "~",
  ],
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__proto__: { polluted: yes }\n", "null"],
  ...["\u001b[31m", "\u001b]0;title\u0007", "*".repeat(40), "a.".repeat(40), "9".repeat(40), "[".repeat(70)],
];
const control = /(?!\n)\p{Cc}|\p{Bidi_Control}/u;

let analysis: Analysis;
let seen: Observation;
beforeAll(async () => {
  analysis = await analyzeFolder(join(capturesFolder, "b05-connect-badchain"), "capture.pcap");
  seen = observe("capture.pcap", analysis);
});

describe("changed texts", () => {
  it("of a policy give mistakes with places, or answers", () => {
    let read = 0;
    for (const text of mutants(policy, 120, 11)) {
      const { value } = expectRead(text, parsePolicy(text));
      if (value === undefined) continue;
      read++;
      const results = checkPolicy(analysis, value, { file: "expect.yaml", today: "2026-12-01" });
      expect(results).toHaveLength(value.rules.length);
      expectShown(renderCheckText(checkReport([checkedCapture(results)]), { ...terminal, verbose: true }));
    }
    expect(read).toBeGreaterThan(8);
  });

  it("of a snapshot give mistakes with places, or a comparison", () => {
    let read = 0;
    for (const text of mutants(renderSnapshot(snapshotOf(analysis)), 120, 12)) {
      const { value } = expectRead(text, parseSnapshot(text));
      if (value === undefined) continue;
      read++;
      expect(parseSnapshot(renderSnapshot(value)).value).toEqual(value);
      expectShown(renderCompareText(compareObservations(observationOf("snapshot.yaml", value), seen), terminal));
    }
    expect(read).toBeGreaterThan(8);
  });
});

describe("texts that grow", () => {
  const bomb = Array.from({ length: 9 }, (_, n) => `a${n}: &a${n} [${`*a${n - 1},`.repeat(n === 0 ? 0 : 9)}]`).join(
    "\n",
  );
  const deep = Array.from({ length: 300 }, (_, n) => `${" ".repeat(n)}a:`).join("\n");

  it.each<[string, string, RegExp]>([
    ["aliases of aliases", bomb, /alias|there is no key a0 here/i],
    ["lists in lists", "[".repeat(8000), /^this is nested more than 64 deep$/],
    ["maps in maps", "{".repeat(8000), /^this is nested more than 64 deep$/],
    ["keys behind keys", "a: ".repeat(8000), /^/],
    ["lists on a line", "- ".repeat(8000), /^this is nested more than 64 deep$/],
    ["keys that are maps", "? ".repeat(8000), /^this is nested more than 64 deep$/],
    ["indentation", deep, /^this is nested more than 64 deep$/],
    ["documents", "--- a\n".repeat(2000), /^a second document begins here$/],
    ["characters", "#".repeat(limits.yamlCharacters + 1), /^the file has more than \d+ characters$/],
    ["a list of what is none", `rules: [${"1,".repeat(2000)}]`, /^keys with values are expected here$/],
  ])("%s: one answer, and soon", (_, text, message) => {
    for (const { mistakes = [] } of [parsePolicy(text), parseSnapshot(text)]) {
      expect(mistakes.length).toBeGreaterThan(0);
      expect(mistakes.length).toBeLessThanOrEqual(20);
      if (!text.startsWith("rules")) expect(mistakes[0].message).toMatch(message);
    }
    expect(parsePolicy(text).mistakes?.[0].message).toMatch(message);
  });
});

it("leaves what all objects share as it was", () => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

const terminal = { width: 80, style: plainStyle, verbose: false };

function expectRead<Value>(text: string, read: Read<Value>): Read<Value> {
  const lines = text.split("\n").length;
  expect(read.value === undefined).toBe(read.mistakes !== undefined);
  for (const mistake of read.mistakes ?? []) {
    expect(mistake.line).toBeGreaterThanOrEqual(1);
    expect(mistake.line).toBeLessThanOrEqual(lines + 1);
    expect(mistake.column).toBeGreaterThanOrEqual(1);
    expect(mistake.message).not.toBe("");
    expect(visible(mistakeLine("expect.yaml", mistake) + (mistake.hint ?? ""))).not.toMatch(control);
  }
  return read;
}

function expectShown(parts: Iterable<string>): void {
  expect([...parts].join("")).not.toMatch(control);
}

/** The same mutants on every machine. */
function* mutants(original: string, count: number, seed: number): Iterable<string> {
  const random = new Random(seed);
  for (let mutant = 0; mutant < count; mutant++) {
    let text = original;
    for (let rounds = 1 + random.below(3); rounds > 0; rounds--) text = random.of(mutations)(text, random);
    yield text;
  }
}

const mutations: readonly ((text: string, random: Random) => string)[] = [
  /** A word anywhere, in place of some characters. */
  (text, random) => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + random.of(words) + text.slice(at + random.below(4));
  },
  /** A word for a value, or for a key. */
  (text, random) => replaceSome(text, random, /: [^\n,{}[\]]+/g, () => `: ${random.of(words)}`),
  (text, random) => replaceSome(text, random, /[\w.-]+(?=:)/g, () => random.of(words)),
  /** Another value or key of the file. */
  (text, random) => {
    const all = text.match(/[\w.-]+/g) ?? [""];
    return replaceSome(text, random, /[\w.-]+/g, () => random.of(all));
  },
  /** A line is left out, comes again, moves in. */
  (text, random) => onLines(text, random, () => []),
  (text, random) => onLines(text, random, (line) => [line, line]),
  (text, random) => onLines(text, random, (line) => [" ".repeat(random.below(9)) + line.trimStart()]),
  (text, random) => text.slice(0, random.below(text.length)),
  /** Bytes that are no UTF-8. */
  (text, random) => {
    const bytes = Buffer.from(text);
    if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
    return bytes.toString("utf8");
  },
];

/** Replaces one of the places that fit. */
function replaceSome(text: string, random: Random, pattern: RegExp, by: () => string): string {
  const places = [...text.matchAll(pattern)];
  if (places.length === 0) return text;
  const { index, 0: found } = random.of(places);
  return text.slice(0, index) + by() + text.slice(index + found.length);
}

function onLines(text: string, random: Random, change: (line: string) => string[]): string {
  const lines = text.split("\n");
  const at = random.below(lines.length);
  return [...lines.slice(0, at), ...change(lines[at]), ...lines.slice(at + 1)].join("\n");
}
