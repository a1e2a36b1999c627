import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { shellWord } from "../finding/wording.ts";
import { InputError, systemErrorText, UsageError } from "./errors.ts";
import { exists } from "./files.ts";
import { captureName } from "./sources.ts";

/** A folder, or one capture, to be held against a policy. */
export interface CheckCase {
  readonly folder: string;
  /** The capture that was named, where it was no folder. */
  readonly capture?: string;
  readonly policy: string;
}

/** The policy of a folder. */
export const policyName = "expect.yaml";

/**
 * What is to be checked below the paths: folders with an expect.yaml, or with captures where one policy is for all.
 * By name, with numbers as numbers. Throws: InputError, UsageError.
 */
export function findCases(paths: readonly string[], policy: string | undefined): CheckCase[] {
  const cases: CheckCase[] = [];
  for (const path of paths) {
    if (isFolder(path)) cases.push(...casesBelow(path, policy, 0));
    else cases.push({ folder: dirname(path), capture: path, policy: policy ?? policyBeside(path) });
  }
  if (cases.length > 0) return cases;
  const wanted = policy === undefined ? policyName : "captures";
  const hint = "write a first policy: gomodcap check --propose CAPTURE > expect.yaml, in the folder of the capture";
  throw new UsageError(`no ${wanted} in or below ${paths.join(", ")}`, hint);
}

/** Throws: UsageError. */
function policyBeside(capture: string): string {
  const policy = join(dirname(capture), policyName);
  if (exists(policy)) return policy;
  const hint = `write a first one: gomodcap check --propose ${shellWord(capture)} > ${shellWord(policy)}; or name one: --policy FILE`;
  throw new UsageError(`${capture}: no ${policyName} beside it`, hint);
}

function casesBelow(folder: string, policy: string | undefined, depth: number): CheckCase[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const cases: CheckCase[] = [];
  if (policy === undefined ? names.includes(policyName) : names.some((name) => captureName.test(name))) {
    cases.push({ folder, policy: policy ?? join(folder, policyName) });
  }
  if (depth === deepest) return cases;
  const byName = new Intl.Collator("en", { numeric: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !isLeftOut(entry.name)).map(({ name }) => name);
  for (const name of folders.sort(byName.compare)) {
    cases.push(...casesBelow(join(folder, name), policy, depth + 1));
  }
  return cases;
}

/** Nobody keeps captures deeper, or among dependencies. */
const deepest = 16;

function isLeftOut(name: string): boolean {
  return name === "node_modules" || name.startsWith(".");
}

/**
 * The captures of a folder: `capture.*`, or all that there are where none is called so. Throws: InputError.
 */
export function capturesIn(folder: string): string[] {
  const names = readdirSync(folder)
    .filter((name) => captureName.test(name))
    .sort();
  const called = names.filter((name) => basename(name).startsWith("capture."));
  const found = called.length > 0 ? called : names;
  if (found.length > 0) return found.map((name) => join(folder, name));
  throw new InputError(`${folder}: no capture in this folder`, "name its file in the policy: capture: FILE");
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw new InputError(`${path}: ${systemErrorText(error)}`);
  }
}
