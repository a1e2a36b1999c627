import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedError } from "../../../src/bytes/malformed.ts";
import { parseClientHello, type ClientHelloContent } from "../../../src/protocol/tls/client-hello.ts";
import { clientHelloKey } from "../../../src/protocol/tls/client-hello-key.ts";
import { bytesOf, clientHelloBody, serverName } from "../../build/tls.ts";
import { gnutlsHello, go119Hello, go127Hello, opensslHello } from "./fixtures.ts";

const recorded = [go119Hello, go127Hello, gnutlsHello, opensslHello].map((bytes) => bytes.subarray(9));

function keyOf(bytes: Uint8Array): string | undefined {
  return clientHelloKey(bytes, 0, bytes.length);
}

function contentOf(bytes: Uint8Array): ClientHelloContent | undefined {
  try {
    return parseClientHello(bytes, 0, bytes.length);
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

describe("the key of a ClientHello", () => {
  it("is the same whatever the random, the session id and the key shares", () => {
    for (const bytes of recorded) {
      const again = bytes.slice();
      again.fill(0x5a, 2, 34).fill(0x5a, 35, 35 + bytes[34]);
      const [group, share] = [29, 32];
      const at = again.findIndex(
        (_byte, offset) =>
          offset > 70 && again[offset] === 0 && again[offset + 1] === group && again[offset + 3] === share,
      );
      again.fill(0x5a, at + 4, at + 4 + share);
      expect(again).not.toEqual(bytes);
      expect(contentOf(again)).toEqual(contentOf(bytes));
      expect(keyOf(again)).toBe(keyOf(bytes));
    }
  });

  it("tells the kind of an ECH extension, and hides its body", () => {
    const hello = (body: string): Uint8Array =>
      clientHelloBody({ extensions: [serverName("a.example"), [0xfe0d, bytesOf(body)]] });
    expect(keyOf(hello("00 0102"))).toBe(keyOf(hello("00 0304")));
    expect(keyOf(hello("00 0102"))).not.toBe(keyOf(hello("01 0102")));
  });

  it("is none where a length reaches past the end", () => {
    for (const bytes of recorded) {
      for (let end = 0; end < bytes.length; end++) {
        if (contentOf(bytes.subarray(0, end)) === undefined) continue;
        expect(keyOf(bytes.subarray(0, end))).toBeDefined();
      }
      expect(keyOf(bytes.subarray(0, 34))).toBeUndefined();
      expect(keyOf(bytes.subarray(0, 60))).toBeUndefined();
    }
  });

  it("is equal only for hellos of equal content, whatever is changed", () => {
    const change = fc.record({ which: fc.nat(recorded.length - 1), at: fc.nat(2000), to: fc.nat(255) });
    fc.assert(
      fc.property(change, ({ which, at, to }) => {
        const bytes = recorded[which];
        const changed = bytes.slice();
        changed[at % bytes.length] = to;
        if (keyOf(changed) !== keyOf(bytes)) return;
        expect(contentOf(changed)).toEqual(contentOf(bytes));
      }),
      { seed: 3, numRuns: 3000 },
    );
  });
});
