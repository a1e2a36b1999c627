import { difference, type Difference } from "./difference.ts";
import type { TargetMeaning } from "./meaning.ts";
import { followsText, turnElsewhere, type TurningPoint } from "./presence.ts";
import { cameThrough } from "./progress.ts";
import { few, sight } from "./words.ts";

/** Whether both sides show all requests to a target. */
export function requestsComparable(before: TargetMeaning, after: TargetMeaning): boolean {
  return before.requestsVisible === "all" && after.requestsVisible === "all";
}

/** Requests to a target that were answered otherwise, or that one side alone has. */
export function compareRequests(
  before: TargetMeaning,
  after: TargetMeaning,
  turn: TurningPoint | undefined,
): Difference[] {
  if (!requestsComparable(before, after)) return whyIncomparable(before, after);
  if (before.incomplete || after.incomplete) return [];
  const [was, is] = [answersByRequest(before), answersByRequest(after)];
  const gone = [...was].filter(([request]) => !is.has(request));
  const come = [...is].filter(([request]) => !was.has(request));
  const changed = [...is].filter(([request, answers]) => was.has(request) && was.get(request) !== answers);
  if (gone.length + come.length + changed.length === 0) return [];
  const { target } = after;
  const follows = turnElsewhere(target, turn);
  const part = (what: string, requests: readonly string[]): string[] =>
    requests.length === 0 ? [] : [`${what}: ${few(requests)}.`];
  const text = [
    ...part(
      "Answered otherwise",
      changed.map(([request, answers]) => `${request} (${answers} instead of ${was.get(request)})`),
    ),
    ...part("Only before", gone.map(told)),
    ...part("Only after", come.map(told)),
    ...(follows === undefined ? [] : [followsText(follows)]),
  ].join(" ");
  return [
    difference({
      kind: "requests",
      target,
      before: few([...changed.map(([request]) => told([request, was.get(request)!])), ...gone.map(told)]),
      after: few([...changed, ...come].map(told)),
      grade: sight(before, after),
      text,
      ...(follows !== undefined && { follows: follows.target }),
    }),
  ];
}

/** What keeps requests from being compared; nothing where a side came to none, which is told by its own difference. */
function whyIncomparable(before: TargetMeaning, after: TargetMeaning): Difference[] {
  if (before.requestsVisible === after.requestsVisible) return [];
  const hides = (meaning: TargetMeaning): boolean =>
    meaning.requestsVisible !== "none" || meaning.incomplete || cameThrough(meaning);
  if (!hides(before) || !hides(after)) return [];
  const sides = {
    before: `requests visible: ${before.requestsVisible}`,
    after: `requests visible: ${after.requestsVisible}`,
  };
  const text =
    "Requests cannot be compared: one capture shows them and the other does not, or not on all flows; give --keylog.";
  return [difference({ kind: "not-comparable", target: after.target, ...sides, grade: "unknown", text })];
}

/** The statuses that each request was answered with. One that was given up says nothing where another was answered. */
function answersByRequest({ requests }: TargetMeaning): Map<string, string> {
  const answers = new Map<string, Set<number>>();
  for (const { method, path, status } of requests) {
    const request = `${method} ${path}`;
    const statuses = answers.get(request) ?? new Set();
    answers.set(request, status === undefined ? statuses : statuses.add(status));
  }
  return new Map([...answers].map(([request, statuses]) => [request, [...statuses].sort().join(" and ") || noAnswer]));
}

const noAnswer = "no answer";

function told([request, answers]: readonly [string, string]): string {
  return answers === noAnswer ? request : `${request} (${answers})`;
}
