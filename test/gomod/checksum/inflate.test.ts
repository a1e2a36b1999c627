import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Inflate } from "../../../src/gomod/checksum/inflate.ts";

/** Text with words that come again, near and far, and bytes that do not. */
const text = Buffer.from(
  Array.from({ length: 1500 }, (_, at) => `line ${at * at * 7919} of ${at % 13} ${"x".repeat(at % 300)}`).join("\n"),
);
const noise = Buffer.from(Array.from({ length: 70_000 }, (_, at) => Math.imul(at, 2_654_435_761) >>> 13));

describe("what zlib deflates comes out again, and the byte after the stream is left", () => {
  const contents: [string, Buffer][] = [
    ["nothing", Buffer.alloc(0)],
    ["one byte", Buffer.from("a")],
    ["text of several windows", text],
    ["zeros", Buffer.alloc(200_000)],
    ["noise", noise],
  ];
  const strategies = [constants.Z_DEFAULT_STRATEGY, constants.Z_HUFFMAN_ONLY, constants.Z_RLE, constants.Z_FIXED];
  it.each(contents)("%s", (_, content) => {
    for (const level of [0, 1, 9]) {
      for (const strategy of strategies) {
        const deflated = deflateRawSync(content, { level, strategy });
        const followed = Buffer.concat([deflated, Buffer.from("next")]);
        for (const piece of [1013, followed.length]) {
          const { content: out, taken, failure } = inflate(followed, piece);
          expect([out.equals(content), taken, failure]).toEqual([true, deflated.length, undefined]);
        }
      }
    }
  });
});

it("gives the same for every split", () => {
  const content = text.subarray(0, 1500);
  const deflated = deflateRawSync(content);
  for (let at = 0; at <= deflated.length; at++) {
    const pieces: number[] = [];
    const inflater = new Inflate((bytes, start, end) => pieces.push(...bytes.subarray(start, end)) >= 0);
    inflater.push(deflated, 0, at);
    inflater.push(deflated, at, deflated.length);
    expect(Buffer.from(pieces).equals(content)).toBe(true);
  }
  expect(inflate(deflated, 1).content.equals(content)).toBe(true);
});

it("is never done with a proper prefix", () => {
  const deflated = deflateRawSync(text.subarray(0, 1500));
  for (let at = 0; at < deflated.length; at++) {
    const inflater = new Inflate(() => true);
    inflater.push(deflated, 0, at);
    expect([inflater.done, inflater.failure]).toEqual([false, undefined]);
  }
});

describe("refuses", () => {
  const refused: [string, string, string][] = [
    ["a block of type 3", "07", "block of an unknown type"],
    ["a stored length whose complement differs", "01 0100 feff 61".replace("feff", "ffff"), "length of a stored block"],
    ["a distance before the beginning", "03 02 00 00 00 00", "distance before the beginning"],
    ["31 distance codes", "05 1e 00 00 00", "too many codes"],
    ["code lengths that are no code", "05 00 fe ff ff ff ff ff", "code of the code lengths"],
  ];
  it.each(refused)("%s", (_, spaced, failure) => {
    expect(inflate(Buffer.from(spaced.replaceAll(" ", ""), "hex"), 1).failure).toBe(failure);
  });
});

it("stops when its consumer has enough, one window at most after it", () => {
  let taken = 0;
  const inflater = new Inflate((_bytes, start, end) => (taken += end - start) < 100_000);
  inflater.push(deflateRawSync(Buffer.alloc(8 << 20)), 0, 8000);
  expect(inflater.failure).toBe("stopped");
  expect(taken).toBeLessThan(100_000 + 65_536);
});

it("begins a new stream after a reset", () => {
  const first = deflateRawSync(text);
  const second = deflateRawSync(noise);
  const hands: Buffer[] = [];
  const inflater = new Inflate((bytes, start, end) => hands.push(Buffer.from(bytes.subarray(start, end))) > 0);
  inflater.push(first, 0, first.length - 4);
  inflater.reset();
  hands.length = 0;
  inflater.push(second, 0, second.length);
  expect(Buffer.concat(hands).equals(noise)).toBe(true);
});

it("agrees with zlib on damaged streams", () => {
  const deflated = deflateRawSync(text.subarray(0, 5000));
  fc.assert(
    fc.property(
      fc.nat(deflated.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.integer({ min: 1, max: 400 }),
      (at, change, piece) => {
        const damaged = Buffer.from(deflated);
        damaged[at] ^= change;
        const ours = inflate(damaged, piece);
        let theirs: Buffer | undefined;
        try {
          theirs = inflateRawSync(damaged);
        } catch {
          theirs = undefined;
        }
        if (theirs === undefined) expect(ours.taken === undefined || ours.failure !== undefined).toBe(true);
        else expect(ours.content.equals(theirs)).toBe(true);
      },
    ),
    { seed: 7, numRuns: 150 },
  );
});

/** `taken` is undefined where the stream did not end. */
function inflate(
  bytes: Buffer,
  piece: number,
): { content: Buffer; taken: number | undefined; failure: string | undefined } {
  const out: Buffer[] = [];
  const inflater = new Inflate((window, start, end) => out.push(Buffer.from(window.subarray(start, end))) > 0);
  let at = 0;
  while (at < bytes.length && !inflater.done && inflater.failure === undefined) {
    at = inflater.push(bytes, at, Math.min(at + piece, bytes.length));
  }
  return { content: Buffer.concat(out), taken: inflater.done ? at : undefined, failure: inflater.failure };
}
