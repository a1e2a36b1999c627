import { dirname, isAbsolute, join } from "node:path";
import { analyze } from "../analyze.ts";
import { checkPolicy } from "../check/check.ts";
import { damageText } from "../check/hidden.ts";
import { parsePolicy, type Policy } from "../check/policy.ts";
import type { CheckedCapture } from "../check/report.ts";
import type { StoredSnapshot } from "../check/rule.ts";
import { looksLikeSnapshot, snapshotOf } from "../compare/snapshot.ts";
import type { Analysis } from "../flow/model.ts";
import { TrustAnchors } from "../pki/anchors.ts";
import { renderSnapshot } from "../report/snapshot-yaml.ts";
import type { TextMistake } from "../yaml/mistake.ts";
import { judgingOptions } from "./analyze-command.ts";
import type { CheckArguments } from "./check-arguments.ts";
import { capturesIn, type CheckCase } from "./check-cases.ts";
import { InputError, UsageError } from "./errors.ts";
import { folderNames, readConfiguration, withPath } from "./configuration-files.ts";
import { exists, statAt, textAt } from "./files.ts";
import { nodesAnchors } from "./roots.ts";
import { readSnapshot, storedText } from "./snapshot-files.ts";
import { findCaptures } from "./sources.ts";

/** What became of one case. Plain data: it may have been judged in another thread. */
export interface CaseResult {
  readonly captures: readonly CheckedCapture[];
  /** Of the policy and the snapshots it names, by file. */
  readonly mistakes: readonly { readonly file: string; readonly mistake: TextMistake }[];
  /** Snapshots that are to be written. */
  readonly updates: readonly SnapshotUpdate[];
  /** Paths were judged by the trust anchors of this Node: the policy names none. */
  readonly byNodesAnchors: boolean;
}

export interface SnapshotUpdate {
  readonly path: string;
  /** Absent where there was none. */
  readonly before?: string;
  readonly after: string;
}

/** Holds the captures of a case against its policy. Never rejects for what is in its files. */
export async function judgeCase(each: CheckCase, given: CheckArguments, today: string): Promise<CaseResult> {
  const judging = new Judging(each, given, today);
  try {
    const policy = judging.readPolicy();
    if (policy !== undefined) await judging.judgeAll(policy);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    judging.fail(each.capture ?? each.folder, error);
  }
  return judging;
}

/** Invariants: nothing is written; a snapshot that is to be updated counts as stored from then on. */
class Judging implements CaseResult {
  readonly captures: CheckedCapture[] = [];
  readonly mistakes: { file: string; mistake: TextMistake }[] = [];
  readonly updates: SnapshotUpdate[] = [];
  byNodesAnchors = false;
  readonly #case: CheckCase;
  readonly #given: CheckArguments;
  readonly #today: string;
  readonly #snapshots = new Map<string, StoredSnapshot>();

  constructor(each: CheckCase, given: CheckArguments, today: string) {
    this.#case = each;
    this.#given = given;
    this.#today = today;
  }

  readPolicy(): Policy | undefined {
    const file = this.#case.policy;
    const { value, mistakes = [] } = policyOf(textAt(file));
    this.mistakes.push(...mistakes.map((mistake) => ({ file, mistake })));
    return value;
  }

  /** The captures that the case, the policy or the folder names. */
  async judgeAll(policy: Policy): Promise<void> {
    const { capture, folder, policy: file } = this.#case;
    if (capture !== undefined) return this.#judge(capture, [capture], policy);
    if (policy.capture !== undefined) return this.#judge(folder, policy.capture.map(beside(file)), policy);
    const found = capturesIn(folder);
    for (const each of found) await this.#judge(found.length === 1 ? folder : each, [each], policy);
  }

  fail(name: string, error: InputError): void {
    const { policy } = this.#case;
    const failure = error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
    this.captures.push({ name, files: [], policy, passed: false, failure, results: [] });
  }

  async #judge(name: string, files: readonly string[], policy: Policy): Promise<void> {
    try {
      const { analysis, anchors } = await this.#analyze(files, policy);
      for (const { plan } of policy.rules) {
        if (plan.snapshot !== undefined) await this.#readSnapshot(plan.snapshot, analysis);
      }
      const results = checkPolicy(analysis, policy, {
        file: this.#case.policy,
        today: this.#today,
        snapshot: (path) => this.#snapshots.get(path),
      });
      this.byNodesAnchors ||= policy.rules.some(({ plan }) => plan.judgesPaths) && isOfNode(anchors, policy);
      const failure = damageText(analysis.capture);
      const passed = failure === undefined && results.every((result) => result.passed);
      const damage = failure !== undefined && { failure };
      this.captures.push({ name, files, policy: this.#case.policy, passed, ...damage, results });
    } catch (error) {
      if (error instanceof InputError) this.fail(name, error);
      else if (error instanceof UsageError) this.fail(name, new InputError(error.message, error.hint));
      else throw error;
    }
  }

  async #analyze(files: readonly string[], policy: Policy): Promise<{ analysis: Analysis; anchors: TrustAnchors }> {
    const { inputs, errors } = await findCaptures(files, () => undefined);
    if (errors.length > 0) throw errors[0];
    const options = await optionsBeside(this.#case, policy, this.#given);
    const analysis = await analyze(inputs, options);
    const failed = inputs.find(({ failure }) => failure !== undefined);
    if (failed !== undefined) throw new InputError(`${failed.name}: ${failed.failure}`);
    return { analysis, anchors: options.anchors };
  }

  async #readSnapshot(path: string, analysis: Analysis): Promise<void> {
    if (this.#snapshots.has(path)) return;
    const file = join(this.#case.folder, path);
    const before = storedText(file);
    if (this.#given.update) {
      if (before !== undefined && !looksLikeSnapshot(before)) {
        throw new InputError(`${file} is no snapshot, and is not written over`, "name another file in the policy");
      }
      const snapshot = snapshotOf(analysis);
      const after = renderSnapshot(snapshot);
      if (after !== before) this.updates.push({ path: file, ...(before !== undefined && { before }), after });
      this.#snapshots.set(path, snapshot);
    } else if (before !== undefined) {
      const { value, mistakes = [] } = await readSnapshot(before);
      this.mistakes.push(...mistakes.map((mistake) => ({ file, mistake })));
      this.#snapshots.set(path, value ?? "unreadable");
    }
  }
}

/** Anchors whose digest the policy has are no others with another Node. */
function isOfNode(anchors: TrustAnchors, { trust }: Policy): boolean {
  return anchors.used && anchors.source === nodesAnchors && trust === undefined;
}

/** What stands in the policy, else beside the capture by the names of captures/, else on the command line. */
export async function optionsBeside(
  { folder, policy: file }: CheckCase,
  policy: Policy,
  given: CheckArguments,
): ReturnType<typeof judgingOptions> {
  const named = beside(file);
  const found = (names: readonly string[]): string[] => names.map((name) => join(folder, name)).filter(exists);
  const or = (written: readonly string[] | undefined, there: readonly string[], asked: readonly string[]) =>
    written?.map(named) ?? (there.length > 0 ? there : asked);
  const { trust, keylog, intermediates } = policy;
  refuseMissing(file, { keylog, intermediates, trust: trust?.file === undefined ? [] : [trust.file] });
  const roots = trust === undefined ? (found(["roots.pem"]).at(0) ?? given.roots) : trust.file && named(trust.file);
  const judged = await judgingOptions({
    keylog: or(policy.keylog, found(["tls.keys"]), given.keylog),
    intermediates: policy.intermediates?.map(named) ?? given.intermediates,
    sumdbKey: [],
    gosum: [],
    ...(roots !== undefined && { roots }),
  });
  // What is wrong in settings that were stored is no news of each run.
  const stated = policy.env?.map((text) => withPath(text, named));
  const env = stated ?? (found(folderNames).length > 0 ? [folder] : given.env);
  const configuration = await readConfiguration({ env });
  return {
    ...judged,
    ...(configuration !== undefined && { configuration }),
    ...(trust?.pem !== undefined && { anchors: TrustAnchors.fromPem([trust.pem], `${file}: trust`) }),
  };
}

/** Throws: InputError for a file that a policy names and that is not there. */
function refuseMissing(policy: string, named: Readonly<Record<string, readonly string[] | undefined>>): void {
  for (const [key, paths = []] of Object.entries(named)) {
    const missing = paths.find((path) => path !== "env" && statAt(beside(policy)(path)) === undefined);
    if (missing === undefined) continue;
    throw new InputError(`${policy}: ${key}: ${missing}: no such file`, "paths of a policy start at its folder");
  }
}

/** The policy that was read last: one may be for all captures. */
let last: { readonly text: string; readonly policy: ReturnType<typeof parsePolicy> } | undefined;

function policyOf(text: string): ReturnType<typeof parsePolicy> {
  if (last?.text !== text) last = { text, policy: parsePolicy(text) };
  return last.policy;
}

/** Paths of a policy start at its folder. */
function beside(file: string): (path: string) => string {
  return (path) => (isAbsolute(path) ? path : join(dirname(file), path));
}
