import type { ExplainedRequest, Explanation } from "../../flow/explanation.ts";
import type { Flow } from "../../flow/model.ts";
import type { Grade } from "../../grade.ts";
import { limits } from "../../limits.ts";
import type { LoggedAnswer } from "../command-log.ts";
import { placeKey } from "../place.ts";

/**
 * Ties the requests that a command announced to the flows that may have carried them: by the request itself where it is
 * visible, else by its host.
 *
 * Invariants: only hosts and URLs of the log are remembered, of each as many flows as a finding lists.
 */
export class LoggedRequests {
  readonly #answers: readonly LoggedAnswer[];
  /** Host and port → flows that carried something. */
  readonly #places = new Map<string, number[]>();
  /** URL → flows in which the request is visible. */
  readonly #visible = new Map<string, { readonly flows: number[]; readonly grade: Grade }>();
  /** Ways to a forward proxy that ended there. */
  readonly #proxies: number[] = [];
  readonly #urls: ReadonlySet<string>;
  readonly #more: number;

  constructor(answers: readonly LoggedAnswer[]) {
    this.#answers = answers.slice(0, limits.explainedRequests);
    this.#more = answers.length - this.#answers.length;
    this.#urls = new Set(this.#answers.map(({ url }) => url));
    for (const { host, port } of this.#answers) this.#places.set(placeKey(host, port), []);
  }

  observe(flow: Flow): void {
    if (this.#answers.length === 0) return;
    this.#noteVisible(flow);
    if (flow.role === "forward-proxy" && this.#proxies.length < limits.findingFlows) this.#proxies.push(flow.id);
    for (const target of flow.targets ?? [flow.target]) {
      const place = this.#places.get(placeKey(target.host, target.port));
      /* A spare connection that Go closed unused carried no request. */
      if (place === undefined || flow.tls.at(-1)?.verdict.unused === true) continue;
      if (place.length < limits.findingFlows) place.push(flow.id);
    }
  }

  #noteVisible(flow: Flow): void {
    for (const { scheme, host, path, grade } of flow.http) {
      const url = `${scheme ?? ""}://${host ?? ""}${path ?? ""}`;
      if (!this.#urls.has(url)) continue;
      const held = this.#visible.get(url) ?? { flows: [], grade };
      this.#visible.set(url, held);
      if (held.flows.at(-1) !== flow.id && held.flows.length < limits.findingFlows) held.flows.push(flow.id);
    }
  }

  conclude(): Pick<Explanation, "requests" | "moreRequests"> {
    if (this.#answers.length === 0) return {};
    const requests = this.#answers.map((answer) => this.#tie(answer));
    return { requests, ...(this.#more > 0 && { moreRequests: this.#more }) };
  }

  #tie({ url, host, port, status, text }: LoggedAnswer): ExplainedRequest {
    const said = { url, ...(status !== undefined && { status }), ...(text !== undefined && text !== "" && { text }) };
    const visible = this.#visible.get(url);
    if (visible !== undefined) return { ...said, ...visible };
    const reached = this.#places.get(placeKey(host, port))!;
    const flows = reached.length > 0 ? reached : this.#proxies;
    return { ...said, flows, grade: flows.length === 0 ? "unknown" : "inferred" };
  }
}
