import { describe, expect, it } from "vitest";
import { parseClientHello, type ClientHelloContent } from "../../../src/protocol/tls/client-hello.ts";
import { ja4 } from "../../../src/protocol/tls/ja4.ts";
import { go119Hello, go127Hello, gnutlsHello, opensslHello } from "./fixtures.ts";

const empty = {
  legacyVersion: 0x0303,
  supportedVersions: [],
  cipherSuites: [],
  extensions: [],
  alpnOffered: [],
  signatureAlgorithms: [],
} satisfies Partial<ClientHelloContent>;

const chrome = {
  legacyVersion: 0x0303,
  supportedVersions: [0x1a1a, 0x0304, 0x0303],
  cipherSuites: [
    0x3a3a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d,
    0x002f, 0x0035,
  ],
  extensions: [
    0xdada, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012, 0x002b, 0xff01,
    0x000b, 0x000a, 0x0015,
  ],
  alpnOffered: ["h2", "http/1.1"],
  signatureAlgorithms: [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601],
};

describe("JA4", () => {
  it.each([
    ["go command 1.19", go119Hello, "t13d1910h2_9dc949149365_97f8aa674fd9"],
    ["go command 1.27", go127Hello, "t13d1312h2_f57a46bbacb6_f50d94e863eb"],
    ["git with GnuTLS", gnutlsHello, "t13d2912h2_723694b0fccc_288f874c93d6"],
    ["curl with OpenSSL", opensslHello, "t13d3112h2_e8f1e7e78f70_b26ce05bbdd6"],
  ])("of a recorded hello: %s", (_name, bytes, expected) => {
    expect(ja4(parseClientHello(bytes, 9, bytes.length))).toBe(expected);
  });

  it("leaves GREASE out and sorts, as in the specification's example", () => {
    expect(ja4(chrome)).toBe("t13d1516h2_8daaf6152771_e5627efa2ab1");
  });

  it.each([
    ["nothing at all", {}, "t12i000000_000000000000_000000000000"],
    ["an old version", { legacyVersion: 0x0301, cipherSuites: [0x002f] }, "t10i010000_"],
    ["SSL 3.0", { legacyVersion: 0x0300 }, "ts3i000000_000000000000_000000000000"],
    ["an unknown version", { legacyVersion: 0x0999 }, "t00i000000_000000000000_000000000000"],
    ["only GREASE", { cipherSuites: [0x0a0a], extensions: [0x1a1a] }, "t12i000000_000000000000_000000000000"],
    ["only name and ALPN", { extensions: [0, 16], alpnOffered: ["h2"] }, "t12d0002h2_000000000000_000000000000"],
    ["more than 99 suites", { cipherSuites: Array.from({ length: 120 }, () => 0x002f) }, "t12i990000"],
    ["a one-letter ALPN", { alpnOffered: ["h"] }, "t12i0000hh"],
    ["an ALPN with other ends", { alpnOffered: ["\xab\xcd"] }, "t12i0000ad"],
    ["an ALPN with one other end", { alpnOffered: ["0\xab"] }, "t12i00003b"],
    ["an ALPN of punctuation", { alpnOffered: ["-"] }, "t12i00002d"],
    ["a GREASE ALPN", { alpnOffered: ["\x0a\x0a", "h2"] }, "t12i00000a"],
  ])("of %s", (_name, fields, expected) => {
    expect(ja4({ ...empty, ...fields })).toContain(expected);
  });

  it("keeps the order of signature algorithms", () => {
    const one = ja4({ ...empty, extensions: [13], signatureAlgorithms: [0x0403, 0x0804] });
    const other = ja4({ ...empty, extensions: [13], signatureAlgorithms: [0x0804, 0x0403] });
    expect(one).not.toBe(other);
  });
});
