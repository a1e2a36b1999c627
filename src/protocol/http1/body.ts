/*
 * Content of HTTP/1 messages: how it is framed, and passing it. Spec: RFC 9112 §6, §7.
 *
 *   chunk          chunk-size (hexadecimal) [; extensions] CRLF, data, CRLF
 *   last-chunk     1*"0" [; extensions] CRLF
 *   trailers       field-lines up to an empty line
 */
import { MalformedError } from "../../bytes/malformed.ts";
import { limits } from "../../limits.ts";
import type { RequestHead } from "../exchange-notes.ts";
import type { Fields } from "../http-fields.ts";
import type { StatusHead } from "./head.ts";

/** How the end of the content is known. */
export type Framing = { readonly kind: "length"; readonly length: number } | { readonly kind: "chunked" | "close" };

/** Framing of a request. Spec: RFC 9112 §6.3; a CONNECT has no content, whatever its fields say (RFC 9110 §9.3.6). */
export function requestFraming({ method, fields, version }: RequestHead): Framing {
  return method === "CONNECT" ? none : framingOf(fields, version, "request");
}

/** Framing of the answer to a request of that method. Spec: RFC 9112 §6.3. */
export function answerFraming({ status, fields, version }: StatusHead, method: string): Framing {
  return method === "HEAD" || status === 204 || status === 304 ? none : framingOf(fields, version, "response");
}

/**
 * Framing by the fields alone.
 *
 * Throws: `duplicate` where lengths disagree or stand beside a transfer coding, `bad-value` where they are none. Those
 * are the messages that two readers end at different places.
 */
function framingOf(fields: Fields, version: string, from: "request" | "response"): Framing {
  const { contentLengths, transferCodings } = fields;
  if (transferCodings.length > 0) {
    if (contentLengths.length > 0) throw malformed("duplicate", "Content-Length beside Transfer-Encoding");
    if (version === "HTTP/1.0") throw malformed("bad-value", "Transfer-Encoding in HTTP/1.0");
    if (transferCodings.indexOf("chunked") === transferCodings.length - 1) return { kind: "chunked" };
    if (from === "request" || transferCodings.includes("chunked")) throw malformed("bad-value", "Transfer-Encoding");
    return { kind: "close" };
  }
  const lengths = new Set(contentLengths.flatMap((value) => value.split(",")).map((value) => value.trim()));
  if (lengths.size > 1) throw malformed("duplicate", "Content-Length");
  for (const length of lengths) {
    if (!/^\d{1,15}$/.test(length)) throw malformed("bad-value", "Content-Length");
    return { kind: "length", length: Number(length) };
  }
  return from === "request" ? none : { kind: "close" };
}

/** Takes content, its framing left out. Borrows: the bytes until it returns. */
export interface ContentTaker {
  take(bytes: Uint8Array, start: number, end: number): void;
}

/** Content of no length. */
const none: Framing = { kind: "length", length: 0 };

/**
 * Counts its way through one message's content.
 *
 * Invariant: `#remaining` is what is left of the content (`length`) or of the chunk (`chunked`) whose data is being
 * passed; it is 0 in every other state.
 */
export class BodyReader {
  /** Content bytes passed so far, chunk framing left out. */
  content = 0;
  #state: State = "done";
  #remaining = 0;
  /** Chunk size being read, -1 before its first digit. */
  #size = -1;
  #digits = 0;
  /** Bytes of the line, or of all trailers, being read. */
  #lineLength = 0;

  get done(): boolean {
    return this.#state === "done";
  }

  /** Content that ends with the connection, or not at all. */
  get untilClose(): boolean {
    return this.#state === "until-close";
  }

  begin(framing: Framing): void {
    this.content = 0;
    this.#remaining = framing.kind === "length" ? framing.length : 0;
    if (framing.kind === "length") this.#state = framing.length === 0 ? "done" : "data";
    else if (framing.kind === "close") this.#state = "until-close";
    else this.#beginChunk();
  }

  /**
   * Passes content from `start` on, and gives it to the taker. Returns where it ended: before `end` only when done.
   * Throws: see `#sizeByte`.
   */
  read(bytes: Uint8Array, start: number, end: number, taker?: ContentTaker): number {
    let at = start;
    while (at < end && this.#state !== "done") {
      if (this.#state === "data" || this.#state === "chunk-data" || this.#state === "until-close") {
        const after = at + this.#pass(end - at);
        taker?.take(bytes, at, after);
        at = after;
      } else {
        this.#lineByte(bytes[at]);
        at++;
      }
    }
    return at;
  }

  /** Passes bytes that are missing. Returns false where they are not all known to be content. */
  skipMissing(length: number): boolean {
    if (this.#state === "until-close" || (this.#remaining >= length && this.#remaining > 0)) {
      this.#pass(length);
      return true;
    }
    return false;
  }

  /** Whether so many missing bytes are all that is left of content whose length is known, and more. */
  endsWithin(length: number): boolean {
    return this.#state === "data" && length > this.#remaining;
  }

  #pass(available: number): number {
    const passed = this.#state === "until-close" ? available : Math.min(available, this.#remaining);
    this.content += passed;
    if (this.#state === "until-close") return passed;
    this.#remaining -= passed;
    if (this.#remaining === 0) this.#state = this.#state === "data" ? "done" : "chunk-end";
    return passed;
  }

  #lineByte(byte: number): void {
    if (++this.#lineLength > longestLine(this.#state)) throw malformed("too-large", "chunk framing");
    const lineFeed = byte === 0x0a;
    switch (this.#state) {
      case "chunk-size":
        this.#sizeByte(byte);
        break;
      case "chunk-extension":
        if (lineFeed) this.#beginData();
        break;
      case "chunk-end":
        if (lineFeed) this.#beginChunk();
        else if (byte !== 0x0d || this.#lineLength > 1) throw malformed("bad-value", "end of chunk");
        break;
      case "trailer-start":
        if (byte !== 0x0d) this.#state = lineFeed ? "done" : "trailer";
        break;
      default:
        if (lineFeed) this.#state = "trailer-start";
    }
  }

  #sizeByte(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      // 2^52: far beyond any content, and exact.
      if (++this.#digits > 13) throw malformed("too-large", "chunk-size");
      this.#size = Math.max(this.#size, 0) * 16 + digit;
    } else if (this.#size < 0) throw malformed("bad-value", "chunk-size");
    else if (byte === 0x0a) this.#beginData();
    else if (byte === 0x0d || byte === 0x3b || byte === 0x20 || byte === 0x09) this.#state = "chunk-extension";
    else throw malformed("bad-value", "chunk-size");
  }

  #beginChunk(): void {
    this.#state = "chunk-size";
    this.#size = -1;
    this.#digits = 0;
    this.#lineLength = 0;
  }

  #beginData(): void {
    this.#remaining = this.#size;
    this.#state = this.#size === 0 ? "trailer-start" : "chunk-data";
    this.#lineLength = 0;
  }
}

type State =
  | "data"
  | "until-close"
  | "chunk-size"
  | "chunk-extension"
  | "chunk-data"
  | "chunk-end"
  | "trailer-start"
  | "trailer"
  | "done";

/** All trailers together are a head's worth. */
function longestLine(state: State): number {
  return state === "trailer" || state === "trailer-start" ? limits.httpHead : limits.httpChunkLine;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function malformed(code: "duplicate" | "bad-value" | "too-large", what: string): MalformedError {
  return new MalformedError(code, 0, what);
}
