import { compressionOf, decompressed, replayed, type DecompressedSource } from "./compression.ts";
import { DecompressionError } from "./decompression.ts";
import type { CaptureFileFacts, ResolvedName, SecretsBlock } from "./facts.ts";
import type { Frame } from "./frame.ts";
import { InputBlock } from "./input-block.ts";
import { CaptureNotes, type CapturePosition } from "./notes.ts";
import { isPcapMagic, PcapReader } from "./pcap.ts";
import { isPcapngMagic, PcapngReader } from "./pcapng.ts";
import type { Problem } from "../problem.ts";
import { RecordStatus, type RecordReader } from "./records.ts";
import type { ByteSource, CaptureInput } from "./source.ts";
import { describeStranger } from "./strangers.ts";

/**
 * Reads the frames of one capture file, whatever its container and compression:
 *
 *     do { while (reader.next(frame)) … } while (await reader.fill());
 *
 * Invariants: `next` never waits and never throws; a file that cannot be read to its end gives every whole frame before
 * that place, `facts.damaged` and a Problem. Facts and problems are complete once `fill` has returned false.
 */
export class CaptureReader {
  readonly #notes: CaptureNotes;
  #input: InputBlock;
  #records: RecordReader | undefined;
  #decompressed: DecompressedSource | undefined;
  #ended = false;
  #finished = false;

  private constructor(input: InputBlock, notes: CaptureNotes) {
    this.#input = input;
    this.#notes = notes;
  }

  /** Opens a capture and reads its first block. Rejects when the input cannot be opened. */
  static async open(input: CaptureInput, position: CapturePosition = firstPosition): Promise<CaptureReader> {
    const source = await input.open();
    const reader = new CaptureReader(new InputBlock(source), new CaptureNotes(input.name, position));
    await reader.#start(source);
    return reader;
  }

  get facts(): CaptureFileFacts {
    return this.#notes.facts;
  }

  get problems(): readonly Problem[] {
    return this.#notes.problems;
  }

  get secrets(): readonly SecretsBlock[] {
    return this.#notes.secrets;
  }

  /** Whom to tell of a secrets block before the frames behind it. */
  set onSecrets(listener: (block: SecretsBlock) => void) {
    this.#notes.onSecrets = listener;
  }

  get names(): readonly ResolvedName[] {
    return this.#notes.names;
  }

  /** Where the next file of the analysis stands. */
  get position(): CapturePosition {
    return { framesBefore: this.#notes.lastFrame, interfacesBefore: this.#notes.nextInterface };
  }

  /** Fills the frame with the next one of the bytes in memory. False when `fill` is due. */
  next(frame: Frame): boolean {
    if (this.#ended) return false;
    const status = this.#records!.next(frame);
    if (status === RecordStatus.Ended) this.#ended = true;
    return status === RecordStatus.Frame;
  }

  /** Reads on: about one `limits.readBlock`, more only for a larger record. False at the end of the file. */
  async fill(): Promise<boolean> {
    if (this.#ended) return this.#finish();
    const more = await this.#read(this.#input.needed);
    if (!more) this.#records!.finish();
    return more || this.#finish();
  }

  async close(): Promise<void> {
    await this.#input.close();
  }

  async #start(source: ByteSource): Promise<void> {
    await this.#read(identifyingBytes);
    const { bytes, start, end } = this.#input;
    const compression = compressionOf(bytes, start, end);
    if (compression !== "none") {
      this.#notes.facts.compression = compression;
      this.#decompressed = decompressed(replayed(bytes.slice(start, end), source), compression);
      this.#input = new InputBlock(this.#decompressed);
      await this.#read(identifyingBytes);
    }
    this.#records = this.#recognise();
    this.#ended = this.#records === undefined;
  }

  #recognise(): RecordReader | undefined {
    const { bytes, view, start, end, available } = this.#input;
    const notes = this.#notes;
    if (available === 0) {
      if (!notes.facts.damaged) notes.damage("capture-empty", 0, "the file is empty: nothing was recorded into it");
      return undefined;
    }
    const magic = available < 4 ? 0 : view.getUint32(start);
    if (isPcapMagic(magic)) return new PcapReader(this.#input, notes);
    if (isPcapngMagic(magic)) return new PcapngReader(this.#input, notes);
    const nested = this.#decompressed === undefined ? "none" : compressionOf(bytes, start, end);
    const detail =
      nested === "none"
        ? describeStranger(bytes.subarray(start, end))
        : `the file is compressed twice, inside with ${nested}: decompress it once first`;
    notes.damage("capture-unsupported", 0, detail);
    return undefined;
  }

  /** False when the input has ended before `needed` bytes, for good or because it is damaged. */
  async #read(needed: number): Promise<boolean> {
    try {
      return await this.#input.fill(needed);
    } catch (error) {
      this.#input.ended = true;
      const { offset, available } = this.#input;
      const { lastFrame } = this.#notes;
      if (error instanceof DecompressionError) {
        const detail = `${error.message}; frame ${lastFrame} is the last before it`;
        this.#notes.damage("compression-damaged", offset + available, detail);
      } else if (isSystemError(error)) {
        const detail = `reading failed at byte ${offset + available}: ${error.message}; frame ${lastFrame} is the last before it`;
        this.#notes.damage("capture-cut", offset + available, detail);
      } else throw error;
      return this.#input.available >= needed;
    } finally {
      this.#notes.facts.bytes = this.#input.offset + this.#input.available;
    }
  }

  /** Returns false, for `fill`. */
  #finish(): false {
    this.#ended = true;
    if (this.#finished) return false;
    this.#finished = true;
    if (this.#decompressed?.notes.checksumSkipped === true) {
      const detail = "the checksum of the zstd file was not verified; zstd -t checks it";
      this.#notes.problem("checksum-not-verified", undefined, detail);
    }
    this.#notes.finish();
    return false;
  }
}

const firstPosition: CapturePosition = { framesBefore: 0, interfacesBefore: 0 };

/** Enough for every magic; text is told by what came with them. */
const identifyingBytes = 4;

/** An error of the medium, as node:fs and streams report them, not one of ours. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === "string";
}
