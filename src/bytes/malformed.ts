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

  constructor(code: MalformedCode, offset: number, what: string) {
    super(`${what}: ${code} at offset ${offset}`);
    this.code = code;
    this.offset = offset;
    this.what = what;
  }
}
