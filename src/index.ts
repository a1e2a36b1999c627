/** The library: analyse captures from any source of bytes, judge certificates with any anchors, render the result. */
export { analyze, type AnalyzeOptions } from "./analyze.ts";
export { compareCaptures, type ComparedCapture, type ComparedSnapshot } from "./compare-captures.ts";
export type { ByteSource, CaptureInput } from "./capture/source.ts";
export { checkPolicy, checkReport, type CheckOptions } from "./check/check.ts";
export { parsePolicy, type Policy } from "./check/policy.ts";
export type {
  Answer,
  CheckCounts,
  CheckedCapture,
  CheckReport,
  PolicyPlace,
  RuleEvidence,
  RuleResult,
  Waiver,
} from "./check/report.ts";
export type { ComparedSide, Comparison } from "./compare/comparison.ts";
export type { Difference, DifferenceKind } from "./compare/difference.ts";
export { snapshotOf, type Snapshot } from "./compare/snapshot.ts";
export type { ComparedRow, ComparedTarget } from "./compare/side-by-side.ts";
export type {
  Analysis,
  CaptureReport,
  DnsReport,
  Endpoint,
  Finding,
  Flow,
  HttpReport,
  KeyLogReport,
  Label,
  Role,
  Route,
  RouteKind,
  Severity,
  Summary,
  Target,
  TlsReport,
  TrustReport,
} from "./flow/model.ts";
export type { ExplainedHost, ExplainedRequest, ExplainedVerdict, Explanation, Presence } from "./flow/explanation.ts";
export type { ProcessReport } from "./flow/processes.ts";
export type { GoExchange, Story, StoryModule, StoryStep, StoryWalk } from "./flow/story.ts";
export {
  mergeConfigurations,
  parseConfigurationText,
  type GoConfiguration,
} from "./gomod/configuration/configuration.ts";
export { parseGoVersion, type GoVersion } from "./gomod/configuration/go-version.ts";
export { resolveVariables, type ResolvedVariable } from "./gomod/configuration/resolution.ts";
export { gitProxyFor } from "./gomod/prediction/git-proxy.ts";
export type { Expectation, ModulePrediction, RunPrediction } from "./gomod/prediction/model.ts";
export { predictModule } from "./gomod/prediction/module-prediction.ts";
export { predict, type PredictedRun } from "./gomod/prediction/predict.ts";
export { destinationOf, goProxyFor, type Destination, type ProxyChoice } from "./gomod/prediction/proxy-choice.ts";
export type { Evidence, Grade } from "./grade.ts";
export { TrustAnchors } from "./pki/anchors.ts";
export type { CertificateSummary, PathVerdict } from "./pki/verdict.ts";
export type { Problem } from "./problem.ts";
export { parseKeyLog, type KeyLog } from "./protocol/tls/key-log.ts";
