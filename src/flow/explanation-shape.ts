import type { ExplainedHost, ExplainedRequest, Explanation } from "./explanation.ts";
import { value, type ObjectShape } from "./json-shape.ts";

const explainedHost = {
  host: value,
  port: value,
  role: value,
  verdict: value,
  because: value,
  presence: value,
  route: value,
  flows: value,
  moreFlows: value,
} satisfies ObjectShape<ExplainedHost>;

const explainedRequest = {
  url: value,
  status: value,
  text: value,
  flows: value,
  grade: value,
} satisfies ObjectShape<ExplainedRequest>;

export const explanationShape = {
  assumed: value,
  refused: value,
  hosts: explainedHost,
  moreHosts: value,
  requests: explainedRequest,
  moreRequests: value,
} satisfies ObjectShape<Explanation>;
