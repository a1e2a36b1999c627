import { describe, expect, it } from "vitest";
import { limits } from "../../../src/limits.ts";
import { Resynchronizer } from "../../../src/protocol/tls/resynchronizer.ts";
import { Moment } from "../../../src/stream/consumer.ts";
import { concat, encrypted } from "../../build/tls.ts";

function search(bytes: Uint8Array, atEnd: boolean): number {
  const resynchronizer = new Resynchronizer();
  resynchronizer.hold(bytes, 0, bytes.length, 1, moment);
  return resynchronizer.find(atEnd);
}

const moment = new Moment();

const rest = new Uint8Array(77).fill(0x17);

describe("finding records after a loss", () => {
  it.each([
    ["three headers in a row", concat(rest, encrypted(200), encrypted(300), encrypted(100)), false, 77],
    [
      "three headers, the last record cut",
      concat(rest, encrypted(400), encrypted(300), encrypted(100).subarray(0, 5)),
      false,
      77,
    ],
    ["too few bytes to look", concat(rest, encrypted(20), encrypted(30), encrypted(10)), false, -1],
    ["two headers", concat(rest, encrypted(400), encrypted(300)), false, -1],
    ["two headers, at the end", concat(rest, encrypted(20), encrypted(30)), true, 77],
    ["one header, at the end", concat(rest, encrypted(20)), true, -1],
    ["no header", new Uint8Array(2000).fill(0xaa), true, -1],
    ["empty records", concat(rest, encrypted(0), encrypted(0), encrypted(0), encrypted(0)), true, -1],
  ])("%s", (_name, bytes, atEnd, expected) => {
    expect(search(bytes, atEnd)).toBe(expected);
  });

  it("gives up at its cap", () => {
    const resynchronizer = new Resynchronizer();
    const block = new Uint8Array(limits.resynchronize);
    expect(resynchronizer.hold(block, 0, block.length, 1, moment)).toBe(true);
    expect(resynchronizer.hold(block, 0, 1, 1, moment)).toBe(false);
  });

  it("looks again only when the bytes have doubled, and finds what came late", () => {
    const stream = concat(new Uint8Array(600), encrypted(500), encrypted(500), encrypted(500));
    const resynchronizer = new Resynchronizer();
    let found = -1;
    for (let at = 0; at < stream.length && found < 0; at++) {
      resynchronizer.hold(stream, at, at + 1, 1, moment);
      found = resynchronizer.find(false);
    }
    expect(found < 0 ? resynchronizer.find(true) : found).toBe(600);
  });

  it("gives each frame's bytes as of then, the last of very many together", () => {
    const resynchronizer = new Resynchronizer();
    const now = new Moment();
    for (let at = 0; at < limits.resynchronize; at++) {
      now.seconds = at;
      resynchronizer.hold(rest, 0, 1, at, now);
    }
    now.seconds = -1;
    const seen: number[][] = [];
    const all = resynchronizer.giveOut(2, now, (_, start, end, frame) => {
      seen.push([start, end, frame, now.seconds]);
      return true;
    });
    expect(all).toBe(true);
    expect(now.seconds).toBe(-1);
    expect(seen.slice(0, 2)).toEqual([
      [2, 3, 2, 2],
      [3, 4, 3, 3],
    ]);
    expect(seen.length).toBeLessThan(2000);
    expect(seen.at(-1)![1]).toBe(limits.resynchronize);
  });
});
