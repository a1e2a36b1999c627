import type { StoryStep } from "../../flow/story.ts";
import { present } from "../present.ts";
import type { Ask } from "./ask.ts";
import type { DatabaseLoss } from "./databases.ts";
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
 * What Go prints about that step. `ask` is the request that it answered, `failure` why none came through. Undefined
 * where the words cannot be told.
 *
 * Spec: cmd/go/internal/web, HTTPError.
 */
export function stepError(
  named: Named,
  step: StoryStep,
  ask: Ask | undefined,
  failure: PlaceFailure | undefined,
): string | undefined {
  if (step.entry === "off") return `${subject(named)}: ${step.answer}`;
  /* What the wire shows of a missing answer is told in our words, not in Go's; the log has Go's. */
  const isGos = ask !== undefined && (ask.status !== undefined || ask.frame === undefined);
  if (isGos) return `${subject(named)}: ${pageNote(ask)}${requestError(ask)}`;
  const words = failure?.goText;
  return words === undefined ? undefined : `${subject(named)}: Get "${step.entry}/…": ${words}`;
}

/* Spec: cmd/go/internal/vcs, RepoRootForImportPath. */
function pageNote({ go }: Ask): string {
  return go.kind === "discovery" ? `unrecognized import path ${JSON.stringify(go.module ?? "")}: ` : "";
}

/** What Go prints when the checksum database did not vouch for a module. */
export function lookupError(named: Named, lookup: Ask): string | undefined {
  if (lookup.status === 200 || lookup.open === true || lookup.answer === "no answer") return undefined;
  return `${verifying(named)}: ${requestError(lookup)}`;
}

/** The beginning of what Go prints when a lookup is signed by a key that it does not know; the note itself follows. */
export function noteError(named: Named): string {
  return `${verifying(named)}: reading tree note: note has no verifiable signatures`;
}

/** What Go prints when no lookup came through; undefined where its words cannot be told. */
export function unreachedError(named: Named, loss: DatabaseLoss): string | undefined {
  const { entry, status, url, goText, detail } = loss;
  if (goText === undefined || named.version === undefined) return undefined;
  if (url !== undefined)
    return `${verifying(named)}: ${requestError({ url, answer: goText, ...present({ status, detail }) })}`;
  const escaped = subject(named).replace(/[A-Z]/g, (capital) => `!${capital.toLowerCase()}`);
  const own = `https://${entry.replace(/:443$/, "")}/lookup/${escaped}`;
  return `${verifying(named)}: ${requestError({ url: own, answer: goText })}`;
}

function verifying(named: Named): string {
  return `${subject(named)}: verifying module: ${subject(named)}`;
}

function requestError({ status, url, answer, detail }: Pick<Ask, "status" | "url" | "answer" | "detail">): string {
  if (status === undefined) return `Get "${url}": ${answer}`;
  /* Go writes it on lines of its own. */
  const response = detail === undefined ? "" : ` server response: ${detail.replaceAll("\n", " ")}`;
  return `reading ${url}: ${answer}${response}`;
}

function subject({ module, version }: Named): string {
  return version === undefined ? `module ${module}` : `${module}@${version}`;
}
