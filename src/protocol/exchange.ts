/** One request with its answer, of any HTTP version. All text is from the wire and untrusted; no credential is ever kept. */
export interface HttpExchange {
  /**
   * Empty, like the target, where only the answer was seen, or where the compression of HTTP/2 refers to what came before
   * the capture; `CONNECT` where it opened a tunnel.
   */
  method: string;
  /** As sent: origin-form, absolute-form, authority-form (CONNECT) or `*`; `:path` of HTTP/2. Userinfo is cut out. */
  requestTarget: string;
  form: "origin" | "absolute" | "authority" | "asterisk";
  /** Host field, `:authority`, or the authority of the target; with port only where one was written. */
  host?: string;
  /** `HTTP/1.1`, `HTTP/2`. */
  version: string;
  /** `:scheme` of HTTP/2. */
  scheme?: string;
  /** Stream of HTTP/2. */
  stream?: number;
  requestFrame: number;
  requestSeconds: number;
  requestNanoseconds: number;
  /** 0 and absent fields below while no answer was seen. */
  responseFrame: number;
  responseSeconds: number;
  responseNanoseconds: number;
  status?: number;
  reason?: string;
  /** The first interim answer to a CONNECT of HTTP/1. */
  interim?: { readonly status: number; readonly reason: string; readonly frame: number };
  /** Content bytes sent, as framed: 0 where there is none. Those behind a client's `reset` count; nobody took them. */
  requestBytes: number;
  responseBytes: number;
  userAgent?: string;
  accept?: string;
  /** Location field of the answer, userinfo cut out. */
  location?: string;
  contentType?: string;
  /** Content-Encoding of the answer, lower case. */
  contentEncoding?: string;
  server?: string;
  via?: string;
  /** Scheme names of the credentials sent: `Basic`, `Bearer`, `Negotiate`; never the credentials. */
  proxyAuthorization?: string;
  authorization?: string;
  /** A cookie was sent with the request. */
  cookie?: true;
  /** Scheme names of WWW-Authenticate or Proxy-Authenticate, in order. */
  challenges?: readonly string[];
  /** Fields of both heads that refer to what came before the capture, so that nobody knows them. HTTP/2. */
  unknownFields?: number;
  /** RST_STREAM of HTTP/2: who ended it before its time, and the error code. */
  reset?: StreamReset;
  /** Frame of the last byte of the answer's content, or of the close that ends it; absent while it is not complete. */
  endFrame?: number;
  endSeconds?: number;
  endNanoseconds?: number;
  /** What was made of the answer's content, where somebody asked to see it. */
  content?: ContentFacts;
}

/** Spec: RFC 9113 §6.4, §7. */
export interface StreamReset {
  readonly from: "client" | "server";
  readonly code: number;
  readonly frame: number;
}

/** What both versions of HTTP on a flow have in common. */
export interface ExchangeFacts {
  readonly layer: "http1" | "http2";
  /** In the order of the requests. */
  exchanges: HttpExchange[];
}

/** What is kept of the content of an answer. Plain data; made by whoever watched it. */
export interface ContentFacts {
  /** All of it was seen, and undone where it was encoded. */
  readonly complete: boolean;
  /** Bytes after the content coding is undone. */
  readonly bytes: number;
  /** All bytes of a small one. Untrusted. */
  readonly kept?: Uint8Array;
  /** Go's module hash of a module zip or go.mod file: `h1:` and base64. */
  readonly h1?: string;
  /** Why it is not what was asked for. */
  readonly error?: ContentError;
  /** Why nothing more is said of it: incomplete, too large, damaged; lower case, no full stop. */
  readonly because?: string;
}

/** Why the content of an answer is of no use to Go. */
export interface ContentError {
  /** It cannot be read as what was asked for, or is that of something else. */
  readonly kind: "unreadable" | "other";
  /** In Go's words, for other content without those that name what was asked for. May quote the wire: untrusted. */
  readonly text: string;
}
