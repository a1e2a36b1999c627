import { MalformedError } from "../../bytes/malformed.ts";
import { limits } from "../../limits.ts";
import type { ProblemCode } from "../../problem.ts";
import { Demand, type Direction, type EndReason } from "../../stream/consumer.ts";
import type { Decoder, DecoderContext } from "../layer.ts";
import { noteStrangeAnswer, wantsStrangeAnswer } from "../strange-answer.ts";
import { ApplicationData } from "./application-data.ts";
import { conclude } from "./conclusion.ts";
import { Decryption, type PlaintextSink } from "./decryption.ts";
import type { TlsAlert, TlsFacts } from "./facts.ts";
import { HandshakeType } from "./handshake.ts";
import { emptyFacts, HandshakeObserver } from "./observer.ts";
import { ContentType, type RecordSink } from "./record.ts";
import { RecordLog, recordSizes } from "./record-log.ts";
import { Resynchronizer } from "./resynchronizer.ts";
import { Side } from "./side.ts";
import type { DecryptedHandshake } from "./verdict.ts";

const tls13 = 0x0304;
const sender = ["client", "server"] as const;

/**
 * Decodes one TLS connection from the records of both directions: handshake messages and alerts in clear, the types and
 * lengths of encrypted records, and what is in these where there are secrets for them.
 *
 * Invariants: nothing of an encrypted record is kept but type, length and frame; the verdict, the inferences
 * and all that counts application data stand in `facts` from the moment when each direction has ended or been skipped.
 */
export class TlsDecoder implements Decoder, RecordSink, PlaintextSink {
  readonly facts: TlsFacts = emptyFacts();
  readonly #context: DecoderContext;
  readonly #observer: HandshakeObserver;
  readonly #sides: readonly [Side, Side];
  readonly #log = new RecordLog();
  readonly #alerts: TlsAlert[] = [];
  #data: ApplicationData | undefined;
  /** Undefined where there are no secrets, or none for this connection. */
  #decryption: Decryption | undefined;
  #established = false;
  #clientFrame = -1;
  /** Whether the last conclusion knew that the client had ended the connection; undefined before the first. */
  #concludedWith: boolean | undefined;

  constructor(context: DecoderContext) {
    this.#context = context;
    this.#observer = new HandshakeObserver(context, this.facts);
    this.#sides = [new Side(0, this), new Side(1, this)];
    if (context.secrets !== undefined) {
      this.#decryption = new Decryption(context.secrets, this.facts, context.moment, this);
      this.#data = new ApplicationData(context, this.facts);
    }
  }

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    const side = this.#sides[direction];
    if (side.quiet) return this.#strangeAnswer(side, bytes, start, end);
    if (side.leftOut > 0) return this.#resume(direction, bytes, start, end, frame);
    if (direction === 0 && this.facts.hello === undefined && frame !== this.#clientFrame) {
      this.#clientFrame = frame;
      this.facts.helloSegments++;
    }
    if (side.resynchronizer !== undefined) this.#resynchronize(direction, bytes, start, end, frame);
    else if (!side.reader.read(bytes, start, end, frame)) this.#notTls(direction, bytes, end);
    return this.#demand(side, direction);
  }

  onGap(direction: Direction, length: number): Demand {
    const side = this.#sides[direction];
    if (side.quiet) return Demand.Skip;
    if (this.#isLeftOut(side, direction)) side.leftOut += length;
    else this.#miss(side, direction, length);
    return this.#demand(side, direction);
  }

  #miss(side: Side, direction: Direction, length: number): void {
    const { frame } = this.#context.moment;
    const openClear = side.clear && side.contentType === ContentType.handshake;
    if (side.resynchronizer === undefined && side.reader.skipLost(length)) {
      if (openClear) this.#lose(side, direction, length);
      else this.#decryption?.damage(direction);
      side.reader.closeIfSkipped(frame);
    } else if (this.#established && this.#decryption?.isActive(direction) !== true) {
      side.quiet = true;
    } else {
      if (this.#decryption?.carriesData(direction) !== true) this.#lose(side, direction, length);
      this.#decryption?.lose(direction, length + (side.resynchronizer?.length ?? side.reader.unfinished));
      side.reader.restart();
      side.resynchronizer = new Resynchronizer();
    }
  }

  /** Whether what is missing are records that slimming left out, from the one that is open on. */
  #isLeftOut(side: Side, direction: Direction): boolean {
    if (side.leftOut > 0) return true;
    if (!this.#context.moment.leavesOut || this.#decryption?.canLeaveOut(direction) !== true) return false;
    this.#decryption.abandon(direction);
    side.reader.restart();
    return true;
  }

  /** Takes no bytes up to the frame that tells what was left out; goes on behind that. */
  #resume(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    const side = this.#sides[direction];
    const { recordsBefore } = this.#context.moment;
    if (recordsBefore === undefined) {
      side.leftOut += end - start;
      return Demand.More;
    }
    side.leftOut = 0;
    this.#decryption?.leaveOut(direction, recordsBefore.count);
    for (const piece of recordsBefore.content) {
      if (typeof piece === "number") this.#data?.onGap(direction, piece);
      else this.#data?.onData(direction, piece, 0, piece.length, frame);
    }
    const from = start + recordsBefore.tail;
    return from < end ? this.onData(direction, bytes, from, end, frame) : Demand.More;
  }

  onEnd(direction: Direction, reason: EndReason): void {
    const side = this.#sides[direction];
    side.ended = reason;
    if (direction === 0 && !side.quiet && this.#readCutHello(side)) {
      this.#context.problem("tls", "bytes-lost", "the capture has only the beginning of the ClientHello");
    }
    if (side.resynchronizer !== undefined && !side.quiet) {
      this.#continueAt(direction, side.resynchronizer.find(true));
    }
    this.#decryption?.end(direction);
    this.#concludeIfOver();
    this.#data?.onEnd(direction, reason);
  }

  /** Called by the record readers. */
  recordStart(direction: Direction, contentType: number, length: number): void {
    const side = this.#sides[direction];
    side.contentType = contentType;
    side.recordLength = length;
    side.clear = this.#isClear(side, contentType, length);
    side.alertLevel = -1;
    if (!side.clear) this.#decryption?.recordStart(direction, contentType, length);
  }

  /** Called by the record readers. */
  recordBytes(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): void {
    const side = this.#sides[direction];
    side.bytes = bytes;
    side.bytesEnd = end;
    if (!side.clear) this.#protectedBytes(direction, bytes, start, end, frame);
    else if (side.contentType === ContentType.handshake) this.#handshakeBytes(direction, bytes, start, end, frame);
    else if (side.contentType === ContentType.alert) this.#alertBytes(direction, bytes, start, end, frame);
  }

  /** Called by the record readers. */
  recordEnd(direction: Direction, frame: number): void {
    const side = this.#sides[direction];
    if (!side.clear) {
      this.#decryption?.recordEnd(direction, frame);
      this.#context.counted?.onCountedEnd();
      const canBeLeftOut = this.#decryption?.canLeaveOut(direction) === true;
      this.#context.counted?.onOpenedEnd(side.bytes, side.bytesEnd, canBeLeftOut);
    }
    if (side.contentType === ContentType.changeCipherSpec) {
      if (side.clear) this.#decryption?.changeCipher(direction);
      side.changedCipher = true;
      if (direction === 1) this.#observer.serverChangedCipher();
    } else if (!side.clear && side.contentType !== ContentType.heartbeat) {
      this.#log.note(direction, side.contentType, side.recordLength, frame);
      this.#noteProgress(direction, side.contentType, side.recordLength);
    }
  }

  #protectedBytes(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): void {
    if (this.#decryption !== undefined) this.#decryption.recordBytes(direction, bytes, start, end, frame);
    else if (this.#established) this.#context.counted?.onCounted(bytes, start, end);
  }

  /** Called by the decryption. */
  plaintext(
    direction: Direction,
    contentType: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    frame: number,
  ): void {
    if (contentType === ContentType.applicationData) {
      this.#context.counted?.onOpened(bytes, start, end);
      this.#data!.clientIsHidden = this.#decryption!.clientIsHidden;
      this.#data!.onData(direction, bytes, start, end, frame);
      return;
    }
    const side = this.#sides[direction];
    // Records that were held may be opened while a message in clear is read.
    const outer = side.decrypted;
    side.decrypted = true;
    if (contentType === ContentType.handshake) this.#handshakeBytes(direction, bytes, start, end, frame);
    else if (contentType === ContentType.alert) this.#alertBytes(direction, bytes, start, end, frame);
    else if (contentType === ContentType.changeCipherSpec) this.#decryption?.changeCipher(direction);
    side.decrypted = outer;
  }

  /** Called by the decryption. */
  recordsLost(direction: Direction, dataBytes: number): void {
    const side = this.#sides[direction];
    side.handshake.clear();
    if (dataBytes > 0) {
      this.#data!.onGap(direction, dataBytes);
    } else if (!this.#established) {
      side.lost = true;
      this.facts.handshakeLost = true;
    }
  }

  /** Called by the decryption. */
  problem(code: ProblemCode, detail: string): void {
    this.#context.problem("tls", code, detail);
  }

  /**
   * In TLS 1.3 ChangeCipherSpec means nothing; one of more than its byte belongs to a renegotiation. An alert of two bytes
   * is in clear in every version.
   */
  #isClear(side: Side, contentType: number, length: number): boolean {
    if (contentType === ContentType.applicationData) return false;
    if (contentType === ContentType.alert) return length === 2;
    if (contentType === ContentType.changeCipherSpec) return length === 1 || !side.changedCipher;
    return !side.changedCipher || (this.facts.negotiatedVersion ?? 0) >= tls13;
  }

  #handshakeBytes(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): void {
    const side = this.#sides[direction];
    if (side.deaf) return;
    const { handshake } = side;
    try {
      handshake.append(bytes, start, end);
      while (handshake.next()) {
        this.#message(direction, side, frame);
      }
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      side.deaf = true;
      handshake.clear();
      if (!side.lost) this.#reportMalformed(direction, error);
    }
  }

  #message(direction: Direction, side: Side, frame: number): void {
    const { type, bytes, start, end } = side.handshake;
    const { negotiatedVersion = 0 } = this.facts;
    // What is said under the keys of TLS 1.2 belongs to a renegotiation; facts tell of the first handshake.
    if (!side.decrypted || negotiatedVersion >= tls13)
      this.#observer.message(direction, type, bytes, start, end, frame);
    if (side.decrypted && type === HandshakeType.finished) this.#finished(direction, side, frame);
    if (this.#decryption === undefined) return;
    this.#decryption.message(direction, type, bytes, start, end);
    if (this.#decryption.isIdle) this.#forgetDecryption();
  }

  #finished(direction: Direction, side: Side, frame: number): void {
    if (side.finishedFrame === 0) side.finishedFrame = frame;
    if (direction === 0 && (this.facts.negotiatedVersion ?? 0) >= tls13) this.#establish();
  }

  #forgetDecryption(): void {
    this.#decryption?.stop(0);
    this.#decryption?.stop(1);
    this.#decryption = undefined;
    this.#data = undefined;
  }

  #reportMalformed(direction: Direction, error: MalformedError): void {
    const code = error.code === "too-large" ? "message-too-large" : "malformed";
    this.#context.problem("tls", code, `${sender[direction]}'s ${error.message}`, error.offset);
  }

  #alertBytes(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): void {
    const side = this.#sides[direction];
    for (let at = start; at < end; at++) {
      if (side.alertLevel < 0) side.alertLevel = bytes[at];
      else {
        const alert = { from: sender[direction], level: side.alertLevel, description: bytes[at], frame } as const;
        if (this.#alerts.length < limits.alerts) {
          this.#alerts.push({ ...alert, grade: side.decrypted ? "decrypted" : "seen" });
        }
        side.alertLevel = -1;
      }
    }
  }

  /** Stages as the encrypted records show them. */
  #noteProgress(direction: Direction, contentType: number, length: number): void {
    if (this.#established) return;
    if ((this.facts.negotiatedVersion ?? 0) >= tls13) {
      this.#noteProgress13(direction, length);
      return;
    }
    const [fromClient, fromServer] = this.#log.counts;
    // Where one direction is not in the capture, a single record may be an alert of TLS 1.3.
    const data = contentType === ContentType.applicationData && fromClient + fromServer > 1;
    if (data || (fromClient > 0 && fromServer > 0)) this.#establish();
  }

  #noteProgress13(direction: Direction, length: number): void {
    const [fromClient, fromServer] = this.#log.counts;
    const sizes = recordSizes(this.facts.cipherSuite);
    const finished = sizes.finished.includes(length);
    const flightPassed = direction === 1 ? finished && fromServer > 2 : fromServer > 0;
    // Where records are decrypted their messages tell.
    const { certificatesSeen, resumed } = this.facts;
    if (flightPassed && !resumed && !certificatesSeen) this.#context.stage("certificate");
    if (this.#decryption?.isActive(0) === true) return;
    if (direction === 0 && (finished || (fromClient > 1 && length !== sizes.alert))) this.#establish();
  }

  #establish(): void {
    this.#established = true;
    this.#context.stage("established");
  }

  #lose(side: Side, direction: Direction, length: number): void {
    const cut = direction === 0 && this.#readCutHello(side) ? ": of the ClientHello only the beginning is there" : "";
    side.lost = true;
    side.handshake.clear();
    this.facts.handshakeLost = true;
    const detail = `${length} bytes of the ${sender[direction]}'s handshake are missing from the capture${cut}`;
    this.#context.problem("tls", "bytes-lost", detail);
  }

  /** Reads what has come of a ClientHello that will never be whole. Returns whether it said something. */
  #readCutHello({ handshake, deaf, lost }: Side): boolean {
    if (deaf || lost || this.facts.hello !== undefined) return false;
    const length = handshake.broken();
    if (length === 0 || handshake.type !== HandshakeType.clientHello) return false;
    try {
      this.#observer.readableHello(handshake.bytes, handshake.start, handshake.end, length, this.#clientFrame);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
    return this.facts.hello !== undefined;
  }

  #resynchronize(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): void {
    const side = this.#sides[direction];
    const resynchronizer = side.resynchronizer!;
    if (!resynchronizer.hold(bytes, start, end, frame, this.#context.moment)) side.quiet = true;
    else this.#continueAt(direction, resynchronizer.find(false));
  }

  #continueAt(direction: Direction, offset: number): void {
    const side = this.#sides[direction];
    const held = side.resynchronizer!;
    if (offset < 0) return;
    side.resynchronizer = undefined;
    if (offset > 0) this.#decryption?.lose(direction, offset);
    const { bytes, length } = held;
    const goesOn = held.giveOut(offset, this.#context.moment, (...piece) => side.reader.read(...piece));
    if (!goesOn) this.#notTls(direction, bytes, length);
  }

  /** No record stands where one should. */
  #notTls(direction: Direction, bytes: Uint8Array, end: number): void {
    const side = this.#sides[direction];
    const { pending, stoppedAt, records } = side.reader;
    side.quiet = true;
    if (direction === 1 && records === 0 && !side.lost) {
      noteStrangeAnswer(this.facts, pending, 0, pending.length);
      this.#strangeAnswer(side, bytes, stoppedAt, end);
      return;
    }
    const detail = `no TLS record stands where the ${sender[direction]}'s record ${records + 1} should`;
    this.#context.problem("tls", "malformed", detail);
  }

  #strangeAnswer(side: Side, bytes: Uint8Array, start: number, end: number): Demand {
    if (side !== this.#sides[1] || !wantsStrangeAnswer(this.facts)) return Demand.Skip;
    noteStrangeAnswer(this.facts, bytes, start, end);
    return wantsStrangeAnswer(this.facts) ? Demand.More : Demand.Skip;
  }

  #demand(side: Side, direction: Direction): Demand {
    const decrypts = this.#decryption?.isActive(direction) === true;
    const full = decrypts
      ? this.#data!.demand(direction) === Demand.Skip
      : this.#log.counts[direction] >= limits.recordLengths;
    if (!side.quiet && !full) return Demand.More;
    side.quiet = true;
    this.#decryption?.stop(direction);
    const unfinished = direction === 1 && wantsStrangeAnswer(this.facts);
    this.#concludeIfOver();
    return unfinished ? Demand.More : Demand.Skip;
  }

  /**
   * When neither direction has more to say, and again only where the client's end tells more: conclusions cost more than
   * all the records before.
   */
  #concludeIfOver(): void {
    const [client, server] = this.#sides;
    // A reset ends both directions, whoever sent it.
    const clientEnded = client.ended === "fin";
    if (!client.isOver || !server.isOver || this.#concludedWith === clientEnded) return;
    this.#concludedWith = clientEnded;
    const share = (text: string): string => this.#context.hellos.sentence(text);
    conclude(this.facts, share, {
      alerts: this.#alerts,
      records: this.#log.records(),
      clientEnded,
      lost: [client.lost, server.lost],
      ...(this.facts.keys !== undefined && { decrypted: this.#decryptedNotes() }),
    });
  }

  #decryptedNotes(): DecryptedHandshake {
    const [client] = this.#sides;
    return {
      opened: this.facts.keys!.opened,
      finishedFrame: client.finishedFrame,
      dataFrames: this.#data!.frames,
      stopped: this.facts.decryptionStopped === true,
    };
  }
}
