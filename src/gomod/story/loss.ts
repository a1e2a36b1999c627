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
  unreachedError,
  type Named,
} from "./go-error.ts";
import type { OriginBook, Unreached } from "./origins.ts";
import type { PlaceFailure } from "./places.ts";
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
  /** The key of GOSUMDB signed what the lookup gave, as far as can be told. */
  readonly isTrusted: boolean;
  /** How connections to the entry of a step failed, where no request came through. */
  failureOf(step: StoryStep): PlaceFailure | undefined;
}

/** How a file was lost: the step of the walk for it at which Go gave up. Undefined where it was not. */
export function walkLoss({ files, steps }: StoryWalk, ground: LossGround): Loss | undefined {
  const { named, redirects, client, origins, unreached } = ground;
  const step = lossStep(steps, named);
  if (step === undefined) return undefined;
  const isDirect = step.entry === "direct";
  const ask = isDirect ? undefined : askOf(step, files, redirects);
  const printed = isDirect ? origins.pageError(client, named.module, unreached) : ask && requestError(ask);
  /* Where off ends the list, the answers before it led there. */
  const shown = step.frame === undefined ? steps.findLast(({ frame }) => frame !== undefined) : step;
  const { entry, answer, grade } = step;
  /* Behind the last 404 that is seen a list that nobody gave may go on, with an error of its own. */
  const mayGoOn = !isDirect && step.outcome === "not-found" && !ground.isListKnown;
  return {
    failure: {
      wanted: isDirect ? "code" : (files.at(-1) ?? "code"),
      entry,
      answer,
      ...present({ status: shown?.status, flow: shown?.flow, frame: shown?.frame }),
      grade,
    },
    ...present({ goError: mayGoOn ? undefined : stepError(named, step, printed, ground.failureOf(step)) }),
  };
}

/* Behind a proxy that does not have a toolchain Go says the same of it whatever becomes of direct. */
function lossStep(steps: readonly StoryStep[], { module }: Named): StoryStep | undefined {
  const decisive = decisiveStep(steps);
  if (module !== toolchainModule || decisive?.entry !== "direct") return decisive;
  return steps.find(({ outcome }) => outcome === "not-found") ?? decisive;
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
