import { describe, expect, it } from "vitest";
import type { Finding, Flow, HttpReport } from "../../src/flow/model.ts";
import type { StoryFailure, StoryModule } from "../../src/flow/story.ts";
import { findingsOf, rulesOf } from "../build/findings.ts";
import { http, judgedFlow, target } from "../build/flows.ts";

const host = "goproxy.corp.example";
const ask = (path: string, status: number, more: Partial<HttpReport> = {}): HttpReport =>
  http(host, path, { scheme: "http", status, ...more });
const clear = (requests: readonly HttpReport[], more: Partial<Flow> = {}): Flow =>
  judgedFlow({
    target: target(`${host}:80`, "http"),
    tls: [],
    layers: ["http/1.1"],
    stage: "http",
    http: requests,
    ...more,
  });

const info = "/example.org/m/@v/v1.0.0.info";
const zip = "/example.org/m/@v/v1.0.0.zip";
const html = { contentType: "text/html; charset=utf-8" };

describe("answers to requests that can be read", () => {
  it.each<[string, readonly HttpReport[], string[]]>([
    ["good", [ask(info, 200), ask(zip, 200)], []],
    ["HTML", [ask(info, 200, html)], ["error http-portal"]],
    [
      "a redirect to a login page",
      [ask(info, 302, { redirectTo: "http://login.example/?r=1" })],
      ["error http-portal"],
    ],
    [
      "a redirect to a login page that is told what was asked for",
      [ask(info, 302, { redirectTo: `http://login.example/?u=http://${host}${info}` })],
      ["error http-portal"],
    ],
    [
      "a redirect to a file under a name of its own",
      [
        ask(info, 302, { redirectTo: "http://files.example/ab12?t=1" }),
        ask("/ab12?t=1", 200, { requestTarget: "http://files.example/ab12?t=1", contentType: "application/json" }),
      ],
      [],
    ],
    ["511", [ask(info, 511)], ["error http-portal"]],
    ["a redirect of a zip to its storage", [ask(zip, 302, { redirectTo: "https://storage.googleapis.com/x" })], []],
    ["a redirect to another module proxy", [ask(info, 302, { redirectTo: `https://p.example${info}` })], []],
    ["a redirect on the host", [ask(info, 301, { redirectTo: `http://${host}/go${info}` })], []],
    ["HTML for discovery", [ask("/m?go-get=1", 200, html)], []],
    ["404 for discovery", [ask("/m?go-get=1", 404)], []],
    ["403", [ask(info, 403)], ["error http-error"]],
    [
      "403 where the same proxy has another module",
      [ask(info, 403), ask("/example.com/n/@v/list", 200)],
      ["error http-error"],
    ],
    ["403 for a prefix of a module", [ask("/example.org/@v/v1.0.0.info", 403), ask(info, 200)], ["warning http-error"]],
    ["500 twice", [ask(info, 500), ask(info, 500)], ["error http-error"]],
    ["401, then credentials", [ask(info, 401), ask(info, 200, { authorization: "Basic" })], []],
    ["404 for all", [ask(info, 404)], ["warning http-not-found"]],
    ["404 for a prefix of a module", [ask("/example.org/@v/v1.0.0.info", 404), ask(info, 200)], []],
    ["404 for one of two", [ask(info, 200), ask("/example.com/n/@v/list", 404)], ["note http-not-found"]],
    ["/supported 404: no mirror", [ask("/sumdb/sum.golang.org/supported", 404)], []],
    ["/supported 403", [ask("/sumdb/sum.golang.org/supported", 403)], ["error http-error"]],
    ["a lookup 404", [ask("/lookup/example.org/m@v1.0.0", 404)], ["error http-error"]],
    ["401, then credentials for what is not there", [ask(info, 401), ask(info, 404)], ["warning http-not-found"]],
    [
      "git's first 401, then credentials",
      [ask("/r/info/refs?service=git-upload-pack", 401), ask("/r/info/refs?service=git-upload-pack", 200)],
      [],
    ],
    ["git's 401 for good", [ask("/r/info/refs?service=git-upload-pack", 401)], ["error http-error"]],
    ["a web page that is no business of Go's", [ask("/index.html", 500, html)], []],
    ["nothing yet", [{ ...ask(info, 200), status: undefined } as unknown as HttpReport], []],
  ])("%s", (_, requests, expected) => {
    expect(rulesOf({ flows: [clear(requests)] })).toEqual(expected);
  });

  it("weigh less where another proxy gave modules", () => {
    expect(rulesOf({ flows: [clear([ask(info, 500)]), judgedFlow({ id: 1 })] })).toEqual(["warning http-error"]);
  });

  it("of a forward proxy to module requests in origin form tell a mix-up of GOPROXY", () => {
    const squid = (settings?: string) => {
      const flow = clear([ask(info, 400)], { target: target("proxy.corp.example:3128", "http") });
      return rulesOf({ flows: [flow], ...(settings !== undefined && { settings }) });
    };
    expect(squid()).toEqual(["error goproxy-as-forward-proxy"]);
    expect(squid("HTTPS_PROXY=http://proxy.corp.example:3128")).toEqual(["error goproxy-as-forward-proxy"]);
    const settings = "GOPROXY=http://proxy.corp.example\nHTTPS_PROXY=http://proxy.corp.example:80";
    const flow = clear([ask(info, 400)], { target: target("proxy.corp.example:80", "http") });
    expect(findingsOf({ flows: [flow], settings })[0].remedy).toMatch(/HTTPS_PROXY=http:\/\/proxy\.corp\.example:80,/);
  });

  describe("over which Go gave a module up", () => {
    const lost = (request: HttpReport, failure: Partial<StoryFailure>, more: Partial<Flow> = {}): Finding[] => {
      const status = request.status === undefined ? {} : { status: request.status };
      const told: StoryModule = {
        client: "192.0.2.10",
        module: "example.org/m",
        version: "v1.0.0",
        outcome: "failed",
        walks: [],
        failure: {
          ...{ wanted: "zip", entry: "https://p.example", answer: "refused", grade: "seen", flow: 0 },
          ...status,
          frame: request.requestFrame,
          ...failure,
        },
      };
      const flows = [clear([request], more), judgedFlow({ id: 1 })];
      return [...findingsOf({ flows, modules: [told] })].filter(({ severity }) => severity === "error");
    };

    it("are errors, though other modules came", () => {
      expect(lost(ask(zip, 403), {})).toMatchObject([
        {
          rule: "http-error",
          detail: expect.stringContaining("Go gave up over it: example.org/m@v1.0.0 did not come.") as string,
        },
      ]);
      expect(lost(ask(zip, 404), {})).toMatchObject([
        { rule: "http-not-found", title: `${host} has no .zip of example.org/m` },
      ]);
      expect(lost(ask("/m?go-get=1", 404), { wanted: "code" })).toMatchObject([
        { rule: "http-not-found", title: `${host} does not tell where ${host}/m lives` },
      ]);
      expect(lost(ask("/r/info/refs?service=git-upload-pack", 404), { wanted: "code" })).toMatchObject([
        { rule: "http-not-found", title: `${host} has no repository /r` },
      ]);
    });

    it("are errors where they broke off, unless the connection itself is the finding", () => {
      const cut = { status: undefined, answer: "the server closed the connection" } as unknown as StoryFailure;
      expect(lost(ask(zip, 200), cut)).toMatchObject([
        {
          rule: "http-broken-off",
          title: `${host} did not deliver the .zip of example.org/m@v1.0.0: the server closed the connection`,
        },
      ]);
      const reset = { closed: "reset", closedBy: "server" } as const;
      const unanswered = { ...ask(zip, 200), status: undefined } as unknown as HttpReport;
      expect(lost(unanswered, cut, reset).map(({ rule }) => rule)).toEqual(["server-reset"]);
    });

    it("are errors where https was sent on to plain HTTP", () => {
      const redirectTo = `http://${host}/x`;
      const refused = {
        status: undefined,
        answer: `302 Found to plain HTTP, ${redirectTo}`,
      } as unknown as StoryFailure;
      expect(lost(ask(zip, 302, { redirectTo, scheme: "https" }), refused)).toMatchObject([
        {
          rule: "http-broken-off",
          remedy: expect.stringContaining(`Have ${host} redirect to https:// URLs`) as string,
        },
      ]);
    });

    it("are errors where what came is of no use, or redirects had no end", () => {
      const contentError = { kind: "unreadable", text: "zip: not a valid zip file" } as const;
      expect(lost(ask(zip, 200, { contentError }), {})).toMatchObject([
        { rule: "http-broken-off", detail: expect.stringContaining(contentError.text) as string },
      ]);
      const stopped = { status: undefined, answer: "302 Found, redirect 10 in a row" } as unknown as StoryFailure;
      expect(lost(ask(zip, 302, { redirectTo: `https://${host}/x` }), stopped)).toMatchObject([
        { rule: "http-broken-off", detail: expect.stringContaining("sent on for the tenth time") as string },
      ]);
    });

    it("are pages where a lookup should be", () => {
      const page = { status: undefined, answer: "200 OK, a web page", wanted: "checksum" } as unknown as StoryFailure;
      expect(lost(ask("/lookup/example.org/m@v1.0.0", 200, html), page)).toMatchObject([
        {
          severity: "error",
          rule: "http-portal",
          title: `${host} answers checksum requests with a page: a login or block page`,
        },
      ]);
    });

    it("are errors of the checksum database's key where that is what Go refused", () => {
      const signature = { result: "not-provable", because: "no known key", key: "sum.example+1" } as const;
      const answer = { module: "example.org/m", version: "v1.0.0", database: "sum.example", flow: 0, frame: 8 };
      const checksums = { databases: [], records: [], lookups: [{ ...answer, signature, inclusion: signature }] };
      const failure = { wanted: "checksum", entry: "sum.example", answer: "other key", status: 200, flow: 0, frame: 8 };
      const told = { client: "", module: "example.org/m", outcome: "failed", walks: [] } as const;
      const modules = [{ ...told, failure: { ...failure, grade: "seen" as const } }];
      expect(rulesOf({ flows: [clear([ask("/lookup/example.org/m@v1.0.0", 200)])], checksums, modules })).toEqual([
        "error checksum-note-unverified",
      ]);
    });
  });

  it.each([
    [`GOPROXY=http://${host}|direct`, 'the "|" behind it in GOPROXY lets Go go on'],
    [`GOPROXY=http://${host},direct`, 'separate the entries of GOPROXY with "|"'],
    [`GOPROXY=http://${host}`, "it is the last entry of GOPROXY"],
  ])("advise nothing that is set already: %s", (settings, advice) => {
    expect(findingsOf({ flows: [clear([ask(info, 500)])], settings })[0].remedy).toContain(advice);
  });

  it("are told in the server's words", () => {
    const [finding] = findingsOf({ flows: [clear([ask(zip, 403, { errorText: "quarantined:\nlicence." })])] });
    expect(finding.detail).toContain('was answered 403 ("quarantined: licence").');
  });

  it("are told in the words that Go does not print", () => {
    const [finding] = findingsOf({ flows: [clear([ask(zip, 403, { errorReason: "Blocked by policy." })])] });
    expect(finding.detail).toContain('was answered 403 ("Blocked by policy", in a form that Go does not print).');
  });

  it("are told in the words of the second answer where the first was left unread", () => {
    const [finding] = findingsOf({ flows: [clear([ask(zip, 403), ask(zip, 403, { errorText: "no" })])] });
    expect(finding.detail).toContain('were answered 403 ("no").');
  });

  it("say of credentials that were sent that they were refused", () => {
    const sent = [ask(info, 401), ask(info, 401, { authorization: "Basic" })];
    expect(findingsOf({ flows: [clear(sent)] })[0].remedy).toMatch(
      /^The credentials that were sent \(Basic\) do not do/,
    );
    expect(findingsOf({ flows: [clear([ask(info, 401)])] })[0].remedy).toMatch(/^Give credentials: GOAUTH or a .netrc/);
  });

  it("quote what is not there, and name the path of the proxy where it has one", () => {
    const path = `/art/go${info}`;
    const [finding] = findingsOf({ flows: [clear([ask(path, 404, { errorText: "repository not found" })])] });
    expect(finding.detail).toContain('was answered 404 or 410 ("repository not found").');
    expect(finding.remedy).toContain("whether /art/go is the path of that proxy in GOPROXY");
  });

  it("ask for no credentials where a redirect leads", () => {
    const stored = ask("/proxy-golang-org-prod/a.zip", 401, {
      go: { kind: "storage" },
      host: "storage.googleapis.com",
    });
    const flow = { ...clear([stored]), target: target("storage.googleapis.com") };
    expect(findingsOf({ flows: [flow] })[0].remedy).toMatch(/^Go gives no credentials where a redirect leads/);
  });

  it("name the way out for a private module that the database does not know", () => {
    const [finding] = findingsOf({ flows: [clear([ask("/lookup/corp.example/m@v1.0.0", 410)])] });
    expect(finding.remedy).toContain("set GOPRIVATE (or GONOSUMDB)");
    expect(finding.frames).toEqual([8, 9]);
  });
});
