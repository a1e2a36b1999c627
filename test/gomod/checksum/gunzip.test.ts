import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Gunzip } from "../../../src/gomod/checksum/gunzip.ts";

const content = Buffer.from("module example.com/alpha\n\ngo 1.19\n".repeat(3));
const plain = gzipSync(content);
/** With every optional field: extra of 3 bytes, name, comment, checksum of the header. */
const full = Buffer.concat([
  Buffer.from("1f8b081e00000000000303 00616263 6100 6200 0000".replaceAll(" ", ""), "hex"),
  plain.subarray(10),
]);

describe("undoes, at every split,", () => {
  const coded: [string, Buffer, Buffer][] = [
    ["a plain member", plain, content],
    ["a member with every optional field", full, content],
    ["two members", Buffer.concat([plain, gzipSync("more")]), Buffer.concat([content, Buffer.from("more")])],
    [
      "an empty extra field",
      Buffer.concat([Buffer.from("1f8b08040000000000030000", "hex"), plain.subarray(10)]),
      content,
    ],
  ];
  it.each(coded)("%s", (_, bytes, expected) => {
    for (let at = 0; at <= bytes.length; at++) {
      expect(gunzip([bytes.subarray(0, at), bytes.subarray(at)])).toEqual({
        content: expected.toString(),
        whole: true,
        failure: undefined,
      });
    }
    expect(gunzip(Array.from(bytes, (byte) => Buffer.of(byte)))).toMatchObject({ whole: true, failure: undefined });
  });
});

it("is not whole with a proper prefix", () => {
  for (let at = 0; at < full.length; at++) expect(gunzip([full.subarray(0, at)]).whole).toBe(false);
});

describe("refuses", () => {
  const changed = (at: number, byte: number): Buffer =>
    Buffer.from(plain.map((old, index) => (index === at ? byte : old)));
  const refused: [string, Buffer, string][] = [
    ["what is not gzip", Buffer.from("module example.com/alpha\n"), "it is not coded as gzip"],
    ["another method", changed(2, 7), "it is not coded as gzip"],
    ["a wrong checksum", changed(plain.length - 8, plain[plain.length - 8] ^ 1), "its gzip coding fails its checksum"],
    ["a wrong length", changed(plain.length - 4, plain[plain.length - 4] ^ 1), "its gzip coding fails its checksum"],
    ["a damaged body", changed(10, 0xff), "its gzip coding is damaged: block of an unknown type"],
  ];
  it.each(refused)("%s", (_, bytes, failure) => expect(gunzip([bytes]).failure).toBe(failure));
});

function gunzip(pieces: Buffer[]): { content: string; whole: boolean; failure: string | undefined } {
  const out: Buffer[] = [];
  const gunzipper = new Gunzip((bytes, start, end) => out.push(Buffer.from(bytes.subarray(start, end))) > 0);
  for (const piece of pieces) gunzipper.push(piece, 0, piece.length);
  return { content: Buffer.concat(out).toString(), whole: gunzipper.whole, failure: gunzipper.failure };
}
