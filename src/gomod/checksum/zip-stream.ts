import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Accumulator } from "../../bytes/accumulator.ts";
import { limits } from "../../limits.ts";
import { hash1, type HashedFile } from "./dirhash.ts";
import { Inflate } from "./inflate.ts";
import {
  descriptorLength,
  fixedLengths,
  locatesEndBefore,
  longestDescriptor,
  parseCentralHeader,
  parseEnd,
  parseLocalHeader,
  parseZip64End,
  recordLength,
  signatures,
  type ZipEnd,
  type ZipHeader,
} from "./zip-records.ts";

/** What may still be spent over all zip files of a capture. */
export interface ZipAllowance {
  /** Bytes of inflated content. */
  inflated: number;
  /** What is said of a zip file for which that is not enough. */
  reason: string;
  /** Entries held. */
  entries: number;
}

interface Entry extends HashedFile {
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  readonly method: number;
  readonly described: boolean;
  readonly offset: number;
}

const Part = { Record: 0, Inflated: 1, Stored: 2, Descriptor: 3, End: 4, Failed: 5 } as const;
type Part = (typeof Part)[keyof typeof Part];

const endDisagrees = "the end of the directory disagrees with the entries";
const methodStored = 0;
const methodDeflated = 8;

/**
 * Go's hash of a module zip that comes in pieces: each entry is inflated and hashed as it passes.
 *
 * What Go hashes is what the directory at the end lists. So all that the local headers say must stand there again, in
 * the same order, nothing more and nothing less; else another reader may see other files, and there is no hash.
 *
 * Invariants: of an entry its names, numbers and digest are held, of its content nothing; `#held` has the bytes of a
 * record or descriptor that is not whole yet.
 */
export class ZipStream {
  /** Why there is no hash; lower case, no full stop. May quote the wire: untrusted. */
  failure: string | undefined = undefined;
  /** It does not begin as a zip file does. */
  isForeign = false;
  /** It ended before its directory did. */
  isCut = false;
  readonly #allowance: ZipAllowance;
  readonly #held = new Accumulator(4 * 65_536);
  readonly #inflate: Inflate;
  readonly #entries: Entry[] = [];
  #part: Part = Part.Record;
  /** Bytes of the file taken before the current call. */
  #offset = 0;
  #header: ZipHeader | undefined;
  #headerOffset = 0;
  #digest: Hash = createHash("sha256");
  #crc = 0;
  #compressed = 0;
  #size = 0;
  #inflated = 0;
  #nameBytes = 0;
  #borrowed = 0;
  #directoryOffset: number | undefined;
  #directoryEnd: number | undefined;
  #listed = 0;
  #wideEnd: ZipEnd | undefined;
  #locatorOffset: number | undefined;

  constructor(allowance: ZipAllowance) {
    this.#allowance = allowance;
    this.#inflate = new Inflate((bytes, start, end) => this.#content(bytes, start, end));
  }

  /** Of all files, in their order; one character a byte. Untrusted. */
  get names(): readonly string[] {
    return this.#entries.map(({ name }) => name);
  }

  /** False where the rest is not wanted: see `failure`. */
  push(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end && this.#part !== Part.Failed;) {
      const next = this.#take(bytes, at, end);
      this.#offset += next - at;
      at = next;
    }
    return this.#part !== Part.Failed;
  }

  /** The hash, when all was pushed; undefined where there is none. Gives back what was held. */
  finish(): string | undefined {
    this.#allowance.entries += this.#borrowed;
    this.#borrowed = 0;
    if (this.#part !== Part.End && this.failure === undefined) {
      this.isCut = true;
      this.failure = "the zip file ends before its directory does";
    }
    if (this.failure !== undefined) return undefined;
    const hash = hash1(this.#entries);
    if (hash === undefined) this.failure = "a file name has a line feed, which Go refuses";
    return hash;
  }

  /** Returns the offset after what was taken. */
  #take(bytes: Uint8Array, at: number, end: number): number {
    switch (this.#part) {
      case Part.Record:
        return this.#record(bytes, at, end);
      case Part.Inflated:
        return this.#deflated(bytes, at, end);
      case Part.Stored:
        return this.#stored(bytes, at, end);
      case Part.Descriptor:
        return this.#descriptor(bytes, at, end);
      case Part.End:
        this.#fail("bytes follow the end of the directory");
        return end;
      case Part.Failed:
        return end;
    }
  }

  /** Fills what is held up to a length; returns the offset after what was taken. */
  #hold(bytes: Uint8Array, at: number, end: number, length: number): number {
    const taken = Math.max(Math.min(length - this.#held.length, end - at), 0);
    this.#held.append(bytes, at, at + taken);
    return at + taken;
  }

  #record(bytes: Uint8Array, at: number, end: number): number {
    const next = this.#hold(bytes, at, end, this.#wanted());
    if (this.#part === Part.Failed || this.#held.length < this.#wanted()) return next;
    const failure = this.#readRecord(this.#view(), this.#offset + (next - at) - this.#held.length);
    if (failure !== undefined) this.#fail(failure);
    this.#held.consume(this.#held.length);
    return next;
  }

  /** Bytes of the record that stands before us, as far as can be told by now. */
  #wanted(): number {
    const { length } = this.#held;
    if (length < 4) return 4;
    const record = this.#view();
    const fixed = fixedLengths.get(record.getUint32(0, true));
    if (fixed === undefined) {
      this.isForeign = this.#offset <= 4;
      this.#fail(this.isForeign ? "it is no zip file" : "what follows an entry is no part of a zip file");
      return 0;
    }
    return length < fixed ? fixed : recordLength(record);
  }

  /** Returns what is wrong with it, if anything. */
  #readRecord(record: DataView, offset: number): string | undefined {
    switch (record.getUint32(0, true)) {
      case signatures.local:
        return this.#local(parseLocalHeader(record), offset);
      case signatures.central:
        this.#directoryOffset ??= offset;
        return this.#central(parseCentralHeader(record));
      case signatures.zip64End:
        if (this.#wideEnd !== undefined) return endDisagrees;
        this.#directoryOffset ??= offset;
        this.#directoryEnd ??= offset;
        this.#wideEnd = parseZip64End(record);
        return undefined;
      case signatures.zip64Locator:
        if (this.#wideEnd === undefined || this.#locatorOffset !== undefined) return endDisagrees;
        this.#locatorOffset = offset;
        return locatesEndBefore(record, offset) ? undefined : endDisagrees;
      case signatures.end:
        this.#directoryOffset ??= offset;
        this.#directoryEnd ??= offset;
        return this.#end(record);
      default:
        return undefined;
    }
  }

  #local(header: ZipHeader, offset: number): string | undefined {
    const { name, method, described } = header;
    if (this.#directoryOffset !== undefined) return "an entry follows the directory";
    if (this.#allowance.entries === 0 || this.#nameBytes > limits.zipNameBytes)
      return "it has more entries than are held";
    this.#allowance.entries--;
    this.#borrowed++;
    this.#nameBytes += name.length;
    if (header.encrypted) return `${name} is encrypted`;
    if (method !== methodStored && method !== methodDeflated) {
      return `${name} is compressed by method ${method}, which Go does not know`;
    }
    if (method === methodStored && described) return `${name} is stored without a length`;
    this.#header = header;
    this.#headerOffset = offset;
    this.#digest = createHash("sha256");
    this.#crc = 0;
    this.#size = 0;
    this.#compressed = 0;
    this.#inflate.reset();
    this.#part = method === methodStored ? Part.Stored : Part.Inflated;
    return method === methodStored && header.size === 0 ? this.#endOfEntry() : undefined;
  }

  #deflated(bytes: Uint8Array, at: number, end: number): number {
    const next = this.#inflate.push(bytes, at, end);
    this.#compressed += next - at;
    if (this.#inflate.failure !== undefined) this.#fail(`${this.#header!.name} is damaged: ${this.#inflate.failure}`);
    else if (this.#inflate.done) this.#contentEnds();
    return next;
  }

  #stored(bytes: Uint8Array, at: number, end: number): number {
    const next = Math.min(end, at + this.#header!.size - this.#compressed);
    this.#compressed += next - at;
    if (this.#content(bytes, at, next) && this.#compressed === this.#header!.size) this.#contentEnds();
    return next;
  }

  #contentEnds(): void {
    if (this.#header!.described) {
      this.#part = Part.Descriptor;
      return;
    }
    const failure = this.#endOfEntry();
    if (failure !== undefined) this.#fail(failure);
  }

  /** Looked at with what follows it, which is longer: a descriptor does not say how long it is. */
  #descriptor(bytes: Uint8Array, at: number, end: number): number {
    const next = this.#hold(bytes, at, end, longestDescriptor);
    if (this.#held.length < longestDescriptor) return next;
    const length = descriptorLength(this.#view(), this.#crc, this.#compressed, this.#size);
    const failure = length === 0 ? `${this.#header!.name} is not what is written behind it` : this.#endOfEntry();
    if (failure !== undefined) this.#fail(failure);
    this.#held.consume(length);
    return next;
  }

  #endOfEntry(): string | undefined {
    const { name, method, described, ...said } = this.#header!;
    const [crc, compressed, size] = [this.#crc, this.#compressed, this.#size];
    if (!described && (said.crc !== crc || said.compressed !== compressed || said.size !== size)) {
      return `${name} is not what its header says`;
    }
    if (name.endsWith("/") && size > 0) return `${name} is a folder with content, which Go refuses`;
    const sha256 = this.#digest.digest("hex");
    this.#entries.push({ name, method, described, sha256, crc, compressed, size, offset: this.#headerOffset });
    this.#part = Part.Record;
    return undefined;
  }

  #content(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    this.#size += length;
    this.#inflated += length;
    this.#allowance.inflated -= length;
    if (this.#inflated > limits.zipContent)
      this.#fail(`it unpacks to more than the ${limits.zipContent} bytes that Go takes`);
    if (this.#allowance.inflated < 0) this.#fail(this.#allowance.reason);
    if (this.#part === Part.Failed) return false;
    const piece = bytes.subarray(start, end);
    this.#digest.update(piece);
    this.#crc = crc32(piece, this.#crc);
    return true;
  }

  #central(header: ZipHeader & { offset: number }): string | undefined {
    const entry = this.#entries[this.#listed++];
    const same =
      this.#directoryEnd === undefined &&
      entry !== undefined &&
      entry.name === header.name &&
      entry.method === header.method &&
      entry.described === header.described &&
      entry.crc === header.crc &&
      entry.compressed === header.compressed &&
      entry.size === header.size &&
      entry.offset === header.offset;
    return same ? undefined : `the directory disagrees with the entries at ${header.name}`;
  }

  #end(record: DataView): string | undefined {
    const end = parseEnd(record, this.#wideEnd);
    const sound =
      end !== undefined &&
      (this.#wideEnd === undefined) === (this.#locatorOffset === undefined) &&
      end.entries === this.#entries.length &&
      this.#listed === this.#entries.length &&
      end.directoryOffset === this.#directoryOffset &&
      end.directoryOffset + end.directorySize === this.#directoryEnd;
    if (!sound) return endDisagrees;
    if (record.byteLength > 22) return "it has a comment, in which another directory may hide";
    const names = new Set(this.#entries.map(({ name }) => name));
    if (names.size !== this.#entries.length) return "it has two files of one name";
    this.#part = Part.End;
    return undefined;
  }

  #view(): DataView {
    return new DataView(this.#held.bytes.buffer, this.#held.bytes.byteOffset, this.#held.length);
  }

  #fail(failure: string): void {
    this.failure ??= failure;
    this.#part = Part.Failed;
  }
}
