/** Certificates that Go 1.26 takes and an older or a newer Go does not. */
import { shortForm } from "../bytes/ip-address.ts";
import { sha256Of, type Certificate } from "./certificate.ts";
import type { SearchSources } from "./path-search.ts";
import type { PathRemark } from "./verdict.ts";

/** A change between versions of crypto/x509. */
export interface VersionRule {
  readonly remark: PathRemark;
  /** What is wrong with a certificate, as a sentence goes on behind its name; undefined where nothing is. */
  refuses(certificate: Certificate): string | undefined;
  /** It is refused as it is read: nothing may be sent along with it either. */
  readonly reading: boolean;
}

export const versionRules: readonly VersionRule[] = [
  { remark: "older-go-refuses", refuses: newExtensions, reading: false },
  { remark: "newer-go-refuses", refuses: mappedAddresses, reading: true },
  { remark: "newer-go-refuses", refuses: revokedKey, reading: false },
];

/** The same certificates without those that a rule refuses. */
export function sourcesUnder(rule: VersionRule, { anchors, intermediates }: SearchSources): SearchSources {
  const allowed = (all: readonly Certificate[]): Certificate[] => all.filter((one) => rule.refuses(one) === undefined);
  return {
    anchors: { has: (one) => anchors.has(one), issuersOf: (child) => allowed(anchors.issuersOf(child)) },
    intermediates: intermediates.map((source) => ({ issuersOf: (child) => allowed(source.issuersOf(child)) })),
  };
}

function newExtensions({ extensions: { unhandledBefore124 } }: Certificate): string | undefined {
  return unhandledBefore124.length > 0
    ? `has a critical extension that Go knows since 1.24 alone (before: "x509: unhandled critical extension"): ${unhandledBefore124.join(", ")}`
    : undefined;
}

function mappedAddresses({ extensions: { subjectAltName, nameConstraints } }: Certificate): string | undefined {
  const ranges = [...(nameConstraints?.permitted.ipRanges ?? []), ...(nameConstraints?.excluded.ipRanges ?? [])];
  const addresses = [...(subjectAltName?.ipAddresses ?? []), ...ranges.map(({ address }) => address)];
  return addresses.some((address) => shortForm(address) !== address)
    ? "has an IPv4-mapped IPv6 address in it, which Go refuses since 1.27"
    : undefined;
}

function revokedKey({ publicKey }: Certificate): string | undefined {
  return revokedKeys.has(sha256Of(publicKey.raw)) ? "has a key that Go trusts no more since 1.27" : undefined;
}

/** SHA-256 of SubjectPublicKeyInfo. Spec: distrustedSPKIHashes of verify.go, 1.27. */
const revokedKeys: ReadonlySet<string> = new Set([
  "ebed6475c2c2d80fcb199f3fe8dd6e6b3ce60b77eb15d4e42c3dec0c6f5b5105",
  "49dd353dc2b919a3770645117d0e60c16115e7d1bc259eefe734b00ea434fe5f",
  "e0254c7fcdc265e2f0f8a428dabb75ab4ae039b4872d62f5ee57f0877d5a8a41",
  "5c0660a2b164910d8ff589c18e14552e9e0ec237dcefe2cb736d41a4811f81a0",
  "43bffa19d6ef651451f6841e019931e96f6f2eaeff28ab4b6f1ce4576de2717b",
  "63ecefee431d49523bc1136c4e72d0206a477086caf606cd5cf025686c109cf8",
  "ec4ffa1ad0ac88081314b7aaffef6a91f97cd57291bb5ba686c5415f5eb4f6b6",
  "92c063d67e8f14db71d288e11266ffdaf69cbf115f7bab14f3bc2f68d25e0e30",
]);
