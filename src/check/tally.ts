import { counted } from "../bytes/text.ts";
import { weaker } from "../compare/difference.ts";
import { framesFilter } from "../finding/filter.ts";
import { list } from "../finding/wording.ts";
import type { Flow } from "../flow/model.ts";
import type { Grade } from "../grade.ts";
import { limits } from "../limits.ts";
import type { Answer } from "./report.ts";
import type { RuleOptions, Verdict, Word } from "./rule.ts";

/** Something that a rule looks at: `flow 3`. */
export interface Thing {
  readonly kind: string;
  readonly name: string;
  /** Flows that it is of. */
  readonly flows: readonly number[];
  readonly frames: readonly number[];
}

/** A flow as such a thing; its ends show it where nothing closer does. */
export function flowThing({ id, frames }: Flow): Thing {
  return { kind: "flow", name: String(id), flows: [id], frames: [frames.first, frames.last] };
}

/** How a rule words its verdict. */
export interface Wording {
  /** What holds, of so many things: `4 flows, all through a proxy`. */
  readonly holds: (count: number) => string;
  /** What there was nothing of: `there is no flow to the checksum database`. */
  readonly nothing: string;
  /** What to do where it is broken. */
  readonly remedy: string;
}

/**
 * What things say to a rule, put together: one that breaks it is enough, one that cannot tell leaves it open, and where
 * nothing was looked at, nothing is known.
 */
export class Tally {
  readonly #options: RuleOptions;
  readonly #gathered = { holds: new Gathered(), broken: new Gathered(), "cannot-tell": new Gathered() };

  constructor(options: RuleOptions) {
    this.#options = options;
  }

  /** Takes what a thing says. What is only inferred says nothing unless the policy lets it. */
  add(thing: Thing, word: Word): void {
    const settled = counting(word, this.#options);
    this.#gathered[settled.answer].add(thing, settled);
  }

  /** `hidden` says what of the capture is missing that could break the rule; `why` there is nothing to look at. */
  conclude(wording: Wording, hidden: string | undefined, why: string): Verdict {
    const { broken, holds, "cannot-tell": open } = this.#gathered;
    if (broken.count > 0) return broken.verdict("broken", broken.message, wording.remedy);
    if (open.count > 0) return open.verdict("cannot-tell", open.message, open.remedy);
    if (hidden !== undefined) return holds.verdict("cannot-tell", hidden, remedies.hidden);
    if (holds.count > 0 || this.#options.allowEmpty) return holds.verdict("holds", wording.holds(holds.count));
    return holds.verdict("cannot-tell", `${wording.nothing}${why}`, remedies.nothing);
  }
}

/** A word as far as it counts: what is inferred tells nothing unless the policy lets it. */
export function counting(word: Word, { inferred }: RuleOptions): Word {
  if (inferred || word.answer === "cannot-tell" || (word.grade !== "inferred" && word.grade !== "unknown")) return word;
  return { ...word, answer: "cannot-tell", because: `${word.because} ${inferredOnly}` };
}

const inferredOnly = "(only inferred)";

/** What to do about a doubt. */
export const remedies = {
  hidden: "capture the run again, whole; or accept the doubt with unknown: allow",
  nothing: "check that the capture is of the right run and interface; or accept it with allowEmpty: true",
  inferred:
    "count what is inferred with inferred: allow, or give keys (keylog:), settings (env:) or certificates (intermediates:)",
  open:
    "give keys (keylog:), settings (env:) or certificates (trust:, intermediates:), so that it shows; or accept the doubt " +
    "with unknown: allow",
  foreignKeys: "give the keys of this capture (keylog:): those given are of another run, and open no flow",
} as const;

/**
 * Things that say the same to a rule.
 *
 * Invariants: the first things and their frames are kept, all are counted.
 */
export class Gathered {
  count = 0;
  readonly #flows = new Set<number>();
  readonly #frames = new Set<number>();
  /** Names of things by their kind and what they say. */
  readonly #reasons = new Map<
    string,
    { readonly thing: Thing; readonly because: string; readonly names: Set<string> }
  >();
  #grade: Grade = "seen";
  #inferred = true;

  add(thing: Thing, { grade, because, frames = thing.frames }: Word): void {
    this.count++;
    this.#grade = weaker(this.#grade, grade);
    this.#inferred &&= because.endsWith(inferredOnly);
    for (const flow of thing.flows) if (this.#flows.size < limits.findingFlows) this.#flows.add(flow);
    for (const frame of frames) if (this.#frames.size < limits.findingFrames) this.#frames.add(frame);
    const key = `${thing.kind} ${because}`;
    const known = this.#reasons.get(key);
    if (known !== undefined) {
      if (known.names.size < limits.findingFlows) known.names.add(thing.name);
    } else if (this.#reasons.size < limits.findingFlows) {
      this.#reasons.set(key, { thing, because, names: new Set([thing.name]) });
    }
  }

  /** What to do where these leave a rule open. */
  get remedy(): string {
    return this.#inferred ? remedies.inferred : remedies.open;
  }

  /** `flows 3 and 5 went direct to sum.golang.org; and 2 more cases`. */
  get message(): string {
    const [first = "", ...others] = this.#sentences;
    return others.length === 0 ? first : `${first}; and ${counted(others.length, "more case")}`;
  }

  verdict(answer: Answer, message: string, remedy?: string): Verdict {
    const frames = [...this.#frames].sort((a, b) => a - b);
    const sentences = this.#sentences
      .slice(0, sentencesTold)
      .map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
    return {
      answer,
      grade: answer === "cannot-tell" ? "unknown" : this.#grade,
      message,
      reason: sentences.join(" "),
      ...(remedy !== undefined && { remedy }),
      evidence: { flows: [...this.#flows], frames, filter: framesFilter(frames) },
    };
  }

  /** What is certain comes first. */
  get #sentences(): string[] {
    const reasons = [...this.#reasons.values()];
    const weight = ({ because }: { readonly because: string }): number => Number(because.endsWith(inferredOnly));
    return reasons
      .sort((a, b) => weight(a) - weight(b))
      .map(({ thing: { kind }, because, names }) => {
        const subject = names.size === 1 ? kind : `${kind}s`;
        return [subject, list([...names]), because].filter((part) => part !== "").join(" ");
      });
  }
}

const sentencesTold = 5;
