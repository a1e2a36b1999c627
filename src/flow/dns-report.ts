import type { DnsAnswer, DnsFacts } from "../protocol/dns/facts.ts";
import type { DnsReport } from "./model.ts";
import { timestampText } from "./timestamp.ts";

/** One question with its answer, as reports show it. */
export function describeDns(facts: DnsFacts, timed: boolean): DnsReport {
  const answered = facts.answerFrame > 0;
  const seconds = answered ? facts.answerSeconds : facts.questionSeconds;
  const nanoseconds = answered ? facts.answerNanoseconds : facts.questionNanoseconds;
  return {
    name: facts.name,
    type: facts.type,
    client: facts.client,
    server: facts.server,
    ...(facts.questionFrame > 0 && { questionFrame: facts.questionFrame }),
    frame: facts.answerFrame || facts.questionFrame,
    ...(timed && { time: timestampText(seconds, nanoseconds) }),
    questions: facts.questions,
    answers: facts.answers.map(describeAnswer),
    ...(facts.disagreeing !== undefined && { disagreeing: facts.disagreeing.map(describeAnswer) }),
    ...(facts.responseCode !== undefined && { responseCode: facts.responseCode }),
  };
}

function describeAnswer({ name, type, value }: DnsAnswer): DnsReport["answers"][number] {
  return { name, type, value };
}

/**
 * Whether a name is one that was asked for with a suffix behind it: resolvers try those of the search list, and that one
 * does not resolve says nothing about the name.
 */
export function isSearchedName(name: string, isAsked: (shorter: string) => boolean): boolean {
  for (let dot = name.indexOf(".", 1); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    if (isAsked(name.slice(0, dot))) return true;
  }
  return false;
}
