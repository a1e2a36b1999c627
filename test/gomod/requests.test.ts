import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  classifyRequest,
  isChecksumRequest,
  isGitRequest,
  isModuleRequest,
  toolchainModule,
} from "../../src/gomod/requests.ts";
import type { GoRequest } from "../../src/gomod/requests.ts";

function classify(path: string, host = "h.example", method = "GET"): GoRequest {
  return classifyRequest({ method, host, path });
}

describe("requests to a module proxy", () => {
  const rows: [path: string, expected: GoRequest][] = [
    ["/example.com/gamma/@v/list", { kind: "list", module: "example.com/gamma", base: "" }],
    ["/example.com/a/@v/v1.0.0.info", { kind: "info", module: "example.com/a", version: "v1.0.0", base: "" }],
    ["/example.com/a/@v/v1.0.0.mod", { kind: "mod", module: "example.com/a", version: "v1.0.0", base: "" }],
    ["/example.com/a/@v/v1.0.0.zip", { kind: "zip", module: "example.com/a", version: "v1.0.0", base: "" }],
    ["/example.com/a/@latest", { kind: "latest", module: "example.com/a", base: "" }],
    ["/example.com/a/@v/main.info", { kind: "info", module: "example.com/a", version: "main", base: "" }],
    ["/github.com/@v/v1.0.0.info", { kind: "info", module: "github.com", version: "v1.0.0", base: "" }],
    [
      "/github.com/%21burnt%21sushi/toml/@v/v1.2.0-%21r%21c1.info",
      { kind: "info", module: "github.com/BurntSushi/toml", version: "v1.2.0-RC1", base: "" },
    ],
    ["/github.com/!azure/x/@v/list", { kind: "list", module: "github.com/Azure/x", base: "" }],
    ["/github.com/!Azure/x/@v/list", { kind: "list", base: "" }],
    ["/github.com/%zz/x/@v/list", { kind: "list", base: "" }],
    ["/example.com/a/@v/v1.0.0.zip?token=1", { kind: "zip", module: "example.com/a", version: "v1.0.0", base: "" }],
    [
      "/artifactory/api/go/remote/example.com/a/@v/list",
      { kind: "list", module: "example.com/a", base: "/artifactory/api/go/remote" },
    ],
    ["/nodot/mod/@v/list", { kind: "list", module: "nodot/mod", base: "" }],
    ["http://goproxy.corp.example:8081/example.com/a/@v/list", { kind: "list", module: "example.com/a", base: "" }],
    [
      "/golang.org/toolchain/@v/v0.0.1-go1.99.0.linux-amd64.zip",
      { kind: "zip", module: toolchainModule, version: "v0.0.1-go1.99.0.linux-amd64", base: "" },
    ],
    ["/sumdb/sum.golang.org/supported", { kind: "supported", base: "", database: "sum.golang.org" }],
    ["/go/sumdb/sum.golang.org/supported", { kind: "supported", base: "/go", database: "sum.golang.org" }],
    [
      "/sumdb/sum.golang.org/lookup/example.com/a@v1.0.0",
      { kind: "lookup", module: "example.com/a", version: "v1.0.0", base: "", database: "sum.golang.org" },
    ],
    ["/sumdb/sum.golang.org/tile/8/0/001", { kind: "tile", base: "", database: "sum.golang.org" }],
    ["/example.com/a/@v/", { kind: "other" }],
    ["/example.com/a/@v/v1.0.0.exe", { kind: "other" }],
    ["/@v/list", { kind: "list", base: "" }],
    ["/", { kind: "other" }],
    ["", { kind: "other" }],
  ];
  it.each(rows)("%s", (path, expected) => {
    expect(classify(path)).toEqual(expected);
  });

  it("takes a base that is known, even with a dot in it", () => {
    const request = { method: "GET", path: "/repo.v2/example.com/a/@v/list" };
    expect(classifyRequest(request, ["/repo.v2"])).toEqual({ kind: "list", module: "example.com/a", base: "/repo.v2" });
    expect(classifyRequest(request, ["", "/repo"])).toMatchObject({ module: "repo.v2/example.com/a" });
  });

  it("is made with GET or HEAD", () => {
    expect(classify("/example.com/a/@v/list", "h.example", "POST")).toEqual({ kind: "other" });
    expect(classify("/example.com/a/@v/list", "h.example", "PUT")).toEqual({ kind: "other" });
    expect(classify("/example.com/a/@v/list", "h.example", "HEAD").kind).toBe("list");
  });
});

describe("requests to a checksum database", () => {
  const rows: [path: string, expected: GoRequest][] = [
    ["/lookup/example.com/!bar@v1.0.0", { kind: "lookup", module: "example.com/Bar", version: "v1.0.0", base: "" }],
    ["/lookup/example.com/a@v1.0.0/go.mod", { kind: "other" }],
    ["/lookup/example.com/a", { kind: "other" }],
    ["/lookup/example.com/a@main", { kind: "other" }],
    ["/db/lookup/example.com/a@v1.0.0", { kind: "lookup", module: "example.com/a", version: "v1.0.0", base: "/db" }],
    ["/tile/8/0/x125/157.p/6", { kind: "tile", base: "" }],
    ["/tile/8/1/000.p/2", { kind: "tile", base: "" }],
    ["/tile/8/data/001", { kind: "tile", base: "" }],
    ["/tile/8/0/1", { kind: "other" }],
    ["/supported", { kind: "other" }],
  ];
  it.each(rows)("%s", (path, expected) => {
    expect(classify(path)).toEqual(expected);
  });
});

describe("requests to an origin", () => {
  it("asks for the home of an import path", () => {
    expect(classify("/?go-get=1", "corp.example")).toEqual({ kind: "discovery", module: "corp.example" });
    expect(classify("/a/b?go-get=1", "Corp.example:8443")).toEqual({ kind: "discovery", module: "corp.example/a/b" });
    expect(classify("/a?x=go-get=1", "corp.example").kind).toBe("other");
    expect(classifyRequest({ method: "GET", path: "/a?go-get=1" })).toEqual({ kind: "discovery" });
    expect(classify("/%zz?go-get=1")).toEqual({ kind: "discovery" });
  });

  const rows: [method: string, path: string, expected: GoRequest][] = [
    ["GET", "/a.git/info/refs?service=git-upload-pack", { kind: "git-refs", repository: "/a.git" }],
    ["GET", "/lab/uuid/info/refs", { kind: "git-refs", repository: "/lab/uuid" }],
    ["GET", "/a/info/refs?service=git-receive-pack", { kind: "git-receive-pack", repository: "/a" }],
    ["GET", "/a/info/refs?service=evil", { kind: "other" }],
    ["POST", "/a/git-upload-pack", { kind: "git-upload-pack", repository: "/a" }],
    ["POST", "/a/git-receive-pack", { kind: "git-receive-pack", repository: "/a" }],
    ["GET", "/a/git-upload-pack", { kind: "other" }],
  ];
  it.each(rows)("git: %s %s", (method, path, expected) => {
    expect(classify(path, "git.example.com", method)).toEqual(expected);
  });

  it("fetches toolchains, redirected zips and uploads telemetry at their hosts only", () => {
    const archive = "/go/go1.23.4.linux-amd64.tar.gz";
    expect(classify(archive, "dl.google.com")).toEqual({ kind: "toolchain", version: "go1.23.4.linux-amd64" });
    expect(classify(archive, "h.example")).toEqual({ kind: "other" });
    expect(classify("/proxy-golang-org-prod/abc", "storage.googleapis.com")).toEqual({ kind: "storage" });
    expect(classify("/other-bucket/abc", "storage.googleapis.com")).toEqual({ kind: "other" });
    expect(classify("/upload/2026-01-01", "telemetry.go.dev", "POST")).toEqual({ kind: "telemetry" });
    expect(classify("/upload", "h.example", "POST")).toEqual({ kind: "other" });
  });
});

it("groups the kinds", () => {
  expect(["list", "info", "mod", "zip", "latest"].every((kind) => isModuleRequest(kind as GoRequest["kind"]))).toBe(
    true,
  );
  expect(isModuleRequest("supported")).toBe(false);
  expect(isChecksumRequest("lookup") && isChecksumRequest("tile")).toBe(true);
  expect(isChecksumRequest("supported")).toBe(false);
  expect(isGitRequest("git-refs")).toBe(true);
  expect(isGitRequest("discovery")).toBe(false);
});

it("gives back any module path and version that Go escapes", () => {
  const element = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,6}[a-zA-Z0-9]$/);
  const path = fc.tuple(fc.constantFrom("Example.com", "x.y"), fc.array(element, { maxLength: 3 }));
  const escape = (text: string): string => text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
  fc.assert(
    fc.property(
      path,
      fc.stringMatching(/^v[0-9]\.[0-9]\.[0-9](-[A-Za-z]{1,4})?$/),
      fc.boolean(),
      (parts, version, percent) => {
        const module = [parts[0], ...parts[1]].join("/");
        const written = `/${escape(module)}/@v/${escape(version)}.mod`;
        const request = classify(percent ? written.replaceAll("!", "%21") : written);
        expect(request).toEqual({ kind: "mod", module, version, base: "" });
      },
    ),
    { seed: 7, numRuns: 200 },
  );
});

it("takes any text without failing or taking long", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (host, path) => {
      expect(typeof classify(path, host).kind).toBe("string");
    }),
    { seed: 7, numRuns: 300 },
  );
  for (const piece of ["/sumdb/", "/lookup/", "/tile/8/0/x001", "/@v/", "!", "%21", "x000/", "/info/refs", "/a.b"]) {
    expect(classify(piece.repeat(600_000 / piece.length)).kind).toBeTypeOf("string");
  }
});
