import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { analyze } from "../../src/analyze.ts";
import { CaptureTime } from "../../src/capture/capture-time.ts";
import { Frame } from "../../src/capture/frame.ts";
import { TrustAnchors } from "../../src/pki/anchors.ts";
import { bytesInput } from "../build/inputs.ts";
import { capturesFolder } from "../captures/truth.ts";

const anchors = TrustAnchors.fromPem([], "none");

/** The times of a capture with a frame at each of these milliseconds. */
function timesOf(...milliseconds: readonly number[]): CaptureTime {
  const times = new CaptureTime();
  const frame = new Frame();
  for (const [at, each] of milliseconds.entries()) {
    frame.number = at + 1;
    frame.seconds = Math.floor(each / 1000);
    frame.nanoseconds = (each % 1000) * 1e6;
    times.note(frame);
  }
  return times;
}

it.each<[number[], string | undefined]>([
  [[], undefined],
  [[5], undefined],
  [[5, 5, 7], undefined],
  [[5, 4.5, 7], undefined],
  [[5, 3, 7], "1 of 3 frames stand behind frames of a later time, by up to 0.002 s, frame 2 first"],
  [[3000, 1900, 2500], "2 of 3 frames stand behind frames of a later time, by up to 1.1 s, frame 2 first"],
])("frames at %j ms", (milliseconds, detail) => {
  expect(timesOf(...milliseconds).disorder(milliseconds.length)?.detail).toBe(detail);
});

it("frames of two interfaces that were written in turns are in order", () => {
  const times = new CaptureTime();
  const frame = new Frame();
  for (const [seconds, interfaceId] of [
    [1, 0],
    [3, 0],
    [2, 1],
    [4, 1],
  ]) {
    Object.assign(frame, { seconds, interfaceId });
    times.note(frame);
  }
  expect(times.disorder(4)).toBeUndefined();
});

it("spans all times, in whatever order they come", () => {
  const { startSeconds, startNanoseconds, endSeconds, endNanoseconds } = timesOf(2000, 1500, 3250, 1000);
  expect([startSeconds, startNanoseconds, endSeconds, endNanoseconds]).toEqual([1, 0, 3, 250_000_000]);
});

it("a capture with its last frame first is told to be out of order, and what to do", async () => {
  const bytes = readFileSync(join(capturesFolder, "b01-connect-all", "capture.pcap"));
  let last = 24;
  for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) last = at;
  const moved = Buffer.concat([bytes.subarray(0, 24), bytes.subarray(last), bytes.subarray(24, last)]);
  const whole = await analyze([bytesInput(bytes)], { anchors });
  const analysis = await analyze([bytesInput(moved)], { anchors });
  expect(whole.findings.map(({ rule }) => rule)).not.toContain("capture-unordered");
  expect(analysis.findings.find(({ rule }) => rule === "capture-unordered")).toMatchObject({
    frames: [2],
    remedy: expect.stringContaining("reordercap") as string,
  });
  expect([analysis.capture.start, analysis.capture.end]).toEqual([whole.capture.start, whole.capture.end]);
});
