/*
 * The forms in which variables arrive, told apart by content:
 *
 *   { "GOPROXY": "…", … }          `go env -json`, or any JSON object of variables (null: not set)
 *   GOPROXY='…'  set GOPROXY=…     `go env`; also `export -p` and `declare -x`
 *   NAME=value                     `env`
 *   NAME=value NUL NAME=value      `env -0`
 */

/** What was read from one text. Only variables that say something about module traffic are kept. */
export interface VariablesText {
  readonly values: ReadonlyMap<string, string>;
  /** `go-env`: what the go command resolved. `environment`: what a process was started with. */
  readonly origin: "go-env" | "environment";
}

/** What is wrong with a text, and what to do about it. */
export interface VariablesError {
  readonly error: string;
  readonly hint: string;
}

const goVariables = [
  "GOPROXY",
  "GOSUMDB",
  "GOPRIVATE",
  "GONOPROXY",
  "GONOSUMDB",
  "GOINSECURE",
  "GOVCS",
  "GOTOOLCHAIN",
  "GOVERSION",
  "GOFLAGS",
  "GOAUTH",
  "GOENV",
  "GODEBUG",
  "GOOS",
  "GO111MODULE",
  "GOWORK",
];
const environmentVariables = [
  "HTTPS_PROXY",
  "https_proxy",
  "HTTP_PROXY",
  "http_proxy",
  "NO_PROXY",
  "no_proxy",
  "ALL_PROXY",
  "all_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "REQUEST_METHOD",
];
const known = new Set([...goVariables, ...environmentVariables]);

/** Variables that only the process environment gives to requests: `go env` may print them, nothing reads them there. */
export const environmentOnly: ReadonlySet<string> = new Set(environmentVariables);

const hint = "give the output of `go env -json`, `env` or `env -0`, or a JSON object of variables";

/** Reads variables from a text in any of the forms. */
export function parseVariables(text: string): VariablesText | VariablesError {
  const content = text.replace(/^\uFEFF/, "");
  if (/^(?:[^\0]\0){4}/.test(content) || content.startsWith("\uFFFD")) {
    return { error: "looks like UTF-16 text", hint: "save it as UTF-8" };
  }
  if (content.trim() === "") return { error: "is empty", hint };
  if (content.trimStart().startsWith("{")) return parseJson(content);
  return content.includes("\0") ? parseAssignments(content.split("\0"), false) : parseAssignments(lines(content), true);
}

function lines(text: string): string[] {
  return text.split(/\r?\n/);
}

function parseJson(text: string): VariablesText | VariablesError {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { error: `is not JSON: ${error instanceof Error ? error.message : "unreadable"}`, hint };
  }
  if (typeof parsed !== "object" || parsed === null) return { error: "is JSON but no object of variables", hint };
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(parsed)) {
    if (!known.has(name) || value === null) continue;
    if (typeof value !== "string") {
      return { error: `has a value for ${name} that is no string`, hint: "write every value as a string, or null" };
    }
    values.set(name, value);
  }
  const resolved = "GOROOT" in parsed && "GOTOOLDIR" in parsed;
  return found({ values, origin: resolved ? "go-env" : "environment" });
}

const assignment = /^(set |export |declare -x |typeset -x )?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;

function parseAssignments(written: readonly string[], quoted: boolean): VariablesText | VariablesError {
  const values = new Map<string, string>();
  let goEnv = false;
  for (const line of written) {
    const [, prefix = "", name = "", value = ""] = assignment.exec(line) ?? [];
    const unquoted = quoted ? unquote(value) : undefined;
    /* `env` never quotes; `go env` does on Unix and writes `set` on Windows; a shell's own list says export. */
    if (prefix === "set " || (prefix === "" && unquoted !== undefined && /^(?:GO|CGO)/.test(name))) goEnv = true;
    if (known.has(name)) values.set(name, unquoted ?? value);
  }
  return found({ values, origin: goEnv ? "go-env" : "environment" });
}

function found(result: VariablesText): VariablesText | VariablesError {
  return result.values.size > 0 ? result : { error: "names no variable of the go command or of a proxy", hint };
}

/* Shell quoting: 'a'\''b', "a\"b". Undefined where the value is not quoted as a whole. */
function unquote(value: string): string | undefined {
  if (/^'(?:[^']|'\\'')*'$/.test(value)) return value.slice(1, -1).replaceAll("'\\''", "'");
  if (/^"(?:[^"\\]|\\.)*"$/s.test(value)) return value.slice(1, -1).replace(/\\(.)/gs, "$1");
  return undefined;
}
