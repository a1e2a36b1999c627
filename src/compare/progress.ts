import { stageOrder, type Stage } from "../protocol/layer.ts";
import { difference, weaker, type Difference } from "./difference.ts";
import type { Grade } from "../grade.ts";
import type { ObservedTarget, TargetMeaning } from "./meaning.ts";
import { sight } from "./words.ts";

/** Whether the flows to a target, taken together, did what they were for; unknown where that is not seen. */
export type Outcome = "fine" | "failed" | "unknown";

/** What became of a target: refusals and rejections fail, and so does one of whose requests none was answered well. */
export function outcomeOf(meaning: TargetMeaning): Outcome {
  if (meaning.incomplete) return "unknown";
  if (!cameThrough(meaning)) return "failed";
  const asked = meaning.requests.filter(({ path }) => !isProbe(path));
  if (meaning.requestsVisible !== "all" || asked.length === 0) return "fine";
  return asked.some(({ status = 0 }) => status < 400) ? "fine" : "failed";
}

/** Whether clients came as far as to ask something. */
export function cameThrough({ refusals, verdicts, stage }: TargetMeaning): boolean {
  const isRejected = verdicts.length > 0 && verdicts.every(({ value }) => value === "rejected");
  return refusals.length === 0 && !isRejected && stageRank(stage) >= stageRank("established");
}

/** Go asks each module proxy whether it mirrors a checksum database: most do not, and nothing fails by that. */
function isProbe(path: string): boolean {
  return /\/sumdb\/[^/]+\/supported$/.test(path);
}

/** Later stages rank higher. */
export function stageRank(stage: Stage): number {
  return stageOrder.indexOf(stage);
}

/** Whether the flows to a target came further on one side, or took much longer; not where only the visibility differs. */
export function compareStages(was: ObservedTarget, is: ObservedTarget): Difference[] {
  const before = was.meaning;
  const after = is.meaning;
  const { target } = after;
  if (before.stage !== after.stage && !onlyByVisibility(before, after)) {
    const further = stageRank(after.stage) > stageRank(before.stage);
    const text = `The furthest flow came to ${after.stage}, ${further ? "further than" : "not so far as"} ${before.stage}.`;
    const grade = weaker(stageSight(before), stageSight(after));
    return [difference({ kind: "stage", target, before: before.stage, after: after.stage, grade, text })];
  }
  return [...compareDurations(was, is), ...compareWaits(was, is)];
}

/** How the furthest stage was read: behind the ServerHello of TLS 1.3 it shows by lengths alone where nothing opened it. */
function stageSight({ stage, versions, opened }: TargetMeaning): Grade {
  if (stageRank(stage) < stageRank("certificate") || !versions.includes("TLS 1.3")) return "seen";
  return opened ? "decrypted" : "inferred";
}

/** `http` is reached only where requests can be seen, `certificate` in TLS 1.3 only by inference. */
function onlyByVisibility(before: TargetMeaning, after: TargetMeaning): boolean {
  if (before.incomplete || after.incomplete) return true;
  const rank = (meaning: TargetMeaning): number => Math.min(stageRank(meaning.stage), stageRank("established"));
  return rank(before) === rank(after);
}

function compareDurations(was: ObservedTarget, is: ObservedTarget): Difference[] {
  const found: Difference[] = [];
  for (const [stage, after] of is.durations ?? []) {
    const before = was.durations?.get(stage);
    // A client that is slow to speak tells of its own machine.
    if (before === undefined || stage === "hello") continue;
    const slower = compareTimes(before, after);
    if (slower === undefined) continue;
    const text = `The way to ${stage} takes ${slower.text}, on the fastest flow.`;
    found.push(difference({ kind: "slower", target: is.meaning.target, ...slower, grade: "seen", text }));
  }
  return found;
}

/** One answer may wait for a cache to be filled: what half of them do tells of the server or the way to it. */
function compareWaits(was: ObservedTarget, is: ObservedTarget): Difference[] {
  const before: number[] = [];
  const after: number[] = [];
  for (const [request, seconds] of is.waits ?? []) {
    const known = was.waits?.get(request);
    if (known === undefined) continue;
    before.push(known);
    after.push(seconds);
  }
  const slower = compareTimes(median(before), median(after));
  if (slower === undefined) return [];
  const count = before.length;
  const text =
    count === 1
      ? `The answer to the request that both have comes after ${slower.text}.`
      : `The answers to the ${count} requests that both have come after ${slower.text}, by the median.`;
  const grade = sight(was.meaning, is.meaning);
  return [difference({ kind: "slower", target: is.meaning.target, ...slower, grade, text })];
}

/** 0 of none. */
function median(values: number[]): number {
  return values.sort((a, b) => a - b).at(values.length >> 1) ?? 0;
}

/** The times of both sides and what to say of them; undefined where they are much alike. */
function compareTimes(was: number, is: number): { before: string; after: string; text: string } | undefined {
  const [short, long] = was < is ? [was, is] : [is, was];
  if (long - short < leastSeconds || long < short * leastFactor) return undefined;
  const factor = short === 0 ? "" : ` by a factor of ${(long / short).toFixed(0)}`;
  const [before, after] = [secondsText(was), secondsText(is)];
  return { before, after, text: `${after} instead of ${before}${factor}` };
}

const leastFactor = 3;
const leastSeconds = 1;

function secondsText(seconds: number): string {
  if (seconds < 1) return `${(seconds * 1000).toFixed(seconds < 0.1 ? 1 : 0)} ms`;
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}
