import { targetTls } from "../flow/target-tls.ts";
import { hostPort } from "../bytes/text.ts";
import type { Analysis, Flow } from "../flow/model.ts";
import { csvField } from "./sanitize.ts";
import { fileText } from "./words.ts";

/** One row a flow, noise included. Spec: RFC 4180; line ends are CRLF. The names of the columns are stable. */
export function* renderCsv(analysis: Analysis, heading: boolean): Iterable<string> {
  if (heading) yield csvRow(Object.keys(columns));
  const capture = analysis.capture.files.map((file) => fileText(file.name)).join(" ");
  const rules = rulesByFlow(analysis);
  for (const flow of analysis.flows()) {
    yield csvRow(Object.values(columns).map((column) => column(flow, capture, rules.get(flow.id))));
  }
}

type Value = string | number | boolean | undefined;
type CsvColumn = (flow: Flow, capture: string, rules: ReadonlySet<string> | undefined) => Value;

const columns: Readonly<Record<string, CsvColumn>> = {
  capture: (_flow, capture) => capture,
  flow: (flow) => flow.id,
  client: (flow) => hostPort(flow.client.address, flow.client.port),
  server: (flow) => hostPort(flow.server.address, flow.server.port),
  target: (flow) => hostPort(flow.target.host, flow.target.port),
  route: (flow) => flow.route.kind,
  proxy: (flow) =>
    flow.route.proxy && hostPort(flow.route.proxy.name ?? flow.route.proxy.address, flow.route.proxy.port),
  proxy_over_tls: (flow) => flow.route.overTls,
  proxy_status: (flow) => flow.route.status,
  role: (flow) => flow.role,
  role_grade: (flow) => flow.roleEvidence.grade,
  label: (flow) => flow.label,
  label_grade: (flow) => flow.labelEvidence.grade,
  carries_sumdb: (flow) => flow.carriesSumdb,
  noise: (flow) => flow.noise,
  server_name: (flow) => targetTls(flow)?.serverName,
  tls_version: (flow) => targetTls(flow)?.negotiatedVersion,
  alpn: (flow) => targetTls(flow)?.alpn,
  ja4: (flow) => targetTls(flow)?.ja4,
  client_stack: (flow) => targetTls(flow)?.clientStack?.text,
  verdict: (flow) => targetTls(flow)?.verdict.value,
  verdict_grade: (flow) => targetTls(flow)?.verdict.grade,
  certificates: (flow) => targetTls(flow)?.certificates.length,
  path: (flow) => targetTls(flow)?.path.status,
  path_remarks: (flow) => targetTls(flow)?.path.remarks.join(" "),
  missing_issuer: (flow) => targetTls(flow)?.path.missing?.issuer,
  bytes_sent: (flow) => flow.bytes.clientToServer,
  bytes_received: (flow) => flow.bytes.serverToClient,
  start: (flow) => flow.start,
  end: (flow) => flow.end,
  first_frame: (flow) => flow.frames.first,
  last_frame: (flow) => flow.frames.last,
  opened: (flow) => flow.opened,
  closed: (flow) => flow.closed,
  stage: (flow) => flow.stage,
  same_as: (flow) => flow.sameAs,
  upstream_of: (flow) => flow.upstreamOf,
  findings: (_flow, _capture, rules) => rules && [...rules].join(" "),
};

function rulesByFlow(analysis: Analysis): Map<number, Set<string>> {
  const rules = new Map<number, Set<string>>();
  for (const finding of analysis.findings) {
    for (const flow of finding.flows) {
      const known = rules.get(flow);
      if (known === undefined) rules.set(flow, new Set([finding.rule]));
      else known.add(finding.rule);
    }
  }
  return rules;
}

/** One line of values; absent ones are empty fields. */
export function csvRow(values: readonly Value[]): string {
  return `${values.map((value) => csvField(value === undefined ? "" : String(value))).join(",")}\r\n`;
}
