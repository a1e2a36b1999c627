import { nearest } from "../bytes/nearest.ts";
import { parseArguments } from "./arguments.ts";
import { ExitCode, UsageError } from "./errors.ts";
import { commandWords, shortHelp } from "./help.ts";
import { reportFailure } from "./messages.ts";

/** Does what the command line, program name left out, asks for. Returns what to exit with; never rejects. */
export async function run(line: readonly string[]): Promise<ExitCode> {
  try {
    if (line.length === 0) {
      process.stderr.write(shortHelp);
      return ExitCode.Usage;
    }
    return await answer(line);
  } catch (error) {
    return reportFailure(error);
  }
}

async function answer(line: readonly string[]): Promise<ExitCode> {
  const [word, ...rest] = line;
  if (word === "help") {
    refuseUnknownTopic(rest[0]);
    return answer([...rest, "--help"]);
  }
  const command = commands.get(word);
  if (command !== undefined) return command(rest);
  const request = parseArguments(line);
  if (request.kind === "print") {
    await print(request.text);
    return ExitCode.Done;
  }
  if (request.kind === "complete") {
    const { renderCompletion } = await import("./completion.ts");
    await print(renderCompletion(request.shell));
    return ExitCode.Done;
  }
  if (request.arguments.view === "compare") {
    const { compareCommand } = await import("./compare-command.ts");
    return compareCommand(request.arguments);
  }
  if (request.arguments.captures.length === 0) {
    throw new UsageError("no capture given", "name a capture file, a folder of them, or - for standard input");
  }
  if (request.arguments.view === "snapshot") {
    const { snapshotCommand } = await import("./snapshot-command.ts");
    return snapshotCommand(request.arguments);
  }
  const { analyzeCommand } = await import("./analyze-command.ts");
  return analyzeCommand(request.arguments);
}

/** Throws: UsageError where help is asked for on what is no command. */
function refuseUnknownTopic(topic = "help"): void {
  const words: readonly string[] = commandWords;
  if (topic === "help" || topic.startsWith("-") || words.includes(topic)) return;
  const meant = nearest(topic, words);
  const hint = meant === undefined ? "gomodcap --help lists the commands" : `did you mean gomodcap help ${meant}?`;
  throw new UsageError(`${topic} is no command`, hint);
}

/** Commands that have words of their own. Loaded when they are asked for. */
type OwnCommand = (words: readonly string[]) => Promise<ExitCode>;
const commands: ReadonlyMap<string | undefined, OwnCommand> = new Map<string, OwnCommand>([
  ["check", async (words) => (await import("./check-command.ts")).checkCommand(words)],
  ["env", async (words) => (await import("./env-command.ts")).envCommand(words)],
  ["recipe", async (words) => (await import("./recipe-command.ts")).recipeCommand(words)],
  ["slim", async (words) => (await import("./slim-command.ts")).slimCommand(words)],
  ["check-lane", async () => (await import("./check-lanes.ts")).judgeInLane()],
]);

async function print(text: string): Promise<void> {
  const { Output } = await import("./output.ts");
  await new Output(process.stdout).write([text]);
}
