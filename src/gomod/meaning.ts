import type { Flow, Judgement, ObservedFlow, Role } from "../flow/model.ts";
import type { GoExchange } from "../flow/story.ts";
import type { GoConfiguration } from "./configuration/configuration.ts";
import type { ExchangeLinks, ExchangeMark } from "./exchange-links.ts";
import { present } from "./present.ts";
import { entryAt, proxyPaths } from "./proxy-list.ts";
import { isChecksumRequest, isModuleRequest } from "./requests.ts";
import type { GoRequest } from "./requests.ts";
import { targetedRequests } from "./target-facts.ts";
import type { TargetedRequest } from "./target-facts.ts";

/** Says what flows and their requests mean to Go, once all flows were observed. */
export class GoMeaning {
  readonly #configuration: GoConfiguration | undefined;
  readonly #bases: readonly string[];
  readonly #links: ExchangeLinks;

  constructor(configuration: GoConfiguration | undefined, links: ExchangeLinks) {
    this.#configuration = configuration;
    this.#bases = proxyPaths(configuration);
    this.#links = links;
  }

  /**
   * The flow with its judgement, and with what each of its requests means to Go.
   *
   * Changes `flow` itself, and its exchanges: they were made for this, and copies of so many fields would cost more than
   * all the rest.
   */
  given(flow: ObservedFlow, judgement: Judgement): Flow {
    for (const targeted of targetedRequests(flow, this.#bases)) {
      const mark = this.#links.mark(flow.id, targeted.exchange);
      const go = this.#explain(targeted, mark, judgement);
      const redirect = mark?.redirect;
      const meaning = present({ redirectFlow: redirect?.flow, redirectExchange: redirect?.exchange, go });
      Object.assign(targeted.report, meaning);
    }
    return Object.assign(flow, judgement);
  }

  #explain(
    { request, target }: TargetedRequest,
    mark: ExchangeMark | undefined,
    { role }: Judgement,
  ): GoExchange | undefined {
    const consequence = mark && consequenceOf(request, mark, role);
    if (consequence !== undefined) return consequence;
    if (request.kind === "other") return isGoTarget(role) ? { kind: "other" } : undefined;
    const list = isOfProxy(request) ? this.#configuration?.proxyList : undefined;
    const entry = entryAt(list, target, request.base ?? "")?.text;
    return { ...request, ...present({ entry, folded: mark?.folded }) };
  }
}

/* What a request is by the redirect that led to it; undefined where it speaks for itself. */
function consequenceOf(
  { kind }: GoRequest,
  { origin, elsewhere, folded }: ExchangeMark,
  role: Role,
): GoExchange | undefined {
  if (origin === undefined || (kind !== "other" && kind !== "storage" && elsewhere !== true)) return undefined;
  const { module, version } = origin;
  /* A page may move and lose its query; a redirected page stays one. */
  if (origin.kind === "discovery") return { kind: "discovery", ...present({ module, folded }) };
  /* Where a module proxy sends for a zip, its name is its own: only the redirect says what it is. */
  const isMoved = role === "module-proxy" && kind === origin.kind;
  return isModuleRequest(origin.kind) && !isMoved
    ? { kind: "storage", ...present({ module, version, folded }) }
    : undefined;
}

/** Whether a target is there for Go, so that a request of no known kind is worth a word. */
function isGoTarget(role: Role): boolean {
  return role !== "unknown" && role !== "other" && role !== "dns" && role !== "forward-proxy";
}

/** Whether a module proxy is asked: for a module, or as mirror of a checksum database. */
function isOfProxy({ kind, database }: GoRequest): boolean {
  return isModuleRequest(kind) || kind === "supported" || (isChecksumRequest(kind) && database !== undefined);
}
