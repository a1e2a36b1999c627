import { describe, expect, it } from "vitest";
import { compareChains } from "../../src/compare/chains.ts";
import type { CertificateMeaning, ChainMeaning, TargetMeaning } from "../../src/compare/meaning.ts";
import { meaning } from "../build/observation.ts";

const leaf = certificate("aa", "CN=sum.golang.org", "O=Lab,CN=Issuing R1");
const issuing = certificate("bb", "O=Lab,CN=Issuing R1", "O=Lab,CN=Root R1");
const policy = certificate("cc", "O=Lab,CN=Policy", "O=Lab,CN=Root R1");
const complete = chain([leaf, issuing], { anchor: "O=Lab,CN=Root R1" });

function certificate(
  sha256: string,
  subject: string,
  issuer: string,
  overrides: Partial<CertificateMeaning> = {},
): CertificateMeaning {
  return {
    sha256,
    subject,
    issuer,
    publicKey: "RSA 2048",
    notAfter: "2027-02-19T01:42:35Z",
    length: 900,
    ...overrides,
  };
}

function chain(certificates: CertificateMeaning[], overrides: Partial<ChainMeaning> = {}): ChainMeaning {
  return { status: "complete", remarks: [], certificates, ...overrides };
}

describe("compareChains", () => {
  const renewed = { ...leaf, sha256: "a2", notAfter: "2027-05-20T01:42:35Z" };
  it.each<[string, ChainMeaning[], ChainMeaning[], string[]]>([
    ["the same chain", [complete], [complete], []],
    ["the same two chains in another order", [complete, chain([renewed])], [chain([renewed]), complete], []],
    ["one of two chains seen", [complete, chain([renewed])], [complete], []],
    [
      "an intermediate lost",
      [complete],
      [chain([leaf], { status: "missing-intermediate" })],
      ["difference path", "difference chain"],
    ],
    ["an intermediate gained", [complete], [chain([leaf, issuing, policy])], ["difference chain"]],
    ["another order", [chain([leaf, issuing, policy])], [chain([leaf, policy, issuing])], ["difference chain"]],
    ["renewed by the same issuer", [complete], [chain([renewed, issuing])], ["note certificate-renewed"]],
    [
      "renewed and expired since",
      [complete],
      [chain([renewed, issuing], { status: "expired" })],
      ["difference path", "note certificate-renewed"],
    ],
    [
      "another intermediate under the same anchor",
      [complete],
      [
        chain([certificate("a3", leaf.subject, "O=Lab,CN=Issuing R2"), certificate("b3", "O=Lab,CN=Issuing R2", "")], {
          anchor: "O=Lab,CN=Root R1",
        }),
      ],
      ["note intermediate"],
    ],
    [
      "a longer chain under the same anchor, by another intermediate",
      [complete],
      [
        chain(
          [
            certificate("a3", leaf.subject, "O=Lab,CN=Issuing R2"),
            certificate("b3", "O=Lab,CN=Issuing R2", policy.subject),
            policy,
          ],
          { anchor: "O=Lab,CN=Root R1" },
        ),
      ],
      ["note intermediate", "difference chain"],
    ],
    [
      "the same key signed by another intermediate under the same anchor",
      [complete],
      [chain([leaf, certificate("b4", issuing.subject, issuing.issuer)], { anchor: "O=Lab,CN=Root R1" })],
      ["note intermediate"],
    ],
    [
      "renewed, and the intermediate with it",
      [complete],
      [chain([renewed, certificate("b5", issuing.subject, issuing.issuer)])],
      ["note certificate-renewed", "note intermediate"],
    ],
    [
      "renewed without the intermediate",
      [complete],
      [chain([renewed], { status: "missing-intermediate" })],
      ["difference path", "note certificate-renewed", "difference chain"],
    ],
    [
      "the intermediate that another of the authority hides",
      [complete],
      [chain([certificate("a8", leaf.subject, "O=Lab,CN=Issuing R2")], { status: "missing-intermediate" })],
      ["difference path", "note intermediate", "difference chain"],
    ],
    [
      "of another key, and with the root",
      [complete],
      [
        chain([certificate("a9", leaf.subject, "O=Lab,CN=Issuing E1", { publicKey: "P-256" })], {
          remarks: ["root-included"],
        }),
      ],
      ["note certificate-key", "difference chain"],
    ],
    [
      "an RSA and an ECDSA certificate of one authority",
      [complete],
      [chain([certificate("a5", leaf.subject, "O=Lab,CN=Issuing E1", { publicKey: "P-256" })])],
      ["note certificate-key"],
    ],
    [
      "the issuer's name, with another key and no path to the anchor before",
      [chain([{ ...leaf, authorityKeyId: "01" }, issuing], { anchor: "O=Lab,CN=Root R1" })],
      [chain([{ ...renewed, authorityKeyId: "02" }, issuing], { status: "unknown-authority" })],
      ["difference path", "difference issuer"],
    ],
    [
      "the issuer's name, with another key under the same anchor",
      [chain([{ ...leaf, authorityKeyId: "01" }, issuing], { anchor: "O=Lab,CN=Root R1" })],
      [chain([{ ...renewed, authorityKeyId: "02" }, issuing], { anchor: "O=Lab,CN=Root R1" })],
      ["note intermediate"],
    ],
    [
      "another authority",
      [complete],
      [chain([certificate("a6", leaf.subject, "O=Corp,CN=Inspection"), certificate("b6", "O=Corp,CN=Inspection", "")])],
      ["difference issuer"],
    ],
    [
      "an ECDSA certificate of another authority",
      [complete],
      [chain([certificate("a7", leaf.subject, "O=Corp,CN=Inspection", { publicKey: "P-256" })])],
      ["difference issuer"],
    ],
  ])("%s", (_, before, after, expected) => {
    const found = compareChains(meaning({ chains: before }), meaning({ chains: after }));
    expect(found.map(({ weight, kind }) => `${weight} ${kind}`)).toEqual(expected);
  });

  it("compares no verdicts of the same certificates by other anchors, unless these do not matter", () => {
    const as = (status: ChainMeaning["status"]): TargetMeaning => meaning({ chains: [{ ...complete, status }] });
    const weights = (after: TargetMeaning): string[] =>
      compareChains(as("complete"), after, () => true).map(({ weight }) => weight);
    expect(weights(as("unknown-authority"))).toEqual(["not-comparable"]);
    expect(weights(as("expired"))).toEqual(["difference"]);
  });

  it("names what is missing by what the other side sent", () => {
    const broken = chain([leaf], { status: "missing-intermediate" });
    const [path, lost] = compareChains(meaning({ chains: [complete] }), meaning({ chains: [broken] }));
    expect(path.text).toContain(
      "O=Lab,CN=Issuing R1 was sent before and is not any more, which proves that it is missing",
    );
    expect(lost).toMatchObject({ before: "sum.golang.org ← Issuing R1", after: "sum.golang.org" });
  });

  it("names it where what is left of the chain hangs elsewhere", () => {
    const whole = chain([leaf, issuing, policy]);
    const broken = chain([leaf, policy], { status: "missing-intermediate" });
    const [path] = compareChains(meaning({ chains: [whole] }), meaning({ chains: [broken] }));
    expect(path.text).toContain("O=Lab,CN=Issuing R1 was sent before and is not any more");
  });

  it("does not call missing for sure what may be a private root", () => {
    const signed = certificate("a8", leaf.subject, "O=Corp,CN=Inspection");
    const doubtful = chain([signed], { status: "missing-intermediate", certainty: "possible" });
    const [path] = compareChains(meaning({ chains: [complete] }), meaning({ chains: [doubtful] }));
    expect(path).toMatchObject({ kind: "path", after: "missing-intermediate", grade: "inferred" });
    expect(path.text).toContain("missing-intermediate (possible). O=Corp,CN=Inspection may as well be a private root");
  });

  it("says whose certificate comes instead where it is another name's", () => {
    const stranger = certificate("a9", "CN=other.example", leaf.issuer);
    const [told] = compareChains(meaning({ chains: [complete] }), meaning({ chains: [chain([stranger, issuing])] }));
    expect(told).toMatchObject({ before: "CN=sum.golang.org", after: "CN=other.example" });
  });

  it("tells a certificate that comes twice from another order", () => {
    const twice = compareChains(
      meaning({ chains: [complete] }),
      meaning({ chains: [chain([leaf, issuing, issuing])] }),
    );
    expect(twice).toMatchObject([{ kind: "chain", text: "The same certificates come, some of them more often." }]);
  });
});
