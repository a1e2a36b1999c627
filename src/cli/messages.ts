import { visible } from "../report/sanitize.ts";
import { ExitCode, InputError, UsageError } from "./errors.ts";

/*
 * What goes to standard error: the program's name, what kind of line it is, lower case, no full stop, and where it
 * helps a hint on a line of its own. Standard output carries the report and nothing else.
 */

export function printError(message: string, hint?: string): void {
  print("error", message);
  if (hint !== undefined) print("hint", hint);
}

export function printWarning(message: string): void {
  print("warning", message);
}

export function printNote(message: string): void {
  print("note", message);
}

/** Tells what went wrong, and what the process exits with for it. */
export function reportFailure(error: unknown): ExitCode {
  if (error instanceof UsageError || error instanceof InputError) {
    printError(error.message, error.hint);
    return error instanceof UsageError ? ExitCode.Usage : ExitCode.Input;
  }
  printError("this is a defect of gomodcap, not of your capture");
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${stack.split("\n").map(visible).join("\n")}\n`);
  print("hint", "report it with the lines above, `gomodcap --version` and, if you may share it, the capture");
  return ExitCode.Defect;
}

function print(kind: string, text: string): void {
  process.stderr.write(`gomodcap: ${kind}: ${visible(text)}\n`);
}
