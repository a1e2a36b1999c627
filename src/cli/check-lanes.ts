import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";
import { parentPort, Worker, workerData } from "node:worker_threads";
import type { CheckArguments } from "./check-arguments.ts";
import { judgeCase, type CaseResult } from "./check-case.ts";
import type { CheckCase } from "./check-cases.ts";
import { ExitCode, UsageError } from "./errors.ts";
import { boundYoungGeneration } from "./long-run.ts";

/*
 * Two threads take cases from one list: this one, and a lane beside it where there are enough of them. Which thread
 * judges which case makes no difference to any result.
 */

/** What a lane is given. */
interface Lane {
  readonly cases: readonly CheckCase[];
  readonly given: CheckArguments;
  readonly today: string;
  /** One number that all threads share: the next case that nobody has taken. */
  readonly next: SharedArrayBuffer;
}

/** A case by its place in the list, judged. */
interface Judged {
  readonly at: number;
  readonly result: CaseResult;
}

/** Judges all cases. Shape: results in the order of the cases. */
export async function judgeCases(
  cases: readonly CheckCase[],
  given: CheckArguments,
  today: string,
): Promise<CaseResult[]> {
  const lane: Lane = { cases, given, today, next: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT) };
  const results: CaseResult[] = [];
  const watchHeap = boundYoungGeneration();
  const keep = ({ at, result }: Judged): void => {
    watchHeap();
    results[at] = result;
  };
  const program = process.argv.at(1);
  const second = cases.length >= worthALane && availableParallelism() > 1 && program !== undefined;
  await Promise.all([judgeNext(lane, keep), ...(second ? [openLane(program, lane, keep)] : [])]);
  return results;
}

/** A thread and its copy of the program start in the time of about so many cases. */
const worthALane = 16;

async function judgeNext({ cases, given, today, next }: Lane, tell: (judged: Judged) => void): Promise<void> {
  const taken = new Int32Array(next);
  for (let at = Atomics.add(taken, 0, 1); at < cases.length; at = Atomics.add(taken, 0, 1)) {
    tell({ at, result: await judgeCase(cases[at], given, today) });
  }
}

function openLane(program: string, lane: Lane, keep: (judged: Judged) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, {
      argv: ["check-lane"],
      workerData: lane,
      resourceLimits: { maxYoungGenerationSizeMb: 6 },
    });
    worker.on("message", keep);
    worker.on("error", reject);
    worker.on("exit", () => resolve());
  });
}

/**
 * V8's flag, for the whole process: a function has to run four times as long before it is optimized. Both threads
 * optimize for themselves, which takes a quarter of all processor time, mostly for functions that a hundred captures
 * hardly need. Set when the lane has loaded, since code that V8 kept counts only under the flags it was made with.
 */
const patience = "--interrupt-budget=270000";

/** The other end: what the program does in such a thread. Throws: UsageError where it is in none. */
export async function judgeInLane(): Promise<ExitCode> {
  const port = parentPort;
  if (port === null) throw new UsageError("check-lane is no command", "did you mean check?");
  setFlagsFromString(patience);
  await judgeNext(workerData as Lane, (judged) => port.postMessage(judged));
  return ExitCode.Done;
}
