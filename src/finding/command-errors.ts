import type { Flow } from "../flow/model.ts";
import type { CommandLog } from "../gomod/command-log.ts";
import { readGoError, type GoErrorFamily, type GoErrorReading } from "../gomod/go-error-text.ts";
import { limits } from "../limits.ts";
import type { Sighting, Words } from "./sighting.ts";
import type { Tally, Told } from "./tally.ts";

interface PrintedError extends GoErrorReading {
  readonly text: string;
  readonly source: string;
}

/** Rules that explain an error of each family. */
const explaining: Readonly<Record<GoErrorFamily, RegExp>> = {
  certificate: /^(?:missing-intermediate|certificate-(?!likely)|client-rejected|interception)/,
  proxy: /^(?:proxy-(?!bypassed|for-http|not-bypassed)|socks-|goproxy-as|dns-scheme)/,
  dns: /^dns-(?:failure|scheme|bogus)/,
  answer: /^(?:http-|goproxy-as)/,
  network:
    /^(?:target-|server-reset|name-filter|hello-lost|path-mtu|handshake-|tls-|http-error|proxy-(?!bypassed|for-http|not-bypassed)|socks-)/,
  checksum: /^checksum-/,
  setting: /^goproxy-as/,
  repository: /^http-(?:error|not-found|broken-off)/,
  module: /^http-not-found/,
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

  constructor(log: CommandLog | undefined) {
    this.#errors = (log?.errors ?? []).flatMap((error) => {
      const reading = readGoError(error.text);
      return reading === undefined ? [] : { ...error, ...reading };
    });
    for (const { host } of this.#errors) if (host !== undefined) this.#flows.set(host, []);
  }

  observe({ id, target }: Flow): void {
    const flows = this.#flows.get(target.host);
    if (flows !== undefined && flows.length < limits.findingFlows) flows.push(id);
  }

  settle(tally: Tally): void {
    for (const error of this.#errors) {
      if (tally.tell(told(error))) continue;
      const flows = this.#flows.get(error.host ?? "") ?? [];
      const sightings = (flows.length === 0 ? [undefined] : flows).map((flow) => unexplained(error, flow));
      for (const sighting of sightings) tally.add(sighting);
      const [{ rule, subject }] = sightings;
      tally.tell({
        text: error.text,
        explains: (...finding) => finding.join(" ") === `${rule} ${subject}`,
        retell: (words) => words,
      });
    }
  }
}

function told(error: PrintedError): Told {
  return {
    text: error.text.slice(0, limits.httpText),
    explains: (rule, subject) =>
      explaining[error.family].test(rule) &&
      (error.host === undefined || onTheWay.test(rule) || names(subject, error.host)),
    retell: (words) => retell(words, error),
  };
}

/* Subjects are made of hosts and places, `host` or `host:port`. */
function names(subject: string, host: string): boolean {
  return subject.split(" ").some((place) => place === host || place.startsWith(`${host}:`));
}

function retell(words: Words, error: PrintedError): Words {
  const detail = `${words.detail} ${quoted(error)}`;
  /* The wire hides why; the command tells. */
  const title = words.title.replace(/; why is not visible$/, `: ${error.means}, as the command says`);
  if (title === words.title) return { ...words, detail };
  return { ...words, title, detail: `${detail} That is: ${error.means}.`, remedy: error.remedy };
}

function quoted({ text, source }: PrintedError): string {
  const shown = text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;
  return `${source} has "${shown.replace(/[\s.:]+$/, "")}".`;
}

const longestQuote = 400;

function unexplained(error: PrintedError, flow: number | undefined): Sighting {
  const { host, means } = error;
  return {
    rule: "command-error",
    subject: `${host ?? ""} ${means}`,
    severity: "error",
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
