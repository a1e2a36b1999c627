import type { Analysis, CaptureReport, Finding, Flow } from "../../src/flow/model.ts";
import type { CertificateSummary } from "../../src/pki/verdict.ts";
import { judgedFlow, target, through, tls, unopened } from "./flows.ts";

/** A capture of one file without anything special, but for what is given. */
export function captureReport(overrides: Partial<CaptureReport> = {}): CaptureReport {
  return {
    files: [
      {
        name: "capture.pcap",
        format: "pcap",
        compression: "none",
        linkTypes: ["EN10MB"],
        frames: 99,
        bytes: 44_321,
        firstFrame: 1,
        damaged: false,
      },
    ],
    frames: 99,
    bytes: 44_321,
    start: "2026-12-01T10:00:00.000000000Z",
    end: "2026-12-01T10:00:03.500000000Z",
    problems: [],
    notUnderstood: {},
    interfaceDrops: 0,
    folded: [],
    datagrams: { dns: 4 },
    ...overrides,
  };
}

/** A finding, but for what is given. */
export function finding(overrides: Partial<Finding> = {}): Finding {
  return {
    rule: "missing-intermediate",
    severity: "error",
    grade: "seen",
    flows: [3],
    frames: [31, 35],
    title: "sum.golang.org: missing intermediate",
    detail: "The server sent its own certificate only; its issuer CN=Lab Issuing R1 is not among the trust anchors.",
    remedy: "Append the certificate CN=Lab Issuing R1 to the server's certificate file.",
    filter: "frame.number in {31, 35}",
    ...overrides,
  };
}

/** An end-entity certificate, but for what is given. */
export function certificate(overrides: Partial<CertificateSummary> = {}): CertificateSummary {
  return {
    sha256: "ab".repeat(32),
    subject: "CN=sum.golang.org",
    issuer: "CN=Lab Issuing R1",
    serial: "175dc17336a6a939",
    notBefore: "2026-11-21T01:42:35Z",
    notAfter: "2027-02-19T01:42:35Z",
    dnsNames: ["sum.golang.org"],
    caIssuers: ["http://ca.lab.example/issuing-r1.crt"],
    authorityKeyId: "0102030405",
    publicKey: "RSA 2048",
    signatureAlgorithm: "sha256WithRSAEncryption",
    isCa: false,
    length: 900,
    ...overrides,
  };
}

/** Flows as a broken chain behind a forward proxy shows them: three good ones, a rejected one, one of noise. */
export function sampleFlows(): Flow[] {
  const good = (id: number): Flow =>
    judgedFlow({
      id,
      route: through("http-connect", "proxy.corp.example:3128", "proxy.golang.org:443"),
      layers: ["http-connect", "tls", "h2"],
      server: { address: "198.51.100.40", port: 3128 },
    });
  return [good(0), good(1), unansweredFlow(), rejectedFlow(), noiseFlow()];
}

/** An analysis of the flows. Its summary counts them as given. */
export function sampleAnalysis(overrides: Partial<Analysis> & { readonly of?: readonly Flow[] } = {}): Analysis {
  const { of: flows = sampleFlows(), ...rest } = overrides;
  const count = (label: string): number => flows.filter((flow) => flow.label === label && !flow.noise).length;
  return {
    schemaVersion: 1,
    tool: { name: "gomodcap", version: "0.1.0" },
    trust: { source: "mozilla (Node 20.20.2)", count: 144, sha256: "cd".repeat(32) },
    capture: captureReport(),
    summary: {
      labels: { sumdb: count("sumdb"), proxied: count("proxied"), direct: count("direct"), other: count("other") },
      noise: flows.filter((flow) => flow.noise).length,
      goTraffic: true,
      blind: [],
    },
    flowCount: flows.length,
    flows: () => flows,
    flow: (id) => flows.find((flow) => flow.id === id),
    anchors: () => [],
    certificate: (sha256) => (sha256 === "ab".repeat(32) ? Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x05) : undefined),
    dns: [
      {
        name: "proxy.corp.example",
        type: "A",
        client: "192.0.2.10",
        server: "192.0.2.53",
        questionFrame: 1,
        frame: 2,
        time: "2026-12-01T10:00:00.000500000Z",
        questions: 1,
        answers: [{ name: "proxy.corp.example", type: "A", value: "198.51.100.40" }],
        responseCode: "NOERROR",
      },
    ],
    findings: [finding()],
    story: {
      grade: "inferred",
      because: "requests are not visible",
      modules: [],
      databases: [],
      places: [],
      errors: [],
    },
    ...rest,
  };
}

function rejectedFlow(): Flow {
  const sent = certificate();
  return judgedFlow({
    id: 3,
    server: { address: "198.51.100.40", port: 3128 },
    target: target("sum.golang.org:443", "connect"),
    route: through("http-connect", "proxy.corp.example:3128", "sum.golang.org:443", 200, {
      userAgent: "Go-http-client/1.1",
    }),
    layers: ["http-connect", "tls"],
    role: "sumdb",
    roleEvidence: { grade: "inferred", because: "sum.golang.org is the public checksum database" },
    label: "sumdb",
    labelEvidence: { grade: "inferred", because: "the target is a checksum database" },
    stage: "certificate",
    stages: [
      { stage: "tcp", frame: 31, time: "2026-12-01T10:00:03.000100000Z" },
      { stage: "proxy", frame: 33, time: "2026-12-01T10:00:03.002000000Z" },
      { stage: "hello", frame: 34, time: "2026-12-01T10:00:03.003000000Z" },
      { stage: "certificate", frame: 35, time: "2026-12-01T10:00:03.020000000Z" },
    ],
    tls: [
      tls({
        serverName: "sum.golang.org",
        negotiatedVersion: "TLS 1.2",
        cipherSuite: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        ja4: "t13d1310h2_f57a46bbacb6_ab7e3b40a677",
        alerts: [{ from: "client", level: "fatal", description: "bad_certificate (42)", frame: 36, grade: "seen" }],
        verdict: { value: "rejected", grade: "seen", because: "the client sent the alert bad_certificate", frame: 36 },
        certificates: [{ ...sent, frame: 35 }],
        path: {
          status: "missing-intermediate",
          certainty: "likely",
          remarks: [],
          missing: {
            for: "CN=sum.golang.org",
            issuer: "CN=Lab Issuing R1",
            keyId: "0102030405",
            caIssuers: ["http://ca.lab.example/issuing-r1.crt"],
          },
          path: ["CN=sum.golang.org"],
          goError: "x509: certificate signed by unknown authority",
          detail: "the issuer of CN=sum.golang.org was not sent",
        },
      }),
    ],
  });
}

function unansweredFlow(): Flow {
  return { ...judgedFlow(), ...unopened({ id: 2, target: target("198.51.100.10:443", "address"), stages: [] }) };
}

function noiseFlow(): Flow {
  return judgedFlow({
    id: 4,
    target: target("www.example.net:443"),
    role: "other",
    label: "other",
    roleEvidence: { grade: "inferred", because: "a browser's ClientHello" },
    labelEvidence: { grade: "inferred", because: "a browser's ClientHello" },
    noise: true,
  });
}
