import type { CheckReport } from "../check/report.ts";
import {
  entriesOf,
  fingerprintOf,
  isFailure,
  outcomeWords,
  slashes,
  type CheckEntry,
  type Outcome,
} from "./check-outcomes.ts";
import { visible, visibleJson } from "./sanitize.ts";

/**
 * A check as GitLab's code quality report: an entry for each expectation that fails. Fingerprints stay when lines move.
 *
 * Spec: docs.gitlab.com, "Code Quality", "Code Quality report format".
 */
export function* renderCheckGitlab(report: CheckReport): Iterable<string> {
  const failed = entriesOf(report).filter(isFailure);
  yield `${visibleJson(JSON.stringify(failed.map(violation), undefined, 2))}\n`;
}

const severities: Partial<Record<Outcome, string>> = {
  unreadable: "critical",
  broken: "major",
  "cannot-tell": "minor",
};

function violation(entry: CheckEntry): object {
  const { capture, title, outcome, message, rule, location } = entry;
  return {
    description: visible(`${capture.name}: ${title}: ${outcomeWords[outcome]}: ${message}`),
    check_name: rule,
    fingerprint: fingerprintOf(entry),
    severity: severities[outcome],
    location: { path: slashes(location.file), lines: { begin: location.line } },
  };
}
