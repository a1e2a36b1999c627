import { Option, type Command } from "commander";
import { commandOf, parseCount, readWords, repeatable } from "./arguments.ts";
import { UsageError } from "./errors.ts";
import { checkHelp } from "./help.ts";

/** A command line that asks for a check. */
export interface CheckArguments {
  /** Folders and captures. */
  readonly paths: readonly string[];
  /** One policy for all captures. */
  readonly policy?: string;
  /** Write snapshots anew. */
  readonly update: boolean;
  /** The capture that a policy is to be proposed for. */
  readonly propose?: string;
  /** `2026-12-01`. */
  readonly today?: string;
  /** At most one of them is for standard output. */
  readonly outputs: readonly CheckOutput[];
  readonly verbose: boolean;
  readonly env: readonly string[];
  readonly roots?: string;
  readonly intermediates: readonly string[];
  readonly keylog: readonly string[];
  readonly width?: number;
  readonly color: "auto" | "always" | "never";
}

const checkFormats = ["text", "markdown", "json", "junit", "sarif", "tap", "github", "gitlab"] as const;
export type CheckFormat = (typeof checkFormats)[number];

/** A format, and the file that it is written to where that is not standard output. */
interface CheckOutput {
  readonly format: CheckFormat;
  readonly file?: string;
}

type Given = Omit<CheckArguments, "paths" | "update" | "verbose" | "outputs"> & {
  readonly update?: true;
  readonly verbose?: true;
  readonly json?: true;
  readonly format: readonly CheckOutput[];
};

/** Reads the words after `check`; text where only help is asked for. Throws: UsageError. */
export function parseCheckArguments(words: readonly string[]): CheckArguments | string {
  let read: CheckArguments | undefined;
  const program = checkProgram().action((paths: string[], { json, format, ...given }: Given) => {
    read = {
      update: false,
      verbose: false,
      ...given,
      outputs: outputsOf(json === true ? [{ format: "json" }] : format),
      paths: paths.length === 0 ? ["."] : paths,
    };
  });
  const printed = readWords(program, words);
  if (read?.propose !== undefined && (read.update || read.policy !== undefined)) {
    throw new UsageError("--propose writes a policy, and checks nothing", "give --propose and the capture alone");
  }
  return read ?? printed;
}

/** The words that `check` knows. */
export function checkProgram(): Command {
  const program = commandOf(checkHelp).argument(
    "[path...]",
    "folders with captures and expectations, or captures (default: here)",
  );
  for (const option of checkOptions()) program.addOption(option);
  return program;
}

function checkOptions(): Option[] {
  return [
    new Option("--policy <file>", "one policy for all captures, in place of their expect.yaml"),
    new Option("--update", "write the snapshots that policies name anew, and show what changed"),
    new Option("--propose <capture>", "print a first policy for this capture, by what is seen in it"),
    new Option("--today <date>", "day that waivers are compared with (default: today, UTC)").argParser(parseDay),
    new Option("--json", "short for --format json").conflicts("format"),
    new Option("--format <name[=file]>", "how to tell the results, to a file or printed; repeatable")
      .choices(checkFormats)
      .argParser((text: string, before: readonly CheckOutput[]) => [...before, parseOutput(text)])
      .default([]),
    new Option("-v, --verbose", "tell what holds as well"),
    repeatable("--env <file|dir>", "configuration of the runs, where there is none beside; repeatable"),
    new Option("--roots <file|dir|system>", "trust anchors, where there are none beside (default: Mozilla's)"),
    repeatable("--intermediates <file>", "certificates that may be missing; repeatable"),
    repeatable("--keylog <file|env>", "TLS secrets, where there are none beside; repeatable"),
    new Option("--width <cells>", "width of the text (default: the terminal's)").argParser(parseCount),
    new Option("--color <when>", "colours").choices(["auto", "always", "never"]).default("auto"),
  ];
}

function parseOutput(text: string): CheckOutput {
  const [name, ...file] = text.split("=");
  const format = checkFormats.find((known) => known === name);
  if (format === undefined) {
    throw new UsageError(
      `--format ${text} is not known`,
      `formats are ${checkFormats.join(", ")}; junit=FILE writes a file`,
    );
  }
  if (file.length === 0) return { format };
  if (file.join("=") === "")
    throw new UsageError(`--format ${text} names no file`, `give ${name}=FILE, or ${name} alone`);
  return { format, file: file.join("=") };
}

/** Text is printed where nothing else is. */
function outputsOf(given: readonly CheckOutput[]): readonly CheckOutput[] {
  const printed = given.filter(({ file }) => file === undefined);
  if (printed.length > 1) {
    const [, second] = printed;
    throw new UsageError("only one format can be printed", `write the other to a file: --format ${second.format}=FILE`);
  }
  const files = given.flatMap(({ file }) => file ?? []);
  const twice = files.find((file, at) => files.indexOf(file) < at);
  if (twice !== undefined) throw new UsageError(`two formats are to be written to ${twice}`, "name a file for each");
  return printed.length === 0 ? [{ format: "text" }, ...given] : given;
}

/** The day that waivers are compared with where none is given; UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function parseDay(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new UsageError(`--today ${text} is no day`, "days are written 2027-01-31");
}
