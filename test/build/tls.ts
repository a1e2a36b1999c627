import { DnsLog } from "../../src/protocol/dns/log.ts";
import { CertificateStore } from "../../src/protocol/tls/certificate-store.ts";
import { ClientHelloStore } from "../../src/protocol/tls/client-hello-store.ts";
import type { DecoderContext, Stage } from "../../src/protocol/layer.ts";
import type { NotedRecord } from "../../src/protocol/tls/record-log.ts";
import type { TlsSecrets } from "../../src/protocol/tls/secrets.ts";
import { Demand, Moment, type Direction, type EndReason, type StreamConsumer } from "../../src/stream/consumer.ts";

/** Bytes from hexadecimal text; blanks are for the reader. */
export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replace(/\s+/g, ""), "hex"));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

function u24(value: number): Uint8Array {
  return Uint8Array.of(value >> 16, (value >> 8) & 0xff, value & 0xff);
}

/** Content behind its length in two bytes. */
function vector16(...parts: readonly Uint8Array[]): Uint8Array {
  const content = concat(...parts);
  return concat(u16(content.length), content);
}

export function record(contentType: number, fragment: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(contentType, 3, 3), vector16(fragment));
}

/** A record whose content does not matter. */
export function encrypted(length: number, contentType = 23): Uint8Array {
  return record(contentType, new Uint8Array(length).fill(0xee));
}

export const changeCipherSpec = record(20, Uint8Array.of(1));

export function alert(level: number, description: number): Uint8Array {
  return record(21, Uint8Array.of(level, description));
}

export function message(type: number, body: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(type), u24(body.length), body);
}

/** A Certificate message of TLS 1.2 with entries of so many bytes, none of them DER. */
export function certificateMessage(...lengths: readonly number[]): Uint8Array {
  const entries = lengths.map((length, index) => concat(u24(length), new Uint8Array(length).fill(index + 1)));
  const list = concat(...entries);
  return message(11, concat(u24(list.length), list));
}

export interface HelloFields {
  readonly version?: number;
  readonly suites?: readonly number[];
  /** Extension types in order; bodies as given, else empty. */
  readonly extensions?: readonly (readonly [type: number, body: Uint8Array])[];
}

/** The body of a ClientHello; without `extensions` it has no such block. */
export function clientHelloBody(fields: HelloFields): Uint8Array {
  const suites = (fields.suites ?? [0x1301]).map(u16);
  const extensions = fields.extensions?.map(([type, body]) => concat(u16(type), vector16(body)));
  return concat(
    u16(fields.version ?? 0x0303),
    new Uint8Array(32).fill(7),
    Uint8Array.of(0),
    vector16(...suites),
    Uint8Array.of(1, 0),
    ...(extensions === undefined ? [] : [vector16(...extensions)]),
  );
}

export function serverName(name: string): readonly [number, Uint8Array] {
  return [0, vector16(Uint8Array.of(0), vector16(Buffer.from(name, "latin1")))];
}

export function codes(type: number, values: readonly number[]): readonly [number, Uint8Array] {
  return [type, vector16(...values.map(u16))];
}

export function supportedVersions(...values: readonly number[]): readonly [number, Uint8Array] {
  return [43, concat(Uint8Array.of(values.length * 2), ...values.map(u16))];
}

export function alpn(...names: readonly (string | Uint8Array)[]): readonly [number, Uint8Array] {
  const items = names.map((name) => (typeof name === "string" ? Buffer.from(name, "latin1") : name));
  return [16, vector16(...items.map((item) => concat(Uint8Array.of(item.length), item)))];
}

const letters: Readonly<Record<string, number>> = { a: 21, h: 22, d: 23 };

/**
 * Encrypted records in short: side, type (a alert, h handshake, d application data), length: `Sd2172 Cd69 Ca26`. The
 * frame of each is its place, from 1.
 */
export function noted(text: string): NotedRecord[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word, index) => ({
      direction: word.startsWith("C") ? 0 : 1,
      contentType: letters[word[1]],
      length: Number(word.slice(2)),
      frame: index + 1,
    }));
}

/** A decoder's context that remembers what it was told. */
export class RecordingContext implements DecoderContext {
  readonly moment = new Moment();
  readonly certificates = new CertificateStore();
  readonly hellos = new ClientHelloStore();
  readonly dns = new DnsLog((code) => this.problems.push(`dns ${code}`));
  readonly endpoints = {
    clientAddress: "192.0.2.10",
    clientPort: 50000,
    serverAddress: "198.51.100.1",
    serverPort: 443,
  };
  readonly secrets: TlsSecrets | undefined;
  readonly problems: string[] = [];
  readonly details: string[] = [];
  readonly stages: Stage[] = [];
  /** What the layer inside was given. */
  readonly inner = new RecordingConsumer();
  /** Protocols by which inner layers were opened. */
  readonly opened: (string | undefined)[] = [];

  constructor(secrets?: TlsSecrets) {
    this.secrets = secrets;
  }

  problem(layer: string, code: string, detail: string): void {
    this.problems.push(`${layer} ${code}`);
    this.details.push(detail);
  }

  stage(stage: Stage): void {
    if (!this.stages.includes(stage)) this.stages.push(stage);
  }

  openLate(): RecordingConsumer {
    return this.openInner("late");
  }

  openInner(named?: string): RecordingConsumer {
    this.opened.push(named);
    return this.inner;
  }
}

/** Keeps what it is given: bytes a direction, with a mark where some are missing, and the ends. */
export class RecordingConsumer implements StreamConsumer {
  readonly bytes: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
  readonly gaps: [number, number][] = [];
  readonly ends: string[] = [];
  /** Frame of each call with data. */
  readonly frames: [number[], number[]] = [[], []];

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    this.frames[direction].push(frame);
    this.bytes[direction] = Buffer.concat([this.bytes[direction], bytes.subarray(start, end)]);
    return Demand.More;
  }

  onGap(direction: Direction, length: number): Demand {
    this.gaps.push([direction, length]);
    return Demand.More;
  }

  onEnd(direction: Direction, reason: EndReason): void {
    this.ends.push(`${direction} ${reason}`);
  }
}
