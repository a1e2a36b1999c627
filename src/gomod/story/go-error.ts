import type { StoryStep } from "../../flow/story.ts";
import { toolchainModule } from "../requests.ts";
import type { Ask } from "./ask.ts";
import type { DatabaseLoss } from "./database-loss.ts";
import type { PlaceFailure } from "./places.ts";

/** A module as Go names it in errors. */
export interface Named {
  readonly module: string;
  readonly version?: string | undefined;
}

/**
 * Of the steps of a walk that served nothing the one whose error Go prints: that of `direct`, else the last that was no
 * 404 or 410, else the last; `off` counts among those. Undefined where some step served, or hides what came of it.
 *
 * Spec: cmd/go/internal/modfetch, TryProxies.
 */
export function decisiveStep(steps: readonly StoryStep[]): StoryStep | undefined {
  const last = steps.at(-1);
  if (last?.outcome === "unknown" || steps.some(({ outcome }) => outcome === "served")) return undefined;
  return (
    steps.find(({ entry }) => entry === "direct") ??
    steps.findLast(({ entry, outcome }) => (outcome === "refused" || outcome === "failed") && entry !== "off") ??
    last
  );
}

/**
 * What Go prints about that step. `answer` is what it prints of the answer there, `failure` why no request came through.
 * Undefined where the words cannot be told.
 */
export function stepError(
  named: Named,
  step: StoryStep,
  answer: string | undefined,
  failure: PlaceFailure | undefined,
): string | undefined {
  if (step.entry === "off") return `${subject(named)}: ${step.answer}`;
  const toolchain = toolchainOf(named);
  /* A path of which no page tells where its code lives does not exist for Go. */
  if (toolchain !== undefined && (step.outcome === "not-found" || step.entry === "direct")) {
    return `download ${toolchain.name} for ${toolchain.platform}: toolchain not available`;
  }
  if (answer !== undefined)
    return `${toolchain === undefined ? "" : `download ${toolchain.name}: `}${subject(named)}: ${answer}`;
  const words = failure?.goText;
  return words === undefined ? undefined : `${subject(named)}: Get "${step.entry}/…": ${words}`;
}

/* Spec: cmd/go/internal/toolchain, Exec. */
function toolchainOf({ module, version = "" }: Named): { name: string; platform: string } | undefined {
  const [, name, system, machine] = /^v0\.0\.1-(go.+)\.([^.-]+)-([^.-]+)$/.exec(version) ?? [];
  return module === toolchainModule && name !== undefined ? { name, platform: `${system}/${machine}` } : undefined;
}

/** What Go prints of a version that no proxy has and the repository does not list. */
export function unlistedError(named: Named): string {
  return `${subject(named)}: invalid version: unknown revision ${named.version ?? ""}`;
}

/** What Go prints when the checksum database did not vouch for a module. */
export function lookupError(named: Named, lookup: Ask): string | undefined {
  const own = lookup.status === 200 || lookup.open === true ? undefined : requestError(lookup);
  return own && `${verifying(named)}: ${own}`;
}

/** The beginning of what Go prints when a lookup is signed by a key that it does not know; the note itself follows. */
export function noteError(named: Named): string {
  return `${verifying(named)}: reading tree note: note has no verifiable signatures`;
}

/** What Go prints when no lookup came through; undefined where its words cannot be told. */
export function unreachedError(named: Named, loss: DatabaseLoss): string | undefined {
  const { entry, goText, printed } = loss;
  if (named.version === undefined) return undefined;
  const escaped = subject(named).replace(/[A-Z]/g, (capital) => `!${capital.toLowerCase()}`);
  const words = printed ?? (goText && `Get "https://${entry.replace(/:443$/, "")}/lookup/${escaped}": ${goText}`);
  return words && `${verifying(named)}: ${words}`;
}

function verifying(named: Named): string {
  return `${subject(named)}: verifying module: ${subject(named)}`;
}

/**
 * What Go prints of a request that was not answered well; undefined where its words cannot be told.
 *
 * Spec: cmd/go/internal/web, HTTPError.
 */
export function requestError({ go, status, url, answer, detail, printed, unusable }: Ask): string | undefined {
  if (go.kind === "discovery" && unusable === true) return `parse ${url}: ${detail ?? ""}`;
  if (printed !== undefined || status === undefined || unusable === true) return printed;
  /* Go writes it on lines of its own. */
  const response = detail === undefined ? "" : ` server response: ${detail.replaceAll("\n", " ")}`;
  return `reading ${url}: ${answer}${response}`;
}

function subject({ module, version }: Named): string {
  return version === undefined ? `module ${module}` : `${module}@${version}`;
}
