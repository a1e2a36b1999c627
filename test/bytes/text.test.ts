import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressText, fieldsOf, hex, hexCode, hostPort, latin1, utf8 } from "../../src/bytes/text.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("addressText", () => {
  it.each([
    ["c0 00 02 01", "192.0.2.1"],
    ["00 00 00 00", "0.0.0.0"],
  ])("writes IPv4 %s as %s", (address, text) => {
    expect(addressText(bytes(address), 0, 4)).toBe(text);
  });

  // RFC 5952 §4 and its examples.
  it.each([
    ["2001 0db8 0000 0000 0000 0000 0002 0001", "2001:db8::2:1"],
    ["2001 0db8 0000 0001 0001 0001 0001 0001", "2001:db8:0:1:1:1:1:1"],
    ["2001 0000 0000 0001 0000 0000 0000 0001", "2001:0:0:1::1"],
    ["2001 0db8 0000 0000 0001 0000 0000 0001", "2001:db8::1:0:0:1"],
    ["0000 0000 0000 0000 0000 0000 0000 0000", "::"],
    ["0000 0000 0000 0000 0000 0000 0000 0001", "::1"],
    ["fe80 0000 0000 0000 0000 0000 0000 0000", "fe80::"],
    ["0000 0000 0000 0000 0000 ffff c000 0201", "::ffff:192.0.2.1"],
    ["2001 0db8 aaaa bbbb cccc dddd eeee 0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"],
  ])("writes IPv6 %s as %s", (address, text) => {
    expect(addressText(bytes(address), 0, 16)).toBe(text);
  });

  it("writes an address that URL parsers read back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (address) => {
        const text = addressText(address, 0, 16);
        const again = new URL(`http://[${text}]/`).hostname;
        expect(new URL(`http://[${hex(address).replace(/(.{4})(?=.)/g, "$1:")}]/`).hostname).toBe(again);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe("the rest", () => {
  it("writes bytes and code points in lower-case hex", () => {
    expect(hex(bytes("00 0f a0 ff"))).toBe("000fa0ff");
    expect(hex(bytes("00 0f a0 ff"), 1, 3)).toBe("0fa0");
    expect([hexCode(0x1301), hexCode(5), hexCode(0xfe, 2)]).toEqual(["0x1301", "0x0005", "0xfe"]);
  });

  it("reads text of any bytes without failing", () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(Array.from(all, (_, at) => latin1(all).charCodeAt(at))).toEqual([...all]);
    expect(utf8(bytes("c3 a9 ff"))).toBe("é\ufffd");
    expect(latin1(bytes("41 42 43"), 1, 2)).toBe("B");
  });

  it("puts an IPv6 address in brackets before its port", () => {
    expect([hostPort("a.example", 443), hostPort("::1", 80)]).toEqual(["a.example:443", "[::1]:80"]);
  });

  it("cuts text into words at what Go takes for white space", () => {
    expect(fieldsOf(" a\t b\u00a0c\u0085d\v\u2029e\r\n")).toEqual(["a", "b", "c", "d", "e"]);
    expect(fieldsOf("\ufeffa b")).toEqual(["\ufeffa", "b"]);
    expect(fieldsOf(" \n")).toEqual([]);
  });
});
