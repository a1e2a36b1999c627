import { describe, expect, it } from "vitest";
import { TrustAnchors } from "../../src/pki/anchors.ts";
import { ChainJudge } from "../../src/pki/judge.ts";
import { KnownCertificates } from "../../src/pki/known.ts";
import { pemText } from "../../src/pki/pem.ts";
import type { PathVerdict } from "../../src/pki/verdict.ts";
import {
  clientAuth,
  der,
  keyPair,
  mint,
  mintCa,
  mintServer,
  oid,
  sequence,
  serverAuth,
  type CertificateOptions,
  type KeyPair,
  type Minted,
} from "../build/certificates.ts";

/** One row a story: what the server sends, what the client trusts, what is known besides, and what must come out. */
interface Story {
  readonly name: string;
  readonly sent: readonly Minted[];
  readonly roots?: readonly Minted[];
  readonly known?: readonly Minted[];
  /** `none`: no name is checked. */
  readonly host?: string;
  /** `none`: no validity is checked. */
  readonly at?: string;
  readonly status: PathVerdict["status"];
  readonly certainty?: PathVerdict["certainty"];
  readonly remarks?: PathVerdict["remarks"];
  readonly refused?: string;
  readonly goError?: string;
}

const unknown = "x509: certificate signed by unknown authority";
const root = mintCa("Root");
const stranger = mintCa("Stranger");
const issuing = mintCa("Issuing", { issuer: root, pathLength: 0 });
const leaf = mintServer("sum.example", issuing);
const policy = mintCa("Policy", { issuer: root });
const deep = mintCa("Deep", { issuer: policy });
const deepLeaf = mintServer("sum.example", deep);
const under = (issuer: Minted, options = {}): Minted => mintServer("sum.example", issuer, options);
const rsaRoot = mintCa("RSA Root", { key: keyPair("RSA") });
const noCa = mintCa("No CA", { issuer: root, ca: false });
const narrow = mintCa("Narrow", { issuer: root, pathLength: 0 });
const belowNarrow = mintCa("Below Narrow", { issuer: narrow });
const noSigning = mintCa("No Signing", { issuer: root, keyUsage: [0] });
const clientsOnly = mintCa("Clients Only", { issuer: root, extendedKeyUsages: [clientAuth] });
const permits = mintCa("Permits", { issuer: root, permitted: { dns: ["other.test"] } });
const excludes = mintCa("Excludes", { issuer: root, excluded: { dns: ["example"] } });
const expiredCa = mintCa("Expired CA", { issuer: root, notAfter: "2026-02-01T00:00:00Z" });
const futureCa = mintCa("Future CA", { issuer: root, notBefore: "2026-09-01T00:00:00Z" });
const critical = mintCa("Critical", { issuer: root, more: [["1.2.3.4", true, der(0x05)]] });
const weakCa = mintCa("Weak CA", { issuer: root, key: keyPair("RSA-512") });
const weakKey = "(see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)";
const explicit = (count: number): CertificateOptions => ({
  more: [["2.5.29.36", true, sequence(der(0x80, Uint8Array.of(count)))]],
});
const hugeKey: KeyPair = {
  ...keyPair("RSA"),
  spki: sequence(
    sequence(oid("1.2.840.113549.1.1.1"), der(0x05)),
    der(
      0x03,
      Uint8Array.of(0),
      sequence(der(0x02, new Uint8Array(1025).fill(0x7f)), der(0x02, Uint8Array.of(1, 0, 1))),
    ),
  ),
};
const demanding = mintCa("Demanding", { issuer: root, policies: ["1.2.3.1"], ...explicit(0) });
const patient = mintCa("Patient", { issuer: root, policies: ["1.2.3.1"], ...explicit(2) });
const mappingAny = mintCa("Mapping", {
  issuer: root,
  policies: ["1.2.3.1"],
  more: [["2.5.29.33", false, sequence(sequence(oid("1.2.3.1"), oid("2.5.29.32.0")))]],
});
const selfSigned = mint("sum.example", { dns: ["sum.example"] });
const crossed = mintCa("Cross", { issuer: stranger, key: keyPair("P-256", "Cross") });
const crossedToRoot = mintCa("Cross", { issuer: root, key: keyPair("P-256", "Cross") });
const impostor = mintCa("Root", { key: keyPair("P-256", "impostor") });
const strangersIssuing = mintCa("Stranger's Issuing", { issuer: stranger });

const stories: readonly Story[] = [
  { name: "a path of two", sent: [leaf, issuing], status: "complete" },
  { name: "a path of three", sent: [deepLeaf, deep, policy], status: "complete" },
  { name: "any order after the first", sent: [deepLeaf, policy, deep], status: "complete", remarks: ["out-of-order"] },
  { name: "the root along", sent: [leaf, issuing, root], status: "complete", remarks: ["root-included"] },
  { name: "one twice", sent: [leaf, issuing, issuing], status: "complete", remarks: ["duplicate"] },
  { name: "one that has no part", sent: [leaf, issuing, strangersIssuing], status: "complete", remarks: ["unrelated"] },
  { name: "a trusted intermediate", sent: [leaf], roots: [issuing], status: "complete" },
  { name: "a trusted end-entity", sent: [selfSigned], roots: [selfSigned], status: "complete" },
  { name: "a cross-signed CA, both sent", sent: [under(crossed), crossed, crossedToRoot], status: "complete" },
  {
    name: "an address",
    sent: [mintServer("ip", issuing, { ips: ["c0000207"] }), issuing],
    host: "192.0.2.7",
    status: "complete",
  },
  { name: "no name to check", sent: [leaf, issuing], host: "none", status: "complete", remarks: ["name-not-checked"] },
  {
    name: "no time to check",
    sent: [under(expiredCa), expiredCa],
    at: "none",
    status: "complete",
    remarks: ["time-not-checked"],
  },
  {
    name: "expired",
    sent: [under(issuing, { notAfter: "2026-05-31T23:59:59Z" }), issuing],
    status: "expired",
    goError:
      "x509: certificate has expired or is not yet valid: current time 2026-06-01T00:00:00Z is after 2026-05-31T23:59:59Z",
  },
  {
    name: "not yet valid",
    sent: [under(issuing, { notBefore: "2026-06-01T00:00:01Z" }), issuing],
    status: "not-yet-valid",
    goError:
      "x509: certificate has expired or is not yet valid: current time 2026-06-01T00:00:00Z is before 2026-06-01T00:00:01Z",
  },
  {
    name: "for another name",
    sent: [leaf, issuing],
    host: "proxy.example",
    status: "name-mismatch",
    goError: "x509: certificate is valid for sum.example, not proxy.example",
  },
  {
    name: "for no address",
    sent: [leaf, issuing],
    host: "192.0.2.7",
    status: "name-mismatch",
    goError: "x509: cannot validate certificate for 192.0.2.7 because it doesn't contain any IP SANs",
  },
  {
    name: "a common name only",
    sent: [under(issuing, { dns: [] }), issuing],
    status: "no-san",
    goError: "x509: certificate relies on legacy Common Name field, use SANs instead",
  },
  {
    name: "no names at all",
    sent: [mintServer("x", issuing, { dns: [] }), issuing],
    status: "no-san",
    goError: "x509: certificate is not valid for any names, but wanted to match sum.example",
  },
  { name: "self-signed", sent: [selfSigned], status: "self-signed", goError: unknown },
  {
    name: "an authority that is not trusted",
    sent: [under(strangersIssuing), strangersIssuing, stranger],
    status: "unknown-authority",
    remarks: ["root-included"],
    goError: unknown,
  },
  {
    name: "an authority that neither came nor is trusted",
    sent: [under(strangersIssuing), strangersIssuing],
    status: "unknown-authority",
    remarks: ["perhaps-missing-intermediate"],
    goError: unknown,
  },
  {
    name: "an end-entity alone that tells nothing",
    sent: [leaf],
    status: "unknown-authority",
    remarks: ["perhaps-missing-intermediate"],
    goError: unknown,
  },
  { name: "missing, proved", sent: [leaf], known: [issuing], status: "missing-intermediate", certainty: "proved" },
  {
    name: "two missing, proved",
    sent: [deepLeaf],
    known: [policy, deep],
    status: "missing-intermediate",
    certainty: "proved",
  },
  {
    name: "the upper one missing, proved",
    sent: [deepLeaf, deep],
    known: [policy],
    status: "missing-intermediate",
    certainty: "proved",
  },
  {
    name: "the upper one missing, which bytes cannot tell",
    sent: [deepLeaf, deep],
    status: "unknown-authority",
    remarks: ["perhaps-missing-intermediate"],
  },
  {
    name: "a root known from elsewhere proves nothing",
    sent: [under(stranger)],
    known: [stranger],
    status: "unknown-authority",
    remarks: ["perhaps-missing-intermediate"],
  },
  { name: "the lower one missing", sent: [deepLeaf, policy], status: "missing-intermediate", certainty: "likely" },
  {
    name: "missing below a root that came along",
    sent: [leaf, root],
    status: "missing-intermediate",
    certainty: "likely",
  },
  { name: "logged", sent: [under(issuing, { scts: true })], status: "missing-intermediate", certainty: "likely" },
  {
    name: "a public policy",
    sent: [under(issuing, { policies: ["2.23.140.1.2.1"] })],
    status: "missing-intermediate",
    certainty: "likely",
  },
  {
    name: "an address of the issuer",
    sent: [under(issuing, { caIssuers: ["http://ca.example/i.crt"] })],
    status: "missing-intermediate",
    certainty: "possible",
  },
  {
    name: "an issuer that is no CA",
    sent: [under(noCa), noCa],
    status: "not-permitted",
    refused: "ca-bit",
    goError: `${unknown} (possibly because of "x509: invalid signature: parent certificate cannot sign this kind of certificate" while trying to verify candidate authority certificate "No CA")`,
  },
  {
    name: "too many below",
    sent: [under(belowNarrow), belowNarrow, narrow],
    status: "not-permitted",
    refused: "path-length",
    goError: "x509: too many intermediates for path length constraint",
  },
  {
    name: "an issuer that may not sign",
    sent: [under(noSigning), noSigning],
    status: "not-permitted",
    refused: "key-usage",
  },
  {
    name: "an issuer for clients",
    sent: [under(clientsOnly), clientsOnly],
    status: "not-permitted",
    refused: "extended-key-usage",
    goError: "x509: certificate specifies an incompatible key usage",
  },
  {
    name: "a certificate for clients",
    sent: [under(issuing, { extendedKeyUsages: [clientAuth] }), issuing],
    status: "not-permitted",
    refused: "extended-key-usage",
  },
  {
    name: "a name that is not permitted",
    sent: [under(permits), permits],
    status: "not-permitted",
    refused: "name-constraints",
    goError:
      'x509: a root or intermediate certificate is not authorized to sign for this name: DNS name "sum.example" is not permitted by any constraint',
  },
  {
    name: "a name that is excluded",
    sent: [under(excludes), excludes],
    status: "not-permitted",
    refused: "name-constraints",
    goError:
      'x509: a root or intermediate certificate is not authorized to sign for this name: DNS name "sum.example" is excluded by constraint "example"',
  },
  {
    name: "SHA-1",
    sent: [under(rsaRoot, { digest: "sha1" })],
    roots: [rsaRoot],
    status: "not-permitted",
    refused: "sha1",
    goError: `${unknown} (possibly because of "x509: cannot verify signature: insecure algorithm SHA1-RSA" while trying to verify candidate authority certificate "RSA Root")`,
  },
  { name: "MD5", sent: [under(rsaRoot, { digest: "md5" })], roots: [rsaRoot], status: "not-permitted", refused: "md5" },
  {
    name: "an expired issuer",
    sent: [under(expiredCa), expiredCa],
    status: "expired",
    refused: "expired",
    goError:
      "x509: certificate has expired or is not yet valid: current time 2026-06-01T00:00:00Z is after 2026-02-01T00:00:00Z",
  },
  {
    name: "an issuer of tomorrow",
    sent: [under(futureCa), futureCa],
    status: "not-yet-valid",
    refused: "not-yet-valid",
  },
  {
    name: "a critical extension of an issuer",
    sent: [under(critical), critical],
    status: "not-permitted",
    refused: "critical-extension",
    goError: "x509: unhandled critical extension",
  },
  {
    name: "a critical extension of its own, though it has expired",
    sent: [under(issuing, { notAfter: "2026-02-01T00:00:00Z", more: [["1.2.3.4", true, der(0x05)]] }), issuing],
    status: "not-permitted",
    refused: "critical-extension",
  },
  {
    name: "a policy that a CA demands",
    sent: [under(demanding, { policies: ["1.2.3.1"] }), demanding],
    status: "complete",
    remarks: ["older-go-refuses"],
  },
  {
    name: "a policy that a CA demands, but not its cross-signed twin",
    sent: [under(demanding, { policies: ["1.2.3.1"] }), demanding, mintCa("Demanding", { issuer: root })],
    status: "complete",
  },
  {
    name: "an IPv4-mapped address, which Go 1.27 cannot read",
    sent: [under(issuing, { ips: ["00000000000000000000ffffc0000207"] }), issuing],
    status: "complete",
    remarks: ["newer-go-refuses"],
  },
  {
    name: "an IPv4-mapped address beside the path",
    sent: [leaf, issuing, mintCa("Strangers", { issuer: stranger, ips: ["00000000000000000000ffffc0000207"] })],
    status: "complete",
    remarks: ["unrelated", "newer-go-refuses"],
  },
  {
    name: "none of the policies that a CA demands",
    sent: [under(demanding, { policies: ["1.2.3.2"] }), demanding],
    status: "not-permitted",
    refused: "policy",
    goError: "x509: no valid chains built: 1 candidate chains with invalid policies",
  },
  {
    name: "no policy yet, where one is demanded further down",
    sent: [under(patient), patient],
    status: "complete",
    remarks: ["older-go-refuses"],
  },
  {
    name: "a mapping to all policies",
    sent: [under(mappingAny), mappingAny],
    status: "not-permitted",
    refused: "policy",
  },
  {
    name: "an RSA key of 512 bits of its own",
    sent: [under(issuing, { key: keyPair("RSA-512") }), issuing],
    status: "not-permitted",
    refused: "key-size",
    goError: `tls: invalid signature by the server certificate: crypto/rsa: 512-bit keys are insecure ${weakKey}`,
  },
  {
    name: "an RSA key of 512 bits of its issuer",
    sent: [under(weakCa), weakCa],
    status: "not-permitted",
    refused: "key-size",
    goError: `${unknown} (possibly because of "crypto/rsa: 512-bit keys are insecure ${weakKey}" while trying to verify candidate authority certificate "Weak CA")`,
  },
  {
    name: "an RSA key of more than 8192 bits, though it has expired",
    sent: [under(issuing, { key: hugeKey, notAfter: "2026-02-01T00:00:00Z" }), issuing],
    status: "not-permitted",
    refused: "key-size",
    goError: "tls: server sent certificate containing RSA key larger than 8192 bits",
  },
  {
    name: "a trusted root of the same name but another key",
    sent: [leaf, issuing],
    roots: [impostor],
    status: "unknown-authority",
    remarks: ["perhaps-missing-intermediate"],
    refused: "signature",
    goError: `${unknown} (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "Root")`,
  },
  {
    name: "a signature that is not its issuer's, whatever the identifiers say",
    sent: [under(issuing, { signWith: keyPair("P-256", "forger") }), issuing],
    status: "not-permitted",
    refused: "signature",
  },
  {
    name: "the issuer first",
    sent: [issuing, leaf],
    status: "no-san",
    remarks: ["leaf-not-first"],
    goError: "x509: certificate is not valid for any names, but wanted to match sum.example",
  },
  { name: "nothing", sent: [], status: "not-visible" },
];

const pem = (certificates: readonly Minted[]): string => certificates.map(({ der: bytes }) => pemText(bytes)).join("");

function tell({
  sent,
  roots = [root],
  known = [],
  host = "sum.example",
  at = "2026-06-01T00:00:00Z",
}: Story): PathVerdict {
  const judge = new ChainJudge(
    TrustAnchors.fromPem([pem(roots)], "test"),
    new KnownCertificates([{ name: "elsewhere", text: pem(known) }]),
  );
  const kind = /^[\d.]+$/.test(host) ? "ip" : "dns";
  const name = host === "none" ? undefined : ({ kind, value: host } as const);
  return judge.judge(sent, name, at === "none" ? undefined : Date.parse(at) / 1000);
}

describe("the verdict on a chain", () => {
  it.each(stories)("$name: $status", (story) => {
    const verdict = tell(story);
    expect(verdict.status).toBe(story.status);
    expect(verdict.certainty).toBe(story.certainty);
    expect(verdict.remarks).toEqual(story.remarks ?? []);
    expect(verdict.refused?.by).toBe(story.refused);
    if (story.goError !== undefined) {
      const verifying = story.goError.startsWith("tls: ") ? "" : "tls: failed to verify certificate: ";
      expect(verdict.goError).toBe(verifying + story.goError);
    }
    expect(verdict.goError === undefined).toBe(story.status === "complete" || story.status === "not-visible");
  });

  it("names what is missing, where to get it and where it is known from", () => {
    const sent = under(issuing, { caIssuers: ["http://ca.example/i.crt", "ldap://ca.example/"] });
    const verdict = tell({ name: "", sent: [sent], known: [issuing], status: "missing-intermediate" });
    expect(verdict.missing).toEqual({
      for: "CN=sum.example",
      issuer: "CN=Issuing",
      keyId: Buffer.from(issuing.keyId).toString("hex"),
      caIssuers: ["http://ca.example/i.crt"],
      known: issuing.sha256,
      knownFrom: "elsewhere",
    });
  });

  it("gives the path and its anchor", () => {
    const verdict = tell({ name: "", sent: [leaf, issuing], status: "complete" });
    expect(verdict.path).toEqual(["CN=sum.example", "CN=Issuing", "CN=Root"]);
    expect(verdict.anchor).toBe("CN=Root");
  });

  it.each(["P-256", "P-384", "P-521", "Ed25519", "RSA"] as const)("verifies signatures of %s keys", (kind) => {
    const authority = mintCa("Any", { key: keyPair(kind), issuer: root });
    const digests = kind === "Ed25519" ? (["sha256"] as const) : (["sha256", "sha384", "sha512"] as const);
    for (const digest of digests) {
      for (const pss of kind === "RSA" ? [false, true] : [false]) {
        const sent = [under(authority, { digest, pss, extendedKeyUsages: [serverAuth] }), authority];
        expect(tell({ name: "", sent, status: "complete" }).status).toBe("complete");
      }
    }
  });

  it("ends within the cap of signature checks on a tangle of cross-signed authorities", () => {
    const names = Array.from({ length: 12 }, (_, at) => `Tangle ${at}`);
    const selves = names.map((name) => mintCa(name));
    const tangle = selves.flatMap((issuer) => names.map((name) => mintCa(name, { issuer })));
    const verdict = tell({ name: "", sent: [under(selves[0]), ...tangle], status: "not-permitted" });
    expect(verdict.refused?.by).toBe("limit");
    expect(verdict.goError).toContain("signature check attempts limit reached");
  });

  it("bounds the work that name constraints make", () => {
    const many = Array.from({ length: 3000 }, (_, at) => `n${at}.test`);
    const others = many.map((name) => `${name}.example`);
    const busy = mintCa("Busy", { issuer: root, excluded: { dns: many } });
    const verdict = tell({
      name: "",
      sent: [under(busy, { dns: ["sum.example", ...others] }), busy],
      status: "complete",
    });
    expect(verdict.refused).toMatchObject({ by: "limit" });
  });
});
