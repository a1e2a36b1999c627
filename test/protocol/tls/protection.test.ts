import { getCiphers } from "node:crypto";
import { describe, expect, it } from "vitest";
import { protectionOf } from "../../../src/protocol/tls/protection.ts";

describe("protectionOf", () => {
  it.each([
    [0x1301, "aes-128-gcm", "sha256"],
    [0x1302, "aes-256-gcm", "sha384"],
    [0x1303, "chacha20-poly1305", "sha256"],
    [0x1304, "aes-128-ccm", "sha256"],
    [0x1305, "aes-128-ccm", "sha256"],
    [0xc02f, "aes-128-gcm", "sha256"],
    [0xc030, "aes-256-gcm", "sha384"],
    [0xcca8, "chacha20-poly1305", "sha256"],
    [0xc0af, "aes-256-ccm", "sha256"],
    [0xc013, "aes-128-cbc", "sha256"],
    [0xc028, "aes-256-cbc", "sha384"],
    [0x000a, "des-ede3-cbc", "sha256"],
    [0xc076, "camellia-128-cbc", "sha256"],
  ])("tells of %i what undoes it", (suite, cipher, hash) => {
    expect(protectionOf(suite)).toMatchObject({ cipher, hash });
    expect(getCiphers()).toContain(cipher);
  });

  it("tells tags of eight bytes from those of sixteen", () => {
    expect(
      [0x1304, 0x1305, 0xc0ad, 0xc0af].map((suite) => (protectionOf(suite) as { tagLength: number }).tagLength),
    ).toEqual([16, 8, 16, 8]);
  });

  it("tells the MAC apart from the hash of the key schedule", () => {
    const macs = [0xc013, 0xc027, 0xc028].map((suite) => (protectionOf(suite) as { mac: string }).mac);
    expect(macs).toEqual(["sha1", "sha256", "sha384"]);
  });

  it.each([0x0005, 0x0000, 0x002c, 0xc011, 0xc051, 0xffff, 0x0a0a])("knows nothing of %i", (suite) => {
    expect(protectionOf(suite)).toBeUndefined();
  });
});
