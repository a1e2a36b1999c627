import { Demand, type Direction, type EndReason, type StreamConsumer } from "../stream/consumer.ts";
import { limits } from "../limits.ts";
import { latin1 } from "../bytes/text.ts";
import type { NamedProtocol } from "./layer.ts";

/** A consumer that wants nothing. */
export const leftAlone: StreamConsumer = {
  onData: () => Demand.Skip,
  onGap: () => Demand.Skip,
  onEnd: () => undefined,
};

/** What a StartTlsWatch tells: that the command was given, and that what follows is to be opened. */
export interface StartTlsHost {
  commanded(): void;
  open(): StreamConsumer;
}

/**
 * Looks for the command that turns a mail or file transfer connection into TLS and for the server's consent, and for
 * nothing else; what follows is handed on.
 *
 * Invariants: `#text` is what the client said, or after its command the server, up to a cap; a client that says more
 * before the server has consented is not understood.
 *
 * Spec: RFC 3207 (STARTTLS of SMTP), RFC 2595 (STARTTLS of IMAP, STLS of POP3), RFC 4217 (AUTH TLS of FTP).
 */
export class StartTlsWatch implements StreamConsumer {
  readonly #host: StartTlsHost;
  #state: "command" | "consent" | "open" | "over" = "command";
  #text = "";
  #inner = leftAlone;

  constructor(host: StartTlsHost) {
    this.#host = host;
  }

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    if (this.#state === "open") return this.#inner.onData(direction, bytes, start, end, frame);
    if (this.#state === "command" && direction === 0) this.#command(bytes, start, end);
    else if (this.#state === "consent" && direction === 1) return this.#consent(bytes, start, end, frame);
    else if (this.#state === "consent") this.#state = "over";
    return this.#state === "over" ? Demand.Skip : Demand.More;
  }

  onGap(direction: Direction, length: number): Demand {
    if (this.#state === "open") return this.#inner.onGap(direction, length);
    this.#state = "over";
    return Demand.Skip;
  }

  onEnd(direction: Direction, reason: EndReason): void {
    this.#inner.onEnd(direction, reason);
    this.#text = "";
  }

  #command(bytes: Uint8Array, start: number, end: number): void {
    const room = limits.startTls - this.#text.length;
    this.#text += latin1(bytes, start, Math.min(end, start + room));
    if (/^(?:\S{1,32} )?(?:STARTTLS|STLS|AUTH (?:TLS|SSL)(?:-[CP])?)\r?$/im.test(lines(this.#text))) {
      this.#host.commanded();
      this.#state = "consent";
      this.#text = "";
    } else if (this.#text.length >= limits.startTls) this.#state = "over";
  }

  /** Takes the server's lines until one consents; the bytes behind that are the first inside. */
  #consent(bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    for (let at = start; at < end; at++) {
      this.#text += String.fromCharCode(bytes[at]);
      if (this.#text.length >= limits.startTls) this.#state = "over";
      if (bytes[at] !== lineFeed) continue;
      if (consent.test(this.#text)) {
        this.#state = "open";
        this.#inner = this.#host.open();
        return at + 1 < end ? this.#inner.onData(1, bytes, at + 1, end, frame) : Demand.More;
      }
      // An answer in several lines, or what IMAP servers say unasked, goes on.
      if (!/^(?:\* |\d{3}-)/.test(this.#text)) this.#state = "over";
      this.#text = "";
    }
    return this.#state === "over" ? Demand.Skip : Demand.More;
  }
}

/** 220 of SMTP, 234 of FTP, OK of POP3 and IMAP. */
const consent = /^(?:220 |234 |\+OK|(?!\*)\S{1,32} OK)/;
const lineFeed = 0x0a;

function lines(text: string): string {
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

/** A protocol that its client's first bytes give away. */
export function clientNamed(bytes: Uint8Array, start: number, end: number): NamedProtocol | "more" | "no" {
  return firstMatch(clientSignatures, bytes, start, end);
}

/** A protocol whose server speaks first, by its greeting. */
export function serverNamed(bytes: Uint8Array, start: number, end: number): NamedProtocol | "more" | "no" {
  const named = firstMatch(serverSignatures, bytes, start, end);
  if (named !== "smtp") return named;
  // Both greet with 220; FTP servers say what they are, and so do nearly all mail servers (RFC 5321 §4.2).
  const greeting = latin1(bytes, start, Math.min(end, start + 256));
  if (!greeting.includes("\n") && end - start < 256) return "more";
  return /ftp/i.test(greeting) && !/smtp|mail/i.test(greeting) ? "ftp" : "smtp";
}

function firstMatch(
  signatures: readonly Signature[],
  bytes: Uint8Array,
  start: number,
  end: number,
): NamedProtocol | "more" | "no" {
  let undecided = false;
  for (const { protocol, pattern } of signatures) {
    const length = Math.min(end - start, pattern.length);
    let index = 0;
    while (index < length && (pattern[index] === any || pattern[index] === bytes[start + index])) index++;
    if (index === pattern.length) return protocol;
    undecided ||= index === length;
  }
  return undecided ? "more" : "no";
}

interface Signature {
  readonly protocol: NamedProtocol;
  /** Bytes from the first on; `any` matches every byte. */
  readonly pattern: readonly number[];
}

const any = -1;
const text = (value: string): number[] => [...Buffer.from(value, "latin1")];
/** Four hexadecimal digits of a length below 4096 come before the command. */
const pktLine = (command: string): number[] => [0x30, any, any, any, ...text(command)];

const clientSignatures: readonly Signature[] = [
  { protocol: "ssh", pattern: text("SSH-2.0-") },
  { protocol: "git", pattern: pktLine("git-upload-pack ") },
  { protocol: "git", pattern: pktLine("git-receive-pack ") },
  { protocol: "git", pattern: pktLine("git-upload-archive ") },
  // RFC 4271 §4.1: the marker, all ones
  { protocol: "bgp", pattern: new Array<number>(16).fill(0xff) },
  // TPKT (RFC 2126) with a COTP connection request: [MS-RDPBCGR] §2.2.1.1
  { protocol: "rdp", pattern: [3, 0, any, any, any, 0xe0] },
  // SSLRequest, GSSENCRequest and StartupMessage of protocol 3.0
  { protocol: "postgresql", pattern: [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f] },
  { protocol: "postgresql", pattern: [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x30] },
  { protocol: "postgresql", pattern: [0, 0, any, any, 0, 3, 0, 0, ...text("user\0")] },
];

const serverSignatures: readonly Signature[] = [
  { protocol: "ssh", pattern: text("SSH-") },
  { protocol: "smtp", pattern: text("220 ") },
  { protocol: "smtp", pattern: text("220-") },
  { protocol: "imap", pattern: text("* OK") },
  { protocol: "imap", pattern: text("* PREAUTH") },
  { protocol: "pop3", pattern: text("+OK") },
];
