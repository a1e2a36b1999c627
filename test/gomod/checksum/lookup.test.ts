import { describe, expect, it } from "vitest";
import { parseLookup, parseTreeHead, type Lookup } from "../../../src/gomod/checksum/lookup.ts";
import { recordHash } from "../../../src/gomod/checksum/tlog.ts";

/** Formatted by golang.org/x/mod/sumdb/tlog, signed by its note. */
const answer =
  "299\nexample.com/m299 v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nexample.com/m299 v1.0.0/go.mod h1:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB=\n\ngo.sum database tree\n300\ncKPKsRB0+G5fTvuTK/M/nEG4mxLTCgReUPomP6qULHU=\n\n\u2014 sum.example.org 6hO4KgnsX1VApJwKZVxe35mX8w52prHqEBBo+sRxZSjq7fcM1QLNIffFZhYyu22S6+rEND+4abS8n8a54reyF9CElws=\n";
const parse = (text: string): ReturnType<typeof parseLookup> => parseLookup(Buffer.from(text));

it("reads number, lines, head and note", () => {
  const lookup = parse(answer) as Lookup;
  expect(lookup).toMatchObject({
    record: 299,
    lines: [
      { module: "example.com/m299", version: "v1.0.0", hash: `h1:${"A".repeat(43)}=` },
      { module: "example.com/m299", version: "v1.0.0/go.mod", hash: `h1:${"B".repeat(43)}=` },
    ],
    head: { size: 300 },
  });
  expect(lookup.head.hash.toString("base64")).toBe("cKPKsRB0+G5fTvuTK/M/nEG4mxLTCgReUPomP6qULHU=");
  expect(recordHash(lookup.text).toString("base64")).toBe("M9rxvosfFMtAbsnu5dE9zyuHxXAlW1bPS9pwsrcmfHo=");
  expect(lookup.note.signatures).toHaveLength(1);
});

it("refuses every proper prefix", () => {
  for (let at = 0; at < answer.length; at++) expect(parse(answer.slice(0, at))).toHaveProperty("error");
});

describe("refuses", () => {
  const refused: [string, string, string][] = [
    ["an error page", "not found: unknown revision\n", "it is no record"],
    ["a number that is none", answer.replace("299\n", "+299\n"), "it is no record"],
    ["a number beyond any", answer.replace("299\n", `${"9".repeat(20)}\n`), "it is no record"],
    ["an empty record", answer.replace(/^299\n[^]*?\n\n/, "299\n\n"), "the text of the record is malformed"],
    ["a control character", answer.replace("m299 ", "m299\t"), "the text of the record is malformed"],
    ["no note", answer.slice(0, answer.indexOf("\n\n") + 2), "its tree note is malformed"],
    ["a head of another kind", answer.replace("database tree", "database bush"), "its tree head is malformed"],
    ["a size with a zero before it", answer.replace("\n300\n", "\n0300\n"), "its tree head is malformed"],
    ["a short hash", answer.replace("\n300\n", "\n300\nAAAA"), "its tree head is malformed"],
  ];
  it.each(refused)("%s", (_, text, error) => expect(parse(text)).toEqual({ error }));
});

it("ignores further lines of a head, which are for later", () => {
  const text = `go.sum database tree\n0\n${"A".repeat(43)}=\nmore\n`;
  expect(parseTreeHead(Buffer.from(text))).toMatchObject({ size: 0 });
});
