import { describe, expect, it } from "vitest";
import type { DnsReport, HttpReport, ObservedFlow } from "../../../src/flow/model.ts";
import { dnsReport, rulesOf } from "../../build/findings.ts";
import { stack, tls } from "../../build/flows.ts";
import { asked, closedTo, m, module, story, tell, to, way } from "../../build/story.ts";

/* How a module that did not come is told, and in whose words: each error as the real go command printed it. */

const first = "GOPROXY=https://p.example";
const subject = "example.com/m@v1.0.0";
const url = (kind: string): string => `https://p.example${m}.${kind}`;

describe("an answer that breaks off", () => {
  const closed = { closed: "fin", closedBy: "server" } as const;
  const alerts = [{ from: "server", level: "warning", description: "close_notify (0)", frame: 9, grade: "decrypted" }];
  const reset = { from: "server", error: "INTERNAL_ERROR (2)", frame: 9 } as const;

  it.each([
    [
      "h2, in its midst",
      "zip",
      200,
      { stream: 11, reset },
      {},
      `read "${url("zip")}": stream error: stream ID 11; INTERNAL_ERROR; received from peer`,
    ],
    [
      "h2, before it",
      "info",
      undefined,
      { stream: 5, reset },
      {},
      `Get "${url("info")}": stream error: stream ID 5; INTERNAL_ERROR; received from peer`,
    ],
    ["HTTP/1, in its midst", "zip", 200, {}, closed, `read "${url("zip")}": unexpected EOF`],
    ["HTTP/1, before it", "info", undefined, {}, closed, `Get "${url("info")}": EOF`],
    [
      "TLS closed, then RST",
      "zip",
      200,
      {},
      { ...closed, closed: "reset", tls: [tls({ alerts } as object)] },
      `read "${url("zip")}": unexpected EOF`,
    ],
    ["RST alone: what Go had read decides", "zip", 200, {}, { ...closed, closed: "reset" }, undefined],
    ["behind GOAWAY", "zip", 200, { stream: 3 }, { ...closed, goAways: [] }, undefined],
  ] as const)("by %s", (_, kind, status, report, more, printed) => {
    const told = module(story([to("p.example", [asked("p.example", `${m}.${kind}`, status, report)], more)], first));
    expect(told.outcome).toBe("failed");
    expect(told.goError).toBe(printed && `${subject}: ${printed}`);
  });

  it("is open where the client gave it up, and decided where its status tells enough", () => {
    const given = { from: "client", error: "CANCEL (8)", frame: 9 } as const;
    const outcome = (status: number): string =>
      module(story([to("p.example", [asked("p.example", `${m}.zip`, status, { reset: given })])], first)).outcome;
    expect([200, 403].map(outcome)).toEqual(["unknown", "failed"]);
  });

  it("leads nowhere when the command was ended while it waited", () => {
    const waited = { requestTime: "2026-12-01T10:00:00.000000000Z" };
    const info = asked("p.example", `${m}.info`, undefined, waited);
    const left = { closedBy: "client", end: "2026-12-01T10:00:09.000000000Z" } as const;
    const told = story([to("p.example", [info], left)], `${first}|https://p2.example`);
    expect(way(told)).toEqual(["p.example failed"]);
    expect(module(told)).toMatchObject({ outcome: "failed", failure: { entry: "https://p.example" } });
  });
});

describe("a web page in the place of a file", () => {
  const contentType = "text/html; charset=utf-8";
  const page = (kind: string, more: object = {}): ObservedFlow =>
    to("p.example", [asked("p.example", `/example.com/m/${kind}`, 200, { contentType, ...more })]);

  it.each([
    [
      "@v/v1.0.0.info",
      "info",
      "invalid response from proxy \"https://p.example\": invalid character '<' looking for beginning of value",
    ],
    ["@v/v1.0.0.zip", "zip", "zip: not a valid zip file"],
    ["@v/v1.0.0.mod", "mod", undefined],
  ])("is no %s", (path, wanted, printed) => {
    const told = module(story([page(path)], first));
    expect(told).toMatchObject({
      outcome: "failed",
      [wanted]: { failure: "200 OK, a web page" },
      failure: { wanted, status: 200 },
    });
    expect(told.goError).toBe(printed && `${subject}: ${printed}`);
  });

  it("is an error that | lets go on where Go sees it, and ends the list where Go takes it for the file", () => {
    const list = `${first}|https://p2.example`;
    expect(way(story([page("@v/v1.0.0.info")], list))).toEqual(["p.example refused >", "p2.example unknown"]);
    expect(way(story([page("@v/v1.0.0.zip")], list))).toEqual(["p.example refused"]);
  });

  it("has no versions, so that Go asks on", () => {
    expect(module(story([page("@v/list")], first))).toMatchObject({ outcome: "part", list: { status: 200 } });
  });

  it("is none where the redirect of a zip leads", () => {
    const zip = asked("p.example", `${m}.zip`, 302, { redirectTo: "https://storage.example/z" });
    const login = asked("storage.example", "/z", 200, { contentType });
    const told = story([to("p.example", [zip]), to("storage.example", [login])], first);
    expect(module(told)).toMatchObject({ outcome: "failed", goError: `${subject}: zip: not a valid zip file` });
  });

  it("is no lookup", () => {
    const zip = asked("p.example", `${m}.zip`, 200);
    const lookup = asked("sum.golang.org", `/lookup/${subject}`, 200, { contentType });
    const told = story([to("p.example", [zip]), to("sum.golang.org", [lookup])], first);
    expect(module(told)).toMatchObject({ outcome: "failed", checksum: { failure: "200 OK, a web page" } });
  });
});

describe("a redirect from https to plain HTTP", () => {
  it.each(["info", "zip"])("of .%s is not followed", (kind) => {
    const plain = "http://p.example/x";
    const told = module(
      story([to("p.example", [asked("p.example", `${m}.${kind}`, 301, { redirectTo: plain })])], first),
    );
    expect(told).toMatchObject({
      outcome: "failed",
      failure: { wanted: kind, answer: `301 Moved Permanently to plain HTTP, ${plain}` },
      goError: `${subject}: Get "${plain}": redirected from secure URL ${url(kind)} to insecure URL ${plain}`,
    });
  });

  it("is followed where somebody was seen to", () => {
    const zip = asked("p.example", `${m}.zip`, 302, { redirectTo: "http://storage.example/z" });
    const storage = asked("storage.example", "/z", 200, { scheme: "http" });
    const flows = [to("p.example", [zip]), to("storage.example:80", [storage])];
    expect(module(story(flows, first)).outcome).not.toBe("failed");
  });
});

describe("content that is of no use", () => {
  const served = (path: string, contentError: HttpReport["contentError"]): ObservedFlow =>
    to("p.example", [asked("p.example", `/example.com/m/@v/${path}`, 200, { contentError: contentError! })]);
  const damaged = { kind: "unreadable", text: "unexpected end of JSON input" } as const;
  const other = { kind: "other", text: "proxy returned info for version v2 instead of requested version" } as const;
  const cut = { kind: "unreadable", text: "zip: not a valid zip file" } as const;
  const foreign = { kind: "other", text: "unexpected file x" } as const;

  it.each([
    ["v1.0.0.info", damaged, `invalid response from proxy "https://p.example": ${damaged.text}`],
    ["v1.0.0.info", other, other.text],
    ["v1.0.0.zip", cut, cut.text],
    ["v1.0.0.zip", foreign, `zip for ${subject} has unexpected file x`],
  ])("fails .%s", (path, error, printed) => {
    const told = module(story([served(path, error)], first));
    expect(told).toMatchObject({ outcome: "failed", failure: { status: 200 }, goError: `${subject}: ${printed}` });
  });

  it("lets | go on where Go sees it at once", () => {
    const list = `${first}|https://p2.example`;
    const second = to("p2.example", [asked("p2.example", `${m}.info`, 200)]);
    expect(way(story([served("v1.0.0.info", other), second], list))).toEqual([
      "p.example refused >",
      "p2.example served",
    ]);
    expect(way(story([served("v1.0.0.zip", cut)], list))).toEqual(["p.example refused"]);
  });
});

describe("a page that names no code", () => {
  const none = { kind: "other", text: "no go-import meta tags ()" } as const;
  const git = { vcs: "git", root: "https://git.example/m" };
  const pageOf = (path: string, more: Partial<HttpReport>): ObservedFlow =>
    to("example.com", [asked("example.com", `/${path}?go-get=1`, 200, more)]);
  const unrecognized = `module example.com/m: unrecognized import path "example.com/m": parse https://example.com/m?go-get=1: no go-import meta tags`;

  it.each([
    [{ contentError: none }, `${unrecognized} ()`],
    [
      { goImports: [{ ...git, prefix: "example.com/n" }] },
      `${unrecognized} (meta tag example.com/n did not match import path example.com/m)`,
    ],
  ])("leaves nobody to tell where it is: %o", (more, printed) => {
    const told = module(story([pageOf("m", more)], "GOPROXY=direct"));
    expect(told).toMatchObject({ outcome: "failed", failure: { wanted: "code", status: 200 }, goError: printed });
  });

  it("does not matter for a prefix of the path, nor where nothing is known of it", () => {
    const page = pageOf("m", { goImports: [{ ...git, prefix: "example.com/m" }] });
    const told = story([pageOf("", { contentError: none }), page], "GOPROXY=direct");
    expect(told.modules.map((each) => `${each.module} ${each.outcome}`)).toEqual(["example.com/m unknown"]);
    expect(module(story([pageOf("m", {})], "GOPROXY=direct")).outcome).toBe("unknown");
  });
});

describe("redirects without end", () => {
  const circle = (count: number): ObservedFlow => {
    const redirectTo = "https://p.example/loop";
    const paths = [`${m}.info`, ...Array.from({ length: count - 1 }, () => "/loop")];
    return to(
      "p.example",
      paths.map((path) => asked("p.example", path, 302, { redirectTo })),
    );
  };

  it("stop at the tenth", () => {
    const told = module(story([circle(10)], first));
    expect(told).toMatchObject({
      outcome: "failed",
      failure: { answer: "302 to p.example: 302 Found, redirect 10 in a row" },
      goError: `${subject}: Get "https://p.example/loop": stopped after 10 redirects`,
    });
    expect(told.failure?.status).toBeUndefined();
  });

  it("are open before that", () => {
    expect(module(story([circle(9)], first)).outcome).toBe("unknown");
  });
});

describe("a redirect to a place that nobody reached", () => {
  const location = "https://storage.example/z";
  const zip = (): ObservedFlow => to("p.example", [asked("p.example", `${m}.zip`, 302, { redirectTo: location })]);

  it("fails with the connection", () => {
    const refused = closedTo("storage.example", { closed: "refused", role: "storage" } as object);
    const told = module(story([zip(), refused], first));
    expect(told).toMatchObject({ outcome: "failed", failure: { wanted: "zip", flow: refused.id } });
    expect(told.goError).toContain(`${subject}: Get "${location}": dial tcp `);
  });

  it("fails with its name", () => {
    const told = module(tell([zip()], [first], undefined, [unresolved("storage.example", "NXDOMAIN")]));
    expect(told).toMatchObject({
      outcome: "failed",
      zip: { failure: "its name storage.example was not resolved: NXDOMAIN", redirectedTo: "storage.example:443" },
      failure: { frame: 777 },
      goError: `${subject}: Get "${location}": dial tcp: lookup storage.example on 192.0.2.1:53: no such host`,
    });
  });
});

const unresolved = (name: string, responseCode: string): DnsReport => ({
  name,
  type: "A",
  client: "192.0.2.10",
  server: "192.0.2.1",
  frame: 777,
  questions: 1,
  answers: [],
  responseCode,
});

describe("a name that was not resolved", () => {
  const missing = (): ObservedFlow => to("p.example", [asked("p.example", `${m}.info`, 404)]);

  it.each([
    ["NXDOMAIN", "no such host"],
    ["SERVFAIL", "server misbehaving"],
  ])("leaves nobody to tell where a module lives: %s", (code, words) => {
    const told = module(tell([missing()], [`${first},direct`], undefined, [unresolved("example.com", code)]));
    expect(told).toMatchObject({
      outcome: "failed",
      failure: { wanted: "code", entry: "direct", frame: 777 },
      goError: `${subject}: unrecognized import path "example.com/m": https fetch: Get "https://example.com/m?go-get=1": dial tcp: lookup example.com on 192.0.2.1:53: ${words}`,
    });
    expect(told.failure?.flow).toBeUndefined();
  });

  it("hides the repository that a page names", () => {
    const goImports = [{ prefix: "example.com/m", vcs: "git", root: "https://git.example/m" }];
    const page = to("example.com", [asked("example.com", "/m?go-get=1", 200, { goImports })]);
    const told = module(tell([page], ["GOPROXY=direct"], undefined, [unresolved("git.example", "NXDOMAIN")]));
    expect(told).toMatchObject({ outcome: "failed", failure: { frame: 777, entry: "direct" } });
  });

  it("is an entry of GOPROXY that failed", () => {
    const served = to("p2.example", [asked("p2.example", `${m}.info`, 200)]);
    const told = tell([served], [`${first}|https://p2.example`], undefined, [unresolved("p.example", "NXDOMAIN")]);
    expect(way(told)).toEqual(["p.example failed >", "p2.example served"]);
  });

  it("says nothing where an address came after all", () => {
    const answers = [{ name: "example.com", type: "A", value: "192.0.2.80" }];
    const later = { ...unresolved("example.com", "NOERROR"), answers };
    const told = module(
      tell([missing()], [`${first},direct`], undefined, [unresolved("example.com", "SERVFAIL"), later]),
    );
    expect(told.failure?.frame).not.toBe(777);
  });
});

it("a toolchain that no proxy has is lost there, though its origin has no address", () => {
  const path = "/golang.org/toolchain/@v/v0.0.1-go1.99.0.linux-amd64.zip";
  const answer = asked("p.example", path, 404);
  const frame = answer.requestFrame + 2;
  const dns = [dnsReport("golang.org", { responseCode: "NXDOMAIN", client: "192.0.2.10", frame })];
  const told = tell([to("p.example", [answer])], [`${first},direct`], undefined, dns);
  expect(way(told)).toEqual(["p.example not-found >", "direct failed"]);
  expect(module(told)).toMatchObject({
    failure: { entry: "https://p.example", status: 404, frame: answer.requestFrame },
    goError: "download go1.99.0 for linux/amd64: toolchain not available",
  });
  expect(rulesOf({ dns, modules: told.modules })).toEqual(["note dns-failure"]);
});

describe("without GOPROXY", () => {
  const zip = (): ObservedFlow => to("p2.example", [asked("p2.example", `${m}.zip`, 200)]);
  const refused = (): ObservedFlow => closedTo("proxy.golang.org", { closed: "refused" });
  const probe = (closed: "fin" | "capture-end"): ObservedFlow =>
    to("p2.example", [asked("p2.example", "/sumdb/sum.golang.org/supported", 404)], { closed });

  it("a module proxy that was not reached is a step of the walk, and the end of it behind the mirrors of the database", () => {
    const told = story([refused(), zip(), probe("fin")]);
    expect(way(told)).toEqual(["proxy.golang.org failed >", "p2.example served"]);
    expect(module(told)).toMatchObject({ outcome: "failed", failure: { wanted: "checksum" } });
    expect(module(story([refused(), zip(), probe("capture-end")])).outcome).toBe("unknown");
  });

  it("what ends in 404 is no error in Go's words: off or direct may follow", () => {
    const told = module(story([to("p.example", [asked("p.example", `${m}.info`, 404)])]));
    expect(told.outcome).toBe("failed");
    expect(told.goError).toBeUndefined();
  });
});

it("a program that calls itself Go and has another library loses nothing of Go's", () => {
  const agent = { userAgent: "Go-http-client/2.0" };
  const info = (): ReturnType<typeof asked> => asked("p.example", `${m}.info`, 403, agent);
  const lossOf = (more: Partial<ObservedFlow>): unknown => module(story([to("p.example", [info()], more)])).failure;
  expect(lossOf({ tls: [tls({ clientStack: stack("openssl") })] })).toBeUndefined();
  expect(lossOf({ layers: ["h2"], tls: [] })).toBeUndefined();
  expect(lossOf({ tls: [tls({ clientStack: stack("other") })] })).toBeDefined();
});

it("a toolchain that nobody has is told in the words for toolchains", () => {
  const path = "/golang.org/toolchain/@v/v0.0.1-go1.99.0.linux-amd64.zip";
  const told = story([to("p.example", [asked("p.example", path, 404)])], first);
  expect(module(told).goError).toBe("download go1.99.0 for linux/amd64: toolchain not available");
});

describe("a version that no proxy has and of whose repository only the versions were listed", () => {
  const git = { userAgent: "git/2.39.5", responseBytes: 200 };
  const missing = (): ObservedFlow => to("p.example", [asked("p.example", "/github.com/lab/m/@v/v9.9.9.info", 404)]);
  const listing = (more: Partial<ObservedFlow> = {}): ObservedFlow => {
    const refs = asked("github.com", "/lab/m/info/refs?service=git-upload-pack", 200, git);
    const listed = asked("github.com", "/lab/m/git-upload-pack", 200, { ...git, method: "POST" });
    return to("github.com", [refs, listed], more);
  };
  const list = `${first},direct`;

  it("is not among them where that was the last of all", () => {
    const told = module(story([missing(), listing()], list));
    expect(told).toMatchObject({
      outcome: "failed",
      failure: { wanted: "info", entry: "https://p.example", status: 404 },
    });
    expect(told.goError).toBe("github.com/lab/m@v9.9.9: invalid version: unknown revision v9.9.9");
  });

  it.each<[string, () => ObservedFlow[]]>([
    [
      "something was asked behind it",
      () => [missing(), listing(), to("p.example", [asked("p.example", `${m}.zip`, 200)])],
    ],
    ["the capture ends before", () => [missing(), listing({ closed: "capture-end" })]],
  ])("may have come where %s", (_, flows) => {
    const [told] = story(flows(), list).modules;
    expect([told.outcome, told.goError]).toEqual(["unknown", undefined]);
  });
});

it("a repository of which only the versions were listed did not come", () => {
  const git = { userAgent: "git/2.39.5", responseBytes: 200 };
  const refs = asked("github.com", "/lab/m/info/refs?service=git-upload-pack", 200, git);
  const listed = asked("github.com", "/lab/m/git-upload-pack", 200, { ...git, method: "POST" });
  const told = story([to("github.com", [refs, listed])], "GOPROXY=direct");
  expect(module(told)).toMatchObject({ outcome: "unknown", origin: { listedOnly: true } });
});
