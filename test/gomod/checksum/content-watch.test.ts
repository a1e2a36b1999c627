import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { GoContentWatch } from "../../../src/gomod/checksum/content-watch.ts";
import { limits } from "../../../src/limits.ts";
import type { ContentFacts, HttpExchange } from "../../../src/protocol/exchange.ts";
import { exchange } from "../../build/exchange.ts";
import { moduleZip } from "../../build/module-zip.ts";

const proxy = "https://proxy.example.org";
const mod = Buffer.from("module github.com/google/uuid\n");
const modH1 = "h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=";
const zip = moduleZip([{ name: "a", content: "1", descriptor: "signed" }]);
const zipH1 = "h1:/FsngbxldGuVx/j58CZddqBwt3xwBuK0lkx+vd8ZPTY=";
const text = Uint8Array.from(Buffer.from("v1.0.0\n"));

describe("what is made of an answer", () => {
  const made: [string, HttpExchange, Uint8Array, Partial<ContentFacts> | undefined][] = [
    ["go.mod", exchange(`${proxy}/a.example/b/@v/v1.0.0.mod`), mod, { h1: modH1, bytes: mod.length }],
    ["zip", exchange(`${proxy}/a.example/b/@v/v1.0.0.zip`), zip, { h1: zipH1 }],
    [
      "zip that is none",
      exchange(`${proxy}/a.example/b/@v/v1.0.0.zip`),
      text,
      { because: "it is no zip file", complete: true },
    ],
    ["zip in storage", exchange("https://s.example.org/x?y", { contentType: "application/zip" }), zip, { h1: zipH1 }],
    ["file of no type", exchange("https://storage.googleapis.com/proxy-golang-org-prod/1"), zip, { h1: zipH1 }],
    ["page", exchange("https://example.org/", { contentType: "text/html" }), text, undefined],
    ["list", exchange(`${proxy}/a.example/b/@v/list`), text, { kept: text }],
    ["lookup", exchange(`${proxy}/sumdb/sum.golang.org/lookup/a.example/b@v1.0.0`), text, { kept: text }],
    ["tile", exchange("https://sum.golang.org/tile/8/0/000.p/1"), text, { kept: text }],
    ["discovery", exchange("https://a.example/b?go-get=1", { status: 404 }), text, { kept: text }],
    ["error", exchange(`${proxy}/a.example/b/@v/list`, { status: 404 }), text, { kept: text }],
    [
      "error behind a redirect",
      exchange("https://example.org/a", { status: 403, contentType: "text/plain" }),
      text,
      { kept: text },
    ],
    ["error of another request", exchange("https://example.org/", { status: 404 }), text, undefined],
    ["redirect", exchange(`${proxy}/a.example/b/@v/v1.0.0.zip`, { status: 302 }), text, undefined],
    ["part", exchange(`${proxy}/a.example/b/@v/v1.0.0.zip`, { status: 206 }), zip, undefined],
    ["head", exchange(`${proxy}/a.example/b/@v/v1.0.0.zip`, { method: "HEAD" }), zip, undefined],
    ["git", exchange("https://example.org/b/git-upload-pack", { method: "POST" }), text, undefined],
  ];
  it.each(made)("%s", (_, asked, content, expected) => {
    const facts = watch(asked, content);
    if (expected === undefined) expect(facts).toBeUndefined();
    else expect(facts).toMatchObject({ complete: expected.because === undefined, ...expected });
  });

  it.each(made.filter(([, , , expected]) => expected?.because === undefined && expected !== undefined))(
    "%s, coded as gzip",
    (_, asked, content, expected) => {
      expect(watch({ ...asked, contentEncoding: "gzip" }, gzipSync(content))).toMatchObject({
        complete: true,
        ...expected,
      });
    },
  );
});

describe("what is wrong with a zip", () => {
  const stored = exchange("https://s.example.org/x", { contentType: "application/zip" });
  const named = exchange("https://s.example.org/x.zip?sig=1", { contentType: "application/zip" });
  const asked = exchange(`${proxy}/base/a.example/b/@v/v1.0.0.zip`);
  const made = (...names: string[]): Uint8Array => moduleZip(names.map((name) => ({ name, content: "1" })));
  const own = made("a.example/b@v1.0.0/go.mod", "a.example/b@v1.0.0/b.go");
  const notValid = { kind: "unreadable", text: "zip: not a valid zip file" };
  const unexpected = (name: string): object => ({ kind: "other", text: `unexpected file ${name}` });

  it.each([
    ["nothing", asked, own, undefined],
    ["nothing, with none of its files", asked, made(), undefined],
    ["it is empty", asked, new Uint8Array(), notValid],
    ["nothing, of a file in storage that may be any", stored, Buffer.from("module a.example/b\n"), undefined],
    ["nothing, of an empty one", stored, new Uint8Array(), undefined],
    ["it ends early, in storage", stored, own.subarray(0, -30), notValid],
    ["it is none, in storage under its name", named, Buffer.from("module a.example/b\n"), notValid],
    ["it is text", asked, text, notValid],
    ["it is cut", asked, own.subarray(0, -1), notValid],
    ["something stands before it, as far as can be told", asked, Buffer.concat([text, own]), undefined],
    ["one byte stands before the end of its directory", asked, Buffer.from("xPK\x05\x06"), undefined],
    ["another version", asked, made("a.example/b@v1.0.1/go.mod"), unexpected("a.example/b@v1.0.1/go.mod")],
    ["another module", asked, made("a.example/c@v1.0.0/go.mod"), unexpected("a.example/c@v1.0.0/go.mod")],
    ["a part of the path", asked, made("ample/b@v1.0.0/go.mod"), unexpected("ample/b@v1.0.0/go.mod")],
    ["a file outside", asked, made("a.example/b@v1.0.0/go.mod", "../x"), unexpected("../x")],
    ["a file outside, in storage", stored, made("a.example/b@v1.0.0/go.mod", "x"), unexpected("x")],
    ["no folder", stored, made("go.mod"), unexpected("go.mod")],
    ["nothing that storage would tell", stored, own, undefined],
  ] as const)("%s", (_, exchange, content, error) => {
    expect(watch(exchange, content)?.error).toEqual(error);
    for (let cut = 0; cut <= content.length; cut++)
      expect(watch(exchange, content, true, undefined, cut)?.error).toEqual(error);
    expect(watch(exchange, content, false)).not.toHaveProperty("error");
  });
});

describe("an answer that is not whole", () => {
  it("has neither hash nor text", () => {
    const because = "not all of it was captured";
    for (const path of ["v1.0.0.mod", "v1.0.0.info", "v1.0.0.zip"]) {
      const content = path.endsWith("zip") ? zip : mod;
      const facts = watch(exchange(`${proxy}/a.example/b/@v/${path}`), content.subarray(0, 12), false);
      expect(facts).toEqual({ complete: false, bytes: 12, because });
    }
  });

  it("has no hash when its gzip coding ends early or is damaged", () => {
    const asked = exchange(`${proxy}/a.example/b/@v/v1.0.0.mod`, { contentEncoding: "gzip" });
    expect(watch(asked, gzipSync(mod).subarray(0, -1))).toMatchObject({
      complete: false,
      because: "its gzip coding ends early",
    });
    expect(watch(asked, mod)).toEqual({ complete: false, bytes: 0, because: "it is not coded as gzip" });
  });

  it("keeps the beginning of an error", () => {
    const asked = exchange(`${proxy}/a.example/b/@v/list`, { status: 404 });
    expect(watch(asked, Buffer.alloc(5000, "x"))).toMatchObject({
      complete: false,
      kept: new Uint8Array(1024).fill(0x78),
    });
  });

  it("keeps nothing of a text that is too long", () => {
    const facts = watch(exchange(`${proxy}/a.example/b/@v/list`), Buffer.alloc(limits.keptContent + 1, "x"));
    expect(facts).not.toHaveProperty("kept");
    expect(facts).toMatchObject({
      complete: false,
      because: `it is longer than the ${limits.keptContent} bytes that are kept`,
    });
  });
});

describe("bounds", () => {
  it("look at so many contents at a time, and at others after them", () => {
    const asked = exchange(`${proxy}/a.example/b/@v/v1.0.0.mod`);
    const watcher = new GoContentWatch(false);
    const sinks = Array.from({ length: limits.watchedContents }, () => watcher.watch(asked)!);
    expect(watcher.watch(asked)).toBeUndefined();
    sinks[0].onContentEnd(false);
    expect(watcher.watch(asked)).toBeDefined();
  });

  it("keep so many bytes in all", () => {
    const watcher = new GoContentWatch(false);
    const keep = (): ContentFacts =>
      watch(exchange(`${proxy}/a.example/b/@v/list`), Buffer.alloc(limits.keptContent), true, watcher)!;
    for (let kept = 0; kept < limits.keptContentTotal; kept += limits.keptContent)
      expect(keep()).toHaveProperty("kept");
    expect(keep()).toEqual({ complete: true, bytes: limits.keptContent, because: "no more is kept of one capture" });
  });
});

describe("unpacks", () => {
  const large = moduleZip([{ name: "zeros", content: new Uint8Array((limits.zipContentAtFirst * 9) / 16) }]);
  const asked = exchange(`${proxy}/a.example/b/@v/v1.0.0.zip`);
  const lookup = exchange("https://sum.golang.org/lookup/a.example/b@v1.0.0");

  it("little where there is nothing to compare with", () => {
    const watcher = new GoContentWatch(false);
    expect(watch(asked, large, true, watcher)).toHaveProperty("h1");
    expect(watch(asked, large, true, watcher)?.because).toMatch(/^there was nothing to compare it with/);
    expect(watch(asked, zip, true, watcher)).not.toHaveProperty("h1");
    watch(lookup, text, true, watcher);
    expect(watch(asked, large, true, watcher)).toHaveProperty("h1");
  });

  it("all where there is a go.sum", () => {
    const watcher = new GoContentWatch(true);
    for (let times = 0; times < 3; times++) expect(watch(asked, large, true, watcher)).toHaveProperty("h1");
  });
});

it("leaves alone what is coded in a way that Go does not undo", () => {
  expect(watch(exchange(`${proxy}/a.example/b/@v/v1.0.0.mod`, { contentEncoding: "br" }), mod)).toBeUndefined();
});

it("is concerned by checksums and what has one", () => {
  const concerned = (url: string): boolean => {
    const watcher = new GoContentWatch(false);
    watch(exchange(url), text, true, watcher);
    return watcher.concerned;
  };
  expect(concerned(`${proxy}/a.example/b/@v/list`)).toBe(false);
  expect(concerned(`${proxy}/a.example/b/@v/v1.0.0.zip`)).toBe(true);
  expect(concerned("https://sum.golang.org/lookup/a.example/b@v1.0.0")).toBe(true);
});

/** The facts of content that comes in two pieces, which are gone afterwards. */
function watch(
  asked: HttpExchange,
  content: Uint8Array,
  complete = true,
  watcher = new GoContentWatch(false),
  cut = content.length >> 1,
): ContentFacts | undefined {
  const sink = watcher.watch(asked);
  for (const lent of [content.subarray(0, cut), content.subarray(cut)]) {
    const piece = Uint8Array.from(lent);
    sink?.onContent(piece, 0, piece.length);
    piece.fill(0xdb);
  }
  return sink?.onContentEnd(complete);
}
