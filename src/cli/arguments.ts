import { Command, CommanderError, InvalidArgumentError, Option, type Argument } from "commander";
import { tool } from "../version.ts";
import { parseVersion, type ConfigurationPaths } from "./configuration-files.ts";
import { UsageError } from "./errors.ts";
import { views, type Help } from "./help.ts";

type FormatName = "text" | "json" | "ndjson" | "csv" | "markdown";
type View = "report" | "story" | "explain" | "compare" | "snapshot";
export type Shell = "bash" | "zsh" | "fish";

/** A command line that asks for an analysis. */
export interface AnalyzeArguments extends ConfigurationPaths {
  /** All that is known of the flows, what the Go command did, settings beside capture, how two differ, what to keep. */
  readonly view: View;
  readonly captures: readonly string[];
  readonly format: FormatName;
  readonly flow?: number;
  readonly only: readonly string[];
  readonly all: boolean;
  readonly verbose: boolean;
  readonly log: readonly string[];
  /** Configurations of the two captures that are compared, beside `env`. */
  readonly envBefore: readonly string[];
  readonly envAfter: readonly string[];
  /** What the two captures that are compared are called. */
  readonly as?: readonly [before: string, after: string];
  readonly roots?: string;
  readonly intermediates: readonly string[];
  readonly keylog: readonly string[];
  /** Verifier keys, or files of them. */
  readonly sumdbKey: readonly string[];
  readonly gosum: readonly string[];
  /** Seconds since the epoch. */
  readonly at?: number;
  readonly host?: string;
  readonly certs?: string;
  /** File or folder that snapshots are written to. */
  readonly output?: string;
  readonly concat: boolean;
  readonly width?: number;
  readonly color: "auto" | "always" | "never";
}

/** What a command line asks for. */
export type Request =
  | { readonly kind: "analyze"; readonly arguments: AnalyzeArguments }
  | { readonly kind: "print"; readonly text: string }
  | { readonly kind: "complete"; readonly shell: Shell };

/** Reads a command line, program name left out. Throws: UsageError. */
export function parseArguments(line: readonly string[]): Request {
  let request: Request | undefined;
  const [word, ...rest] = line;
  const view = isView(word) ? word : "report";
  const program = describe(view, (asked) => (request = asked));
  const printed = readWords(program, word === "analyze" || word === view ? namedInPairs(rest) : line);
  return request ?? { kind: "print", text: printed };
}

function isView(word: string | undefined): word is View {
  return word !== undefined && word !== "report" && Object.hasOwn(views, word);
}

/** A command that tells what it is for. */
export function commandOf({ name, description, usage, examples }: Help): Command {
  return new Command(name)
    .description(description)
    .usage(usage)
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", examples)
    .configureHelp({ optionDescription: describedOnce, argumentDescription: describedOnce });
}

/* Commander would add what nobody asks: that a list is empty where nothing is given. */
function describedOnce({ description, argChoices }: Option | Argument): string {
  return argChoices === undefined ? description : `${description}: ${argChoices.join(", ")}`;
}

/** Lets a command read words, and do what it does. Returns what it printed: its help. Throws: UsageError. */
export function readWords(program: Command, words: readonly string[]): string {
  let printed = "";
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => (printed += text),
      outputError: () => undefined,
    });
  }
  try {
    program.parse([...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error);
  }
  return printed;
}

/** `--as BEFORE AFTER` as commander can read it: options take one value or all that follow. */
function namedInPairs(words: readonly string[]): string[] {
  const at = words.indexOf("--as");
  const second = at < 0 ? undefined : words.at(at + 2);
  if (second === undefined || second.startsWith("-")) return [...words];
  return [...words.slice(0, at + 2), "--as", ...words.slice(at + 2)];
}

function describe(view: View, ask: (request: Request) => void): Command {
  const program = commandOf(views[view])
    .argument("[capture...]", "capture files, folders of them, or - for standard input")
    .version(tool.version, "--version", "print the version")
    .helpCommand(false);
  for (const option of allOptions(view)) {
    program.addOption(saysNothing(view, option.attributeName()) ? option.hideHelp() : option);
  }
  program.action((captures: string[], given: GivenOptions) =>
    ask({ kind: "analyze", arguments: settle(view, captures, given) }),
  );
  program
    .command("completion", { hidden: true })
    .argument("[shell]", "bash, zsh or fish")
    .action((shell: string = "") => {
      if (!isShell(shell)) {
        const message = shell === "" ? "completion for which shell?" : `no completion for ${shell}`;
        throw new UsageError(message, "there is one for bash, zsh and fish");
      }
      ask({ kind: "complete", shell });
    });
  return program;
}

/** What can be asked of a view. */
export function optionsOf(view: View): Option[] {
  return allOptions(view).filter((option) => !saysNothing(view, option.attributeName()));
}

function allOptions(view: View): Option[] {
  return [...options(view), ...(furtherOptions[view]?.() ?? [])];
}

function options(view: View): Option[] {
  return [
    new Option("--json", "short for --format json").conflicts("format"),
    new Option("--format <name>", "how to print the report").choices([...formats[view]]),
    new Option("--flow <n>", "everything about one flow").argParser(parseCount),
    repeatable("--only <label|host>", "flows of this label or host; repeatable"),
    new Option("--all", "show flows that have nothing to do with Go as well"),
    new Option("-v, --verbose", "say why, where that was seen, and how sure it is"),
    repeatable("--env <file|dir>", "configuration of the run: go env -json, env, KIND=FILE; repeatable"),
    ...configurationOptions().map((option) => option.hideHelp()),
    repeatable("--log <file>", "what the command printed: go get -x 2> FILE; repeatable"),
    new Option("--roots <file|dir|system>", "trust anchors to judge by (default: Mozilla's)"),
    repeatable("--intermediates <file>", "certificates that may be missing; repeatable"),
    repeatable("--keylog <file|env>", "TLS secrets to decrypt with; env: SSLKEYLOGFILE; repeatable"),
    repeatable("--sumdb-key <key|file>", "verifier key of a checksum database; repeatable"),
    repeatable("--gosum <file>", "go.sum that downloads must agree with; repeatable"),
    new Option("--at <time>", "judge certificates at this time, not at the packets'").argParser(parseTime),
    new Option("--host <name>", "judge by this name; only with --flow"),
    new Option("--certs <dir>", "write the certificates of the servers as PEM files"),
    new Option("--concat", "read all captures as the pieces of one"),
    new Option("--width <cells>", "width of the report (default: the terminal's)").argParser(parseCount),
    new Option("--color <when>", "colours").choices(["auto", "always", "never"]).default("auto"),
  ];
}

/** The forms of `--env` that say what a file is, rather than leave it to its content. */
export function configurationOptions(): Option[] {
  return [
    new Option("--environ <file>", "process environment: env, env -0, a CI log; repeatable").argParser(collect),
    new Option("--goenv <file>", "the file that go env -w writes; repeatable").argParser(collect),
    new Option("--goroot-env <file>", "GOROOT/go.env; repeatable").argParser(collect),
    new Option("--go-env-json <file>", "go env -json or go env -changed -json; repeatable").argParser(collect),
    new Option("--git-config <file>", "git config --get-regexp 'proxy$'; repeatable").argParser(collect),
    new Option("--go <version>", "version of Go, as go1.26.8").argParser(parseVersion),
  ];
}

/** What only a comparison knows. */
function comparisonOptions(): Option[] {
  return [
    repeatable("--as <name>", "what both captures are called: --as BEFORE AFTER"),
    repeatable("--env-before <file|dir>", "configuration of the first capture, also KIND=FILE; repeatable"),
    repeatable("--env-after <file|dir>", "configuration of the second; repeatable"),
  ];
}

/** What only one view knows. */
const furtherOptions: Readonly<Partial<Record<View, () => Option[]>>> = {
  compare: comparisonOptions,
  snapshot: () => [new Option("-o, --output <file|dir>", "where to write; with several captures a folder")],
};

/** Options that may be given several times. */
type Collected = "only" | "env" | "log" | "intermediates" | "keylog" | "sumdbKey" | "gosum";

type GivenOptions = Partial<Omit<AnalyzeArguments, "view" | "captures" | "as" | Collected | "color">> &
  Pick<AnalyzeArguments, Collected | "color"> & { readonly json?: true; readonly as?: readonly string[] };

function settle(view: View, captures: readonly string[], given: GivenOptions): AnalyzeArguments {
  const { json, as = [], ...rest } = given;
  refuseMisplaced(view, given);
  if (given.host !== undefined && given.flow === undefined) {
    throw new UsageError("--host without --flow", "name the flow whose certificates are judged by that name: --flow N");
  }
  const format = json === true ? "json" : (given.format ?? "text");
  const settled = {
    all: false,
    verbose: false,
    concat: false,
    envBefore: [],
    envAfter: [],
    ...rest,
    view,
    format,
    captures,
  };
  if (as.length === 0) return settled;
  if (as.length !== 2) throw new UsageError("--as names both captures", 'for example --as "GOSUMDB=off" direct');
  return { ...settled, as: [as[0], as[1]] };
}

/** Throws: UsageError for options about flows, which other views do not list. */
function refuseMisplaced(view: View, given: GivenOptions): void {
  const misplaced = Object.entries(given).find(([name, value]) => saysNothing(view, name) && isGiven(value))?.[0];
  if (misplaced === undefined) return;
  const hint = `use it without the word: gomodcap --${misplaced} …`;
  throw new UsageError(`--${misplaced} says nothing to ${articles[view]}`, hint);
}

const articles: Readonly<Record<View, string>> = {
  report: "a report",
  story: "a story",
  explain: "an explanation",
  compare: "a comparison",
  snapshot: "a snapshot",
};

/* What a command printed is of one run; snapshots are YAML. */
function saysNothing(view: View, option: string): boolean {
  if (option === "json" || option === "format") return formats[view].length === 1;
  return view !== "report" && (ofFlows.has(option) || (view === "compare" && option === "log"));
}

/** Options of single flows, by the names of their values. */
const ofFlows: ReadonlySet<string> = new Set(["flow", "only", "all", "host", "certs"]);

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}

/** An option that may be given several times: the list of its values, empty where it is not given. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect).default([]);
}

function collect(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}

/** A number from 0. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("Give a number.");
  return count;
}

/** ISO 8601, in UTC where no zone is given, or seconds since the epoch. */
function parseTime(text: string): number {
  if (/^\d{1,12}(\.\d+)?$/.test(text) && text.length !== 4) return Number(text);
  const zoned = /^\d{4}-\d{2}-\d{2}[T ][\d:.]+$/.test(text) ? `${text.replace(" ", "T")}Z` : text;
  const milliseconds = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(zoned) : NaN;
  if (Number.isNaN(milliseconds)) throw new InvalidArgumentError("Give a time as 2026-12-01 or 2026-12-01T10:00:00Z.");
  return milliseconds / 1000;
}

function isShell(text: string): text is Shell {
  return text === "bash" || text === "zsh" || text === "fish";
}

/** Commander's words as ours: no prefix, no full stop, its suggestion as the hint. */
function usageError(error: CommanderError): UsageError {
  const [message, ...rest] = error.message.replace(/^error: /, "").split("\n");
  const meant = /Did you mean (?:one of )?(.*)\?\)$/.exec(rest.join(" "))?.[1];
  const advice = / (Give .*|Allowed choices are .*)$/.exec(message);
  const text = (advice === null ? message : message.slice(0, advice.index)).replace(/\.$/, "");
  const hint = meant === undefined ? (advice?.[1] ?? "gomodcap --help lists all options") : `did you mean ${meant}?`;
  return new UsageError(
    text.replace(/^./, (first) => first.toLowerCase()),
    hint.replace(/\.$/, "").replace(/^./, (first) => first.toLowerCase()),
  );
}

const formats: Readonly<Record<View, readonly FormatName[]>> = {
  report: ["text", "json", "ndjson", "csv", "markdown"],
  story: ["text", "json", "ndjson", "csv", "markdown"],
  explain: ["text", "json", "markdown"],
  compare: ["text", "json", "markdown"],
  snapshot: ["text"],
};
