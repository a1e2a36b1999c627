import { hexCode } from "../bytes/text.ts";
import { limits } from "../limits.ts";
import type { Frame } from "./frame.ts";
import type { InputBlock } from "./input-block.ts";
import type { CaptureNotes } from "./notes.ts";
import { padded, PcapngBlock } from "./pcapng-block.ts";
import { PcapngSection, type PcapngInterface } from "./pcapng-section.ts";
import { noComments, RecordStatus, type RecordReader } from "./records.ts";
import { parseOriginalFrame, type OriginalFrame } from "./slim-notes.ts";

/*
 * pcapng: draft-ietf-opsawg-pcapng. Blocks as in pcapng-block.ts; the bodies that carry a frame:
 *
 *   EPB   interface 4, timestamp high 4, low 4, captured length 4, original length 4, bytes, padding, options
 *   SPB   original length 4, bytes, padding; of interface 0, without a time
 *   PB    interface 2, drops 2, then as EPB; obsolete
 */

const BlockType = {
  Interface: 1,
  Packet: 2,
  SimplePacket: 3,
  NameResolution: 4,
  InterfaceStatistics: 5,
  EnhancedPacket: 6,
  DecryptionSecrets: 10,
  /** Apple's tcpdump: a process, which frames name by its ordinal. */
  Process: 0x80000001,
  /** A palindrome: read before the byte order is known. */
  SectionHeader: 0x0a0d0d0a,
} as const;

/**
 * Blocks that Wireshark numbers though they carry no packet: custom blocks, systemd journal entries, Sysdig events.
 * They are counted, so that frame numbers agree, and left out.
 */
const numberedBlocks: ReadonlySet<number> = new Set([0xbad, 0x40000bad, 0x9, 0x204, 0x208, 0x216, 0x217, 0x221, 0x222]);

const optionComment = 1;
const optionFlags = 2;
const optionProcess = 0x8001;

const byteOrderMagic = 0x1a2b3c4d;
const smallestBlock = 12;
const smallestSectionHeader = 28;
/** Fields of an enhanced packet block's body, and of the obsolete one's. */
const packetFields = 20;

/** Whether a file that starts with this word is a pcapng file. */
export function isPcapngMagic(word: number): boolean {
  return word === BlockType.SectionHeader;
}

/**
 * Reads pcapng blocks. Blocks of unknown types are skipped; a block whose lengths contradict each other ends the file.
 *
 * Invariant: `#section` is that of the last section header; the first block is one, or nothing is read.
 */
export class PcapngReader implements RecordReader {
  readonly #input: InputBlock;
  readonly #notes: CaptureNotes;
  readonly #block = new PcapngBlock();
  #section: PcapngSection;
  #littleEndian = true;
  #restored: RestoredBytes | undefined;

  constructor(input: InputBlock, notes: CaptureNotes) {
    this.#input = input;
    this.#notes = notes;
    this.#section = new PcapngSection(notes);
    notes.format("pcapng");
  }

  next(frame: Frame): RecordStatus {
    const input = this.#input;
    for (;;) {
      const at = input.start;
      const available = input.end - at;
      if (available < smallestBlock) return this.#want(smallestBlock);
      const { view } = input;
      const type = view.getUint32(at, this.#littleEndian);
      if (type === BlockType.SectionHeader && !this.#readByteOrder(view.getUint32(at + 8))) return RecordStatus.Ended;
      const little = this.#littleEndian;
      const length = view.getUint32(at + 4, little);
      if (length < smallestBlock || (length & 3) !== 0)
        return this.#contradiction(`claims a length of ${length} bytes`);
      if (length > limits.captureBlock) {
        this.#skipLarge(type, length);
        continue;
      }
      if (available < length) return this.#want(length);
      const again = view.getUint32(at + length - 4, little);
      if (again !== length) return this.#contradiction(`gives its length as ${length} before and ${again} behind it`);
      const status = this.#readBlock(type, length, frame);
      input.start = at + length;
      if (status !== RecordStatus.More) return status;
    }
  }

  finish(): void {
    const { available, offset, needed, skipping } = this.#input;
    if (skipping > 0) this.#notes.cut(offset, "a block that is left out", skipping);
    else if (available > 0) this.#notes.cut(offset + available, `the block at byte ${offset}`, needed - available);
  }

  /** Returns `More` when the block carried no frame and the next one may be read. */
  #readBlock(type: number, length: number, frame: Frame): RecordStatus {
    const block = this.#openBlock(length);
    switch (type) {
      case BlockType.EnhancedPacket:
        return this.#readPacket(block.length < packetFields ? -1 : block.u32(block.start), frame);
      case BlockType.Packet:
        return this.#readPacket(block.length < packetFields ? -1 : this.#readDrops(block), frame);
      case BlockType.SimplePacket:
        return this.#readSimplePacket(frame);
      case BlockType.SectionHeader:
        return this.#readSectionHeader();
      case BlockType.Interface:
        this.#section.readInterface(block);
        break;
      case BlockType.NameResolution:
        this.#section.readNames(block);
        break;
      case BlockType.InterfaceStatistics:
        this.#section.readStatistics(block);
        break;
      case BlockType.DecryptionSecrets:
        this.#section.readSecrets(block);
        break;
      case BlockType.Process:
        this.#section.readProcess(block);
        break;
      default:
        if (numberedBlocks.has(type)) this.#notes.countFrame();
    }
    return RecordStatus.More;
  }

  #openBlock(length: number): PcapngBlock {
    const { bytes, view, start, offset } = this.#input;
    const block = this.#block;
    block.bytes = bytes;
    block.view = view;
    block.littleEndian = this.#littleEndian;
    block.offset = offset;
    block.start = start + 8;
    block.end = start + length - 4;
    return block;
  }

  /** `interfaceNumber` is -1 where the block is too short to name one. */
  #readPacket(interfaceNumber: number, frame: Frame): RecordStatus {
    const block = this.#block;
    const { start, end } = block;
    if (interfaceNumber < 0) return this.#refuseFrame("is shorter than its fields");
    const entry = this.#section.interfaces[interfaceNumber];
    if (entry === undefined) return this.#refuseUnknownInterface(interfaceNumber);
    const captured = block.u32(start + 12);
    const from = start + packetFields;
    if (captured > end - from) return this.#refuseFrame(`claims ${captured} captured bytes, more than it holds`);
    this.#fill(frame, entry, from, captured, block.u32(start + 16));
    frame.timed = true;
    entry.scale.apply(block.u32(start + 4), block.u32(start + 8), frame);
    const options = from + padded(captured);
    const original = options + 4 <= end ? this.#readPacketOptions(options, frame) : undefined;
    if (this.#section.slimmed) this.#restore(frame, original);
    else if (frame.originalLength > captured) this.#notes.countSnapped();
    return RecordStatus.Frame;
  }

  #readSimplePacket(frame: Frame): RecordStatus {
    const block = this.#block;
    if (block.length < 4) return this.#refuseFrame("is shorter than its fields");
    const entry = this.#section.interfaces[0];
    if (entry === undefined) return this.#refuseUnknownInterface(0);
    const original = block.u32(block.start);
    const limit = entry.snapLength === 0 ? original : Math.min(original, entry.snapLength);
    const captured = Math.min(limit, block.length - 4);
    this.#fill(frame, entry, block.start + 4, captured, original);
    if (captured < original) this.#notes.countSnapped();
    frame.timed = false;
    frame.seconds = 0;
    frame.nanoseconds = 0;
    const detail = `frame ${frame.number} comes without a time (simple packet block), as may others; record as enhanced packets`;
    this.#notes.problemOnce("timestamp", "no-timestamp", block.offset, detail);
    return RecordStatus.Frame;
  }

  #fill(frame: Frame, entry: PcapngInterface, from: number, captured: number, original: number): void {
    const block = this.#block;
    frame.number = this.#notes.countFrame();
    frame.linkType = entry.linkType;
    frame.interfaceId = entry.id;
    frame.originalLength = original < captured ? captured : original;
    frame.bytes = block.bytes;
    frame.view = block.view;
    frame.start = from;
    frame.end = from + captured;
    frame.direction = 0;
    frame.comments = noComments;
    frame.leftOut = 0;
    frame.segmentsBefore = undefined;
    frame.recordsBefore = undefined;
  }

  /** Gives a slimmed frame the number, the length and the time that it has in the original. */
  #restore(frame: Frame, original: OriginalFrame | undefined): void {
    const notes = this.#notes;
    if (original?.number !== undefined) frame.number = notes.countFramesTo(original.number);
    if (original?.timed === false) {
      frame.timed = false;
      frame.seconds = frame.nanoseconds = 0;
    }
    frame.segmentsBefore = original?.before;
    frame.recordsBefore = original?.records;
    const captured = Math.min(original?.captured ?? frame.originalLength, limits.capturedLength);
    if (captured < frame.originalLength) notes.countSnapped();
    if (captured > frame.end - frame.start) (this.#restored ??= new RestoredBytes()).fill(frame, captured);
  }

  /** Returns what slimming says of the frame, if it does. */
  #readPacketOptions(at: number, frame: Frame): OriginalFrame | undefined {
    const block = this.#block;
    let original: OriginalFrame | undefined;
    block.openOptions(at);
    while (block.nextOption()) {
      const { optionCode: code, optionLength: length } = block;
      if (code === optionFlags && length === 4) frame.direction = block.u32(block.optionStart) & 3;
      else if (code === optionComment) {
        const text = block.optionText();
        const told = this.#section.slimmed ? parseOriginalFrame(text) : undefined;
        if (told === undefined) addComment(frame, text);
        else original ??= told;
      } else if (code === optionProcess && length === 4) {
        const process = this.#section.processes[block.u32(block.optionStart)];
        if (process !== undefined) addComment(frame, process);
      }
    }
    if (block.overrun) {
      const detail = `an option of frame ${frame.number} runs over the end of its block; those before it are used`;
      this.#notes.problem("malformed", block.offset, detail);
    }
    return original;
  }

  /** Drops stand before the interface's next packet. 0xffff is "not known". */
  #readDrops(block: PcapngBlock): number {
    const interfaceNumber = block.u16(block.start);
    const drops = block.u16(block.start + 2);
    const entry = this.#section.interfaces[interfaceNumber];
    if (entry !== undefined && drops !== 0xffff) this.#section.countDrops(entry, drops);
    return interfaceNumber;
  }

  #readByteOrder(magic: number): boolean {
    if (magic === byteOrderMagic) this.#littleEndian = false;
    else if (magic === 0x4d3c2b1a) this.#littleEndian = true;
    else {
      this.#contradiction(`is a section header with the byte-order magic ${hexCode(magic, 8)}`);
      return false;
    }
    return true;
  }

  #readSectionHeader(): RecordStatus {
    const block = this.#block;
    if (block.length < smallestSectionHeader - smallestBlock)
      return this.#contradiction("is too short a section header");
    const major = block.u16(block.start + 4);
    if (major !== 1) {
      const detail = `the section at byte ${block.offset} is of pcapng version ${major}; version 1 is known`;
      this.#notes.damage("capture-unsupported", block.offset, detail);
      return RecordStatus.Ended;
    }
    this.#section = new PcapngSection(this.#notes);
    this.#section.readHeader(block);
    return RecordStatus.More;
  }

  /** The frame is counted, as Wireshark numbers it, and left out. */
  #refuseUnknownInterface(interfaceNumber: number): RecordStatus {
    this.#notes.countFrame();
    const { lastFrame } = this.#notes;
    const detail = `frame ${lastFrame} is of interface ${interfaceNumber}, which its section does not describe; it is left out, as are others of such`;
    this.#notes.facts.damaged = true;
    this.#notes.problemOnce("interface", "interface-unknown", this.#block.offset, detail);
    return RecordStatus.More;
  }

  #refuseFrame(what: string): RecordStatus {
    const number = this.#notes.countFrame();
    this.#notes.damage("malformed", this.#block.offset, `the block of frame ${number} ${what}; the frame is left out`);
    return RecordStatus.More;
  }

  /** A block larger than any recorder writes: memory is not spent on it. */
  #skipLarge(type: number, length: number): void {
    const { offset } = this.#input;
    if (carriesFrame(type)) this.#notes.countFrame();
    const detail = `the block at byte ${offset} (type ${hexCode(type, 8)}) has ${length} bytes, more than ${limits.captureBlock}; it is left out`;
    this.#notes.problem("block-too-large", offset, detail);
    this.#input.skip(length);
  }

  #want(needed: number): RecordStatus {
    this.#input.needed = needed;
    return RecordStatus.More;
  }

  #contradiction(what: string): RecordStatus {
    this.#notes.contradiction(this.#input.offset, `the block ${what}`);
    return RecordStatus.Ended;
  }
}

/**
 * Room for frames that slimming cut: the bytes that are left, then zeros.
 *
 * Invariant: everything behind `#used` is zero.
 */
class RestoredBytes {
  readonly #bytes = new Uint8Array(limits.capturedLength);
  readonly #view = new DataView(this.#bytes.buffer);
  #used = 0;

  /** Moves the frame here and makes it as long as it was captured. */
  fill(frame: Frame, captured: number): void {
    const kept = frame.end - frame.start;
    this.#bytes.fill(0, kept, this.#used);
    this.#bytes.set(frame.bytes.subarray(frame.start, frame.end));
    this.#used = kept;
    frame.bytes = this.#bytes;
    frame.view = this.#view;
    frame.start = 0;
    frame.end = captured;
    frame.leftOut = captured - kept;
  }
}

function carriesFrame(type: number): boolean {
  return (
    type === BlockType.EnhancedPacket ||
    type === BlockType.SimplePacket ||
    type === BlockType.Packet ||
    numberedBlocks.has(type)
  );
}

function addComment(frame: Frame, text: string): void {
  if (frame.comments.length < limits.frameComments) frame.comments = [...frame.comments, text];
}
