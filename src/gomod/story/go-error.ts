import type { StoryChecksum, StoryStep } from "../../flow/story.ts";
import type { Ask } from "./ask.ts";
import type { PlaceFailure } from "./places.ts";

/** A module as Go names it in errors. */
interface Named {
  readonly module: string;
  readonly version?: string | undefined;
}

/**
 * What Go prints when no step served: of several errors that of `direct`, else the last that was no 404 or 410, else the
 * last. Undefined where the words cannot be told.
 *
 * Spec: cmd/go/internal/modfetch, TryProxies; cmd/go/internal/web, HTTPError.
 */
export function walkError(
  named: Named,
  steps: readonly StoryStep[],
  askOf: (step: StoryStep) => Ask | undefined,
  failureOf: (step: StoryStep) => PlaceFailure | undefined,
): string | undefined {
  if (steps.some(({ outcome }) => outcome === "served")) return undefined;
  const tried = steps.filter(({ entry }) => entry !== "off");
  const worst =
    tried.find(({ entry }) => entry === "direct") ??
    tried.findLast(({ outcome }) => outcome !== "not-found") ??
    tried.at(-1);
  if (worst === undefined || worst.outcome === "unknown" || worst.entry === "direct") return undefined;
  const ask = askOf(worst);
  /* What the wire shows of a missing answer is told in our words, not in Go's; the log has Go's. */
  const isGos = ask !== undefined && (ask.status !== undefined || ask.frame === undefined);
  if (isGos) return `${subject(named)}: ${requestError(ask)}`;
  const words = failureOf(worst)?.goText;
  return words === undefined ? undefined : `${subject(named)}: Get "${worst.entry}/…": ${words}`;
}

/** What Go prints when the checksum database did not vouch for a module. */
export function checksumError(named: Named, lookup: Ask): string | undefined {
  if (lookup.status === 200 || lookup.answer === "no answer") return undefined;
  return `${subject(named)}: verifying module: ${subject(named)}: ${requestError(lookup)}`;
}

/** What Go prints when no lookup came through; undefined where its words cannot be told. */
export function unreachedError(
  named: Named,
  { servedBy }: Pick<StoryChecksum, "servedBy">,
  failure: PlaceFailure | undefined,
): string | undefined {
  if (failure?.goText === undefined || named.version === undefined) return undefined;
  const escaped = subject(named).replace(/[A-Z]/g, (capital) => `!${capital.toLowerCase()}`);
  const url = `https://${servedBy.replace(/:443$/, "")}/lookup/${escaped}`;
  return `${subject(named)}: verifying module: ${subject(named)}: Get "${url}": ${failure.goText}`;
}

function requestError({ status, url, answer }: Ask): string {
  return status === undefined ? `Get "${url}": ${answer}` : `reading ${url}: ${answer}`;
}

function subject({ module, version }: Named): string {
  return version === undefined ? `module ${module}` : `${module}@${version}`;
}
