import { randomBytes, X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedError } from "../../src/bytes/malformed.ts";
import { locateSubject, parseCertificate } from "../../src/pki/certificate.ts";
import { parsePem } from "../../src/pki/pem.ts";
import { der, keyPair, mint, mintCa, oid, sequence, type CertificateOptions } from "../build/certificates.ts";

const full = mint("C=DE,O=Lab+Co,CN=a;b", {
  issuer: mintCa("Issuer"),
  dns: ["a.example", "*.b.example"],
  ips: ["c0000207", "20010db8000000000000000000000001"],
  uris: ["spiffe://a.example/x"],
  emails: ["a@b.example"],
  ca: true,
  pathLength: 1,
  keyUsage: [0, 5],
  extendedKeyUsages: ["1.3.6.1.5.5.7.3.1"],
  permitted: { dns: ["example"], ip: ["c0000200ffffff00"] },
  excluded: { email: [".example"], uri: ["x.example"] },
  caIssuers: ["http://ca.example/i.crt"],
  policies: ["2.23.140.1.2.1"],
  scts: true,
  serial: 0xabcd,
});

function codeOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof MalformedError) return error.code;
    throw error;
  }
  return "accepted";
}

const minted = (options: CertificateOptions): Uint8Array => mint("x", options).der;

describe("parsing a certificate", () => {
  it("gives every field that a verdict needs", () => {
    const certificate = parseCertificate(full.der);
    expect(certificate).toMatchObject({
      sha256: full.sha256,
      version: 3,
      serial: "abcd",
      selfIssued: false,
      notBefore: Date.parse("2026-01-01T00:00:00Z") / 1000,
      notAfter: Date.parse("2027-01-01T00:00:00Z") / 1000,
      publicKey: { text: "P-256", bits: 256 },
      signatureAlgorithm: { name: "ECDSA-SHA256" },
      issuer: { text: "CN=Issuer", commonName: "Issuer" },
    });
    expect(certificate.extensions).toMatchObject({
      subjectAltName: { dnsNames: ["a.example", "*.b.example"], uris: ["spiffe://a.example/x"] },
      basicConstraints: { isCa: true, pathLength: 1 },
      keyUsage: 0b100001,
      extendedKeyUsages: ["1.3.6.1.5.5.7.3.1"],
      nameConstraints: { permitted: { dnsNames: ["example"] }, excluded: { uriDomains: ["x.example"] } },
      subjectKeyId: Buffer.from(full.keyId).toString("hex"),
      caIssuers: ["http://ca.example/i.crt"],
      policies: ["2.23.140.1.2.1"],
      embeddedScts: true,
      unhandledCritical: [],
    });
  });

  it("writes names as RFC 4514 does, most specific first", () => {
    expect(parseCertificate(full.der).subject.text).toBe("CN=a\\;b,O=Lab\\+Co,C=DE");
  });

  it.each([
    ["P-256", "P-256"],
    ["P-384", "P-384"],
    ["P-521", "P-521"],
    ["Ed25519", "Ed25519"],
    ["RSA", "RSA 2048"],
  ] as const)("names a key of kind %s", (kind, text) => {
    expect(parseCertificate(minted({ key: keyPair(kind) })).publicKey.text).toBe(text);
  });

  it("reads dates from 2050 on as GeneralizedTime", () => {
    const certificate = parseCertificate(minted({ notAfter: "9999-12-31T23:59:59Z" }));
    expect(certificate.notAfter).toBe(Date.parse("9999-12-31T23:59:59Z") / 1000);
  });

  it("reads an offset from UTC as Go does, but none of zero", () => {
    const certificate = parseCertificate(minted({ notAfter: "2027-01-01T01:30:00+01:30" }));
    expect(certificate.notAfter).toBe(Date.parse("2027-01-01T00:00:00Z") / 1000);
    expect(codeOf(() => parseCertificate(minted({ notAfter: "2027-01-01T00:00:00+00:00" })))).toBe("bad-value");
  });

  it("agrees with OpenSSL on Mozilla's roots", () => {
    for (const text of rootCertificates) {
      const [bytes] = parsePem(text).certificates;
      const [ours, theirs] = [parseCertificate(bytes), new X509Certificate(bytes)];
      expect(ours.notAfter).toBe(Date.parse(theirs.validTo) / 1000);
      expect(BigInt(`0x${ours.serial}`)).toBe(BigInt(`0x${theirs.serialNumber}`));
      expect(ours.extensions.basicConstraints?.isCa ?? true).toBe(theirs.ca || ours.version < 3);
      expect(locateSubject(bytes)).toEqual(ours.subject.raw);
    }
  });

  it.each<[string, () => Uint8Array, string]>([
    ["bytes after the certificate", () => Buffer.concat([full.der, Uint8Array.of(0)]), "trailing"],
    ["the same extension twice", () => minted({ ca: true, more: [["2.5.29.19", true, sequence()]] }), "duplicate"],
    ["a name that is not ASCII", () => minted({ dns: ["ü.example"] }), "bad-encoding"],
    ["an address of three bytes", () => minted({ ips: ["010203"] }), "bad-length"],
    ["a mask with holes", () => minted({ permitted: { ip: ["c0000200ff00ff00"] } }), "bad-value"],
    ["name constraints that constrain nothing", () => minted({ permitted: {} }), "empty-list"],
    [
      "a critical key identifier",
      () => minted({ subjectKeyId: false, more: [["2.5.29.14", true, der(4)]] }),
      "bad-value",
    ],
    ["an indefinite length", () => Uint8Array.of(0x30, 0x80, 0, 0), "bad-encoding"],
    ["a length that is not the shortest", () => Uint8Array.of(0x30, 0x81, 0x01, 0), "bad-length"],
    ["a length of five bytes", () => Uint8Array.of(0x30, 0x85, 1, 1, 1, 1, 1), "too-large"],
    ["a tag of several bytes", () => Uint8Array.of(0x3f, 0x81, 1, 0), "bad-encoding"],
    [
      "extensions nested beyond reason",
      () => {
        let nested = sequence();
        for (let depth = 0; depth < 60; depth++) nested = sequence(nested);
        return minted({ more: [["2.5.29.32", false, nested]] });
      },
      "too-deep",
    ],
  ])("refuses %s", (_, bytes, code) => {
    expect(codeOf(() => parseCertificate(bytes()))).toBe(code);
  });

  const location = (...names: Uint8Array[]): Uint8Array => sequence(sequence(der(0xa0, der(0xa0, ...names))));
  const uri = (text: string): Uint8Array => der(0x86, Buffer.from(text));
  it.each<[name: string, oid: string, value: Uint8Array, code: string]>([
    ["CRL points with a URI", "2.5.29.31", location(uri("http://c.example/"), uri("ldap:///")), "accepted"],
    ["CRL points of which one has no name", "2.5.29.31", sequence(sequence(der(0xa2))), "accepted"],
    ["what follows the URIs of CRL points", "2.5.29.31", location(uri("x"), Uint8Array.of(4)), "accepted"],
    ["CRL points that are no list", "2.5.29.31", der(0x05), "bad-encoding"],
    ["a CRL point that is no sequence", "2.5.29.31", sequence(der(0x05)), "bad-encoding"],
    ["a CRL point's name of another kind", "2.5.29.31", sequence(sequence(der(0xa0, der(0x04)))), "bad-encoding"],
    ["a URI cut short in a CRL point", "2.5.29.31", location(Uint8Array.of(0x86, 9)), "truncated"],
    [
      "a policy with a huge arc",
      "2.5.29.32",
      sequence(sequence(der(6, Buffer.alloc(12, 0xff), Uint8Array.of(1)))),
      "accepted",
    ],
    ["a padded policy", "2.5.29.32", sequence(sequence(der(6, Uint8Array.of(0x2a, 0x80, 1)))), "bad-encoding"],
    ["an open policy", "2.5.29.32", sequence(sequence(der(6, Uint8Array.of(0x2a, 0x81)))), "bad-encoding"],
    ["a path length of 63 bits", "2.5.29.19", sequence(der(2, Buffer.alloc(8, 0x7f))), "accepted"],
    ["a path length of 64 bits", "2.5.29.19", sequence(der(2, Uint8Array.of(0), Buffer.alloc(8, 0xff))), "bad-value"],
    ["a URI whose bracket stays open", "2.5.29.17", sequence(uri("http://[::1")), "bad-value"],
    ["a URI with a port that is none", "2.5.29.17", sequence(uri("http://a.example:x/")), "bad-value"],
    ["a URI with a wrong escape in its host", "2.5.29.17", sequence(uri("http://%41.example/")), "bad-value"],
    ["a URI that is opaque", "2.5.29.17", sequence(uri("urn:%zz:[")), "accepted"],
  ])("reads or refuses %s as Go does", (_, oid, value, code) => {
    expect(codeOf(() => parseCertificate(minted({ more: [[oid, false, value]] })))).toBe(code);
  });

  it("refuses a public exponent of more than 63 bits", () => {
    const exponent = der(2, Uint8Array.of(0), Buffer.alloc(8, 0xff));
    const key = der(3, Uint8Array.of(0), sequence(der(2, Uint8Array.of(7)), exponent));
    const spki = sequence(sequence(oid("1.2.840.113549.1.1.1"), der(5)), key);
    expect(codeOf(() => parseCertificate(minted({ key: { ...keyPair("RSA"), spki } })))).toBe("bad-value");
  });

  it("lists critical extensions that Go does not know", () => {
    const certificate = parseCertificate(minted({ more: [["1.2.3.4", true, oid("1.2.3")]] }));
    expect(certificate.extensions.unhandledCritical).toEqual(["1.2.3.4"]);
  });

  it("refuses every proper prefix", () => {
    for (let length = 0; length < full.der.length; length++) {
      expect(codeOf(() => parseCertificate(full.der.subarray(0, length)))).not.toBe("accepted");
    }
  });

  it("lets nothing but MalformedError escape, whatever the bytes", () => {
    const mutation = fc.tuple(fc.nat(full.der.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const bytes = Uint8Array.from(full.der);
        for (const [at, value] of mutations) bytes[at] = value;
        codeOf(() => parseCertificate(bytes));
        codeOf(() => locateSubject(bytes));
      }),
      { seed: 20260601, numRuns: 300 },
    );
    expect(codeOf(() => parseCertificate(randomBytes(64).fill(0x30, 0, 1)))).not.toBe("accepted");
  });
});
