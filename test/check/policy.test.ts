import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../src/check/policy.ts";
import { rules } from "../../src/check/rules.ts";

/** The mistakes of a policy with one rule, without the line. */
function mistakesOf(rule: string): string[] {
  const { mistakes = [] } = parsePolicy(`rules:\n  - ${rule}\n`);
  return mistakes.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint === undefined ? "" : `; ${hint}`}`,
  );
}

/** Each rule as policies write it. */
const written: Readonly<Record<keyof typeof rules, string>> = {
  snapshot: "snapshot.yaml",
  "no-flow-to": "[telemetry.go.dev, '*.evil.example']",
  "only-hosts": "proxy.golang.org",
  "every-flow-proxied": "true",
  "sumdb-only-through-proxy": "proxy.corp.example:3128",
  "no-direct-route": "true",
  "tls-at-least": "1.2",
  "no-missing-intermediate": "true",
  "certificates-valid-for": "30",
  "allowed-issuers": "'*Lab*'",
  "no-finding": "missing-intermediate",
  "no-finding-from": "warning",
  match: "{tls.alpn: h2, role: {in: [module-proxy, sumdb]}}",
  "match-capture": "{capture.interfaceDrops: 0}",
  count: "{of: requests, where: {status: {atLeast: 400}}, atMost: 0}",
};

describe("parsePolicy", () => {
  it.each(Object.entries(written))("reads %s", (name, argument) => {
    const { value, mistakes } = parsePolicy(`rules:\n  - ${name}: ${argument}\n`);
    expect(mistakes).toBeUndefined();
    expect(value!.rules).toMatchObject([{ name, position: { line: 2, column: 5 } }]);
    expect(value!.rules[0].plan.expectation).not.toBe("");
  });

  it("reads what stands beside the rules and beside a rule", () => {
    const text = `
version: 1
capture: [a.pcap, b.pcap]
keylog: tls.keys
env: .
trust: {file: roots.pem, sha256: ${"ab".repeat(32)}}
rules:
  - no-direct-route: true
    id: egress
    to: "*.golang.org"
    where: {role: sumdb}
    unknown: allow
    allowEmpty: true
    inferred: allow
    waive: {reason: until the proxy is back, until: 2027-01-31}
`;
    const { value, mistakes } = parsePolicy(text);
    expect(mistakes).toBeUndefined();
    expect(value).toMatchObject({
      capture: ["a.pcap", "b.pcap"],
      keylog: ["tls.keys"],
      env: ["."],
      trust: { file: "roots.pem", sha256: "ab".repeat(32) },
      rules: [
        {
          name: "no-direct-route",
          options: { id: "egress", to: ["*.golang.org"], unknown: true, allowEmpty: true, inferred: true },
          waive: { reason: "until the proxy is back", until: "2027-01-31" },
        },
      ],
    });
  });

  it("lets all rules count what is inferred", () => {
    const { value } = parsePolicy("inferred: allow\nrules: [{no-direct-route: true}, {tls-at-least: TLS 1.3}]");
    expect(value!.rules.map(({ options }) => options.inferred)).toEqual([true, true]);
  });

  it("takes anchors that stand in the policy", () => {
    const pem = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----";
    const { value } = parsePolicy(JSON.stringify({ trust: pem, rules: [{ "no-direct-route": true }] }));
    expect(value!.trust).toEqual({ pem });
  });

  it.each<[string, string, string]>([
    ["a wrong rule", "no-flow-too: a", "2:5 there is no key no-flow-too here; did you mean no-flow-to?"],
    ["no rule", "{id: a}", "2:5 there is no rule here; there is snapshot, no-flow-to,"],
    [
      "two rules",
      "{no-direct-route: true, tls-at-least: 1.2}",
      "2:5 one rule at a time: no-direct-route and tls-at-least",
    ],
    [
      "a wrong key beside",
      "{no-direct-route: true, allowempty: true}",
      "2:29 there is no key allowempty here; did you mean allowEmpty?",
    ],
    [
      "a wrong field",
      "match: {tls.negotiatedversion: TLS 1.3}",
      "2:13 there is no field tls.negotiatedversion; did you mean tls.negotiatedVersion?",
    ],
    [
      "a field of another part",
      "match-capture: {interfaceDrops: 0}",
      "2:21 there is no field interfaceDrops; did you mean capture.interfaceDrops?",
    ],
    ["a field of a value", "match: {role.name: sumdb}", "2:13 role has no fields"],
    ["a part for a field", "match: {route: direct}", "2:13 route is no single value; there is route.kind"],
    ["a wrong operator", "match: {role: {equal: sumdb}}", "2:20 there is no key equal here; did you mean equals?"],
    ["no operator", "match: {role: {}}", "2:19 an operator is expected here"],
    ["a word that no flow has", "match: {role: sumbd}", "2:19 sumbd is none of module-proxy, sumdb,"],
    ["a word that comes near", "match: {role: {not: sumbd}}", "did you mean sumdb?"],
    [
      "a word of a list",
      "count: {of: findings, where: {severity: [warning, eror]}, atMost: 0}",
      "2:55 eror is none of error, warning, note; did you mean error?",
    ],
    [
      "a finding that is none",
      "count: {of: findings, where: {rule: missing-intermediat}, atMost: 0}",
      "did you mean missing-intermediate?",
    ],
    [
      "a pattern that fits no word",
      "match: {label: {matches: 'Prox*'}}",
      "Prox* fits none of proxied, sumdb, direct, other",
    ],
    [
      "a finding that no capture has",
      "match-capture: {findings.rule: {not: missing-intermediat}}",
      "did you mean missing-intermediate?",
    ],
    ["a number that is never written so", "match: {http.status: '0404'}", "0404 is no number"],
    [
      "a text to be compared in size",
      "match: {tls.cipherSuite: {atMost: 1}}",
      "the values of this field are no numbers",
    ],
    ["a word for a number", "match: {http.status: OK}", "2:26 OK is no number"],
    ["a word for true or false", "match: {carriesSumdb: sometimes}", "2:27 true or false is expected here"],
    ["a word to compare in size", "match: {role: {atMost: 3}}", "2:28 the values of this field are no numbers"],
    ["a proxy that is false", "every-flow-proxied: false", "2:25 true or host patterns are expected here"],
    ["a text to compare in size", "match: {syns: {atMost: few}}", "2:28 a number is expected here"],
    ["a wrong finding", "no-finding: missing-intermediat", "did you mean missing-intermediate?"],
    ["a wrong severity", "no-finding-from: eror", "did you mean error?"],
    [
      "a URL for a host",
      "no-flow-to: [a.example, https://b.example/]",
      "2:29 https://b.example/ is no host; a host pattern has neither scheme nor path: *.example.com, example.com:8443",
    ],
    ["a wrong version", "tls-at-least: 1.4", "2:19 1.4 is no version of TLS; there is 1.0, 1.1, 1.2, 1.3"],
    ["no number of days", "certificates-valid-for: soon", "2:29 a whole number is expected here"],
    ["a count of nothing", "count: {of: flow, atLeast: 1}", "did you mean flows?"],
    ["a count without a number", "count: {of: dns}", "2:12 a count without a number; there is equals, atLeast, atMost"],
    [
      "a condition on something else",
      "count: {of: dns, where: {role: sumdb}, atMost: 0}",
      "2:30 there is no field role",
    ],
    [
      "a day that is none",
      "{no-direct-route: true, waive: {reason: r, until: 2027-13-01}}",
      "2:55 2027-13-01 is no day",
    ],
    ["a day of no month", "{no-direct-route: true, waive: {reason: r, until: 2027-02-31}}", "2027-02-31 is no day"],
    ["a blank reason", "{no-direct-route: true, waive: {reason: ' ', until: 2027-01-31}}", "a reason is expected here"],
    ["a waiver without a reason", "{no-direct-route: true, waive: {until: 2027-01-01}}", "the key reason is missing"],
    ["no where", "no-direct-route: yes", "true is expected here"],
  ])("tells the place and the nearest right word of %s", (_, rule, message) => {
    expect(mistakesOf(rule).join("\n")).toContain(message);
  });

  it("tells two rules of one id", () => {
    const { mistakes } = parsePolicy("rules:\n  - {tls-at-least: 1.2, id: a}\n  - {tls-at-least: 1.3, id: a}");
    expect(mistakes).toMatchObject([{ line: 3, column: 5, message: "two rules have the id a" }]);
  });

  it("tells all mistakes at once", () => {
    const { mistakes } = parsePolicy("trusts: x\nrules:\n  - no-flow-too: a\n  - tls-at-least: 9\n");
    expect(mistakes!.map(({ line }) => line)).toEqual([1, 3, 4]);
  });

  it("refuses a policy that nothing could break", () => {
    expect(parsePolicy("version: 1\nrules: []\n").mistakes).toMatchObject([
      { line: 2, column: 8, message: "there is no rule in this policy" },
    ]);
  });

  it.each(["", "rules: no", "- a", "version: 2\nrules: [no-direct-route: true]", "rules: []", "{", "rules: [*a]"])(
    "refuses %j",
    (text) => {
      expect(parsePolicy(text).mistakes).not.toHaveLength(0);
    },
  );
});
