import type { CheckReport } from "../check/report.ts";
import { entriesOf, fingerprintOf, isFailure, outcomeWords, slashes, type CheckEntry } from "./check-outcomes.ts";
import { visible, visibleJson } from "./sanitize.ts";

/**
 * A check as SARIF: a result for each expectation that fails, and a suppressed one for each that is waived. What holds
 * is left out: viewers show every result as an alert.
 *
 * Spec: SARIF 2.1.0 with errata 01, §3.11.6 (links in messages), §3.27 (result), §3.49 (rule), §3.35 (suppression).
 */
export function* renderCheckSarif(report: CheckReport): Iterable<string> {
  const entries = entriesOf(report).filter((entry) => isFailure(entry) || entry.outcome === "waived");
  const rules = [...new Set(entries.map(({ rule }) => rule))].sort();
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: report.tool.name, version: report.tool.version, rules: rules.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        results: entries.map((entry) => resultOf(entry, rules.indexOf(entry.rule))),
      },
    ],
  };
  yield `${visibleJson(JSON.stringify(log, undefined, 2))}\n`;
}

function ruleOf(rule: string): object {
  return { id: rule, defaultConfiguration: { level: "error" }, properties: { tags: ["network-capture"] } };
}

function resultOf(entry: CheckEntry, ruleIndex: number): object {
  const { outcome, title, message, details, location, evidence, capture } = entry;
  const text = visible([`${title}: ${outcomeWords[outcome]}: ${message}.`, ...details].join(" "));
  return {
    ruleId: entry.rule,
    ruleIndex,
    kind: "fail",
    level: "error",
    message: { text: text.replaceAll("](", String.raw`\](`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(location.file) },
          region: { startLine: location.line, startColumn: location.column },
        },
      },
    ],
    relatedLocations: capture.files.map((file, id) => ({
      id,
      physicalLocation: { artifactLocation: { uri: uriOf(file) } },
      message: { text: "the capture" },
    })),
    partialFingerprints: { "expectation/v1": fingerprintOf(entry) },
    ...(outcome === "waived" && {
      suppressions: [{ kind: "external", status: "accepted", justification: visible(entry.justification ?? "") }],
    }),
    ...(evidence !== undefined && { properties: evidence }),
  };
}

/** The path as a URI reference; an absolute one as a file URI. Spec: RFC 3986 §4.1, RFC 8089 §2. */
function uriOf(path: string): string {
  const encoded = slashes(path).split("/").map(encodeSegment).join("/");
  if (encoded.startsWith("/")) return `file://${encoded}`;
  return /^[A-Za-z]%3A\//.test(encoded) ? `file:///${encoded.replace("%3A", ":")}` : encoded;
}

/** A lone surrogate has no URI form. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Cs}/gu, "\ufffd"));
}
