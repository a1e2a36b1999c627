import type { DnsReport, Severity } from "../flow/model.ts";
import type { CommandLog } from "../gomod/command-log.ts";
import { checkConfiguration } from "../gomod/configuration/checks/checks.ts";
import { proxyPaths } from "../gomod/proxy-list.ts";
import { classifyRequest } from "../gomod/requests.ts";
import { targetedRequests } from "../gomod/target-facts.ts";
import { limits } from "../limits.ts";
import type { RuleId } from "./rules.ts";
import { doubtsOf, type Doubt } from "./setting-doubts.ts";
import { evidenceOf, type Evidence } from "./setting-evidence.ts";
import { isSettingRule } from "./setting-rules.ts";
import type { FindingContext, Seen, Sighting } from "./sighting.ts";
import { ends, list, targetName } from "./wording.ts";

/** A setting to look at, with what of the capture shows that it matters. */
interface Watch {
  readonly doubt: Doubt;
  readonly evidence: Evidence | undefined;
  readonly flows: { readonly id: number; readonly frames: readonly number[] }[];
  more: number;
  /** Targets or modules, as named. */
  readonly subjects: Set<string>;
  /** Questions for the name that the setting leads to. */
  readonly questions: readonly DnsReport[];
  refuted: boolean;
}

/**
 * What `gomodcap env` warns of, and settings that are right by themselves, with the flows that show that they matter. A
 * warning that nothing shows is a note, a right setting that nothing shows no finding.
 *
 * Invariants: of each setting as many flows and targets are kept as a finding lists.
 */
export class SettingFindings {
  readonly #watches: readonly Watch[];
  readonly #bases: readonly string[];
  readonly #roles = new Set<string>();
  readonly #watchesModules: boolean;

  constructor(context: FindingContext) {
    const { configuration } = context;
    this.#watches = watchesOf(context);
    this.#bases = proxyPaths(configuration);
    this.#watchesModules = this.#watches.some(({ evidence }) => evidence?.module !== undefined);
    if (configuration !== undefined && this.#watchesModules) this.#readLog(configuration.log);
  }

  observe(seen: Seen): void {
    if (this.#watches.length === 0) return;
    const { flow } = seen;
    this.#roles.add(flow.role);
    for (const watch of this.#watches) {
      if (watch.evidence?.shows(seen) === true) note(watch, targetName(flow.target), flow.id, ends(flow));
      watch.refuted ||= watch.evidence?.refutes?.(seen) === true;
    }
    if (this.#watchesModules) this.#noteModules(seen);
  }

  #noteModules({ flow }: Seen): void {
    for (const { request, report } of targetedRequests(flow, this.#bases)) {
      const { module } = request;
      if (module === undefined || request.kind === "discovery") continue;
      for (const watch of this.#watches) {
        if (watch.evidence?.module?.(module) === true) note(watch, module, flow.id, [report.requestFrame]);
      }
    }
  }

  /* What the command printed tells of modules where the wire does not: by what it asked for, not by what git did. */
  #readLog({ answers, errors }: CommandLog): void {
    const urls = errors.flatMap(({ text }) => text.match(/https?:\/\/[^\s"']*[^\s"':;,)]/g) ?? []);
    const failed = urls.map((path) => classifyRequest({ method: "GET", path }, this.#bases));
    for (const { module, kind } of [...answers, ...failed]) {
      if (module === undefined || kind === "discovery") continue;
      for (const watch of this.#watches) if (watch.evidence?.module?.(module) === true) name(watch, module);
    }
  }

  *conclude(): Iterable<Sighting> {
    for (const watch of this.#watches) {
      const sighting = sightingOf(watch, this.#isSilent(watch));
      if (sighting === undefined) continue;
      if (watch.flows.length === 0) yield sighting;
      for (const { id, frames } of watch.flows) yield { ...sighting, flow: id, frames };
      if (watch.more > 0) yield { ...sighting, unlisted: watch.more };
    }
  }

  /** Findings that say less of the same. */
  *explained(): Iterable<{ readonly rule: RuleId; readonly subject: string }> {
    for (const { questions } of this.#watches) {
      for (const { client, name } of questions) yield { rule: "dns-scheme-word", subject: `${client} ${name}` };
    }
  }

  #isSilent({ evidence }: Watch): boolean {
    const { without, beside } = evidence?.silent ?? {};
    if (without === undefined || beside === undefined) return false;
    const isSeen = (role: string): boolean => this.#roles.has(role);
    return ![...without].some(isSeen) && (beside.size === 0 || [...beside].some(isSeen));
  }
}

function watchesOf({ configuration, dns }: FindingContext): Watch[] {
  if (configuration === undefined) return [];
  const warnings = checkConfiguration(configuration).flatMap((warning): [Doubt, Evidence | undefined][] => {
    const { id } = warning;
    return isSettingRule(id)
      ? [[{ ...warning, id, title: () => warning.title }, evidenceOf(warning, configuration)]]
      : [];
  });
  /* What is wrong with a variable says more than what may be. */
  const doubts = [...doubtsOf(configuration)].filter(
    ([doubt]) => !warnings.some(([{ variable, severity }]) => variable === doubt.variable && severity !== "note"),
  );
  return [...warnings, ...doubts].map(([doubt, evidence]) => ({
    doubt,
    evidence,
    flows: [],
    more: 0,
    subjects: new Set<string>(),
    questions: dns.filter(({ name }) => name === evidence?.host),
    refuted: false,
  }));
}

function note(watch: Watch, subject: string, id: number, frames: readonly number[]): void {
  name(watch, subject);
  if (watch.flows.at(-1)?.id === id) return;
  if (watch.flows.length < limits.findingFlows) watch.flows.push({ id, frames });
  else watch.more++;
}

function name({ subjects }: Watch, subject: string): void {
  if (subjects.size < limits.findingFlows) subjects.add(subject);
}

function sightingOf(watch: Watch, silent: boolean): Sighting | undefined {
  const { doubt, evidence, questions } = watch;
  const shown = watch.subjects.size > 0 && !watch.refuted;
  if (!shown && !silent && questions.length === 0 && doubt.severity === "note") return undefined;
  const { id, variable, title, reason, mend, source } = doubt;
  const where = source === undefined ? "" : ` It stands in ${source}.`;
  return {
    rule: id,
    subject: variable,
    severity: severityOf(watch, shown || silent),
    grade: shown || silent || questions.length > 0 ? "inferred" : "unknown",
    frames: questions.map(({ questionFrame = 0, frame }) => questionFrame || frame),
    ...((shown || silent) && evidence !== undefined && { explains: evidence.explains }),
    words: () => ({
      title: title(list(named(watch), 3)),
      detail: `${reason[0].toUpperCase()}${reason.slice(1)}.${where} ${shownWords(watch, shown, silent)}`,
      remedy: mend,
    }),
  };
}

/* Worse where it explains a failure. A name that no setting means to have looked up is never reached. */
function severityOf({ evidence, questions }: Watch, shown: boolean): Severity {
  if (questions.length > 0) return "error";
  return (shown ? evidence?.least : undefined) ?? "note";
}

/* Without the prefixes of a module's path, which go get asks for as well. */
function named({ subjects }: Watch): string[] {
  const all = [...subjects];
  return all.filter((subject) => !all.some((other) => other.startsWith(`${subject}/`)));
}

function shownWords(watch: Watch, shown: boolean, silent: boolean): string {
  const { evidence, questions } = watch;
  if (questions.length > 0) return `Here "${questions[0].name}" was looked up as a host.`;
  if (shown) return `${evidence?.says ?? "Here:"} ${list(named(watch))}.`;
  return silent ? "The capture shows nothing of what it is for." : "Whether it mattered the capture does not show.";
}
