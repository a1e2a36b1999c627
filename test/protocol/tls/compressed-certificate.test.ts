import { brotliCompressSync, deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decompressCertificate } from "../../../src/protocol/tls/compressed-certificate.ts";
import { bytesOf, concat } from "../../build/tls.ts";

const message = Buffer.from("certificate ".repeat(30));

function compressed(algorithm: number, body: Uint8Array, length = message.length): Uint8Array {
  const u24 = (value: number): Buffer => Buffer.of(value >> 16, (value >> 8) & 0xff, value & 0xff);
  return concat(Buffer.of(0, algorithm), u24(length), u24(body.length), body);
}

/** A frame of one block that repeats a byte. Spec: RFC 8878 §3.1.1. */
const zstdRun = bytesOf("28b52ffd 20 64 230300 41");
/** A frame of a raw block. */
const zstdRaw = bytesOf("28b52ffd 20 05 290000 68656c6c6f");

function decompressed(bytes: Uint8Array): Buffer {
  return Buffer.from(decompressCertificate(bytes, 0, bytes.length));
}

describe("decompressCertificate", () => {
  it.each([
    ["zlib", compressed(1, deflateSync(message)), message],
    ["brotli", compressed(2, brotliCompressSync(message)), message],
    ["zstd, a run", compressed(3, zstdRun, 100), Buffer.alloc(100, 0x41)],
    ["zstd, raw", compressed(3, zstdRaw, 5), Buffer.from("hello")],
  ])("undoes %s", (_, bytes, expected) => {
    expect(decompressed(bytes).equals(expected)).toBe(true);
  });

  it.each([
    ["an unknown algorithm", compressed(9, message), "bad-value"],
    ["no zlib", compressed(1, message), "bad-encoding"],
    ["no brotli", compressed(2, message), "bad-encoding"],
    ["no zstd", compressed(3, message), "bad-encoding"],
    ["more than was said", compressed(1, deflateSync(message), 10), "bad-encoding"],
    ["less than was said", compressed(1, deflateSync(message), 1000), "bad-encoding"],
    ["a length beyond the cap", compressed(1, deflateSync(message), 0xffffff), "too-large"],
    [
      "zstd of many blocks",
      compressed(3, concat(zstdRaw.subarray(0, 6), ...Array<Uint8Array>(60).fill(bytesOf("000000"))), 5),
      "bad-encoding",
    ],
    ["bytes behind it", concat(compressed(1, deflateSync(message)), bytesOf("00")), "trailing"],
  ])("refuses %s", (_, bytes, code) => {
    expect(() => decompressed(bytes)).toThrow(expect.objectContaining({ code }) as Error);
  });

  it("refuses every proper prefix", () => {
    const whole = compressed(1, deflateSync(message));
    for (let end = 0; end < whole.length; end++) {
      expect(() => decompressCertificate(whole, 0, end)).toThrow(
        expect.objectContaining({ code: "truncated" }) as Error,
      );
    }
  });
});
