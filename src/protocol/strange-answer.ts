import { latin1 } from "../bytes/text.ts";
import { limits } from "../limits.ts";

/** What the facts of a protocol keep of a server that answers in another one. */
export interface StrangelyAnswered {
  /** The first bytes of that answer as text, one character a byte, at most `limits.strangeAnswer`. Untrusted. */
  strangeAnswer?: string;
}

/** Adds what comes next of such an answer; what is beyond the cap is passed over. */
export function noteStrangeAnswer(facts: StrangelyAnswered, bytes: Uint8Array, start: number, end: number): void {
  const { strangeAnswer: before = "" } = facts;
  facts.strangeAnswer = before + latin1(bytes, start, Math.min(end, start + limits.strangeAnswer - before.length));
}

/** Whether there is such an answer, of which more may be kept. */
export function wantsStrangeAnswer({ strangeAnswer }: StrangelyAnswered): boolean {
  return strangeAnswer !== undefined && strangeAnswer.length < limits.strangeAnswer;
}
