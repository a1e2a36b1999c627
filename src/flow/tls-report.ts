import type { ChainJudge } from "../pki/judge.ts";
import type { PathVerdict } from "../pki/verdict.ts";
import { alertName } from "../protocol/tls/alerts.ts";
import type { ClientHelloFacts, InferredTunnel, TlsAlert, TlsFacts } from "../protocol/tls/facts.ts";
import { cipherSuiteName, groupName, versionName } from "../protocol/tls/names.ts";
import type { AlertReport, Target, TlsReport } from "./model.ts";
import { isAddress } from "./route.ts";

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
  const { verdict } = facts;
  return {
    ...describeHello(facts.hello),
    ...(facts.alpn !== undefined && { alpn: facts.alpn }),
    ...(facts.negotiatedVersion !== undefined && { negotiatedVersion: versionName(facts.negotiatedVersion) }),
    ...(facts.cipherSuite !== undefined && { cipherSuite: cipherSuiteName(facts.cipherSuite) }),
    helloRetryRequest: facts.helloRetryRequest,
    resumed: facts.resumed,
    ...(facts.helloFrame > 0 && { helloFrame: facts.helloFrame, helloSegments: facts.helloSegments }),
    ...(facts.serverHelloFrame > 0 && { serverHelloFrame: facts.serverHelloFrame }),
    alerts: facts.alerts.map(describeAlert),
    verdict: {
      value: verdict.value,
      ...(verdict.unused === true && { unused: true }),
      grade: verdict.grade,
      because: verdict.because,
      ...(verdict.frame !== undefined && { frame: verdict.frame }),
    },
    certificates: facts.certificates.map((sent) => ({ ...judge.summarize(sent), frame: facts.certificateFrame })),
    clientCertificates: facts.clientCertificates.map((sent) => judge.summarize(sent)),
    ...(facts.clientCertificateRequested && { clientCertificateRequested: true }),
    path: judgePath(facts, judgedAs),
    ...(facts.inferred !== undefined && { inferred: facts.inferred }),
    ...(facts.strangeAnswer !== undefined && { strangeAnswer: facts.strangeAnswer }),
  };
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

function describeNewHello(hello: ClientHelloFacts): HelloReport {
  const { stack } = hello;
  return {
    ...(hello.serverName !== undefined && { serverName: hello.serverName }),
    ...(hello.echOuter && { echOuter: true }),
    ...(hello.ja4 !== undefined && { ja4: hello.ja4 }),
    ...(stack !== undefined && {
      clientStack: {
        name: stack.name,
        text: stack.text,
        ...(stack.goVersions !== undefined && { goVersions: stack.goVersions }),
        grade: stack.grade,
        because: stack.because,
      },
    }),
    groups: hello.groups.map(groupName),
    keyShares: hello.keyShares.map(groupName),
    alpnOffered: hello.alpnOffered,
    legacyVersion: versionName(hello.legacyVersion),
    supportedVersions: hello.supportedVersions.map(versionName),
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
  if (facts.certificates.length === 0)
    return { status: "not-visible", remarks: [], path: [], detail: invisible(facts) };
  return judge.judge(facts.certificates, name === undefined ? undefined : subjectName(name), time);
}

function invisible(facts: TlsFacts): string {
  if (facts.serverHelloFrame === 0) return "no server flight was captured";
  if (facts.resumed) return "the session was resumed: no certificate is sent then";
  if (facts.handshakeLost) return "part of the handshake is missing in the capture";
  if ((facts.negotiatedVersion ?? 0) >= 0x0304) return "TLS 1.3 encrypts certificates";
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
    path: { status: "not-visible", remarks: [], path: [], detail: "the handshake is inside TLS to the proxy" },
    ...(certificate !== undefined && { inferred: certificate }),
  };
}
