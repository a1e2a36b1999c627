import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { analyze } from "../analyze.ts";
import { snapshotOf } from "../compare/snapshot.ts";
import { limits } from "../limits.ts";
import { fileNamePart } from "../report/sanitize.ts";
import { renderSnapshot } from "../report/snapshot-yaml.ts";
import { analyzeOptions } from "./analyze-command.ts";
import type { AnalyzeArguments } from "./arguments.ts";
import { ExitCode, InputError, UsageError } from "./errors.ts";
import { printError } from "./messages.ts";
import { writeOutput } from "./output-file.ts";
import { Output } from "./output.ts";
import { hasFailed, Reading } from "./reading.ts";

/**
 * Writes the snapshot of a capture, or of each to a folder. Returns what to exit with. Throws: UsageError, InputError.
 */
export async function snapshotCommand(given: AnalyzeArguments): Promise<ExitCode> {
  const reading = new Reading();
  const { inputs, errors } = await reading.find(given.captures);
  if (inputs.length === 0) return ExitCode.Input;
  const captures = given.concat ? [inputs] : inputs.map((input) => [input]);
  const write = await writerFor(given.output, captures.length, [...inputs.map(({ name }) => name), ...given.keylog]);
  await reading.begin(inputs);
  const options = await analyzeOptions(given);
  let code: ExitCode = errors.length > 0 ? ExitCode.Input : ExitCode.Done;
  for (const pieces of captures) {
    const analysis = await analyze(pieces, options);
    reading.done(pieces);
    const [{ name }] = pieces;
    const isDamaged = analysis.capture.files.some(({ damaged }) => damaged);
    if (isDamaged && analysis.capture.frames === 0) {
      throw new InputError(`${name}: ${analysis.capture.problems.at(0)?.detail ?? "no frame of it can be read"}`);
    }
    const text = renderSnapshot(snapshotOf(analysis));
    if (text.length > limits.yamlCharacters) {
      throw new InputError(`${name}: too much for a snapshot: it would have ${text.length} characters`);
    }
    await write(name, text);
    if (isDamaged) printError(`${name} could not be read whole: the snapshot is of what could be read`);
    if (isDamaged || pieces.some(hasFailed)) code = ExitCode.Input;
  }
  return code;
}

type Write = (capture: string, text: string) => Promise<void>;

async function writerFor(output: string | undefined, captures: number, read: readonly string[]): Promise<Write> {
  const isFolder = output !== undefined && (await stat(output).catch(() => undefined))?.isDirectory() === true;
  if (captures > 1 && !isFolder) {
    throw new UsageError(
      `${captures} captures make as many snapshots`,
      "-o names a folder for them; --concat takes them for one run",
    );
  }
  if (output === undefined) return (_, text) => new Output(process.stdout).write([text]);
  const taken = new Set<string>();
  return async (capture, text) => {
    const path = isFolder ? join(output, nameFor(capture, taken)) : output;
    await writeOutput(`-o ${path}`, path, [text], read);
  };
}

/** `run.yaml` for `run.pcap.gz`; behind the name of its folder where another capture is called the same. */
function nameFor(capture: string, taken: Set<string>): string {
  const bare = basename(capture).replace(/\.(?:pcap|pcapng|cap|ntar|dmp)\d*(?:\.\w+)?$/i, "");
  const candidates = [bare, `${basename(dirname(capture))}-${bare}`].map((name) => `${fileNamePart(name)}.yaml`);
  const free = candidates.find((name) => !taken.has(name));
  if (free === undefined) throw new UsageError(`-o: two captures are called ${candidates[1]}`, "write them one by one");
  taken.add(free);
  return free;
}
