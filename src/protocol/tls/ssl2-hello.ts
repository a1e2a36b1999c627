/**
 * ClientHello in the format of SSL 2.0, with which old clients open TLS up to 1.2. Nothing but its place is read.
 *
 *   length                  2   0x8000 + bytes that follow
 *   type                    1   1
 *   version                 2   0x0300–0x0303
 *   cipher specs length     2   three bytes each
 *   session id length       2   0
 *   challenge length        2   16–32
 *   cipher specs, challenge
 *
 * Spec: RFC 5246 Appendix E.2.
 */
import { Demand, type Direction, type EndReason, type StreamConsumer } from "../../stream/consumer.ts";

/** Whether a client opens with such a hello: the lengths in it must agree. */
export function detectSsl2Hello(bytes: Uint8Array, start: number, end: number): "yes" | "no" | "more" {
  const known = [0x80, undefined, 1, 3, undefined, undefined, undefined, 0, 0, 0, undefined];
  const mismatch = known.some((byte, at) => byte !== undefined && start + at < end && bytes[start + at] !== byte);
  if (mismatch) return "no";
  if (end - start < known.length) return "more";
  const specs = (bytes[start + 5] << 8) | bytes[start + 6];
  const challenge = bytes[start + 10];
  const isWhole = bytes[start + 1] === known.length - 2 + specs + challenge;
  return isWhole && bytes[start + 4] <= 3 && specs > 0 && specs % 3 === 0 && challenge >= 16 && challenge <= 32
    ? "yes"
    : "no";
}

/** Takes TLS behind such a hello, and hands on what follows it. */
export class BehindSsl2Hello implements StreamConsumer {
  readonly #tls: StreamConsumer;
  /** Bytes of the hello still to come; -1 before its first. */
  #left = -1;

  constructor(tls: StreamConsumer) {
    this.#tls = tls;
  }

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    if (direction === 1) return this.#tls.onData(direction, bytes, start, end, frame);
    // The detector saw the length, so the first piece holds it.
    if (this.#left < 0) this.#left = 2 + bytes[start + 1];
    const from = start + this.#skip(end - start);
    return from < end ? this.#tls.onData(direction, bytes, from, end, frame) : Demand.More;
  }

  onGap(direction: Direction, length: number): Demand {
    const missing = direction === 0 ? length - this.#skip(length) : length;
    return missing > 0 ? this.#tls.onGap(direction, missing) : Demand.More;
  }

  onEnd(direction: Direction, reason: EndReason): void {
    this.#tls.onEnd(direction, reason);
  }

  #skip(length: number): number {
    const skipped = Math.min(Math.max(0, this.#left), length);
    this.#left -= skipped;
    return skipped;
  }
}
