import { limits } from "../limits.ts";
import type { CaptureFormat } from "./facts.ts";
import type { Frame } from "./frame.ts";
import type { InputBlock } from "./input-block.ts";
import type { CaptureNotes } from "./notes.ts";
import { noComments, RecordStatus, type RecordReader } from "./records.ts";

/*
 * pcap: draft-ietf-opsawg-pcap. All integers in the byte order of the magic.
 *
 *   file header   magic 4, major version 2, minor version 2, reserved 8, snap length 4, link type 4
 *   record        seconds 4, micro- or nanoseconds 4, captured length 4, original length 4, captured bytes
 *
 * The low 16 bits of the link type field are the LINKTYPE_ value; those above tell of a frame check sequence. The
 * modified format (Kuznetzov's patch) adds to each record: interface index 4, protocol 2, packet type 1, padding 1.
 * Before version 2.3 the two lengths stood the other way round, in 2.3 either way.
 */

const fileHeaderLength = 24;
const recordHeaderLength = 16;
const modifiedRecordHeaderLength = 24;

/** PACKET_OUTGOING of Linux's if_packet.h, the packet type of the modified format. */
const packetOutgoing = 4;

const magics = new Map<number, { readonly format: CaptureFormat; readonly littleEndian: boolean }>([
  [0xa1b2c3d4, { format: "pcap", littleEndian: false }],
  [0xd4c3b2a1, { format: "pcap", littleEndian: true }],
  [0xa1b23c4d, { format: "pcap-nanosecond", littleEndian: false }],
  [0x4d3cb2a1, { format: "pcap-nanosecond", littleEndian: true }],
  [0xa1b2cd34, { format: "pcap-modified", littleEndian: false }],
  [0x34cdb2a1, { format: "pcap-modified", littleEndian: true }],
]);

/** Whether a file that starts with this big-endian word is a pcap file. */
export function isPcapMagic(word: number): boolean {
  return magics.has(word);
}

/**
 * Reads pcap records. A record that contradicts itself ends the file: there is nothing to find the next one by.
 *
 * Ignores: the time zone field, which every writer leaves 0.
 */
export class PcapReader implements RecordReader {
  readonly #input: InputBlock;
  readonly #notes: CaptureNotes;
  readonly #interfaceId: number;
  #littleEndian = false;
  #lengthsMayBeSwapped = false;
  /** Of a record; 0 until the header of the file was read. */
  #headerLength = 0;
  #unitNanoseconds = 1000;
  #unitsPerSecond = 1e6;
  #linkType = 0;
  #largestCapture: number = limits.capturedLength;

  constructor(input: InputBlock, notes: CaptureNotes) {
    this.#input = input;
    this.#notes = notes;
    this.#interfaceId = notes.nextInterface;
  }

  next(frame: Frame): RecordStatus {
    const input = this.#input;
    if (this.#headerLength === 0) {
      const status = this.#readFileHeader();
      if (status !== RecordStatus.Frame) return status;
    }
    const at = input.start;
    const available = input.end - at;
    const header = this.#headerLength;
    if (available < header) return this.#want(header);
    const view = input.view;
    const little = this.#littleEndian;
    let captured = view.getUint32(at + 8, little);
    let original = view.getUint32(at + 12, little);
    if (captured > original && this.#lengthsMayBeSwapped) [captured, original] = [original, captured];
    if (captured > this.#largestCapture) return this.#contradiction(captured);
    if (available < header + captured) return this.#want(header + captured);
    frame.number = this.#notes.countFrame();
    if (captured < original) this.#notes.countSnapped();
    frame.linkType = this.#linkType;
    frame.interfaceId = this.#interfaceId;
    frame.originalLength = original < captured ? captured : original;
    frame.bytes = input.bytes;
    frame.view = view;
    frame.start = at + header;
    frame.end = at + header + captured;
    frame.timed = true;
    frame.direction = header === modifiedRecordHeaderLength ? direction(view.getUint8(at + 22)) : 0;
    frame.comments = noComments;
    frame.leftOut = 0;
    frame.segmentsBefore = undefined;
    frame.recordsBefore = undefined;
    this.#readTime(frame, view.getUint32(at, little), view.getUint32(at + 4, little));
    input.start = frame.end;
    return RecordStatus.Frame;
  }

  finish(): void {
    const { available, offset, needed } = this.#input;
    const started = this.#headerLength > 0;
    if (available === 0 && started) return;
    const what = started ? `the record of frame ${this.#notes.lastFrame + 1}` : "the file header";
    this.#notes.cut(offset + available, what, needed - available);
  }

  /** Some writers let the fraction run over a second; it is carried. */
  #readTime(frame: Frame, seconds: number, fraction: number): void {
    const perSecond = this.#unitsPerSecond;
    const carry = fraction < perSecond ? 0 : Math.floor(fraction / perSecond);
    frame.seconds = seconds + carry;
    frame.nanoseconds = (fraction - carry * perSecond) * this.#unitNanoseconds;
  }

  #readFileHeader(): RecordStatus {
    const input = this.#input;
    if (input.available < fileHeaderLength) return this.#want(fileHeaderLength);
    const { view, start: at } = input;
    const variant = magics.get(view.getUint32(at));
    if (variant === undefined) return RecordStatus.Ended;
    const little = variant.littleEndian;
    this.#littleEndian = little;
    this.#notes.format(variant.format);
    if (variant.format === "pcap-nanosecond") {
      this.#unitNanoseconds = 1;
      this.#unitsPerSecond = 1e9;
    }
    const major = view.getUint16(at + 4, little);
    const minor = view.getUint16(at + 6, little);
    if (major !== 2) {
      this.#notes.damage("capture-unsupported", 4, `pcap version ${major}.${minor}; versions 2.x are known`);
      return RecordStatus.Ended;
    }
    this.#lengthsMayBeSwapped = minor <= 3;
    const snapLength = view.getUint32(at + 16, little);
    if (snapLength <= limits.captureBlock) this.#largestCapture = Math.max(snapLength, limits.capturedLength);
    this.#linkType = view.getUint32(at + 20, little) & 0xffff;
    this.#notes.interface(this.#linkType, snapLength);
    this.#notes.nextInterface++;
    input.start += fileHeaderLength;
    this.#headerLength = variant.format === "pcap-modified" ? modifiedRecordHeaderLength : recordHeaderLength;
    return RecordStatus.Frame;
  }

  #want(needed: number): RecordStatus {
    this.#input.needed = needed;
    return RecordStatus.More;
  }

  #contradiction(captured: number): RecordStatus {
    const what = `the record of frame ${this.#notes.lastFrame + 1} claims ${captured} captured bytes, more than the ${this.#largestCapture} that this file allows,`;
    this.#notes.contradiction(this.#input.offset, what);
    return RecordStatus.Ended;
  }
}

function direction(packetType: number): number {
  return packetType === packetOutgoing ? 2 : 1;
}
