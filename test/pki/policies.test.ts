import { describe, expect, it } from "vitest";
import { parseCertificate } from "../../src/pki/certificate.ts";
import { checkPolicies } from "../../src/pki/policies.ts";
import { der, mintCa, mintServer, oid, sequence, type CertificateOptions, type Minted } from "../build/certificates.ts";

/** What one certificate says of policies: `a`, `b`, `c` or `any`. */
interface Says {
  readonly states?: readonly string[];
  readonly requireExplicit?: number;
  readonly inhibitMapping?: number;
  readonly inhibitAny?: number;
  readonly maps?: readonly (readonly [string, string])[];
  readonly selfIssued?: boolean;
}

const policies: Readonly<Record<string, string>> = { a: "1.2.3.1", b: "1.2.3.2", c: "1.2.3.3", any: "2.5.29.32.0" };
const count = (tag: number, value: number | undefined): Uint8Array[] =>
  value === undefined ? [] : [der(tag, Uint8Array.of(value))];

function optionsOf({ states, requireExplicit, inhibitMapping, inhibitAny, maps }: Says): CertificateOptions {
  const constraints = [...count(0x80, requireExplicit), ...count(0x81, inhibitMapping)];
  const mappings = maps?.map((pair) => sequence(...pair.map((name) => oid(policies[name]))));
  return {
    ...(states && { policies: states.map((name) => policies[name]) }),
    more: [
      ...(constraints.length > 0 ? ([["2.5.29.36", true, sequence(...constraints)]] as const) : []),
      ...(mappings ? ([["2.5.29.33", true, sequence(...mappings)]] as const) : []),
      ...(inhibitAny === undefined ? [] : ([["2.5.29.54", true, der(0x02, Uint8Array.of(inhibitAny))]] as const)),
    ],
  };
}

/** Whom a path below a root is refused for: CAs from the top, the end-entity last. */
function refusedFor(...says: readonly Says[]): string | undefined {
  const path: Minted[] = [mintCa("Root")];
  for (const [at, each] of says.entries()) {
    const issuer = path[0];
    const name = each.selfIssued === true ? issuer.subject : `CA ${at}`;
    const isEndEntity = at === says.length - 1;
    const mint = isEndEntity
      ? mintServer("leaf", issuer, optionsOf(each))
      : mintCa(name, { issuer, ...optionsOf(each) });
    path.unshift(mint);
  }
  return checkPolicies(path.map(({ der: bytes }) => parseCertificate(bytes)))?.certificate.subject.text;
}

const a = { states: ["a"] };
const demand = { ...a, requireExplicit: 0 };

describe("policies along a path", () => {
  it.each<[name: string, refusedFor: string | undefined, ...path: Says[]]>([
    ["no policies, and nobody who asks for them", undefined, {}, {}],
    ["one policy all the way", undefined, demand, a],
    ["none at the end", "CN=CA 0", demand, {}],
    ["none at a CA below", "CN=CA 0", demand, {}, a],
    ["another one", "CN=CA 0", demand, { states: ["b"] }],
    ["any at the end", undefined, demand, { states: ["any"] }],
    ["any above", undefined, { states: ["any"], requireExplicit: 0 }, { states: ["b"] }],
    ["any, which counts no more", "CN=CA 0", { ...demand, inhibitAny: 0 }, { states: ["any"] }],
    [
      "any of a self-issued CA, which counts",
      undefined,
      { ...demand, inhibitAny: 0 },
      { states: ["any"], selfIssued: true },
      a,
    ],
    ["a demand that counts from two certificates down on", undefined, { ...a, requireExplicit: 2 }, {}],
    ["the same, three down", "CN=CA 0", { ...a, requireExplicit: 1 }, {}, {}, {}],
    ["a demand of the end-entity itself", "CN=leaf", {}, { requireExplicit: 0 }],
    [
      "a later, longer demand, which changes nothing",
      "CN=CA 0",
      { ...a, requireExplicit: 1 },
      { ...a, requireExplicit: 9 },
      {},
    ],
    ["a policy mapped to the one below", undefined, { ...demand, maps: [["a", "b"]] }, { states: ["b"] }],
    [
      "a policy mapped to two",
      undefined,
      {
        ...demand,
        maps: [
          ["a", "b"],
          ["a", "c"],
        ],
      },
      { states: ["c"] },
    ],
    ["a policy that was mapped away", "CN=CA 0", { ...demand, maps: [["a", "b"]] }, a],
    [
      "a mapping that is inhibited",
      "CN=CA 0",
      { ...demand, inhibitMapping: 0 },
      { ...a, maps: [["a", "b"]] },
      { states: ["b"] },
    ],
    [
      "a mapping of what any stands for",
      undefined,
      { states: ["any"], requireExplicit: 0, maps: [["a", "b"]] },
      { states: ["b"] },
    ],
    ["a mapping to any", "CN=CA 0", { ...a, maps: [["a", "any"]] }, a],
  ])("%s", (_, refused, ...path) => {
    expect(refusedFor(...path)).toBe(refused);
  });

  it("says nothing of a trust anchor by itself", () => {
    const anchor = mintCa("Root", optionsOf({ requireExplicit: 0 }));
    expect(checkPolicies([parseCertificate(anchor.der)])).toBeUndefined();
  });
});
