import { expect, it } from "vitest";
import { limits } from "../../src/limits.ts";
import { noteStrangeAnswer, wantsStrangeAnswer, type StrangelyAnswered } from "../../src/protocol/strange-answer.ts";

const bytes = Buffer.from("..SSH-2.0-OpenSSH_9.6 and then so much more, and more still");

it("keeps the same beginning however it is cut", () => {
  for (let cut = 2; cut <= bytes.length; cut++) {
    const facts: StrangelyAnswered = {};
    noteStrangeAnswer(facts, bytes, 2, cut);
    noteStrangeAnswer(facts, bytes, cut, bytes.length);
    expect(facts.strangeAnswer).toBe(bytes.toString("latin1", 2, 2 + limits.strangeAnswer));
  }
});

it("wants more until the cap, and nothing where there was no such answer", () => {
  const facts: StrangelyAnswered = {};
  expect(wantsStrangeAnswer(facts)).toBe(false);
  noteStrangeAnswer(facts, bytes, 0, 0);
  expect(wantsStrangeAnswer(facts)).toBe(true);
  noteStrangeAnswer(facts, bytes, 0, limits.strangeAnswer - 1);
  expect(wantsStrangeAnswer(facts)).toBe(true);
  noteStrangeAnswer(facts, bytes, 0, 1);
  expect(wantsStrangeAnswer(facts)).toBe(false);
});
