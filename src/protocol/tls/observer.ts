import { limits } from "../../limits.ts";
import type { Direction } from "../../stream/consumer.ts";
import type { DecoderContext } from "../layer.ts";
import { parseCertificates } from "./certificate.ts";
import { parseClientHello, parseReadableClientHello } from "./client-hello.ts";
import { clientHelloKey } from "./client-hello-key.ts";
import { clientStack } from "./client-stack.ts";
import { decompressCertificate } from "./compressed-certificate.ts";
import { parseEncryptedExtensions } from "./encrypted-extensions.ts";
import type { ClientHelloFacts, HandshakeVerdict, SentCertificate, TlsFacts } from "./facts.ts";
import { handshakeHeaderLength, HandshakeType } from "./handshake.ts";
import { ja4 } from "./ja4.ts";
import { parseServerHello } from "./server-hello.ts";

/** ServerHelloDone: with Certificate and ServerKeyExchange the mark of a full handshake up to TLS 1.2. */
const serverHelloDone = 14;
const tls13 = 0x0304;
/** Spec: RFC 1123 §2.1, with the underscore that names in use have; RFC 6066 §3 leaves the final dot out. */
const hostName = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}(?:\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*$/;

export function emptyFacts(): TlsFacts {
  return {
    layer: "tls",
    helloFrame: 0,
    helloSegments: 0,
    randomHigh: 0,
    randomLow: 0,
    serverHelloFrame: 0,
    helloRetryRequest: false,
    resumed: false,
    alerts: none,
    certificates: none,
    certificatesSeen: false,
    certificateFrame: 0,
    clientCertificates: none,
    clientCertificateRequested: false,
    verdict: unseen,
    applicationData: silent,
    handshakeLost: false,
  };
}

/* Shared by all connections until there is something to tell. */
const none: readonly never[] = Object.freeze([]);
const unseen: HandshakeVerdict = Object.freeze({
  value: "undecided",
  grade: "unknown",
  because: "no handshake was seen",
});
const silent: readonly [boolean, boolean] = Object.freeze([false, false]);

/** Reads handshake messages into the facts. Every message is looked at once, the first of its kind counts. */
export class HandshakeObserver {
  readonly #context: DecoderContext;
  readonly #facts: TlsFacts;
  #fullHandshake = false;

  constructor(context: DecoderContext, facts: TlsFacts) {
    this.#context = context;
    this.#facts = facts;
  }

  /** One message without its header. Throws: MalformedError. */
  message(direction: Direction, type: number, bytes: Uint8Array, start: number, end: number, frame: number): void {
    if (direction === 0) this.#fromClient(type, bytes, start, end, frame);
    else this.#fromServer(type, bytes, start, end, frame);
  }

  /** What can be read of the first ClientHello; `length` is that of all of it, header included. Throws: MalformedError. */
  readableHello(bytes: Uint8Array, start: number, end: number, length: number, frame: number): void {
    const content = parseReadableClientHello(bytes, start, end, length);
    const hello = this.#context.hellos.intern(JSON.stringify(content), () => content);
    this.#firstHello(hello, bytes, start, frame);
  }

  /** The server changed to its new keys: up to TLS 1.2, without certificate or key exchange before, an old session. */
  serverChangedCipher(): void {
    const { negotiatedVersion, handshakeLost } = this.#facts;
    if (negotiatedVersion === undefined || negotiatedVersion >= tls13 || handshakeLost) return;
    if (!this.#fullHandshake) this.#facts.resumed = true;
  }

  #fromClient(type: number, bytes: Uint8Array, start: number, end: number, frame: number): void {
    const facts = this.#facts;
    if (type === HandshakeType.clientHello) this.#clientHello(bytes, start, end, frame);
    else if (facts.clientCertificates.length > 0) return;
    else if (type === HandshakeType.certificate) facts.clientCertificates = this.#certificates(bytes, start, end);
    else if (type === HandshakeType.compressedCertificate) {
      const message = decompressCertificate(bytes, start, end);
      facts.clientCertificates = this.#certificates(message, 0, message.length);
    }
  }

  #fromServer(type: number, bytes: Uint8Array, start: number, end: number, frame: number): void {
    const facts = this.#facts;
    switch (type) {
      case HandshakeType.serverHello:
        if (facts.serverHelloFrame === 0) this.#serverHello(bytes, start, end, frame);
        break;
      case HandshakeType.certificate:
        this.#fullHandshake = true;
        if (!facts.certificatesSeen) this.#serverCertificates(bytes, start, end, frame);
        break;
      case HandshakeType.compressedCertificate:
        if (!facts.certificatesSeen) {
          const message = decompressCertificate(bytes, start, end);
          this.#serverCertificates(message, 0, message.length, frame);
        }
        break;
      case HandshakeType.encryptedExtensions:
        this.#encryptedExtensions(bytes, start, end);
        break;
      case HandshakeType.certificateRequest:
        facts.clientCertificateRequested = true;
        break;
      case HandshakeType.serverKeyExchange:
      case serverHelloDone:
        this.#fullHandshake = true;
        break;
    }
  }

  #clientHello(bytes: Uint8Array, start: number, end: number, frame: number): void {
    const facts = this.#facts;
    if (facts.secondHello !== undefined) return;
    const hello = this.#wholeHello(bytes, start, end, frame);
    if (facts.hello === undefined) this.#firstHello(hello, bytes, start, frame);
    else facts.secondHello = hello;
  }

  /** Throws: MalformedError, when what can be read has been noted. */
  #wholeHello(bytes: Uint8Array, start: number, end: number, frame: number): ClientHelloFacts {
    try {
      return this.#context.hellos.intern(clientHelloKey(bytes, start, end), () => {
        const content = parseClientHello(bytes, start, end);
        return { ...content, ja4: ja4(content), stack: clientStack(content) };
      });
    } catch (error) {
      const length = handshakeHeaderLength + end - start;
      if (this.#facts.hello === undefined) this.readableHello(bytes, start, end, length, frame);
      throw error;
    }
  }

  #firstHello(hello: ClientHelloFacts, bytes: Uint8Array, start: number, frame: number): void {
    const facts = this.#facts;
    facts.hello = hello;
    facts.helloFrame = frame;
    const random = new DataView(bytes.buffer, bytes.byteOffset + start + 2, 8);
    facts.randomHigh = random.getInt32(0);
    facts.randomLow = random.getInt32(4);
    if (hello.serverName !== undefined && (hello.serverName.length > 253 || !hostName.test(hello.serverName))) {
      this.#context.problem("tls", "malformed", `server_name is no host name: ${JSON.stringify(hello.serverName)}`);
    }
    this.#context.stage("hello");
  }

  #serverHello(bytes: Uint8Array, start: number, end: number, frame: number): void {
    const facts = this.#facts;
    const hello = parseServerHello(bytes, start, end);
    facts.negotiatedVersion = hello.negotiatedVersion;
    facts.cipherSuite = hello.cipherSuite;
    if (hello.helloRetryRequest) facts.helloRetryRequest = true;
    else {
      facts.serverHelloFrame = frame;
      facts.resumed = hello.pskAccepted;
      if (hello.alpn !== undefined) facts.alpn = hello.alpn;
    }
    this.#context.stage("server-flight");
  }

  #serverCertificates(bytes: Uint8Array, start: number, end: number, frame: number): void {
    const facts = this.#facts;
    facts.certificates = this.#certificates(bytes, start, end);
    facts.certificatesSeen = true;
    facts.certificateFrame = frame;
    this.#context.stage("certificate");
  }

  #encryptedExtensions(bytes: Uint8Array, start: number, end: number): void {
    const { alpn, earlyData } = parseEncryptedExtensions(bytes, start, end);
    if (alpn !== undefined) this.#facts.alpn = alpn;
    if (earlyData) this.#facts.earlyDataAccepted = true;
  }

  #certificates(bytes: Uint8Array, start: number, end: number): SentCertificate[] {
    const version = this.#facts.negotiatedVersion ?? 0;
    const ders = parseCertificates(bytes, start, end, version >= tls13);
    const kept: SentCertificate[] = [];
    for (const der of ders.slice(0, limits.certificates)) {
      const certificate = this.#context.certificates.intern(der);
      if (certificate !== undefined) kept.push(certificate);
    }
    if (kept.length < ders.length) {
      this.#context.problem(
        "tls",
        "limit",
        `${ders.length - kept.length} of ${ders.length} certificates were left out`,
      );
    }
    // A copy: a list that grew has room for sixteen more.
    return kept.slice();
  }
}
