import { grades, type Grade } from "../grade.ts";

/**
 * Kinds of differences, worst first; reports list them in this order. Those of `notes` are told and change nothing.
 */
export const differenceKinds = [
  "target-appeared",
  "target-vanished",
  "route",
  "proxy",
  "label",
  "sumdb",
  "role",
  "refusal",
  "verdict",
  "path",
  "chain",
  "issuer",
  "certificate-size",
  "tls-version",
  "protocol",
  "client",
  "requests",
  "stage",
  "slower",
  "certificate-renewed",
  "certificate-key",
  "intermediate",
  "not-comparable",
] as const;

/** One of `differenceKinds`, the worst first. */
export type DifferenceKind = (typeof differenceKinds)[number];

const notes: ReadonlySet<DifferenceKind> = new Set(["certificate-renewed", "certificate-key", "intermediate"]);

/** Something that two captures do not have in common. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** `difference` breaks equality; a `note` does not, and neither does what one side could not see. */
  readonly weight: "difference" | "note" | "not-comparable";
  /** `host:port`. Untrusted, like all text of the wire that is quoted. */
  readonly target: string;
  /** What each side shows, in a few words; absent where it has nothing to show. */
  readonly before?: string;
  readonly after?: string;
  /** The weaker grade of the two sides. */
  readonly grade: Grade;
  /** The target at which one of the two runs failed, where this may be a consequence. */
  readonly follows?: string;
  /** One or more sentences. */
  readonly text: string;
}

/** A difference with the weight of its kind. */
export function difference(told: Omit<Difference, "weight">): Difference {
  const weight = told.kind === "not-comparable" ? "not-comparable" : notes.has(told.kind) ? "note" : "difference";
  return { ...told, weight };
}

/** The less certain of two grades. */
export function weaker(a: Grade, b: Grade): Grade {
  return grades.indexOf(a) >= grades.indexOf(b) ? a : b;
}
