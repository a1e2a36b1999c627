export type { Analysis, Finding, Flow } from "./flow/model.ts";
