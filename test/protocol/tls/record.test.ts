import { describe, expect, it } from "vitest";
import { RecordReader, type RecordSink } from "../../../src/protocol/tls/record.ts";
import { bytesOf, concat, encrypted, record } from "../../build/tls.ts";

class Recorder implements RecordSink {
  readonly seen: string[] = [];
  #bytes = 0;

  recordStart(direction: number, contentType: number, length: number): void {
    this.seen.push(`${direction}:${contentType}:${length}`);
    this.#bytes = 0;
  }

  recordBytes(_direction: number, _bytes: Uint8Array, start: number, end: number): void {
    this.#bytes += end - start;
  }

  recordEnd(): void {
    this.seen.push(`end ${this.#bytes}`);
  }
}

function walk(bytes: Uint8Array, cuts: readonly number[] = []) {
  const sink = new Recorder();
  const reader = new RecordReader(1, sink);
  let fine = true;
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    fine = fine && reader.read(bytes, at, cut, 1);
    at = cut;
  }
  return { seen: sink.seen, fine, reader };
}

describe("the record walk", () => {
  const stream = concat(record(22, bytesOf("0e000000")), encrypted(0), encrypted(300), record(20, bytesOf("01")));
  const expected = ["1:22:4", "end 4", "1:23:0", "end 0", "1:23:300", "end 300", "1:20:1", "end 1"];

  it("gives type, length and every byte of each record, however it is split", () => {
    expect(walk(stream).seen).toEqual(expected);
    expect(
      walk(
        stream,
        Array.from({ length: stream.length }, (_, index) => index),
      ).seen,
    ).toEqual(expected);
    for (let cut = 0; cut <= stream.length; cut++) expect(walk(stream, [cut]).seen).toEqual(expected);
    expect(walk(stream).reader.records).toBe(4);
  });

  it.each([
    ["another type", "19 0303 0001"],
    ["another version", "16 0203 0001"],
    ["a version of the far future", "16 0305 0001"],
    ["more than a fragment can hold", "17 0303 4801"],
  ])("stops at %s", (_name, hex) => {
    const bytes = concat(encrypted(3), bytesOf(hex));
    expect(walk(bytes).fine).toBe(false);
    expect(walk(bytes, [9, 10, 11, 12]).fine).toBe(false);
    expect(walk(bytes).seen).toEqual(["1:23:3", "end 3"]);
  });

  it("keeps what stood in place of a header", () => {
    const { reader } = walk(bytesOf("48545450 2f312e31"));
    expect([...reader.pending]).toEqual([0x48, 0x54, 0x54, 0x50, 0x2f]);
    expect(reader.stoppedAt).toBe(5);
  });

  it("steps over lost bytes inside a record only", () => {
    const { reader, seen } = walk(encrypted(100).subarray(0, 45));
    expect(reader.skipLost(61)).toBe(false);
    expect(reader.skipLost(60)).toBe(true);
    reader.closeIfSkipped(2);
    expect(seen).toEqual(["1:23:100", "end 40"]);
    expect(reader.skipLost(1)).toBe(false);
    reader.restart();
    expect(reader.read(encrypted(1), 0, 6, 3)).toBe(true);
  });
});
