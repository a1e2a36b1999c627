import type { StoryChecksum, StoryFailure, StoryStep, StoryWalk } from "../../flow/story.ts";
import { present } from "../present.ts";
import { toolchainModule } from "../requests.ts";
import type { Ask } from "./ask.ts";
import type { DatabaseLoss } from "./database-loss.ts";
import {
  decisiveStep,
  lookupError,
  noteError,
  requestError,
  stepError,
  unlistedError,
  unreachedError,
  type Named,
} from "./go-error.ts";
import type { OriginBook } from "./origins.ts";
import type { PlaceFailure, Unreached } from "./places.ts";
import type { Redirects } from "./redirects.ts";

/** Why Go did not get a module, and what it prints. */
export interface Loss {
  readonly failure?: StoryFailure;
  readonly goError?: string;
}

/** What losses are judged by. */
export interface LossGround {
  readonly named: Named;
  readonly client: string;
  /** GOPROXY was given. */
  readonly isListKnown: boolean;
  readonly redirects: Redirects;
  readonly origins: OriginBook;
  readonly unreached: Unreached;
  readonly databaseLoss: DatabaseLoss | undefined;
  /** git listed the versions at the origin, and with that all ended. */
  readonly listedLast: boolean;
  /** Go took the key that signed what the lookup gave, as far as can be told. */
  readonly isTrusted: boolean;
  /** How connections to the entry of a step failed, where no request came through. */
  failureOf(step: StoryStep): PlaceFailure | undefined;
}

/** How a file was lost: the step of the walk for it at which Go gave up. Undefined where it was not. */
export function walkLoss({ files, steps }: StoryWalk, ground: LossGround): Loss | undefined {
  const unlisted = unlistedStep(files, steps, ground);
  const step = unlisted ?? lossStep(steps, ground.named);
  if (step === undefined) return undefined;
  /* Where off ends the list, the answers before it led there. */
  const shown = step.frame === undefined ? steps.findLast(({ frame }) => frame !== undefined) : step;
  const { entry, answer, grade } = step;
  const goError = unlisted === undefined ? printedError(step, files, ground) : unlistedError(ground.named);
  return {
    failure: {
      wanted: entry === "direct" ? "code" : (files.at(-1) ?? "code"),
      entry,
      answer,
      ...present({ status: shown?.status, flow: shown?.flow, frame: shown?.frame }),
      grade,
    },
    ...present({ goError }),
  };
}

/* The version that no proxy has is not among those of the repository either: had it been, git would have fetched it. */
function unlistedStep(
  files: readonly string[],
  steps: readonly StoryStep[],
  { listedLast }: LossGround,
): StoryStep | undefined {
  if (!listedLast || !files.includes("info") || steps.at(-1)?.entry !== "direct") return undefined;
  return steps.findLast(isNotFound);
}

function printedError(step: StoryStep, files: readonly string[], ground: LossGround): string | undefined {
  const { named, redirects, client, origins, unreached } = ground;
  const isDirect = step.entry === "direct";
  /* Behind the last 404 that is seen a list that nobody gave may go on, with an error of its own. */
  if (!isDirect && isNotFound(step) && !ground.isListKnown) return undefined;
  const ask = isDirect ? undefined : askOf(step, files, redirects);
  const printed = isDirect ? origins.pageError(client, named.module, unreached) : ask && requestError(ask);
  return stepError(named, step, printed, ground.failureOf(step));
}

/* Behind a proxy that does not have a toolchain Go says the same of it whatever becomes of direct. */
function lossStep(steps: readonly StoryStep[], { module }: Named): StoryStep | undefined {
  const decisive = decisiveStep(steps);
  if (module !== toolchainModule || decisive?.entry !== "direct") return decisive;
  return steps.find(isNotFound) ?? decisive;
}

function isNotFound({ outcome }: StoryStep): boolean {
  return outcome === "not-found";
}

function askOf({ entry }: StoryStep, files: readonly string[], redirects: Redirects): Ask | undefined {
  const ask = redirects.asks.findLast(
    ({ go, url }) => files.includes(go.kind) && (go.entry === entry || url.startsWith(`${entry}/`)),
  );
  return ask && redirects.answered(ask);
}

/** How a checksum was lost. Undefined where it came, or where nobody can tell. */
export function checksumLoss(
  checksum: StoryChecksum | undefined,
  lookup: Ask | undefined,
  { named, databaseLoss, isTrusted }: LossGround,
): Loss | undefined {
  if (checksum === undefined || lookup?.open === true || (checksum.status === 200 && isTrusted)) return undefined;
  const { servedBy, failure, status, flow, frame, grade } = checksum;
  const goError =
    lookup === undefined
      ? databaseLoss && unreachedError(named, databaseLoss)
      : isTrusted
        ? lookupError(named, lookup)
        : noteError(named);
  return {
    failure: {
      wanted: "checksum",
      entry: servedBy,
      answer: isTrusted ? (failure ?? lookup?.answer ?? databaseLoss?.answer ?? "") : unverifiable,
      ...present({ status, flow, frame }),
      grade,
    },
    ...present({ goError }),
  };
}

const unverifiable = "the note is signed by another key than that of GOSUMDB";
