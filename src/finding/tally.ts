import { counted } from "../bytes/text.ts";
import type { Finding, Severity } from "../flow/model.ts";
import type { Grade } from "../grade.ts";
import { limits } from "../limits.ts";
import { framesFilter } from "./filter.ts";
import type { RuleId } from "./rules.ts";
import { severityRank, type Sighting, type Words } from "./sighting.ts";

interface Group {
  worst: Sighting;
  grade: Grade;
  readonly flows: number[];
  readonly frames: number[];
  flowCount: number;
  /** The first error of the go command that this finding explains, and the texts of all. */
  told?: Told;
  readonly printed: string[];
  /** Of a cause: how bad what it explains is. */
  explained?: Severity | undefined;
}

/** What the go command itself printed, for the finding that explains it: that one is an error then, and comes first. */
export interface Told {
  readonly text: string;
  readonly explains: (rule: RuleId, subject: string) => boolean;
  /** A rule of failures like this one, and flows on which it may have happened: for causes that explain such. */
  readonly like: RuleId;
  readonly flows: readonly number[];
  /** The finding's words with the command's own. */
  readonly retell: (words: Words) => Words;
}

const gradeOrder: readonly Grade[] = ["seen", "decrypted", "exact", "inferred", "unknown"];

/**
 * Sightings put together by rule and subject.
 *
 * Invariants: as many groups as `limits.findings` and per group as many flows and frames as are listed are kept, the
 * rest is counted; words are made of the worst sighting, the earliest among equals.
 */
export class Tally {
  readonly #groups = new Map<string, Group>();
  #unlisted = 0;

  add(sighting: Sighting): void {
    const key = `${sighting.rule} ${sighting.subject}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size >= limits.findings) {
        this.#unlisted++;
        return;
      }
      group = { worst: sighting, grade: sighting.grade, flows: [], frames: [], flowCount: 0, printed: [] };
      this.#groups.set(key, group);
    }
    extend(group, sighting);
  }

  /** Takes back what a wider rule explains. */
  remove(rule: RuleId, subject: string): void {
    this.#groups.delete(`${rule} ${subject}`);
  }

  /** Gives what the command printed to the worst finding that explains it, else to a cause. Returns whether there is one. */
  tell(told: Told): boolean {
    const groups = [...this.#groups.values()];
    const direct = groups.filter(({ worst }) => told.explains(worst.rule, worst.subject));
    const [best] = (direct.length > 0 ? direct : groups.filter((group) => mayCause(group, told))).sort(compare);
    if (best === undefined) return false;
    best.told ??= told;
    if (best.printed.length < limits.findingFlows) best.printed.push(told.text);
    return true;
  }

  /** Worst first, of errors those that the command printed, then by first frame, rule and subject. */
  conclude(): readonly Finding[] {
    this.#weighCauses();
    const groups = [...this.#groups.values()].sort(compare);
    const findings = groups.map(finding);
    return this.#unlisted === 0 ? findings : [...findings, moreFindings(this.#unlisted)];
  }

  /* A cause is as bad as the worst failure that it explains. */
  #weighCauses(): void {
    const groups = [...this.#groups.values()];
    for (const group of groups) {
      const { explains } = group.worst;
      if (explains === undefined || group.flows.length === 0) continue;
      const explained = groups.filter(
        (other) => other !== group && explains.test(other.worst.rule) && meet(group, other),
      );
      group.explained = explained.map(severity).sort(bySeverity)[0];
    }
  }
}

function meet(one: { readonly flows: readonly number[] }, other: { readonly flows: readonly number[] }): boolean {
  return one.flows.some((flow) => other.flows.includes(flow));
}

function mayCause({ worst, flows }: Group, told: Told): boolean {
  if (worst.explains?.test(told.like) !== true) return false;
  return flows.length === 0 || told.flows.length === 0 || meet({ flows }, told);
}

function bySeverity(one: Severity, other: Severity): number {
  return severityRank(one) - severityRank(other);
}

function extend(group: Group, sighting: Sighting): void {
  const { flow, frames, severity, grade } = sighting;
  if (severityRank(severity) < severityRank(group.worst.severity)) group.worst = sighting;
  if (gradeOrder.indexOf(grade) < gradeOrder.indexOf(group.grade)) group.grade = grade;
  group.flowCount += sighting.unlisted ?? 0;
  if (flow !== undefined && group.flows.at(-1) !== flow) {
    group.flowCount++;
    if (group.flows.length < limits.findingFlows) group.flows.push(flow);
  }
  for (const frame of frames) {
    if (frame > 0 && group.frames.length < limits.findingFrames && !group.frames.includes(frame)) {
      group.frames.push(frame);
    }
  }
}

function compare(one: Group, other: Group): number {
  return (
    bySeverity(severity(one), severity(other)) ||
    Number(other.explained !== undefined) - Number(one.explained !== undefined) ||
    Number(other.told !== undefined) - Number(one.told !== undefined) ||
    firstFrame(one) - firstFrame(other) ||
    byText(one.worst.rule, other.worst.rule) ||
    byText(one.worst.subject, other.worst.subject)
  );
}

function severity({ worst, told, explained = worst.severity }: Group): Severity {
  if (told !== undefined) return "error";
  return bySeverity(explained, worst.severity) < 0 ? explained : worst.severity;
}

function firstFrame({ frames }: Group): number {
  return frames.reduce((first, frame) => Math.min(first, frame), Infinity) || 0;
}

function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function finding(group: Group): Finding {
  const { worst, told, printed, flows, frames, flowCount, grade } = group;
  const words = told === undefined ? worst.words() : told.retell(worst.words());
  const sorted = frames.toSorted((one, other) => one - other);
  const rest = flowCount - flows.length;
  const more =
    rest > 0 ? ` It is so on ${counted(rest, "more flow")} that ${rest === 1 ? "is" : "are"} not listed.` : "";
  return {
    rule: worst.rule,
    severity: severity(group),
    grade,
    flows,
    frames: sorted,
    title: words.whyHidden === true ? `${words.title}; why is not visible` : words.title,
    detail: words.detail + more,
    remedy: words.remedy,
    filter: words.filter ?? framesFilter(sorted),
    ...(printed.length > 0 && { printed }),
  };
}

function moreFindings(unlisted: number): Finding {
  return {
    rule: "more-findings",
    severity: "note",
    grade: "seen",
    flows: [],
    frames: [],
    title: `${counted(unlisted, "more sighting")} of further targets are not listed`,
    detail: `At most ${limits.findings} findings are kept; what was met later under another subject is only counted.`,
    remedy: "Capture less at a time, or cut the capture by host or by time and analyse the parts.",
    filter: framesFilter([]),
  };
}
