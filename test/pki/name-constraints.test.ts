import { describe, expect, it } from "vitest";
import { parseCertificate } from "../../src/pki/certificate.ts";
import { parseMailbox } from "../../src/pki/mailbox.ts";
import { checkNameConstraints } from "../../src/pki/name-constraints.ts";
import { mintCa, mintServer, type CertificateOptions, type Subtrees } from "../build/certificates.ts";

type Row = readonly [
  names: CertificateOptions,
  permitted: Subtrees | undefined,
  excluded: Subtrees | undefined,
  breach?: string,
];

const dns = (name: string): CertificateOptions => ({ dns: [name] });

/** Rows in the manner of Go's name_constraints_test.go. */
const rows: readonly Row[] = [
  [dns("a.example"), { dns: ["example"] }, undefined],
  [dns("A.EXAMPLE"), { dns: ["Example"] }, undefined],
  [dns("example"), { dns: [".example"] }, undefined, 'DNS name "example" is not permitted by any constraint'],
  [dns("badexample"), { dns: ["example"] }, undefined, 'DNS name "badexample" is not permitted by any constraint'],
  [dns("a.test"), { dns: ["example", "test"] }, undefined],
  [dns("a.test"), { dns: [""] }, undefined],
  [dns("a.test"), undefined, { dns: [""] }, 'DNS name "a.test" is excluded by constraint ""'],
  [dns("a.test"), undefined, { dns: ["a.test"] }, 'DNS name "a.test" is excluded by constraint "a.test"'],
  [dns("*.example"), undefined, { dns: ["a.example"] }, 'DNS name "*.example" is excluded by constraint "a.example"'],
  [dns("*.example"), { dns: ["a.example"] }, undefined, 'DNS name "*.example" is not permitted by any constraint'],
  [dns("a.test"), { ip: ["c0000200ffffff00"] }, undefined],
  [{ ips: ["c0000207"] }, { ip: ["c0000200ffffff00"] }, undefined],
  [
    { ips: ["c0000307"] },
    { ip: ["c0000200ffffff00"] },
    undefined,
    'IP address "192.0.3.7" is not permitted by any constraint',
  ],
  [
    { ips: ["c0000207"] },
    undefined,
    { ip: ["c0000200ffffff00"] },
    'IP address "192.0.2.7" is excluded by constraint "192.0.2.0/24"',
  ],
  [{ emails: ["a@b.example"] }, { email: [".example"] }, undefined],
  [{ emails: ["a@B.example"] }, { email: ["a@b.example"] }, undefined],
  [
    { emails: ["c@b.example"] },
    { email: ["a@b.example"] },
    undefined,
    'email address "c@b.example" is not permitted by any constraint',
  ],
  [{ emails: ["none"] }, { dns: ["example"] }, undefined, 'cannot parse rfc822Name "none"'],
  [{ uris: ["https://a.example:443/x"] }, { uri: [".example"] }, undefined],
  [
    { uris: ["https://192.0.2.7/"] },
    { uri: [".example"] },
    undefined,
    'URI with IP ("https://192.0.2.7/") cannot be matched against constraints',
  ],
  [
    { uris: ["mailto:a"] },
    { dns: ["example"] },
    undefined,
    'URI with empty host ("mailto:a") cannot be matched against constraints',
  ],
];

describe("name constraints", () => {
  it.each(rows.map(([names, permitted, excluded, breach]) => ({ names, permitted, excluded, breach })))(
    "$names, permitted $permitted, excluded $excluded: $breach",
    ({ names, permitted, excluded, breach }) => {
      const issuer = mintCa("CA", { ...(permitted && { permitted }), ...(excluded && { excluded }) });
      const path = [mintServer("x", issuer, { dns: [], ...names }), issuer].map(({ der }) => parseCertificate(der));
      expect(checkNameConstraints(path, { left: 1000 })?.detail).toBe(breach);
    },
  );

  it("bind every certificate below, however far", () => {
    const top = mintCa("Top", { excluded: { dns: ["example"] } });
    const middle = mintCa("Middle", { issuer: top });
    const path = [mintServer("a.example", middle), middle, top].map(({ der }) => parseCertificate(der));
    expect(checkNameConstraints(path, { left: 1000 })?.constrainedBy).toBe(path[2]);
  });
});

describe("mailboxes", () => {
  it.each([
    ["a@b.example", { local: "a", domain: "b.example" }],
    ['"a b"@c', { local: "a b", domain: "c" }],
    ["a\\@b@c", { local: "a@b", domain: "c" }],
    ["a..b@c", undefined],
    [".a@c", undefined],
    ["a@", { local: "a", domain: "" }],
    ["a@b..c", undefined],
    ["@c", undefined],
    ["a", undefined],
  ])("%s", (text, parts) => {
    expect(parseMailbox(text)).toEqual(parts);
  });
});
