import type { Grade } from "../../grade.ts";
import type { StrangelyAnswered } from "../strange-answer.ts";

/** TLS libraries that are told apart by their ClientHello. */
export const clientStacks = ["go", "gnutls", "openssl", "browser", "other"] as const;

/** Which program's TLS library wrote a ClientHello: a hint with its grade, never a proof. */
export interface ClientStack {
  readonly name: (typeof clientStacks)[number];
  /** As people say it: `Go 1.24`, `Go 1.21–1.22`, `git or curl with GnuTLS`, `OpenSSL`. */
  readonly text: string;
  /** Go versions that write this hello: `1.21–1.22`. */
  readonly goVersions?: string;
  readonly grade: Grade;
  readonly because: string;
}

/** A ClientHello without its random parts. Equal hellos share one object. Text is untrusted. */
export interface ClientHelloFacts {
  readonly serverName?: string;
  /**
   * Encrypted ClientHello was sent: the name is the outer one and the real one is hidden, or the extension is GREASE and
   * the name is real (browsers always send it). Without keys nobody can tell which.
   */
  readonly echOuter: boolean;
  readonly legacyVersion: number;
  readonly supportedVersions: readonly number[];
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  readonly keyShares: readonly number[];
  readonly alpnOffered: readonly string[];
  readonly signatureAlgorithms: readonly number[];
  readonly extensions: readonly number[];
  readonly grease: boolean;
  readonly earlyData: boolean;
  /** This and `stack` are absent where the end is missing or something is malformed: what is not listed may have been there. */
  readonly ja4?: string;
  readonly stack?: ClientStack;
  /** Bytes of the handshake message. */
  readonly length: number;
}

export interface TlsAlert {
  readonly from: "client" | "server";
  /** 1 warning, 2 fatal; 0 when encrypted. */
  readonly level: number;
  /** AlertDescription; absent when encrypted. */
  readonly description?: number;
  readonly frame: number;
  readonly grade: Grade;
}

/** How the client took the server's certificate. */
export interface HandshakeVerdict {
  readonly value: "accepted" | "rejected" | "undecided";
  readonly grade: Grade;
  readonly because: string;
  /** Client finished and closed without a request: Go's spare connection, as far as the bytes tell. */
  readonly unused?: boolean;
  readonly frame?: number;
}

/** What record lengths say of a certificate that cannot be seen. */
export interface InferredCertificate {
  /** Bytes of the Certificate handshake message, header included: a number, or a range. */
  readonly certificateBytes: number | readonly [number, number];
  /** How many certificates fit. */
  readonly certificates: readonly [number, number];
  /** From the size of CertificateVerify. */
  readonly leafKey?: string;
  readonly grade: Grade;
  /** The arithmetic. */
  readonly because: string;
}

/** What the record lengths say of a CONNECT inside TLS to a proxy. */
export interface InferredTunnel {
  /** Length of `host:port` in the request. */
  readonly targetLength: number;
  readonly because: string;
  /** What is told of the handshake inside. */
  readonly verdict?: HandshakeVerdict;
  readonly certificate?: InferredCertificate;
  /** Size of the inner ClientHello record. */
  readonly helloBytes: number;
}

/**
 * All that a client said behind its handshake is one request as long as a CONNECT can be. Where the server is a forward
 * proxy, it opened no tunnel; lengths alone do not tell whether it is one.
 */
export interface LoneRequest {
  readonly bytes: number;
  readonly frame: number;
  /** Sizes of what the server sent behind it, closing alerts left out; a session ticket may be the first of them. */
  readonly answers: readonly number[];
  /** Frame of the last answer. */
  readonly answerFrame?: number;
  /** Whether the client closed in good order, as it does on purpose and not when its process ends. */
  readonly closed: boolean;
}

/** A certificate as it was sent. Equal ones share one object. */
export interface SentCertificate {
  /** SHA-256 of `der`, lower-case hex. */
  readonly sha256: string;
  readonly der: Uint8Array;
}

/** What opened the records of a connection. */
interface UsedKeys {
  /** Ordinals of the key logs that have secrets of it. */
  readonly sources: readonly number[];
  /** Whether records of the client, of the server were decrypted. */
  readonly opened: [client: boolean, server: boolean];
  /** What a missing hello would have told and trials told instead. */
  readonly tried?: TriedKeys;
}

/** The cipher suite where the ServerHello is missing, the connection where the ClientHello is, both where neither was seen. */
export type TriedKeys = "cipher suite" | "client random" | "both";

/** One TLS connection (one layer of a flow). Frames are 0 where a message was not seen. */
export interface TlsFacts extends StrangelyAnswered {
  readonly layer: "tls";
  hello?: ClientHelloFacts;
  /** The second ClientHello, after HelloRetryRequest. */
  secondHello?: ClientHelloFacts;
  helloFrame: number;
  /** TCP deliveries the first ClientHello took. */
  helloSegments: number;
  /** First eight bytes of the ClientHello random as two int32: equal on the two legs of a connection. */
  randomHigh: number;
  randomLow: number;
  serverHelloFrame: number;
  negotiatedVersion?: number;
  cipherSuite?: number;
  /** ALPN answered in clear (TLS ≤ 1.2), or decrypted. */
  alpn?: string;
  helloRetryRequest: boolean;
  /** The server resumed a session (PSK, ticket or session id): no certificate is expected. */
  resumed: boolean;
  alerts: readonly TlsAlert[];
  /** Certificates of the server in the order sent; empty and `certificatesSeen` false where none could be seen. */
  certificates: readonly SentCertificate[];
  certificatesSeen: boolean;
  certificateFrame: number;
  clientCertificates: readonly SentCertificate[];
  clientCertificateRequested: boolean;
  verdict: HandshakeVerdict;
  inferred?: InferredCertificate;
  inferredTunnel?: InferredTunnel;
  loneRequest?: LoneRequest;
  /** Both sides went on with application data. */
  applicationData: readonly [boolean, boolean];
  /** Bytes went missing inside the handshake: what was not seen may have been there. */
  handshakeLost: boolean;
  /** Absent where no record was decrypted. */
  keys?: UsedKeys;
  /** Secrets of this connection were known, and some of its records could not be decrypted with them. */
  decryptionStopped?: boolean;
  /** The server took the client's early data (EncryptedExtensions). */
  earlyDataAccepted?: boolean;
}
