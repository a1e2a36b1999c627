import { asBytes, type Payload } from "./dialogue.ts";

/** A field as sent: name, value, and how it is compressed where not by whatever fits best. */
export type SentField = readonly [name: string, value: string, how?: "literal" | "entered" | "never"];

export const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
export const type = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  promise: 5,
  ping: 6,
  goAway: 7,
  window: 8,
  continuation: 9,
};
export const endStream = 1;
export const endHeaders = 4;
export const padded = 8;

export function joined(...parts: readonly Payload[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts.map(asBytes)));
}

export function frame(kind: number, flags: number, stream: number, payload: Payload = ""): Uint8Array {
  const bytes = asBytes(payload);
  return joined(Uint8Array.of(bytes.length >> 16, bytes.length >> 8, bytes.length, kind, flags), u32(stream), bytes);
}

export function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** SETTINGS with the identifiers and values given. */
export function settings(values: Readonly<Record<number, number>> = {}): Uint8Array {
  const rows = Object.entries(values).map(([id, value]) => joined(Uint8Array.of(0, Number(id)), u32(value)));
  return frame(type.settings, 0, 0, joined(...rows));
}

export function data(stream: number, content: Payload, flags = 0, padding = 0): Uint8Array {
  if (padding === 0) return frame(type.data, flags, stream, content);
  return frame(type.data, flags | padded, stream, joined(Uint8Array.of(padding), content, new Uint8Array(padding)));
}

export const reset = (stream: number, code: number): Uint8Array => frame(type.reset, 0, stream, u32(code));
export const goAway = (last: number, code: number, debug = ""): Uint8Array =>
  frame(type.goAway, 0, 0, joined(u32(last), u32(code), debug));

/** Names of RFC 7541 appendix A that encoders refer to. */
const staticNames: Readonly<Record<string, number>> = {
  ":authority": 1,
  ":method": 2,
  ":path": 4,
  ":scheme": 6,
  ":status": 8,
  accept: 19,
  authorization: 23,
  "content-type": 31,
};

/** Compresses the fields of one direction as RFC 7541 says, without Huffman's code and by the simplest of means. */
export class FieldEncoder {
  readonly #entries: (readonly [string, string])[] = [];
  #limit = 4096;

  /** A field block. What is not told how to be sent is entered, and referred to afterwards. */
  encode(fields: readonly SentField[]): Uint8Array {
    return joined(...fields.map((field) => this.#field(field)));
  }

  /** The instruction that changes the size of the table. */
  resize(limit: number): Uint8Array {
    this.#limit = limit;
    this.#evict();
    return integer(limit, 5, 0x20);
  }

  #field([name, value, how = "entered"]: SentField): Uint8Array {
    const known = this.#entries.findIndex((entry) => entry[0] === name && entry[1] === value);
    if (known >= 0 && how === "entered") return integer(62 + known, 7, 0x80);
    const prefix = how === "entered" ? 6 : 4;
    const pattern = { entered: 0x40, never: 0x10, literal: 0 }[how];
    const index = this.#nameIndex(name);
    const start = joined(integer(index, prefix, pattern), index === 0 ? string(name) : "");
    if (how === "entered") {
      this.#entries.unshift([name, value]);
      this.#evict();
    }
    return joined(start, string(value));
  }

  #nameIndex(name: string): number {
    const entered = this.#entries.findIndex((entry) => entry[0] === name);
    return staticNames[name] ?? (entered < 0 ? 0 : 62 + entered);
  }

  #evict(): void {
    const size = (): number => this.#entries.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
    while (size() > this.#limit) this.#entries.pop();
  }
}

export function string(text: string): Uint8Array {
  return joined(integer(text.length, 7, 0), text);
}

export function integer(value: number, prefix: number, pattern: number): Uint8Array {
  const mask = (1 << prefix) - 1;
  if (value < mask) return Uint8Array.of(pattern | value);
  const bytes = [pattern | mask];
  let rest = value - mask;
  for (; rest >= 0x80; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.of(...bytes, rest);
}

/** HEADERS, and CONTINUATION frames where the block is cut into pieces of `piece` bytes. */
export function headers(stream: number, block: Uint8Array, flags = 0, piece = Infinity): Uint8Array {
  if (block.length <= piece) return frame(type.headers, flags | endHeaders, stream, block);
  const pieces = [frame(type.headers, flags, stream, block.subarray(0, piece))];
  for (let at = piece; at < block.length; at += piece) {
    const last = at + piece >= block.length;
    pieces.push(frame(type.continuation, last ? endHeaders : 0, stream, block.subarray(at, at + piece)));
  }
  return joined(...pieces);
}

/** Fields of a request of Go's. */
export function asks(path: string, ...more: readonly SentField[]): SentField[] {
  return [
    [":authority", "proxy.golang.org"],
    [":method", "GET"],
    [":path", path, "literal"],
    [":scheme", "https"],
    ["accept-encoding", "gzip"],
    ["user-agent", "Go-http-client/2.0"],
    ...more,
  ];
}

export function answers(status: number, ...more: readonly SentField[]): SentField[] {
  return [[":status", String(status)], ["server", "cloud"], ...more];
}
