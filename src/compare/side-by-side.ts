import type { Observation, ObservedTarget, TargetMeaning } from "./meaning.ts";
import { routesText } from "./words.ts";

/** One target as both captures show it, in the words of a table. Untrusted text. */
export interface ComparedTarget {
  readonly target: string;
  readonly rows: readonly ComparedRow[];
}

/** One aspect of a target; a side that has nothing to show is empty. */
export interface ComparedRow {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** All targets of both sides by name, with what is worth a look. */
export function sideBySide(before: Observation, after: Observation): ComparedTarget[] {
  const names = [...new Set([...before.targets.keys(), ...after.targets.keys()])].sort();
  return names.map((target) => {
    const was = describe(before.targets.get(target));
    const is = describe(after.targets.get(target));
    const rows = Object.keys(was).map((name) => ({ name, before: was[name], after: is[name] }));
    return { target, rows: rows.filter((row) => row.before !== "" || row.after !== "") };
  });
}

function describe(observed: ObservedTarget | undefined): Record<string, string> {
  if (observed === undefined) {
    return { route: "not spoken to", label: "", requests: "", accept: "", handshakes: "", certificate: "", chain: "" };
  }
  const { meaning, flowCount } = observed;
  return {
    route:
      routesText(meaning.routes) +
      (meaning.refusals.length === 0 ? "" : `, refused with ${meaning.refusals.join(", ")}`),
    label: meaning.labels.join(", "),
    requests: requestsText(meaning),
    accept: [...new Set(meaning.requests.flatMap(({ accept }) => accept ?? []))].join(", "),
    handshakes: [...(flowCount === undefined ? [] : [String(flowCount)]), ...meaning.versions].join(", "),
    certificate: meaning.verdicts.map(({ value, grade }) => `${value} (${grade})`).join(", "),
    chain: chainText(meaning),
  };
}

function requestsText({ requests, requestsVisible }: TargetMeaning): string {
  if (requestsVisible === "none") return "not visible";
  const shown = requests.slice(0, 4).map(({ method, path, status }) => `${method} ${path} ${status ?? ""}`.trimEnd());
  return requests.length > 4 ? `${shown.join("; ")} and ${requests.length - 4} more` : shown.join("; ");
}

function chainText({ chains, certificateBytes, versions }: TargetMeaning): string {
  if (chains.length > 0) return [...new Set(chains.map(({ status }) => status))].join(", ");
  if (certificateBytes.length > 0) return `not visible, ${certificateBytes.join(" or ")} bytes`;
  return versions.length > 0 ? "not visible" : "";
}
