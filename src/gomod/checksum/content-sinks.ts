import { createHash } from "node:crypto";
import { Accumulator } from "../../bytes/accumulator.ts";
import { limits } from "../../limits.ts";
import type { ContentSink } from "../../protocol/content.ts";
import type { ContentFacts } from "../../protocol/exchange.ts";
import { modHash } from "./dirhash.ts";
import { Gunzip } from "./gunzip.ts";
import { ZipStream, type ZipAllowance } from "./zip-stream.ts";

/** What one answer's content is read for, its coding undone. */
export interface ContentReading {
  /** False where the rest is not wanted. Borrows: the bytes until it returns. */
  push(bytes: Uint8Array, start: number, end: number): boolean;
  /** What came of it; `complete` when it was all there is. To be asked once. */
  finish(complete: boolean): Pick<ContentFacts, "kept" | "h1" | "because">;
}

/** Keeps a small content for later; of an error's text its beginning will do. */
export class KeptContent implements ContentReading {
  readonly #bytes: Accumulator;
  readonly #beginningOnly: boolean;
  #cut = false;

  constructor(limit: number, beginningOnly: boolean) {
    this.#bytes = new Accumulator(limit);
    this.#beginningOnly = beginningOnly;
  }

  push(bytes: Uint8Array, start: number, end: number): boolean {
    const taken = Math.min(end, start + this.#bytes.limit - this.#bytes.length);
    this.#bytes.append(bytes, start, taken);
    this.#cut ||= taken < end;
    return !this.#cut;
  }

  finish(complete: boolean): Pick<ContentFacts, "kept" | "because"> {
    const because = this.#cut ? { because: `it is longer than the ${this.#bytes.limit} bytes that are kept` } : {};
    if (!this.#beginningOnly && (this.#cut || !complete)) return because;
    return { kept: this.#bytes.bytes.slice(0, this.#bytes.length), ...because };
  }
}

/** Hashes a go.mod file. */
export class ModContent implements ContentReading {
  readonly #digest = createHash("sha256");
  #length = 0;

  push(bytes: Uint8Array, start: number, end: number): boolean {
    this.#length += end - start;
    if (this.#length > limits.modFile) return false;
    this.#digest.update(bytes.subarray(start, end));
    return true;
  }

  finish(complete: boolean): Pick<ContentFacts, "h1" | "because"> {
    if (this.#length > limits.modFile)
      return { because: `it is larger than the ${limits.modFile} bytes that Go takes` };
    return complete ? { h1: modHash(this.#digest.digest("hex")) } : {};
  }
}

/** Hashes a module zip. */
export class ZipContent implements ContentReading {
  readonly #zip: ZipStream;

  constructor(allowance: ZipAllowance) {
    this.#zip = new ZipStream(allowance);
  }

  push(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#zip.push(bytes, start, end);
  }

  finish(complete: boolean): Pick<ContentFacts, "h1" | "because"> {
    const failure = this.#zip.failure;
    const h1 = this.#zip.finish();
    if (h1 !== undefined) return complete ? { h1 } : {};
    return complete || failure !== undefined ? { because: this.#zip.failure! } : {};
  }
}

/**
 * One answer's content on its way to a reading: gzip undone, as Go's transport does it, and counted.
 *
 * Invariant: after the reading or the coding has had enough, nothing is handed on.
 */
export class WatchedContent implements ContentSink {
  readonly #reading: ContentReading;
  readonly #gunzip: Gunzip | undefined;
  readonly #ended: (facts: ContentFacts) => ContentFacts;
  #bytes = 0;
  #wanted = true;

  /** `ended` sees what is kept before it is given away. */
  constructor(reading: ContentReading, gzip: boolean, ended: (facts: ContentFacts) => ContentFacts) {
    this.#reading = reading;
    this.#gunzip = gzip ? new Gunzip((bytes, start, end) => this.#plain(bytes, start, end)) : undefined;
    this.#ended = ended;
  }

  onContent(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#wanted) return;
    if (this.#gunzip === undefined) this.#plain(bytes, start, end);
    else if (!this.#gunzip.push(bytes, start, end)) this.#wanted = false;
  }

  onContentEnd(complete: boolean): ContentFacts {
    const whole = complete && (this.#gunzip?.whole ?? true);
    const made = this.#reading.finish(whole);
    const reason =
      made.because ??
      (this.#gunzip?.failure !== undefined
        ? this.#gunzip.failure
        : complete
          ? "its gzip coding ends early"
          : "not all of it was captured");
    return this.#ended({
      complete: whole && this.#wanted,
      bytes: this.#bytes,
      ...made,
      ...((!whole || made.because !== undefined) && { because: reason }),
    });
  }

  #plain(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes += end - start;
    if (!this.#reading.push(bytes, start, end)) this.#wanted = false;
    return this.#wanted;
  }
}
