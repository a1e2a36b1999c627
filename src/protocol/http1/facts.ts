/** One request with its answer. All text is from the wire and untrusted; no credential is ever kept. */
export interface HttpExchange {
  /** Empty, like the target, where only the answer was seen; `CONNECT` where it opened a tunnel. */
  method: string;
  /** As sent: origin-form, absolute-form, authority-form (CONNECT) or `*`. Userinfo is cut out. */
  requestTarget: string;
  form: "origin" | "absolute" | "authority" | "asterisk";
  /** Host field, or the authority of the target; with port only where one was written. */
  host?: string;
  /** `HTTP/1.1`. */
  version: string;
  requestFrame: number;
  requestSeconds: number;
  requestNanoseconds: number;
  /** 0 and absent fields below while no answer was seen. */
  responseFrame: number;
  responseSeconds: number;
  responseNanoseconds: number;
  status?: number;
  reason?: string;
  /** Content bytes, as framed: 0 where there is none. */
  requestBytes: number;
  responseBytes: number;
  userAgent?: string;
  accept?: string;
  /** Location field of the answer, userinfo cut out. */
  location?: string;
  contentType?: string;
  server?: string;
  via?: string;
  /** Scheme names of the credentials sent: `Basic`, `Bearer`, `Negotiate`; never the credentials. */
  proxyAuthorization?: string;
  authorization?: string;
  /** Scheme names of WWW-Authenticate or Proxy-Authenticate, in order. */
  challenges?: readonly string[];
}

/** HTTP/1 on a flow. */
export interface HttpFacts {
  readonly layer: "http1";
  exchanges: HttpExchange[];
  /** Exchanges beyond the cap. */
  uncounted: number;
  /** Index in `exchanges` of the CONNECT (or Upgrade) that was granted: what follows is another layer. */
  tunnel?: number;
  /** The first bytes were an answer, or the requests are missing: only one direction or a late start. */
  partial: boolean;
  /** Bytes could no longer be told apart (loss, damage); counted from there on. */
  opaque: boolean;
  /** A server's answer that is no HTTP although the request was: its first bytes as text, at most 32. Untrusted. */
  strangeAnswer?: string;
}
