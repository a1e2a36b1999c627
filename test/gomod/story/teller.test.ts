import { verifierKey } from "../../build/configuration.ts";
import { describe, expect, it } from "vitest";
import type { ObservedFlow } from "../../../src/flow/model.ts";
import type { Story, StoryModule } from "../../../src/flow/story.ts";
import { tls } from "../../build/flows.ts";
import { asked, closedTo, m, module, story, tell, to, way } from "../../build/story.ts";

describe("modules", () => {
  it("say who served which file", () => {
    const files = ["info", "mod", "zip"].map((kind) => asked("p.example", `${m}.${kind}`, 200, { responseBytes: 70 }));
    const lookup = asked("sum.golang.org", "/lookup/example.com/m@v1.0.0", 200);
    const told = story([to("p.example", files), to("sum.golang.org", [lookup])], "GOPROXY=https://p.example");
    expect(told).toMatchObject({ grade: "decrypted", proxyList: "https://p.example" });
    expect(module(told)).toMatchObject({
      module: "example.com/m",
      version: "v1.0.0",
      outcome: "fetched",
      info: { servedBy: "p.example:443", status: 200, bytes: 70, frame: files[0].requestFrame },
      zip: { servedBy: "p.example:443", grade: "decrypted" },
      checksum: { servedBy: "sum.golang.org:443", mirrored: false, status: 200 },
      walks: [{ files: ["info", "mod", "zip"] }],
    });
    expect(told.databases).toMatchObject([{ name: "sum.golang.org", lookups: 1, tiles: 0 }]);
    expect(told.places.map(({ host, role }) => `${host} ${role}`)).toEqual([
      "p.example module-proxy",
      "sum.golang.org sumdb",
    ]);
  });

  it("follow a zip to its storage, and fail with it", () => {
    const location = "https://storage.example/z";
    const zip = asked("p.example", `${m}.zip`, 302, { redirectTo: location });
    const stored = asked("storage.example", "/z", 403);
    const told = story([to("p.example", [zip]), to("storage.example", [stored])], "GOPROXY=https://p.example,direct");
    expect(module(told)).toMatchObject({
      outcome: "failed",
      zip: { servedBy: "p.example:443", redirectedTo: "storage.example:443", status: 403 },
      goError: "example.com/m@v1.0.0: reading https://p.example/example.com/m/@v/v1.0.0.zip: 403 Forbidden",
    });
  });

  it("come by a redirect, whatever the names are where it leads", () => {
    const location = `https://storage.example/bucket${m}.zip`;
    const zip = asked("p.example", `${m}.zip`, 302, { redirectTo: location });
    const stored = asked("storage.example", `/bucket${m}.zip`, 200, { responseBytes: 70 });
    const told = story([to("p.example", [zip]), to("storage.example", [stored])], "GOPROXY=https://p.example,direct");
    expect(told.modules).toHaveLength(1);
    expect(module(told)).toMatchObject({
      outcome: "fetched",
      zip: { servedBy: "p.example:443", redirectedTo: "storage.example:443", status: 200, bytes: 70 },
    });
    expect(module(told).goError).toBeUndefined();
    expect(way(told)).toEqual(["p.example served"]);
    expect(told.places.map(({ role }) => role)).toEqual(["module-proxy", "storage"]);
  });

  it("are not called failed where nobody sees what a redirect led to", () => {
    const zip = asked("p.example", `${m}.zip`, 302, { redirectTo: "https://storage.example/z" });
    const told = story([to("p.example", [zip])], "GOPROXY=https://p.example,direct");
    expect(module(told).outcome).toBe("unknown");
    expect(module(told).goError).toBeUndefined();
    expect(way(told)).toEqual(["p.example unknown"]);
  });

  it("fail where their hash is not the one that the database vouches for", () => {
    const zip = asked("p.example", `${m}.zip`, 200);
    const lookup = asked("sum.golang.org", "/lookup/example.com/m@v1.0.0", 200);
    const flows = [to("p.example", [zip]), to("sum.golang.org", [lookup])];
    const record = { module: "example.com/m", version: "v1.0.0", kind: "zip", because: "hashes differ" } as const;
    const outcomeWith = (result: "proved" | "contradicted", ...settings: string[]): string => {
      const checksums = { databases: [], lookups: [], records: [{ ...record, result }] };
      return module(tell(flows, settings, checksums)).outcome;
    };
    expect(outcomeWith("proved")).toBe("fetched");
    expect(outcomeWith("contradicted")).toBe("failed");
    expect(outcomeWith("contradicted", "go: downloading a.example v1.0.0\ngo: added example.com/m v1.0.0")).toBe(
      "fetched",
    );
  });

  it("fail where the answer breaks off", () => {
    const reset = { from: "server", error: "INTERNAL_ERROR (2)", frame: 9 } as const;
    const stopped = story(
      [to("p.example", [asked("p.example", `${m}.zip`, 200, { reset })])],
      "GOPROXY=https://p.example",
    );
    expect(module(stopped)).toMatchObject({
      outcome: "failed",
      zip: { failure: "the server reset the stream in the middle of the answer 200 (INTERNAL_ERROR (2))" },
    });
    const zip = asked("p.example", `${m}.zip`, 200);
    const closed = { closed: "reset", closedBy: "server" } as const;
    const cut = story([to("p.example", [zip], closed)], "GOPROXY=https://p.example");
    expect(module(cut)).toMatchObject({
      outcome: "failed",
      zip: { failure: expect.stringContaining("closed") as unknown },
    });
    const whole = { ...zip, endFrame: zip.requestFrame + 1 };
    expect(module(story([to("p.example", [whole], closed)])).outcome).toBe("fetched");
    const lost = { ...closed, lost: { clientToServer: 0, serverToClient: 1 } };
    expect(module(story([to("p.example", [zip], lost)])).outcome).toBe("fetched");
  });

  it("are open where the client left, and failed where it had waited", () => {
    const report = asked("p.example", `${m}.info`, undefined, { requestTime: "2026-12-01T10:00:00.000000000Z" });
    const left = { closedBy: "client", end: "2026-12-01T10:00:00.100000000Z" } as const;
    expect(module(story([to("p.example", [report], left)]))).toMatchObject({ outcome: "unknown", seconds: 0.1 });
    const hung = story([to("p.example", [report], { ...left, end: "2026-12-01T10:00:06.100000000Z" })]);
    expect(module(hung)).toMatchObject({
      outcome: "failed",
      info: { failure: "no answer came in 6 s, then the client left", seconds: 6.1 },
      failure: { wanted: "info", entry: "https://p.example" },
      seconds: 6.1,
    });
    const zip = asked("p.example", `${m}.zip`, 200);
    expect(module(story([to("p.example", [zip], left)])).outcome).toBe("unknown");
    expect(module(story([to("p.example", [zip], { closed: "capture-end" })])).outcome).toBe("unknown");
  });

  it("are not failed by what Go asks aside, once it has them", () => {
    const zip = asked("p.example", `${m}.zip`, 200);
    const list = asked("p.example", "/example.com/m/@v/list", 403);
    const newer = asked("p.example", "/example.com/m/@v/v1.9.0.mod", 403);
    const told = story([to("p.example", [zip, list, newer])], "GOPROXY=https://p.example");
    expect(told.modules.map(({ version = "", outcome, failure }) => [version, outcome, failure])).toEqual([
      ["v1.0.0", "fetched", undefined],
      ["", "part", undefined],
      ["v1.9.0", "part", undefined],
    ]);
    const wanted = asked("p.example", "/example.com/m/@v/v1.9.0.zip", 403);
    expect(module(story([to("p.example", [zip, list, newer, wanted])], "GOPROXY=https://p.example"), 2).outcome).toBe(
      "failed",
    );
  });

  it("were found elsewhere where Go went on after a 404", () => {
    const files = ["info", "zip", "mod"].map((kind) => asked("p.example", `${m}.${kind}`, 404));
    const told = module(story([to("p.example", files)]));
    expect(told.walks[0].steps.at(-1)).toMatchObject({ entry: "direct", outcome: "unknown" });
    expect(module(story([to("p.example", files.slice(0, 1))]))).toMatchObject({
      outcome: "failed",
      failure: { wanted: "info", status: 404 },
    });
  });

  it("are no loss of Go's where another program asked", () => {
    const told = module(story([to("p.example", [asked("p.example", `${m}.info`, 404, { userAgent: "curl/8" })])]));
    expect(told).toMatchObject({ outcome: "failed" });
    expect(told.failure).toBeUndefined();
  });

  it("follow a module proxy that moved", () => {
    const moved = ["info", "zip"].map((kind) =>
      asked("old.example", `${m}.${kind}`, 301, { redirectTo: `https://new.example${m}.${kind}` }),
    );
    const served = ["info", "zip"].map((kind) => asked("new.example", `${m}.${kind}`, 200));
    const told = story([to("old.example", moved), to("new.example", served)], "GOPROXY=https://old.example");
    expect(told.modules).toHaveLength(1);
    expect(module(told)).toMatchObject({
      outcome: "fetched",
      info: { servedBy: "old.example:443", redirectedTo: "new.example:443", status: 200 },
    });
    expect(told.places.map(({ role }) => role)).toEqual(["module-proxy", "module-proxy"]);
  });

  it("fail with the page that should tell where they live, wherever it moved", () => {
    const location = "https://moved.example/m?go-get=1";
    const page = asked("example.com", "/m?go-get=1", 301, { redirectTo: location });
    const gone = asked("moved.example", "/m?go-get=1", 404);
    const told = story([to("example.com", [page]), to("moved.example", [gone])], "GOPROXY=direct");
    expect(told.modules).toHaveLength(1);
    expect(module(told)).toMatchObject({
      outcome: "failed",
      failure: { wanted: "code", entry: "direct", status: 404 },
      goError:
        'module example.com/m: unrecognized import path "example.com/m": reading https://example.com/m?go-get=1: 404 Not Found',
    });
  });

  it("fold what Go asks twice, and name the prefixes that go get tried", () => {
    const prefixes = ["/example.com", "/example.com", "/example.com/m"].map((path) => `${path}/@v/v1.0.0.info`);
    const exchanges = prefixes.map((path, at) => asked("p.example", path, at === 2 ? 200 : 404));
    const told = story([to("p.example", exchanges)], "GOPROXY=https://p.example,direct");
    expect(told.modules).toHaveLength(1);
    expect(module(told)).toMatchObject({ module: "example.com/m", outcome: "part", probes: ["example.com"] });
  });

  it("come from their repository", () => {
    const page = asked("example.com", "/m?go-get=1", 200);
    const git = { userAgent: "git/2.39.5", responseBytes: 500 };
    const refs = asked("git.example.com", "/m.git/info/refs?service=git-upload-pack", 200, git);
    const [versions, pack] = [0, 1].map(() =>
      asked("git.example.com", "/m.git/git-upload-pack", 200, { ...git, method: "POST" }),
    );
    const flows = [to("example.com", [page]), to("git.example.com", [refs, versions, pack])];
    const told = story(flows, "GOPROXY=direct");
    expect(module(told)).toMatchObject({
      module: "example.com/m",
      outcome: "fetched",
      origin: {
        discoveredBy: "example.com:443",
        repository: "https://git.example.com/m.git",
        bytes: 1500,
        status: 200,
      },
    });
    expect(way(told)).toEqual(["direct served"]);
    expect(way(story(flows, "GOPROXY=off\nGOPRIVATE=example.com"))).toEqual(["direct served"]);
  });

  it("come from where the page says, seen or not", () => {
    const told = (vcs: string, root: string, ...more: ObservedFlow[]): StoryModule => {
      const goImports = [{ prefix: "example.com/m", vcs, root }];
      const page = asked("example.com", "/m?go-get=1", 404, { goImports });
      return module(story([to("example.com", [page]), ...more], "GOPROXY=direct"));
    };
    expect(told("git", "https://git.example/r")).toMatchObject({
      outcome: "unknown",
      origin: { discoveredBy: "example.com:443", vcs: "git", repository: "https://git.example/r" },
    });
    const refs = asked("git.example", "/r/info/refs?service=git-upload-pack", 200, { userAgent: "git/2.39.5" });
    expect(told("git", "https://git.example/r.git", to("git.example", [refs]))).toMatchObject({
      outcome: "fetched",
      origin: { repository: "https://git.example/r", status: 200 },
    });
    const zip = asked("p.example", `${m}.zip`, 200);
    expect(told("mod", "https://p.example", to("p.example", [zip]))).toMatchObject({
      outcome: "fetched",
      zip: { servedBy: "p.example:443" },
      walks: [{ steps: [{ entry: "direct", outcome: "served" }] }],
    });
  });

  it("fail with the words of the server", () => {
    const told = story([to("p.example", [asked("p.example", `${m}.zip`, 403, { errorText: "not\nfor you" })])]);
    expect(module(told).goError).toBe(
      "example.com/m@v1.0.0: reading https://p.example/example.com/m/@v/v1.0.0.zip: 403 Forbidden server response: not for you",
    );
  });

  it("fail with words that Go does not print beside the answer", () => {
    const refusal = { errorReason: "Blocked by policy" };
    const first = asked("p.example", `${m}.zip`, 403);
    const second = { ...first, ...refusal, go: { ...first.go!, folded: "doubled" as const } };
    for (const answers of [[asked("p.example", `${m}.zip`, 403, refusal)], [first, second]]) {
      const told = module(story([to("p.example", answers)], "GOPROXY=https://p.example"));
      expect(told.failure?.answer).toBe('403 Forbidden ("Blocked by policy")');
      expect(told.goError).not.toContain("Blocked");
    }
  });

  it("fail with the words of the second answer where the first was left unread", () => {
    const first = asked("p.example", `${m}.zip`, 403);
    const { go } = first;
    const second = { ...first, errorText: "not for you", go: { ...go!, folded: "doubled" as const } };
    expect(module(story([to("p.example", [first, second])])).goError).toContain("server response: not for you");
  });

  it("fail where the checksum database does not vouch", () => {
    const zip = asked("p.example", `${m}.zip`, 200);
    const lookup = asked("sum.golang.org", "/lookup/example.com/m@v1.0.0", 404);
    const told = story([to("p.example", [zip]), to("sum.golang.org", [lookup])], "GOPROXY=https://p.example");
    expect(module(told)).toMatchObject({
      outcome: "failed",
      goError:
        "example.com/m@v1.0.0: verifying module: example.com/m@v1.0.0: reading https://sum.golang.org/lookup/example.com/m@v1.0.0: 404 Not Found",
    });
    const rejected = { verdict: { value: "rejected", grade: "seen", because: "alert 42" } } as const;
    const refusing = to("sum.golang.org", [], {
      tls: [tls({ serverName: "sum.golang.org", ...rejected })],
      layers: ["tls"],
    });
    const lost = story([to("p.example", [zip]), refusing], "GOPROXY=https://p.example");
    expect(module(lost).checksum).toEqual(
      expect.objectContaining({ servedBy: "sum.golang.org:443", failure: "alert 42" }),
    );
    expect(module(lost).outcome).toBe("failed");
    const gone = { ...closedTo("sum.golang.org"), closed: "refused" as const };
    expect(module(story([to("p.example", [zip]), gone], "GOPROXY=https://p.example")).goError).toBe(
      'example.com/m@v1.0.0: verifying module: example.com/m@v1.0.0: Get "https://sum.golang.org/lookup/example.com/m@v1.0.0": dial tcp 198.51.100.10:443: connect: connection refused',
    );
  });
});

describe("GOPROXY", () => {
  const walked = (first: number | undefined, second: number | undefined, list: string): string[] => {
    const flows = [to("p1.example", [asked("p1.example", `${m}.mod`, first)])];
    if (second !== undefined) flows.push(to("p2.example", [asked("p2.example", `${m}.mod`, second)]));
    return way(story(flows, `GOPROXY=${list}`));
  };

  it.each([
    [404, 200, "https://p1.example,https://p2.example", ["p1.example not-found >", "p2.example served"]],
    [410, 404, "https://p1.example,https://p2.example", ["p1.example not-found >", "p2.example not-found"]],
    [500, undefined, "https://p1.example,https://p2.example", ["p1.example refused"]],
    [500, 200, "https://p1.example|https://p2.example", ["p1.example refused >", "p2.example served"]],
    [403, 200, "https://p1.example,https://p2.example", ["p1.example refused >", "p2.example served"]],
    [404, undefined, "https://p1.example,off", ["p1.example not-found >", "off refused"]],
    [404, undefined, "https://p1.example,direct", ["p1.example not-found >", "direct unknown"]],
    [404, undefined, "https://p1.example,https://p2.example", ["p1.example not-found >", "p2.example unknown"]],
    [undefined, undefined, "https://p1.example", ["p1.example unknown"]],
  ])("walked over %s, %s of %s", (first, second, list, expected) => {
    expect(walked(first, second, list)).toEqual(expected);
  });

  it("ends in the error of off after nothing but 404", () => {
    const told = story([to("p1.example", [asked("p1.example", `${m}.mod`, 404)])], "GOPROXY=https://p1.example,off");
    expect(module(told)).toMatchObject({
      failure: { wanted: "mod", entry: "off", status: 404 },
      goError: "example.com/m@v1.0.0: module lookup disabled by GOPROXY=off",
    });
  });

  it("says by which rule, and where the wire contradicts the setting", () => {
    const flows = [403, 200].map((status, at) =>
      to(`p${at + 1}.example`, [asked(`p${at + 1}.example`, `${m}.mod`, status)]),
    );
    const rule = (settings: string): string | undefined => module(story(flows, settings)).walks[0].steps[0].rule;
    expect(rule("GOPROXY=https://p1.example|https://p2.example")).toBe("| lets any error go on to the next entry");
    expect(rule("GOPROXY=https://p1.example,https://p2.example")).toContain("yet a later entry was asked");
    expect(module(story(flows)).walks[0].steps[0]).toMatchObject({
      entry: "https://p1.example",
      rule: expect.stringContaining("| alone") as string,
    });
  });

  it("begins with an entry that could not be reached", () => {
    const dead = { ...closedTo("p1.example"), closed: "refused" as const };
    const told = story(
      [dead, to("p2.example", [asked("p2.example", `${m}.mod`, 200)])],
      "GOPROXY=https://p1.example|https://p2.example",
    );
    expect(module(told).walks[0].steps).toMatchObject([
      { entry: "https://p1.example", outcome: "failed", answer: "the server refused the connection", goesOn: true },
      { entry: "https://p2.example", outcome: "served" },
    ]);
  });

  it("is told by hosts where no request is visible", () => {
    const dead = closedTo("p1.example");
    const told = story([dead, to("p2.example")], "GOPROXY=https://p1.example|https://p2.example,direct");
    expect(told).toMatchObject({ grade: "inferred", modules: [] });
    expect(told.because).toContain("no keys were given");
    expect(told.walk?.steps).toMatchObject([
      { entry: "https://p1.example", outcome: "failed", goesOn: true },
      { entry: "https://p2.example", outcome: "unknown", answer: "spoken to on 1 flow, answers hidden", goesOn: false },
    ]);
  });

  it("blames nothing on TLS where no connection came as far as a request", () => {
    const told = story([closedTo("p1.example")], "GOPROXY=https://p1.example");
    expect(told).toMatchObject({ grade: "inferred", because: "no connection came as far as a request" });
  });

  it("ranks errors as Go does: what is no 404 before a later 404", () => {
    const flows = [500, 404].map((status, at) =>
      to(`p${at + 1}.example`, [asked(`p${at + 1}.example`, `${m}.mod`, status)]),
    );
    const told = story(flows, "GOPROXY=https://p1.example|https://p2.example");
    expect(module(told).goError).toBe(
      "example.com/m@v1.0.0: reading https://p1.example/example.com/m/@v/v1.0.0.mod: 500 Internal Server Error",
    );
  });
});

describe("the checksum database", () => {
  const probe = (status: number): ObservedFlow =>
    to("p.example", [asked("p.example", "/sumdb/sum.golang.org/supported", status)]);
  const steps = (told: Story): unknown =>
    told.databases[0].steps.map(({ entry, outcome, goesOn }) => `${entry} ${outcome}${goesOn ? " >" : ""}`);

  it.each([
    [404, "https://p.example,off", ["https://p.example not-found >", "sum.golang.org served"]],
    [500, "https://p.example|direct", ["https://p.example refused >", "sum.golang.org served"]],
  ])("is asked itself after %s from %s", (status, list, expected) => {
    const lookup = to("sum.golang.org", [asked("sum.golang.org", "/lookup/example.com/m@v1.0.0", 200)]);
    expect(steps(story([probe(status), lookup], `GOPROXY=${list}`))).toEqual(expected);
  });

  it("is not asked, and the module not fetched, where the list does not go on to direct after an error", () => {
    const served = to("p2.example", [asked("p2.example", `${m}.zip`, 200)]);
    const probes = [403, 404].map((status, at) =>
      to(`p${at + 1}.example`, [asked(`p${at + 1}.example`, "/sumdb/sum.golang.org/supported", status)]),
    );
    const broken = "https://p1.example|https://p2.example";
    const told = story([served, ...probes], `GOPROXY=${broken}`);
    expect(steps(told)).toEqual(["https://p1.example refused >", "https://p2.example not-found"]);
    expect(module(told)).toMatchObject({
      outcome: "failed",
      checksum: { servedBy: "p1.example:443", status: 403 },
      failure: { wanted: "checksum", status: 403, flow: probes[0].id, frame: probes[0].http[0].requestFrame },
      goError:
        "example.com/m@v1.0.0: verifying module: example.com/m@v1.0.0: reading https://p1.example/sumdb/sum.golang.org/supported: 403 Forbidden",
    });
    const onward = story([served, ...probes], `GOPROXY=${broken},direct`);
    expect(steps(onward)).toEqual(["https://p1.example refused >", "https://p2.example not-found >"]);
    expect(module(onward).failure).toBeUndefined();
  });

  it("leaves open what became of a module where nothing shows that it was asked", () => {
    const served = to("p.example", [asked("p.example", `${m}.zip`, 200)]);
    expect(module(story([served, probe(404)], "GOPROXY=https://p.example,direct")).outcome).toBe("unknown");
    expect(module(story([served, probe(404), to("sum.golang.org")], "GOPROXY=https://p.example,direct")).outcome).toBe(
      "fetched",
    );
  });

  it("is not believed under another key than that of GOSUMDB", () => {
    const closed = { closed: "fin" } as const;
    const zip = to("p.example", [asked("p.example", `${m}.zip`, 200)], closed);
    const tile = to("sum.golang.org", [asked("sum.golang.org", "/tile/8/0/000.p/1", 200)], closed);
    const lookup = to("sum.golang.org", [asked("sum.golang.org", "/lookup/example.com/m@v1.0.0", 200)], closed);
    const signature = { result: "not-provable", because: "no known key", key: "sum.golang.org+1" } as const;
    const answer = { module: "example.com/m", version: "v1.0.0", database: "sum.golang.org", flow: 1, frame: 2 };
    const checksums = { databases: [], records: [], lookups: [{ ...answer, signature, inclusion: signature }] };
    const flows = [zip, lookup];
    expect(module(tell([zip, { ...lookup, closed: "capture-end" }], [], checksums)).outcome).not.toBe("failed");
    expect(module(tell([...flows, tile], [], checksums))).toMatchObject({ outcome: "fetched" });
    expect(module(tell([...flows, tile], ["GOSUMDB=sum.golang.org"], checksums))).toMatchObject({
      outcome: "failed",
    });
    const served = { ...checksums, lookups: [{ ...checksums.lookups[0], database: "sum.golang.google.cn" }] };
    const elsewhere = tell([...flows, tile], ["GOSUMDB=sum.golang.google.cn"], served);
    expect(module(elsewhere)).toMatchObject({ outcome: "failed" });
    expect(module(tell(flows, [], checksums))).toMatchObject({
      outcome: "failed",
      failure: { wanted: "checksum", status: 200, answer: "the note is signed by another key than that of GOSUMDB" },
      goError: expect.stringContaining("note has no verifiable signatures") as string,
    });
  });

  it("is one, by whatever path and port it is asked", () => {
    const closed = { closed: "fin" } as const;
    const zip = to("p.example", [asked("p.example", `${m}.zip`, 200)], closed);
    const own = ["/sum/lookup/example.com/m@v1.0.0", "/sum/tile/8/0/000.p/1"].map((path) =>
      to("sum.corp.example:8443", [asked("sum.corp.example:8443", path, 200)], closed),
    );
    const signature = { result: "not-provable", because: "no known key", key: "sum.corp.example+1" } as const;
    const database = "sum.corp.example:8443/sum";
    const lookup = { module: "example.com/m", version: "v1.0.0", database, flow: 1, frame: 2, signature };
    const checksums = { databases: [], records: [], lookups: [{ ...lookup, inclusion: signature }] };
    const told = tell([zip, ...own], [], checksums);
    expect(told.databases).toMatchObject([{ name: database, lookups: 1, tiles: 1 }]);
    expect(module(told)).toMatchObject({ outcome: "fetched" });
    const foreign = tell([zip, ...own], [`GOSUMDB=${verifierKey} https://sum.corp.example:8443/sum`], checksums);
    expect(module(foreign)).toMatchObject({ outcome: "failed" });
  });

  it("is mirrored by a module proxy, or lost with it", () => {
    expect(steps(story([probe(200)], "GOPROXY=https://p.example,direct"))).toEqual(["https://p.example served"]);
    expect(steps(story([probe(500)], "GOPROXY=https://p.example,direct"))).toEqual(["https://p.example refused"]);
  });
});

describe("the log of a command", () => {
  const log = `# get https://p.example/example.com/m/@v/v1.0.0.info
# get https://p.example/example.com/@v/v1.0.0.info
# get https://p.example/example.com/@v/v1.0.0.info: 404 Not Found (0.010s)
# get https://p.example/example.com/m/@v/v1.0.0.info: 403 Forbidden (0.010s)
go: example.com/m@v1.0.0: reading https://user:pw@p.example/example.com/m/@v/v1.0.0.info: 403 Forbidden
	server response: not for you
`;

  it("stands in for hosts whose requests nobody sees", () => {
    const told = story([to("p.example")], "GOPROXY=https://p.example,direct", log);
    expect(told).toMatchObject({ grade: "inferred", because: expect.stringContaining("file1 names them") as string });
    expect(told.modules).toHaveLength(1);
    expect(module(told)).toMatchObject({
      outcome: "failed",
      info: { status: 403, grade: "inferred" },
      goError: "example.com/m@v1.0.0: reading https://p.example/example.com/m/@v/v1.0.0.info: 403 Forbidden",
    });
    expect(told.errors).toEqual([
      {
        text: "go: example.com/m@v1.0.0: reading https://p.example/example.com/m/@v/v1.0.0.info: 403 Forbidden server response: not for you",
        source: "file1",
      },
    ]);
  });

  it("tells of a file that did not come whole", () => {
    const url = `https://p.example/example.com/m/@v/v1.0.0.zip`;
    const cut = `# get ${url}\n# get ${url}: 200 OK (0.001s)\ngo: example.com/m@v1.0.0: read "${url}": unexpected EOF\n`;
    expect(module(story([to("p.example")], "GOPROXY=https://p.example", cut))).toMatchObject({
      outcome: "failed",
      goError: `example.com/m@v1.0.0: read "${url}": unexpected EOF`,
    });
  });

  it("says nothing against what is seen", () => {
    const seen = asked("p.example", `${m}.info`, 200);
    const told = story([to("p.example", [seen])], "GOPROXY=https://p.example,direct", log);
    expect(module(told)).toMatchObject({ outcome: "part", info: { status: 200, grade: "decrypted" } });
  });
});
