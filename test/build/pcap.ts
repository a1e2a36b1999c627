/** A record of a pcap file; what is not given follows from the bytes. */
export interface PcapRecord {
  readonly seconds: number;
  readonly fraction: number;
  readonly bytes: Uint8Array;
  readonly captured?: number;
  readonly original?: number;
  /** Packet type of the modified format. */
  readonly packetType?: number;
}

export interface PcapOptions {
  readonly magic?: number;
  readonly littleEndian?: boolean;
  readonly version?: readonly [major: number, minor: number];
  readonly snapLength?: number;
  readonly linkType?: number;
}

const modifiedMagic = 0xa1b2cd34;

export function pcapHeader(options: PcapOptions = {}): Uint8Array {
  const { magic = 0xa1b2c3d4, littleEndian = true, version = [2, 4], snapLength = 262144, linkType = 1 } = options;
  const view = new DataView(new ArrayBuffer(24));
  view.setUint32(0, magic, littleEndian);
  view.setUint16(4, version[0], littleEndian);
  view.setUint16(6, version[1], littleEndian);
  view.setUint32(16, snapLength, littleEndian);
  view.setUint32(20, linkType, littleEndian);
  return new Uint8Array(view.buffer);
}

export function pcapRecord(record: PcapRecord, options: PcapOptions = {}): Uint8Array {
  const { littleEndian = true, magic } = options;
  const header = magic === modifiedMagic ? 24 : 16;
  const bytes = new Uint8Array(header + record.bytes.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, record.seconds, littleEndian);
  view.setUint32(4, record.fraction, littleEndian);
  view.setUint32(8, record.captured ?? record.bytes.length, littleEndian);
  view.setUint32(12, record.original ?? record.bytes.length, littleEndian);
  if (header === 24) view.setUint8(22, record.packetType ?? 0);
  bytes.set(record.bytes, header);
  return bytes;
}

/** A pcap file. */
export function pcapFile(records: readonly PcapRecord[], options: PcapOptions = {}): Uint8Array {
  const parts = [pcapHeader(options), ...records.map((record) => pcapRecord(record, options))];
  return new Uint8Array(Buffer.concat(parts));
}
