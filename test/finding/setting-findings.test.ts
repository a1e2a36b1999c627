import { describe, expect, it } from "vitest";
import type { Flow, TlsReport } from "../../src/flow/model.ts";
import {
  type GoConfiguration,
  mergeConfigurations,
  parseConfigurationText,
  parseLogText,
} from "../../src/gomod/configuration/configuration.ts";
import { parseGoVersion } from "../../src/gomod/configuration/go-version.ts";
import { isSettingRule, settingRules } from "../../src/finding/setting-rules.ts";
import { configurationOf, processWith } from "../build/configuration.ts";
import { dnsReport, findingsOf, rulesOf, type Story } from "../build/findings.ts";
import { http, judgedFlow, stack, target, through, tls, unopened } from "../build/flows.ts";

const px = "HTTPS_PROXY=http://proxy.corp.example:3128";
const alert42: Partial<TlsReport> = {
  verdict: { value: "rejected", grade: "seen", because: "alert bad_certificate" },
  alerts: [{ from: "client", level: "fatal", description: "bad_certificate (42)", frame: 7, grade: "seen" }],
};
const moduleProxy = { role: "module-proxy", label: "proxied" } as const;
const sumdb = { role: "sumdb", label: "sumdb", target: target("sum.golang.org") } as const;
const corp = target("goproxy.corp.example");
const discovery = judgedFlow({ target: target("example.com"), role: "discovery", label: "direct" });

const refused = judgedFlow({ ...unopened({ closed: "refused" }), ...moduleProxy });
const rejected = judgedFlow({ ...moduleProxy, tls: [tls(alert42)] });
const atProxy = judgedFlow({
  ...unopened({ closed: "refused" }),
  target: target("proxy.corp.example:3128"),
  role: "forward-proxy",
  label: "proxied",
});
const forbidden = judgedFlow({
  ...moduleProxy,
  target: { ...corp, source: "connect" },
  route: through("http-connect", "proxy.corp.example:3128", "goproxy.corp.example:443", 403),
  tls: [],
  stage: "proxy",
});
const codeHost = judgedFlow({
  ...unopened({ closed: "refused" }),
  target: target("github.com"),
  role: "vcs",
  label: "direct",
  tls: [],
});
const lookup = judgedFlow({
  ...sumdb,
  http: [http("sum.golang.org", "/lookup/git.corp.example/m@v1.0.0", { status: 404 })],
  carriesSumdb: true,
});
const userFile = (line: string): GoConfiguration =>
  configurationOf({
    environment: "HOME=/home/a\0GOTOOLCHAIN=local",
    "user-file": line,
    "goroot-file": line === "GOPROXY=" ? "" : "GOPROXY=https://proxy.golang.org,direct\nGOSUMDB=sum.golang.org",
  });
const environment = (...variables: string[]): GoConfiguration => processWith("GOTOOLCHAIN=local", ...variables);

/** Each rule about settings: a capture that bears it out, and what is found, in order. */
const shown: Record<string, [Story, string[]]> = {
  "shadowed-by-environment": [
    {
      flows: [refused],
      configuration: configurationOf({
        environment: "HOME=/home/a\0GOPROXY=https://proxy.golang.org",
        "user-file": "GOPROXY=https://goproxy.corp.example",
      }),
    },
    ["error shadowed-by-environment", "error target-refused"],
  ],
  "not-read-from-file": [
    { flows: [refused], configuration: userFile(px) },
    ["error not-read-from-file", "error target-refused"],
  ],
  "no-such-variable": [
    { flows: [refused], configuration: environment(px.replace("PROXY", "PORXY")) },
    ["error no-such-variable", "error target-refused"],
  ],
  "carriage-return": [
    { flows: [lookup], configuration: userFile("GONOSUMDB=git.corp.example\r") },
    ["error carriage-return", "error glob-space", "error http-error"],
  ],
  "empty-hides-default": [{ configuration: userFile("GOPROXY=") }, ["warning empty-hides-default"]],
  "modules-off": [{ configuration: environment("GO111MODULE=off") }, ["warning modules-off"]],
  "insecure-flag": [{ configuration: environment("GOFLAGS=-insecure") }, ["warning insecure-flag"]],
  "goproxy-entry": [{ configuration: environment("GOPROXY=on") }, ["warning goproxy-entry"]],
  "goproxy-separator": [
    { configuration: environment("GOPROXY=https://a.example;direct") },
    ["warning goproxy-separator"],
  ],
  "goproxy-quotes": [{ configuration: environment('GOPROXY="https://a.example"') }, ["warning goproxy-quotes"]],
  "goproxy-userinfo": [{ configuration: environment("GOPROXY=http://u:p@a.example") }, ["warning goproxy-userinfo"]],
  "goproxy-after-end": [
    { flows: [codeHost], configuration: environment("GOPROXY=direct,https://a.example") },
    ["error goproxy-after-end", "error target-refused"],
  ],
  "goproxy-empty": [{ configuration: environment("GOPROXY=,") }, ["warning goproxy-empty"]],
  "gosumdb-malformed": [
    { flows: [judgedFlow(moduleProxy)], configuration: environment("GOSUMDB=direct") },
    ["warning gosumdb-malformed"],
  ],
  "gosumdb-off-toolchain": [
    {
      flows: [judgedFlow({ ...moduleProxy, bytes: { clientToServer: 900, serverToClient: 70_000_000 } })],
      configuration: processWith("GOSUMDB=off"),
    },
    ["warning gosumdb-off-toolchain"],
  ],
  "gotoolchain-malformed": [{ configuration: processWith("GOTOOLCHAIN=1.22.1") }, ["warning gotoolchain-malformed"]],
  "govcs-malformed": [{ flows: [discovery], configuration: environment("GOVCS=git") }, ["warning govcs-malformed"]],
  "glob-space": [
    { flows: [lookup], configuration: environment("GOPRIVATE=a.example, git.corp.example") },
    ["error glob-space", "error http-error"],
  ],
  "glob-never-matches": [
    { flows: [lookup], configuration: environment("GONOSUMDB=https://git.corp.example") },
    ["error glob-never-matches", "error http-error"],
  ],
  "glob-matches-all": [
    { flows: [codeHost], configuration: environment("GONOPROXY=*") },
    ["error glob-matches-all", "error target-refused"],
  ],
  "goinsecure-host": [
    { flows: [rejected], configuration: environment("GOINSECURE=proxy.golang.org", "GONOSUMDB=x.example") },
    ["error goinsecure-host", "error client-rejected-certificate"],
  ],
  "proxy-http-only": [
    { flows: [refused], configuration: environment("HTTP_PROXY=http://proxy.corp.example:3128") },
    ["error proxy-http-only", "error target-refused"],
  ],
  "proxy-all-only": [
    { flows: [refused], configuration: environment("ALL_PROXY=http://proxy.corp.example:3128") },
    ["error proxy-all-only", "error target-refused"],
  ],
  "proxy-case": [
    { flows: [atProxy], configuration: environment(px, "https_proxy=http://other.example:3128") },
    ["error proxy-case", "error proxy-unreachable"],
  ],
  "proxy-scheme": [
    {
      flows: [{ ...atProxy, target: target("proxy.corp.example:1080") }],
      configuration: environment("HTTPS_PROXY=socks4://proxy.corp.example:1080"),
    },
    ["error proxy-scheme", "error proxy-unreachable"],
  ],
  "proxy-unparsable": [
    { flows: [refused], configuration: environment("HTTPS_PROXY= http://proxy.corp.example:3128") },
    ["error proxy-unparsable", "error target-refused"],
  ],
  "proxy-place": [
    { dns: [dnsReport("http", { responseCode: "NXDOMAIN" })], configuration: environment(`${px} `) },
    ["error proxy-place"],
  ],
  "proxy-port": [
    {
      flows: [{ ...atProxy, target: target("proxy.corp.example:80") }],
      configuration: environment("HTTPS_PROXY=http://proxy.corp.example"),
    },
    ["error proxy-port", "error proxy-unreachable"],
  ],
  cgi: [
    { configuration: environment(px, "HTTP_PROXY=http://proxy.corp.example:3128", "REQUEST_METHOD=GET") },
    ["warning cgi"],
  ],
  "no-proxy-never-matches": [
    {
      flows: [forbidden],
      configuration: environment(px, "NO_PROXY=https://goproxy.corp.example", "GOPROXY=https://goproxy.corp.example"),
    },
    ["error no-proxy-never-matches", "error proxy-forbidden"],
  ],
  "no-proxy-address": [
    {
      flows: [forbidden],
      configuration: environment(px, "NO_PROXY=198.51.100.0/24", "GOPROXY=https://goproxy.corp.example"),
    },
    ["error no-proxy-address", "error proxy-forbidden"],
  ],
  "no-proxy-port": [
    {
      flows: [forbidden],
      configuration: environment(px, "NO_PROXY=goproxy.corp.example:8443", "GOPROXY=https://goproxy.corp.example"),
    },
    ["error no-proxy-port", "error proxy-forbidden"],
  ],
  "no-proxy-git": [
    {
      flows: [{ ...forbidden, role: "vcs", label: "direct", route: { ...forbidden.route, userAgent: "git/2.39.5" } }],
      configuration: environment(px, "NO_PROXY=*.corp.example", "GOPROXY=direct"),
    },
    ["error no-proxy-git", "error proxy-forbidden"],
  ],
  "ssl-cert-ignored": [
    {
      flows: [rejected],
      configuration: configurationOf(
        { environment: "SSL_CERT_FILE=/ca.pem" },
        { platform: "darwin", goVersion: parseGoVersion("go1.26.3")! },
      ),
    },
    ["error ssl-cert-ignored", "error client-rejected-certificate"],
  ],
  "ssl-cert-path": [
    { flows: [rejected], configuration: environment("SSL_CERT_FILE=~/ca.pem", "SSL_CERT_DIR=/c") },
    ["error ssl-cert-path", "error client-rejected-certificate"],
  ],
  /* Right by themselves. */
  "goproxy-off": [{ configuration: environment("GOPROXY=off") }, ["note goproxy-off"]],
  "goproxy-no-fallback": [
    {
      flows: [{ ...refused, target: corp }],
      configuration: environment("GOPROXY=https://goproxy.corp.example,https://proxy.golang.org"),
    },
    ["error target-refused", "warning goproxy-no-fallback"],
  ],
  "govcs-forbids": [
    { flows: [discovery], configuration: environment("GOVCS=public:off", "GOPROXY=direct") },
    ["warning govcs-forbids"],
  ],
  "no-proxy-covers": [
    { flows: [refused], configuration: environment(px, "NO_PROXY=proxy.golang.org") },
    ["error no-proxy-covers", "error target-refused"],
  ],
  "private-not-covered": [
    { flows: [lookup], configuration: environment("GOPRIVATE=corp.example") },
    ["error private-not-covered", "error http-error"],
  ],
  "ssl-cert-without-effect": [
    {
      flows: [
        judgedFlow({
          ...moduleProxy,
          tls: [tls({ ...alert42, path: { status: "complete", remarks: [], path: [], detail: "" }, certificates: [] })],
        }),
      ],
      configuration: environment("SSL_CERT_FILE=/ca.pem", "SSL_CERT_DIR=/c"),
    },
    ["error client-rejected-certificate", "note ssl-cert-without-effect"],
  ],
};

describe("settings as the cause", () => {
  it("are not globs for a module that only git asked for", () => {
    const log = parseLogText(
      "stderr.txt",
      "go: git.corp.example/priv@v1.0.0: invalid version: git ls-remote -q https://git.corp.example/priv: exit status 128:\n" +
        "\tfatal: could not read Username for 'https://git.corp.example': terminal prompts disabled\n",
    );
    const settings = parseConfigurationText("env", "GOPRIVATE=corp.example\nGOPROXY=direct", "environment");
    const found = rulesOf({ flows: [codeHost], configuration: mergeConfigurations([settings, log]) });
    expect(found.filter((each) => each.includes("private-not-covered"))).toEqual([]);
    expect(found).toContain("error command-error");
  });

  it("are globs for a module that the URL of an error shows to be asked of a proxy", () => {
    const log = parseLogText(
      "stderr.txt",
      "go: git.corp.example/!priv@v1.0.0: reading https://proxy.golang.org/git.corp.example/!priv/@v/v1.0.0.info: 404 Not Found\n",
    );
    const settings = parseConfigurationText("env", "GOPRIVATE=corp.example", "environment");
    const [first] = findingsOf({
      flows: [judgedFlow(moduleProxy)],
      configuration: mergeConfigurations([settings, log]),
    });
    expect(first).toMatchObject({
      rule: "private-not-covered",
      title: "GOPRIVATE=corp.example does not cover git.corp.example/Priv",
    });
  });

  it("are globs in other letters than the module path, which is named without its prefixes", () => {
    const asked = ["corp.example/a/m", "corp.example/a", "corp.example"].map((path) =>
      http("goproxy.corp.example", `/${path}/@v/v1.0.0.info`, { status: 404 }),
    );
    const flows = [lookup, judgedFlow({ id: 1, ...moduleProxy, target: corp, http: asked })];
    const [first] = findingsOf({ flows, configuration: environment("GONOSUMDB=corp.example/A,GIT.corp.example") });
    expect(first).toMatchObject({
      rule: "private-not-covered",
      title: "GONOSUMDB=corp.example/A,GIT.corp.example does not cover git.corp.example/m and corp.example/a/m",
    });
    expect(first.remedy).toContain("as the module path has it");
  });

  it("are no trust anchors where the certificate is for another name", () => {
    const path = { status: "name-mismatch", remarks: [], path: [], detail: "" } as const;
    const story = {
      flows: [judgedFlow({ ...moduleProxy, tls: [tls({ ...alert42, path, certificates: [] })] })],
      configuration: environment("SSL_CERT_FILE=/ca.pem", "SSL_CERT_DIR=/c"),
    };
    expect(findingsOf(story).map(({ rule }) => rule)).toEqual(["client-rejected-certificate"]);
  });

  it.each(Object.entries(shown))("%s: comes with what the capture shows, and before it", (id, [story, expected]) => {
    const findings = findingsOf(story);
    expect(findings.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual(expected);
    expect(findings.map(({ rule }) => rule)).toContain(id);
  });

  it("are all of them in the table above", () => {
    const ids = Object.keys(settingRules).filter(isSettingRule);
    expect(ids.filter((id) => shown[id] === undefined)).toEqual([]);
  });

  it("are notes where what they touch went well, and where nothing shows what they did", () => {
    const well = judgedFlow(moduleProxy);
    expect(rulesOf({ flows: [well], configuration: environment("HTTP_PROXY=http://p:3128") })).toEqual([
      "note proxy-http-only",
    ]);
    expect(rulesOf({ flows: [well], configuration: environment("GONOSUMCHECK=1") })).toEqual(["note no-such-variable"]);
    expect(rulesOf({ flows: [well], configuration: environment("GOPRIVATE=a.example, b.example") })).toEqual([
      "note glob-space",
    ]);
  });

  it("are nothing where a right setting did no harm", () => {
    const well = judgedFlow(moduleProxy);
    for (const line of [
      "GOVCS=public:off",
      "GOPROXY=off",
      "GOPRIVATE=corp.example",
      "SSL_CERT_FILE=/ca.pem\0SSL_CERT_DIR=/c",
    ]) {
      expect(
        rulesOf({ flows: [well], configuration: environment(...line.split("\0")) }).filter(
          (each) => !each.includes("ruled-out"),
        ),
        line,
      ).toEqual([]);
    }
  });

  it("explain only failures that they can cause", () => {
    const configuration = environment("HTTP_PROXY=http://p:3128");
    expect(rulesOf({ flows: [rejected], configuration })).toEqual([
      "error client-rejected-certificate",
      "note proxy-http-only",
    ]);
  });

  it("are errors where the command itself says so", () => {
    const log = parseLogText("stderr.txt", "go: m@v1.0.0: verifying module: invalid GOSUMDB: malformed verifier id\n");
    const configuration = mergeConfigurations([parseConfigurationText("env", "GOSUMDB=direct", "environment"), log]);
    const [first, ...rest] = findingsOf({ flows: [judgedFlow(moduleProxy)], configuration });
    expect(first).toMatchObject({
      severity: "error",
      rule: "gosumdb-malformed",
      printed: [expect.stringContaining("malformed")],
    });
    expect(rest).toEqual([]);
  });

  it("are errors by a module of which the command alone tells", () => {
    const log = parseLogText(
      "stderr.txt",
      "go: git.corp.example/m@v1.0.0: verifying module: git.corp.example/m@v1.0.0: reading https://sum.golang.org/lookup/git.corp.example/m@v1.0.0: 404 Not Found\n",
    );
    const configuration = mergeConfigurations([
      parseConfigurationText("env", "GOPRIVATE=a, git.corp.example", "environment"),
      log,
    ]);
    expect(rulesOf({ flows: [judgedFlow(sumdb)], configuration })).toEqual(["error glob-space"]);
  });

  it("keep no more flows than a finding lists", () => {
    const flows = Array.from({ length: 60 }, (_, id): Flow => ({ ...refused, id }));
    const [first] = findingsOf({ flows, configuration: environment("HTTP_PROXY=http://p:3128") });
    expect(first.flows).toHaveLength(50);
    expect(first.detail).toContain("10 more flows");
  });

  it("say nothing of other programs", () => {
    const browser = judgedFlow({
      target: target("a.example"),
      tls: [tls({ clientStack: stack("browser"), ...alert42 })],
    });
    const [finding] = findingsOf({
      flows: [browser],
      configuration: environment("SSL_CERT_FILE=~/ca.pem", "SSL_CERT_DIR=/c"),
    }).filter(({ rule }) => rule === "ssl-cert-path");
    expect(finding.flows).toEqual([]);
  });
});

it.each([
  [403, ",", ["error http-error", "warning goproxy-no-fallback"]],
  [403, "|", ["error http-error"]],
  [404, ",", ["error http-not-found"]],
])(
  "tells whether a comma kept Go from the next entry of GOPROXY behind an answer: %i %s",
  (status, separator, rules) => {
    const request = http("goproxy.corp.example", "/a.example/m/@v/v1.0.0.zip", { status });
    const frame = request.requestFrame;
    const failure = { wanted: "zip", entry: "", answer: "", grade: "seen", flow: 0, frame, status } as const;
    const lost = {
      client: "192.0.2.10",
      module: "a.example/m",
      version: "v1.0.0",
      outcome: "failed",
      walks: [],
    } as const;
    const flow = judgedFlow({ ...moduleProxy, target: corp, http: [request] });
    const configuration = environment(`GOPROXY=https://goproxy.corp.example${separator}direct`);
    expect(rulesOf({ flows: [flow], modules: [{ ...lost, failure }], configuration })).toEqual(rules);
  },
);
