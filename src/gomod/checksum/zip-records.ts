/*
 * Records of a zip file, little-endian. Spec: PKWARE APPNOTE 6.3.10 §4.3; archive/zip of Go for what counts.
 *
 *   local header    04034b50, version u16, flags u16, method u16, time u32, crc u32, compressed u32, size u32,
 *                   name length u16, extra length u16; name, extra; then the content
 *   descriptor      [08074b50], crc u32, compressed u32 | u64, size u32 | u64: behind the content where flag 3 is set
 *   central header  02014b50, made by u16, version u16, flags u16, method u16, time u32, crc u32, compressed u32,
 *                   size u32, name length u16, extra length u16, comment length u16, disk u16, internal u16,
 *                   external u32, offset of the local header u32; name, extra, comment
 *   zip64 end       06064b50, size u64 of what follows, versions u32, disks 2 u32, entries on disk u64, entries u64,
 *                   directory size u64, directory offset u64
 *   zip64 locator   07064b50, disk u32, offset of the zip64 end u64, disks u32
 *   end             06054b50, disks 2 u16, entries on disk u16, entries u16, directory size u32, directory offset u32,
 *                   comment length u16; comment
 *   zip64 extra     0001, length u16; u64 for each of size, compressed, offset whose field is all ones
 */

export const signatures = {
  local: 0x04034b50,
  central: 0x02014b50,
  zip64End: 0x06064b50,
  zip64Locator: 0x07064b50,
  end: 0x06054b50,
} as const;

/** Bytes of each record before its parts of variable length. */
export const fixedLengths: ReadonlyMap<number, number> = new Map([
  [signatures.local, 30],
  [signatures.central, 46],
  [signatures.zip64End, 56],
  [signatures.zip64Locator, 20],
  [signatures.end, 22],
]);

/** The longest descriptor. */
export const longestDescriptor = 24;

/** What a header says of an entry. */
export interface ZipHeader {
  /** One character a byte. Untrusted. */
  readonly name: string;
  readonly encrypted: boolean;
  /** Checksum and sizes stand behind the content. */
  readonly described: boolean;
  readonly method: number;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
}

/** What the end of the directory says; numbers that did not fit are in the zip64 end. */
export interface ZipEnd {
  readonly entries: number;
  readonly directorySize: number;
  readonly directoryOffset: number;
}

/** Bytes of a whole record by its fixed part; that of a zip64 end may have more, which nothing uses. */
export function recordLength(record: DataView): number {
  switch (record.getUint32(0, true)) {
    case signatures.local:
      return 30 + record.getUint16(26, true) + record.getUint16(28, true);
    case signatures.central:
      return 46 + record.getUint16(28, true) + record.getUint16(30, true) + record.getUint16(32, true);
    case signatures.end:
      return 22 + record.getUint16(20, true);
    default:
      return fixedLengths.get(record.getUint32(0, true)) ?? 0;
  }
}

/** Reads a whole local header. */
export function parseLocalHeader(record: DataView): ZipHeader {
  const nameLength = record.getUint16(26, true);
  return parseHeader(record, 6, 30, nameLength, zip64Numbers(record, 30 + nameLength, record.getUint16(28, true)));
}

/** Reads a whole central header, and where it says that the local one begins. */
export function parseCentralHeader(record: DataView): ZipHeader & { readonly offset: number } {
  const nameLength = record.getUint16(28, true);
  const extra = zip64Numbers(record, 46 + nameLength, record.getUint16(30, true));
  const header = parseHeader(record, 8, 46, nameLength, extra);
  return { ...header, offset: widened(record.getUint32(42, true), extra) };
}

/**
 * Reads the end of the directory; `wide` is the zip64 end where there was one. Undefined where they contradict each
 * other, so that it depends on the reader which of them counts.
 */
export function parseEnd(record: DataView, wide: ZipEnd | undefined): ZipEnd | undefined {
  const entries = record.getUint16(10, true);
  const directorySize = record.getUint32(12, true);
  const directoryOffset = record.getUint32(16, true);
  if (wide === undefined) return { entries, directorySize, directoryOffset };
  const agrees =
    (entries === 0xffff || entries === wide.entries) &&
    (directorySize === allOnes || directorySize === wide.directorySize) &&
    (directoryOffset === allOnes || directoryOffset === wide.directoryOffset);
  return agrees ? wide : undefined;
}

/** Whether the zip64 locator names the one record that ends where it begins, at `offset`. */
export function locatesEndBefore(record: DataView, offset: number): boolean {
  const zip64End = offset - fixedLengths.get(signatures.zip64End)!;
  return (
    record.getUint32(4, true) === 0 &&
    record.getBigUint64(8, true) === BigInt(zip64End) &&
    record.getUint32(16, true) === 1
  );
}

export function parseZip64End(record: DataView): ZipEnd {
  return {
    entries: Number(record.getBigUint64(32, true)),
    directorySize: Number(record.getBigUint64(40, true)),
    directoryOffset: Number(record.getBigUint64(48, true)),
  };
}

/**
 * The length of the descriptor before us, of which the bytes before tell what it must say. 0 where it says another
 * thing in every form that it may have: with a signature or not, sizes of 32 or of 64 bits. Those of an empty file read
 * alike in both, so a record must follow.
 */
export function descriptorLength(bytes: DataView, crc: number, compressed: number, size: number): number {
  const signed = bytes.getUint32(0, true) === descriptorSignature;
  for (const start of signed ? [4, 0] : [0]) {
    if (bytes.getUint32(start, true) !== crc) continue;
    const is32 = bytes.getUint32(start + 4, true) === compressed && bytes.getUint32(start + 8, true) === size;
    if (is32 && bytes.getUint16(start + 12, true) === recordMark) return start + 12;
    const is64 =
      bytes.getBigUint64(start + 4, true) === BigInt(compressed) &&
      bytes.getBigUint64(start + 12, true) === BigInt(size);
    if (is64) return start + 20;
  }
  return 0;
}

function parseHeader(record: DataView, at: number, nameAt: number, nameLength: number, extra: number[]): ZipHeader {
  const flags = record.getUint16(at, true);
  const size = widened(record.getUint32(at + 16, true), extra);
  const compressed = widened(record.getUint32(at + 12, true), extra);
  return {
    name: Buffer.from(record.buffer, record.byteOffset + nameAt, nameLength).toString("latin1"),
    encrypted: (flags & 1) !== 0,
    described: (flags & 8) !== 0,
    method: record.getUint16(at + 2, true),
    crc: record.getUint32(at + 8, true),
    compressed,
    size,
  };
}

/** The field, or the next number of the zip64 extra where it is all ones. */
function widened(field: number, extra: number[]): number {
  return field === allOnes ? (extra.shift() ?? field) : field;
}

function zip64Numbers(record: DataView, from: number, length: number): number[] {
  const numbers: number[] = [];
  const end = from + length;
  for (let at = from; at + 4 <= end;) {
    const size = record.getUint16(at + 2, true);
    const next = at + 4 + size;
    if (next > end) return numbers;
    if (record.getUint16(at, true) === 1) {
      for (let number = at + 4; number + 8 <= next; number += 8) {
        numbers.push(Number(record.getBigUint64(number, true)));
      }
      return numbers;
    }
    at = next;
  }
  return numbers;
}

const allOnes = 0xffff_ffff;
const descriptorSignature = 0x08074b50;
/** The first two bytes of every record: PK. */
const recordMark = 0x4b50;
