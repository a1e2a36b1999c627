import type { Flow, HttpReport, Judgement, ObservedFlow } from "../flow/model.ts";
import { classifyRequest } from "./requests.ts";

/**
 * The flow with its judgement, and with what each of its requests means to Go.
 *
 * Changes `flow` itself: it was made for this, and a copy of so many fields would cost more than all the rest.
 */
export function withGoMeaning(flow: ObservedFlow, judgement: Judgement): Flow {
  return Object.assign(flow, judgement, flow.http.length > 0 && { http: flow.http.map(explain) });
}

function explain(exchange: HttpReport): HttpReport {
  if (exchange.path === undefined) return exchange;
  const { kind, module, version } = classifyRequest({ ...exchange, path: exchange.path });
  if (kind === "other") return exchange;
  return {
    ...exchange,
    go: { kind, ...(module !== undefined && { module }), ...(version !== undefined && { version }) },
  };
}
