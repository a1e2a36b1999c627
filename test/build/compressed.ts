import { pcapFile } from "./pcap.ts";
import { xxh32 } from "../../src/capture/xxh32.ts";

/** The pcap file that the command-line tools compressed below. */
export const compressedCapture: Uint8Array = pcapFile(
  Array.from({ length: 12 }, (_, n) => ({
    seconds: 1_700_000_000 + n,
    fraction: n,
    bytes: Uint8Array.from({ length: 60 }, (__, index) => index * (n % 4)),
  })),
);

/** `zstd --check`. */
export const zstdByCli: Uint8Array = base64(
  "KLUv/WSoAjUJAIQP1MOyoQIABAAEAAHxU2U8AAHxU2UBAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywt" +
    "Li8wMTIzNDU2Nzg5OjsC8VNlAgIEBggKDA4QEhQWGBocHiAiJCYoKiwuMDI0Njg6PD5AQkRGSEpMTlBSVFZYWlxeYGJkZmhqbG5wcnR2" +
    "A/FTZQMDBgkMDxIVGBseISQnKi0wMzY5PD9CRUhLTlFUV1pdYGNmaWxvcnV4e36BhIeKjZCTlpmcn6KlqKuusQTxU2UEBfFTZQUG8VNl" +
    "BgfxU2UHCPFTZQgJ8VNlCQrxU2UKC/FTZQsRAARQTQDVBFBNANUEUE2AappZqAJIAQDOAIALALjzBO4BSNnlVbHxYscGuJRz0eE=",
);

/** `lz4`. */
export const lz4ByCli: Uint8Array = base64(
  "BCJNGGRAp1wBAACG1MOyoQIABAABADAEAAENADDxU2UHABM8BAAPAgApQAHxU2VUAAVMAPMxAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY" +
    "GRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5OjsC8VNlApQAAFAA+DIAAgQGCAoMDhASFBYYGhweICIkJigqLC4wMjQ2ODo8" +
    "PkBCREZISkxOUFJUVlhaXF5gYmRmaGpsbnBydHYD8VNlA0wA8DADBgkMDxIVGBseISQnKi0wMzY5PD9CRUhLTlFUV1pdYGNmaWxvcnV4" +
    "e36BhIeKjZCTlpmcn6KlqKuusQTxU2VGAQCUAAAEAA8CAClYBfFTZQWYAA8wAShYBvFTZQZMAA8wAShYB/FTZQdMAA8wAShYCPFTZQhM" +
    "AA8CAChYCfFTZQlMAA8wAShYCvFTZQpMAA8wAShYC/FTZQtMAA8wASNQpairrrEAAAAAixj8pA==",
);

/** `lz4 -l`. */
export const lz4LegacyByCli: Uint8Array = base64(
  "AiFMGFwBAACG1MOyoQIABAABADAEAAENADDxU2UHABM8BAAPAgApQAHxU2VUAAVMAPMxAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRob" +
    "HB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5OjsC8VNlApQAAFAA+DIAAgQGCAoMDhASFBYYGhweICIkJigqLC4wMjQ2ODo8PkBC" +
    "REZISkxOUFJUVlhaXF5gYmRmaGpsbnBydHYD8VNlA0wA8DADBgkMDxIVGBseISQnKi0wMzY5PD9CRUhLTlFUV1pdYGNmaWxvcnV4e36B" +
    "hIeKjZCTlpmcn6KlqKuusQTxU2VGAQCUAAAEAA8CAClYBfFTZQWYAA8wAShYBvFTZQZMAA8wAShYB/FTZQdMAA8wAShYCPFTZQhMAA8C" +
    "AChYCfFTZQlMAA8wAShYCvFTZQpMAA8wAShYC/FTZQtMAA8wASNQpairrrE=",
);

/** `lz4 -BD -BX -B4 --content-size`: dependent blocks. */
export const lz4WithBlockChecksumsByCli: Uint8Array = base64(
  "BCJNGHxAqAMAAAAAAAB4XAEAAIbUw7KhAgAEAAEAMAQAAQ0AMPFTZQcAEzwEAA8CAClAAfFTZVQABUwA8zEBAgMEBQYHCAkKCwwNDg8Q" +
    "ERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6OwLxU2UClAAAUAD4MgACBAYICgwOEBIUFhgaHB4gIiQmKCos" +
    "LjAyNDY4Ojw+QEJERkhKTE5QUlRWWFpcXmBiZGZoamxucHJ0dgPxU2UDTADwMAMGCQwPEhUYGx4hJCcqLTAzNjk8P0JFSEtOUVRXWl1g" +
    "Y2ZpbG9ydXh7foGEh4qNkJOWmZyfoqWoq66xBPFTZUYBAJQAAAQADwIAKVgF8VNlBZgADzABKFgG8VNlBkwADzABKFgH8VNlB0wADzAB" +
    "KFgI8VNlCEwADwIAKFgJ8VNlCUwADzABKFgK8VNlCkwADzABKFgL8VNlC0wADzABI1ClqKuusVDKVGgAAAAAixj8pA==",
);

export interface ZstdOptions {
  /** Window descriptor: 5 bits of exponent and 3 of mantissa; 1 KiB unless told. */
  readonly windowCode?: number;
  readonly checksum?: boolean;
  readonly contentSize?: bigint;
  readonly flags?: number;
}

/** A Zstandard frame of raw blocks. */
export function zstdRaw(blocks: readonly Uint8Array[], options: ZstdOptions = {}): Uint8Array {
  const parts = blocks.map((block, index) => zstdBlock(0, block.length, block, index === blocks.length - 1));
  return zstdFrame(parts, options);
}

/** A Zstandard frame of blocks that repeat one byte. */
export function zstdRepeated(byte: number, lengths: readonly number[], options: ZstdOptions = {}): Uint8Array {
  const value = Uint8Array.of(byte);
  return zstdFrame(
    lengths.map((length, index) => zstdBlock(1, length, value, index === lengths.length - 1)),
    options,
  );
}

function zstdFrame(blocks: readonly Uint8Array[], options: ZstdOptions): Uint8Array {
  const { windowCode = 0, checksum = false, contentSize, flags = 0 } = options;
  const descriptor = (contentSize === undefined ? 0 : 0xc0) | (checksum ? 4 : 0) | flags;
  const size = Buffer.alloc(contentSize === undefined ? 0 : 8);
  if (contentSize !== undefined) size.writeBigUInt64LE(contentSize);
  const header = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, descriptor, windowCode);
  return new Uint8Array(Buffer.concat([header, size, ...blocks, new Uint8Array(checksum ? 4 : 0)]));
}

function zstdBlock(type: number, size: number, content: Uint8Array, last: boolean): Uint8Array {
  const word = (size << 3) | (type << 1) | Number(last);
  return new Uint8Array(Buffer.concat([Uint8Array.of(word & 0xff, (word >> 8) & 0xff, word >> 16), content]));
}

export interface Lz4Options {
  /** FLG byte: version 01 and the flags; blocks independent with nothing else, unless told. */
  readonly flags?: number;
  /** BD byte: 64 KiB blocks, unless told. */
  readonly blocks?: number;
  /** Goes with flag 1. */
  readonly dictionary?: number;
}

/** An LZ4 frame of blocks as they are: `stored` or sequences. */
export function lz4Frame(
  blocks: readonly { readonly bytes: Uint8Array; readonly stored?: boolean }[],
  options: Lz4Options = {},
): Uint8Array {
  const dictionary = options.dictionary === undefined ? new Uint8Array(0) : word(options.dictionary);
  const descriptor = Uint8Array.of(options.flags ?? 0x60, options.blocks ?? 0x40, ...dictionary);
  const sum = xxh32(descriptor, 0, descriptor.length);
  const parts = [word(0x184d2204), descriptor, Uint8Array.of((sum >>> 8) & 0xff)];
  for (const { bytes, stored = false } of blocks) parts.push(word(bytes.length + (stored ? 0x80000000 : 0)), bytes);
  parts.push(word(0));
  return new Uint8Array(Buffer.concat(parts));
}

/** A skippable frame, as LZ4 and Zstandard have it. */
export function skippableFrame(content: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([word(0x184d2a53), word(content.length), content]));
}

function word(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function base64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
