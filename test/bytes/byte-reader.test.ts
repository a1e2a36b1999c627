import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader } from "../../src/bytes/byte-reader.ts";
import { MalformedError } from "../../src/bytes/malformed.ts";

const reader = (hex: string): ByteReader => new ByteReader(Buffer.from(hex.replaceAll(" ", ""), "hex"), "message");

function refusal(read: () => unknown): MalformedError {
  try {
    read();
  } catch (error) {
    if (error instanceof MalformedError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("ByteReader", () => {
  it("reads big-endian integers and moves past them", () => {
    const bytes = reader("01 0203 040506 0708090a ff");
    expect([bytes.u8(), bytes.u16(), bytes.u24(), bytes.u32()]).toEqual([1, 0x0203, 0x040506, 0x0708090a]);
    expect(bytes.offset).toBe(10);
    expect(bytes.remaining).toBe(1);
    expect([...bytes.rest()]).toEqual([0xff]);
    bytes.expectEnd();
  });

  it("reads u32 without a sign", () => {
    expect(reader("ffffffff").u32()).toBe(0xffff_ffff);
  });

  it.each<[name: string, hex: string, read: (bytes: ByteReader) => unknown]>([
    ["u8", "", (bytes) => bytes.u8()],
    ["u16", "01", (bytes) => bytes.u16()],
    ["u24", "01 02", (bytes) => bytes.u24()],
    ["u32", "01 02 03", (bytes) => bytes.u32()],
    ["slice", "01 02 03", (bytes) => bytes.slice(4)],
    ["skip", "01", (bytes) => bytes.skip(2)],
    ["child", "01 02", (bytes) => bytes.child(3, "part")],
  ])("refuses %s past the end and stays where it is", (_, hex, read) => {
    const bytes = reader(hex);
    expect(refusal(() => read(bytes))).toMatchObject({ code: "truncated", offset: 0, what: "message" });
    expect(bytes.offset).toBe(0);
  });

  it("gives a child that ends where its length says, by its own name", () => {
    const bytes = reader("02 0a0b 0c");
    const child = bytes.child(bytes.u8(), "part");
    expect(bytes.remaining).toBe(1);
    expect(child.u8()).toBe(0x0a);
    expect(refusal(() => child.expectEnd())).toMatchObject({ code: "trailing", offset: 2, what: "part" });
    expect(child.u8()).toBe(0x0b);
    expect(refusal(() => child.u8())).toMatchObject({ code: "truncated", what: "part" });
  });

  it("reads within a part of a larger buffer", () => {
    const backing = Buffer.from("ff 01 02 ff".replaceAll(" ", ""), "hex");
    const bytes = new ByteReader(backing, "message", 1, 3);
    expect(bytes.u16()).toBe(0x0102);
    expect(refusal(() => bytes.u8()).code).toBe("truncated");
  });

  it("never reads outside, whatever is asked", () => {
    const asks = fc.array(fc.nat(12), { maxLength: 20 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), asks, (content, lengths) => {
        const bytes = new ByteReader(content, "message");
        const read: number[] = [];
        try {
          for (const length of lengths) read.push(...bytes.slice(length));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
        expect(read).toEqual([...content.subarray(0, read.length)]);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe("MalformedError", () => {
  it("says what, why and where, and gathers no stack trace", () => {
    const error = new MalformedError("bad-length", 7, "key_share");
    expect(error.message).toBe("key_share: bad-length at offset 7");
    expect(error.stack?.includes("\n    at ")).toBe(false);
    expect(new Error("other").stack).toContain("\n    at ");
  });
});
