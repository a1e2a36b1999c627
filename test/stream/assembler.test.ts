import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../../src/limits.ts";
import { Arrival, Assembler } from "../../src/stream/assembler.ts";
import { Moment, type Direction, type EndReason, type StreamConsumer } from "../../src/stream/consumer.ts";
import { HoldBudget } from "../../src/stream/held.ts";
import { ConnectionRows, sides } from "../../src/stream/rows.ts";

const reach = 1 << 30;

/** Collects a stream; a lost byte is -1. */
class Bytes implements StreamConsumer {
  readonly got: number[] = [];
  readonly ends: EndReason[] = [];
  skipAfter = Infinity;

  onData(_direction: Direction, bytes: Uint8Array, start: number, end: number) {
    for (let at = start; at < end; at++) this.got.push(bytes[at]);
    return this.got.length >= this.skipAfter ? (1 as const) : (0 as const);
  }

  onGap(_direction: Direction, length: number) {
    for (let lost = 0; lost < length; lost++) this.got.push(-1);
    return 0 as const;
  }

  onEnd(_direction: Direction, reason: EndReason): void {
    this.ends.push(reason);
  }
}

function assemble(next: number, caps = limits as typeof limits | Record<string, number>) {
  const consumer = new Bytes();
  const moment = new Moment();
  const budget = new HoldBudget({ ...limits, ...caps });
  const rows = new ConnectionRows();
  rows.add(0);
  const assembler = new Assembler({ moment, budget, consumers: [consumer], held: new Map() });
  assembler.stand(rows.words, rows.numbers, sides);
  assembler.start(0, next, true);
  const lent = new Uint8Array(4096);
  const accept = (start: number, bytes: readonly number[], captured = bytes.length): Arrival => {
    moment.frame++;
    lent.set(bytes, 100);
    const arrival = assembler.accept(start | 0, bytes.length, lent, 100, 100 + captured, reach);
    lent.fill(0xdb);
    return arrival;
  };
  return { consumer, moment, budget, assembler, accept };
}

/** What a segment says: a range of the stream, and whether another hand wrote it. */
const segments = fc.array(
  fc.record({ start: fc.nat(400), length: fc.integer({ min: 1, max: 60 }), forged: fc.boolean() }),
  { minLength: 1, maxLength: 60 },
);

describe("the assembler against a map of bytes", () => {
  it.each([0, 0x7fffff00 | 0, -200, 0x80000000 | 0])("whatever the order, overlap and loss, from %i on", (base) => {
    fc.assert(
      fc.property(segments, fc.nat(460), (arriving, skipAfter) => {
        const first = new Map<number, number>();
        let next = 0;
        const { assembler, consumer, accept, budget } = assemble(base);
        if (skipAfter > 400) consumer.skipAfter = skipAfter - 400;
        for (const { start, length, forged } of arriving) {
          const bytes = Array.from({ length }, (_, at) => (start + at + (forged ? 100 : 0)) & 0xff);
          const wasNew = bytes.some((_, at) => start + at >= next && !first.has(start + at));
          bytes.forEach((byte, at) => {
            if (start + at >= next && !first.has(start + at)) first.set(start + at, byte);
          });
          while (first.has(next)) next++;
          const arrival = accept(base + start, bytes);
          expect(arrival === Arrival.Old).toBe(!wasNew);
          expect((assembler.next - base) | 0).toBe(next);
        }
        assembler.end("capture-end");
        const high = Math.max(...first.keys(), -1) + 1;
        const expected = Array.from({ length: high }, (_, at) => first.get(at) ?? -1);
        expect(assembler.bytes).toBe(first.size);
        expect(assembler.lost).toBe(high - first.size);
        expect(consumer.ends).toEqual(["capture-end"]);
        expect(budget.used).toBe(0);
        if (consumer.skipAfter === Infinity) expect(consumer.got).toEqual(expected);
        else expect(consumer.got).toEqual(expected.slice(0, consumer.got.length));
      }),
      { seed: 20_260_729, numRuns: 120 },
    );
  });

  it("loses and delivers every byte once, in order, however small the caps", () => {
    fc.assert(
      fc.property(segments, fc.integer({ min: 1, max: 4 }), (arriving, ranges) => {
        const caps = { outOfOrderRanges: ranges, outOfOrderBytes: 64, outOfOrderPieces: 6, outOfOrderTotal: 8192 };
        const { assembler, consumer, accept, budget } = assemble(-50, caps);
        const bytesAt = (start: number, length: number): number[] =>
          Array.from({ length }, (_, at) => (start + at) & 0x7f);
        for (const { start, length } of arriving) {
          accept(-50 + start, bytesAt(start, length));
          expect(budget.used).toBeLessThanOrEqual(8192);
        }
        assembler.end("capture-end");
        consumer.got.forEach((byte, at) => expect(byte === -1 || byte === (at & 0x7f)).toBe(true));
        expect(assembler.bytes + assembler.lost).toBe(consumer.got.length);
      }),
      { seed: 7, numRuns: 150 },
    );
  });

  it("ends at the FIN wherever it arrives, and gives nothing behind it", () => {
    fc.assert(
      fc.property(segments, fc.nat(400), fc.nat(60), (arriving, fin, when) => {
        const { assembler, consumer, accept } = assemble(-10);
        arriving.forEach(({ start, length }, at) => {
          if (at === when) assembler.finish((-10 + fin) | 0);
          const inside = Math.min(length, fin - start);
          if (inside > 0) accept(-10 + start, new Array<number>(inside).fill(1));
        });
        assembler.finish((-10 + fin) | 0);
        assembler.acknowledge((-10 + fin + 1) | 0);
        assembler.end("capture-end");
        expect(consumer.got.length).toBe(fin);
        expect(consumer.ends).toEqual(["fin"]);
      }),
      { seed: 11, numRuns: 150 },
    );
  });
});

describe("what an arrival was", () => {
  it.each<[string, number, number, Arrival]>([
    ["where the stream stands", 10, 5, Arrival.InOrder],
    ["all of it old", 4, 6, Arrival.Old],
    ["old, then new", 4, 7, Arrival.Partial],
    ["ahead", 11, 5, Arrival.Held],
    ["between", 15, 3, Arrival.Late],
    ["into the hole", 10, 20, Arrival.Late],
    ["what is held already", 21, 3, Arrival.Old],
    ["farther ahead than any window", 0x40000020, 5, Arrival.Outside],
  ])("%s", (_name, start, length, expected) => {
    const { accept } = assemble(0);
    accept(0, new Array<number>(10).fill(1));
    if (expected === Arrival.Late || start === 21) accept(20, new Array<number>(5).fill(1));
    expect(accept(start, new Array<number>(length).fill(1))).toBe(expected);
  });

  it("says after the end whether bytes are old or behind it", () => {
    const { assembler, accept } = assemble(0);
    accept(0, [1, 2, 3]);
    assembler.finish(3);
    expect(accept(0, [1, 2, 3])).toBe(Arrival.Old);
    expect(accept(3, [4])).toBe(Arrival.Outside);
  });
});

describe("memory", () => {
  it("gives the arena back when the hole is filled, or when nobody wants the bytes", () => {
    const { assembler, consumer, accept, budget } = assemble(0);
    accept(10, new Array<number>(1000).fill(1));
    expect(budget.used).toBe(4096);
    accept(0, new Array<number>(10).fill(1));
    expect(budget.used).toBe(0);
    accept(2000, [1]);
    consumer.skipAfter = 0;
    accept(1010, [1]);
    expect(budget.used).toBe(0);
    accept(3000, new Array<number>(1000).fill(1));
    expect(budget.used).toBe(0);
    assembler.end("evicted");
    expect(assembler.bytes).toBe(2012);
  });

  it("keeps a loss in the midst of a megabyte in one range", () => {
    const { assembler, consumer, accept, budget } = assemble(0);
    for (let start = 1000; start < 900_000; start += 1000) accept(start, new Array<number>(1000).fill(7));
    expect(assembler.limitHits).toBe(0);
    expect(budget.used).toBeLessThanOrEqual(1 << 20);
    accept(0, new Array<number>(1000).fill(7));
    expect(consumer.got.length).toBe(900_000);
    expect(budget.used).toBe(0);
  });

  it("does not slow down with segments in reverse order", () => {
    const { assembler, accept } = assemble(0);
    for (let start = 60_000; start > 0; start -= 2) accept(start, [1]);
    for (let start = 60_001; start > 0; start -= 2) accept(start, [1]);
    assembler.end("capture-end");
    expect(assembler.bytes + assembler.lost).toBe(60_002);
  });
});
