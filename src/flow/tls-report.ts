import type { ChainJudge } from "../pki/judge.ts";
import type { CertificateSummary, PathVerdict } from "../pki/verdict.ts";
import { alertName } from "../protocol/tls/alerts.ts";
import type { ClientHelloFacts, InferredTunnel, TlsAlert, TlsFacts, TriedKeys } from "../protocol/tls/facts.ts";
import { cipherSuiteName, groupName, versionName } from "../protocol/tls/names.ts";
import type { AlertReport, Target, TlsReport } from "./model.ts";
import { isAddress } from "./authority.ts";

/** What a certificate is judged against besides its chain. */
export interface JudgedAs {
  /** Name the client asked for; undefined where none is known. */
  readonly name: string | undefined;
  /** Seconds since the epoch; undefined where the capture has no times. */
  readonly time: number | undefined;
  readonly judge: ChainJudge;
}

/** One TLS layer as reports show it, its certificates judged. */
export function describeTls(facts: TlsFacts, judgedAs: JudgedAs): TlsReport {
  const { judge } = judgedAs;
  const hello = describeHello(facts.hello);
  const report: Mutable<TlsReport> = {
    groups: hello.groups,
    keyShares: hello.keyShares,
    alpnOffered: hello.alpnOffered,
    supportedVersions: hello.supportedVersions,
    helloRetryRequest: facts.helloRetryRequest,
    resumed: facts.resumed,
    alerts: facts.alerts.map(describeAlert),
    verdict: facts.verdict,
    certificates: facts.certificates.map((sent) => withFrame(judge.summarize(sent), facts.certificateFrame)),
    clientCertificates: facts.clientCertificates.map((sent) => judge.summarize(sent)),
    path: judgePath(facts, judgedAs),
  };
  if (hello.serverName !== undefined) report.serverName = hello.serverName;
  if (hello.echOuter === true) report.echOuter = true;
  if (hello.ja4 !== undefined) report.ja4 = hello.ja4;
  if (hello.clientStack !== undefined) report.clientStack = hello.clientStack;
  if (hello.legacyVersion !== undefined) report.legacyVersion = hello.legacyVersion;
  addAgreed(report, facts);
  return report;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What the handshake came to, as far as it was seen. */
function addAgreed(report: Mutable<TlsReport>, facts: TlsFacts): void {
  if (facts.alpn !== undefined) report.alpn = facts.alpn;
  if (facts.negotiatedVersion !== undefined) report.negotiatedVersion = versionName(facts.negotiatedVersion);
  if (facts.cipherSuite !== undefined) report.cipherSuite = cipherSuiteName(facts.cipherSuite);
  if (facts.helloFrame > 0) {
    report.helloFrame = facts.helloFrame;
    report.helloSegments = facts.helloSegments;
  }
  if (facts.serverHelloFrame > 0) report.serverHelloFrame = facts.serverHelloFrame;
  if (facts.clientCertificateRequested) report.clientCertificateRequested = true;
  if (facts.inferred !== undefined) report.inferred = facts.inferred;
  if (facts.keys !== undefined) {
    const { opened, tried } = facts.keys;
    report.decrypted = openedBy(opened);
    if (tried !== undefined) report.decryptedBecause = trials[tried];
  }
  if (facts.strangeAnswer !== undefined) report.strangeAnswer = facts.strangeAnswer;
}

const trials: Readonly<Record<TriedKeys, string>> = {
  "cipher suite":
    "no ServerHello was captured; the cipher suite is the one of TLS 1.3 under whose keys records authenticate",
  "client random":
    "no ClientHello was captured; of the connections in the key log, this is the one under whose keys records authenticate",
  both: "neither hello was captured; the connection in the key log and the cipher suite of TLS 1.3 are those under whose keys records authenticate",
};

function openedBy([client, server]: readonly [boolean, boolean]): "client" | "server" | "both" {
  if (client && server) return "both";
  return client ? "client" : "server";
}

/** Written out, because there are thousands of these: spreading so many fields takes several times as long. */
function withFrame(summary: CertificateSummary, frame: number): TlsReport["certificates"][number] {
  const certificate: Mutable<TlsReport["certificates"][number]> = {
    sha256: summary.sha256,
    subject: summary.subject,
    issuer: summary.issuer,
    serial: summary.serial,
    notBefore: summary.notBefore,
    notAfter: summary.notAfter,
    dnsNames: summary.dnsNames,
    caIssuers: summary.caIssuers,
    publicKey: summary.publicKey,
    signatureAlgorithm: summary.signatureAlgorithm,
    isCa: summary.isCa,
    length: summary.length,
    frame,
  };
  if (summary.ipAddresses !== undefined) certificate.ipAddresses = summary.ipAddresses;
  if (summary.subjectKeyId !== undefined) certificate.subjectKeyId = summary.subjectKeyId;
  if (summary.authorityKeyId !== undefined) certificate.authorityKeyId = summary.authorityKeyId;
  return certificate;
}

type HelloReport = Pick<
  TlsReport,
  | "serverName"
  | "echOuter"
  | "ja4"
  | "clientStack"
  | "groups"
  | "keyShares"
  | "alpnOffered"
  | "legacyVersion"
  | "supportedVersions"
>;

const noHello: HelloReport = { groups: [], keyShares: [], alpnOffered: [], supportedVersions: [] };
/** Equal hellos share their facts, so they share this too: thousands of flows have a handful of hellos. */
const described = new WeakMap<ClientHelloFacts, HelloReport>();

function describeHello(hello: ClientHelloFacts | undefined): HelloReport {
  if (hello === undefined) return noHello;
  const known = described.get(hello);
  if (known !== undefined) return known;
  const report = describeNewHello(hello);
  described.set(hello, report);
  return report;
}

/** Its parts are frozen, because many flows share them. */
function describeNewHello(hello: ClientHelloFacts): HelloReport {
  const { stack } = hello;
  return {
    ...(hello.serverName !== undefined && { serverName: hello.serverName }),
    ...(hello.echOuter && { echOuter: true }),
    ...(hello.ja4 !== undefined && { ja4: hello.ja4 }),
    ...(stack !== undefined && {
      clientStack: Object.freeze({
        name: stack.name,
        text: stack.text,
        ...(stack.goVersions !== undefined && { goVersions: stack.goVersions }),
        grade: stack.grade,
        because: stack.because,
      }),
    }),
    groups: Object.freeze(hello.groups.map(groupName)),
    keyShares: Object.freeze(hello.keyShares.map(groupName)),
    alpnOffered: Object.freeze(hello.alpnOffered.slice()),
    legacyVersion: versionName(hello.legacyVersion),
    supportedVersions: Object.freeze(hello.supportedVersions.map(versionName)),
  };
}

function describeAlert({ from, level, description, frame, grade }: TlsAlert): AlertReport {
  return {
    from,
    ...(level > 0 && { level: level === 1 ? "warning" : "fatal" }),
    ...(description !== undefined && { description: `${alertName(description)} (${description})` }),
    frame,
    grade,
  };
}

function judgePath(facts: TlsFacts, { name, time, judge }: JudgedAs): PathVerdict {
  if (facts.certificates.length === 0) return notVisible(invisible(facts));
  return judge.judge(facts.certificates, name === undefined ? undefined : subjectName(name), time);
}

const unseen = new Map<string, PathVerdict>();

/** One verdict for each of the few reasons, frozen because flows share it. */
function notVisible(detail: string): PathVerdict {
  let verdict = unseen.get(detail);
  if (verdict === undefined) {
    verdict = Object.freeze({ status: "not-visible", remarks: [], path: [], detail });
    unseen.set(detail, verdict);
  }
  return verdict;
}

function invisible(facts: TlsFacts): string {
  if (facts.serverHelloFrame === 0) return "no server flight was captured";
  if (facts.resumed) return "the session was resumed: no certificate is sent then";
  if (facts.handshakeLost) return "part of the handshake is missing in the capture";
  if ((facts.negotiatedVersion ?? 0) >= 0x0304) {
    const without = facts.decryptionStopped === true || facts.keys !== undefined;
    return without
      ? "TLS 1.3 encrypts certificates, and the secrets at hand do not open them"
      : "TLS 1.3 encrypts certificates";
  }
  return "the server sent no certificate in clear";
}

function subjectName(name: string): { readonly kind: "dns" | "ip"; readonly value: string } {
  return { kind: isAddress(name) ? "ip" : "dns", value: name };
}

/** Name a certificate must bear: what the client asked for by SNI, else where it asked the proxy to go. */
export function nameToCheck(facts: TlsFacts, target: Target, isOutermostOfProxy: boolean): string | undefined {
  const { hello } = facts;
  if (hello?.serverName !== undefined && !hello.echOuter) return hello.serverName;
  if (isOutermostOfProxy) return undefined;
  /* Of a connection joined after its hello only the proxy's dialogue tells what was asked for. */
  if (hello === undefined && target.source !== "connect" && target.source !== "socks") return undefined;
  return target.host;
}

/** The TLS layer inside a tunnel through a TLS proxy, as far as record lengths tell of it. */
export function describeHiddenTls({ verdict, certificate, helloBytes }: InferredTunnel): TlsReport {
  return {
    groups: [],
    keyShares: [],
    alpnOffered: [],
    supportedVersions: [],
    helloRetryRequest: false,
    resumed: false,
    alerts: [],
    verdict: verdict ?? {
      value: "undecided",
      grade: "unknown",
      because: `after a hello of ${helloBytes} bytes the lengths say nothing more`,
    },
    certificates: [],
    clientCertificates: [],
    path: notVisible("the handshake is inside TLS to the proxy"),
    ...(certificate !== undefined && { inferred: certificate }),
  };
}
