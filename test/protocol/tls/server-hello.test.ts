import { describe, expect, it } from "vitest";
import { MalformedError } from "../../../src/bytes/malformed.ts";
import { parseServerHello } from "../../../src/protocol/tls/server-hello.ts";
import { bytesOf } from "../../build/tls.ts";
import { helloRetryRequest, serverHello12, serverHello13 } from "./fixtures.ts";

const head = `0303 ${"07".repeat(32)} 00 1301 00`;

function codeOf(parse: () => unknown): string {
  try {
    parse();
    return "none";
  } catch (error) {
    if (error instanceof MalformedError) return error.code;
    throw error;
  }
}

describe("ServerHello", () => {
  it.each([
    ["TLS 1.3", serverHello13, { negotiatedVersion: 0x0304, cipherSuite: 0x1302, helloRetryRequest: false }],
    [
      "TLS 1.2",
      serverHello12,
      { negotiatedVersion: 0x0303, cipherSuite: 0xc02f, alpn: "h2", helloRetryRequest: false },
    ],
    ["HelloRetryRequest", helloRetryRequest, { negotiatedVersion: 0x0304, helloRetryRequest: true }],
  ])("is read as recorded: %s", (_name, bytes, expected) => {
    expect(parseServerHello(bytes, 9, bytes.length)).toMatchObject({ ...expected, pskAccepted: false });
  });

  it("refuses every proper prefix, except the one without extensions", () => {
    const bytes = serverHello13.subarray(9);
    const accepted: number[] = [];
    for (let end = 0; end < bytes.length; end++) {
      const code = codeOf(() => parseServerHello(bytes, 0, end));
      if (code === "none") accepted.push(end);
      else expect(["truncated", "trailing"]).toContain(code);
    }
    expect(accepted).toEqual([70]);
  });

  it("needs no extensions, and notes an accepted pre-shared key", () => {
    const bare = bytesOf(head);
    expect(parseServerHello(bare, 0, bare.length)).toMatchObject({ negotiatedVersion: 0x0303, pskAccepted: false });
    const resumed = bytesOf(`${head} 000c 002b 0002 0304 0029 0002 0000`);
    expect(parseServerHello(resumed, 0, resumed.length)).toMatchObject({
      negotiatedVersion: 0x0304,
      pskAccepted: true,
    });
  });

  it.each([
    ["a session id over 32 bytes", `0303 ${"07".repeat(32)} 21 ${"00".repeat(33)} 1301 00`, "bad-length"],
    ["an extension twice", `${head} 0008 0017 0000 0017 0000`, "duplicate"],
    ["bytes behind the extensions", `${head} 0000 ff`, "trailing"],
    ["a version of one byte", `${head} 0005 002b 0001 03`, "truncated"],
    ["an empty ALPN answer", `${head} 0006 0010 0002 0000`, "empty-list"],
  ])("refuses %s", (_name, hex, code) => {
    const bytes = bytesOf(hex);
    expect(codeOf(() => parseServerHello(bytes, 0, bytes.length))).toBe(code);
  });
});
