import { counted } from "../bytes/text.ts";
import { isSearchedName } from "../flow/dns-report.ts";
import type { DnsReport, Flow, Severity } from "../flow/model.ts";
import { wellKnown } from "../gomod/endpoints.ts";
import { matchesNoProxy } from "../gomod/forward-proxy.ts";
import { limits } from "../limits.ts";
import { isAddressType } from "../protocol/dns/message.ts";
import { answerSightings, type Question } from "./dns-answers.ts";
import { nameFilter } from "./filter.ts";
import type { Loss } from "./losses.ts";
import type { FindingContext, Seen, Sighting } from "./sighting.ts";
import { gaveUp, list, shellWord } from "./wording.ts";

/** Milliseconds that a resolver waits for an answer: 5 s in resolv.conf(5) unless told otherwise. */
const patienceMilliseconds = 5000;

/** Names that were not resolved, and answers that cannot be right. Flows tell whether the name was reached anyhow. */
export class DnsFindings {
  readonly #context: FindingContext;
  readonly #questions = new Map<string, Question>();
  /** The recorder missed packets. */
  #lossy = false;
  /** Some module or code was fetched: what `|` in GOPROXY makes good. */
  #fetched = false;
  readonly #names = new Map<string, Question[]>();
  /** Clients of which some flow worked, as far as they asked for names. */
  readonly #working = new Set<string>();

  constructor(context: FindingContext) {
    this.#context = context;
    for (const report of context.dns) this.#note(report);
  }

  #note(report: DnsReport): void {
    if (!isAddressType(report.type)) return;
    const key = `${report.client} ${report.name}`;
    let question = this.#questions.get(key);
    if (question === undefined) {
      const { name, client } = report;
      question = { name, client, reports: [], resolved: false, contacted: false, reached: false, failed: false };
      this.#questions.set(key, question);
      const others = this.#names.get(name);
      if (others === undefined) this.#names.set(name, [question]);
      else others.push(question);
    }
    if (question.reports.length < limits.findingFrames) question.reports.push(report);
    question.resolved ||= report.answers.some(({ type }) => type === report.type);
  }

  observe({ flow, failure }: Seen): void {
    const { kind, proxy } = flow.route;
    if (flow.lost.clientToServer + flow.lost.serverToClient > 0) this.#lossy = true;
    for (const name of new Set([flow.target.host, proxy === undefined ? "" : this.#proxyName(proxy)])) {
      for (const question of this.#names.get(name) ?? []) {
        if (question.client !== flow.client.address) continue;
        if (failure === undefined) question.reached = true;
        else question.failed = true;
        /* Behind a proxy the client resolves the proxy's name only. */
        const isPeer = kind === "direct" || name !== flow.target.host;
        if (isPeer && question.reports.some((report) => followsSoon(flow, report))) question.contacted = true;
      }
    }
    if (failure !== undefined) return;
    if (this.#working.size < limits.findings) this.#working.add(flow.client.address);
    if (flow.role === "module-proxy" || flow.label === "direct") this.#fetched = true;
  }

  *conclude(): Iterable<Sighting> {
    for (const question of this.#questions.values()) {
      const mistaken = schemeWord(question);
      if (mistaken !== undefined) yield mistaken;
      else if (!question.resolved && this.#isOver(question)) yield this.#failure(question);
    }
    for (const sightings of answerSightings(this.#questions.values())) yield sightings;
  }

  #proxyName({ name, port }: NonNullable<Flow["route"]["proxy"]>): string {
    const { httpsProxy, httpProxy } = this.#context.configuration ?? {};
    return name ?? [httpsProxy, httpProxy].find((proxy) => proxy?.port === port)?.host ?? "";
  }

  /* That a name has no address of one family says nothing of the other, nor does a question whose answer may come yet. */
  #isOver({ name, client, reports, contacted }: Question): boolean {
    if (isSearchedName(name, (shorter) => this.#questions.has(`${client} ${shorter}`))) return false;
    const telling = reports.filter(({ type }) => type === "A" || !contacted);
    if (telling.some(({ responseCode = "NOERROR" }) => responseCode !== "NOERROR")) return true;
    if (contacted || !reports.some(({ type }) => type === "A")) return false;
    const again = isAskedAgain(reports);
    return reports.every((report) =>
      report.responseCode === undefined ? this.#waited(report, again) : report.questions > 0,
    );
  }

  #waited({ questions, time }: DnsReport, again: boolean): boolean {
    const { end, files } = this.#context.capture;
    /* Answers are longer than questions: the snap length may have cut them alone. */
    if (files.some(({ snappedFrames }) => snappedFrames !== undefined)) return false;
    if (questions > 1 || again) return true;
    return (
      !this.#lossy &&
      time !== undefined &&
      end !== undefined &&
      Date.parse(end) - Date.parse(time) >= patienceMilliseconds
    );
  }

  #failure(question: Question): Sighting {
    const { name, client, reports } = question;
    const codes = [...new Set(reports.map(({ responseCode }) => responseCode ?? "no answer"))];
    const servers = [...new Set(reports.map(({ server }) => server))];
    return {
      rule: "dns-failure",
      subject: `${client} ${name}`,
      severity: this.#severity(question),
      grade: "seen",
      frames: reports.flatMap(({ questionFrame = 0, frame }) => [questionFrame, frame]),
      words: () => ({
        title: `${name} was not resolved: ${list(codes.map(plainCode))}`,
        detail:
          `${client} asked ${list(servers)} for ${list([...new Set(reports.map(({ type }) => type))])} ` +
          `(${counted(reports.length, "question")}) and got no address: ${list(codes.map(explainCode))}.${this.#use(question)}`,
        remedy: `Check the name, and ask the server directly: dig @${servers[0] ?? ""} ${shellWord(name)}. ${this.#advice(name)}`,
        filter: nameFilter(name),
      }),
    };
  }

  #isNeeded(name: string): boolean {
    return wellKnown(name) !== undefined || this.#setting(name) !== undefined;
  }

  /** The setting that names a host. */
  #setting(name: string): string | undefined {
    const { configuration } = this.#context;
    if (configuration === undefined) return undefined;
    const { proxyList, checksumDatabase, httpsProxy, httpProxy, log } = configuration;
    if (proxyList?.some(({ url }) => url?.host === name) === true) return "GOPROXY";
    if (checksumDatabase?.url?.host === name) return "GOSUMDB";
    for (const proxy of [httpsProxy, httpProxy]) if (proxy?.host === name) return proxy.variable;
    return log.requests.some(({ host }) => host === name) ? "a request of the command" : undefined;
  }

  /** Whether GONOPROXY or GOPRIVATE spells the host out: what a star covers is many hosts, of which Go needs few. */
  #isExempt(name: string): boolean {
    const globs = this.#context.configuration?.noProxyGlobs ?? "";
    return globs.split(",").some((glob) => glob.split("/", 1)[0] === name);
  }

  #lost({ reports }: Question, how: "named" | "aside"): Loss | undefined {
    for (const { frame } of reports) {
      const loss = this.#context.losses[how](frame);
      if (loss !== undefined) return loss;
    }
    return undefined;
  }

  #severity(question: Question): Severity {
    if (this.#lost(question, "named") !== undefined) return "error";
    if (this.#lost(question, "aside") !== undefined) return "note";
    /* Nothing worked after it: then the name was likely needed, but nothing proves it. */
    if (!this.#isNeeded(question.name)) {
      if (this.#working.has(question.client)) return "note";
      return this.#isExempt(question.name) ? "error" : "warning";
    }
    if (question.reached) return "warning";
    /* That Go went on to another entry shows the `|` that no setting tells. */
    const list = this.#context.configuration?.proxyList;
    const separator =
      list === undefined && wellKnown(question.name)?.role === "module-proxy"
        ? "|"
        : list?.find(({ url }) => url?.host === question.name)?.separator;
    return separator === "|" && this.#fetched ? "warning" : "error";
  }

  #use(question: Question): string {
    const lost = this.#lost(question, "named");
    if (lost !== undefined) return gaveUp([lost.module]);
    const aside = this.#lost(question, "aside");
    if (aside !== undefined)
      return ` It was tried for ${aside.module}, which ${aside.entry} does not have: ${aside.answer}.`;
    const { name } = question;
    const setting = this.#setting(name);
    if (setting !== undefined) return ` ${setting} names it.`;
    if (this.#isExempt(name)) return " GONOPROXY or GOPRIVATE names it: the go command asks such a host itself.";
    const endpoint = wellKnown(name);
    return endpoint === undefined
      ? " No setting and no flow shows that the go command needed it."
      : ` ${name} ${endpoint.because}.`;
  }

  #advice(name: string): string {
    const { httpsProxy, noProxy = "" } = this.#context.configuration ?? {};
    if (httpsProxy === undefined || httpsProxy.host === name || !matchesNoProxy(noProxy, name, 443)) {
      return "Behind a forward proxy (HTTPS_PROXY) Go resolves the proxy's name only.";
    }
    return `NO_PROXY exempts ${name} from ${httpsProxy.variable}: without that the proxy would resolve it.`;
  }
}

/** Whether a connection began before a resolver would have given up: whatever the capture has, the name was resolved. */
function followsSoon({ start }: Flow, { time }: DnsReport): boolean {
  if (start === undefined || time === undefined) return false;
  const after = Date.parse(start) - Date.parse(time);
  return after >= 0 && after < patienceMilliseconds;
}

/* A resolver asks the same again where nothing came, or where ICMP turned it away at once. */
function isAskedAgain(reports: readonly DnsReport[]): boolean {
  return new Set(reports.map(({ type }) => type)).size < reports.length;
}

function plainCode(code: string): string {
  return code === "NOERROR" ? "no address" : code;
}

function explainCode(code: string): string {
  return explained[code] ?? code;
}

const explained: Readonly<Record<string, string>> = {
  NXDOMAIN: "there is no such name (NXDOMAIN)",
  SERVFAIL: "the server failed (SERVFAIL)",
  REFUSED: "the server refused to answer (REFUSED)",
  NOERROR: "the name exists but has no address",
};

const schemes: readonly string[] = ["socks5h", "socks5", "socks4a", "socks4", "socks", "http", "https"];

/* A setting that was not parsed as meant leaves a word of it as host name. */
function schemeWord({ name, client, reports, reached }: Question): Sighting | undefined {
  const word = schemes.find((scheme) => name === scheme);
  const torn = /[;,|"'\s]/.test(name);
  if (reached || (word === undefined && !torn)) return undefined;
  return {
    rule: "dns-scheme-word",
    subject: `${client} ${word ?? name}`,
    severity: "error",
    grade: "seen",
    frames: reports.map(({ frame }) => frame),
    words: () => ({
      title:
        word === undefined
          ? `a setting was looked up as the host ${name}`
          : `the scheme ${word} of a proxy setting was looked up as a host`,
      detail:
        word === undefined
          ? `${client} asked for the address of "${name}": a separator or a quote of a list became part of a host name. GOPROXY takes "," and "|" only, no quotes.`
          : `${client} asked for the address of "${name}". Go up to 1.22 knows socks5:// but not socks5h://, socks:// or socks4://, and takes the word for a host; so does any version for http:// written twice.`,
      remedy:
        word === undefined
          ? 'Separate the entries of GOPROXY with "," or "|", without quotes.'
          : "Write HTTPS_PROXY=socks5://HOST:PORT (Go resolves names at the proxy with socks5 as well), or use Go 1.23 for socks5h://.",
      filter: nameFilter(name),
    }),
  };
}
