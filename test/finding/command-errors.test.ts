import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mergeConfigurations, parseConfigurationText } from "../../src/gomod/configuration/configuration.ts";
import { analyzeFolder } from "../build/analyze.ts";
import { dnsReport, findingsOf, rulesOf } from "../build/findings.ts";
import { http, judgedFlow, target, through, tls, unopened } from "../build/flows.ts";
import { capturesFolder, scenarios, truthOf } from "../captures/truth.ts";

const log = (...lines: string[]): string => ["# get https://proxy.golang.org/m/@v/list", ...lines].join("\n");
const get = 'go: m@v1.0.0: Get "https://proxy.golang.org/m/@v/v1.0.0.info": ';
const proxy = { target: target("proxy.golang.org"), role: "module-proxy", label: "proxied" } as const;
const rejected = { value: "rejected", grade: "inferred", because: "a record of 19 bytes", frame: 7 } as const;

describe("what the go command printed", () => {
  it("is a finding where the capture shows nothing of it", () => {
    const settings = log("go: m@v1.0.0: reading https://proxy.golang.org/m/@v/v1.0.0.zip: 403 Forbidden");
    const [finding] = findingsOf({ flows: [judgedFlow({ id: 4, ...proxy })], settings });
    expect(finding).toMatchObject({ rule: "command-error", severity: "error", flows: [4] });
    expect(finding.title).toBe(
      "the go command failed at proxy.golang.org: the server refused the request for want of rights",
    );
    expect(finding.detail).toContain("403 Forbidden");
  });

  it("says why a certificate was rejected that the wire hides", () => {
    const flows = [judgedFlow({ ...proxy, tls: [tls({ serverName: "proxy.golang.org", verdict: rejected })] })];
    const text = `${get}tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-23T06:24:22Z is after 2026-10-23T04:11:26Z`;
    const findings = findingsOf({ flows, settings: log(text) });
    expect(findings).toHaveLength(1);
    expect(findings[0].rule).toBe("client-rejected-certificate");
    expect(findings[0].title).toContain("a certificate is past its notAfter, as the command says");
    expect(findings[0].remedy).toContain("Renew");
  });

  it("is no finding of its own where another explains it", () => {
    const flows = [judgedFlow({ ...unopened({ target: proxy.target }), ...proxy })];
    const settings = log(`${get}dial tcp 198.51.100.10:443: i/o timeout`);
    expect(rulesOf({ flows, settings })).toEqual(["error target-unreachable"]);
  });

  it("makes an error of what other flows made good, and puts it first", () => {
    const second = judgedFlow({
      ...unopened({ id: 1, target: target("sum.golang.org") }),
      role: "sumdb",
      label: "sumdb",
    });
    const lost = judgedFlow({ ...unopened({ id: 2, target: proxy.target }), ...proxy });
    const good = judgedFlow({ id: 3, ...proxy });
    const without = findingsOf({ flows: [second, lost, good] });
    expect(without.map(({ severity }) => severity)).toEqual(["error", "warning"]);
    const settings = log(`${get}dial tcp 198.51.100.10:443: i/o timeout`);
    const [first, next] = findingsOf({ flows: [second, lost, good], settings });
    expect([first.title, first.severity]).toEqual([expect.stringContaining("proxy.golang.org"), "error"]);
    expect(first.detail).toContain("Flow 3 came through, and yet Go failed. env has");
    expect(next.title).toContain("sum.golang.org");
  });

  it("goes to the portal that sent the client to where nothing is", () => {
    const host = "goproxy.corp.example";
    const redirectTo = "http://login.example/start";
    const flows = [
      judgedFlow({
        target: target(`${host}:80`, "http"),
        tls: [],
        layers: ["http/1.1"],
        stage: "http",
        http: [http(host, "/m/@v/v1.0.0.info", { scheme: "http", status: 302, redirectTo })],
      }),
    ];
    const dns = [dnsReport("login.example", { responseCode: "NXDOMAIN" })];
    const settings = log(`go: m@v1.0.0: Get "${redirectTo}": dial tcp: lookup login.example: no such host`);
    expect(rulesOf({ flows, dns, settings })).toEqual(["error http-portal", "note dns-failure"]);
  });

  it("is explained by a finding at an IPv6 address, whatever the port", () => {
    const place = "[2001:db8::1]:8443";
    const flows = [judgedFlow({ ...unopened({ target: target(place, "address") }), role: "module-proxy" })];
    const settings = log(`go: m@v1.0.0: Get "https://${place}/m/@v/list": dial tcp ${place}: i/o timeout`);
    expect(rulesOf({ flows, settings })).toEqual(["error target-unreachable"]);
  });

  it("knows a host of /etc/hosts by the address that was dialled", () => {
    const address = { host: "198.51.100.30", port: 443, source: "address" } as const;
    const flows = [judgedFlow(unopened({ target: address }))];
    const settings = log(`${get}dial tcp 198.51.100.30:443: i/o timeout`);
    expect(rulesOf({ flows, settings })).toEqual(["error target-unreachable"]);
  });

  it("knows the words of a proxy, which Go prints alone", () => {
    const route = through("http-connect", "proxy.corp.example:3128", "proxy.golang.org:443", 407);
    const attempts = [{ frame: 4, status: 407, schemes: ["Digest"], reason: "authenticationrequired" }];
    const flows = [judgedFlow({ ...proxy, route: { ...route, attempts }, stage: "proxy", tls: [] })];
    const settings = log(`${get}authenticationrequired`);
    expect(rulesOf({ flows, settings })).toEqual(["error proxy-authentication-required"]);
  });

  it("lets no trust file be suspected for a name that is wrong", () => {
    const rejection = { ...proxy, tls: [tls({ serverName: "proxy.golang.org", verdict: rejected })] };
    const rules = (why: string): string[] => {
      const files = [
        parseConfigurationText("env", "SSL_CERT_FILE=/ca.pem", "environment"),
        parseConfigurationText("log", log(`${get}${why}`)),
      ];
      return rulesOf({ flows: [judgedFlow(rejection)], configuration: mergeConfigurations(files) });
    };
    expect(rules("x509: certificate is valid for a.example, not proxy.golang.org")).toHaveLength(1);
    expect(rules("x509: certificate signed by unknown authority")).toHaveLength(2);
  });

  it.each([
    ["go: m@v1.0.0: something new", "error"],
    ["go: something new", "warning"],
    ["package github.com/m is not a main package", "error"],
  ])("tells errors from words that may be none: %s", (line, severity) => {
    expect(rulesOf({ settings: log(line) })).toEqual([`${severity} command-error`]);
  });

  it("blames no trouble with another host", () => {
    const flows = [judgedFlow({ ...unopened({ target: target("sum.golang.org") }), role: "sumdb", label: "sumdb" })];
    const settings = log(`${get}dial tcp 198.51.100.10:443: i/o timeout`);
    expect(rulesOf({ flows, settings })).toEqual(["error command-error", "error target-unreachable"]);
  });

  it("shows no more of it than a line or two", () => {
    const [finding] = findingsOf({ settings: log(`${get}EOF ${"x".repeat(5000)}`) });
    expect(finding.detail.length).toBeLessThan(600);
  });
});

describe("with the output of the command, the lab's captures", () => {
  it.each(scenarios().filter((name) => existsSync(join(capturesFolder, name, "capture.pcap"))))(
    "%s: have an error if and only if the command failed",
    async (scenario) => {
      const { findings } = await analyzeFolder(join(capturesFolder, scenario), "capture.pcap", { log: true });
      const { exit, cause } = truthOf(scenario).go;
      const failed = exit.some((code) => code !== 0);
      expect(findings.some(({ severity }) => severity === "error")).toBe(failed);
      /* A page inside TLS the command alone tells of. */
      expect(findings.some(({ rule }) => rule === "command-error")).toBe(cause?.reason === "web-page");
    },
  );
});
