import { describe, expect, it } from "vitest";
import { SharedFacts } from "../../src/flow/shared-facts.ts";
import type { SentCertificate } from "../../src/protocol/tls/facts.ts";
import { tlsFacts } from "../build/connections.ts";

const sent = (name: string): SentCertificate => ({ sha256: name, der: Uint8Array.of(name.charCodeAt(0)) });
const [leaf, issuer, other] = ["leaf", "issuer", "other"].map(sent);

describe("SharedFacts", () => {
  it("changes nothing that is said", () => {
    for (const applicationData of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as [boolean, boolean][]) {
      const facts = tlsFacts({ applicationData, certificates: [leaf, issuer] });
      const before = structuredClone(facts);
      new SharedFacts().share([facts]);
      expect(facts).toEqual(before);
    }
  });

  it("gives equal chains one object, and different ones of one certificate their own", () => {
    const shared = new SharedFacts();
    const chains = [[leaf, issuer], [leaf, issuer], [leaf], [leaf, other], [leaf, issuer]].map((certificates) => {
      const facts = tlsFacts({ certificates });
      shared.share([facts]);
      expect(facts.certificates).toEqual(certificates);
      return facts.certificates;
    });
    expect(chains.map((chain) => chains.indexOf(chain))).toEqual([0, 0, 2, 3, 0]);
  });

  it("keeps what is there of alerts and client certificates", () => {
    const alert = { from: "client", level: 2, description: 42, frame: 7, grade: "seen" } as const;
    const facts = tlsFacts({ alerts: [alert], clientCertificates: [leaf] });
    new SharedFacts().share([facts]);
    expect(facts.alerts).toEqual([alert]);
    expect(facts.clientCertificates).toEqual([leaf]);
  });
});
