import { describe, expect, it } from "vitest";
import { detectTls } from "../../../src/protocol/tls/detect.ts";
import { bytesOf } from "../../build/tls.ts";
import { go127Hello, gnutlsHello, serverHello12, serverHello13 } from "./fixtures.ts";

describe("TLS by its first bytes", () => {
  it.each([
    ["go 1.27", go127Hello],
    ["git with GnuTLS", gnutlsHello],
    ["server, 1.3", serverHello13],
    ["server, 1.2", serverHello12],
  ])("is seen within eleven: %s", (_name, bytes) => {
    for (let end = 0; end <= 10; end++) expect(detectTls(bytes, 0, end)).toBe("more");
    expect(detectTls(bytes, 0, 11)).toBe("yes");
    expect(detectTls(bytes, 0, bytes.length)).toBe("yes");
  });

  it.each([
    ["an alert of a server", "15 0301 0002 02 46", "yes"],
    ["an alert whose level is to come", "15 0301 0002", "more"],
    ["an alert of another length", "15 0301 0003 02 46 00", "no"],
    ["an alert of no level", "15 0301 0002 07 46", "no"],
    ["HTTP", "434f4e4e454354", "no"],
    ["SOCKS5", "05 01 00", "no"],
    ["SSH", "5353482d322e30", "no"],
    ["another version", "16 0401", "no"],
    ["a version of the far future", "16 0305", "no"],
    ["an empty record", "16 0301 0000", "no"],
    ["an oversized record", "16 0301 ffff", "no"],
    ["another message", "16 0301 0100 0b", "no"],
    ["a message too short for a hello", "16 0301 0010 01 000005", "no"],
    ["a message too long", "16 0301 0100 01 ff", "no"],
    ["a hello of an unknown version", "16 0301 0100 01 000080 04", "no"],
    ["a handshake of which only the type is there", "16", "more"],
  ])("%s", (_name, hex, expected) => {
    const bytes = bytesOf(hex);
    expect(detectTls(bytes, 0, bytes.length)).toBe(expected);
  });

  it("reads only its range", () => {
    const around = bytesOf("ff 16 ff");
    expect(detectTls(around, 1, 2)).toBe("more");
    expect(detectTls(around, 1, 1)).toBe("more");
  });
});
