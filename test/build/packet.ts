import { Frame } from "../../src/capture/frame.ts";

/** Bytes from hex with any spacing. */
export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replace(/\s+/g, ""), "hex"));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function u16(value: number): Uint8Array {
  return new Uint8Array([value >> 8, value & 0xff]);
}

function u32(value: number): Uint8Array {
  return concat(u16(value >>> 16), u16(value & 0xffff));
}

/**
 * A frame over its own block. `captured` cuts it as a snap length does and keeps the length on the wire.
 *
 * The block has other bytes before and behind the frame, so that a read outside of it shows.
 */
export function frameOf(bytes: Uint8Array, linkType = 1, captured = bytes.length): Frame {
  const frame = new Frame();
  const block = new Uint8Array(captured + 64).fill(0xdb);
  block.set(bytes.subarray(0, captured), 32);
  frame.bytes = block;
  frame.view = new DataView(block.buffer);
  frame.start = 32;
  frame.end = 32 + captured;
  frame.number = 1;
  frame.linkType = linkType;
  frame.originalLength = bytes.length;
  return frame;
}

/** Ethernet II, or 802.3 when the type is a length. */
export function ethernet(etherType: number, content: Uint8Array): Uint8Array {
  return concat(bytesOf("020000000001 020000000002"), u16(etherType), content);
}

export interface Ipv4Fields {
  protocol?: number;
  identification?: number;
  /** In bytes; a multiple of 8. */
  offset?: number;
  more?: boolean;
  options?: Uint8Array;
  totalLength?: number;
  source?: string;
  destination?: string;
}

/** IPv4 from 192.0.2.1 to 192.0.2.2, checksum 0. */
export function ipv4(content: Uint8Array, fields: Ipv4Fields = {}): Uint8Array {
  const options = fields.options ?? new Uint8Array(0);
  const headerLength = 20 + options.length;
  return concat(
    new Uint8Array([0x40 | (headerLength >> 2), 0]),
    u16(fields.totalLength ?? headerLength + content.length),
    u16(fields.identification ?? 0x1234),
    u16((fields.more === true ? 0x2000 : 0) | ((fields.offset ?? 0) >> 3)),
    new Uint8Array([64, fields.protocol ?? 6, 0, 0]),
    bytesOf(fields.source ?? "c0000201"),
    bytesOf(fields.destination ?? "c0000202"),
    options,
    content,
  );
}

/** IPv6 from 2001:db8::1 to 2001:db8::2. */
export function ipv6(content: Uint8Array, nextHeader = 6, payloadLength = content.length): Uint8Array {
  return concat(
    bytesOf("60000000"),
    u16(payloadLength),
    new Uint8Array([nextHeader, 64]),
    bytesOf("20010db8 00000000 00000000 00000001 20010db8 00000000 00000000 00000002"),
    content,
  );
}

/** An IPv6 fragment header before its content. */
export function ipv6Fragment(
  content: Uint8Array,
  offset: number,
  more: boolean,
  identification = 0xcafe,
  nextHeader = 6,
): Uint8Array {
  return concat(new Uint8Array([nextHeader, 0]), u16(offset | (more ? 1 : 0)), u32(identification), content);
}

export interface TcpFields {
  sourcePort?: number;
  destinationPort?: number;
  sequence?: number;
  acknowledgment?: number;
  flags?: number;
  window?: number;
  options?: Uint8Array;
}

/** A TCP segment, port 40000 to 443, sequence 1000, ACK and PSH; checksum 0. */
export function tcp(payload: Uint8Array, fields: TcpFields = {}): Uint8Array {
  const options = fields.options ?? new Uint8Array(0);
  return concat(
    u16(fields.sourcePort ?? 40000),
    u16(fields.destinationPort ?? 443),
    u32(fields.sequence ?? 1000),
    u32(fields.acknowledgment ?? 2000),
    u16((((20 + options.length) >> 2) << 12) | (fields.flags ?? 0x18)),
    u16(fields.window ?? 512),
    bytesOf("0000 0000"),
    options,
    payload,
  );
}

export function udp(payload: Uint8Array, destinationPort = 53, length = 8 + payload.length): Uint8Array {
  return concat(u16(5353), u16(destinationPort), u16(length), u16(0), payload);
}
