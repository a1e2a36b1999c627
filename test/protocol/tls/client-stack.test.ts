import { describe, expect, it } from "vitest";
import { parseClientHello } from "../../../src/protocol/tls/client-hello.ts";
import { clientStack } from "../../../src/protocol/tls/client-stack.ts";
import { ja4 } from "../../../src/protocol/tls/ja4.ts";
import { alpn, clientHelloBody, codes, serverName, supportedVersions } from "../../build/tls.ts";
import { gnutlsHello, go119Hello, go127Hello, opensslHello } from "./fixtures.ts";

const tls13Suites = [0x1301, 0x1302, 0x1303];
const modern = [0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a, 0xc014];
const old = [0x009c, 0x009d, 0x002f, 0x0035, 0xc012, 0x000a];
const withAes = [...modern, ...tls13Suites];
const withoutAes = [
  0xcca9, 0xcca8, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xc009, 0xc013, 0xc00a, 0xc014, 0x1303, 0x1301, 0x1302,
];
const classical = [29, 23, 24, 25];
const sha1Too = [0x0804, 0x0403, 0x0807, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0503, 0x0603, 0x0201, 0x0203];
const noSha1 = sha1Too.slice(0, 10);
const mldsa = [0x0904, 0x0905, 0x0906];

const orders = {
  "1.19": [0, 5, 10, 11, 13, 65281, 16, 18, 43, 51],
  "1.21": [0, 5, 10, 11, 13, 65281, 23, 16, 18, 43, 51],
  "1.23": [0, 11, 65281, 23, 18, 5, 10, 13, 16, 43, 51],
  "1.25": [0, 11, 65281, 23, 18, 5, 10, 13, 50, 16, 43, 51],
};

interface Shape {
  readonly order: readonly number[];
  readonly suites?: readonly number[];
  readonly groups?: readonly number[];
  readonly schemes?: readonly number[];
}

function hello({ order, suites = withAes, groups = classical, schemes = sha1Too }: Shape) {
  const bodies = new Map([
    serverName("proxy.golang.org"),
    codes(10, groups),
    codes(13, schemes),
    alpn("h2", "http/1.1"),
    supportedVersions(0x0304, 0x0303),
    [51, Uint8Array.of(0, 0)] as const,
  ]);
  const extensions = order.map((type) => [type, bodies.get(type) ?? new Uint8Array(0)] as const);
  const body = clientHelloBody({ suites, extensions });
  return parseClientHello(body, 0, body.length);
}

const mlkem = [4588, ...classical];
const secp = [4588, 4587, 4589, ...classical];

describe("the stack of a client", () => {
  it.each([
    ["go command 1.19.8", go119Hello, "Go 1.20 or older"],
    ["go command 1.27.3", go127Hello, "Go 1.27"],
    ["git with GnuTLS 3.7", gnutlsHello, "git or curl with GnuTLS"],
    ["curl with OpenSSL 3.0", opensslHello, "git, curl or another program with OpenSSL"],
  ])("of a recorded hello: %s", (_name, bytes, expected) => {
    const stack = clientStack(parseClientHello(bytes, 9, bytes.length));
    expect([stack.text, stack.grade]).toEqual([expected, "inferred"]);
    expect(stack.because).toContain("look");
  });

  it.each<[string, Shape, string, string]>([
    [
      "1.21",
      { order: orders["1.21"], suites: [...modern, ...old, ...tls13Suites] },
      "1.21–1.22",
      "9dc949149365_e7c285222651",
    ],
    [
      "1.23",
      { order: orders["1.23"], suites: [...modern, ...old, ...tls13Suites] },
      "1.23",
      "9dc949149365_e7c285222651",
    ],
    ["1.24", { order: orders["1.23"], groups: mlkem }, "1.24", "f57a46bbacb6_e7c285222651"],
    ["1.25", { order: orders["1.25"], groups: mlkem, schemes: noSha1 }, "1.25", "f57a46bbacb6_ab7e3b40a677"],
    ["1.26", { order: orders["1.25"], groups: secp, schemes: noSha1 }, "1.26", "f57a46bbacb6_ab7e3b40a677"],
    [
      "1.27",
      { order: orders["1.25"], groups: secp, schemes: [...mldsa, ...noSha1] },
      "1.27",
      "f57a46bbacb6_f50d94e863eb",
    ],
  ])("tells the go command %s, with the JA4 that it has", (_name, shape, versions, fingerprint) => {
    const content = hello(shape);
    expect(clientStack(content).goVersions).toBe(versions);
    expect(ja4(content)).toContain(fingerprint);
  });

  it.each<[string, Shape, string]>([
    ["no AES hardware", { order: orders["1.25"], groups: secp, schemes: noSha1, suites: withoutAes }, "Go 1.26"],
    ["an address for a host", { order: orders["1.25"].slice(1), groups: secp, schemes: noSha1 }, "Go 1.26"],
    ["a draft of Kyber", { order: orders["1.23"], groups: [0x6399, ...classical] }, "Go 1.23"],
    ["tlsmlkem=0 in 1.24, or a program of 1.23", { order: orders["1.23"] }, "Go 1.23–1.24"],
    ["tlsmlkem=0 in 1.25 or 1.26", { order: orders["1.25"], schemes: noSha1 }, "Go 1.25–1.26"],
    ["session tickets", { order: [...orders["1.25"], 35, 45], groups: secp, schemes: noSha1 }, "Go 1.26"],
    ["an order of another version", { order: [0, 18, 11, 10, 13, 23, 43, 51], groups: secp }, "Go, version not told"],
  ])("tells Go with %s", (_name, shape, expected) => {
    expect(clientStack(hello(shape)).text).toBe(expected);
  });

  it("says what a missing ALPN means", () => {
    const stack = clientStack(hello({ order: orders["1.25"].filter((type) => type !== 16), groups: secp }));
    expect(stack.name).toBe("go");
    expect(stack.because).toContain("GOINSECURE");
  });

  it.each<[string, Shape, string]>([
    ["GREASE", { order: [0x0a0a, ...orders["1.25"]] }, "browser"],
    [
      "NSS",
      { order: [0, 23, 65281, 10, 11, 35, 16, 5, 34, 51, 43, 13, 45, 28], suites: [0x1301, 0x1303, 0x1302] },
      "browser",
    ],
    ["no known shape", { order: [43, 51, 0, 10, 13], suites: [0x1302, 0x1301] }, "other"],
  ])("does not take a hello with %s for Go", (_name, shape, expected) => {
    expect(clientStack(hello(shape)).name).toBe(expected);
  });
});
