import { crc32, deflateRawSync } from "node:zlib";

/** One file of a zip that a test makes; what is not told is sound. */
export interface ZipFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly stored?: boolean;
  /** Checksum and sizes behind the content, as Go writes them: with signature and 32 bits unless told. */
  readonly descriptor?: "signed" | "bare" | "signed64" | "bare64";
  /** Sizes in zip64 extras. */
  readonly zip64?: boolean;
  readonly method?: number;
  readonly flags?: number;
  /** What the directory says instead. */
  readonly listed?: Partial<{ name: string; crc: number; size: number; offset: number; method: number }>;
  readonly crc?: number;
}

/** The zip file, with a zip64 end where asked. */
export function moduleZip(
  files: readonly ZipFile[],
  options: {
    readonly zip64?: boolean;
    readonly comment?: string;
    readonly listed?: number;
    readonly between?: Uint8Array;
  } = {},
): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const file of files) {
    const { local, central } = entry(file, offset);
    parts.push(local);
    directory.push(central);
    offset += local.length;
  }
  if (options.between !== undefined) parts.push(options.between);
  const directoryOffset = offset + (options.between?.length ?? 0);
  const listed = directory.slice(0, options.listed);
  const size = listed.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([...parts, ...listed, end(listed.length, size, directoryOffset, options)]);
}

function entry(file: ZipFile, offset: number): { local: Uint8Array; central: Uint8Array } {
  const content = Buffer.from(file.content);
  const packed = file.stored === true ? content : deflateRawSync(content);
  const real = { crc: file.crc ?? crc32(content), compressed: packed.length, size: content.length };
  const flags = (file.descriptor === undefined ? 0 : 8) | (file.flags ?? 0);
  const method = file.method ?? (file.stored === true ? 0 : 8);
  const atHead = file.descriptor === undefined ? real : { crc: 0, compressed: 0, size: 0 };
  const listed = { name: file.name, method, offset, ...real, ...file.listed };
  return {
    local: Buffer.concat([
      le(4, 0x04034b50, 2, 20),
      header(flags, method, atHead, file.name, file.zip64 === true),
      Buffer.from(file.name),
      extra(atHead, file.zip64 === true),
      packed,
      descriptor(real, file.descriptor),
    ]),
    central: Buffer.concat([
      le(4, 0x02014b50, 2, 20, 2, 20),
      header(flags, listed.method, listed, listed.name, file.zip64 === true),
      le(2, 0, 2, 0, 2, 0, 4, 0, 4, listed.offset),
      Buffer.from(listed.name),
      extra(listed, file.zip64 === true),
    ]),
  };
}

interface Sizes {
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
}

function header(flags: number, method: number, sizes: Sizes, name: string, zip64: boolean): Uint8Array {
  const [compressed, size] = zip64 ? [allOnes, allOnes] : [sizes.compressed, sizes.size];
  const nameLength = Buffer.byteLength(name);
  return le(2, flags, 2, method, 4, 0, 4, sizes.crc, 4, compressed, 4, size, 2, nameLength, 2, zip64 ? 24 : 0);
}

/** An extra that is none of ours, then that of zip64. */
function extra({ compressed, size }: Sizes, zip64: boolean): Uint8Array {
  return zip64 ? le(2, 0xcafe, 2, 0, 2, 1, 2, 16, 8, size, 8, compressed) : le();
}

function descriptor({ crc, compressed, size }: Sizes, form: ZipFile["descriptor"]): Uint8Array {
  if (form === undefined) return le();
  const width = form.endsWith("64") ? 8 : 4;
  const fields = le(4, crc, width, compressed, width, size);
  return form.startsWith("signed") ? Buffer.concat([le(4, 0x08074b50), fields]) : fields;
}

function end(count: number, size: number, offset: number, options: { zip64?: boolean; comment?: string }): Uint8Array {
  const comment = Buffer.from(options.comment ?? "");
  if (options.zip64 !== true) {
    return Buffer.concat([le(4, 0x06054b50, 4, 0, 2, count, 2, count, 4, size, 4, offset, 2, comment.length), comment]);
  }
  return Buffer.concat([
    le(4, 0x06064b50, 8, 44, 4, 0, 4, 0, 4, 0, 8, count, 8, count, 8, size, 8, offset),
    le(4, 0x07064b50, 4, 0, 8, offset + size, 4, 1),
    le(4, 0x06054b50, 4, 0, 2, 0xffff, 2, 0xffff, 4, allOnes, 4, allOnes, 2, 0),
  ]);
}

/** Little-endian fields: width and value in turn. */
function le(...fields: number[]): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    let rest = BigInt(fields[at + 1]);
    for (let byte = 0; byte < fields[at]; byte++, rest >>= 8n) bytes.push(Number(rest & 0xffn));
  }
  return Uint8Array.from(bytes);
}

const allOnes = 0xffff_ffff;
