import { describe, expect, it } from "vitest";
import { describeText, parseGoImports } from "../../src/flow/answer-text.ts";
import type { HttpReport } from "../../src/flow/model.ts";
import { exchange } from "../build/exchange.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const answer = (status: number, contentType: string, text: string): Partial<HttpReport> =>
  describeText(
    exchange("https://h.example/", {
      status,
      contentType,
      content: { complete: true, bytes: text.length, kept: bytes(text) },
    }),
  );

describe("what an error came with", () => {
  it.each([
    ["not found: module m", "text/plain; charset=utf-8", "not found: module m"],
    ["one\ntwo\r\n\nthree", "text/plain", "one\ntwo"],
    ["denied for https://user:secret@host/x", "text/plain", "denied for https://host/x"],
    ["x".repeat(100), "text/plain", "x".repeat(80)],
    ["\u001b[31mred", "text/plain", undefined],
    ["<h1>denied</h1>", "text/html", undefined],
    ["{}", "application/json", undefined],
    ["", "text/plain", undefined],
  ])("%j as %s", (text, contentType, expected) => {
    expect(answer(403, contentType, text).errorText).toBe(expected);
  });

  it("is nothing of a good answer, and nothing where no content was kept", () => {
    expect(answer(200, "text/plain", "fine")).toEqual({});
    expect(describeText(exchange("https://h.example/", { status: 403, contentType: "text/plain" }))).toEqual({});
  });
});

describe("a page that go asked for", () => {
  const read = (text: string, more: { status?: number; complete?: boolean } = {}): Partial<HttpReport> =>
    describeText(
      exchange("https://h.example/m?go-get=1", {
        status: more.status ?? 200,
        contentType: "text/plain",
        content: { complete: more.complete ?? true, bytes: text.length, kept: bytes(text) },
      }),
    );

  it("is of no use without a go-import tag, as far as all of it was read", () => {
    const text = "no go-import meta tags ()";
    expect(read("<h1>hello</h1>")).toEqual({ contentError: { kind: "other", text } });
    expect(read("<h1>hello</h1>", { complete: false })).toEqual({});
    expect(read("<h1>hello</h1>", { status: 404 })).not.toHaveProperty("contentError");
    expect(read("<meta name=go-import content='a git b'>")).toEqual({});
  });

  it("is read whatever its type is", () => {
    const tag = `<meta name="go-import" content="h.example/m git https://g.example/m">`;
    expect(read(tag).goImports).toEqual([{ prefix: "h.example/m", vcs: "git", root: "https://g.example/m" }]);
  });
});

describe("go-import tags", () => {
  const tag = `<meta name="go-import" content="example.com/m git https://user:pw@git.example.com/m.git">`;
  const read = { prefix: "example.com/m", vcs: "git", root: "https://git.example.com/m.git" };

  it.each([
    [tag, [read]],
    [
      `<META content='a.b mod https://p.b?x=1&amp;y=2' NAME='go-import'/>`,
      [{ prefix: "a.b", vcs: "mod", root: "https://p.b?x=1&y=2" }],
    ],
    [`<html><head>${tag}${tag}</head><body>${tag}`, [read, read]],
    [`<body>${tag}`, []],
    [`<meta name="go-source" content="a b c">`, []],
    [`<meta name="go-import" content="too few">`, []],
    [`<meta name="go-import"`, []],
  ])("of %s", (page, expected) => {
    expect(parseGoImports(page)).toEqual(expected);
  });

  it("stand in pages of any status", () => {
    expect(answer(404, "text/html", tag)).toEqual({ goImports: [read] });
  });

  it("are read in linear time, and only so many, whatever a page holds", () => {
    expect(parseGoImports("<meta".repeat(400_000))).toEqual([]);
    expect(parseGoImports(tag.repeat(10_000)).length).toBe(64);
  });
});
