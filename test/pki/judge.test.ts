import { describe, expect, it } from "vitest";
import { TrustAnchors } from "../../src/pki/anchors.ts";
import { goErrorBefore120 } from "../../src/pki/go-error.ts";
import { ChainJudge } from "../../src/pki/judge.ts";
import { KnownCertificates } from "../../src/pki/known.ts";
import { pemText } from "../../src/pki/pem.ts";
import { mintCa, mintServer } from "../build/certificates.ts";

const root = mintCa("Root", { notAfter: "2026-11-01T00:00:00Z" });
const leaf = mintServer("a.example", root, { notBefore: "2026-03-01T00:00:00Z", notAfter: "2026-10-01T00:00:00Z" });
const name = { kind: "dns", value: "a.example" } as const;
const seconds = (text: string): number => Date.parse(text) / 1000;

function judgeOf(): ChainJudge {
  return new ChainJudge(TrustAnchors.fromPem([pemText(root.der)], "test"), new KnownCertificates());
}

describe("a judge of chains", () => {
  it("judges equal chains once while no bound of validity is passed", () => {
    const judge = judgeOf();
    const [march, may] = ["2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z"].map(seconds);
    const verdict = judge.judge([leaf], name, march);
    expect(verdict.status).toBe("complete");
    expect(judge.judge([leaf], name, may)).toBe(verdict);
    expect(judge.judge([leaf], { kind: "dns", value: "b.example" }, may).status).toBe("name-mismatch");
  });

  it.each([
    ["2026-02-28T23:59:59Z", "not-yet-valid"],
    ["2026-03-01T00:00:00Z", "complete"],
    ["2026-10-01T00:00:00Z", "complete"],
    ["2026-10-01T00:00:01Z", "expired"],
    ["2026-12-01T00:00:01Z", "expired"],
  ] as const)("says at %s: %s, whatever it was asked before", (text, status) => {
    const judge = judgeOf();
    for (const before of ["2026-01-15", "2026-05-01", "2026-10-15", "2026-12-15"])
      judge.judge([leaf], name, seconds(before));
    expect(judge.judge([leaf], name, seconds(text)).status).toBe(status);
    expect(judge.judge([leaf], name, undefined)).toMatchObject({ status: "complete", remarks: ["time-not-checked"] });
  });

  it("counts a fraction of a second after the end as after it", () => {
    expect(judgeOf().judge([leaf], name, seconds("2026-10-01T00:00:00Z") + 0.5).status).toBe("expired");
  });

  it("names each time in Go's text", () => {
    const judge = judgeOf();
    const texts = ["2026-10-02T01:02:03Z", "2026-10-03T04:05:06Z"].map(
      (at) => judge.judge([leaf], name, seconds(at)).goError,
    );
    expect(texts).toEqual([
      "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-10-02T01:02:03Z is after 2026-10-01T00:00:00Z",
      "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-10-03T04:05:06Z is after 2026-10-01T00:00:00Z",
    ]);
    expect(goErrorBefore120(texts[0]!)).toMatch(/^x509: certificate has expired/);
  });

  it("calls a chain malformed that holds anything malformed, and never throws", () => {
    const broken = { der: leaf.der.subarray(0, 100), sha256: "00" };
    const judge = judgeOf();
    expect(judge.judge([leaf, broken], name, undefined)).toMatchObject({
      status: "malformed",
      goError: "tls: failed to parse certificate from server: x509: malformed certificate",
      detail: "certificate 2 cannot be parsed: certificate: truncated at offset 4",
    });
    expect(judge.summarize(broken)).toMatchObject({ sha256: "00", subject: "", length: 100 });
  });

  it("describes a certificate in the words of reports", () => {
    const judge = judgeOf();
    const summary = judge.summarize(leaf);
    expect(summary).toEqual({
      sha256: leaf.sha256,
      subject: "CN=a.example",
      issuer: "CN=Root",
      serial: "1267",
      notBefore: "2026-03-01T00:00:00Z",
      notAfter: "2026-10-01T00:00:00Z",
      dnsNames: ["a.example"],
      caIssuers: [],
      subjectKeyId: Buffer.from(leaf.keyId).toString("hex"),
      authorityKeyId: Buffer.from(root.keyId).toString("hex"),
      publicKey: "P-256",
      signatureAlgorithm: "ECDSA-SHA256",
      isCa: false,
      length: leaf.der.length,
    });
    expect(judge.summarize(leaf)).toBe(summary);
  });
});
