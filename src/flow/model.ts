import type { CaptureCompression, CaptureFormat } from "../capture/facts.ts";
import type { Evidence, Grade } from "../grade.ts";
import type { CertificateSummary, PathVerdict } from "../pki/verdict.ts";
import type { Problem } from "../problem.ts";
import type { ContentError } from "../protocol/exchange.ts";
import type { Stage } from "../protocol/layer.ts";
import type { ChecksumReport } from "./checksums.ts";
import type { Explanation } from "./explanation.ts";
import type { FrameComment } from "./frame-comments.ts";
import type { ProcessReport } from "./processes.ts";
import type { GoExchange, Story } from "./story.ts";
import type { Label, LayerName, Role, RouteKind, Severity, Timestamp } from "./vocabulary.ts";
import type { ConnectionClosed, ConnectionOpened, FoldedConnections, IcmpError } from "../stream/facts.ts";

/*
 * The public shape of an analysis: what `--json` prints, what the schema describes and what renderers read.
 * A field that is absent is not known. All text that came from the wire is untrusted; renderers sanitise it.
 */

export type { Label, Role, RouteKind, Severity, Timestamp };

/** A socket as packets name it. Spec: RFC 9293 §3.1; IPv6 addresses in the text of RFC 5952. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A name and a place: where a flow really went. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly source: "connect" | "socks" | "http" | "sni" | "dns" | "address" | "env";
}

/** One request for a tunnel, or one dialogue with a SOCKS proxy, and its answer. */
export interface ProxyAttempt {
  readonly frame: number;
  /** Absent while unanswered. HTTP status, SOCKS reply code. */
  readonly status?: number;
  readonly reason?: string;
  /** Bytes of an answer inside TLS that nobody could read, perhaps with a session ticket, and that opened no tunnel. */
  readonly answerBytes?: number;
  /** Authentication schemes the proxy asked for. */
  readonly schemes: readonly string[];
  /** Scheme of the credentials that were sent with it. */
  readonly credentials?: string;
}

/** The way of a flow to its target: direct or through a proxy, with all that was asked of the proxy. */
export interface Route {
  readonly kind: RouteKind;
  /** The hop to the proxy is TLS. */
  readonly overTls: boolean;
  readonly proxy?: { readonly address: string; readonly port: number; readonly name?: string };
  /** `host:port` as asked of the proxy. */
  readonly target?: string;
  /** Final status of the proxy: HTTP status, SOCKS reply code. */
  readonly status?: number;
  readonly attempts: readonly ProxyAttempt[];
  readonly userAgent?: string;
  readonly evidence: Evidence;
}

/** The first target is the flow's; there are more only on a forward proxy's connection. */
export interface RouteAndTargets {
  readonly route: Route;
  readonly targets: readonly Target[];
}

/** The first frame that shows a stage of a flow. */
export interface StageReached {
  readonly stage: Stage;
  readonly frame: number;
  readonly time?: Timestamp;
}

/** An alert of TLS. Spec: RFC 8446 §6. */
export interface AlertReport {
  readonly from: "client" | "server";
  readonly level?: "warning" | "fatal";
  /** `bad_certificate (42)`; absent when encrypted. */
  readonly description?: string;
  readonly frame: number;
  readonly grade: Grade;
}

/** A TLS connection inside a flow: both hellos, the certificates, and how the client took them. Spec: RFC 8446. */
export interface TlsReport {
  readonly serverName?: string;
  readonly echOuter?: boolean;
  readonly ja4?: string;
  readonly clientStack?: { readonly name: string; readonly text: string; readonly goVersions?: string } & Evidence;
  /** Registry names, `0x` code where unknown. */
  readonly groups: readonly string[];
  readonly keyShares: readonly string[];
  readonly alpnOffered: readonly string[];
  readonly alpn?: string;
  readonly legacyVersion?: string;
  readonly supportedVersions: readonly string[];
  readonly negotiatedVersion?: string;
  readonly cipherSuite?: string;
  readonly helloRetryRequest: boolean;
  readonly resumed: boolean;
  readonly helloFrame?: number;
  readonly helloSegments?: number;
  readonly serverHelloFrame?: number;
  readonly alerts: readonly AlertReport[];
  readonly verdict: { readonly value: "accepted" | "rejected" | "undecided"; readonly unused?: boolean } & Evidence;
  readonly certificates: readonly (CertificateSummary & { readonly frame: number })[];
  readonly clientCertificates: readonly CertificateSummary[];
  readonly clientCertificateRequested?: boolean;
  readonly path: PathVerdict;
  readonly inferred?: {
    readonly certificateBytes: number | readonly [number, number];
    readonly certificates: readonly [number, number];
    readonly leafKey?: string;
  } & Evidence;
  /** Whose records were decrypted; absent where nobody's. */
  readonly decrypted?: "client" | "server" | "both";
  /** What was found by trial, because the hello that would have told it was not captured. */
  readonly decryptedBecause?: string;
  /** The server's answer to the ClientHello was not TLS: its first bytes. Untrusted. */
  readonly strangeAnswer?: string;
}

/** A request and its final answer. Spec: RFC 9110. Credentials are masked, content is only counted. */
export interface HttpReport {
  /** `seen` in clear, or `decrypted`. */
  readonly grade: Grade;
  /** Absent, like the target, where the request was not seen. */
  readonly method?: string;
  readonly requestTarget?: string;
  readonly scheme?: "http" | "https";
  readonly host?: string;
  readonly path?: string;
  readonly status?: number;
  readonly reason?: string;
  readonly version: string;
  /** Stream of HTTP/2. */
  readonly stream?: number;
  readonly requestFrame: number;
  readonly responseFrame?: number;
  /** Frame of the last byte of the answer; absent where it did not come to its end. */
  readonly endFrame?: number;
  readonly requestTime?: Timestamp;
  readonly responseTime?: Timestamp;
  readonly endTime?: Timestamp;
  /**
   * Content as framed, content codings not undone: all that was sent of it, also what came when the client had given the
   * answer up (`reset`) and what the capture lacks of a known length.
   */
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly userAgent?: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly redirectTo?: string;
  /** The flow that fetched what was redirected to, and the place in its list of exchanges. */
  readonly redirectFlow?: number;
  readonly redirectExchange?: number;
  /** What an error came with, as Go prints it behind `server response:`. */
  readonly errorText?: string;
  /** Why it was refused, in the server's words, by an answer in JSON or XML, of which Go prints nothing. */
  readonly errorReason?: string;
  /** Why the answer is of no use to Go: it cannot be read as what was asked for, or is that of something else. */
  readonly contentError?: ContentError;
  /** Where a page says that code lives: import path, version control or `mod`, and URL, by its go-import tags. */
  readonly goImports?: readonly { readonly prefix: string; readonly vcs: string; readonly root: string }[];
  readonly authorization?: string;
  readonly challenges?: readonly string[];
  /** Fields that refer to what came before the capture. HTTP/2. */
  readonly unknownFields?: number;
  /** The stream was ended before its time. HTTP/2. */
  readonly reset?: { readonly from: "client" | "server"; readonly error: string; readonly frame: number };
  readonly go?: GoExchange;
}

/** A TCP connection with all that it carried, and what that means to Go. */
export interface Flow {
  /** Ordinal by first frame, from 0. TCP only. */
  readonly id: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly start?: Timestamp;
  readonly end?: Timestamp;
  readonly frames: { readonly first: number; readonly last: number; readonly count: number };
  readonly bytes: { readonly clientToServer: number; readonly serverToClient: number };
  readonly opened: ConnectionOpened;
  readonly closed: ConnectionClosed;
  readonly closedBy?: "client" | "server";
  readonly lost: { readonly clientToServer: number; readonly serverToClient: number };
  /** Payload sent again at the end without an acknowledgment, per direction: where a path swallows segments. */
  readonly unacknowledged?: { readonly clientToServer: number; readonly serverToClient: number };
  readonly retransmittedSegments: number;
  readonly outOfOrderSegments: number;
  readonly duplicateFrames: number;
  readonly snappedSegments?: number;
  readonly oneSided?: boolean;
  /** SYN segments sent. */
  readonly syns: number;
  /** Same connection captured at another interface: its id. Counted once in summaries. */
  readonly sameAs?: number;
  /** This is the leg between a proxy (or NAT) and the server; the client's leg is the flow named. */
  readonly upstreamOf?: number;
  readonly icmp?: readonly IcmpError[];
  /** The client's process, where the recorder wrote it down. */
  readonly process?: ProcessReport;
  /** Outermost first: `http-connect`, `socks5`, `socks4`, `tls`, `http/1.1`, `h2`, `ssh` … */
  readonly layers: readonly LayerName[];
  readonly route: Route;
  readonly target: Target;
  /** Further targets of a connection that serves several (absolute-form requests). */
  readonly targets?: readonly Target[];
  readonly role: Role;
  readonly roleEvidence: Evidence;
  readonly label: Label;
  readonly labelEvidence: Evidence;
  readonly carriesSumdb: boolean;
  /** Nothing to do with Go as far as can be told: hidden from the default table. */
  readonly noise: boolean;
  readonly stage: Stage;
  readonly stages: readonly StageReached[];
  /** Outermost first. */
  readonly tls: readonly TlsReport[];
  readonly socks?: {
    readonly version: string;
    readonly methodsOffered: readonly string[];
    readonly methodSelected?: string;
    readonly authenticated?: boolean;
    readonly addressType?: "name" | "ipv4" | "ipv6";
    readonly reply?: string;
    readonly strangeAnswer?: string;
  };
  readonly http: readonly HttpReport[];
  /** Announcements of HTTP/2 that no more streams are taken. */
  readonly goAways?: readonly {
    readonly from: "client" | "server";
    /** The last stream that was acted on. */
    readonly lastStream: number;
    readonly error: string;
    readonly frame: number;
  }[];
  /** HTTP answer that is none: its first bytes. Untrusted. */
  readonly strangeAnswer?: string;
  readonly problems: readonly Problem[];
  readonly moreProblems?: number;
}

/** What a flow means to Go: its target's role, the one word for it, and the ground of both. */
export type Judgement = Pick<Flow, "role" | "roleEvidence" | "label" | "labelEvidence" | "carriesSumdb" | "noise">;

/** A flow as it was seen, before it is judged. */
export type ObservedFlow = Omit<Flow, keyof Judgement>;

/** A question and its answer; `disagreeing` are the records of a second answer that says something else. Spec: RFC 1035. */
export interface DnsReport {
  readonly name: string;
  readonly type: string;
  readonly client: string;
  readonly server: string;
  readonly questionFrame?: number;
  /** Frame of the answer, or of the question where none came. */
  readonly frame: number;
  readonly time?: Timestamp;
  readonly questions: number;
  readonly answers: readonly { readonly name: string; readonly type: string; readonly value: string }[];
  readonly disagreeing?: readonly { readonly name: string; readonly type: string; readonly value: string }[];
  readonly responseCode?: string;
}

/** What is wrong or worth knowing, with its evidence: flows by id, frames by number, and what to do. */
export interface Finding {
  /** Stable id of the rule, kebab-case: `missing-intermediate`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly grade: Grade;
  readonly flows: readonly number[];
  readonly frames: readonly number[];
  /** One line, no full stop. */
  readonly title: string;
  /** Sentences. */
  readonly detail: string;
  /** What to do. */
  readonly remedy: string;
  /** Wireshark display filter that shows the evidence. */
  readonly filter: string;
  /** Errors of the go command that this explains, by its output. */
  readonly printed?: readonly string[];
}

/** The files of a capture, what could not be read of them, and what no flow tells. */
export interface CaptureReport {
  readonly files: readonly {
    readonly name: string;
    readonly format: CaptureFormat;
    readonly compression: CaptureCompression;
    readonly linkTypes: readonly string[];
    readonly frames: number;
    readonly bytes: number;
    readonly firstFrame: number;
    readonly snapLength?: number;
    readonly snappedFrames?: number;
    readonly application?: string;
    readonly comments?: readonly string[];
    readonly damaged: boolean;
  }[];
  readonly frames: number;
  readonly bytes: number;
  readonly start?: Timestamp;
  readonly end?: Timestamp;
  readonly problems: readonly Problem[];
  readonly moreProblems?: number;
  /** What people wrote beside frames. Untrusted. */
  readonly comments?: readonly FrameComment[];
  readonly moreComments?: number;
  readonly notUnderstood: Readonly<Record<string, number>>;
  readonly interfaceDrops: number;
  readonly folded: readonly FoldedConnections[];
  /** UDP datagrams by what they are: `dns`, `quic`, `other`. */
  readonly datagrams: Readonly<Record<string, number>>;
  readonly secrets?: { readonly blocks: number; readonly bytes: number };
  /** Absent where there were no secrets to decrypt with. */
  readonly keyLog?: KeyLogReport;
}

/** TLS secrets that were given or found, and what they opened. Numbers of secrets count connections. */
export interface KeyLogReport {
  readonly sources: readonly {
    readonly name: string;
    /** A file given beside the capture, or the capture itself. */
    readonly origin: "file" | "capture";
    readonly secrets: number;
    /** Flows, by id, of which something was decrypted with them. */
    readonly usedBy: readonly number[];
    /** Of connections that are not in the capture, or not from their beginning. */
    readonly unused: number;
  }[];
  readonly secrets: number;
  readonly usedBy: readonly number[];
  readonly unused: number;
}

/** Which trust anchors judged. */
export interface TrustReport {
  /** `mozilla (Node 20.20.2)`, or the path given. */
  readonly source: string;
  readonly count: number;
  /** SHA-256 over the sorted digests of the anchors. */
  readonly sha256: string;
}

/**
 * A whole analysis. Flows are described one at a time, in order of id, so that a capture with a million of them is
 * never held as text or as objects.
 */
export interface Analysis {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly trust: TrustReport;
  readonly capture: CaptureReport;
  readonly summary: Summary;
  readonly flowCount: number;
  /** All flows, in order of id. */
  flows(): Iterable<Flow>;
  /** Undefined where the id was folded or never given. */
  flow(id: number): Flow | undefined;
  /** The DER of a certificate that a flow names by its digest. Undefined where it was not kept. */
  certificate(sha256: string): Uint8Array | undefined;
  /** The DER of the trust anchors that bear a subject by which a path names them. */
  anchors(subject: string): readonly Uint8Array[];
  readonly dns: readonly DnsReport[];
  /** Where downloads with a checksum, lookups or tiles could be read. */
  readonly checksums?: ChecksumReport;
  readonly findings: readonly Finding[];
  readonly story: Story;
  /** Where the settings of the run were given. */
  readonly explanation?: Explanation;
}

/** The first line of a report, as facts. */
export interface Summary {
  /** Flows by label, `sameAs` and `upstreamOf` flows and noise left out. */
  readonly labels: Readonly<Record<Label, number>>;
  /** Those of `labels.direct` for which nothing but the client's program speaks (`direct?`), where there are such. */
  readonly doubtful?: number;
  readonly noise: number;
  /** Some flow is Go's as far as can be told (route, role or client stack). */
  readonly goTraffic: boolean;
  /** What is there instead when it is not: `12 TLS flows of a browser, 3 DNS`. */
  readonly instead?: string;
  /** Flows that had begun before the capture, and those under way at its end, where there are such; without noise. */
  readonly joined?: number;
  readonly underWay?: number;
  /** What the capture cannot show, and why: snap length, one direction, drops. */
  readonly blind: readonly string[];
}
