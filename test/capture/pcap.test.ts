import { Readable } from "node:stream";
import { parse } from "pcap-parser";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCapture, bytesOf, concat } from "../build/capture-input.ts";
import { pcapFile, pcapHeader, pcapRecord, type PcapOptions, type PcapRecord } from "../build/pcap.ts";

const payload = bytesOf("01 02 03 04 05");
const record: PcapRecord = { seconds: 1_700_000_000, fraction: 123_456, bytes: payload };

describe("PcapReader", () => {
  it.each([
    ["microseconds, little-endian", { magic: 0xa1b2c3d4 }, "pcap", 123_456_000],
    ["microseconds, big-endian", { magic: 0xa1b2c3d4, littleEndian: false }, "pcap", 123_456_000],
    ["nanoseconds, little-endian", { magic: 0xa1b23c4d }, "pcap-nanosecond", 123_456],
    ["nanoseconds, big-endian", { magic: 0xa1b23c4d, littleEndian: false }, "pcap-nanosecond", 123_456],
    ["modified, little-endian", { magic: 0xa1b2cd34 }, "pcap-modified", 123_456_000],
    ["modified, big-endian", { magic: 0xa1b2cd34, littleEndian: false }, "pcap-modified", 123_456_000],
  ] as const)("reads %s", async (_, options, format, nanoseconds) => {
    const { frames, reader, codes } = await readCapture(pcapFile([record, record], options));
    expect(codes).toEqual([]);
    expect(reader.facts).toMatchObject({ format, frames: 2, linkTypes: [1], damaged: false, compression: "none" });
    expect(frames.map((frame) => [frame.number, frame.time, frame.bytes])).toEqual([
      [1, [1_700_000_000, nanoseconds], "0102030405"],
      [2, [1_700_000_000, nanoseconds], "0102030405"],
    ]);
  });

  it("takes the link type from the low 16 bits, below those of the frame check sequence", async () => {
    const { frames } = await readCapture(pcapFile([record], { linkType: 0x2400_0071 }));
    expect(frames[0].linkType).toBe(0x71);
  });

  it("carries a fraction that runs over a second", async () => {
    const { frames } = await readCapture(pcapFile([{ ...record, fraction: 2_000_001 }]));
    expect(frames[0].time).toEqual([1_700_000_002, 1000]);
  });

  it("tells how much of a frame was not captured, and who has that done", async () => {
    const { frames, reader, codes } = await readCapture(pcapFile([{ ...record, original: 99 }], { snapLength: 5 }));
    expect(frames[0].originalLength).toBe(99);
    expect(reader.facts).toMatchObject({ snapLength: 5, snappedFrames: 1 });
    expect(codes).toEqual(["snapped"]);
  });

  it("never gives an original length below the captured one", async () => {
    const { frames, codes } = await readCapture(pcapFile([{ ...record, original: 2 }]));
    expect([frames[0].originalLength, codes]).toEqual([5, []]);
  });

  it("reads the lengths of version 2.2 the other way round", async () => {
    const old = pcapFile([{ ...record, captured: 9, original: 5 }], { version: [2, 2] });
    const { frames } = await readCapture(old);
    expect([frames[0].bytes, frames[0].originalLength]).toEqual(["0102030405", 9]);
  });

  it("tells the direction in the modified format", async () => {
    const options = { magic: 0xa1b2cd34 };
    const { frames } = await readCapture(pcapFile([record, { ...record, packetType: 4 }], options));
    expect(frames.map((frame) => frame.direction)).toEqual([1, 2]);
  });

  it("refuses another version than 2", async () => {
    const { codes, reader } = await readCapture(pcapFile([record], { version: [3, 0] }));
    expect([codes, reader.facts.damaged]).toEqual([["capture-unsupported"], true]);
  });

  it("gives what stands before a record that claims too much, and names byte and frame", async () => {
    const file = concat(pcapFile([record]), pcapRecord({ ...record, captured: 0x7fff_ffff }), pcapRecord(record));
    const { frames, reader, codes } = await readCapture(file);
    expect([frames.length, codes, reader.facts.damaged]).toEqual([1, ["capture-damaged"], true]);
    expect(reader.problems[0]).toMatchObject({ layer: "capture", frame: 1, offset: 45 });
    expect(reader.problems[0].detail).toMatch(/frame 2 .* byte 45; frame 1 is the last/);
  });

  it("allows what the snap length of the file allows, up to the cap of a block", async () => {
    const large = { ...record, bytes: new Uint8Array(300_000) };
    expect((await readCapture(pcapFile([large]))).codes).toEqual(["capture-damaged"]);
    expect((await readCapture(pcapFile([large], { snapLength: 300_000 }))).codes).toEqual([]);
  });

  it("agrees with pcap-parser on classic files", async () => {
    await fc.assert(
      fc.asyncProperty(classicFile, async ([records, options]) => {
        const file = pcapFile(records, options);
        const { frames } = await readCapture(file, 64);
        const ours = frames.map((frame) => [...frame.time!, frame.originalLength, frame.bytes]);
        expect(ours).toEqual(await readByPcapParser(file));
      }),
      { seed: 7, numRuns: 40 },
    );
  });

  it("says that a file ends inside its header", async () => {
    const { codes, reader } = await readCapture(pcapHeader().subarray(0, 23));
    expect([codes, reader.facts.damaged]).toEqual([["capture-cut"], true]);
    expect(reader.problems[0].detail).toMatch(/ends at byte 23, 1 byte before the end of the file header/);
  });
});

const classicRecord: fc.Arbitrary<PcapRecord> = fc
  .tuple(fc.integer({ min: 0, max: 0xffff_ffff }), fc.nat(999_999), fc.uint8Array({ maxLength: 40 }), fc.nat(1500))
  .map(([seconds, fraction, bytes, more]) => ({ seconds, fraction, bytes, original: bytes.length + more }));
const classicFile: fc.Arbitrary<[PcapRecord[], PcapOptions]> = fc.tuple(
  fc.array(classicRecord, { maxLength: 8 }),
  fc.record({ littleEndian: fc.boolean() }),
);

async function readByPcapParser(file: Uint8Array): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const packets: unknown[] = [];
    const parser = parse(Readable.from([Buffer.from(file)]));
    parser.on("packet", ({ header, data }) => {
      const { timestampSeconds, timestampMicroseconds, originalLength } = header;
      packets.push([timestampSeconds, timestampMicroseconds * 1000, originalLength, data.toString("hex")]);
    });
    parser.on("end", () => resolve(packets));
    parser.on("error", reject);
  });
}
