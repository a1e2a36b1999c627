import { describe, expect, it } from "vitest";
import {
  checkNote,
  equalNotes,
  parseNote,
  parseVerifierKey,
  publicDatabaseKey,
  type VerifierKey,
} from "../../../src/gomod/checksum/note.ts";

/** Signed by golang.org/x/mod/sumdb/note. */
const keyText = "sum.example.org+ea13b82a+AeQDCZjP1a0XI8Fp+VaqC564YZtZkr1hLCr0KOvHn43w";
const signed =
  "go.sum database tree\n300\ncKPKsRB0+G5fTvuTK/M/nEG4mxLTCgReUPomP6qULHU=\n\n\u2014 sum.example.org 6hO4KgnsX1VApJwKZVxe35mX8w52prHqEBBo+sRxZSjq7fcM1QLNIffFZhYyu22S6+rEND+4abS8n8a54reyF9CElws=\n";

const note = (text: string): ReturnType<typeof parseNote> => parseNote(Buffer.from(text));
const key = parseVerifierKey(keyText) as VerifierKey;
const publicKey = parseVerifierKey(publicDatabaseKey) as VerifierKey;

describe("a verifier key", () => {
  it("has its name and hash", () => {
    expect(key).toMatchObject({ id: "sum.example.org+ea13b82a", name: "sum.example.org" });
    expect(publicKey.id).toBe("sum.golang.org+033de0ae");
  });

  const refused: [string, string, string][] = [
    ["no key", "sum.golang.org", "is not a verifier key: it would read name+hash+key"],
    ["nothing", "", "is not a verifier key: it would read name+hash+key"],
    ["a name with a space", `a b${keyText.slice(15)}`, "is not a verifier key: it would read name+hash+key"],
    ["a short hash", "a+12+AQ==", "is not a verifier key: it would read name+hash+key"],
    ["no base64", "a+00000000+A", "is not a verifier key: it would read name+hash+key"],
    ["another name", keyText.replace("example", "exampel"), "has a hash that is not its key's"],
    ["another algorithm", "a+1a137d52+Ag==", "is of an algorithm that Go does not know"],
    ["a short key", "a+28abd7ae+AQEC", "has no Ed25519 key of 32 bytes"],
  ];
  it.each(refused)("is refused: %s", (_, text, error) => expect(parseVerifierKey(text)).toEqual({ error }));
});

describe("a note", () => {
  it.each([
    ["itself", signed, true],
    ["another text", signed.replace("300", "301"), false],
    ["another signature", signed.replace("CElws=", "CElwA="), false],
    ["another key", signed.replace("sum.example.org", "sum.example.com"), false],
    ["one signature more", `${signed}${signed.split("\n").at(-2)}\n`, false],
  ])("equals to the byte: %s", (_, other, equal) => expect(equalNotes(note(signed)!, note(other)!)).toBe(equal));

  it("is proved by the key that signed it", () => {
    expect(checkNote(note(signed)!, [publicKey, key])).toEqual({
      result: "proved",
      key: key.id,
      because: `signed by ${key.id}`,
    });
  });

  it("is not provable without it", () => {
    expect(checkNote(note(signed)!, [publicKey])).toEqual({
      result: "not-provable",
      key: key.id,
      because: `signed by ${key.id}, whose key was not given`,
    });
  });

  it("is contradicted by it when one byte of the text differs", () => {
    expect(checkNote(note(signed.replace("\n300\n", "\n301\n"))!, [key])).toMatchObject({ result: "contradicted" });
  });

  it("is contradicted by a signature of another length", () => {
    const short = signed.replace(/ ([^ ]{8})[^ ]*\n$/, " $1\n");
    expect(checkNote(note(short)!, [key])).toMatchObject({ result: "contradicted", key: key.id });
  });

  it("may have further signatures of unknown keys", () => {
    const line = "\u2014 other AAAAAAA=\n";
    expect(checkNote(note(signed + line)!, [key]).result).toBe("proved");
    expect(checkNote(note(signed.replace("\n\n", `\n\n${line}`))!, [key]).result).toBe("proved");
  });

  it("is judged by the first of several signatures of a key", () => {
    const forged = signed.split("\n").at(-2)!.replace("CElws=", "CElwA=");
    expect(checkNote(note(`${signed}${forged}\n`)!, [key]).result).toBe("proved");
    expect(checkNote(note(signed.replace("\n\n", `\n\n${forged}\n`))!, [key]).result).toBe("contradicted");
  });

  it("may have empty lines in its text", () => {
    expect(Buffer.from(note(`a\n\nb\n${signed.slice(signed.indexOf("\n\n") + 1)}`)!.text).toString()).toBe("a\n\nb\n");
  });

  const malformed: [string, string][] = [
    ["nothing", ""],
    ["no signature", "text\n\n"],
    ["no empty line", "text\n\u2014 a AAAAAAA=\n"],
    ["no end of the last line", signed.slice(0, -1)],
    ["a control character", signed.replace("300", "3\t0")],
    ["another dash", signed.replace("\u2014", "-")],
    ["a signature that is no base64", signed.replace(/.=\n$/, "\n")],
    ["a name with a plus", signed.replace(" sum.", " s+m.")],
    ["101 signatures", `text\n\n${"\u2014 a AAAAAAA=\n".repeat(101)}`],
  ];
  it.each(malformed)("is malformed: %s", (_, text) => expect(note(text)).toBeUndefined());

  it("is malformed when it is no UTF-8", () => {
    const bytes = Buffer.from(signed);
    bytes[0] = 0xff;
    expect(parseNote(bytes)).toBeUndefined();
  });
});
