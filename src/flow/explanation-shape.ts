import type { ExplainedHost, ExplainedRequest, Explanation } from "./explanation.ts";
import { grades } from "../grade.ts";
import { number, value, type ObjectShape } from "./json-shape.ts";
import { roles } from "./vocabulary.ts";

const explainedHost = {
  host: value,
  port: number,
  role: roles,
  verdict: ["as-configured", "contradicts", "cannot-be-told", "not-seen"],
  because: value,
  presence: ["must", "may", "must-not"],
  route: value,
  flows: number,
  moreFlows: number,
} satisfies ObjectShape<ExplainedHost>;

const explainedRequest = {
  url: value,
  status: number,
  text: value,
  flows: number,
  grade: grades,
} satisfies ObjectShape<ExplainedRequest>;

export const explanationShape = {
  assumed: value,
  refused: value,
  hosts: explainedHost,
  moreHosts: number,
  requests: explainedRequest,
  moreRequests: number,
} satisfies ObjectShape<Explanation>;
