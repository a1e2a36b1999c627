/** Builds pcapng blocks in one byte order. Values of options are numbers of bytes as given, text, or bytes. */
export type PcapngOption = readonly [code: number, value: string | Uint8Array];

export interface EnhancedPacket {
  readonly interface?: number;
  /** Timestamp in units of the interface. */
  readonly time?: bigint;
  readonly bytes: Uint8Array;
  readonly captured?: number;
  readonly original?: number;
  readonly options?: readonly PcapngOption[];
}

export class PcapngBuilder {
  readonly littleEndian: boolean;

  constructor(littleEndian = true) {
    this.littleEndian = littleEndian;
  }

  u8(value: number): Uint8Array {
    return Uint8Array.of(value);
  }

  u16(...values: readonly number[]): Uint8Array {
    const view = new DataView(new ArrayBuffer(2 * values.length));
    values.forEach((value, index) => view.setUint16(2 * index, value, this.littleEndian));
    return new Uint8Array(view.buffer);
  }

  u32(...values: readonly number[]): Uint8Array {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((value, index) => view.setUint32(4 * index, value, this.littleEndian));
    return new Uint8Array(view.buffer);
  }

  i64(value: bigint): Uint8Array {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigInt64(0, value, this.littleEndian);
    return new Uint8Array(view.buffer);
  }

  options(options: readonly PcapngOption[]): Uint8Array {
    if (options.length === 0) return new Uint8Array(0);
    const parts = options.flatMap(([code, value]) => {
      const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
      return [this.u16(code, bytes.length), pad(bytes)];
    });
    return join(...parts, this.u16(0, 0));
  }

  block(type: number, ...body: readonly Uint8Array[]): Uint8Array {
    const padded = pad(join(...body));
    const length = padded.length + 12;
    return join(this.u32(type, length), padded, this.u32(length));
  }

  section(options: readonly PcapngOption[] = [], major = 1): Uint8Array {
    const fields = join(this.u32(0x1a2b3c4d), this.u16(major, 0), this.i64(-1n));
    return this.block(0x0a0d0d0a, fields, this.options(options));
  }

  interface(linkType = 1, snapLength = 0, options: readonly PcapngOption[] = []): Uint8Array {
    return this.block(1, this.u16(linkType, 0), this.u32(snapLength), this.options(options));
  }

  enhanced(packet: EnhancedPacket): Uint8Array {
    const { bytes, time = 0n } = packet;
    const words = this.u32(
      packet.interface ?? 0,
      Number(time >> 32n),
      Number(time & 0xffffffffn),
      packet.captured ?? bytes.length,
      packet.original ?? bytes.length,
    );
    return this.block(6, words, pad(bytes), this.options(packet.options ?? []));
  }

  simple(original: number, bytes: Uint8Array): Uint8Array {
    return this.block(3, this.u32(original), bytes);
  }

  /** The obsolete packet block. */
  obsolete(packet: EnhancedPacket, drops = 0xffff): Uint8Array {
    const { bytes, time = 0n } = packet;
    const words = this.u32(
      Number(time >> 32n),
      Number(time & 0xffffffffn),
      packet.captured ?? bytes.length,
      packet.original ?? bytes.length,
    );
    const head = this.u16(packet.interface ?? 0, drops);
    return this.block(2, head, words, pad(bytes), this.options(packet.options ?? []));
  }

  statistics(interfaceNumber: number, options: readonly PcapngOption[]): Uint8Array {
    return this.block(5, this.u32(interfaceNumber, 0, 0), this.options(options));
  }

  secrets(type: number, bytes: Uint8Array): Uint8Array {
    return this.block(10, this.u32(type, bytes.length), bytes);
  }

  names(...records: readonly (readonly [type: number, value: Uint8Array])[]): Uint8Array {
    const parts = records.flatMap(([type, value]) => [this.u16(type, value.length), pad(value)]);
    return this.block(4, ...parts, this.u16(0, 0));
  }
}

function pad(bytes: Uint8Array): Uint8Array {
  return join(bytes, new Uint8Array(-bytes.length & 3));
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
