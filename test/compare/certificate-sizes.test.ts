import { describe, expect, it } from "vitest";
import { compareCertificateBytes, sizesOf } from "../../src/compare/certificate-sizes.ts";
import type { TargetMeaning } from "../../src/compare/meaning.ts";
import { meaning } from "../build/observation.ts";

const bytes = (...certificateBytes: number[]): TargetMeaning => meaning({ certificateBytes });
const authority = (subject: string, length: number): [string, { subject: string; length: number }] => [
  `${subject} ${length}`,
  { subject, length },
];

describe("compareCertificateBytes", () => {
  const known = sizesOf([
    { authorities: new Map([authority("CN=R1", 848), authority("CN=P1", 515), authority("CN=Q1", 700)]) },
    { authorities: new Map([authority("CN=P1", 515), authority("CN=R1", 848), authority("CN=S1", 663)]) },
  ]);
  it.each<[string, TargetMeaning, TargetMeaning, RegExp | undefined]>([
    ["equal", bytes(1864), bytes(1864), undefined],
    ["another leaf of the same issuer", bytes(1075), bytes(1077), undefined],
    ["not known on one side", bytes(), bytes(1011), undefined],
    ["two sizes on one side", bytes(1864, 1011), bytes(1011), undefined],
    [
      "as much as a known intermediate less",
      bytes(1864),
      bytes(1011),
      /853 bytes shorter, which is one certificate of 848 bytes, the size of CN=R1\. If clients refuse it now/,
    ],
    [
      "as much but for what the leaf differs by",
      bytes(1864),
      bytes(1012),
      /852 bytes shorter, which is, a byte more or less for another end-entity certificate, one certificate of 848 bytes, the size of CN=R1\./,
    ],
    [
      "of no known size",
      bytes(1011),
      bytes(2111),
      /1100 bytes longer, which fits one certificate of 1095 bytes, or several/,
    ],
    [
      "two known certificates less",
      bytes(3000),
      bytes(3000 - 848 - 700 - 10),
      /which is two certificates of 700 and 848 bytes, the sizes of CN=Q1 and of CN=R1/,
    ],
    [
      "two known pairs of which add up",
      bytes(3000),
      bytes(3000 - 515 - 848 - 10),
      /which is one of these: two certificates of 515 and 848 bytes, the sizes of CN=P1 and of CN=R1; two certificates of 663 and 700 bytes, the sizes of CN=S1 and of CN=Q1/,
    ],
  ])("%s", (_, before, after, text) => {
    const [told] = compareCertificateBytes(before, after, known);
    if (text === undefined) expect(told).toBeUndefined();
    else {
      expect(told).toMatchObject({ kind: "certificate-size", grade: "inferred" });
      expect(told.text).toMatch(text);
    }
  });

  it("names all of one size", () => {
    const two = sizesOf([{ authorities: new Map([authority("CN=A", 848), authority("CN=B", 848)]) }]);
    expect(compareCertificateBytes(bytes(1864), bytes(1011), two)[0].text).toContain("the size of CN=A and of CN=B");
    expect(compareCertificateBytes(bytes(3000), bytes(1294), two)[0].text).toContain(
      "two certificates of 848 and 848 bytes, the sizes of CN=A and of CN=B",
    );
  });

  it("takes keys of two kinds for two certificates of one server", () => {
    const [told] = compareCertificateBytes(
      { ...bytes(1058), leafKeys: ["ECDSA P-256"] },
      { ...bytes(1848), leafKeys: ["RSA 2048"] },
      known,
    );
    expect(told).toMatchObject({ kind: "certificate-key", weight: "note", grade: "inferred" });
  });

  it("does not say what another certificate of about the same size means", () => {
    const [told] = compareCertificateBytes(bytes(1058), bytes(1000), known);
    expect(told).toMatchObject({ weight: "not-comparable", before: "1058 bytes", after: "1000 bytes" });
  });
});
