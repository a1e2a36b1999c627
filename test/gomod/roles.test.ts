import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Judgement, ObservedFlow } from "../../src/flow/model.ts";
import { mergeConfigurations, parseConfigurationText } from "../../src/gomod/configuration/configuration.ts";
import type { GoConfiguration } from "../../src/gomod/configuration/configuration.ts";
import { TargetRoles } from "../../src/gomod/roles.ts";
import { verifierKey } from "../build/configuration.ts";
import { direct, flow, http, stack, target, through, tls, unopened } from "../build/flows.ts";

function environment(text: string): GoConfiguration {
  return mergeConfigurations([parseConfigurationText("env.txt", text)]);
}

/** Judges flows given without ids, and checks that their order makes no difference. */
function judge(given: readonly ObservedFlow[], configuration?: GoConfiguration): Judgement[] {
  const inOrder = new TargetRoles(configuration);
  const reversed = new TargetRoles(configuration);
  for (const one of given) inOrder.observe(one);
  for (const one of given.toReversed()) reversed.observe(one);
  const judged = given.map((one) => inOrder.judge(one));
  expect(given.map((one) => reversed.judge(one))).toEqual(judged);
  return judged;
}

/** Role and label, a question mark behind a label whose grade is unknown. */
function words(judged: readonly Judgement[]): string[] {
  return judged.map(({ role, label, labelEvidence: { grade }, noise }) => {
    return `${role} ${label}${grade === "unknown" ? "?" : ""}${noise ? " noise" : ""}`;
  });
}

let nextId = 0;
function to(place: string, name: "go" | "gnutls" | "openssl" | "browser" | "other", more: Partial<ObservedFlow> = {}) {
  const aim = more.target ?? target(place);
  return flow({ id: nextId++, target: aim, tls: [tls({ serverName: aim.host, clientStack: stack(name) })], ...more });
}

function asked(place: string, path: string, more: Partial<ObservedFlow> = {}): ObservedFlow {
  const id = nextId++;
  const { host } = target(place);
  return flow({
    id,
    target: target(place),
    layers: ["tls", "h2"],
    http: [http(host, path, { requestFrame: id * 10 + 5 })],
    ...more,
  });
}

describe("requests", () => {
  it("decide for all flows of a target, racing and failed ones too", () => {
    const flows = [
      to("goproxy.corp.example", "go"),
      asked("goproxy.corp.example", "/example.com/a/@v/list"),
      unopened({ id: nextId++, target: target("goproxy.corp.example", "dns") }),
    ];
    expect(words(judge(flows))).toEqual(Array(3).fill("module-proxy proxied"));
  });

  it.each([
    ["/example.com/a/@v/v1.0.0.zip", "module-proxy proxied", false],
    ["/lookup/example.com/a@v1.0.0", "sumdb sumdb", true],
    ["/tile/8/0/001", "sumdb sumdb", true],
    ["/sumdb/sum.golang.org/lookup/example.com/a@v1.0.0", "module-proxy proxied", true],
    ["/a?go-get=1", "discovery direct", false],
    ["/a.git/info/refs?service=git-upload-pack", "vcs direct", false],
    ["/sumdb/sum.golang.org/supported", "module-proxy proxied", false],
  ])("for %s make it %s", (path, expected, carriesSumdb) => {
    const [judged] = judge([asked("h.corp.example", path)]);
    expect(words([judged])).toEqual([expected]);
    expect(judged.carriesSumdb).toBe(carriesSumdb);
  });

  it("for /supported alone are a module proxy's, and say nothing beside a lookup", () => {
    const [judged] = judge([asked("h.corp.example", "/sumdb/sum.golang.org/supported")]);
    expect(judged.roleEvidence.grade).toBe("decrypted");
    const both = judge([asked("db.example", "/sumdb/x/supported"), asked("db.example", "/lookup/a.b/c@v1.0.0")]);
    expect(words(both)).toEqual(["sumdb sumdb", "sumdb sumdb"]);
  });

  it("for modules win over all others on the target, and say where they were seen", () => {
    const flows = [asked("h.example", "/lookup/a.b/c@v1.0.0"), asked("h.example", "/a.b/c/@v/list")];
    const [first] = judge(flows);
    expect(first.role).toBe("module-proxy");
    expect(first.roleEvidence).toEqual({
      grade: "decrypted",
      because: "the request for /a.b/c/@v/list asked for a module",
      frame: flows[1].id * 10 + 5,
    });
  });

  it("redirected by a module proxy lead to storage", () => {
    const zip = http("goproxy.corp.example", "/a.b/c/@v/v1.0.0.zip", {
      status: 302,
      redirectTo: "https://s3.example/x",
    });
    const flows = [to("goproxy.corp.example", "go", { http: [zip] }), to("s3.example", "go")];
    expect(words(judge(flows))).toEqual(["module-proxy proxied", "storage proxied"]);
  });

  it("of small files redirected to a path of another kind make it storage only when files come from there", () => {
    const info = http("goproxy.corp.example", "/a.b/c/@v/v1.0.0.info", {
      status: 302,
      redirectTo: "https://other.example/x?u=/a.b/c/@v/v1.0.0.info",
    });
    const roleOf = (contentType: string): string => {
      const followed = http("other.example", "/x", { status: 200, contentType });
      return words(
        judge([to("goproxy.corp.example", "go", { http: [info] }), to("other.example", "go", { http: [followed] })]),
      )[1];
    };
    expect(roleOf("application/json")).toBe("storage proxied");
    expect(roleOf("text/html")).toBe("other other");
  });

  it("for zips that a module proxy redirected make it storage; what answers for more is a module proxy itself", () => {
    const path = "/a.b/c/@v/v1.0.0.zip";
    const moved = (file: string, requestFrame = 1): ObservedFlow =>
      to("old.example", "go", {
        http: [http("old.example", file, { status: 301, requestFrame, redirectTo: `https://new.example${file}` })],
      });
    expect(words(judge([moved(path), asked("new.example", path)]))[1]).toBe("storage proxied");
    const list = "/a.b/c/@v/list";
    const all = [moved(path), moved(list, 2), asked("new.example", path), asked("new.example", list)];
    expect(words(judge(all)).slice(2)).toEqual(["module-proxy proxied", "module-proxy proxied"]);
  });

  it("to a module proxy that a go-import tag named are direct", () => {
    const flows = [
      asked("vanity.example", "/mod/pkg?go-get=1"),
      asked("mods.vanity.example", "/vanity.example/mod/@v/list"),
      asked("mods.vanity.example", "/vanity.example/mod/@v/v1.0.0.zip"),
    ];
    expect(words(judge(flows))).toEqual(["discovery direct", "module-proxy direct", "module-proxy direct"]);
    const listed = environment("GOPROXY=https://mods.vanity.example,direct");
    expect(words(judge(flows, listed))[1]).toBe("module-proxy proxied");
  });

  it("to a module proxy that a go-import tag named are direct by the command's log too", () => {
    const log = "# get https://vanity.example/m?go-get=1\n# get https://mods.example/vanity.example/m/@v/list\n";
    const settings = mergeConfigurations([
      parseConfigurationText("env", "GOPROXY=direct"),
      parseConfigurationText("stderr.txt", log),
    ]);
    const flows = [to("vanity.example", "go"), to("mods.example", "go")];
    expect(words(judge(flows, settings))).toEqual(["discovery direct", "module-proxy direct"]);
  });

  it("to a module proxy before the origin was asked are a list's fall-back", () => {
    const flows = [asked("p.example", "/vanity.example/mod/@v/list"), asked("vanity.example", "/mod?go-get=1")];
    expect(words(judge(flows))).toEqual(["module-proxy proxied", "discovery direct"]);
  });

  it("for toolchains at their origin are direct", () => {
    const path = "/dl/mod/golang.org/toolchain/@v/v0.0.1-go1.99.0.linux-amd64.zip";
    expect(words(judge([asked("go.dev", path)]))).toEqual(["toolchain direct"]);
    expect(words(judge([asked("proxy.golang.org", path.slice(7))]))).toEqual(["module-proxy proxied"]);
  });
});

describe("configuration", () => {
  it("names module proxies and the checksum database, whoever speaks or nobody answers", () => {
    const settings = environment(
      `GOPROXY=https://goproxy.corp.example:8443/go,direct\nGOSUMDB=${verifierKey} https://db.example`,
    );
    const flows = [
      unopened({ id: nextId++, target: target("goproxy.corp.example:8443", "dns") }),
      to("db.example", "go"),
      to("goproxy.corp.example:9999", "go"),
    ];
    const judged = judge(flows, settings);
    expect(words(judged)).toEqual(["module-proxy proxied", "sumdb sumdb", "module-proxy proxied"]);
    expect(judged[0].roleEvidence.because).toBe("GOPROXY in env.txt names goproxy.corp.example");
    expect(judged[2].roleEvidence.because).toBe("goproxy.corp.example is that at another port");
  });

  it("makes what Go asks outside of GOPROXY an origin", () => {
    const flows = [to("corp.example", "go"), to("other.example", "go")];
    expect(words(judge(flows, environment("GOPROXY=https://p.example,direct")))).toEqual(
      Array(2).fill("discovery direct"),
    );
    expect(words(judge(flows, environment("GOPROXY=https://p.example")))).toEqual(Array(2).fill("unknown direct?"));
  });

  it("tells private hosts apart by who spoke to them", () => {
    const flows = [to("corp.example", "go"), to("git.corp.example", "openssl"), to("other.example", "openssl")];
    const judged = judge(flows, environment("GOPRIVATE=corp.example"));
    expect(words(judged)).toEqual(["discovery direct", "vcs direct", "vcs direct"]);
  });

  it("in the command's own log counts", () => {
    const log =
      "# get https://corp.example/x?go-get=1\nmkdir -p /c # git3 https://git.corp.example/x.git\n# get https://p.example/a.b/c/@v/list";
    const flows = [to("corp.example", "go"), to("git.corp.example", "openssl"), to("p.example", "go")];
    expect(words(judge(flows, environment(log)))).toEqual(["discovery direct", "vcs direct", "module-proxy proxied"]);
  });

  it("shows where the forward proxy is", () => {
    const settings = environment("HTTPS_PROXY=https://user:secret@sproxy.corp.example:3129");
    const judged = judge(
      [
        to("sproxy.corp.example:3129", "go"),
        unopened({ id: nextId++, target: target("sproxy.corp.example:3129", "dns") }),
      ],
      settings,
    );
    expect(words(judged)).toEqual(Array(2).fill("forward-proxy proxied"));
    expect(JSON.stringify(judged)).not.toContain("secret");
  });
});

describe("names and neighbours", () => {
  it("of the default configuration, without any request", () => {
    const flows = [to("proxy.golang.org", "go"), to("sum.golang.org", "go"), to("storage.googleapis.com", "go")];
    expect(words(judge(flows))).toEqual(["module-proxy proxied", "sumdb sumdb", "storage proxied"]);
  });

  it("take storage for Go's only behind a module proxy and with Go's TLS", () => {
    expect(words(judge([to("storage.googleapis.com", "go"), to("proxy.golang.org", "go")]))[0]).not.toContain(
      "storage",
    );
    expect(words(judge([to("proxy.golang.org", "go"), to("storage.googleapis.com", "browser")]))[1]).toBe(
      "unknown other noise",
    );
  });

  it("take storage that refused, or never answered, behind a module proxy for Go's all the same", () => {
    const refused = unopened({ id: nextId + 1, closed: "refused", target: target("storage.googleapis.com", "dns") });
    expect(words(judge([to("proxy.golang.org", "go"), refused]))[1]).toBe("storage proxied");
    expect(words(judge([refused]))[0]).not.toContain("storage");
  });

  it("of a direct fetch: Go asks, git fetches", () => {
    const flows = [
      to("example.com", "go"),
      to("git.example.com", "gnutls"),
      to("github.com", "gnutls"),
      to("example.com", "go"),
    ];
    expect(words(judge(flows))).toEqual(["discovery direct", "vcs direct", "vcs direct", "discovery direct"]);
  });

  it("of one private GOPROXY: the one host that Go spoke to, and no git", () => {
    expect(words(judge([to("goproxy.corp.example", "go"), to("sum.golang.org", "go")]))[0]).toBe(
      "module-proxy proxied",
    );
  });

  it("leave it open where a vanity host and a private GOPROXY look alike", () => {
    const judged = judge([to("x.example", "go"), to("github.com", "gnutls")]);
    expect(words(judged)).toEqual(["unknown direct?", "vcs direct"]);
    expect(judged[0].labelEvidence.because).toBe("may be a private GOPROXY; give --env");
    expect(words(judge([to("x.example", "go"), to("y.example", "go")]))).toEqual(Array(2).fill("unknown direct?"));
  });

  it("tell an origin from a private GOPROXY by its kinship with the git host", () => {
    const flows = [to("corp.example", "go"), to("p.other.example", "go"), to("git.corp.example", "gnutls")];
    expect(words(judge(flows))).toEqual(["discovery direct", "unknown direct?", "vcs direct"]);
  });

  it("are what a page says by a go-import tag, where no request tells", () => {
    const page = (vcs: string): ObservedFlow =>
      asked("example.org", "/m?go-get=1", {
        http: [
          http("example.org", "/m?go-get=1", {
            goImports: [{ prefix: "example.org/m", vcs, root: "https://code.example/m" }],
          }),
        ],
      });
    expect(words(judge([page("mod"), to("code.example", "go")]))).toEqual(["discovery direct", "module-proxy direct"]);
    expect(words(judge([page("git"), to("code.example", "gnutls")]))).toEqual(["discovery direct", "vcs direct"]);
  });

  it("give a host its role at another port too", () => {
    const plain = { ...asked("corp.example:80", "/x?go-get=1"), layers: ["http/1.1"] as const, tls: [] };
    expect(words(judge([to("corp.example:443", "go"), plain]))).toEqual(Array(2).fill("discovery direct"));
  });
});

describe("forward proxies", () => {
  const proxy = "proxy.corp.example:3128";
  const refused = (status: number, host: string) =>
    flow({
      id: nextId++,
      target: target(`${host}:443`, "connect"),
      route: through("http-connect", proxy, `${host}:443`, status),
      tls: [],
      layers: ["http-connect"],
      stage: "proxy",
    });

  it("keep the target's role: what is refused too, and sumdb stays sumdb", () => {
    const judged = judge([
      refused(407, "proxy.golang.org"),
      refused(403, "sum.golang.org"),
      refused(200, "github.com"),
    ]);
    expect(words(judged)).toEqual(["module-proxy proxied", "sumdb sumdb", "vcs proxied"]);
    expect(judged[0].labelEvidence).toMatchObject({ grade: "seen", frame: 4 });
  });

  it("are shown by a sibling, by their port, or not at all", () => {
    const unanswered = (place: string) => unopened({ id: nextId++, target: target(place, "dns") });
    const sibling = refused(200, "sum.golang.org");
    expect(words(judge([sibling, unanswered(proxy)]))[1]).toBe("forward-proxy proxied");
    expect(words(judge([unanswered("squid.corp.example:3128")]))).toEqual(["forward-proxy proxied"]);
    expect(words(judge([unanswered("h.corp.example:8443")]))).toEqual(["unknown direct?"]);
  });

  it("ending before a SOCKS request, or hiding the target in TLS", () => {
    const own = {
      target: target("socks.corp.example:1080", "dns"),
      server: { address: "198.51.100.43", port: 1080 },
      tls: [],
    };
    const route = through("socks5", "socks.corp.example:1080", "");
    expect(words(judge([flow({ id: nextId++, ...own, route, layers: ["socks5"] })]))).toEqual([
      "forward-proxy proxied",
    ]);
    const hidden = { ...through("http-connect", "sproxy.corp.example:3129", "", 200, { overTls: true }) };
    const aim = target("sproxy.corp.example:3129");
    const inTls = to("", "go", { target: aim, server: { address: "198.51.100.44", port: 3129 }, route: hidden });
    expect(words(judge([inTls]))).toEqual(["unknown proxied"]);
  });

  it("serving several hosts on one connection are labelled by the first of sumdb, proxied, direct", () => {
    const targets = [target("ca.example:80", "http"), target("goproxy.corp.example:8081", "http")];
    const forward = (host: string, path: string) =>
      http(host, path, { scheme: "http", requestTarget: `http://${host}${path}` });
    const one = flow({
      id: nextId++,
      target: targets[0],
      targets,
      route: through("http-forward", proxy, "ca.example:80"),
      tls: [],
      layers: ["http/1.1"],
      http: [forward("ca.example", "/root.crt"), forward("goproxy.corp.example:8081", "/a.b/c/@v/list")],
    });
    expect(judge([one])[0]).toMatchObject({ label: "proxied" });
    const sum = forward("sum.x:80", "/lookup/a.b/c@v1.0.0");
    const three = { ...one, targets: [...targets, target("sum.x:80", "http")], http: [...one.http, sum] };
    expect(judge([three])[0]).toMatchObject({ role: "sumdb", label: "sumdb", carriesSumdb: true });
  });

  it("pass their label to the leg behind them", () => {
    const client = refused(200, "git.corp.example");
    const upstream = to("git.corp.example", "gnutls", { upstreamOf: client.id });
    const nat = to("github.com", "gnutls", { upstreamOf: 4_000_000 });
    expect(words(judge([client, upstream, nat]))).toEqual([
      expect.stringMatching(/ proxied$/),
      expect.stringMatching(/ proxied$/),
      "vcs direct",
    ]);
  });
});

describe("other traffic", () => {
  const curl = { userAgent: "curl/7.88.1", scheme: "http" as const };
  it.each([
    [
      "SSH",
      flow({ target: target("bastion.corp.example:22", "dns"), tls: [], layers: ["ssh"] }),
      "unknown other noise",
    ],
    [
      "plain HTTP by curl",
      flow({
        target: target("w.example:80", "http"),
        tls: [],
        layers: ["http/1.1"],
        http: [http("w.example", "/", curl)],
      }),
      "unknown other noise",
    ],
    ["a browser", to("www.example.net", "browser"), "unknown other noise"],
    ["a browser on github.com", to("github.com", "browser"), "vcs other noise"],
    [
      "a browser through a proxy",
      to("www.example.net", "browser", { route: through("http-connect", "p:3128", "www.example.net:443") }),
      "unknown other noise",
    ],
    ["a browser on proxy.golang.org", to("proxy.golang.org", "browser"), "module-proxy proxied"],
    ["a strange TLS library", to("www.example.net", "other"), "unknown other noise"],
    ["curl or git, which does not show", to("www.example.net", "openssl"), "unknown direct?"],
    ["DNS over TCP", flow({ target: target("192.0.2.53:53", "address"), tls: [], layers: ["dns"] }), "dns other noise"],
    ["a reset connection of a browser", to("www.example.net", "browser", { closed: "reset" }), "unknown other"],
    ["a SYN scan", unopened({ target: target("192.0.2.9:7", "address"), closed: "refused" }), "unknown other?"],
    ["an unanswered name", unopened({ target: target("h.corp.example", "dns") }), "unknown direct?"],
    [
      "TLS whose hello was not captured",
      flow({ target: target("192.0.2.9:443", "address"), tls: [] }),
      "unknown direct?",
    ],
    [
      "git over SSH to a known host",
      flow({ target: target("github.com:22", "dns"), tls: [], layers: ["ssh"] }),
      "vcs direct",
    ],
    ["telemetry", to("telemetry.go.dev", "go"), "other other"],
  ])("%s", (_, one, expected) => {
    expect(words(judge([one]))).toEqual([expected]);
  });

  it("with no Go in sight leaves silent connections alone", () => {
    const flows = [to("w.example", "browser"), unopened({ id: nextId++, target: target("h.example", "dns") })];
    expect(words(judge(flows))[1]).toBe("unknown other?");
  });
});

it("judges any mixture of flows the same in any order, and never fails", () => {
  const hosts = [
    "proxy.golang.org",
    "a.corp.example",
    "git.corp.example",
    "storage.googleapis.com",
    "go.dev",
    "x.example",
  ];
  const paths = [
    "/",
    "/a.b/c/@v/list",
    "/sumdb/x/supported",
    "/lookup/a.b/c@v1.0.0",
    "/c?go-get=1",
    "/info/refs",
    "/%zz/@v/list",
  ];
  const any = fc.record({
    host: fc.constantFrom(...hosts),
    path: fc.option(fc.constantFrom(...paths), { nil: undefined }),
    name: fc.constantFrom("go" as const, "gnutls" as const, "openssl" as const, "browser" as const, "other" as const),
    proxied: fc.boolean(),
    redirect: fc.option(fc.constantFrom("https://x.example/", "nonsense", "http://[::1]/"), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(any, { minLength: 1, maxLength: 8 }), (recipe) => {
      nextId = 0;
      const flows = recipe.map(({ host, path, name, proxied, redirect }) =>
        to(host, name, {
          ...(proxied && { route: through("http-connect", "p.example:3128", `${host}:443`) }),
          http:
            path === undefined
              ? []
              : [
                  http(host, path, {
                    requestFrame: nextId * 10 + 5,
                    ...(redirect !== undefined && { redirectTo: redirect }),
                  }),
                ],
        }),
      );
      for (const judged of judge(flows)) {
        expect(judged.noise && judged.label !== "other").toBe(false);
        expect(judged.roleEvidence.because).not.toBe("");
      }
    }),
    { seed: 7, numRuns: 100 },
  );
});

it("judges many targets in linear time", () => {
  const roles = new TargetRoles();
  const many = 40_000;
  for (let id = 0; id < many; id++) roles.observe(flow({ id, target: target(`h${id}.example`), route: direct() }));
  const judged = new Set<string>();
  for (let id = 0; id < many; id++) {
    judged.add(roles.judge(flow({ id, target: target(`h${id}.example`), route: direct() })).role);
  }
  expect([...judged]).toEqual(["unknown"]);
});
