import { createHash } from "node:crypto";
import { Accumulator } from "../../bytes/accumulator.ts";
import { limits } from "../../limits.ts";
import type { ContentSink } from "../../protocol/content.ts";
import type { ContentFacts } from "../../protocol/exchange.ts";
import type { GoRequest } from "../requests.ts";
import { modHash } from "./dirhash.ts";
import { Gunzip } from "./gunzip.ts";
import { ZipStream, type ZipAllowance } from "./zip-stream.ts";

/** What one answer's content is read for, its coding undone. */
export interface ContentReading {
  /** False where the rest is not wanted. Borrows: the bytes until it returns. */
  push(bytes: Uint8Array, start: number, end: number): boolean;
  /** What came of it; `complete` when it was all there is. To be asked once. */
  finish(complete: boolean): Pick<ContentFacts, "kept" | "h1" | "error" | "because">;
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

/**
 * Hashes a module zip, and looks at it as Go does before that: whether it is one, and of the module that was asked for.
 *
 * Spec: cmd/go/internal/modfetch, downloadZip; archive/zip.
 */
export class ZipContent implements ContentReading {
  readonly #zip: ZipStream;
  readonly #asked: GoRequest;
  readonly #mustBeZip: boolean;
  /** The last four bytes, while the end of a directory is looked for in what does not begin like a zip file. */
  #last = 0;

  /** `asked` names the module, if its path did. What storage is asked for may be another file than a zip. */
  constructor(allowance: ZipAllowance, asked: GoRequest, mustBeZip: boolean) {
    this.#zip = new ZipStream(allowance);
    this.#asked = asked;
    this.#mustBeZip = mustBeZip;
  }

  push(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#zip.isForeign || !this.#zip.push(bytes, start, end)) {
      return this.#zip.isForeign && this.#mustBeZip && this.#lacksEnd(bytes, start, end);
    }
    /* Four bytes tell what it is; they may come in pieces. */
    if (end - start < 4) this.#lacksEnd(bytes, start, end);
    return true;
  }

  finish(complete: boolean): Pick<ContentFacts, "h1" | "error" | "because"> {
    const h1 = this.#zip.finish();
    const { failure, isForeign, isCut } = this.#zip;
    if (h1 !== undefined) return complete ? { h1, ...this.#misplaced() } : {};
    if (!complete) return failure === undefined || isCut ? {} : { because: failure };
    const isNone = isCut || (isForeign && this.#last !== endOfDirectory);
    const isKnown = this.#mustBeZip || this.#zip.names.length > 0;
    const error = { kind: "unreadable", text: "zip: not a valid zip file" } as const;
    return { because: failure!, ...(isNone && isKnown && { error }) };
  }

  /* A zip file may have anything before it. */
  #lacksEnd(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end && this.#last !== endOfDirectory; at++)
      this.#last = ((this.#last << 8) | bytes[at]) >>> 0;
    return this.#last !== endOfDirectory;
  }

  #misplaced(): Pick<ContentFacts, "error"> {
    const names = this.#zip.names;
    const { kind, version, module = "" } = this.#asked;
    /* The path of the module proxy may stand before that of the module. */
    const isRoot = ([, path, at]: RegExpMatchArray): boolean => at === version && `/${module}`.endsWith(`/${path}`);
    const root = rootOf.exec(names.at(0) ?? "");
    const isExpected = root !== null && (kind !== "zip" || isRoot(root));
    const name = isExpected ? names.find((each) => !each.startsWith(root[0])) : names.at(0);
    if (name === undefined) return {};
    return { error: { kind: "other", text: `unexpected file ${Buffer.from(name, "latin1").toString()}` } };
  }
}

/** The folder of a file: module path and version. */
const rootOf = /^([^@]+)@([^/]+)\//;

/** `PK\5\6` as a big-endian number. */
const endOfDirectory = 0x504b0506;

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
