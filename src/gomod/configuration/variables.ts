import { gitEnvironment, isGitVariable } from "./git-settings.ts";
import { isKept, isTelling, meantVariable } from "./names.ts";

/*
 * The forms in which variables arrive, told apart by content:
 *
 *   { "GOPROXY": "…", … }          `go env -json`, or any JSON object of variables (null: not set)
 *   GOPROXY='…'  set GOPROXY=…     `go env`; also `export -p` and `declare -x`
 *   NAME=value                     `env`
 *   NAME=value NUL NAME=value      `env -0`
 *   2026-11-23T10:00:00Z   NAME: value
 *                                  the log of a continuous integration: time stamps and colours are dropped
 */

/** What was read from one text. Only variables that say something about module traffic are kept. */
export interface VariablesText {
  readonly values: ReadonlyMap<string, string>;
  /** Names that nothing reads, by what was probably meant. */
  readonly misnamed: ReadonlyMap<string, string>;
  /** Variables whose value the text hides. */
  readonly hidden: readonly string[];
  /** `go-env`: what the go command resolved. `environment`: what a process was started with. */
  readonly origin: "go-env" | "environment";
}

/** What is wrong with a text, and what to do about it. */
export interface VariablesError {
  readonly error: string;
  readonly hint: string;
}

const hint = "give the output of `go env -json`, `env` or `env -0`, or a JSON object of variables";

/** Reads variables from a text in any of the forms; `origin` where it is known. */
export function parseVariables(text: string, origin?: VariablesText["origin"]): VariablesText | VariablesError {
  const content = text.replace(/^\uFEFF/, "");
  if (/^(?:[^\0]\0){4}/.test(content) || content.startsWith("\uFFFD")) {
    return { error: "looks like UTF-16 text", hint: "save it as UTF-8" };
  }
  if (content.trim() === "") return { error: "is empty", hint };
  if (content.trimStart().startsWith("{")) return parseJson(content, origin);
  if (content.includes("\0")) return parseAssignments(content.split("\0").map(splitAssignment), "environment");
  return parseAssignments(content.split(/\r?\n/).map(readLine), origin);
}

function parseJson(text: string, origin: VariablesText["origin"] | undefined): VariablesText | VariablesError {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { error: `is not JSON: ${error instanceof Error ? error.message : "unreadable"}`, hint };
  }
  if (typeof parsed !== "object" || parsed === null) return { error: "is JSON but no object of variables", hint };
  const found = new Found(origin ?? ("GOROOT" in parsed && "GOTOOLDIR" in parsed ? "go-env" : "environment"));
  for (const [name, value] of Object.entries(parsed)) {
    if (value === null) continue;
    if (typeof value === "string") found.take(name, value);
    else if (isKept(name)) {
      return { error: `has a value for ${name} that is no string`, hint: "write every value as a string, or null" };
    }
  }
  /* `go env -changed -json` of a machine with nothing changed is an empty object. */
  return origin === "go-env" ? found.text() : found.told();
}

/** One assignment; `prefix` is what a shell or `go env` on Windows writes in front. */
interface Assignment {
  readonly prefix: string;
  readonly name: string;
  readonly value: string;
  readonly unquoted?: string;
}

const assignment = /^(set |export |declare -x |typeset -x )?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;
// eslint-disable-next-line no-control-regex -- colours of a terminal.
const colours = /\x1b\[[0-9;]*m/g;
/** Time stamps of GitHub and Azure, brackets of Jenkins, seconds of BuildKit, the mark of `set -x`. */
const logPrefix =
  /^(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?\s+|#\d+ \d+\.\d+ )?(?:\++ )?/;
const mapping = /^\s*([A-Za-z_][A-Za-z0-9_]*): (.*)$/;

function splitAssignment(text: string): Assignment | undefined {
  const [, prefix = "", name = "", value = ""] = assignment.exec(text) ?? [];
  return name === "" ? undefined : { prefix, name, value };
}

function readLine(line: string): Assignment | undefined {
  const bare = line.replace(colours, "").replace(logPrefix, "");
  const found = splitAssignment(bare.trimStart());
  if (found !== undefined) {
    const unquoted = unquote(found.value);
    return unquoted === undefined ? found : { ...found, unquoted };
  }
  const [, name = "", value = ""] = mapping.exec(bare) ?? [];
  return isTelling(name) ? { prefix: "", name, value } : undefined;
}

function parseAssignments(
  written: readonly (Assignment | undefined)[],
  origin: VariablesText["origin"] | undefined,
): VariablesText | VariablesError {
  const list = written.filter((each) => each !== undefined);
  if (list.length === 0) return { error: "names no variable of the go command or of a proxy", hint };
  const isBare = ({ prefix, name, value, unquoted }: Assignment): boolean =>
    prefix === "" && value !== "" && unquoted === undefined && !isTelling(name);
  /* `env` never quotes, and has much that is not about Go; quotes there are part of the value. */
  const verbatim = origin === "environment" || (origin === undefined && list.some(isBare));
  const isGoEnv = ({ prefix, name, unquoted }: Assignment): boolean =>
    prefix === "set " || (prefix === "" && unquoted !== undefined && /^(?:GO|CGO)/.test(name));
  const found = new Found(origin ?? (!verbatim && list.some(isGoEnv) ? "go-env" : "environment"));
  for (const { prefix, name, value, unquoted } of list) {
    found.take(name, verbatim && prefix === "" ? value : (unquoted ?? value));
  }
  return origin === undefined ? found.told() : found.text();
}

/** Gathers what is kept of a text. */
class Found {
  readonly #origin: VariablesText["origin"];
  readonly #values = new Map<string, string>();
  readonly #misnamed = new Map<string, string>();
  readonly #hidden = new Set<string>();
  /** Settings of git that stand in the environment, in pairs. */
  readonly #git = new Map<string, string>();

  constructor(origin: VariablesText["origin"]) {
    this.#origin = origin;
  }

  take(name: string, value: string): void {
    if (isGitVariable(name)) this.#git.set(name, value);
    if (isKept(name)) {
      if (value === "***" || value === "[MASKED]") this.#hidden.add(name);
      else this.#values.set(name, value);
      return;
    }
    /* What the go command prints is called as it should be. */
    const meant = value === "" || this.#origin === "go-env" ? undefined : meantVariable(name);
    if (meant !== undefined) this.#misnamed.set(name, meant);
  }

  text(): VariablesText {
    for (const [key, setting] of gitEnvironment(this.#git)) {
      this.#values.delete(key);
      this.#values.set(key, setting);
    }
    return { values: this.#values, misnamed: this.#misnamed, hidden: [...this.#hidden], origin: this.#origin };
  }

  /** The text, if it says anything about Go. */
  told(): VariablesText | VariablesError {
    const told = this.text();
    const telling = [...told.values.keys(), ...told.hidden].some(isTelling) || told.misnamed.size > 0;
    return telling ? told : { error: "names no variable of the go command or of a proxy", hint };
  }
}

/* Shell quoting: 'a'\''b', "a\"b". Undefined where the value is not quoted as a whole. */
function unquote(value: string): string | undefined {
  if (/^'(?:[^']|'\\'')*'$/.test(value)) return value.slice(1, -1).replaceAll("'\\''", "'");
  if (/^"(?:[^"\\]|\\.)*"$/s.test(value)) return value.slice(1, -1).replace(/\\(.)/gs, "$1");
  return undefined;
}
