import { expect, it } from "vitest";
import { Frame } from "../../src/capture/frame.ts";
import { FrameComments } from "../../src/flow/frame-comments.ts";
import { limits } from "../../src/limits.ts";

function frame(number: number, ...comments: string[]): Frame {
  return Object.assign(new Frame(), { number, comments });
}

it("keeps what people wrote, short, and not what programs wrote for programs", () => {
  const told = new FrameComments();
  told.note(frame(3, "PID: 12\nCmd: /usr/bin/go\nArgs: get https://u:canary@x", "here it hangs", "x".repeat(1000)));
  told.note(frame(4, "slimmed: frame 1200; captured 96"));
  expect(told.kept.map(({ frame: number, text }) => [number, text.length])).toEqual([
    [3, 13],
    [3, limits.frameCommentText],
  ]);
  expect(told.more).toBe(0);
});

it("counts those beyond its cap", () => {
  const told = new FrameComments();
  for (let number = 1; number <= limits.frameComments + 5; number++) told.note(frame(number, "again"));
  expect([told.kept.length, told.more]).toEqual([limits.frameComments, 5]);
});
