import { rootCertificates } from "node:tls";
import { describe, expect, it } from "vitest";
import { TrustAnchors } from "../../src/pki/anchors.ts";
import { parseCertificate } from "../../src/pki/certificate.ts";
import { parsePem, pemText } from "../../src/pki/pem.ts";
import { mintCa, mintServer } from "../build/certificates.ts";

const [one, two] = [mintCa("One"), mintCa("Two")];
const child = parseCertificate(mintServer("a.example", one).der);
const text = pemText(one.der);

describe("PEM", () => {
  it.each([
    ["with LF", text],
    ["with CRLF", text.replaceAll("\n", "\r\n")],
    ["with text around", `subject=CN One\n${text}# end\n`],
    ["with OpenSSL's old label", text.replaceAll("CERTIFICATE", "X509 CERTIFICATE")],
    ["beside a key", `-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${text}`],
    ["in one line", text.replace(/(?<=[^-])\n(?=[^-])/g, "")],
  ])("is read %s", (_, pem) => {
    const { certificates, damaged } = parsePem(pem);
    expect(certificates.map((der) => Buffer.from(der))).toEqual([Buffer.from(one.der)]);
    expect(damaged).toEqual([]);
  });

  it("drops the trust settings of a trusted certificate", () => {
    const trusted = pemText(Buffer.concat([one.der, Uint8Array.of(0x30, 0)]));
    const { certificates } = parsePem(trusted.replaceAll("CERTIFICATE", "TRUSTED CERTIFICATE"));
    expect(Buffer.from(certificates[0])).toEqual(Buffer.from(one.der));
  });

  it.each([
    ["no END", text.replace(/-----END.*\n/, ""), "line 1: BEGIN without its END"],
    ["a strange character", text.replace("M", "~"), "line 1: CERTIFICATE is not valid base64"],
    ["another END", text.replace("END CERTIFICATE", "END KEY"), "line 1: BEGIN without its END"],
  ])("is reported when damaged: %s", (_, pem, problem) => {
    const { certificates, damaged } = parsePem(pem);
    expect(certificates).toEqual([]);
    expect(damaged).toEqual([problem]);
  });

  it("goes on after a damaged block", () => {
    expect(parsePem(`-----BEGIN CERTIFICATE-----\n${text}`)).toMatchObject({
      certificates: [{ length: one.der.length }],
      damaged: ["line 1: BEGIN without its END"],
    });
  });
});

describe("trust anchors", () => {
  it("finds issuers by name", () => {
    const anchors = TrustAnchors.fromPem([text + pemText(two.der)], "test");
    expect(anchors.issuersOf(child).map(({ subject }) => subject.text)).toEqual(["CN=One"]);
    expect(anchors.has(parseCertificate(two.der))).toBe(true);
    expect(anchors.has(child)).toBe(false);
  });

  it("puts the issuer with the wanted key first", () => {
    const namesake = mintCa("One", { key: two.key });
    const anchors = TrustAnchors.fromPem([pemText(namesake.der), text], "test");
    expect(anchors.issuersOf(child).map(({ sha256 }) => sha256)).toEqual([one.sha256, namesake.sha256]);
  });

  it("counts every certificate once, and digests the set whatever its order", () => {
    const [there, back] = [
      [text, pemText(two.der)],
      [pemText(two.der), text, text],
    ];
    const reports = [there, back].map((texts) => TrustAnchors.fromPem(texts, "test").report());
    expect(reports[0]).toEqual(reports[1]);
    expect(reports[0]).toMatchObject({ source: "test", count: 2 });
    expect(reports[0].sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("takes further ones as DER, and says what it could not use", () => {
    const pem = TrustAnchors.fromPem([text, text.replace("M", "~")], "test");
    const anchors = pem.with([two.der, Buffer.from("noise")]);
    expect([pem.count, anchors.count]).toEqual([1, 2]);
    expect(anchors.damaged).toEqual([
      "test: line 1: CERTIFICATE is not valid base64",
      expect.stringMatching(/^test: (?!line)/),
    ]);
  });

  it("reads nothing before it is asked, and then once", () => {
    let reads = 0;
    const texts = (): string[] => {
      reads++;
      return [text];
    };
    const anchors = TrustAnchors.fromPem(texts, "test");
    expect([anchors.source, reads]).toEqual(["test", 0]);
    expect([anchors.count, anchors.report().count, anchors.damaged.length, reads]).toEqual([1, 1, 0, 1]);
  });

  it("takes Mozilla's roots whole", () => {
    const anchors = TrustAnchors.fromPem(rootCertificates, "mozilla");
    expect(anchors.count).toBe(rootCertificates.length);
    expect(anchors.damaged).toEqual([]);
  });
});
