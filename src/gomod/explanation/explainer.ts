import type { ExplainedHost, Explanation } from "../../flow/explanation.ts";
import type { Flow } from "../../flow/model.ts";
import { limits } from "../../limits.ts";
import type { GoConfiguration } from "../configuration/configuration.ts";
import { proxyPlace } from "../forward-proxy.ts";
import type { Expectation } from "../prediction/model.ts";
import type { ProxyChoice } from "../prediction/proxy-choice.ts";
import { FlowJudge, type FlowVerdict } from "./flow-judge.ts";
import { LoggedRequests } from "./logged-requests.ts";

interface Row extends Omit<ExplainedHost, "flows" | "moreFlows"> {
  readonly flows: number[];
  more: number;
}

/**
 * Prediction beside observation, host by host.
 *
 * Invariants: a row for each target and verdict, up to a cap; of each as many flows as a finding lists, the rest counted.
 */
export class Explainer {
  readonly #judge: FlowJudge;
  readonly #requests: LoggedRequests;
  readonly #rows = new Map<string, Row>();
  readonly #met = new Set<Expectation>();
  #more = 0;

  constructor(configuration: GoConfiguration) {
    this.#judge = new FlowJudge(configuration);
    this.#requests = new LoggedRequests(configuration.log.answers);
  }

  /** Takes a flow, and says what it is to the settings; undefined for what is no business of theirs. */
  observe(flow: Flow): FlowVerdict | undefined {
    if (flow.noise || flow.sameAs !== undefined || flow.upstreamOf !== undefined) return undefined;
    this.#requests.observe(flow);
    if (flow.label === "other") return undefined;
    const verdict = this.#judge.judge(flow);
    if (verdict.expectation !== undefined) this.#met.add(verdict.expectation);
    this.#note(flow, verdict);
    return verdict;
  }

  conclude(): Explanation {
    const { assumed, refused, expectations } = this.#judge.prediction;
    const rows = [...this.#rows.values()].map(({ more, ...row }) => (more > 0 ? { ...row, moreFlows: more } : row));
    const unmet = expectations.filter((expectation) => !this.#met.has(expectation)).map(unseen);
    return {
      assumed,
      ...(refused !== undefined && { refused }),
      hosts: [...rows, ...unmet],
      ...(this.#more > 0 && { moreHosts: this.#more }),
      ...this.#requests.conclude(),
    };
  }

  #note({ id, target, role }: Flow, { verdict, because, expectation, route }: FlowVerdict): void {
    const key = `${target.host} ${target.port} ${role} ${verdict} ${because}`;
    const row = this.#rows.get(key);
    if (row !== undefined) {
      if (row.flows.length < limits.findingFlows) row.flows.push(id);
      else row.more++;
    } else if (this.#rows.size >= limits.storyPlaces) this.#more++;
    else {
      this.#rows.set(key, {
        host: target.host,
        port: target.port,
        role,
        verdict,
        because,
        ...(expectation !== undefined && { presence: expectation.presence }),
        ...(route !== undefined && { route: routeText(route) }),
        flows: [id],
        more: 0,
      });
    }
  }
}

/* What is in caches or in go.sum is not asked for, so that nothing follows from a host that is not there. */
function unseen({ host, port, role, presence, route, because }: Expectation): ExplainedHost {
  return {
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    role,
    verdict: presence === "must-not" ? "as-configured" : "not-seen",
    because,
    presence,
    ...(route !== undefined && { route: routeText(route) }),
    flows: [],
  };
}

function routeText({ kind, proxy }: ProxyChoice): string {
  return proxy === undefined ? kind : `through ${proxyPlace(proxy)}`;
}
