import { describe, expect, it } from "vitest";
import { MalformedError } from "../../src/bytes/malformed.ts";
import { limits } from "../../src/limits.ts";
import { recallCertificate } from "../../src/pki/certificate-memory.ts";
import { mintCa } from "../build/certificates.ts";

const { der } = mintCa("Remembered");

describe("recallCertificate", () => {
  it("parses a certificate once", () => {
    expect(recallCertificate(der, "one")).toMatchObject({ sha256: "one", subject: { commonName: "Remembered" } });
    expect(recallCertificate(der, "one")).toBe(recallCertificate(der, "one"));
  });

  it("remembers what cannot be parsed", () => {
    const malformed = recallCertificate(der.subarray(1), "malformed");
    expect(malformed).toBeInstanceOf(MalformedError);
    expect(recallCertificate(der.subarray(1), "malformed")).toBe(malformed);
  });

  it("forgets the longest known first, and keeps none that is larger than real ones", () => {
    const first = recallCertificate(der, "first");
    for (let at = 1; at < limits.rememberedCertificates; at++) recallCertificate(der, `other ${at}`);
    expect(recallCertificate(der, "first")).toBe(first);
    recallCertificate(der, "last");
    expect(recallCertificate(der, "first")).not.toBe(first);
    const large = new Uint8Array(limits.rememberedCertificate + 1);
    expect(recallCertificate(large, "large")).not.toBe(recallCertificate(large, "large"));
  });
});
