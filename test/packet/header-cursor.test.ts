import { describe, expect, it } from "vitest";
import { limits } from "../../src/limits.ts";
import { HeaderCursor } from "../../src/packet/header-cursor.ts";
import { frameOf } from "../build/packet.ts";

function cursorOver(length: number, captured: number): HeaderCursor {
  const cursor = new HeaderCursor();
  cursor.enterFrame(frameOf(new Uint8Array(length), 1, captured));
  return cursor;
}

describe("HeaderCursor", () => {
  it("tells what was captured from what was on the wire", () => {
    const cursor = cursorOver(100, 60);
    expect(cursor.end - cursor.at).toBe(60);
    expect(cursor.wireEnd - cursor.at).toBe(100);
    expect([cursor.has(60), cursor.has(61)]).toEqual([true, false]);
  });

  it("only ever shrinks", () => {
    const cursor = cursorOver(100, 60);
    cursor.limitTo(200);
    expect([cursor.end - cursor.at, cursor.wireEnd - cursor.at]).toEqual([60, 100]);
    cursor.limitTo(80);
    expect([cursor.end - cursor.at, cursor.wireEnd - cursor.at]).toEqual([60, 80]);
    cursor.limitTo(20);
    expect([cursor.end - cursor.at, cursor.wireEnd - cursor.at]).toEqual([20, 20]);
  });

  it.each([
    ["below what was captured", 10, 60],
    ["beyond all reason", 0xffff_ffff, limits.captureBlock],
  ])("does not believe an original length %s", (_, originalLength, expected) => {
    const cursor = new HeaderCursor();
    const frame = frameOf(new Uint8Array(60));
    frame.originalLength = originalLength;
    cursor.enterFrame(frame);
    expect(cursor.wireEnd - cursor.at).toBe(expected);
    expect(cursor.end - cursor.at).toBe(60);
  });
});
