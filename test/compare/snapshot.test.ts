import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareObservations } from "../../src/compare/comparison.ts";
import type { CertificateMeaning } from "../../src/compare/meaning.ts";
import { observe } from "../../src/compare/observe.ts";
import { parseSnapshot } from "../../src/compare/snapshot-text.ts";
import { looksLikeSnapshot, observationOf, snapshotOf, type Snapshot } from "../../src/compare/snapshot.ts";
import { renderSnapshot } from "../../src/report/snapshot-yaml.ts";
import { analyzeFolder } from "../build/analyze.ts";
import { meaning } from "../build/observation.ts";

const captures = new URL("../../captures/", import.meta.url).pathname;
const analysisOf = (name: string, keys = false) => analyzeFolder(join(captures, name), "capture.pcap", { keys });

describe("a snapshot", () => {
  it.each<[string, boolean]>([
    ["b01-connect-all", true],
    ["c31-sum-missing-issuing-of-two-tls12", false],
    ["b36-git-squid-407-then-200", false],
    ["d20-noise", false],
  ])("of %s is read as it was written, and equals its capture", async (name, keys) => {
    const analysis = await analysisOf(name, keys);
    const snapshot = snapshotOf(analysis);
    const text = renderSnapshot(snapshot);
    expect(looksLikeSnapshot(text)).toBe(true);
    expect(parseSnapshot(text)).toEqual({ value: snapshot });
    const { differences } = compareObservations(observationOf("stored", snapshot), observe("seen", analysis));
    expect(differences).toEqual([]);
  });

  it("keeps names that did not resolve: a target that another run has is told with them", async () => {
    const [failed, fine] = await Promise.all([analysisOf("e04-toolchain-404"), analysisOf("b01-connect-all")]);
    const text = renderSnapshot(snapshotOf(failed));
    expect(text).toContain("\nunresolved:\n  golang.org: NXDOMAIN\n");
    const stored = observationOf("stored", parseSnapshot(text).value!);
    const good = observe("seen", fine);
    const targets = new Map([["golang.org:443", { meaning: meaning({ target: "golang.org:443" }) }]]);
    const { differences } = compareObservations(stored, { ...good, targets });
    const told = differences.find(({ target }) => target === "golang.org:443");
    expect(told?.kind).toBe("target-appeared");
    expect(told?.text).toContain("did not resolve: NXDOMAIN");
  });

  it("differs from another capture as its own capture does", async () => {
    const [before, after] = await Promise.all([analysisOf("b01-connect-all"), analysisOf("b02-connect-noproxy-sumdb")]);
    const stored = compareObservations(observationOf("a", snapshotOf(before)), observe("b", after));
    const whole = compareObservations(observe("a", before), observe("b", after));
    expect(stored.differences).toEqual(whole.differences);
    expect(stored.settings).toEqual(whole.settings);
  });
});

describe("parseSnapshot", () => {
  const good = `snapshotVersion: 1
targets:
  sum.golang.org:443:
    role: sumdb
    roleGrade: seen
    labels: [ sumdb ]
    labelGrade: seen
    routes: [ { kind: direct } ]
    stage: http
    requestsVisible: none
`;

  it("fills in what is left out", () => {
    expect(parseSnapshot(good).value?.targets[0]).toMatchObject({ target: "sum.golang.org:443", chains: [], ja4: [] });
  });

  it.each<[string, string, string, number, number, RegExp, RegExp?]>([
    ["a wrong key", "stage: http", "stagee: http", 9, 5, /^there is no key stagee here$/, /did you mean stage\?/],
    ["a missing key", "    stage: http\n", "", 4, 5, /^the key stage is missing$/],
    ["a wrong name", "role: sumdb", "role: sumdbs", 4, 11, /^sumdbs is none of module-proxy, /, /did you mean sumdb\?/],
    ["another kind of value", "[ sumdb ]", "sumdb", 6, 13, /^a list is expected here$/],
    ["a key twice", "role: sumdb", "role: sumdb\n    role: vcs", 5, 5, /^the key role stands here a second time$/],
    ["a later version", "Version: 1", "Version: 2", 1, 18, /^snapshots of version 2 are not read/, /update/],
    ["no YAML", "[ sumdb ]", "[ sumdb", 7, 5, /flow/],
    [
      "a certificate that is not there",
      "requestsVisible: none",
      "requestsVisible: none\n    chains: [ { status: complete, certificates: [ ab ] } ]",
      11,
      51,
      /^no certificate ab stands under certificates$/,
    ],
    ["an alias", "role: sumdb", "role: *a", 4, 11, /^/],
  ])("tells the place of %s", (_, was, is, line, column, message, hint = /^/) => {
    const { mistakes = [] } = parseSnapshot(good.replace(was, is));
    expect(mistakes[0]).toMatchObject({ line, column });
    expect(mistakes[0].message).toMatch(message);
    expect(mistakes[0].hint ?? "").toMatch(hint);
  });

  it.each(["", "snapshotVersion:", "\u0000", "--- 1\n--- 2\n", "- &a [*a]\n"])("survives what is none: %#", (text) => {
    expect(parseSnapshot(text).mistakes?.length).toBeGreaterThan(0);
  });
});

describe("renderSnapshot", () => {
  it("quotes what readers of YAML 1.1 take for the mark of a key", () => {
    const requests = [{ method: "GET", path: "/foo?go-get=1" }];
    const targets = [meaning({ requestsVisible: "all", requests })];
    const state = { damaged: false, partOfRun: false, partial: false, unresolved: new Map(), anchors: [] };
    expect(renderSnapshot({ version: 1, ...state, targets })).toContain('{ method: GET, path: "/foo?go-get=1" }');
  });

  it("writes any text so that it is read as it was, and shows nothing invisible", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (wild, tame) => {
        const requests = [{ method: wild, path: tame }];
        const target = meaning({ target: `${wild}:443`, clients: [tame, wild], requestsVisible: "all", requests });
        const chains = [
          { status: "complete" as const, remarks: [], anchor: wild, certificates: [sent(wild), sent(tame)] },
        ];
        const state = { damaged: false, partOfRun: true, partial: true };
        const unresolved = new Map([[wild, tame]]);
        const snapshot: Snapshot = { version: 1, ...state, targets: [{ ...target, chains }], unresolved, anchors: [] };
        const text = renderSnapshot(snapshot);
        expect(parseSnapshot(text)).toEqual({ value: snapshot });
        expect(text).not.toMatch(/[^\n\P{C}]|\p{Default_Ignorable_Code_Point}/u);
      }),
      { seed: 4, numRuns: 60 },
    );
  });
});

function sent(subject: string): CertificateMeaning {
  const sha256 = Buffer.from(subject).toString("hex").padEnd(64, "0").slice(0, 64);
  return { sha256, subject, issuer: "CN=1", publicKey: "P-256", notAfter: "2027-02-19T01:42:35Z", length: 900 };
}
