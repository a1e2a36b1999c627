import type { DnsReport } from "../flow/model.ts";
import { wellKnown } from "../gomod/endpoints.ts";
import { specialNetwork } from "../gomod/ip-address.ts";
import { isAddressType } from "../protocol/dns/message.ts";
import { nameFilter } from "./filter.ts";
import type { Sighting } from "./sighting.ts";
import { list, shellWord } from "./wording.ts";

/** One name as one client asked for it. */
export interface Question {
  readonly name: string;
  readonly client: string;
  readonly reports: DnsReport[];
  /** Some question had an address for an answer. */
  resolved: boolean;
  /** A connection to it began too soon after the question for the name not to have been resolved. */
  contacted: boolean;
  /** Flows reached the name all the same: by another resolver, a file, a proxy. */
  reached: boolean;
  /** Flows to it failed. */
  failed: boolean;
}

/** Answers that cannot be right: two that disagree, addresses that no public host has. */
export function* answerSightings(questions: Iterable<Question>): Iterable<Sighting> {
  for (const question of questions) {
    for (const report of question.reports) {
      if (report.disagreeing !== undefined && disagree(report)) yield disagreement(question, report);
    }
    const bogus = bogusAddresses(question);
    if (bogus.length > 0) yield bogusSighting(question, bogus);
  }
}

function addresses(answers: DnsReport["answers"]): readonly string[] {
  return answers.filter(({ type }) => isAddressType(type)).map(({ value }) => value);
}

/* Load balancers rotate: answers that share an address agree. */
function disagree({ answers, disagreeing = [] }: DnsReport): boolean {
  const first = new Set(addresses(answers));
  const second = addresses(disagreeing);
  return (first.size > 0 || second.length > 0) && !second.some((address) => first.has(address));
}

function disagreement({ client }: Question, report: DnsReport): Sighting {
  const { name, server, answers, disagreeing = [] } = report;
  const shown = (from: DnsReport["answers"]): string => list(addresses(from)) || "no address";
  return {
    rule: "dns-disagree",
    subject: `${client} ${name}`,
    severity: "warning",
    grade: "seen",
    frames: [report.questionFrame ?? 0, report.frame],
    words: () => ({
      title: `one question for ${name} had two answers that disagree`,
      detail:
        `${client} asked ${server} once and was answered ${shown(answers)} and then ${shown(disagreeing)}. The first counts for the ` +
        "client. Something on the way may inject answers; which one is right is not proved.",
      remedy: `Ask over an encrypted or trusted path (dig +tcp, DNS over TLS) and compare; resolve ${name} through a forward proxy otherwise.`,
      filter: nameFilter(name),
    }),
  };
}

function bogusAddresses({ name, reports }: Question): readonly string[] {
  if (wellKnown(name) === undefined) return [];
  const found = new Set<string>();
  for (const { answers } of reports) {
    for (const address of addresses(answers)) {
      const network = specialNetwork(address);
      // Documentation networks say that an example was captured.
      if (network !== undefined && network !== "documentation") found.add(`${address} (${network})`);
    }
  }
  return [...found];
}

function bogusSighting({ name, client, reports, reached, failed }: Question, bogus: readonly string[]): Sighting {
  return {
    rule: "dns-bogus",
    subject: `${client} ${name}`,
    severity: reached ? "note" : failed ? "error" : "warning",
    grade: "seen",
    frames: reports.map(({ frame }) => frame),
    words: () => ({
      title: `${name} resolved to ${list(bogus, 2)}, which is no address of a public host`,
      detail:
        `${client} was given ${list(bogus)} for ${name}. ` +
        (reached
          ? "A flow to it worked: a mirror inside, or a local proxy program, answers in its name."
          : "A filtering resolver, a hosts file or a captive portal answers so."),
      remedy: `Compare with another resolver (dig @9.9.9.9 ${shellWord(name)}); have the name unblocked, or use a forward proxy or a mirror in GOPROXY.`,
      filter: nameFilter(name),
    }),
  };
}
