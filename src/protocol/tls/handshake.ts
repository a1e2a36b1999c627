/**
 * Handshake messages, one direction.
 *
 *   msg_type    1   see HandshakeType
 *   length      3
 *   body   length
 *
 * Messages and records do not line up: several share a record, one spans many. Spec: RFC 8446 §4, §5.1.
 */
import { Accumulator } from "../../bytes/accumulator.ts";
import { MalformedError } from "../../bytes/malformed.ts";
import { limits } from "../../limits.ts";
import { maximumFragment } from "./record.ts";

/** Spec: IANA TLS HandshakeType. */
export const HandshakeType = {
  clientHello: 1,
  serverHello: 2,
  endOfEarlyData: 5,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  finished: 20,
  keyUpdate: 24,
  compressedCertificate: 25,
} as const;

/** Bytes of a handshake message's header. */
export const handshakeHeaderLength = 4;

/**
 * Puts handshake messages together.
 *
 * Invariant: `#held` starts with the header of a message; bytes before `#offset` belong to messages already taken.
 */
export class HandshakeReader {
  readonly #held = new Accumulator(limits.handshakeMessage + handshakeHeaderLength + maximumFragment);
  #offset = 0;
  /** The message that `next` found: its type, and the range of its body in `bytes`. */
  type = 0;
  start = 0;
  end = 0;

  get bytes(): Uint8Array {
    return this.#held.bytes;
  }

  /** Copies the range in. To be followed by `next` until it returns false. */
  append(bytes: Uint8Array, start: number, end: number): void {
    this.#held.append(bytes, start, end);
  }

  /** Moves to the next whole message. Throws: `too-large`. */
  next(): boolean {
    const { bytes, length } = this.#held;
    const at = this.#offset;
    const body = at + handshakeHeaderLength;
    if (body > length) return this.#rest();
    const size = (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    if (size > limits.handshakeMessage) throw new MalformedError("too-large", at + 1, "handshake message");
    if (body + size > length) return this.#rest();
    this.type = bytes[at];
    this.start = body;
    this.end = body + size;
    this.#offset = this.end;
    return true;
  }

  /**
   * Moves to the message of which only the first bytes have come: `end` is where it breaks off. Returns its whole length,
   * header included, or 0 where there is none.
   */
  broken(): number {
    const { bytes, length } = this.#held;
    if (length < handshakeHeaderLength) return 0;
    this.type = bytes[0];
    this.start = handshakeHeaderLength;
    this.end = length;
    return handshakeHeaderLength + ((bytes[1] << 16) | (bytes[2] << 8) | bytes[3]);
  }

  /** Forgets what was gathered and gives the memory back. */
  clear(): void {
    this.#held.clear();
    this.#offset = 0;
  }

  #rest(): false {
    if (this.#offset === this.#held.length) this.#held.clear();
    else this.#held.consume(this.#offset);
    this.#offset = 0;
    return false;
  }
}
