import { describe, expect, it } from "vitest";
import { MalformedError } from "../../../src/bytes/malformed.ts";
import { parseClientHello, parseReadableClientHello } from "../../../src/protocol/tls/client-hello.ts";
import { alpn, bytesOf, clientHelloBody, codes, serverName, supportedVersions } from "../../build/tls.ts";
import { gnutlsHello, go119Hello, go127Hello } from "./fixtures.ts";

const head = `0303 ${"07".repeat(32)} 00 0002 1301 01 00`;

function codeOf(bytes: Uint8Array, end = bytes.length): string {
  try {
    parseClientHello(bytes, 0, end);
    return "none";
  } catch (error) {
    if (error instanceof MalformedError) return error.code;
    throw error;
  }
}

describe("ClientHello", () => {
  it("is read as the go command 1.19 sent it", () => {
    const content = parseClientHello(go119Hello, 9, go119Hello.length);
    expect(content).toMatchObject({
      serverName: "proxy.golang.org",
      legacyVersion: 0x0303,
      supportedVersions: [0x0304, 0x0303],
      groups: [29, 23, 24, 25],
      keyShares: [29],
      alpnOffered: ["h2", "http/1.1"],
      extensions: [0, 5, 10, 11, 13, 65281, 16, 18, 43, 51],
      grease: false,
      earlyData: false,
      echOuter: false,
      length: 277,
    });
    expect(content.cipherSuites).toHaveLength(19);
  });

  it("is read as the go command 1.27 sent it, with a hybrid share", () => {
    const content = parseClientHello(go127Hello, 9, go127Hello.length);
    expect(content).toMatchObject({ keyShares: [4588, 29], length: 1533, serverName: "proxy.golang.org" });
    expect(content.signatureAlgorithms.slice(0, 3)).toEqual([0x0904, 0x0905, 0x0906]);
  });

  it("notes ECH, resumption, early data and GREASE", () => {
    const extensions = [
      serverName("public.example"),
      [0xfe0d, bytesOf("00 0001 0001")],
      [0x1a1a, new Uint8Array(0)],
      [42, new Uint8Array(0)],
      [41, bytesOf("0000")],
    ] as const;
    const body = clientHelloBody({ extensions });
    const content = parseClientHello(body, 0, body.length);
    expect(content).toMatchObject({ echOuter: true, grease: true, earlyData: true });
  });

  it("needs no extensions", () => {
    const body = clientHelloBody({ version: 0x0301 });
    expect(parseClientHello(body, 0, body.length)).toMatchObject({ legacyVersion: 0x0301, extensions: [] });
  });

  it.each([
    ["go 1.19", go119Hello.subarray(9)],
    ["git with GnuTLS", gnutlsHello.subarray(9)],
  ])("refuses every proper prefix of a recorded one, except the one without extensions: %s", (_name, bytes) => {
    const accepted: number[] = [];
    for (let end = 0; end < bytes.length; end++) {
      const code = codeOf(bytes, end);
      if (code === "none") accepted.push(end);
      else expect(["truncated", "trailing"]).toContain(code);
    }
    const suites = (bytes[67] << 8) | bytes[68];
    expect(accepted).toEqual([69 + suites + 2]);
  });

  it.each([
    ["a session id over 32 bytes", `0303 ${"07".repeat(32)} 21 ${"00".repeat(33)} 0002 1301 01 00`, "bad-length"],
    ["an odd list of suites", `0303 ${"07".repeat(32)} 00 0003 130100 01 00`, "bad-length"],
    ["no compression method", `0303 ${"07".repeat(32)} 00 0002 1301 00`, "empty-list"],
    ["bytes behind the extensions", `${head} 0000 ff`, "trailing"],
    ["an extension longer than its block", `${head} 0004 0017 0001`, "truncated"],
    ["an extension twice", `${head} 0008 0017 0000 0017 0000`, "duplicate"],
    ["an empty server name", `${head} 0009 0000 0005 0003 00 0000`, "empty-item"],
    ["bytes behind the server names", `${head} 000b 0000 0007 0004 00 0001 61 ff`, "trailing"],
    ["an empty ALPN list", `${head} 0006 0010 0002 0000`, "empty-list"],
    ["an empty ALPN name", `${head} 0007 0010 0003 0001 00`, "empty-item"],
    ["an odd list of groups", `${head} 0009 000a 0005 0003 001d00`, "bad-length"],
    ["an odd list of versions", `${head} 0008 002b 0004 03 030403`, "bad-length"],
    ["a key share cut short", `${head} 000b 0033 0007 0005 001d 0002 00`, "truncated"],
  ])("refuses %s", (_name, hex, code) => {
    expect(codeOf(bytesOf(hex))).toBe(code);
  });

  it("refuses every inner length that is one off", () => {
    const extensions = [serverName("a.example"), codes(10, [29, 23]), alpn("h2"), supportedVersions(0x0304)] as const;
    const body = clientHelloBody({ extensions });
    // session id, suites, compressions, extensions, then each extension and the list inside
    const lengths = [34, 36, 39, 42, 46, 48, 51, 64, 66, 74, 76, 77, 83, 84];
    for (const at of lengths) {
      for (const change of [-1, 1]) {
        const changed = body.slice();
        changed[at] += change;
        expect(codeOf(changed), `length at ${at} ${change}`).not.toBe("none");
      }
    }
  });
});

describe("a ClientHello that is cut", () => {
  const body = go119Hello.subarray(9);
  const whole = parseClientHello(body, 0, body.length);
  const suites = (body[67] << 8) | body[68];
  const head = 69 + suites + 2;

  it("gives the extensions that are whole, at every length", () => {
    let known = 0;
    for (let end = head + 2; end < body.length; end++) {
      const content = parseReadableClientHello(body, 0, end, 277);
      expect(content).toMatchObject({ length: 277, cipherSuites: whole.cipherSuites });
      expect(whole.extensions.slice(0, content.extensions.length)).toEqual(content.extensions);
      expect(content.extensions.length).toBeGreaterThanOrEqual(known);
      known = content.extensions.length;
      expect(content.serverName).toBe(known > 0 ? "proxy.golang.org" : undefined);
      expect(content.groups).toEqual(content.extensions.includes(10) ? whole.groups : []);
      expect(content.alpnOffered).toEqual(content.extensions.includes(16) ? whole.alpnOffered : []);
    }
    expect(known).toBe(whole.extensions.length - 1);
  });

  it("is refused before its extensions", () => {
    for (let end = 0; end < head + 2; end++)
      expect(() => parseReadableClientHello(body, 0, end, 277)).toThrow("truncated");
  });

  it("leaves out an extension that is malformed, and what follows one that comes twice", () => {
    const extensions = "000a 0003 0004ff 0017 0000 0017 0000 002a 0000";
    const body = bytesOf(`0303 ${"07".repeat(32)} 00 0002 1301 01 00 0013 ${extensions}`);
    expect(() => parseClientHello(body, 0, body.length)).toThrow();
    const content = parseReadableClientHello(body, 0, body.length, 100);
    expect(content).toMatchObject({ groups: [], extensions: [10, 23], earlyData: false });
  });
});
