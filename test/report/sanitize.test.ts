import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvField, fileNamePart, markdownText, visible, visibleJson } from "../../src/report/sanitize.ts";

/** Text of any code units, lone surrogates and controls included. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...Array.from('\u0000\u001b\u009b\u202e|<`\\"=\n')),
    fc.nat(0xffff).map((code) => String.fromCharCode(code)),
  ),
});

describe("visible", () => {
  it.each([
    ["plain text stays", "sum.golang.org (42) é 漢", "sum.golang.org (42) é 漢"],
    ["escape and bell", "\u001b]0;title\u0007", "\\x1b]0;title\\x07"],
    ["the one-byte CSI of C1", "\u009b31m", "\\x9b31m"],
    ["delete", "a\u007fb", "a\\x7fb"],
    ["line ends and tabs", "a\r\nb\tc", "a\\x0d\\x0ab\\x09c"],
    ["line and paragraph separators", "a\u2028b\u2029c", "a\\u{2028}b\\u{2029}c"],
    ["right-to-left override", "exe.\u202efdp", "exe.\\u{202e}fdp"],
    ["isolates", "\u2066x\u2069", "\\u{2066}x\\u{2069}"],
    ["zero-width space and joiner", "go\u200blang\u200d", "go\\u{200b}lang\\u{200d}"],
    ["byte order mark, soft hyphen", "\ufeffa\u00adb", "\\u{feff}a\\xadb"],
    ["no-break and ideographic space", "a\u00a0b\u3000c", "a\\xa0b\\u{3000}c"],
    ["Hangul fillers and the braille blank", "\u3164\uffa0\u2800", "\\u{3164}\\u{ffa0}\\u{2800}"],
    ["variation selectors and tags", "\ufe0f\u{e0041}", "\\u{fe0f}\\u{e0041}"],
    ["a lone surrogate", "\ud800", "\\u{d800}"],
    ["a private character", "\ue000", "\\u{e000}"],
    ["a workflow command", "a ::add-mask::b ::error file=x::y", "a \\x3a:add-mask::b \\x3a:error file=x::y"],
    ["a pipeline's command", "a ##vso[task.x]b ##[group]c", "a \\x23#vso[task.x]b \\x23#[group]c"],
    ["IPv6 addresses stay", "fe80::a ::ffff:192.0.2.1 ::1 :: [::]:80 ##", "fe80::a ::ffff:192.0.2.1 ::1 :: [::]:80 ##"],
  ])("%s", (_name, text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it("leaves nothing that acts on a terminal or cannot be seen, and is idempotent", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = visible(text);
        expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(visible(shown)).toBe(shown);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe("markdownText", () => {
  it.each([
    ["a cell's end", "a|b", "a&#124;b"],
    ["an escaped cell's end", "a\\|b", "a&#92;&#124;b"],
    ["HTML", "<img src=x onerror=y>", "&#60;img src=x onerror=y&#62;"],
    ["a character reference", "&#60;", "&#38;#60;"],
    ["a link", "[a](http://x)", "\\[a\\](http\\://x)"],
    ["a bare link", "www.evil.example", "www\\.evil.example"],
    ["a mention", "@user", "\\@user"],
    ["emphasis and code", "*a* _b_ `c` ~d~", "\\*a\\* \\_b\\_ &#96;c&#96; \\~d\\~"],
    ["a heading or list at the front", "# a", "\\# a"],
  ])("disarms %s", (_name, text, expected) => {
    expect(markdownText(text)).toBe(expected);
  });
});

describe("csvField", () => {
  it.each([
    ["plain", "plain"],
    ["a,b", '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    [" =1", "' =1"],
    ['=1,"x"', '"\'=1,""x"""'],
    ["a\r\nb", "a\\x0d\\x0ab"],
    ["", ""],
  ])("%j", (text, expected) => {
    expect(csvField(text)).toBe(expected);
  });
});

describe("visibleJson", () => {
  it("keeps the value and shows nothing invisible", () => {
    fc.assert(
      fc.property(fc.record({ a: anyText, b: fc.array(anyText) }), (content) => {
        const json = visibleJson(JSON.stringify(content, undefined, 2));
        expect(JSON.parse(json)).toEqual(content);
        expect(json).not.toMatch(/[^\P{C}\n]/u);
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});

describe("fileNamePart", () => {
  it.each([
    ["sum.golang.org", "sum.golang.org"],
    ["*.golang.org", "golang.org"],
    ["../../etc/passwd", "etc_passwd"],
    ["..", "unnamed"],
    ["a/b\\c\0d", "a_b_c_d"],
    ["", "unnamed"],
    ["-rf", "rf"],
    ["x".repeat(300), "x".repeat(60)],
  ])("%j", (text, expected) => {
    expect(fileNamePart(text)).toBe(expected);
  });
});
