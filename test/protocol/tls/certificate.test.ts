import { describe, expect, it } from "vitest";
import { MalformedError } from "../../../src/bytes/malformed.ts";
import { parseCertificates } from "../../../src/protocol/tls/certificate.ts";
import { bytesOf, certificateMessage } from "../../build/tls.ts";

function parse(bytes: Uint8Array, tls13: boolean, end = bytes.length): readonly number[] | string {
  try {
    return parseCertificates(bytes, 0, end, tls13).map((der) => der.length);
  } catch (error) {
    if (error instanceof MalformedError) return error.code;
    throw error;
  }
}

describe("Certificate", () => {
  it("gives the certificates in the order sent", () => {
    const body = certificateMessage(30, 20, 10).subarray(4);
    expect(parse(body, false)).toEqual([30, 20, 10]);
    expect(parseCertificates(body, 0, body.length, false).map((der) => der[0])).toEqual([1, 2, 3]);
  });

  it("refuses every proper prefix", () => {
    const body = certificateMessage(30, 20).subarray(4);
    for (let end = 0; end < body.length; end++) expect(parse(body, false, end)).toBe("truncated");
  });

  it.each([
    ["TLS 1.2, none", false, "000000", []],
    ["TLS 1.2, one", false, "000004 000001 aa", [1]],
    ["TLS 1.2, an empty one", false, "000003 000000", "empty-item"],
    ["TLS 1.2, bytes behind the list", false, "000000 00", "trailing"],
    ["TLS 1.2, a list that is cut", false, "000005 000001 aa", "truncated"],
    ["TLS 1.2, an entry past the list", false, "000004 000002 aa", "truncated"],
    ["TLS 1.3, none", true, "00 000000", []],
    ["TLS 1.3, a context and one", true, "02 ffff 000006 000001 aa 0000", [1]],
    ["TLS 1.3, extensions past the list", true, "00 000008 000001 aa 0004 0005", "truncated"],
    ["TLS 1.3, one with an extension block", true, "00 00000a 000001 aa 0004 00050000", [1]],
    ["TLS 1.3, without the extension block", true, "00 000004 000001 aa", "truncated"],
  ])("%s", (_name, tls13, hex, expected) => {
    expect(parse(bytesOf(hex), tls13)).toEqual(expected);
  });
});
