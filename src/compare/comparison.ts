import type { Analysis } from "../flow/model.ts";
import { compare } from "./compare.ts";
import type { Difference } from "./difference.ts";
import type { Observation } from "./meaning.ts";
import { observe } from "./observe.ts";
import { explainSettings } from "./settings.ts";
import { sideBySide, type ComparedTarget } from "./side-by-side.ts";
import { tool } from "../version.ts";

/** Two captures set side by side. */
export interface Comparison {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  /** No difference but notes, and what cannot be compared. */
  readonly equal: boolean;
  /** Worst first. */
  readonly differences: readonly Difference[];
  /** What the differences mean for the Go settings, and what they do not prove. */
  readonly settings: readonly string[];
  readonly targets: readonly ComparedTarget[];
}

/** One of two captures that are compared, or a stored snapshot. */
export interface ComparedSide {
  readonly name: string;
  readonly targets: number;
  /** What the capture hides, and why. */
  readonly blind: readonly string[];
  readonly damaged: boolean;
}

/** A side of a comparison with the name that the user knows it by. */
export interface NamedAnalysis {
  readonly name: string;
  readonly analysis: Analysis;
}

/** Compares what two captures mean. Pure. */
export function compareAnalyses(before: NamedAnalysis, after: NamedAnalysis): Comparison {
  return compareObservations(observe(before.name, before.analysis), observe(after.name, after.analysis));
}

/** Compares two sides, each a capture or a snapshot. Pure. */
export function compareObservations(was: Observation, is: Observation): Comparison {
  const differences = compare(was, is);
  return {
    schemaVersion: 1,
    tool,
    before: side(was),
    after: side(is),
    equal: differences.every(({ weight }) => weight !== "difference"),
    differences,
    settings: explainSettings(was, is),
    targets: sideBySide(was, is),
  };
}

function side({ name, targets, blind, damaged }: Observation): ComparedSide {
  return { name, targets: targets.size, blind, damaged };
}
