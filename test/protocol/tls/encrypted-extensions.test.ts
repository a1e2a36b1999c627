import { describe, expect, it } from "vitest";
import { parseEncryptedExtensions } from "../../../src/protocol/tls/encrypted-extensions.ts";
import { bytesOf } from "../../build/tls.ts";

const whole = bytesOf("0011 0010 0005 0003 02 6832 002a 0000 0000 0000");

describe("parseEncryptedExtensions", () => {
  it("reads ALPN and whether early data was taken", () => {
    expect(parseEncryptedExtensions(whole, 0, whole.length)).toEqual({ alpn: "h2", earlyData: true });
    expect(parseEncryptedExtensions(bytesOf("0000"), 0, 2)).toEqual({ earlyData: false });
  });

  it("refuses every proper prefix, and bytes behind it", () => {
    for (let end = 0; end < whole.length; end++) {
      expect(() => parseEncryptedExtensions(whole, 0, end)).toThrow(
        expect.objectContaining({ code: "truncated" }) as Error,
      );
    }
    expect(() => parseEncryptedExtensions(bytesOf("0000 00"), 0, 3)).toThrow(
      expect.objectContaining({ code: "trailing" }) as Error,
    );
  });
});
