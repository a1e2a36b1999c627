import type { Moment, StreamConsumer } from "../stream/consumer.ts";
import type { ConnectionFacts } from "../stream/facts.ts";
import type { ProblemCode, ProblemLayer } from "../problem.ts";
import type { ContentWatch, CountedBytes } from "./content.ts";
import type { DnsLog } from "./dns/log.ts";
import type { HttpExchange } from "./exchange.ts";
import type { HttpFacts } from "./http1/facts.ts";
import type { Http2Facts } from "./http2/facts.ts";
import type { SocksFacts } from "./socks/facts.ts";
import type { CertificateStore } from "./tls/certificate-store.ts";
import type { ClientHelloStore } from "./tls/client-hello-store.ts";
import type { TlsFacts } from "./tls/facts.ts";
import type { TlsSecrets } from "./tls/secrets.ts";

/** How far a flow came, in order. */
export const stageOrder = ["tcp", "proxy", "hello", "server-flight", "certificate", "established", "http"] as const;
/** One of `stageOrder`. */
export type Stage = (typeof stageOrder)[number];

/** Bytes that are recognised, named and left alone. */
export const namedProtocols = [
  "ssh",
  "smtp",
  "imap",
  "pop3",
  "ftp",
  "starttls",
  "dns",
  "git",
  "bgp",
  "rdp",
  "postgresql",
  "websocket",
  "quic",
  "unknown",
] as const;
/** One of `namedProtocols`. */
export type NamedProtocol = (typeof namedProtocols)[number];

export interface NamedFacts {
  readonly layer: "named";
  readonly protocol: NamedProtocol;
  readonly frame: number;
}

/** What one protocol layer of a flow saw. Plain data; kept after the decoder is gone, so it is small. */
export type LayerFacts = TlsFacts | HttpFacts | Http2Facts | SocksFacts | NamedFacts;

/** Whether a layer is HTTP, of any version. */
export function isHttpLayer(layer: LayerFacts): layer is HttpFacts | Http2Facts {
  return layer.layer === "http1" || layer.layer === "http2";
}

/** Between whom the flow runs. */
export type Endpoints = Pick<ConnectionFacts, "clientAddress" | "clientPort" | "serverAddress" | "serverPort">;

/** What a decoder may know of and tell to the flow it works for. One object a flow, shared by its layers. */
export interface DecoderContext {
  readonly moment: Moment;
  readonly certificates: CertificateStore;
  readonly hellos: ClientHelloStore;
  /** Whoever wants to see the content of answers. */
  readonly content?: ContentWatch | undefined;
  /** Whoever wants to know which bytes nobody needs. */
  readonly counted?: CountedBytes | undefined;
  /** Secrets that TLS may be decrypted with. */
  readonly secrets?: TlsSecrets | undefined;
  /** DNS transactions of the whole capture. */
  readonly dns: DnsLog;
  readonly endpoints: Endpoints;
  /** Notes damaged or hostile bytes. Kept up to a cap, then counted. */
  problem(layer: ProblemLayer, code: ProblemCode, detail: string, offset?: number): void;
  /** Notes that the flow came so far; the first call for a stage notes frame and time, later ones do nothing. */
  stage(stage: Stage): void;
  /**
   * A consumer for the bytes inside this layer (a tunnel, decrypted data): detects what they are by themselves, or takes
   * them for the protocol that the layer named (Upgrade, ALPN). `asked` is the request whose Upgrade was granted.
   */
  openInner(named?: NamedProtocol | "http2", asked?: HttpExchange): StreamConsumer;
  /** The same for bytes of which nobody knows how many came before. */
  openLate(): StreamConsumer;
}

/** A protocol decoder: takes the bytes of one layer and gathers facts. */
export interface Decoder extends StreamConsumer {
  readonly facts: LayerFacts;
}
