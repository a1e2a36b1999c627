import { Option, type Command } from "commander";
import { commandOf, readWords, repeatable } from "./arguments.ts";
import { UsageError } from "./errors.ts";
import { slimHelp } from "./help.ts";

/** A command line that asks for a slimmed capture. */
export interface SlimArguments {
  readonly capture: string;
  /** A file, or `-` for standard output. */
  readonly output: string;
  readonly keepAddresses: boolean;
  readonly keepKeys: boolean;
  readonly keylog: readonly string[];
}

type Given = Partial<Omit<SlimArguments, "capture">>;

/** Reads what follows the word `slim`; text is to be printed, and nothing else done. Throws: UsageError. */
export function parseSlimArguments(words: readonly string[]): SlimArguments | string {
  let request: SlimArguments | undefined;
  const program = slimProgram().action((captures: string[], given: Given) => {
    request = settle(captures, given);
  });
  const printed = readWords(program, words);
  return request ?? printed;
}

/** The words that `slim` knows. */
export function slimProgram(): Command {
  return commandOf(slimHelp)
    .argument("[capture...]", "a capture file")
    .addOption(new Option("-o, --output <file|->", "pcapng file to write, - for a pipe"))
    .addOption(new Option("--keep-addresses", "leave addresses and hardware addresses as they are"))
    .addOption(new Option("--keep-keys", "leave the TLS secrets in that are in use, and the records they open"))
    .addOption(
      repeatable("--keylog <file|env>", "with --keep-keys: put in the secrets of this file as well; repeatable"),
    );
}

function settle(captures: readonly string[], given: Given): SlimArguments {
  const { output, keepAddresses = false, keepKeys = false, keylog = [] } = given;
  const usage = "gomodcap slim capture.pcapng -o small.pcapng";
  if (captures.length !== 1) {
    throw new UsageError(`slim takes one capture, not ${captures.length === 0 ? "none" : captures.length}`, usage);
  }
  const [capture] = captures;
  if (capture === "-") {
    throw new UsageError("slim reads a capture twice, which standard input cannot be", "save it to a file first");
  }
  if (output === undefined) throw new UsageError("slim needs a file to write to", usage);
  if (keylog.length > 0 && !keepKeys) {
    throw new UsageError("--keylog without --keep-keys", "a slimmed capture has secrets in it only with --keep-keys");
  }
  return { capture, output, keepAddresses, keepKeys, keylog };
}
