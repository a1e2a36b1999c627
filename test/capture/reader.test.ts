import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Frame } from "../../src/capture/frame.ts";
import { CaptureReader } from "../../src/capture/reader.ts";
import type { CaptureInput } from "../../src/capture/source.ts";
import { captureOf, concat, readCapture } from "../build/capture-input.ts";
import { lz4Frame, zstdRaw } from "../build/compressed.ts";
import { pcapFile } from "../build/pcap.ts";
import { PcapngBuilder } from "../build/pcapng.ts";

const packets = Array.from({ length: 5 }, (_, index) => ({
  seconds: 1_700_000_000 + index,
  microseconds: 999_999 - index,
  bytes: Uint8Array.from({ length: 3 * index }, (__, at) => at + index),
}));

function pcap(littleEndian: boolean, nanosecond: boolean): Uint8Array {
  const records = packets.map(({ seconds, microseconds, bytes }) => ({
    seconds,
    fraction: nanosecond ? microseconds * 1000 : microseconds,
    bytes,
  }));
  return pcapFile(records, { littleEndian, magic: nanosecond ? 0xa1b23c4d : 0xa1b2c3d4 });
}

function pcapng(littleEndian: boolean, resolution: number): Uint8Array {
  const builder = new PcapngBuilder(littleEndian);
  const unit = 10n ** BigInt(resolution - 6);
  const frames = packets.map(({ seconds, microseconds, bytes }) =>
    builder.enhanced({ bytes, time: (BigInt(seconds) * 1_000_000n + BigInt(microseconds)) * unit }),
  );
  return concat(builder.section(), builder.interface(1, 0, [[9, builder.u8(resolution)]]), ...frames);
}

function pieces(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / 20) }, (_, index) =>
    bytes.subarray(20 * index, 20 * index + 20),
  );
}

const containers: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ["pcap, little-endian, microseconds", pcap(true, false)],
  ["pcap, big-endian, microseconds", pcap(false, false)],
  ["pcap, little-endian, nanoseconds", pcap(true, true)],
  ["pcap, big-endian, nanoseconds", pcap(false, true)],
  ["pcapng, little-endian, microseconds", pcapng(true, 6)],
  ["pcapng, big-endian, nanoseconds", pcapng(false, 9)],
  ["pcapng, little-endian, tenths of nanoseconds", pcapng(true, 10)],
  ["gzip", new Uint8Array(gzipSync(pcap(true, false)))],
  ["zstd", zstdRaw(pieces(pcap(true, false)))],
  ["lz4", lz4Frame(pieces(pcap(true, false)).map((bytes) => ({ bytes, stored: true })))],
];

/** Every place of a plain file; every third of a compressed one, whose own tests take every place. */
function strideOf(file: Uint8Array): number {
  return containers.slice(0, 7).some(([, plain]) => plain === file) ? 1 : 3;
}

const expected = packets.slice(0, 5).map(({ seconds, microseconds, bytes }, index) => ({
  number: index + 1,
  time: [seconds, microseconds * 1000],
  linkType: 1,
  interfaceId: 0,
  originalLength: bytes.length,
  direction: 0,
  comments: [],
  bytes: Buffer.from(bytes).toString("hex"),
}));

describe.each(containers)("a capture as %s", (_, file) => {
  it.each([1, 7, 4096, Infinity])("gives the same frames in chunks of %d bytes", async (chunk) => {
    const { frames, codes } = await readCapture(file, chunk);
    expect(codes).toEqual([]);
    expect(frames).toEqual(expected);
  });

  it("gives every whole frame before a cut, wherever it is, and says that it is cut", async () => {
    let most = 0;
    for (let length = 0; length < file.length; length += strideOf(file)) {
      const { frames, codes, reader } = await readCapture(file.subarray(0, length));
      expect(frames).toEqual(expected.slice(0, frames.length));
      expect(frames.length).toBeGreaterThanOrEqual(most);
      most = frames.length;
      const whole = codes.length === 0;
      expect(reader.facts.damaged).toBe(!whole);
      expect(reader.facts.frames).toBe(frames.length);
      // Only between two records, or behind the header, does a shorter file look whole.
      if (whole) expect(reader.facts.compression).toBe("none");
      for (const { detail } of reader.problems) expect(detail).toMatch(/empty|not a capture|byte \d+.*frame/);
    }
    expect(most).toBeGreaterThanOrEqual(4);
  });
});

describe.each([
  ["pcap", pcap(true, false)],
  ["pcapng", pcapng(false, 9)],
])("a damaged %s file", (_, file) => {
  it("gives frames of bytes of the file, whatever byte is flipped, and numbers them in order", async () => {
    for (let at = 0; at < file.length; at++) {
      const flipped = file.slice();
      flipped[at] ^= 0xff;
      const { frames } = await readCapture(flipped);
      const text = Buffer.from(flipped).toString("hex");
      frames.forEach((frame, index) => {
        expect(text).toContain(frame.bytes);
        expect(frame.number).toBeGreaterThan(index);
        expect(frame.originalLength).toBeGreaterThanOrEqual(frame.bytes.length / 2);
      });
    }
  });
});

describe("CaptureReader", () => {
  it("numbers frames and interfaces on from the file before", async () => {
    const first = await readCapture(pcap(true, false));
    const reader = await CaptureReader.open(captureOf(pcapng(true, 6)), first.reader.position);
    const frame = new Frame();
    expect([reader.next(frame), frame.number, frame.interfaceId]).toEqual([true, 6, 1]);
    expect(reader.facts.framesBefore).toBe(5);
    await reader.close();
  });

  it("clears what only the frame before had, also one of another file", async () => {
    const frame = new Frame();
    frame.comments = ["left over"];
    frame.direction = 2;
    frame.timed = false;
    const reader = await CaptureReader.open(captureOf(pcap(true, false)));
    reader.next(frame);
    expect([frame.comments, frame.direction, frame.timed]).toEqual([[], 0, true]);
  });

  it("says that a file is empty", async () => {
    const { frames, codes, reader } = await readCapture(new Uint8Array(0));
    expect([frames, codes, reader.facts.damaged, reader.facts.bytes]).toEqual([[], ["capture-empty"], true, 0]);
  });

  it("says that a file is no capture, and reads nothing of it", async () => {
    const text = new TextEncoder().encode("12:00:00.000001 IP 192.0.2.1.443 > 192.0.2.2.5: Flags [S]\n".repeat(9));
    const { frames, codes, reader } = await readCapture(text);
    expect([frames, codes, reader.facts.damaged]).toEqual([[], ["capture-unsupported"], true]);
    expect(reader.problems[0].detail).toContain("tcpdump -w");
  });

  it("does not open a file that is compressed twice", async () => {
    const { codes, reader } = await readCapture(new Uint8Array(gzipSync(gzipSync(pcap(true, false)))));
    expect(codes).toEqual(["capture-unsupported"]);
    expect(reader.problems[0].detail).toMatch(/compressed twice, inside with gzip/);
  });

  it("gives what came before the medium failed", async () => {
    const { input, closed } = failing(
      pcap(true, false).subarray(0, 50),
      Object.assign(new Error("EIO"), { code: "EIO" }),
    );
    const reader = await CaptureReader.open(input);
    const frame = new Frame();
    expect([reader.next(frame), reader.next(frame), await reader.fill()]).toEqual([true, false, false]);
    expect(reader.problems.map((problem) => problem.code)).toEqual(["capture-cut", "capture-cut"]);
    expect(reader.problems[0].detail).toBe("reading failed at byte 50: EIO; frame 1 is the last before it");
    await reader.close();
    expect(closed()).toBe(1);
  });

  it("lets a defect of the source through", async () => {
    const { input } = failing(pcap(true, false).subarray(0, 30), new TypeError("a defect"));
    const reader = await CaptureReader.open(input);
    await expect(reader.fill()).rejects.toThrow("a defect");
  });

  it("goes on saying that it is at the end", async () => {
    const { reader } = await readCapture(pcap(true, false).subarray(0, 50));
    expect([await reader.fill(), reader.next(new Frame()), reader.problems.length]).toEqual([false, false, 1]);
  });

  it("moves a large record that comes in small pieces only now and then", async () => {
    const bytes = Uint8Array.from({ length: 2 << 20 }, (_, at) => at * 7);
    const file = pcapFile([{ seconds: 1, fraction: 0, bytes }], { snapLength: 16 << 20 });
    const { frames } = await readCapture(file, 1000);
    expect(frames[0].bytes).toBe(Buffer.from(bytes).toString("hex"));
  });
});

function failing(bytes: Uint8Array, error: Error): { input: CaptureInput; closed: () => number } {
  let reads = 0;
  let closes = 0;
  const input: CaptureInput = {
    name: "failing",
    reopenable: false,
    open: () =>
      Promise.resolve({
        read: (target) => {
          if (reads++ > 0) return Promise.reject(error);
          target.set(bytes);
          return Promise.resolve(bytes.length);
        },
        close: () => {
          closes++;
          return Promise.resolve();
        },
      }),
  };
  return { input, closed: () => closes };
}
