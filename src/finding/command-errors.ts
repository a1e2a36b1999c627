import type { Flow } from "../flow/model.ts";
import type { CommandLog } from "../gomod/command-log.ts";
import { readGoError, type GoErrorFamily, type GoErrorReading } from "../gomod/go-error-text.ts";
import { parsePlace, parseUrlPlace } from "../gomod/place.ts";
import { toolchainModule } from "../gomod/requests.ts";
import { limits } from "../limits.ts";
import type { RuleId } from "./rules.ts";
import type { Sighting, Words } from "./sighting.ts";
import { symptoms } from "./symptoms.ts";
import type { Tally, Told } from "./tally.ts";
import { failedAllTheSame } from "./wording.ts";

interface PrintedError extends GoErrorReading {
  readonly text: string;
  readonly source: string;
}

/** Rules that tell of an error of each family, and one that stands for them. */
const families: Readonly<Record<GoErrorFamily, readonly [RegExp, like: RuleId]>> = {
  certificate: [symptoms.certificate, "client-rejected-certificate"],
  proxy: [symptoms.proxy, "proxy-silent"],
  dns: [/^dns-(?:failure|scheme|bogus)/, "dns-failure"],
  answer: [/^(?:http-|goproxy-as)/, "http-error"],
  network: [symptoms.connection, "target-unreachable"],
  checksum: [/^checksum-/, "checksum-refused"],
  setting: [/^goproxy-(?:as|off)/, "command-error"],
  repository: [/^http-(?:error|not-found|broken-off)/, "http-error"],
  module: [/^http-not-found/, "http-not-found"],
  other: [/^$/, "command-error"],
};

/* Go names the URL that it wanted, where the trouble was on the way to it. */
const onTheWay = /^(?:proxy-|socks-|goproxy-as|dns-scheme|interception)/;

/**
 * Errors that the go command printed, by the log given: each goes to the finding that explains it, which is an error
 * then whatever came after; one that no finding explains is a finding itself.
 */
export class CommandErrors {
  readonly #errors: readonly PrintedError[];
  /** Host that an error names → flows to it. */
  readonly #flows = new Map<string, number[]>();
  /** Host that an error names → hosts that sent the client there. */
  readonly #sentBy = new Map<string, Set<string>>();

  /** Words with which proxies refused CONNECT: Go prints them and nothing else. */
  readonly #reasons = new Set<string>();

  constructor(log: CommandLog | undefined) {
    this.#errors = (log?.errors ?? []).map((error) => ({ ...error, ...readGoError(error.text) }));
    for (const { host } of this.#errors) if (host !== undefined) this.#flows.set(host, []);
  }

  observe({ id, target, http, route }: Flow): void {
    const reason = route.attempts.at(-1)?.reason ?? "";
    if (reason !== "" && this.#reasons.size < limits.findings) this.#reasons.add(reason);
    const flows = this.#flows.get(target.host);
    if (flows !== undefined && flows.length < limits.findingFlows) flows.push(id);
    if (this.#flows.size === 0) return;
    for (const { redirectTo } of http) {
      const led = redirectTo === undefined ? undefined : parseUrlPlace(redirectTo)?.host;
      if (led === undefined || !this.#flows.has(led)) continue;
      this.#sentBy.set(led, (this.#sentBy.get(led) ?? new Set()).add(target.host));
    }
  }

  settle(tally: Tally): void {
    for (const printed of this.#errors) {
      const isReason = printed.family === "other" && this.#reasons.has(printed.text.replace(/^.*": /, ""));
      const error = isReason ? ({ ...printed, family: "proxy" } as const) : printed;
      const flows = this.#flows.get(error.host ?? "") ?? [];
      const sentBy = [...(this.#sentBy.get(error.host ?? "") ?? [])];
      if (tally.tell(told(error, flows, sentBy))) continue;
      const sightings = (flows.length === 0 ? [undefined] : flows).map((flow) => unexplained(error, flow));
      for (const sighting of sightings) tally.add(sighting);
      const [{ rule, subject }] = sightings;
      if (error.family === "other") continue;
      tally.tell({
        text: error.text,
        explains: (...finding) => finding.join(" ") === `${rule} ${subject}`,
        like: rule,
        flows,
        retell: (words) => words,
      });
    }
  }
}

function told(error: PrintedError, flows: readonly number[], sentBy: readonly string[]): Told {
  const [explaining, like] = families[error.family];
  /* Where a portal sent the client is nowhere that it wanted to go. */
  const isSentThere = (rule: RuleId, subject: string): boolean =>
    rule === "http-portal" && sentBy.some((host) => names(subject, host));
  return {
    text: error.text.slice(0, limits.httpText),
    explains: (rule, subject) =>
      error.variable === undefined
        ? isSentThere(rule, subject) || (explaining.test(rule) && (onTheWay.test(rule) || isWhere(error, subject)))
        : isAbout(rule, subject, error.variable),
    like,
    flows,
    retell: (words) => retell(words, error),
  };
}

/* A host that no question to DNS names, as with /etc/hosts, goes by its address in the capture. */
function isWhere({ host, address }: PrintedError, subject: string): boolean {
  return host === undefined || names(subject, host) || (address !== undefined && names(subject, address));
}

/* The subject of a finding about a setting is its variable. */
function isAbout(rule: RuleId, subject: string, variable: string): boolean {
  if (rule === "dns-failure") return variable === "GOTOOLCHAIN" && names(subject, toolchainHost);
  return subject === variable || explainingVariables[rule] === variable;
}

const explainingVariables: Partial<Record<RuleId, string>> = {
  "goproxy-as-forward-proxy": "GOPROXY",
  "gosumdb-off-toolchain": "GOSUMDB",
  "http-not-found": "GOTOOLCHAIN",
};
const [toolchainHost] = toolchainModule.split("/");

/* Subjects are made of hosts and places, `host` or `host:port`. */
function names(subject: string, host: string): boolean {
  return subject.split(" ").some((place) => place === host || parsePlace(place, 0)?.host === host);
}

function retell({ whyHidden, ...words }: Words, { means, remedy, variable, ...error }: PrintedError): Words {
  const detail = `${failedAllTheSame(words.detail)} ${quoted(error)}`;
  if (whyHidden === true) {
    const title = `${words.title}: ${means}, as the command says`;
    return { ...words, title, detail: `${detail} That is: ${means}.`, remedy };
  }
  const isNamed = variable === undefined || words.remedy.includes(variable);
  return { ...words, detail, ...(!isNamed && { remedy: `${remedy} ${words.remedy}` }) };
}

function quoted({ text, source }: Pick<PrintedError, "text" | "source">): string {
  return `${source} has "${shortened(text, longestQuote)}".`;
}

function shortened(text: string, most: number): string {
  return (text.length > most ? `${text.slice(0, most)}…` : text).replace(/(?<![\s.:])[\s.:]+$/, "");
}

const ofModule = /^go: [^\s@]+@\S+: /;
const longestQuote = 400;
const longestTitle = 120;

function unexplained(error: PrintedError, flow: number | undefined): Sighting {
  const { host, family } = error;
  const isKnown = family !== "other";
  const means = isKnown ? error.means : shortened(error.text.replace(/^go: /, ""), longestTitle);
  return {
    rule: "command-error",
    subject: `${host ?? ""} ${means}`,
    /* Words that are not known may be no error at all, unless they are of a module. */
    severity: isKnown || ofModule.test(error.text) ? "error" : "warning",
    grade: "seen",
    ...(flow !== undefined && { flow }),
    frames: [],
    words: () => ({
      title: `the go command failed${host === undefined ? "" : ` at ${host}`}: ${means}`,
      detail: `${quoted(error)} The capture alone does not show it${flow === undefined ? "" : ", for TLS hides what was said"}.`,
      remedy: error.remedy,
    }),
  };
}
