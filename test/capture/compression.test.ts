import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { compressionOf, decompressed } from "../../src/capture/compression.ts";
import { DecompressionError } from "../../src/capture/decompression.ts";
import type { CaptureCompression } from "../../src/capture/facts.ts";
import { gunzip } from "../../src/capture/gzip.ts";
import { InputBlock } from "../../src/capture/input-block.ts";
import { unlz4 } from "../../src/capture/lz4.ts";
import { unzstd } from "../../src/capture/zstd.ts";
import { bytesOf, concat, sourceOf } from "../build/capture-input.ts";
import {
  compressedCapture,
  lz4ByCli,
  lz4Frame,
  lz4LegacyByCli,
  lz4WithBlockChecksumsByCli,
  skippableFrame,
  zstdByCli,
  zstdRaw,
  zstdRepeated,
} from "../build/compressed.ts";

type Kind = Exclude<CaptureCompression, "none">;

interface Outcome {
  readonly bytes: Uint8Array;
  readonly error: DecompressionError | undefined;
  readonly checksumSkipped: boolean;
}

async function decompress(file: Uint8Array, kind: Kind, chunk = Infinity, piece = 4096): Promise<Outcome> {
  const source = decompressed(sourceOf(file, chunk), kind);
  const parts: Uint8Array[] = [];
  let error: DecompressionError | undefined;
  try {
    for (;;) {
      const target = new Uint8Array(piece);
      const length = await source.read(target);
      if (length === 0) break;
      parts.push(target.subarray(0, length));
    }
  } catch (caught) {
    if (!(caught instanceof DecompressionError)) throw caught;
    error = caught;
  }
  await source.close();
  return { bytes: concat(...parts), error, checksumSkipped: source.notes.checksumSkipped };
}

const gzipped = new Uint8Array(gzipSync(compressedCapture));
/** All optional fields of a gzip header: extra field, name, comment. */
const fullGzip = concat(
  bytesOf("1f8b 08 1c 00000000 00 03 0300 aabbcc"),
  bytesOf("6e616d6500 746578740a00"),
  gzipped.subarray(10),
);
const someBytes = bytesOf("00 11 22 33 44 55 66 77");
const compressedTwice = concat(compressedCapture, compressedCapture);

const whole: readonly (readonly [name: string, kind: Kind, file: Uint8Array, content: Uint8Array])[] = [
  ["gzip", "gzip", gzipped, compressedCapture],
  ["gzip with all header fields", "gzip", fullGzip, compressedCapture],
  ["gzip of two members", "gzip", concat(gzipped, gzipped), compressedTwice],
  ["gzip of nothing", "gzip", new Uint8Array(gzipSync(new Uint8Array(0))), new Uint8Array(0)],
  ["zstd by the tool", "zstd", zstdByCli, compressedCapture],
  ["zstd of two frames", "zstd", concat(zstdByCli, zstdByCli), compressedTwice],
  ["zstd between skippable frames", "zstd", surrounded(zstdByCli), compressedCapture],
  ["zstd of raw blocks", "zstd", zstdRaw([someBytes, someBytes]), concat(someBytes, someBytes)],
  ["zstd of repeated bytes", "zstd", zstdRepeated(7, [1, 3], { contentSize: 4n }), new Uint8Array(4).fill(7)],
  ["zstd of an empty block", "zstd", zstdRaw([new Uint8Array(0)]), new Uint8Array(0)],
  ["lz4 by the tool", "lz4", lz4ByCli, compressedCapture],
  ["lz4 with checksums of blocks", "lz4", lz4WithBlockChecksumsByCli, compressedCapture],
  ["lz4 legacy", "lz4", lz4LegacyByCli, compressedCapture],
  ["lz4 of two frames", "lz4", concat(lz4ByCli, lz4ByCli), compressedTwice],
  ["lz4 legacy, then a frame", "lz4", concat(lz4LegacyByCli, lz4ByCli), compressedTwice],
  ["lz4 between skippable frames", "lz4", surrounded(lz4ByCli), compressedCapture],
];

/** Every place of a short file, a few hundred of a longer one. */
function strideOf(file: Uint8Array): number {
  return Math.ceil(file.length / 300);
}

function surrounded(file: Uint8Array): Uint8Array {
  return concat(skippableFrame(bytesOf("01 02 03")), file, skippableFrame(new Uint8Array(0)));
}

describe.each(whole)("%s", (_, kind, file, content) => {
  it.each([1, 7, 4096])("decodes in chunks of %d bytes", async (chunk) => {
    const { bytes, error } = await decompress(file, kind, chunk, chunk);
    expect(error).toBeUndefined();
    expect(Buffer.compare(bytes, content)).toBe(0);
  });

  it("decodes to a beginning of its content wherever it is cut, and says so", async () => {
    for (let length = 1; length < file.length; length += strideOf(file)) {
      const { bytes, error } = await decompress(file.subarray(0, length), kind);
      expect(Buffer.compare(bytes, content.subarray(0, bytes.length))).toBe(0);
      if (error === undefined) expect([0, content.length / 2, content.length]).toContain(bytes.length);
      else expect(error.message).toMatch(new RegExp(`ends at byte ${length}, inside`));
    }
  });

  it("fails with nothing but its own error for a flipped byte", async () => {
    for (let at = 0; at < file.length; at += strideOf(file)) {
      const flipped = file.slice();
      flipped[at] ^= 0x55;
      await decompress(flipped, kind);
    }
  });

  it("does not take what follows for its own", async () => {
    const { bytes, error } = await decompress(concat(file, bytesOf("de ad be ef 00 00 00 00 00 00 00 00")), kind);
    expect(Buffer.compare(bytes, content)).toBe(0);
    expect(error?.message).toMatch(/what follows at byte \d+ is not|claims|inside a block/);
  });
});

it("lz4 blocks reach into the 64 KiB before them, wherever those are kept", async () => {
  const first = Uint8Array.from({ length: 64 << 10 }, (_, at) => (at * 7919) >> 3);
  /* Each repeats all but the first byte of the block before it, and ends in five bytes of its own. */
  const match = (64 << 10) - 5 - 4 - 15;
  const further = concat(new Uint8Array(Math.floor(match / 255)).fill(255), Uint8Array.of(match % 255));
  const blocks = Array.from({ length: 40 }, (_, at) => ({
    bytes: concat(bytesOf("0f ffff"), further, bytesOf("50"), new Uint8Array(5).fill(at)),
  }));
  const expected = [...first];
  for (const { bytes } of blocks) {
    for (let count = (64 << 10) - 5; count > 0; count--) expected.push(expected[expected.length - 0xffff]);
    expected.push(...bytes.subarray(-5));
  }
  const linked = lz4Frame([{ bytes: first, stored: true }, ...blocks], { flags: 0x40 });
  const { bytes, error } = await decompress(linked, "lz4");
  expect(error).toBeUndefined();
  expect(Buffer.compare(bytes, Uint8Array.from(expected))).toBe(0);
});

describe("damage", () => {
  it.each([
    ["gzip checksum", "gzip", tampered(gzipped, gzipped.length - 8)],
    ["gzip length", "gzip", tampered(gzipped, gzipped.length - 1)],
    ["lz4 content checksum", "lz4", tampered(lz4ByCli, lz4ByCli.length - 1)],
    ["zstd content size", "zstd", zstdRaw([compressedCapture], { contentSize: 7n })],
  ] as const)("of a %s is seen, after everything was given", async (_, kind, file) => {
    const { bytes, error } = await decompress(file, kind);
    expect(Buffer.compare(bytes, compressedCapture)).toBe(0);
    expect(error).toBeInstanceOf(DecompressionError);
  });

  it.each([
    ["an lz4 block checksum", "lz4", tampered(lz4WithBlockChecksumsByCli, 60), /block checksum/],
    ["an lz4 header checksum", "lz4", tampered(lz4ByCli, 6), /header checksum/],
    ["an lz4 block size of 64 MiB", "lz4", tampered(lz4ByCli, 10, 0x04), /claims a block/],
    ["an lz4 dictionary", "lz4", lz4Frame([], { flags: 0x61, dictionary: 7 }), /needs a dictionary/],
    [
      "an lz4 match before the beginning",
      "lz4",
      lz4Frame([{ bytes: bytesOf("10 61 0200 50 6162636465") }]),
      /contradicts/,
    ],
    ["an lz4 match at distance 0", "lz4", lz4Frame([{ bytes: bytesOf("10 61 0000 50 6162636465") }]), /contradicts/],
    ["lz4 literals beyond the block", "lz4", lz4Frame([{ bytes: bytesOf("50 61") }]), /contradicts/],
    ["an lz4 length that never ends", "lz4", lz4Frame([{ bytes: bytesOf("f0 ffffff") }]), /contradicts/],
    ["an lz4 block that decodes to too much", "lz4", lz4Frame([{ bytes: lz4Run(300) }]), /contradicts/],
    ["a zstd dictionary", "zstd", zstdRaw([compressedCapture], { flags: 1 }), /needs a dictionary/],
    ["a reserved bit of zstd", "zstd", zstdRaw([compressedCapture], { flags: 8 }), /reserved bit/],
    ["a zstd window of 2 GiB", "zstd", zstdRaw([compressedCapture], { windowCode: 0xa8 }), /--long=31/],
    ["a zstd block of 1 MiB", "zstd", bytesOf("28b52ffd 00 58 0000 80 00"), /block header/],
    ["a reserved zstd block type", "zstd", bytesOf("28b52ffd 00 58 0f0000"), /block header/],
    ["a zstd block of garbage", "zstd", bytesOf("28b52ffd 00 58 450000 ffffffffffffffff"), /contradicts/],
    ["a gzip member of another method", "gzip", bytesOf("1f8b 07 00 00000000 00 03 00 00"), /not a gzip member/],
    ["bytes that are not DEFLATE", "gzip", bytesOf("1f8b 08 00 00000000 00 03 ffffffff"), /not DEFLATE/],
  ] as const)("is seen: %s", async (_, kind, file, message) => {
    const { bytes, error } = await decompress(file, kind);
    expect(Buffer.compare(bytes, compressedCapture.subarray(0, bytes.length))).toBe(0);
    expect(error?.message).toMatch(message);
  });

  it("ends a gzip header that never ends", async () => {
    const { error } = await decompress(
      concat(bytesOf("1f8b 08 08 00000000 00 03"), new Uint8Array(1 << 20).fill(65)),
      "gzip",
      100,
    );
    expect(error?.message).toMatch(/endless header/);
  });

  it("ends a zstd stream of empty blocks with a large window", async () => {
    const blocks = Array.from({ length: 200_000 }, () => new Uint8Array(0));
    const { error } = await decompress(zstdRaw(blocks, { windowCode: 0x88 }), "zstd");
    expect(error?.message).toMatch(/far more blocks than bytes/);
  });
});

describe("bombs", () => {
  it.each([
    ["gzip", gunzip, new Uint8Array(gzipSync(new Uint8Array(48 << 20)))],
    [
      "zstd",
      unzstd,
      zstdRepeated(
        0,
        Array.from({ length: 384 }, () => 128 << 10),
        { windowCode: 0x58 },
      ),
    ],
    ["lz4", unlz4, lz4Frame(Array.from({ length: 768 }, () => ({ bytes: lz4Run(256) })))],
  ] as const)("of %s come in pieces that lie in small buffers", async (_, decoder, file) => {
    let [total, largest] = [0, 0];
    for await (const piece of decoder(new InputBlock(sourceOf(file), 64 << 10), { checksumSkipped: false })) {
      total += piece.length;
      largest = Math.max(largest, piece.buffer.byteLength);
    }
    expect(total).toBe(48 << 20);
    expect(largest).toBeLessThanOrEqual(4 << 20);
  });
});

describe("compressionOf", () => {
  it.each([
    ["gzip", gzipped, "gzip"],
    ["zstd", zstdByCli, "zstd"],
    ["lz4", lz4ByCli, "lz4"],
    ["lz4 legacy", lz4LegacyByCli, "lz4"],
    ["a skippable frame, then lz4", surrounded(lz4ByCli), "lz4"],
    ["a skippable frame, then zstd", surrounded(zstdByCli), "zstd"],
    ["a skippable frame alone", skippableFrame(new Uint8Array(9)), "zstd"],
    ["a capture", compressedCapture, "none"],
    ["three bytes", gzipped.subarray(0, 3), "none"],
  ])("tells %s", (_, file, kind) => {
    expect(compressionOf(file, 0, file.length)).toBe(kind);
  });

  it("notes that the checksum of zstd was not computed, if there was one", async () => {
    expect((await decompress(zstdByCli, "zstd")).checksumSkipped).toBe(true);
    expect((await decompress(zstdRaw([compressedCapture]), "zstd")).checksumSkipped).toBe(false);
  });
});

function tampered(file: Uint8Array, at: number, flip = 0xff): Uint8Array {
  const copy = file.slice();
  copy[at] ^= flip;
  return copy;
}

/** A block that decodes to so many times 256 zeros. */
function lz4Run(count: number): Uint8Array {
  const match = 256 * count - 1 - 5 - 4 - 15;
  const extended = new Uint8Array(Math.floor(match / 255) + 1).fill(255);
  extended[extended.length - 1] = match % 255;
  return concat(bytesOf("1f 00 0100"), extended, bytesOf("50 0000000000"));
}
