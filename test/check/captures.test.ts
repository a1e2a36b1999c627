import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyze } from "../../src/analyze.ts";
import { checkPolicy } from "../../src/check/check.ts";
import { parsePolicy } from "../../src/check/policy.ts";
import type { Answer, RuleResult } from "../../src/check/report.ts";
import type { Analysis } from "../../src/flow/model.ts";
import { TrustAnchors } from "../../src/pki/anchors.ts";
import { analyzeFolder } from "../build/analyze.ts";
import { bytesInput } from "../build/inputs.ts";
import { pcapFile } from "../build/pcap.ts";
import { capturesFolder } from "../captures/truth.ts";

/** A capture of captures/, decrypted where its name ends in `+keys`. */
function capture(name: string): Promise<Analysis> {
  const [folder, keys] = name.split("+");
  return analyzeFolder(join(capturesFolder, folder), "capture.pcap", { keys: keys === "keys" });
}

/** The answer to a policy of one rule. */
function answer(analysis: Analysis, rule: string): RuleResult {
  const { value, mistakes } = parsePolicy(`rules:\n  - ${rule}\n`);
  expect(mistakes).toBeUndefined();
  return checkPolicy(analysis, value!, { file: "expect.yaml", today: "2026-12-01" })[0];
}

describe("expectations that are kept", () => {
  it.each<[capture: string, rule: string]>([
    ["b01-connect-all", "every-flow-proxied: proxy.corp.example:3128"],
    ["b01-connect-all", "no-direct-route: true"],
    ["b01-connect-all", "{sumdb-only-through-proxy: true, inferred: allow}"],
    ["b01-connect-all+keys", "sumdb-only-through-proxy: true"],
    ["a11-mirror+keys", "sumdb-only-through-proxy: true"],
    ["a01-default", "only-hosts: ['*.golang.org']"],
    ["a01-default", "no-flow-to: [telemetry.go.dev, github.com]"],
    ["a01-default", "tls-at-least: 1.3"],
    ["a01-default+keys", "no-missing-intermediate: true"],
    ["a01-default", "{no-missing-intermediate: true, inferred: allow}"],
    ["c02-sum-complete-3-tls13+keys", "certificates-valid-for: 30"],
    ["a02-default-tls12", "allowed-issuers: Lab Issuing*"],
    ["a02-default-tls12", "match: {tls.path.status: complete}"],
    ["a01-default+keys", "count: {of: requests, where: {go.kind: lookup}, atLeast: 1}"],
    ["a09-proxy-nosumdb+keys", "{count: {equals: 0}, where: {role: sumdb}}"],
    ["a01-default+keys", "no-finding-from: warning"],
  ])("of %s: %s", async (name, rule) => {
    const result = answer(await capture(name), rule);
    expect(result).toMatchObject({ answer: "holds", passed: true });
    expect(result.remedy).toBeUndefined();
  });
});

describe("expectations that are broken", () => {
  it.each<[cause: string, capture: string, rule: string, message: RegExp]>([
    [
      "a host that must not be asked",
      "a06-direct-sumdb",
      "no-flow-to: github.com",
      /^flows? \d.* went to github\.com:443$/,
    ],
    [
      "a host that is not listed",
      "a06-direct-sumdb",
      "only-hosts: ['*.golang.org']",
      /went to (example\.com|github\.com)/,
    ],
    ["a direct flow", "b02-connect-noproxy-sumdb", "every-flow-proxied: true", /went direct to sum\.golang\.org/],
    [
      "another proxy",
      "b01-connect-all",
      "every-flow-proxied: other.corp:8080",
      /went through proxy\.corp\.example:3128 to/,
    ],
    ["a direct route", "a01-default", "no-direct-route: true", /went direct to proxy\.golang\.org/],
    [
      "a direct checksum database",
      "b02-connect-noproxy-sumdb+keys",
      "sumdb-only-through-proxy: true",
      /went direct to sum\.golang\.org/,
    ],
    ["an old version of TLS", "a02-default-tls12", "tls-at-least: 1.3", /spoke TLS 1\.2 to/],
    ["no TLS", "b32-http-forward", "tls-at-least: 1.2", /without TLS/],
    [
      "a missing intermediate",
      "c05-sum-leaf-only-tls12",
      "no-missing-intermediate: true",
      /got no certificate of .*CN=Lab Issuing R1, which sum\.golang\.org needs/,
    ],
    [
      "a missing intermediate under TLS 1.3",
      "c06-sum-leaf-only-tls13+keys",
      "no-missing-intermediate: true",
      /got no certificate of .*CN=Lab Issuing/,
    ],
    [
      "an expired certificate",
      "c15-sum-expired-tls12",
      "certificates-valid-for: 0",
      /certificate of sum\.golang\.org that had expired \d+ days? before/,
    ],
    [
      "a certificate that expires soon",
      "a02-default-tls12",
      "certificates-valid-for: 365",
      /expires \d+ days after the capture, on 20/,
    ],
    ["another issuer", "c27-sum-unknown-root-tls12", "allowed-issuers: Lab Issuing R1", /sum\.golang\.org by .*CN=/],
    [
      "a finding",
      "b05-connect-badchain",
      "no-finding: missing-intermediate",
      /^error missing-intermediate: sum\.golang\.org/,
    ],
    [
      "a finding that is bad enough",
      "b07-connect-407",
      "no-finding-from: error",
      /^error proxy-authentication-required/,
    ],
    ["a field", "a02-default-tls12", "match: {tls.negotiatedVersion: TLS 1.3}", /had tls\.negotiatedVersion TLS 1\.2/],
    [
      "a field of the report",
      "a02-default-tls12",
      "match-capture: {summary.labels.sumdb: {atMost: 0}}",
      /had summary\.labels\.sumdb 1/,
    ],
    [
      "too many",
      "a14-fallback-404+keys",
      "count: {of: requests, where: {status: 404}, atMost: 0}",
      /^\d+ requests? where status is 404, at most 0 expected: flow/,
    ],
    [
      "too few",
      "a09-proxy-nosumdb+keys",
      "{count: {atLeast: 1}, where: {role: sumdb}}",
      /^0 flows where role is sumdb, at least 1 expected$/,
    ],
  ])("name the cause: %s", async (_, name, rule, message) => {
    const result = answer(await capture(name), rule);
    expect(result).toMatchObject({
      answer: "broken",
      passed: false,
      location: { file: "expect.yaml", line: 2, column: 5 },
    });
    expect(result.message).toMatch(message);
    expect(result.remedy).not.toBe("");
  });
});

describe("what a capture does not show", () => {
  it.each<[what: string, capture: string, rule: string, message: RegExp]>([
    [
      "certificates of TLS 1.3",
      "c06-sum-leaf-only-tls13",
      "no-missing-intermediate: true",
      / refused certificates that TLS 1\.3 hides/,
    ],
    [
      "certificates of TLS 1.3 in findings",
      "c06-sum-leaf-only-tls13",
      "no-finding: missing-intermediate",
      /^flow \d hid the certificates|^flows /,
    ],
    ["their dates", "a01-default", "certificates-valid-for: 30", /hid the certificates/],
    ["their issuers", "a01-default", "allowed-issuers: '*'", /hid the certificates/],
    ["requests", "a01-default", "count: {of: requests, where: {status: 404}, atMost: 0}", /hid the requests in TLS/],
    ["a field of requests", "a01-default", "match: {http.status: 200}", /hid the requests in TLS/],
    [
      "what a host is for",
      "b02-connect-noproxy-sumdb",
      "sumdb-only-through-proxy: true",
      /taken for a checksum database \(only inferred\)/,
    ],
    [
      "what a flow was for",
      "a01-default",
      "{count: {atLeast: 1}, where: {role: sumdb}}",
      /1 more may count: flow 2 counted \(only inferred\)/,
    ],
    [
      "anything of what was never there",
      "a09-proxy-nosumdb+keys",
      "sumdb-only-through-proxy: true",
      /there is no flow to the checksum database/,
    ],
    [
      "flows to a host that nobody asked",
      "a01-default",
      "{no-direct-route: true, to: nowhere.example}",
      /there is no flow to look at among those/,
    ],
  ])("is no proof: %s", async (_, name, rule, message) => {
    const analysis = await capture(name);
    const result = answer(analysis, rule);
    expect(result).toMatchObject({ answer: "cannot-tell", passed: false, grade: "unknown" });
    expect(result.message).toMatch(message);
    expect(result.remedy).not.toBe("");
    expect(answer(analysis, `{${rule.startsWith("{") ? rule.slice(1, -1) : rule}, unknown: allow}`)).toMatchObject({
      answer: "cannot-tell",
      passed: true,
    });
  });

  const rules = [
    "no-flow-to: a.example",
    "only-hosts: a.example",
    "every-flow-proxied: true",
    "sumdb-only-through-proxy: true",
    "no-direct-route: true",
    "tls-at-least: 1.2",
    "no-missing-intermediate: true",
    "certificates-valid-for: 1",
    "allowed-issuers: '*'",
    "no-finding: interception",
    "no-finding-from: note",
    "match: {role: sumdb}",
    "match-capture: {capture.interfaceDrops: 0}",
    "count: {atMost: 0}",
  ];

  it.each([
    ["joined", /^the capture begins in the midst of 2 flows: what came before is not there$/],
    ["underWay", /^the capture ends in the midst of 2 flows: what came later is not there$/],
  ] as const)("is no more than a part of a run: %s", async (part, message) => {
    const analysis = await capture("b01-connect-all");
    const partly = { ...analysis, summary: { ...analysis.summary, [part]: 2 } };
    for (const rule of ["no-flow-to: a.example", "every-flow-proxied: true", "count: {atLeast: 1}"]) {
      expect(answer(analysis, rule).answer, rule).toBe("holds");
      const { answer: told, message: why } = answer(partly, rule);
      expect(told, rule).toBe("cannot-tell");
      expect(why, rule).toMatch(message);
    }
  });

  it("may stand in connections that are not listed, where these could break the rule", async () => {
    const analysis = await capture("b01-connect-all");
    const counts = { client: "192.0.2.1", outcome: "unanswered", count: 70, firstFrame: 1, lastFrame: 2 } as const;
    const withFolded = (server?: string): Analysis => ({
      ...analysis,
      capture: { ...analysis.capture, folded: [{ ...counts, ...(server !== undefined && { server }) }] },
    });
    const [known, unknown] = [withFolded("203.0.113.9"), withFolded()];
    const message = "70 more connections without payload are not listed one by one";
    for (const rule of [
      "no-flow-to: a.example",
      "no-flow-to: 203.0.113.9:443",
      "only-hosts: '*golang.org'",
      "count: {atLeast: 1}",
      "every-flow-proxied: true",
      "no-direct-route: true",
      "match: {role: {not: vcs}}",
    ]) {
      expect(answer(analysis, `{${rule}, inferred: allow}`).answer, rule).toBe("holds");
      expect(answer(known, `{${rule}, inferred: allow}`), rule).toMatchObject({ answer: "cannot-tell", message });
    }
    for (const rule of ["no-flow-to: [203.0.113.10, 198.18.*]", "only-hosts: ['*golang.org', 203.0.113.*]"]) {
      expect(answer(known, rule).answer, rule).toBe("holds");
      expect(answer(unknown, rule).answer, rule).toBe("cannot-tell");
    }
    for (const rule of ["tls-at-least: 1.2", "match: {tls.negotiatedVersion: TLS 1.3}"]) {
      expect(answer(unknown, rule).answer, rule).toBe("holds");
    }
  });

  it("is nothing at all in an empty capture", async () => {
    const anchors = TrustAnchors.fromPem([], "none");
    const empty = await analyze([bytesInput(pcapFile([]))], { anchors });
    for (const rule of rules) {
      expect(answer(empty, rule), rule).toMatchObject({ answer: "cannot-tell", passed: false });
      expect(answer(empty, rule).message, rule).toMatch(/the capture is empty$/);
    }
  });

  it("is all the same with allowEmpty", async () => {
    const anchors = TrustAnchors.fromPem([], "none");
    const empty = await analyze([bytesInput(pcapFile([]))], { anchors });
    const passing: Answer[] = rules.map((rule) => answer(empty, `{${rule}, allowEmpty: true}`).answer);
    expect(new Set(passing)).toEqual(new Set(["holds"]));
  });
});
