/** The stage that met the trouble. */
export const problemLayers = [
  "capture",
  "packet",
  "stream",
  "tls",
  "http1",
  "http2",
  "socks",
  "dns",
  "pki",
  "flow",
] as const;
/** One of `problemLayers`. */
export type ProblemLayer = (typeof problemLayers)[number];

/**
 * What the trouble is. Closed, so that rules and tests can name it.
 *
 * Capture: the file ends inside a record; a record or block contradicts itself; nothing of it can be read; frames stand
 * behind others of a later time; a cap was met; secrets came after packets that cannot be read again, or are none. Stream:
 * the same bytes came with another content; bytes were dropped at a cap. Protocols: a message is malformed, larger than its cap, or bytes before it are lost; records do not open
 * with the secrets given for them.
 */
export const problemCodes = [
  "capture-cut",
  "capture-damaged",
  "capture-unsupported",
  "capture-empty",
  "compression-damaged",
  "checksum-not-verified",
  "block-too-large",
  "interface-unknown",
  "no-timestamp",
  "out-of-time-order",
  "snapped",
  "secrets-present",
  "secrets-too-late",
  "secrets-damaged",
  "decryption-failed",
  "interface-drops",
  "fragments-incomplete",
  "overlap-differs",
  "out-of-order-limit",
  "connection-limit",
  "malformed",
  "message-too-large",
  "bytes-lost",
  "not-understood",
  "limit",
  "problems-limit",
] as const;
/** One of `problemCodes`. */
export type ProblemCode = (typeof problemCodes)[number];

/** Damaged, hostile or unsupported bytes, as data: never thrown, always reported. */
export interface Problem {
  readonly layer: ProblemLayer;
  readonly code: ProblemCode;
  /** Frame in which it was seen, numbered over all files of the analysis from 1; 0 where no frame is concerned. */
  readonly frame: number;
  /** Byte offset: into the (uncompressed) file for capture problems, into the message for protocol problems. */
  readonly offset?: number;
  /** What and where, in one line. May quote the wire, so it is untrusted text. */
  readonly detail: string;
}

/** Problems in order of appearance, up to a cap; the rest are counted. */
export class ProblemLog {
  readonly kept: Problem[] = [];
  more = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  note(problem: Problem): void {
    if (this.kept.length < this.#limit) this.kept.push(problem);
    else this.more++;
  }
}
