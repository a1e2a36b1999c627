import { describe, expect, it } from "vitest";
import { compareObservations } from "../../src/compare/comparison.ts";
import type { Observation, RequestMeaning, TargetMeaning } from "../../src/compare/meaning.ts";
import { meaning, observation } from "../build/observation.ts";

const sumdb = meaning();
const proxyName = "proxy.corp.example:3129";
const moduleProxy = meaning({ target: "proxy.golang.org:443", role: "module-proxy", labels: ["proxied"] });
const read = (path: string, status = 200): RequestMeaning => ({ method: "GET", path, status });
const through = (target: TargetMeaning, overTls = false, more: Partial<TargetMeaning> = {}): TargetMeaning => ({
  ...target,
  routes: [{ kind: "http-connect", overTls, proxy: proxyName }],
  ...more,
});
const failing: TargetMeaning = { ...moduleProxy, requestsVisible: "all", requests: [read("/m/@v/list", 401)] };
const unopened = meaning({ target: proxyName, role: "unknown", labels: ["direct"] });

function told(before: Observation, after: Observation): string[] {
  return compareObservations(before, after).differences.map(
    ({ kind, weight, target, follows }) =>
      `${weight === "difference" ? "" : `${weight} `}${kind} ${target}${follows === undefined ? "" : ` after ${follows}`}`,
  );
}

describe("targets of one side only", () => {
  const refused = through(moduleProxy, false, { refusals: [407], stage: "proxy" });
  const rejected: TargetMeaning = {
    ...moduleProxy,
    verdicts: [{ value: "rejected", grade: "inferred" }],
    stage: "certificate",
  };
  const asked = (...paths: readonly string[]): TargetMeaning => ({
    ...moduleProxy,
    requestsVisible: "all",
    requests: paths.map((path) => read(path, path.endsWith("/supported") ? 404 : 200)),
  });
  const discovery = meaning({ target: "example.com:443", role: "discovery", labels: ["direct"], versions: [] });
  it.each<[string, Observation, Observation, string[]]>([
    [
      "are differences",
      observation([moduleProxy, sumdb]),
      observation([moduleProxy]),
      ["target-vanished sum.golang.org:443"],
    ],
    [
      "may have come later in a file that was cut",
      observation([moduleProxy, sumdb]),
      observation([moduleProxy], { damaged: true, blind: ["cut"] }),
      ["not-comparable not-comparable sum.golang.org:443"],
    ],
    [
      "may have come before a capture began",
      observation([moduleProxy], { partOfRun: true, blind: ["joined"] }),
      observation([moduleProxy, sumdb]),
      ["not-comparable not-comparable sum.golang.org:443"],
    ],
    [
      "did not resolve, and leave the run there",
      observation([moduleProxy, sumdb]),
      observation([moduleProxy], { unresolved: new Map([["sum.golang.org", "NXDOMAIN"]]) }),
      ["target-vanished sum.golang.org:443"],
    ],
    [
      "may stand inside TLS to a proxy where nobody named them",
      observation([through(moduleProxy, true), through(sumdb, true)]),
      observation([through(moduleProxy, true), through(unopened, true)]),
      ["not-comparable not-comparable sum.golang.org:443"],
    ],
    [
      "are missing behind a proxy in whose TLS all others have names",
      observation([through(moduleProxy, true), through(sumdb, true)]),
      observation([through(moduleProxy, true), unopened]),
      ["target-vanished sum.golang.org:443"],
    ],
    [
      "may prove another program's where more can be read",
      observation([moduleProxy, sumdb]),
      observation([moduleProxy], { others: new Set([sumdb.target]) }),
      ["not-comparable not-comparable sum.golang.org:443"],
    ],
    [
      "stand behind what stopped the run: a proxy's refusal",
      observation([through(moduleProxy), through(sumdb)]),
      observation([refused]),
      [
        "refusal proxy.golang.org:443",
        "stage proxy.golang.org:443",
        "target-vanished sum.golang.org:443 after proxy.golang.org:443",
      ],
    ],
    [
      "stand behind what let the run go on: an answer",
      observation([failing]),
      observation([{ ...failing, requests: [read("/m/@v/list")] }, sumdb]),
      ["requests proxy.golang.org:443", "target-appeared sum.golang.org:443 after proxy.golang.org:443"],
    ],
    [
      "stand behind what stopped the run: a rejected certificate",
      observation([{ ...moduleProxy, verdicts: [{ value: "accepted", grade: "inferred" }] }, sumdb]),
      observation([rejected]),
      [
        "verdict proxy.golang.org:443",
        "stage proxy.golang.org:443",
        "target-vanished sum.golang.org:443 after proxy.golang.org:443",
      ],
    ],
    [
      "may be known by another name where only their address is seen",
      observation([moduleProxy]),
      observation([{ ...moduleProxy, target: "198.51.100.10:443", incomplete: true }], {
        partOfRun: true,
        blind: ["joined"],
      }),
      ["not-comparable not-comparable 198.51.100.10:443", "not-comparable not-comparable proxy.golang.org:443"],
    ],
    [
      "may be known by another name where keys open what lacks its hello",
      observation([]),
      observation([{ ...asked("/m/@v/list"), target: "198.51.100.10:443", incomplete: true, opened: true }]),
      ["not-comparable not-comparable 198.51.100.10:443"],
    ],
    [
      "have no other name than their address where requests in clear text name it",
      observation([]),
      observation([{ ...asked("/m/@v/list"), target: "198.51.100.10:80", incomplete: true }]),
      ["target-appeared 198.51.100.10:80"],
    ],
    [
      "do not follow from a module proxy that only was asked whether it mirrors the checksum database",
      observation([asked("/m/@v/v1.0.0.zip", "/sumdb/sum.golang.org/supported")]),
      observation([asked("/sumdb/sum.golang.org/supported"), { ...sumdb, target: "github.com:443", role: "vcs" }]),
      ["target-appeared github.com:443", "requests proxy.golang.org:443"],
    ],
    [
      "follow from https that failed until Go went on to plain HTTP",
      observation([{ ...discovery, stage: "tcp" }]),
      observation([{ ...discovery, stage: "tcp" }, { ...discovery, target: "example.com:80" }, sumdb]),
      ["target-appeared example.com:80", "target-appeared sum.golang.org:443 after example.com:443"],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });
});

describe("requests", () => {
  const answered = (...requests: readonly RequestMeaning[]): Observation =>
    observation([{ ...moduleProxy, requestsVisible: "all", requests }]);

  it("that were answered otherwise are told before those of one side", () => {
    const { differences } = compareObservations(
      answered(read("/a"), read("/b")),
      answered(read("/a", 500), read("/c", 404)),
    );
    expect(differences.map(({ text }) => text)).toEqual([
      "Answered otherwise: GET /a (500 instead of 200). Only before: GET /b (200). Only after: GET /c (404).",
    ]);
  });

  it("that were given up as well are the same", () => {
    const given: RequestMeaning = { method: "GET", path: "/a" };
    expect(told(answered(read("/a")), answered(given, read("/a")))).toEqual([]);
    expect(told(answered(read("/a")), answered(given))).toEqual(["requests proxy.golang.org:443"]);
  });

  it("are not called hidden where the client came to none", () => {
    const before = answered(read("/a"));
    const refused: TargetMeaning = { ...moduleProxy, stage: "tcp", versions: [] };
    expect(told(before, observation([refused]))).toEqual(["stage proxy.golang.org:443"]);
    expect(told(before, observation([moduleProxy]))).toEqual(["not-comparable not-comparable proxy.golang.org:443"]);
  });
});

describe("proxies", () => {
  const opened = through(moduleProxy, true, { requestsVisible: "all", requests: [read("/m/@v/list")] });
  it.each<[string, Observation, Observation, string[]]>([
    [
      "are no targets while something goes through",
      observation([through(sumdb), unopened]),
      observation([through(sumdb)]),
      [],
    ],
    [
      "over TLS hide without keys what they show with them",
      observation([opened]),
      observation([unopened]),
      ["not-comparable not-comparable proxy.golang.org:443"],
    ],
    [
      "over TLS hide on both sides alike",
      observation([through(moduleProxy, true), through(sumdb, true)]),
      observation([through(moduleProxy, true), unopened]),
      ["target-vanished sum.golang.org:443"],
    ],
    [
      "over TLS hide all where nothing that went through has a name",
      observation([through(moduleProxy, true), through(sumdb, true)]),
      observation([unopened]),
      ["not-comparable not-comparable proxy.golang.org:443", "not-comparable not-comparable sum.golang.org:443"],
    ],
    [
      "that refuse everything are what differs",
      observation([through(sumdb)]),
      observation([{ ...unopened, role: "forward-proxy", refusals: [1], stage: "proxy" }]),
      [`refusal ${proxyName}`, `target-vanished sum.golang.org:443 after ${proxyName}`],
    ],
    [
      "whose certificate is rejected are what differs",
      observation([{ ...unopened, verdicts: [{ value: "rejected", grade: "seen" }], stage: "certificate" }]),
      observation([through(sumdb, true)]),
      [`refusal ${proxyName}`, `target-appeared sum.golang.org:443 after ${proxyName}`],
    ],
    [
      "that nothing goes through any more are told by routes",
      observation([through(sumdb)]),
      observation([sumdb]),
      ["route sum.golang.org:443"],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });
});

describe("what one side infers and the other reads", () => {
  it("is not comparable", () => {
    const guessed = observation([{ ...moduleProxy, requestsVisible: "none" }]);
    const known = observation([
      { ...moduleProxy, role: "discovery", roleGrade: "decrypted", labels: ["direct"], requestsVisible: "all" },
    ]);
    expect(told(guessed, known).filter((text) => !text.startsWith("not-comparable"))).toEqual([]);
  });
});

describe("a target that one side saw in part", () => {
  it("differs only where the sides have nothing in common", () => {
    const seen = through(moduleProxy, false, { refusals: [407], stage: "proxy", incomplete: true });
    expect(told(observation([through(moduleProxy)]), observation([seen]))).toEqual([]);
    const left = { ...moduleProxy, incomplete: true };
    expect(told(observation([through(moduleProxy)]), observation([left]))).toEqual(["route proxy.golang.org:443"]);
  });

  it("lacks what came with the rest", () => {
    const whole: TargetMeaning = {
      ...moduleProxy,
      requestsVisible: "all",
      carriesSumdb: true,
      offered: ["h2,http/1.1", "http/1.1"],
      clients: ["Go 1.26", "git"],
      verdicts: [
        { value: "accepted", grade: "inferred" },
        { value: "rejected", grade: "inferred" },
      ],
    };
    const part: TargetMeaning = {
      ...whole,
      carriesSumdb: false,
      offered: ["http/1.1"],
      clients: ["git"],
      verdicts: [{ value: "accepted", grade: "inferred" }],
      incomplete: true,
    };
    expect(told(observation([whole]), observation([part]))).toEqual([]);
    expect(told(observation([whole]), observation([{ ...part, incomplete: false }]))).toEqual([
      "sumdb proxy.golang.org:443",
      "verdict proxy.golang.org:443",
      "protocol proxy.golang.org:443",
      "client proxy.golang.org:443",
    ]);
  });
});

describe("grades", () => {
  const graded = (before: TargetMeaning, after: TargetMeaning): string[] =>
    compareObservations(observation([before]), observation([after])).differences.map(
      ({ kind, grade }) => `${kind} ${grade}`,
    );
  const hidden = { ...moduleProxy, versions: ["TLS 1.3"] };
  it.each<[string, TargetMeaning, TargetMeaning, string[]]>([
    ["infer a tunnel inside TLS that nothing opened", moduleProxy, through(moduleProxy, true), ["route inferred"]],
    ["read it where keys do", moduleProxy, through(moduleProxy, true, { opened: true }), ["route decrypted"]],
    ["see a tunnel in clear", moduleProxy, through(moduleProxy), ["route seen"]],
    ["infer how far TLS 1.3 came", hidden, { ...hidden, stage: "certificate" }, ["stage inferred"]],
    ["see how far TLS 1.2 came", moduleProxy, { ...moduleProxy, stage: "certificate" }, ["stage seen"]],
  ])("%s", (_, before, after, expected) => {
    expect(graded(before, after)).toEqual(expected);
  });
});

describe("clients", () => {
  const of = (client: string): Observation => observation([{ ...moduleProxy, clients: [client] }]);
  it.each([
    ["are other versions", "Go 1.24", "Go 1.26", "TLS client: Go 1.26 instead of Go 1.24."],
    ["may be one version", "Go 1.26", "Go 1.25–1.26", "one version writes both, by its settings (GODEBUG)."],
    ["may be no Go", "Go 1.26", "git or curl with GnuTLS", "TLS client: git or curl with GnuTLS instead of Go 1.26."],
  ])("%s", (_, before, after, text) => {
    expect(compareObservations(of(before), of(after)).differences[0].text).toContain(text);
  });
});

describe("settings", () => {
  const asking = (...modules: string[]): TargetMeaning =>
    meaning({ requestsVisible: "all", requests: modules.map((module) => read(`/lookup/${module}`)) });
  const serving = (...paths: string[]): TargetMeaning => ({
    ...moduleProxy,
    requestsVisible: "all",
    requests: paths.map((path) => read(path)),
  });
  const opened = serving("/m/@v/v1.0.0.zip");
  const probing = (status: number): TargetMeaning => ({
    ...opened,
    requests: [...opened.requests, read("/sumdb/sum.golang.org/supported", status)],
  });
  const git = meaning({ target: "git.example.net:443", role: "vcs", labels: ["direct"], offered: ["h2,http/1.1"] });
  const discovery: TargetMeaning = { ...git, target: "example.com:443", role: "discovery" };
  const offering = { ...sumdb, offered: ["h2,http/1.1"] };
  const insecure = { ...discovery, offered: ["none"] };
  it.each<[string, Observation, Observation, RegExp | undefined]>([
    [
      "name what may answer unseen for the checksum database",
      observation([moduleProxy, sumdb]),
      observation([moduleProxy]),
      /: a complete go\.sum .*, and so does a warm module cache, or a run that fails before, and proxy\.golang\.org, whose requests cannot be read, may answer for it/s,
    ],
    [
      "say nothing of a checksum database where no module is fetched",
      observation([opened, sumdb]),
      observation([serving("/m/@v/list")]),
      /^No module is fetched any more, and so no checksum database asked: that says nothing of GOSUMDB\.$/,
    ],
    ["name nothing that is read", observation([opened, sumdb]), observation([opened]), /a warm module cache\.$/],
    [
      "know GOSUMDB by what a module proxy is asked",
      observation([opened, sumdb]),
      observation([probing(403)]),
      /^No checksum database is spoken to any more, though GOSUMDB is not off: proxy\.golang\.org was asked whether it mirrors it and answered 403, which Go takes for no answer\.$/,
    ],
    [
      "know GOSUMDB by what a module proxy was asked",
      observation([probing(403)]),
      observation([opened, sumdb]),
      /match every module\. It was not off before either: proxy\.golang\.org was asked/,
    ],
    [
      "do not say that a proxy has all modules where its answers cannot be read",
      observation([moduleProxy, discovery, git]),
      observation([moduleProxy]),
      /^No module comes from its origin .* proxy\.golang\.org has them all; or GOPROXY does not lead to direct, or the run ended before\.$/,
    ],
    [
      "do not say that a proxy has all modules where it served none",
      observation([opened, discovery, git]),
      observation([failing]),
      /^No module comes from its origin any more, and none from proxy\.golang\.org: GOPROXY does not lead to direct, or/,
    ],
    [
      "name modules that are not looked up any more",
      observation([asking("a.example/!x@v1.0.0", "b.example/y@v1.0.0")]),
      observation([asking("b.example/y@v1.0.0")]),
      /^The checksum database is not asked for a\.example\/X@v1\.0\.0 any more: GONOSUMDB or GOPRIVATE/,
    ],
    [
      "name modules that are looked up now",
      observation([opened, asking("b.example/y@v1.0.0")]),
      observation([opened, asking("b.example/y@v1.0.0", "a.example/!x@v1.0.0")]),
      /^The checksum database is asked for a\.example\/X@v1\.0\.0 as well: GONOSUMDB and GOPRIVATE do not match them\./,
    ],
    [
      "say nothing of modules that are not fetched any more",
      observation([serving("/m/@v/v1.0.0.zip", "/n/@v/v1.0.0.zip"), asking("m@v1.0.0", "n@v1.0.0")]),
      observation([opened, asking("m@v1.0.0")]),
      undefined,
    ],
    [
      "say nothing of modules that are fetched now",
      observation([opened, asking("m@v1.0.0")]),
      observation([serving("/m/@v/v1.0.0.zip", "/n/@v/v1.0.0.zip"), asking("m@v1.0.0", "n@v1.0.0")]),
      undefined,
    ],
    [
      "name what lets Go ask in plain HTTP",
      observation([{ ...discovery, stage: "tcp" }]),
      observation([
        { ...discovery, stage: "tcp" },
        { ...discovery, target: "example.com:80" },
      ]),
      /^example\.com is asked in plain HTTP now: GOINSECURE matches its modules\.$/,
    ],
    [
      "name what keeps Go from offering HTTP/2 to some",
      observation([discovery, offering]),
      observation([insecure, offering]),
      /^Go offers example\.com no HTTP\/2 any more: GOINSECURE/,
    ],
    [
      "name what keeps Go from offering HTTP/2 to any",
      observation([discovery, offering, git]),
      observation([insecure, { ...offering, offered: ["none"] }, git]),
      /^Go offers nobody HTTP\/2 any more: GODEBUG=http2client=0 does that\.$/,
    ],
    [
      "name both settings that keep Go from offering HTTP/2 where it asked an origin alone",
      observation([discovery, git]),
      observation([insecure, git]),
      /^Go offers example\.com no HTTP\/2 any more: GOINSECURE .* and so does GODEBUG=http2client=0\.$/,
    ],
    [
      "name what sends git alone through a proxy",
      observation([git, sumdb]),
      observation([through(git), sumdb]),
      /^git\.example\.net goes through the proxy now while others do not: git alone is told of it, by ALL_PROXY/,
    ],
    [
      "name what sends some hosts through a proxy",
      observation([git, sumdb]),
      observation([git, through(sumdb)]),
      /^sum\.golang\.org goes through the proxy now while others do not: HTTPS_PROXY is set .* NO_PROXY matches the others\.$/,
    ],
    [
      "name what keeps git alone from a proxy",
      observation([through(git), through(sumdb)]),
      observation([git, through(sumdb)]),
      /: NO_PROXY matches it, or git is configured to use none\.$/,
    ],
    [
      "say nothing of other modules",
      observation([asking("a.example/x@v1.0.0")]),
      observation([asking("b.example/y@v1.0.0")]),
      undefined,
    ],
    [
      "say nothing of what a failed run did not come to",
      observation([through(moduleProxy), sumdb]),
      observation([through(moduleProxy, false, { refusals: [407], stage: "proxy" })]),
      undefined,
    ],
    [
      "say nothing of a checksum database whose name did not resolve",
      observation([moduleProxy, sumdb]),
      observation([moduleProxy], { unresolved: new Map([["sum.golang.org", "NXDOMAIN"]]) }),
      undefined,
    ],
    [
      "say nothing of what a proxy may hide in TLS",
      observation([through(moduleProxy, true), through(sumdb, true)]),
      observation([{ ...unopened, role: "module-proxy" }]),
      undefined,
    ],
    [
      "name another checksum database",
      observation([moduleProxy, sumdb]),
      observation([moduleProxy, { ...sumdb, target: "sum.golang.google.cn:443" }]),
      /^Another checksum database is asked: sum\.golang\.google\.cn instead of sum\.golang\.org\. GOSUMDB changed\.$/,
    ],
    [
      "name a module proxy that is asked as well",
      observation([moduleProxy]),
      observation([moduleProxy, { ...moduleProxy, target: "goproxy.cn:443" }]),
      /^goproxy\.cn is asked for modules as well: GOPROXY changed, or how far its list was walked\.$/,
    ],
    [
      "name another forward proxy",
      observation([through(moduleProxy)]),
      observation([{ ...moduleProxy, routes: [{ kind: "socks5", overTls: false, proxy: "socks.example:1080" }] }]),
      /^Another proxy is used: socks\.example:1080 instead of proxy\.corp\.example:3129\. HTTPS_PROXY changed\.$/,
    ],
    [
      "believe no guess of a role that the other side contradicts",
      observation([{ ...moduleProxy, target: "example.com:443", roleGrade: "inferred" }]),
      observation([
        { ...moduleProxy, target: "example.com:443", role: "discovery", roleGrade: "inferred" },
        { ...sumdb, target: "git.example.net:443", role: "vcs" },
      ]),
      undefined,
    ],
    [
      "name all hosts that left the proxy",
      observation([
        through(moduleProxy),
        through(sumdb),
        through({ ...sumdb, target: "example.com:443", role: "vcs" }),
      ]),
      observation([moduleProxy, sumdb, through({ ...sumdb, target: "example.com:443", role: "vcs" })]),
      /^proxy\.golang\.org, sum\.golang\.org no longer go through the proxy while others do: NO_PROXY matches them\.$/,
    ],
  ])("%s", (_, before, after, expected) => {
    const { settings } = compareObservations(before, after);
    if (expected === undefined) expect(settings).toEqual([]);
    else expect(settings[0]).toMatch(expected);
  });
});
