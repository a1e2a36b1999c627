import type { CaptureReport, TlsReport } from "../flow/model.ts";
import type { CertificateSummary, PathVerdict } from "../pki/verdict.ts";
import { facts, type Fact, type FactOptions } from "./fact-list.ts";
import { visible } from "./sanitize.ts";
import { evidenceText, frameText } from "./words.ts";

/** One TLS layer of a flow: hello, answer, verdict, certificates as sent, the path and what it lacks. */
export function* renderTls(tls: TlsReport, capture: CaptureReport, options: FactOptions): Iterable<string> {
  yield* facts(helloFacts(tls, capture), options);
  yield* facts(answerFacts(tls, capture), options);
  for (const [at, certificate] of tls.certificates.entries()) {
    yield* facts(certificateFacts(certificate, `certificate ${at + 1}`), options);
  }
  for (const certificate of tls.clientCertificates) yield* facts(certificateFacts(certificate, "of client"), options);
  yield* facts(pathFacts(tls.path), options);
  yield* pathTree(tls, options);
}

/**
 * The path as it could be built, end-entity on top, the issuer of each below it, and at the end the anchor or what is
 * missing.
 */
function* pathTree(tls: TlsReport, options: FactOptions): Iterable<string> {
  const { path } = tls;
  if (path.path.length === 0) return;
  const sent = new Set(tls.certificates.map((certificate) => certificate.subject));
  const nodes = path.path.map((subject) => {
    const origin = subject === path.anchor ? ", trust anchor" : sent.has(subject) ? "" : ", not sent";
    return visible(`${subject}${origin}`);
  });
  if (path.anchor !== undefined && !path.path.includes(path.anchor))
    nodes.push(visible(`${path.anchor}, trust anchor`));
  if (path.missing !== undefined) {
    nodes.push(options.style("error", visible(`${path.missing.issuer}: MISSING, not sent by the server`)));
  } else if (path.refused !== undefined) {
    nodes.push(options.style("error", visible(`${path.refused.subject}: refused, ${path.refused.by}`)));
  }
  for (const [depth, node] of nodes.entries()) {
    yield `  ${depth === 0 ? "" : `${"   ".repeat(depth - 1)}└─ `}${node}\n`;
  }
}

function helloFacts(tls: TlsReport, capture: CaptureReport): Fact[] {
  const outer = tls.echOuter === true ? " (outer name of Encrypted ClientHello; the real one is hidden)" : "";
  const segments = tls.helloSegments === undefined || tls.helloSegments < 2 ? "" : `, in ${tls.helloSegments} segments`;
  return [
    ["server name", tls.serverName === undefined ? "none sent" : tls.serverName + outer],
    ["ClientHello", tls.helloFrame === undefined ? "not seen" : `${frameText(tls.helloFrame, capture)}${segments}`],
    ["client", tls.clientStack && `${tls.clientStack.text}: ${evidenceText(tls.clientStack, capture)}`],
    ["JA4", tls.ja4],
    ["versions", tls.supportedVersions.join(", ")],
    ["groups", tls.groups.join(", ")],
    ["key shares", tls.keyShares.join(", ")],
    ["ALPN offered", tls.alpnOffered.join(", ")],
  ];
}

function answerFacts(tls: TlsReport, capture: CaptureReport): Fact[] {
  const alerts = tls.alerts.map((alert): Fact => {
    const text = alert.description ?? "encrypted, its description cannot be seen";
    return ["alert", `${alert.from}: ${text} (${alert.grade}, ${frameText(alert.frame, capture)})`];
  });
  return [
    ["retry asked for", tls.helloRetryRequest ? "HelloRetryRequest: the client sent a second ClientHello" : undefined],
    ["answer", tls.strangeAnswer && `not TLS: ${tls.strangeAnswer}`],
    ["negotiated", [tls.negotiatedVersion, tls.cipherSuite, tls.alpn].filter(Boolean).join(", ")],
    ["decrypted", tls.decryptedBecause],
    ["resumed", tls.resumed ? "a session was resumed: the server sends no certificate" : undefined],
    ...alerts,
    ["client's verdict", verdictText(tls, capture)],
    ["inferred", tls.inferred && inferredText(tls.inferred, capture)],
    ["client certificate", tls.clientCertificateRequested === true ? "the server asked for one" : undefined],
  ];
}

function verdictText(tls: TlsReport, capture: CaptureReport): string {
  const unused = tls.verdict.unused === true ? ", closed without a request (a spare connection)" : "";
  return `${tls.verdict.value}${unused}: ${evidenceText(tls.verdict, capture)}`;
}

function inferredText(inferred: NonNullable<TlsReport["inferred"]>, capture: CaptureReport): string {
  const { certificateBytes, certificates, leafKey } = inferred;
  const size = typeof certificateBytes === "number" ? String(certificateBytes) : certificateBytes.join("–");
  const [least, most] = certificates;
  const key = leafKey === undefined ? "" : `, end-entity key ${leafKey}`;
  const count = least === most ? String(least) : `${least}–${most}`;
  return `Certificate message of ${size} bytes, room for ${count} certificates${key}: ${evidenceText(inferred, capture)}`;
}

function certificateFacts(certificate: CertificateSummary, name: string): Fact[] {
  const names = [...certificate.dnsNames, ...(certificate.ipAddresses ?? [])];
  const shown = names.slice(0, 20).join(", ") + (names.length > 20 ? ` and ${names.length - 20} more` : "");
  const ca = certificate.isCa ? ", CA" : "";
  return [
    [name, certificate.subject],
    ["  issuer", certificate.issuer],
    ["  names", shown],
    ["  valid", `${certificate.notBefore} to ${certificate.notAfter}`],
    ["  key", `${certificate.publicKey}, signed with ${certificate.signatureAlgorithm}${ca}`],
    ["  serial", certificate.serial],
    ["  SHA-256", certificate.sha256],
  ];
}

function pathFacts(path: PathVerdict): Fact[] {
  const certainty = path.certainty === undefined ? "" : `, ${path.certainty}`;
  const { missing, refused } = path;
  return [
    ["path", `${path.status}${certainty}: ${path.detail}`],
    ["remarks", path.remarks.join(", ")],
    ["missing", missing && `issuer of ${missing.for}: ${missing.issuer}`],
    ["  key id", missing?.keyId],
    ["  to be had at", missing?.caIssuers.join(" ")],
    ["  known from", missing?.known && `${missing.knownFrom ?? "elsewhere"}, SHA-256 ${missing.known}`],
    [
      "refused",
      refused && `${refused.subject}: ${refused.by}${refused.detail === undefined ? "" : `, ${refused.detail}`}`,
    ],
    ["anchor", path.anchor],
    ["Go prints", path.goError],
  ];
}
