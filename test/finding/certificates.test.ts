import { describe, expect, it } from "vitest";
import type { Flow, TlsReport } from "../../src/flow/model.ts";
import type { PathStatus, PathVerdict } from "../../src/pki/verdict.ts";
import { certificate } from "../build/analysis.ts";
import { findingsOf, rulesOf } from "../build/findings.ts";
import { judgedFlow, target, through, tls, without } from "../build/flows.ts";

type Answer = TlsReport["verdict"];
const rejected: Answer = { value: "rejected", grade: "seen", because: "alert bad_certificate", frame: 7 };
const accepted: Answer = { value: "accepted", grade: "seen", because: "Finished, then application data", frame: 8 };
const undecided: Answer = { value: "undecided", grade: "unknown", because: "the capture ends" };

function path(status: PathStatus, more: Partial<PathVerdict> = {}): PathVerdict {
  return { status, remarks: [], path: [], detail: `it is ${status}`, ...more };
}

/** A flow to a host whose certificates got a verdict and an answer. */
function met(host: string, judged: PathVerdict, verdict: Answer, more: Partial<Flow> = {}): Flow {
  const certificates = [{ ...certificate({ subject: `CN=${host}`, dnsNames: [host] }), frame: 6 }];
  return judgedFlow({
    target: target(host),
    tls: [tls({ serverName: host, path: judged, verdict, certificates })],
    ...more,
  });
}

const missing = {
  for: "CN=sum.golang.org",
  issuer: "CN=Lab Issuing R1",
  keyId: "0102030405",
  caIssuers: ["http://ca.lab.example/issuing-r1.crt"],
};
const proved = path("missing-intermediate", { certainty: "proved", missing: { ...missing, knownFrom: "flow 0" } });
const likely = path("missing-intermediate", { certainty: "likely", missing });
const possible = path("missing-intermediate", { certainty: "possible", missing });

describe("severity follows the client", () => {
  it.each<[string, PathVerdict, Answer, string]>([
    ["proved, rejected", proved, rejected, "error missing-intermediate"],
    ["proved, accepted", proved, accepted, "warning missing-intermediate"],
    ["proved, undecided", proved, undecided, "warning missing-intermediate"],
    ["likely, rejected", likely, rejected, "error missing-intermediate"],
    ["likely, accepted", likely, accepted, "note path-not-complete"],
    ["possible, undecided", possible, undecided, "note missing-intermediate"],
    ["expired, rejected", path("expired"), rejected, "error certificate-expired"],
    ["expired, accepted", path("expired"), accepted, "note certificate-expired"],
    ["expired, undecided", path("expired"), undecided, "warning certificate-expired"],
    ["not yet valid", path("not-yet-valid"), rejected, "error certificate-not-yet-valid"],
    ["wrong name", path("name-mismatch"), rejected, "error certificate-name-mismatch"],
    ["no SAN", path("no-san"), rejected, "error certificate-no-san"],
    ["self-signed", path("self-signed"), rejected, "error certificate-self-signed"],
    ["self-signed, accepted", path("self-signed"), accepted, "note path-not-complete"],
    ["unknown authority", path("unknown-authority"), rejected, "error certificate-unknown-authority"],
    ["unknown authority, accepted", path("unknown-authority"), accepted, "note path-not-complete"],
    ["not permitted", path("not-permitted"), rejected, "error certificate-not-permitted"],
    ["malformed", path("malformed"), rejected, "error certificate-malformed"],
    ["complete, rejected", path("complete"), rejected, "error certificate-rejected-though-complete"],
    [
      "complete, rejected, for a name that is not known",
      path("complete", { remarks: ["name-not-checked"] }),
      rejected,
      "error client-rejected-certificate",
    ],
  ])("%s", (_, judged, verdict, expected) => {
    expect(rulesOf({ flows: [met("sum.golang.org", judged, verdict)] })).toEqual([expected]);
  });

  it("takes a client that broke off for one that failed over what it was sent", () => {
    const flow = met("sum.golang.org", path("not-permitted"), undecided);
    const alert = {
      from: "client",
      level: "fatal",
      description: "illegal_parameter (47)",
      frame: 9,
      grade: "seen",
    } as const;
    const [finding] = findingsOf({ flows: [{ ...flow, tls: [{ ...flow.tls[0], alerts: [alert] }] }] });
    expect(finding).toMatchObject({ rule: "certificate-not-permitted", severity: "error" });
    expect(finding.detail).toContain("The client broke off with alert illegal_parameter (47).");
  });

  it("says nothing of a complete path that was accepted", () => {
    expect(rulesOf({ flows: [met("sum.golang.org", path("complete"), accepted)] })).toEqual([]);
  });

  it("makes a failure that a later flow made good a warning", () => {
    const flows = [
      met("sum.golang.org", path("expired"), rejected, { id: 1 }),
      met("sum.golang.org", path("complete"), accepted, { id: 2 }),
    ];
    expect(rulesOf({ flows })).toEqual(["warning certificate-expired"]);
  });

  it("puts the flows of one host into one finding", () => {
    const flows = Array.from({ length: 60 }, (_, id) => met("h.example", path("expired"), rejected, { id }));
    const [finding, ...others] = findingsOf({ flows });
    expect(others).toEqual([]);
    expect(finding.flows.length).toBe(50);
    expect(finding.detail).toContain("10 more flows");
  });
});

describe("a missing intermediate is named", () => {
  const [finding] = findingsOf({ flows: [met("sum.golang.org", proved, rejected)] });

  it("with host, issuer, key id and where to get it", () => {
    expect(finding.title).toBe("sum.golang.org does not send its intermediate certificate CN=Lab Issuing R1");
    expect(finding.detail).toContain("known from flow 0");
    expect(finding.remedy).toContain("append the certificate CN=Lab Issuing R1 (subject key id 0102030405)");
    expect(finding.remedy).toContain("http://ca.lab.example/issuing-r1.crt");
    expect(finding.filter).toBe("frame.number in {6, 7}");
  });

  it("with its doubt where it is not proved", () => {
    const [unsure] = findingsOf({ flows: [met("sum.golang.org", possible, rejected)] });
    expect(unsure.title).toContain("perhaps does not send");
    expect(unsure.detail).toContain("a private root that is not trusted here: that is not proved");
    expect(unsure.remedy).toContain("If it is a private root of your own, add its certificate to the client's roots");
  });
});

describe("a complete path that was rejected", () => {
  it("may have run out where frames have no time to check it by", () => {
    const timeless = path("complete", { remarks: ["time-not-checked"] });
    const [finding] = findingsOf({ flows: [met("sum.golang.org", timeless, rejected)] });
    expect(finding.detail).toContain("dates were not checked");
  });
});

describe("a tunnel to nobody knows where", () => {
  it("is named by the certificate, not by the proxy", () => {
    const flow = met("sum.golang.org", proved, undecided, {
      target: { ...target("proxy.corp.example:3128"), source: "dns" },
      route: without(through("http-connect", "proxy.corp.example:3128", ""), "target"),
    });
    const unnamed = { ...flow, tls: flow.tls.map((layer) => without(layer, "serverName")) };
    expect(findingsOf({ flows: [unnamed] })[0].title).toMatch(/^sum\.golang\.org does not send/);
  });
});

describe("a certificate that is not visible", () => {
  const hidden = (verdict: Answer, more: Partial<TlsReport> = {}): Flow =>
    judgedFlow({ target: target("sum.golang.org"), tls: [tls({ serverName: "sum.golang.org", verdict, ...more })] });

  it("is known to be rejected, never why", () => {
    const [finding, ...others] = findingsOf({ flows: [hidden(rejected)] });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: "client-rejected-certificate", severity: "error" });
    expect(finding.title).not.toMatch(/intermediate/);
    expect(finding.detail).toContain("does not tell which");
  });

  it("may be a lone one by its size: a note with the arithmetic, whatever the verdict", () => {
    const inferred = {
      certificateBytes: 1012,
      certificates: [1, 1],
      grade: "exact",
      because: "1,041 bytes less 29",
    } as const;
    const [finding, ...others] = findingsOf({ flows: [hidden(accepted, { inferred })] });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: "certificate-likely-alone", severity: "note", grade: "inferred" });
    expect(finding.detail).toContain("1,041 bytes less 29");
    expect(rulesOf({ flows: [hidden(accepted, { inferred: { ...inferred, certificates: [1, 2] } })] })).toEqual([]);
    expect(rulesOf({ flows: [hidden(accepted, { inferred, resumed: true })] })).toEqual([]);
  });
});

describe("remarks", () => {
  it.each(["out-of-order", "leaf-not-first", "unrelated", "duplicate", "root-included"] as const)("%s", (remark) => {
    const flows = [met("h.example", path("complete", { remarks: [remark] }), accepted)];
    expect(rulesOf({ flows })).toEqual(["note chain-remark"]);
  });

  it("leaves out what is said of the judging itself", () => {
    const flows = [met("h.example", path("complete", { remarks: ["time-not-checked", "name-not-checked"] }), accepted)];
    expect(rulesOf({ flows })).toEqual([]);
  });
});

describe("re-signing", () => {
  const hosts = ["proxy.golang.org", "github.com"];
  const unknown = path("unknown-authority");

  it("is one authority across public hosts of unrelated owners", () => {
    const flows = hosts.map((host, id) => met(host, unknown, rejected, { id }));
    const findings = findingsOf({ flows });
    expect(findings.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual(["error interception"]);
    expect(findings[0].flows).toEqual([0, 1]);
  });

  it("is one authority that nobody knows across hosts of one owner, too", () => {
    const flows = ["proxy.golang.org", "sum.golang.org"].map((host, id) => met(host, unknown, rejected, { id }));
    const [finding, ...others] = findingsOf({ flows });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: "interception", flows: [0, 1] });
    expect(finding.title).toContain("proxy.golang.org and sum.golang.org");
  });

  it("is not trusted by a client that rejected it, though other flows made that good", () => {
    const lost = hosts.map((host, id) => met(host, unknown, rejected, { id }));
    const good = hosts.map((host, at) => met(host, path("complete"), accepted, { id: 2 + at }));
    const finding = findingsOf({ flows: [...lost, ...good] }).find(({ rule }) => rule === "interception");
    expect(finding).toMatchObject({ severity: "warning", flows: [0, 1] });
    expect(finding?.detail).toContain("This client does not trust it.");
  });

  it("is a warning where the client went on", () => {
    const at = (address: string): string[] => {
      const flows = hosts.map((host, id) => met(host, unknown, accepted, { id, server: { address, port: 443 } }));
      return rulesOf({ flows }).filter((rule) => rule.endsWith("interception"));
    };
    expect(at("8.8.8.8")).toEqual(["warning interception"]);
    // Hosts of one's own that bear public names: a mirror inside, a laboratory.
    expect(at("10.1.2.3")).toEqual([]);
    expect(at("198.51.100.3")).toEqual([]);
  });

  it.each<[string, readonly string[], PathVerdict]>([
    ["complete paths of a private PKI", hosts, path("complete")],
    ["a missing intermediate of one owner", ["proxy.golang.org", "sum.golang.org"], path("missing-intermediate")],
    ["one host", ["github.com"], unknown],
    ["a private authority on internal hosts", ["git.corp.example", "goproxy.corp.example"], unknown],
  ])("is not seen in %s", (_, names, judged) => {
    const flows = names.map((host, id) => met(host, judged, accepted, { id }));
    expect(rulesOf({ flows }).filter((rule) => rule.endsWith("interception"))).toEqual([]);
  });
});

describe("the text that Go prints", () => {
  const goError = "tls: failed to verify certificate: x509: certificate signed by unknown authority";
  const detailFor = (goVersions: string): string => {
    const judged = path("unknown-authority", { goError });
    const flow = met("a.example", judged, rejected);
    const clientStack = { name: "go", text: "Go", goVersions, grade: "inferred", because: "x" } as const;
    const asked = { ...flow, tls: flow.tls.map((layer) => ({ ...layer, clientStack })) };
    return findingsOf({ flows: [asked] })[0].detail;
  };

  it("is that of the client's age", () => {
    expect(detailFor("1.24")).toContain(`Go prints: ${goError}.`);
    expect(detailFor("≤1.20")).toContain(
      "Go prints: x509: certificate signed by unknown authority, from 1.20 on after",
    );
  });
});

describe("a certificate that was refused", () => {
  it.each([
    ["sha1", "with a signature by SHA-256 or better"],
    ["algorithm", "with a key and a signature that Go can verify"],
    ["extended-key-usage", "with the extensions that its use needs"],
  ] as const)("for %s is to be issued anew %s", (by, remedy) => {
    const judged = path("not-permitted", { refused: { subject: "CN=a.example", by } });
    expect(findingsOf({ flows: [met("a.example", judged, rejected)] })[0].remedy).toContain(remedy);
  });
});
