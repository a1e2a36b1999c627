import type { Frame, LeftOutRecords, LeftOutSegments } from "../capture/frame.ts";
import type { Collector } from "../flow/collector.ts";
import { GoContentWatch } from "../gomod/checksum/content-watch.ts";
import { limits } from "../limits.ts";
import { PacketDecoder } from "../packet/decoder.ts";
import { QuotedSegment, readIcmpError } from "../packet/icmp.ts";
import { PacketKind, type Packet } from "../packet/packet.ts";
import type { ProblemCode } from "../problem.ts";
import type { ContentSink, ContentWatch, CountedBytes } from "../protocol/content.ts";
import type { ContentFacts, HttpExchange } from "../protocol/exchange.ts";
import { isQuicLong } from "../protocol/quic.ts";
import type { Direction, Moment } from "../stream/consumer.ts";
import type { ConnectionFacts } from "../stream/facts.ts";
import { rememberedSegments } from "../stream/recent.ts";
import { ConnectionTable, type ConnectionSink, type OpenedConnection } from "../stream/table.ts";
import { FramePlan } from "./frame-plan.ts";
import { OpenedRecord } from "./opened-record.ts";
import { RecordRun } from "./record-run.ts";
import { Tap, type TapListener, type TappedSide } from "./tap.ts";

/** More credentials and addresses in clear text than are kept track of. */
export class EditsExhausted extends Error {
  override readonly name = "EditsExhausted";
}

/** What is known of one side of a connection, by its sender: see FramePlan. */
export type SidePlan = Pick<TappedSide, "offset" | "skippedFrom" | "edits"> & { readonly base: number };

/**
 * Looks through a capture for what a report needs of it.
 *
 * Invariants: what frames are cut to follows from what the protocols read, so that who reads the slimmed capture stops at
 * the same bytes. A side that is still read is cut only where content of an answer is long, and nowhere near a segment
 * that is not simply the next: those are compared with others. Segments go only as a Run says.
 */
export class Survey implements ConnectionSink, TapListener, ContentWatch, CountedBytes {
  readonly plan = new FramePlan();
  readonly leftOut = new Map<number, LeftOutSegments>();
  /** What the frames tell in which records end that were left out. */
  readonly records = new Map<number, LeftOutRecords>();
  readonly sides = new Map<number, SidePlan>();
  /** Answers with long content that Go does not take, by the order in which answers began. */
  readonly refused = new Set<number>();
  readonly decoder = new PacketDecoder();
  readonly table: ConnectionTable;
  readonly collector: Collector;
  readonly #quoted = new QuotedSegment();
  readonly #taps = new Map<number, Tap>();
  readonly #kept: ReadonlySet<number>;
  /** Tells what Go refuses; not asked where that is known. */
  readonly #reader: GoContentWatch | undefined;
  #answers = 0;
  #edits = 0;
  #tapped: Tap | undefined;
  #direction: Direction = 0;
  /** Of the frame at hand: payload before bytes that are not needed, of which answer they are if of one; or their end. */
  #neededTo = Infinity;
  #content: LongContent | undefined;
  #ended = false;
  /** The record that is being given on. */
  readonly #record = new OpenedRecord();
  #frame = 0;

  /** `kept` are the answers whose content stays however long it is: those that a survey before found refused, if there was one. */
  constructor(moment: Moment, collector: Collector, kept?: ReadonlySet<number>) {
    this.collector = collector;
    this.#kept = kept ?? new Set();
    this.#reader = kept === undefined ? new GoContentWatch(false) : undefined;
    collector.content = collector.counted = this;
    this.table = new ConnectionTable(moment, this);
  }

  get packet(): Packet {
    return this.decoder.packet;
  }

  /** Takes the frame that the moment stands at. */
  accept(frame: Frame): void {
    const { decoder, plan } = this;
    const kind = decoder.decode(frame);
    if (kind === PacketKind.Fragment) plan.fragmentAfter(frame.number, decoder.fragmentBefore);
    else if (decoder.datagram !== undefined) plan.dropFragments(decoder.fragmentBefore);
    switch (kind) {
      case PacketKind.Tcp:
        this.#acceptSegment(frame);
        break;
      case PacketKind.Udp:
        this.#acceptDatagram(frame);
        break;
      case PacketKind.Icmp:
        if (readIcmpError(this.packet, this.#quoted)) this.table.icmp(this.packet, this.#quoted);
        break;
      default:
        break;
    }
  }

  finish(): void {
    this.decoder.finish();
    this.table.endOfCapture();
  }

  open(connection: OpenedConnection): Tap {
    const tap = new Tap(connection, this.collector.open(connection), this);
    this.#taps.set(connection.id, tap);
    return tap;
  }

  close(facts: ConnectionFacts, tap: Tap): void {
    tap.close();
    for (const { records } of tap.sides) records?.close();
    tap.run.end(this.plan, this.leftOut);
    this.#taps.delete(tap.id);
    for (const direction of [0, 1] as const) {
      const { base, offset, skippedFrom, edits } = tap.sides[direction];
      if (base === undefined || tap.clientSide === undefined) continue;
      edits.sort((one, other) => one.at - other.at);
      this.sides.set(tap.id * 2 + (direction ^ tap.clientSide), { base, offset, skippedFrom, edits });
    }
    this.collector.close(facts, tap.stack);
  }

  problem(code: ProblemCode, detail: string, tap: Tap | undefined): void {
    this.collector.problem(code, detail, tap?.stack);
  }

  tapped(tap: Tap, direction: Direction): void {
    this.#tapped = tap;
    this.#direction = direction;
    tap.sides[direction].records?.add(this.#frame);
  }

  found(): void {
    if (++this.#edits > limits.slimEdits) {
      throw new EditsExhausted(`more than ${limits.slimEdits} credentials and addresses in clear text`);
    }
  }

  watch(exchange: HttpExchange): ContentSink {
    this.#record.keep();
    const number = this.#answers++;
    return new LongContent(this, { number, mayGo: !this.#kept.has(number), reading: this.#reader?.watch(exchange) });
  }

  onCounted(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#endsPayload(bytes, start, end)) return;
    this.#neededTo = start - this.packet.payloadStart;
    this.#content = undefined;
  }

  onCountedEnd(): void {
    this.#ended = true;
  }

  onOpened(bytes: Uint8Array, start: number, end: number): void {
    this.#record.open(bytes, start, end);
  }

  onOpenedEnd(bytes: Uint8Array, end: number, canBeLeftOut: boolean): void {
    const opened = this.#record.content();
    const content = canBeLeftOut ? opened : undefined;
    if (bytes !== this.packet.bytes || this.#tapped === undefined) return;
    const side = this.#tapped.sides[this.#direction];
    side.records ??= new RecordRun(this.plan, this.records);
    side.records.endRecord({ frame: this.#frame, offset: end - this.packet.payloadStart }, content);
  }

  /** Content of an answer. */
  onContent(content: LongContent, bytes: Uint8Array, start: number, end: number): void {
    if (content.isLong) this.#record.cover(bytes, start, end);
    if (!this.#endsPayload(bytes, start, end)) return;
    this.#neededTo = start - this.packet.payloadStart;
    this.#content = content;
  }

  onContentEnd(): void {
    this.#ended = true;
    this.#record.keep();
  }

  /** Whether the bytes are the last of the payload at hand, as it came. */
  #endsPayload(bytes: Uint8Array, start: number, end: number): boolean {
    const { packet } = this;
    return bytes === packet.bytes && end === packet.payloadEnd && start >= packet.payloadStart;
  }

  #acceptSegment(frame: Frame): void {
    const { packet, table, plan } = this;
    this.#forgetFrame();
    this.#frame = frame.number;
    if (frame.recordsBefore !== undefined) this.records.set(frame.number, frame.recordsBefore);
    if (frame.segmentsBefore !== undefined) this.#keepLeftOut(frame, frame.segmentsBefore);
    const ordinary = table.accept(packet);
    const sender = table.senderOf(packet);
    if (sender < 0) return;
    plan.sentBy(frame.number, sender);
    if (this.#tapped !== undefined) this.#tapped.clientSide = ((sender & 1) ^ this.#direction) as Direction;
    const tap = this.#taps.get(sender >>> 1);
    if (tap === undefined) return;
    if (ordinary) this.#acceptOrdinary(frame, tap, (sender & 1) as 0 | 1);
    else if (packet.payloadLength > 0) this.#acceptDisturbance(tap);
    // What brings no payload, as what opens the window, is compared with no bytes.
    else if (tap.run.isFull) tap.run.end(plan, this.leftOut);
    else tap.run.interrupt(frame.number, (sender & 1) as 0 | 1);
  }

  #forgetFrame(): void {
    this.#tapped = this.#content = undefined;
    this.#neededTo = Infinity;
    this.#ended = false;
  }

  /** Of what was slimmed before, what was left out stays so. */
  #keepLeftOut(frame: Frame, segments: LeftOutSegments): void {
    this.table.leaveOut(this.packet, segments);
    const sender = this.table.senderOf(this.packet);
    const tap = this.#taps.get(sender >>> 1);
    if (tap !== undefined) this.#disturb(tap);
    this.leftOut.set(frame.number, segments);
  }

  #acceptOrdinary(frame: Frame, tap: Tap, sender: 0 | 1): void {
    const { payloadLength } = this.packet;
    const isSkipped = payloadLength > 0 && this.#tapped === undefined;
    const side = tap.sides[(sender ^ (tap.clientSide ?? 0)) as Direction];
    if (isSkipped) this.plan.cut(frame.number, 0);
    else if (this.#neededTo < payloadLength) this.#cut(frame.number, side);
    if (!isSkipped && side.recent !== undefined && side.recent.push(frame.number) > rememberedSegments) {
      side.recent.shift();
    }
    const mayGo = payloadLength === 0 || isSkipped || this.#isInside || side.records !== undefined;
    if (!mayGo || frame.segmentsBefore !== undefined || tap.run.isFull) tap.run.end(this.plan, this.leftOut);
    else tap.run.add(frame.number, sender, payloadLength);
  }

  #cut(frame: number, side: TappedSide): void {
    if (this.#content === undefined) this.plan.cut(frame, this.#neededTo);
    else this.#content.cut(frame, this.#neededTo);
    side.recent ??= [];
  }

  /** The payload at hand lies within what is not needed, whose end is told by another frame. */
  get #isInside(): boolean {
    return this.#neededTo === 0 && this.#content?.isLong !== false && !this.#ended;
  }

  /** Payload that is not simply the next is compared with what came before: as far as that was read it stays whole. */
  #acceptDisturbance(tap: Tap): void {
    this.#disturb(tap);
    for (const { recent } of tap.sides) for (const number of recent ?? []) this.plan.hold(number);
  }

  #disturb(tap: Tap): void {
    for (const { records } of tap.sides) records?.disturb(rememberedSegments);
    tap.run.end(this.plan, this.leftOut);
  }

  #acceptDatagram(frame: Frame): void {
    const { packet, collector } = this;
    const { dns } = collector.datagrams;
    collector.datagram(packet);
    if (collector.datagrams.dns > dns) return;
    const { bytes, payloadStart, payloadEnd } = packet;
    this.plan.cut(frame.number, isQuicLong(bytes, payloadStart, payloadEnd) ? longestQuicStart : 0);
  }
}

interface Answer {
  readonly number: number;
  readonly mayGo: boolean;
  /** What tells whether Go takes the content. */
  readonly reading: ContentSink | undefined;
}

/**
 * The content of one answer. Long content that may go is cut, all of it; other content stays.
 *
 * Invariant: `#frames` are those that may be cut, with the payload before the content, while it is not known to be long.
 */
class LongContent implements ContentSink {
  readonly #survey: Survey;
  readonly #answer: Answer;
  #bytes = 0;
  #frames: [frame: number, payload: number][] = [];

  constructor(survey: Survey, answer: Answer) {
    this.#survey = survey;
    this.#answer = answer;
  }

  get isLong(): boolean {
    return this.#answer.mayGo && this.#bytes > limits.slimContent;
  }

  onContent(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes += end - start;
    this.#answer.reading?.onContent(bytes, start, end);
    this.#survey.onContent(this, bytes, start, end);
  }

  onContentEnd(complete: boolean): ContentFacts {
    const read = this.#answer.reading?.onContentEnd(complete);
    if (this.isLong && read?.error !== undefined) this.#survey.refused.add(this.#answer.number);
    this.#survey.onContentEnd();
    return { complete, bytes: this.#bytes };
  }

  /** Of the frame nothing is needed behind so much of its payload, if the content is long. */
  cut(frame: number, payload: number): void {
    if (!this.#answer.mayGo) return;
    if (!this.isLong) {
      this.#frames.push([frame, payload]);
      return;
    }
    for (const [earlier, before] of this.#frames) this.#survey.plan.cut(earlier, before);
    this.#frames = [];
    this.#survey.plan.cut(frame, payload);
  }
}

/** Form, version and both connection ids with their lengths: what tells QUIC. */
const longestQuicStart = 48;
