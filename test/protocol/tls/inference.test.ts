import { describe, expect, it } from "vitest";
import { certificatesIn, readServerFlight } from "../../../src/protocol/tls/inference.ts";
import { noted } from "../../build/tls.ts";

const sha256 = 0x1301;
const sha384 = 0x1302;

describe("a server's flight of one message a record", () => {
  it.each<[string, string, number, number, string, number]>([
    ["a09: leaf and issuing CA", "Sd32 Sd2172 Sd281 Sd69 Cd69", sha384, 2155, "RSA-2048", 2],
    ["c37: leaf alone", "Sd32 Sd1110 Sd281 Sd69 Cd19", sha384, 1093, "RSA-2048", 1],
    ["c06: leaf alone, SHA-256", "Sd32 Sd1118 Sd281 Sd53 Cd19", sha256, 1101, "RSA-2048", 1],
    ["c02: three", "Sd32 Sd3225 Sd281 Sd53 Cd53", sha256, 3208, "RSA-2048", 3],
    ["a07: to git", "Sd58 Sd2160 Sd281 Sd69 Cd69", sha384, 2143, "RSA-2048", 2],
    ["Go server, P-256, full", "Sd32 Sd1075 Sd95 Sd53 Cd53", sha256, 1058, "P-256", 2],
    ["Go server, P-256, leaf alone", "Sd32 Sd616 Sd96 Sd53 Cd19", sha256, 599, "P-256", 1],
    ["RSA-4096", "Sd32 Sd1900 Sd537 Sd53", sha256, 1883, "RSA-4096", 1],
    ["P-384", "Sd32 Sd700 Sd128 Sd69", sha384, 683, "P-384", 1],
    ["P-521", "Sd32 Sd700 Sd163 Sd69", sha384, 683, "P-521", 1],
    ["Ed25519", "Sd32 Sd700 Sd89 Sd69", sha384, 683, "Ed25519", 1],
    ["ML-DSA-44", "Sd32 Sd4200 Sd2445 Sd69", sha384, 4183, "ML-DSA-44", 1],
    ["CCM_8", "Sd24 Sd1100 Sd273 Sd45", 0x1305, 1091, "RSA-2048", 1],
    ["EncryptedExtensions as long as Finished", "Sd69 Sd2172 Sd281 Sd69", sha384, 2155, "RSA-2048", 2],
    ["a Certificate over two records", "Sd32 Sd16401 Sd3000 Sd281 Sd69", sha384, 16_384 + 2983, "RSA-2048", 12],
  ])("%s", (_name, records, suite, bytes, key, count) => {
    const flight = readServerFlight(noted(records), suite)!;
    expect(flight.clientCertificateRequested).toBe(false);
    expect(flight.certificate).toMatchObject({ certificateBytes: bytes, leafKey: key, grade: "exact" });
    const [least, most] = flight.certificate!.certificates;
    expect(count).toBeGreaterThanOrEqual(least);
    expect(count).toBeLessThanOrEqual(most);
  });

  it("does not depend on when the client's records arrive", () => {
    const late = readServerFlight(noted("Cd69 Sd32 Sd2172 Cd19 Sd281 Sd69"), sha384);
    expect(late?.certificate?.certificateBytes).toBe(2155);
  });

  it("tells a CertificateRequest from the Certificate, even one as long as Finished", () => {
    for (const request of [62, 53]) {
      const flight = readServerFlight(noted(`Sd23 Sd${request} Sd833 Sd281 Sd53 Cd25 Cd53`), sha256)!;
      expect(flight.clientCertificateRequested).toBe(true);
      expect(flight.certificate).toMatchObject({ certificateBytes: 816, certificates: [1, 1], leafKey: "RSA-2048" });
    }
  });

  it("gives its arithmetic", () => {
    const { because } = readServerFlight(noted("Sd32 Sd1864 Sd281 Sd69 Cd69"), sha384)!.certificate!;
    expect(because).toContain("1864 = 17 overhead + 8 header + 1839 bytes of certificate list");
  });
});

describe("a packed flight", () => {
  it.each([
    ["in one record", "Sd2503 Cd69"],
    ["in records of a packet each", "Sd1200 Sd1200 Sd137 Cd69"],
    ["with only the end packed", "Sd32 Sd2172 Sd333 Cd69"],
  ])("gives a range that holds the true size: %s", (_name, records) => {
    const certificate = readServerFlight(noted(records), sha384)!.certificate!;
    const [least, most] = certificate.certificateBytes as [number, number];
    expect(least).toBeLessThanOrEqual(2155);
    expect(most).toBeGreaterThanOrEqual(2155);
    expect(certificate).toMatchObject({ grade: "inferred" });
    expect(certificate.leafKey).toBeUndefined();
    expect(certificate.because).toContain("with RSA-2048");
  });

  it.each([
    ["no record", ""],
    ["a flight that the client never answered", "Sd32 Sd2172"],
    ["only the client's records", "Cd69 Cd19"],
  ])("says nothing of %s", (_name, records) => {
    expect(readServerFlight(noted(records), sha384)).toBeUndefined();
  });

  it("gives no certificate where none fits", () => {
    expect(readServerFlight(noted("Sd32 Sd69 Cd69"), sha384)?.certificate).toBeUndefined();
  });
});

describe("how many certificates fit", () => {
  it.each([
    [839, 839, 600, [1, 1]],
    [1085, 1085, 600, [1, 2]],
    [2147, 2147, 600, [1, 5]],
    [7000, 7000, 600, [2, 17]],
    [10, 10, 600, [1, 1]],
  ])("in %d to %d bytes", (least, most, smallest, expected) => {
    expect(certificatesIn(least, most, smallest)).toEqual(expected);
  });
});
