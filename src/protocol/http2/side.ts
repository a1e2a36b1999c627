/*
 * One direction of an HTTP/2 connection. Spec: RFC 9113 §3.4, §4, §6.
 *
 *   preface       client: 24 bytes, then SETTINGS; server: SETTINGS
 *   frames        see frame-reader.ts
 *   field block   HEADERS or PUSH_PROMISE, then CONTINUATION frames with nothing between them
 *   HEADERS       [pad length 1], [priority 5], fragment, [padding]
 *   PUSH_PROMISE  [pad length 1], stream 4, fragment, [padding]
 *   SETTINGS      rows of identifier 2, value 4
 *   RST_STREAM    error code 4
 *   GOAWAY        last stream 4, error code 4, debug data
 */
import { Accumulator } from "../../bytes/accumulator.ts";
import { MalformedError } from "../../bytes/malformed.ts";
import { limits } from "../../limits.ts";
import type { Direction, Moment } from "../../stream/consumer.ts";
import type { Stamp } from "../exchange-notes.ts";
import { preface } from "./detect.ts";
import { defaultTableSize } from "./dynamic-table.ts";
import { FieldSection, keepRead } from "./field-section.ts";
import { FrameType, isPossibleHeader, streamAt, Flag, FrameReader, type FrameSink } from "./frame-reader.ts";
import { HpackDecoder } from "./hpack.ts";

/** What the two sides of a connection tell. */
export interface SideListener {
  /** The side did not begin at its beginning: what its fields refer to may be unknown. */
  onLateStart(direction: Direction): void;
  /** A field section of a stream; `promised` is the stream that it promises, 0 where it is an ordinary one. */
  onSection(direction: Direction, stream: number, promised: number, section: FieldSection, at: Stamp): void;
  onContent(direction: Direction, stream: number, bytes: Uint8Array, start: number, end: number): void;
  onContentLost(direction: Direction, stream: number, length: number): void;
  onStreamEnd(direction: Direction, stream: number): void;
  onReset(direction: Direction, stream: number, code: number): void;
  /** SETTINGS_HEADER_TABLE_SIZE and SETTINGS_MAX_FRAME_SIZE of a SETTINGS frame, or what they are unless told. */
  onSettings(direction: Direction, tableSize: number, frameSize: number): void;
  onGoAway(direction: Direction, lastStream: number, code: number): void;
}

export class Side implements FrameSink {
  readonly hpack = new HpackDecoder(keepRead);
  /** Largest payload that the other side takes; unknown until it has said so. */
  largestFrame = Infinity;
  /** Frame that carried the bytes being read. */
  frame = 0;
  late = false;
  settingsSeen = false;
  readonly #direction: Direction;
  readonly #listener: SideListener;
  readonly #reader = new FrameReader(this);
  /** Bytes of the client's preface that came. */
  #prefaceRead = 0;
  #framesRead = 0;
  /** The field block that is open, and the frame that opened it. */
  readonly #block = new Accumulator(limits.httpHead);
  #blockStream = 0;
  #blockPromises = 0;
  #blockEndsStream = false;
  #blockAt: Stamp = { frame: 0, seconds: 0, nanoseconds: 0 };

  constructor(direction: Direction, listener: SideListener) {
    this.#direction = direction;
    this.#listener = listener;
  }

  /** Throws: `MalformedError`; nothing can be told apart behind it. */
  read(bytes: Uint8Array, start: number, end: number, frame: number, moment: Moment): void {
    this.frame = frame;
    const at = this.#direction === 0 && this.#framesRead === 0 ? this.#readPreface(bytes, start, end) : start;
    this.#reader.read(bytes, at, end, frame, moment);
  }

  /** Passes missing bytes over. Returns false where what follows can no longer be told apart. */
  skipMissing(length: number): boolean {
    if (this.#framesRead > 0 || this.#reader.inFrame) return this.#reader.skipMissing(length);
    if (this.#prefaceRead > 0 && this.#prefaceRead < preface.length) return false;
    this.#joinLate();
    return true;
  }

  clear(): void {
    this.#reader.clear();
    this.#block.clear();
  }

  onHeader(reader: FrameReader): void {
    const { type, stream, length } = reader;
    if (this.#framesRead++ === 0) this.#checkFirst(reader);
    const fits = isPossibleHeader(reader, this.#direction) && length <= this.largestFrame;
    if (!fits) throw malformed(`a frame of type ${type} with ${length} bytes on stream ${stream}`);
    const continues = type === FrameType.continuation;
    if (continues !== this.#blockStream > 0 || (continues && stream !== this.#blockStream)) {
      throw malformed("a field block without its continuation, or the other way round");
    }
  }

  onPayload(reader: FrameReader, bytes: Uint8Array, start: number, end: number): void {
    switch (reader.type) {
      case FrameType.settings:
        this.#settings(reader, bytes, start, end);
        break;
      case FrameType.resetStream:
        this.#listener.onReset(this.#direction, reader.stream, u32(bytes, start));
        break;
      case FrameType.goAway:
        this.#listener.onGoAway(this.#direction, streamAt(bytes, start), u32(bytes, start + 4));
        break;
      case FrameType.continuation:
        this.#continue(reader, bytes, start, end);
        break;
      default:
        this.#openBlock(reader, bytes, start, end);
    }
  }

  onContent(reader: FrameReader, bytes: Uint8Array, start: number, end: number): void {
    this.#listener.onContent(this.#direction, reader.stream, bytes, start, end);
  }

  onContentLost(reader: FrameReader, length: number): void {
    this.#listener.onContentLost(this.#direction, reader.stream, length);
  }

  onDataEnd(reader: FrameReader): void {
    if ((reader.flags & Flag.endStream) !== 0) this.#listener.onStreamEnd(this.#direction, reader.stream);
  }

  #readPreface(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (!this.late && at < end && this.#prefaceRead < preface.length) {
      if (bytes[at] !== preface[this.#prefaceRead]) {
        if (this.#prefaceRead > 0) throw malformed("connection preface");
        this.#joinLate();
        break;
      }
      this.#prefaceRead++;
      at++;
    }
    return at;
  }

  #joinLate(): void {
    if (this.late) return;
    this.late = true;
    this.hpack.joinLate();
    this.#listener.onLateStart(this.#direction);
  }

  /** SETTINGS come first; where they do not, the beginning is missing, and this must look like a frame all the same. */
  #checkFirst({ type, flags, length }: FrameReader): void {
    const settings = type === FrameType.settings && (flags & Flag.acknowledge) === 0;
    if (!this.late && !settings && this.#prefaceRead > 0) throw malformed("no SETTINGS behind the preface");
    if (!this.late && !settings) this.#joinLate();
    if (this.late && (type > FrameType.continuation || length > largestLate))
      throw malformed("not a frame's beginning");
  }

  #settings({ flags }: FrameReader, bytes: Uint8Array, start: number, end: number): void {
    if ((flags & Flag.acknowledge) !== 0) return;
    let tableSize = defaultTableSize;
    let frameSize = defaultFrameSize;
    for (let at = start; at < end; at += 6) {
      const identifier = (bytes[at] << 8) | bytes[at + 1];
      const value = u32(bytes, at + 2);
      if (identifier === headerTableSize) tableSize = value;
      if (identifier === maxFrameSize) frameSize = value;
    }
    this.#listener.onSettings(this.#direction, tableSize, frameSize);
  }

  #openBlock(reader: FrameReader, bytes: Uint8Array, start: number, end: number): void {
    const { flags, stream, type } = reader;
    const padded = (flags & Flag.padded) !== 0;
    const padding = padded ? bytes[start] : 0;
    const promises = type === FrameType.pushPromise;
    const prioritized = !promises && (flags & Flag.priority) !== 0;
    const from = start + (padded ? 1 : 0) + (promises ? 4 : 0) + (prioritized ? 5 : 0);
    const to = end - padding;
    if (from > to) throw malformed("padding of a field block");
    this.#blockStream = stream;
    this.#blockPromises = promises ? streamAt(bytes, start + (padded ? 1 : 0)) : 0;
    this.#blockEndsStream = !promises && (flags & Flag.endStream) !== 0;
    this.#blockAt = { frame: reader.frame, seconds: reader.seconds, nanoseconds: reader.nanoseconds };
    if ((flags & Flag.endHeaders) !== 0) this.#closeBlock(bytes, from, to);
    else this.#append(bytes, from, to);
  }

  #continue({ flags }: FrameReader, bytes: Uint8Array, start: number, end: number): void {
    this.#append(bytes, start, end);
    if ((flags & Flag.endHeaders) === 0) return;
    this.#closeBlock(this.#block.bytes, 0, this.#block.length);
    this.#block.clear();
  }

  #append(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#block.append(bytes, start, end)) throw new MalformedError("too-large", 0, "field block");
  }

  #closeBlock(bytes: Uint8Array, start: number, end: number): void {
    const stream = this.#blockStream;
    this.#blockStream = 0;
    const section = new FieldSection();
    this.hpack.decode(bytes, start, end, section);
    this.#listener.onSection(this.#direction, stream, this.#blockPromises, section, this.#blockAt);
    if (this.#blockEndsStream) this.#listener.onStreamEnd(this.#direction, stream);
  }
}

/** Far more than anybody sends in one frame, and little enough to tell most other bytes from a frame's length. */
const largestLate = 1 << 20;

function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

function malformed(what: string): MalformedError {
  return new MalformedError("bad-value", 0, what);
}

/** Identifiers of SETTINGS, and what they are unless told: RFC 9113 §6.5.2. */
const headerTableSize = 1;
const maxFrameSize = 5;
const defaultFrameSize = 16_384;
