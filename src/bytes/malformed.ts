/** Why a parser refused the bytes before it. Closed, so that tests can name them. */
export type MalformedCode =
  | "truncated"
  | "trailing"
  | "empty-list"
  | "empty-item"
  | "bad-value"
  | "bad-length"
  | "bad-encoding"
  | "duplicate"
  | "too-deep"
  | "too-large";

/**
 * A parser met bytes that it cannot accept. Thrown by bytes/, protocol/ and pki/; caught once at the boundary of the
 * decoder or of the path check, where it becomes a Problem.
 */
export class MalformedError extends Error {
  override readonly name = "MalformedError";
  readonly code: MalformedCode;
  /** Offset into the message being parsed. */
  readonly offset: number;
  /** The element that was being read, by its name in the specification. */
  readonly what: string;

  /** Cost: no stack trace is gathered, which would be most of it: hostile traffic may raise one a packet. */
  constructor(code: MalformedCode, offset: number, what: string) {
    const depth = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(`${what}: ${code} at offset ${offset}`);
    Error.stackTraceLimit = depth;
    this.code = code;
    this.offset = offset;
    this.what = what;
  }
}
