import { hostPort } from "../bytes/text.ts";
import { compareObservations } from "../compare/comparison.ts";
import type { Difference } from "../compare/difference.ts";
import { observe } from "../compare/observe.ts";
import { observationOf } from "../compare/snapshot.ts";
import type { Flow } from "../flow/model.ts";
import { limits } from "../limits.ts";
import { emptiness, isCounted, targetsOf } from "./flow-rule.ts";
import { hiddenFlows } from "./hidden.ts";
import type { Examination, Plan, RuleContext, Verdict } from "./rule.ts";
import { flowThing, Tally, type Thing } from "./tally.ts";

/** The capture means what a stored snapshot says. */
export function snapshot(path: string): Plan {
  return {
    expectation: `the same as ${path}`,
    judgesPaths: true,
    snapshot: path,
    begin: (context) => new SnapshotExamination(path, context),
  };
}

/** Flows by target, to show where a difference is: the first of each. */
class SnapshotExamination implements Examination {
  readonly #path: string;
  readonly #context: RuleContext;
  readonly #things = new Map<string, Thing>();

  constructor(path: string, context: RuleContext) {
    this.#path = path;
    this.#context = context;
  }

  see(flow: Flow): void {
    if (!isCounted(flow, this.#context.options) || this.#things.size >= limits.comparedTargets) return;
    for (const { host, port } of targetsOf(flow)) {
      const target = hostPort(host.toLowerCase(), port);
      if (!this.#things.has(target)) this.#things.set(target, { ...flowThing(flow), kind: "", name: "" });
    }
  }

  conclude(): Verdict {
    const { analysis, options, snapshot: stored } = this.#context;
    const path = this.#path;
    const tally = new Tally(options);
    const before = stored(path);
    if (before === undefined || before === "unreadable") {
      const nothing = before === undefined ? `there is no snapshot ${path} yet` : `${path} cannot be read`;
      const verdict = new Tally({ ...options, allowEmpty: false }).conclude(
        { holds: () => "", nothing, remedy: "" },
        undefined,
        "",
      );
      return { ...verdict, remedy: "write it with gomodcap check --update, and read it before you store it" };
    }
    const { differences } = compareObservations(observationOf(path, before), observe("the capture", analysis));
    for (const each of differences) this.#note(each, tally);
    const empty = before.targets.length === 0 && !options.allowEmpty;
    const wording = {
      holds: () => `the capture means what ${path} says`,
      nothing: `${path} has no targets, and the capture neither`,
      remedy: "if the change is wanted, store it: gomodcap check --update; else gomodcap compare shows it in full",
    };
    if (!empty) tally.add(alike, { answer: "holds", grade: "seen", because: `means what ${path} says` });
    const alikeInPart = before.damaged || before.partOfRun;
    return tally.conclude(wording, alikeInPart ? undefined : hiddenFlows(analysis), emptiness(this.#context));
  }

  #note({ weight, target, text, grade }: Difference, tally: Tally): void {
    if (weight === "note") return;
    const because = text.replace(/\.$/, "");
    const thing = this.#things.get(target) ?? { kind: "", name: "", flows: [], frames: [] };
    if (weight === "difference") tally.add(thing, { answer: "broken", grade, because });
    else tally.add(thing, { answer: "cannot-tell", grade: "unknown", because });
  }
}

const alike: Thing = { kind: "the capture", name: "", flows: [], frames: [] };
