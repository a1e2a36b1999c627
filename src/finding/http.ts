import type { Flow, Severity } from "../flow/model.ts";
import type { GoRequestKind } from "../flow/vocabulary.ts";
import { isChecksumRequest, isGitRequest, isModuleRequest, isPage, leadsToPage } from "../gomod/requests.ts";
import { parseUrlPlace } from "../gomod/place.ts";
import { proxyPaths, type ProxyListEntry } from "../gomod/proxy-list.ts";
import { targetKey, targetedRequests } from "../gomod/target-facts.ts";
import { limits } from "../limits.ts";
import {
  brokenOffWords,
  errorWords,
  forwardProxyWords,
  notFoundWords,
  portalWords,
  withLoss,
  type Answer,
} from "./http-words.ts";
import { isForwardProxy } from "./proxy-hello.ts";
import type { RuleId } from "./rules.ts";
import type { FindingContext, Seen, Sighting, Words } from "./sighting.ts";

type Trouble = "http-portal" | "http-error" | "http-not-found" | "http-broken-off" | "goproxy-as-forward-proxy";

/**
 * Answers to requests in clear (or decrypted). Whether a bad answer mattered is known at the end: go tries prefixes of
 * a path, other proxies and, with credentials, again.
 *
 * Invariants: of one rule and target as many answers are kept as a finding lists flows; paths that were found, up to a
 * cap.
 */
export class HttpFindings {
  readonly #context: FindingContext;
  readonly #bases: readonly string[];
  readonly #troubles = new Map<string, { readonly rule: Trouble; readonly answers: Answer[] }>();
  /** `target path` of requests that were answered well. */
  readonly #good = new Set<string>();
  /** The same of requests that had the rights for it, whatever the answer. */
  readonly #entitled = new Set<string>();
  readonly #goodModules = new Set<string>();
  /** Targets that gave modules or code. */
  readonly #sources = new Set<string>();

  constructor(context: FindingContext) {
    this.#context = context;
    this.#bases = proxyPaths(context.configuration);
  }

  observe({ flow, failure }: Seen): void {
    if (failure === undefined && flow.tls.length > 0 && (flow.role === "module-proxy" || flow.label === "direct")) {
      this.#remember(this.#sources, targetKey(flow.target));
    }
    for (const targeted of targetedRequests(flow, this.#bases)) {
      const { status = 0, requestFrame } = targeted.report;
      const lost = this.#context.losses.at(flow.id, requestFrame);
      this.#judge({ ...targeted, flow: flow.id, status, lost }, flow, failure);
    }
  }

  /* Status 0 where no answer came. */
  #judge(answer: Answer, flow: Flow, failure: Seen["failure"]): void {
    const { status, lost } = answer;
    const isInPlace = status > 0 && troubleOf(answer, false) === "http-portal";
    if (lost !== undefined && lost.status === undefined && !isInPlace) {
      /* Where the connection failed, that is the finding. */
      if (failure === undefined) this.#note("http-broken-off", answer);
      return;
    }
    // What a forward proxy refused is its finding.
    if (status === 0 || status === 407 || failure?.kind === "proxy-refused") return;
    this.#take(answer, flow.route.kind === "direct");
  }

  #take(answer: Answer, direct: boolean): void {
    const { request, target, lost, status } = answer;
    if (status !== 401) this.#remember(this.#entitled, pathKey(answer));
    const atForwardProxy = direct && status >= 400 && isForwardProxy(target, this.#context.configuration);
    const trouble = troubleOf(answer, atForwardProxy) ?? (lost && lossTrouble(answer));
    if (trouble !== undefined) {
      this.#note(trouble, answer);
      return;
    }
    if (!isGood(answer)) return;
    this.#remember(this.#good, pathKey(answer));
    if (request.module !== undefined) this.#remember(this.#goodModules, request.module);
    if (isModuleRequest(request.kind) || isGitRequest(request.kind)) this.#remember(this.#sources, targetKey(target));
  }

  /* What Go gave up over is never left out. */
  #note(trouble: Trouble, answer: Answer): void {
    const key = `${trouble} ${targetKey(answer.target)}`;
    const held = this.#troubles.get(key);
    if (held === undefined) {
      if (this.#troubles.size < limits.findings) this.#troubles.set(key, { rule: trouble, answers: [answer] });
      return;
    }
    const { answers } = held;
    if (answers.length < limits.findingFlows) answers.push(answer);
    else if (answer.lost !== undefined) answers[answers.length - 1] = answer;
  }

  #remember(set: Set<string>, text: string): void {
    if (set.size < limits.dnsMessages) set.add(text);
  }

  *conclude(): Iterable<Sighting> {
    const proxyList = this.#context.configuration?.proxyList;
    for (const { rule, answers } of this.#troubles.values()) {
      const lost = answers.filter((answer) => answer.lost !== undefined);
      const open = [...lost, ...answers.filter((answer) => answer.lost === undefined && !this.#madeGood(rule, answer))];
      if (open.length === 0) continue;
      const severity = lost.length > 0 ? "error" : this.#severity(rule, open[0]);
      const say = (): Words => withLoss(words[rule](open, proxyList), lost);
      for (const answer of open) yield sighting(rule, answer, severity, say);
    }
  }

  #madeGood(rule: Trouble, answer: Answer): boolean {
    /* Go asks without credentials first where GOAUTH names a command, as git does. */
    if ((answer.status === 401 ? this.#entitled : this.#good).has(pathKey(answer))) return true;
    const followed = locationKey(answer.report.redirectTo ?? "");
    if (followed !== undefined && this.#good.has(followed)) return true;
    return rule === "http-not-found" && this.#isGood(answer.request.module ?? "");
  }

  /* The module itself, or one whose path it is a prefix of, was delivered by some target. */
  #isGood(module: string): boolean {
    return [...this.#goodModules].some((good) => good === module || good.startsWith(`${module}/`));
  }

  #severity(rule: Trouble, { target, request }: Answer): Severity {
    if (rule === "http-not-found") return this.#sources.size > 0 ? "note" : "warning";
    if (isChecksumRequest(request.kind)) return "error";
    if ([...this.#sources].some((source) => source !== targetKey(target))) return "warning";
    /* That the same proxy has other modules is no help for this one. */
    const { module } = request;
    const served = module === undefined ? this.#sources.has(targetKey(target)) : this.#isGood(module);
    return served ? "warning" : "error";
  }
}

const words: Readonly<Record<Trouble, (answers: readonly Answer[], proxyList?: readonly ProxyListEntry[]) => Words>> = {
  "http-portal": portalWords,
  "http-error": errorWords,
  "http-not-found": notFoundWords,
  "http-broken-off": brokenOffWords,
  "goproxy-as-forward-proxy": forwardProxyWords,
};

/* Go may give up over an answer that is otherwise no trouble: a page that is not there, or one instead of a file. */
function lossTrouble({ request, status, report }: Answer): Trouble | undefined {
  if (request.kind === "discovery" && status === 200) return "http-not-found";
  if (isPage(report)) return "http-portal";
  if (report.contentError !== undefined) return "http-broken-off";
  if (status < 400) return undefined;
  return status === 404 || status === 410 ? "http-not-found" : "http-error";
}

function troubleOf(answer: Answer, atForwardProxy: boolean): Trouble | undefined {
  const { request, status } = answer;
  if (isGitRequest(request.kind)) return gitTrouble(answer);
  if (isModuleRequest(request.kind)) {
    if (atForwardProxy) return "goproxy-as-forward-proxy";
    if (isPortal(answer)) return "http-portal";
    if (status === 404 || status === 410) return "http-not-found";
  } else if (isChecksumRequest(request.kind)) {
    if (isPortal(answer)) return "http-portal";
  } else if (!answeredInFull.has(request.kind) || status === 404 || status === 410) return undefined;
  return status < 400 ? undefined : "http-error";
}

const answeredInFull: ReadonlySet<GoRequestKind> = new Set(["supported", "storage", "toolchain"]);

/* git asks without credentials first and is told so by 401: whether that was all is known at the end. */
function gitTrouble({ status }: Answer): Trouble | undefined {
  return status >= 400 && status !== 404 ? "http-error" : undefined;
}

/* No module proxy answers in HTML, or sends for a small file to a page. */
function isPortal({ request, status, report }: Answer): boolean {
  if (status < 300 || status >= 400 || report.redirectTo === undefined) return isPage(report);
  return leadsToPage(request.kind, report.redirectTo, report.host);
}

function isGood({ request, report }: Answer): boolean {
  return report.status === 200 && (request.kind === "discovery" || !isPage(report));
}

/* Where a redirect leads, as the key of the request that follows it. */
function locationKey(location: string): string | undefined {
  const place = parseUrlPlace(location);
  return place && `${targetKey(place)} ${location.replace(/^https?:\/\/[^/?#]*/i, "").split("#", 1)[0]}`;
}

function pathKey({ target, report }: Answer): string {
  return `${targetKey(target)} ${report.path ?? ""}`;
}

function sighting(rule: RuleId, { flow, target, report }: Answer, severity: Severity, say: () => Words): Sighting {
  return {
    rule,
    subject: targetKey(target),
    severity,
    grade: report.scheme === "https" ? "decrypted" : "seen",
    flow,
    frames: [report.requestFrame, report.responseFrame ?? 0],
    words: say,
  };
}
