/**
 * TLS record layer, one direction.
 *
 *   opaque type       1   20 change_cipher_spec, 21 alert, 22 handshake, 23 application_data, 24 heartbeat
 *   legacy version    2   0x0300–0x0304; a hint, not the negotiated version
 *   length            2   1–18432 (2^14 + 2048, TLS 1.2 with expansion); 0 is legal for application data
 *   fragment     length
 */
import type { Direction } from "../../stream/consumer.ts";

/** Spec: RFC 8446 §5.1, RFC 6520 for heartbeat. */
export const ContentType = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  heartbeat: 24,
} as const;

/** Bytes of a record header. */
export const recordHeaderLength = 5;
/** Largest fragment that any version allows. Spec: RFC 5246 §6.2.3. */
export const maximumFragment = 16_384 + 2048;

/** Whether five bytes can open a record. */
export function isRecordHeader(type: number, major: number, minor: number, length: number): boolean {
  if (type < ContentType.changeCipherSpec || type > ContentType.heartbeat) return false;
  return major === 3 && minor <= 4 && length <= maximumFragment;
}

/** Takes records as they come; fragments in as many pieces as they arrive. */
export interface RecordSink {
  recordStart(direction: Direction, contentType: number, length: number, frame: number): void;
  /** Borrows: `bytes` is lent for the call. */
  recordBytes(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): void;
  recordEnd(direction: Direction, frame: number): void;
}

/**
 * Walks the records of one direction, split at any byte.
 *
 * Invariants: between records `#held` header bytes are kept and `#remaining` is -1; inside a record `#remaining` bytes
 * of its fragment are still to come. Nothing of a fragment is kept. The header is kept as one number: a buffer for it
 * takes 300 bytes, and there are two readers a connection.
 */
export class RecordReader {
  readonly #direction: Direction;
  readonly #sink: RecordSink;
  #header = 0;
  #held = 0;
  #length = 0;
  #remaining = -1;
  /** Complete records so far. */
  records = 0;
  /** Where `read` stopped when it returned false: the offset behind the header bytes that it took. */
  stoppedAt = 0;

  constructor(direction: Direction, sink: RecordSink) {
    this.#direction = direction;
    this.#sink = sink;
  }

  /** Returns false, for good, where something stands that is no record header. */
  read(bytes: Uint8Array, start: number, end: number, frame: number): boolean {
    let at = start;
    while (at < end) {
      if (this.#remaining < 0) {
        for (; this.#held < recordHeaderLength && at < end; this.#held++) {
          this.#header = this.#header * 0x100 + bytes[at++];
        }
        if (!this.#open(frame)) {
          this.stoppedAt = at;
          return false;
        }
        continue;
      }
      const until = Math.min(end, at + this.#remaining);
      this.#remaining -= until - at;
      this.#sink.recordBytes(this.#direction, bytes, at, until, frame);
      at = until;
      this.#closeIfComplete(frame);
    }
    return true;
  }

  /** Header bytes of the record that has not opened yet: what stood there when `read` returned false. */
  get pending(): Uint8Array {
    return Buffer.from(this.#header.toString(16).padStart(2 * this.#held, "0"), "hex");
  }

  /** Bytes read of the header or record that is open. */
  get unfinished(): number {
    return this.#remaining < 0 ? this.#held : recordHeaderLength + this.#length - this.#remaining;
  }

  /** Steps over bytes that are lost. Returns false when they reach past the record that is open: the place is lost. */
  skipLost(length: number): boolean {
    if (this.#remaining < length) return false;
    this.#remaining -= length;
    return true;
  }

  /** Ends an open record whose last bytes were lost. */
  closeIfSkipped(frame: number): void {
    this.#closeIfComplete(frame);
  }

  /** Starts anew at a record boundary. */
  restart(): void {
    this.#held = 0;
    this.#header = 0;
    this.#remaining = -1;
  }

  /** Returns false as soon as the header bytes held cannot become a header. */
  #open(frame: number): boolean {
    const missing = recordHeaderLength - this.#held;
    // A major version still to come is taken to be 3, everything else to be 0.
    const header = missing === 0 ? this.#header : this.#header * 0x100 ** missing + (missing > 3 ? 0x300_0000 : 0);
    const type = Math.floor(header / 0x1_0000_0000);
    const version = Math.floor(header / 0x1_0000) & 0xffff;
    const length = missing === 0 ? header & 0xffff : 0;
    if (!isRecordHeader(type, version >> 8, version & 0xff, length)) return false;
    if (missing > 0) return true;
    this.#held = 0;
    this.#header = 0;
    this.#length = length;
    this.#remaining = length;
    this.#sink.recordStart(this.#direction, type, length, frame);
    this.#closeIfComplete(frame);
    return true;
  }

  #closeIfComplete(frame: number): void {
    if (this.#remaining !== 0) return;
    this.#remaining = -1;
    this.records++;
    this.#sink.recordEnd(this.#direction, frame);
  }
}
