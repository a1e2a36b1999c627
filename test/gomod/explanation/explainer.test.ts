import { existsSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Explanation } from "../../../src/flow/explanation.ts";
import type { Flow } from "../../../src/flow/model.ts";
import type { GoConfiguration } from "../../../src/gomod/configuration/configuration.ts";
import { mergeConfigurations, parseLogText } from "../../../src/gomod/configuration/configuration.ts";
import { Explainer } from "../../../src/gomod/explanation/explainer.ts";
import { limits } from "../../../src/limits.ts";
import { renderExplanationJson } from "../../../src/report/explanation-json.ts";
import { renderExplanation } from "../../../src/report/explanation-text.ts";
import { plainStyle } from "../../../src/report/style.ts";
import { analyzeFolder } from "../../build/analyze.ts";
import { sampleAnalysis } from "../../build/analysis.ts";
import { configurationOf, processWith } from "../../build/configuration.ts";
import { http, judgedFlow, stack, target, through, tls } from "../../build/flows.ts";
import { capturesFolder, scenarios } from "../../captures/truth.ts";

const go = [tls({ clientStack: stack("go") })];
const git = [tls({ clientStack: stack("gnutls") })];
const viaCorp = through("http-connect", "proxy.corp.example:3128", "proxy.golang.org:443", 200);
const to = (host: string, role: Flow["role"], some: Partial<Flow> = {}): Flow =>
  judgedFlow({ target: target(host), role, label: role === "sumdb" ? "sumdb" : "proxied", tls: go, ...some });
const proxy = "HTTPS_PROXY=http://proxy.corp.example:3128";

function explain(configuration: GoConfiguration, ...flows: Flow[]): Explanation {
  const explainer = new Explainer(configuration);
  for (const [id, each] of flows.entries()) explainer.observe({ ...each, id });
  return explainer.conclude();
}

/** What is told of the flows, the first row first. */
const told = (configuration: GoConfiguration, flow: Flow): string => {
  const [{ verdict, because, flows }] = explain(configuration, flow).hosts;
  expect(flows).toEqual([0]);
  return `${verdict}: ${because}`;
};

describe("one flow beside the settings", () => {
  const rows: [settings: string[], Flow, RegExp][] = [
    [[], to("proxy.golang.org", "module-proxy"), /^as-configured: .*first entry of GOPROXY/],
    [[], to("sum.golang.org", "sumdb"), /^as-configured/],
    [["GOSUMDB=off"], to("sum.golang.org", "sumdb"), /^contradicts: GOSUMDB is off/],
    [["GOPROXY=direct"], to("sum.golang.org", "sumdb"), /^as-configured: .*direct does not turn it off/],
    [["GOPROXY=direct"], to("goproxy.cn", "module-proxy"), /^contradicts: it is a public module proxy and no entry/],
    [["GOPROXY=https://goproxy.cn"], to("proxy.golang.org", "module-proxy"), /^contradicts: no entry of GOPROXY/],
    [
      ["GOPROXY=https://goproxy.cn"],
      to("p.example", "module-proxy"),
      /^cannot-be-told: what p\.example is for is a guess/,
    ],
    [["GOPROXY=https://goproxy.cn"], to("github.com", "vcs", { tls: git, label: "direct" }), /^contradicts: no module/],
    [["GOTOOLCHAIN=local"], to("go.dev", "toolchain"), /^contradicts: GOTOOLCHAIN is local/],
    [[proxy], to("proxy.golang.org", "module-proxy", { route: viaCorp }), /^as-configured/],
    [[proxy], to("proxy.golang.org", "module-proxy"), /^contradicts: it went direct, though HTTPS_PROXY/],
    [
      [],
      to("proxy.golang.org", "module-proxy", { route: viaCorp }),
      /^contradicts: it went through a proxy, though HTTPS_PROXY is not set/,
    ],
    [
      ["HTTPS_PROXY=http://other.example:3128"],
      to("proxy.golang.org", "module-proxy", { route: viaCorp }),
      /^contradicts: it went through another proxy than other\.example:3128/,
    ],
    [[proxy, "NO_PROXY=golang.org"], to("proxy.golang.org", "module-proxy"), /^as-configured: .*NO_PROXY/],
    [[proxy, "NO_PROXY=sum.*"], to("sum.golang.org", "sumdb"), /^contradicts/],
    [
      ["HTTP_PROXY=http://proxy.corp.example:3128"],
      to("proxy.golang.org", "module-proxy"),
      /^as-configured: .*HTTPS_PROXY is not set/,
    ],
    [
      ["ALL_PROXY=http://proxy.corp.example:3128", "GOPROXY=direct"],
      to("example.com", "discovery", { label: "direct" }),
      /^as-configured/,
    ],
    [
      ["ALL_PROXY=http://proxy.corp.example:3128", "GOPROXY=direct"],
      to("github.com", "vcs", { tls: git, label: "direct" }),
      /^cannot-be-told: it went direct, though ALL_PROXY.*; git's own configuration was not given$/,
    ],
    [
      ["ALL_PROXY=http://proxy.corp.example:3128", "GOPROXY=direct"],
      to("github.com", "vcs", { tls: [tls({ clientStack: stack("other") })], label: "direct" }),
      /^cannot-be-told: Go and git take different ways/,
    ],
    [
      [proxy],
      to("proxy.corp.example:3128", "forward-proxy"),
      /^as-configured: it is the way to the proxy that HTTPS_PROXY names/,
    ],
    [[], to("a.example", "unknown", { label: "direct" }), /^cannot-be-told: what its target is for does not show/],
    [[proxy], to("192.0.2.9", "module-proxy", { target: target("192.0.2.9", "address") }), /^cannot-be-told/],
  ];

  it.each(rows)("%j", (settings, flow, expected) => {
    const server = flow.target.host.startsWith("proxy.corp") ? { address: "198.51.100.40", port: 3128 } : flow.server;
    expect(told(processWith(...settings), { ...flow, server })).toMatch(expected);
  });

  it("holds a flow of git against git's own configuration, once that is known", () => {
    const flow = to("github.com", "vcs", { tls: git, label: "direct" });
    const environment = "HOME=/h\0GOPROXY=direct\0ALL_PROXY=http://p:1";
    expect(told(configurationOf({ environment, "git-config": "" }), flow)).toMatch(/^contradicts: .* though ALL_PROXY/);
    expect(told(configurationOf({ environment, "git-config": "http.proxy=" }), flow)).toMatch(/^as-configured/);
  });

  it("rests on no default that might not be one", () => {
    const environment = configurationOf({ environment: "HOME=/home/a" });
    expect(told(environment, to("goproxy.cn", "module-proxy"))).toMatch(/^cannot-be-told: GOPROXY is not told/);
    const goEnv = configurationOf({ "go-env": '{"GOPROXY":"https://proxy.golang.org","GOSUMDB":"off"}' });
    expect(told(goEnv, to("proxy.golang.org", "module-proxy"))).toMatch(/^as-configured: .*environment.*was not given/);
    expect(told(goEnv, to("proxy.golang.org", "module-proxy", { route: viaCorp }))).toMatch(/^cannot-be-told/);
    expect(explain(goEnv).assumed).toContain("HTTPS_PROXY");
  });
});

describe("the whole", () => {
  it("says what was not seen, from which nothing follows", () => {
    const { hosts } = explain(processWith());
    expect(hosts.filter(({ verdict }) => verdict === "contradicts")).toEqual([]);
    expect(hosts.find(({ host }) => host === "proxy.golang.org")).toMatchObject({
      presence: "must",
      verdict: "not-seen",
    });
  });

  it("leaves out noise, other programs and what was captured twice", () => {
    const flow = to("goproxy.cn", "module-proxy");
    const left = [
      { ...flow, noise: true },
      { ...flow, sameAs: 1 },
      { ...flow, upstreamOf: 1 },
      { ...flow, label: "other" as const },
    ];
    expect(explain(processWith(), ...left).hosts.filter(({ flows }) => flows.length > 0)).toEqual([]);
  });

  it("stays bounded over many hosts and many flows to one", () => {
    const many = Array.from({ length: 1000 }, (_, at) => to(`h${at}.example`, "unknown", { label: "direct" }));
    const { hosts, moreHosts } = explain(processWith(), ...many);
    expect(hosts.filter(({ flows }) => flows.length > 0)).toHaveLength(limits.storyPlaces);
    expect(moreHosts).toBe(1000 - limits.storyPlaces);
    const [first] = explain(
      processWith(),
      ...Array.from({ length: 70 }, () => to("proxy.golang.org", "module-proxy")),
    ).hosts;
    expect([first.flows.length, first.moreFlows]).toEqual([limits.findingFlows, 70 - limits.findingFlows]);
  });
});

describe("requests of the command", () => {
  const url = "https://proxy.golang.org/m/@v/list";
  const log = `# get ${url}\n# get ${url}: 404 Not Found (0.010s)\n# get https://user:secret@p.example/m/@v/list\n`;
  const configuration = mergeConfigurations([parseLogText("stderr.txt", log)]);
  const requests = (...flows: Flow[]): unknown => explain(configuration, ...flows).requests;

  it("go to the flows of their host, but for spare ones", () => {
    const spare = [tls({ verdict: { value: "accepted", unused: true, grade: "seen", because: "closed" } })];
    expect(
      requests(to("proxy.golang.org", "module-proxy", { tls: spare }), to("proxy.golang.org", "module-proxy")),
    ).toEqual([
      { url, status: 404, text: "404 Not Found", flows: [1], grade: "inferred" },
      { url: "https://p.example/m/@v/list", flows: [], grade: "unknown" },
    ]);
  });

  it("go to the one in which they are visible", () => {
    const visible = [http("proxy.golang.org", "/m/@v/list", { grade: "decrypted", scheme: "https" })];
    const flows = [to("proxy.golang.org", "module-proxy"), to("proxy.golang.org", "module-proxy", { http: visible })];
    expect(requests(...flows)).toMatchObject([{ flows: [1], grade: "decrypted" }, {}]);
  });

  it("are counted beyond a cap", () => {
    const lines = Array.from(
      { length: limits.explainedRequests + 5 },
      (_, at) => `# get https://p.example/m${at}/@v/list\n`,
    );
    const many = explain(mergeConfigurations([parseLogText("x", lines.join(""))]));
    expect([many.requests!.length, many.moreRequests]).toEqual([limits.explainedRequests, 5]);
  });

  it("are asked for where the log has none", () => {
    expect(parseLogText("x", "hello\n").errors).toEqual([expect.stringContaining("go get -x")]);
  });
});

const schema = JSON.parse(readFileSync(new URL("../../../schema/analysis.schema.json", import.meta.url), "utf8")) as {
  $id: string;
};
const isExplained = new Ajv2020().addSchema(schema).getSchema(`${schema.$id}#/$defs/explained`)!;

describe("the lab's captures", () => {
  it.each(scenarios().filter((name) => existsSync(join(capturesFolder, name, "capture.pcap"))))(
    "%s: no flow contradicts its settings, and every request of the log has a flow",
    async (scenario) => {
      const analysis = await analyzeFolder(join(capturesFolder, scenario), "capture.pcap", { log: true });
      const { hosts, requests } = analysis.explanation!;
      expect(hosts.filter(({ verdict }) => verdict === "contradicts")).toEqual([]);
      expect(hosts.some(({ verdict, flows }) => verdict === "as-configured" && flows.length > 0)).toBe(true);
      if (scenario !== "d06-loss") expect((requests ?? []).filter(({ flows }) => flows.length === 0)).toEqual([]);
      const json = JSON.parse([...renderExplanationJson(analysis)].join("")) as unknown;
      expect(isExplained(json), JSON.stringify(isExplained.errors)).toBe(true);
    },
  );
});

describe("the text", () => {
  const options = { width: 80, style: plainStyle, verbose: false };

  it("has what contradicts first, then what cannot be told, then the rest", () => {
    const flows = [
      to("proxy.golang.org", "module-proxy"),
      to("a.example", "unknown", { label: "direct" }),
      to("sum.golang.org", "sumdb"),
    ];
    const explanation = explain(processWith("GOSUMDB=off"), ...flows);
    const text = [...renderExplanation({ ...sampleAnalysis({ findings: [] }), explanation }, options)].join("");
    const verdicts = [...text.matchAll(/^ {2}(contradicts|cannot be told|as configured|not seen) /gm)].map(
      ([, word]) => word,
    );
    expect(verdicts).toEqual(["contradicts", "cannot be told", "as configured"]);
    expect(text).toContain("sum.golang.org (sumdb), flow 2: GOSUMDB is off");
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("names what the files do not tell, and why nothing is asked", () => {
    const explanation = explain(configurationOf({ environment: "GOPROXY=noproxy" }));
    const text = [...renderExplanation({ ...sampleAnalysis({ findings: [] }), explanation }, options)].join("");
    expect(text).toMatch(/refuses the entry noproxy of GOPROXY: nothing is asked/);
    expect(text).toContain("Go's defaults are assumed");
  });
});
