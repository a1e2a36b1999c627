import type { ProblemCode } from "../../problem.ts";
import type { Direction, Moment } from "../../stream/consumer.ts";
import { DirectionKeys } from "./direction-keys.ts";
import type { TlsFacts, TriedKeys } from "./facts.ts";
import { HandshakeType } from "./handshake.ts";
import { dataEpochs, findCipherSuite, findConnection, findSecrets } from "./key-search.ts";
import { cipherSuiteName } from "./names.ts";
import { protectionOf, type AeadProtection, type Protection } from "./protection.ts";
import { recordHeaderLength } from "./record.ts";
import { RecordGatherer, type RecordOpener } from "./record-gatherer.ts";
import type { FoundSecrets, TlsSecrets } from "./secrets.ts";
import { parseServerHello, type ServerHello } from "./server-hello.ts";
import { masterCiphers, TrafficEpochs } from "./traffic-keys.ts";

/** Takes what protected records hold. */
export interface PlaintextSink {
  /** The content of one record. Borrows: the bytes, for the call. `frame` is the one with the record's last byte. */
  plaintext(
    direction: Direction,
    contentType: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    frame: number,
  ): void;
  /** Records could not be opened; `dataBytes` of application data are not known, 0 where they held none. */
  recordsLost(direction: Direction, dataBytes: number): void;
  problem(code: ProblemCode, detail: string): void;
}

const sender = ["client", "server"] as const;
const tls13 = 0x0304;
/** Derives other keys from the same secret. Spec: RFC 6101 §6.2.2. */
const ssl3 = 0x0300;
/** Records in a row that do not open, after which a direction is given up: early data that was refused stays below. */
const mostUnopened = 64;
/** Records of a direction that what a missing hello would tell is tried on. */
const mostTried = 4;

/** What is known of one direction. */
class DirectionState {
  readonly keys = new DirectionKeys();
  readonly gatherer: RecordGatherer;
  /** ChangeCipherSpec came before the keys were known. */
  changedCipher = false;
  /** Bytes of records missing since the last one opened. */
  missing = 0;
  /** Some of them belong to an epoch of application data. */
  missesData = false;
  /** Records that did not open, in a row. */
  unopened = 0;
  /** The records to be passed over are early data that the server refused: nothing is lost with them. */
  refusedEarlyData = false;
  over = false;

  constructor(direction: Direction, moment: Moment, secrets: TlsSecrets, opener: RecordOpener) {
    this.gatherer = new RecordGatherer(direction, moment, secrets, opener);
  }
}

/** A ServerHello of TLS 1.3 but for its cipher suite. */
const anyHello13 = {
  helloRetryRequest: false,
  negotiatedVersion: tls13,
  pskAccepted: false,
  encryptThenMac: false,
} as const;

/** What a ClientHello gives to find its keys by. */
interface Asked {
  readonly random: Uint8Array;
  readonly found: FoundSecrets | undefined;
}

/**
 * Opens the protected records of one connection with the secrets that belong to its ClientHello.
 *
 * Invariants: content reaches the sink only after its record authenticated, each direction in order; records before the
 * keys can be known are held; a direction that is `over` yields nothing more.
 */
export class Decryption implements RecordOpener {
  readonly #secrets: TlsSecrets;
  readonly #facts: TlsFacts;
  readonly #sink: PlaintextSink;
  readonly #sides: readonly [DirectionState, DirectionState];
  #found: FoundSecrets | undefined;
  #clientRandom: Uint8Array | undefined;
  #serverRandom: Uint8Array | undefined;
  #hello: ServerHello | undefined;
  #protection: Protection | undefined;
  /** A ClientHello under keys already in use, which stay so unless the server agrees. */
  #renegotiation: Asked | undefined;
  /** Records came before their keys could be known. */
  #waited = false;
  /** What was found out by trial. */
  #tried: TriedKeys | undefined;
  /** Epoch of the client's handshake keys: early data has one before. */
  #clientHandshakeEpoch = 0;

  /** `facts` are those that the handshake messages have already been read into. */
  constructor(secrets: TlsSecrets, facts: TlsFacts, moment: Moment, sink: PlaintextSink) {
    this.#secrets = secrets;
    this.#facts = facts;
    this.#sink = sink;
    this.#sides = [new DirectionState(0, moment, secrets, this), new DirectionState(1, moment, secrets, this)];
  }

  /** Whether nothing can come of it: no secret belongs to the client's random. */
  get isIdle(): boolean {
    return this.#clientRandom !== undefined && this.#found === undefined;
  }

  /** Whether records of this direction are, or may yet be, opened. */
  isActive(direction: Direction): boolean {
    return !this.#sides[direction].over && !this.isIdle;
  }

  /** Whether nothing that the client says will be read. */
  get clientIsHidden(): boolean {
    return this.#sides[0].keys.opened === 0 && (this.#tried === "client random" || !this.isActive(0));
  }

  /** Whether a record of this direction, as far as is known, carries application data. */
  carriesData(direction: Direction): boolean {
    const { epoch } = this.#sides[direction].keys;
    if ((this.#hello?.negotiatedVersion ?? 0) < tls13) return epoch >= 0;
    return epoch !== (direction === 0 ? this.#clientHandshakeEpoch : 0);
  }

  /** A handshake message without its header, after it was read into the facts. Throws: MalformedError. */
  message(direction: Direction, type: number, bytes: Uint8Array, start: number, end: number): void {
    if (type === HandshakeType.clientHello && direction === 0) {
      this.#ask({ random: bytes.slice(start + 2, start + 34), found: this.#secrets.find(bytes, start + 2) });
    } else if (type === HandshakeType.serverHello && direction === 1) {
      if (this.#tried === "cipher suite" || this.#tried === "both") return;
      this.#hello = parseServerHello(bytes, start, end);
      this.#serverRandom = bytes.slice(start + 2, start + 34);
      this.#answer();
    } else if ((this.#hello?.negotiatedVersion ?? 0) >= tls13) this.#moveOn(direction, type);
  }

  /** Up to TLS 1.2 the records behind ChangeCipherSpec are protected by the keys agreed on last. */
  changeCipher(direction: Direction): void {
    const side = this.#sides[direction];
    if (this.#protection === undefined) side.changedCipher = true;
    else if (this.#hello!.negotiatedVersion < tls13) side.keys.advance();
  }

  recordStart(direction: Direction, contentType: number, length: number): void {
    this.#sides[direction].gatherer.recordStart(contentType, length);
  }

  recordBytes(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): void {
    this.#sides[direction].gatherer.recordBytes(bytes, start, end, frame);
  }

  recordEnd(direction: Direction, frame: number): void {
    const { gatherer } = this.#sides[direction];
    gatherer.recordEnd(frame);
    if (this.#protection === undefined && gatherer.held > 0 && gatherer.held <= mostTried) this.#seek(direction);
  }

  /** Bytes of the open record are missing, its end is known. */
  damage(direction: Direction): void {
    this.#sides[direction].gatherer.damage();
  }

  /** So many bytes went by in which no record could be made out. */
  lose(direction: Direction, bytes: number): void {
    const side = this.#sides[direction];
    side.gatherer.abandon();
    this.#miss(side, direction, bytes);
    side.keys.lose(bytes);
  }

  /** Records of this direction were left out of the capture on purpose. */
  leaveOut(direction: Direction, records: number): void {
    this.#sides[direction].keys.leaveOut(records);
  }

  /** Whether records of application data may be left out of this direction. */
  canLeaveOut(direction: Direction): boolean {
    const { keys } = this.#sides[direction];
    return keys.opened > 0 && keys.areIndependent && this.carriesData(direction);
  }

  /** The open record is not given on, and is not missed. */
  abandon(direction: Direction): void {
    this.#sides[direction].gatherer.abandon();
  }

  /** No more records of this direction will come. */
  end(direction: Direction): void {
    const side = this.#sides[direction];
    if (!side.over && side.missing > 0 && side.keys.opened > 0) this.#tellLoss(side, direction, 0);
    this.stop(direction);
  }

  /** No more records of this direction are wanted. */
  stop(direction: Direction): void {
    const side = this.#sides[direction];
    side.gatherer.abandon();
    side.gatherer.forget();
    side.over = true;
    if (this.#sides.every(({ over }) => over)) this.#sayClosed();
  }

  openRecord(direction: Direction, type: number, bytes: Uint8Array, start: number, end: number, frame: number): void {
    const side = this.#sides[direction];
    if (side.over) return;
    const plaintext = side.keys.open(type, bytes, start, end);
    if (plaintext === undefined) {
      this.#unopened(side, direction, end - start);
      return;
    }
    if (side.missing > 0) this.#tellLoss(side, direction, side.keys.skipped);
    side.unopened = 0;
    side.refusedEarlyData = false;
    this.#noteUse(direction);
    this.#passOn(direction, type, plaintext, frame);
  }

  brokenRecord(direction: Direction, length: number): void {
    const side = this.#sides[direction];
    this.#miss(side, direction, length + recordHeaderLength);
    side.keys.pass();
  }

  #miss(side: DirectionState, direction: Direction, bytes: number): void {
    side.missing += bytes;
    side.missesData ||= this.carriesData(direction);
  }

  #noteUse(direction: Direction): void {
    const facts = this.#facts;
    facts.keys ??= {
      sources: this.#found!.sources,
      opened: [false, false],
      ...(this.#tried !== undefined && { tried: this.#tried }),
    };
    facts.keys.opened[direction] = true;
  }

  /** In TLS 1.3 the type stands behind the content, zeros behind that. Spec: RFC 8446 §5.2, §5.4. */
  #passOn(direction: Direction, type: number, plaintext: Uint8Array, frame: number): void {
    let end = plaintext.length;
    let contentType = type;
    if (this.#hello!.negotiatedVersion >= tls13) {
      while (end > 0 && plaintext[end - 1] === 0) end--;
      if (end === 0) return;
      contentType = plaintext[--end];
    }
    this.#sink.plaintext(direction, contentType, plaintext, 0, end, frame);
  }

  #unopened(side: DirectionState, direction: Direction, length: number): void {
    const { keys } = side;
    const isWrong = keys.isCertain && keys.opened === 0;
    if (!side.refusedEarlyData) {
      this.#miss(side, direction, length + recordHeaderLength);
      keys.pass();
    }
    side.unopened++;
    if (!isWrong && !keys.isBlind && side.unopened < mostUnopened) return;
    side.over = true;
    this.#facts.decryptionStopped = true;
    if (keys.opened > 0) this.#sink.recordsLost(direction, side.missesData ? side.missing : 0);
    const whose = `the ${sender[direction]}'s records`;
    const behind = keys.opened > 0 ? ` behind the ${keys.opened} that were decrypted` : "";
    const detail = keys.isBlind
      ? `the key log has no secret for ${whose}${behind}`
      : keys.opened === 0
        ? `the secrets given do not fit: ${whose} do not authenticate`
        : `${side.unopened} of ${whose} in a row${behind} do not authenticate`;
    this.#sink.problem("decryption-failed", detail);
  }

  /** What went missing before the record that was just opened, `skipped` records behind the one before. */
  #tellLoss(side: DirectionState, direction: Direction, skipped: number): void {
    const { missing } = side;
    const missesData = side.missesData || (skipped > 0 && this.carriesData(direction));
    side.missing = 0;
    side.missesData = false;
    const data = missesData ? Math.max(0, missing - skipped * side.keys.overhead) : 0;
    this.#sink.recordsLost(direction, data);
    const records = skipped === 1 ? "1 record" : `${skipped} records`;
    const where =
      skipped > 0 ? `${records} of the ${sender[direction]} could` : `the ${sender[direction]}'s last could`;
    this.#sink.problem("bytes-lost", `${missing} bytes: ${where} not be decrypted; what they held is not known`);
  }

  #ask(asked: Asked): void {
    if (this.#protection !== undefined) {
      this.#renegotiation = asked;
      return;
    }
    this.#clientRandom = asked.random;
    this.#found = asked.found;
    if (this.#hello !== undefined) this.#answer();
  }

  /** The server took what the client asked for last. */
  #answer(): void {
    const renegotiation = this.#renegotiation;
    this.#renegotiation = undefined;
    if (renegotiation !== undefined) {
      this.#clientRandom = renegotiation.random;
      // Without its secret no keys are on offer behind ChangeCipherSpec; until then those in use are good.
      if (renegotiation.found === undefined) return;
      this.#found = renegotiation.found;
    }
    if (this.#found !== undefined && !this.#hello!.helloRetryRequest) this.#begin();
  }

  /** Records wait, and the hello that would open them may never come. */
  #seek(direction: Direction): void {
    this.#waited = true;
    if (this.#hello?.helloRetryRequest === false) {
      if (this.#clientRandom === undefined && direction === 1) this.#seekSecrets(this.#hello);
    } else if (this.#found !== undefined) this.#seekCipherSuite(direction, this.#found);
    else if (this.#hello === undefined && this.#clientRandom === undefined) this.#seekConnection(direction);
  }

  /* Early data is protected under a secret and a suite of its own: there the ServerHello is waited for. */
  #seekCipherSuite(direction: Direction, { secrets }: FoundSecrets): void {
    if (this.#facts.hello?.earlyData === true) return;
    const { gatherer, missing } = this.#sides[direction];
    const cipherSuite = findCipherSuite(secrets, direction, gatherer.waiting(), missing);
    if (cipherSuite === undefined) return;
    this.#tried = "cipher suite";
    this.#assume(cipherSuite);
    this.#begin();
  }

  /* The first record alone: each takes as many trials as there are places in the sequence. */
  #seekConnection(direction: Direction): void {
    const { gatherer } = this.#sides[direction];
    const connection = gatherer.held === 1 ? findConnection(this.#secrets, direction, gatherer.waiting()) : undefined;
    if (connection === undefined) return;
    this.#found = connection.found;
    this.#clientRandom = Buffer.from(connection.found.random, "hex");
    this.#tried = "both";
    this.#assume(connection.cipherSuite);
    this.#protection = protectionOf(connection.cipherSuite);
    this.#sides.forEach((side, at) => {
      const epochs = dataEpochs(this.#protection, connection.found.secrets, at as Direction);
      if (epochs !== undefined) side.keys.begin(epochs);
      side.keys.joinLate();
      side.gatherer.open();
    });
  }

  #assume(cipherSuite: number): void {
    this.#hello = { ...anyHello13, cipherSuite };
    this.#facts.negotiatedVersion = tls13;
    this.#facts.cipherSuite = cipherSuite;
  }

  #seekSecrets(hello: ServerHello): void {
    const { gatherer, missing } = this.#sides[1];
    const answer = { hello, serverRandom: this.#serverRandom! };
    this.#found = findSecrets(this.#secrets, answer, gatherer.waiting(), missing);
    if (this.#found === undefined) return;
    this.#clientRandom = Buffer.from(this.#found.random, "hex");
    this.#tried = "client random";
    this.#begin();
  }

  /** What both hellos tell is known. */
  #begin(): void {
    const { negotiatedVersion, cipherSuite } = this.#hello!;
    this.#protection = protectionOf(cipherSuite);
    if (this.#protection === undefined) {
      this.#giveUp(`decryption of ${cipherSuiteName(cipherSuite)} is not supported`);
    } else if (negotiatedVersion === ssl3) {
      this.#giveUp("decryption of SSL 3.0 is not supported");
    } else if (negotiatedVersion < tls13) this.#begin12(this.#protection);
    else if (this.#protection.kind === "aead") this.#begin13(this.#protection);
    else this.#giveUp(`${cipherSuiteName(cipherSuite)} is no cipher suite of TLS 1.3`);
  }

  #giveUp(detail: string): void {
    this.#facts.decryptionStopped = true;
    this.stop(0);
    this.stop(1);
    this.#sink.problem("decryption-failed", detail);
  }

  /** Says why records stayed closed that a hello would have opened, or may have. */
  #sayClosed(): void {
    if (!this.#waited || this.#protection !== undefined || this.isIdle) return;
    if (this.#facts.decryptionStopped === true) return;
    this.#waited = false;
    if (this.#found !== undefined) {
      const detail = "no ServerHello was captured, and the secrets of this connection open no record without it";
      this.#sink.problem("decryption-failed", detail);
    } else if (this.#secrets.unused() > 0) {
      const detail =
        "no ClientHello was captured, by which a key log names its connections, and under none of them do the first " +
        "records authenticate: begin the capture before the connection";
      this.#sink.problem("decryption-failed", detail);
    }
  }

  #begin12(protection: Protection): void {
    const { master } = this.#found!.secrets;
    if (master === undefined) {
      this.#giveUp("the key log has no CLIENT_RANDOM line for this connection, which TLS up to 1.2 needs");
      return;
    }
    const ciphers = masterCiphers({
      protection,
      version: this.#hello!.negotiatedVersion,
      master,
      clientRandom: this.#clientRandom!,
      serverRandom: this.#serverRandom!,
      encryptThenMac: this.#hello!.encryptThenMac,
    });
    this.#sides.forEach((side, direction) => {
      side.keys.offer(ciphers[direction]);
      if (side.changedCipher) side.keys.advance();
      side.changedCipher = false;
      side.gatherer.open();
    });
  }

  #begin13(protection: AeadProtection): void {
    const [, server] = this.#sides;
    const { secrets } = this.#found!;
    server.keys.begin(new TrafficEpochs(protection, [() => secrets.serverHandshake], () => secrets.serverTraffic));
    const offered = this.#facts.hello?.earlyData === true;
    const canBeTaken = offered && this.#hello!.pskAccepted && !this.#facts.helloRetryRequest;
    // Whether it was taken stands in EncryptedExtensions; where they cannot be read the server's PSK is the best guess.
    if (!canBeTaken || secrets.serverHandshake === undefined) this.#beginClient(protection, canBeTaken);
    server.gatherer.open();
  }

  #beginClient(protection: AeadProtection, earlyData: boolean): void {
    const [client] = this.#sides;
    if (client.keys.epoch >= 0) return;
    const { secrets } = this.#found!;
    const early = earlyData ? [(): Uint8Array | undefined => secrets.clientEarly] : [];
    this.#clientHandshakeEpoch = early.length;
    client.refusedEarlyData = this.#facts.hello?.earlyData === true && !earlyData;
    if (client.refusedEarlyData) client.keys.lose(1);
    const handshake = [...early, () => secrets.clientHandshake];
    client.keys.begin(new TrafficEpochs(protection, handshake, () => secrets.clientTraffic));
    client.gatherer.open();
  }

  /** The messages of TLS 1.3 behind which other keys protect. */
  #moveOn(direction: Direction, type: number): void {
    const { keys } = this.#sides[direction];
    const handshakeEpoch = direction === 0 ? this.#clientHandshakeEpoch : 0;
    if (type === HandshakeType.encryptedExtensions && direction === 1) {
      if (this.#protection?.kind === "aead")
        this.#beginClient(this.#protection, this.#facts.earlyDataAccepted === true);
    } else if (type === HandshakeType.finished) {
      if (keys.epoch === handshakeEpoch) keys.advance();
    } else if (type === HandshakeType.endOfEarlyData) {
      if (direction === 0 && keys.epoch < handshakeEpoch) keys.advance();
    } else if (type === HandshakeType.keyUpdate && keys.epoch > handshakeEpoch) keys.advance();
  }
}
