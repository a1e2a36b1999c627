import { describe, expect, it } from "vitest";
import { expandLabel, keyBlock, nextTrafficSecret } from "../../../src/protocol/tls/key-schedule.ts";
import { bytesOf } from "../../build/tls.ts";

describe("expandLabel", () => {
  // RFC 8448 §3: the server's handshake keys.
  const secret = bytesOf("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");

  it("gives keys and IVs", () => {
    expect(expandLabel("sha256", secret, "key", 16).toString("hex")).toBe("3fce516009c21727d0f2e4e86ee403bc");
    expect(expandLabel("sha256", secret, "iv", 12).toString("hex")).toBe("5d313eb2671276ee13000b30");
  });

  it("gives the next secret as long as the one before", () => {
    expect(nextTrafficSecret("sha256", secret)).toEqual(expandLabel("sha256", secret, "traffic upd", 32));
    expect(nextTrafficSecret("sha384", new Uint8Array(48))).toHaveLength(48);
  });
});

describe("keyBlock", () => {
  const bytes = (length: number, first: number): Uint8Array => Uint8Array.from({ length }, (_, at) => first + at);

  // Computed with OpenSSL's TLS1-PRF: openssl kdf -kdfopt digest:… -kdfopt hexsecret:… -kdfopt hexseed:… TLS1-PRF
  it.each([
    [
      "sha256",
      "385ef3040dd6ba8f3248ef6c54db1bfbf85ddf0329e455cc5697106f487e1aeb07ff3dc3dcbe13d816b8f269a598a2e817f504fa05cbb05868e68a56a10cc1be6305c1d5a6310158",
    ],
    [
      "sha384",
      "93388f8010162574e3c7ad5611be41d5370f1e4adbf4ddc3cc1328c9ac394f92335cfee60740fe91f937d3d5348dc7ecc52d57a0690db86c85c393066b3105d13337ace4c567e30a",
    ],
    [
      undefined,
      "2b30878adbd4b3e6616ece8879958b8705489fa795c12ae624f408a2b0e6597fc36d6bfd8c2d9fb36d9044ad9d5b1acf0d810be2e2b908852efe325cb24328288d45183025c30b1e",
    ],
  ] as const)("is the PRF with %s", (hash, expected) => {
    const block = keyBlock(hash, bytes(48, 0), bytes(32, 100), bytes(32, 150), 72);
    expect(block.toString("hex")).toBe(expected);
  });
});
