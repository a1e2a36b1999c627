import { stat } from "node:fs/promises";
import { counted } from "../bytes/text.ts";
import { bytesText } from "../report/units.ts";
import { slimCapture, type Slimmed } from "../slim-capture.ts";
import { AddressesExhausted } from "../slim/address-map.ts";
import { EditsExhausted } from "../slim/survey.ts";
import { ExitCode, InputError, systemErrorText, UsageError } from "./errors.ts";
import { readKeyLogs } from "./key-logs.ts";
import { printError, printNote, printWarning } from "./messages.ts";
import { Reading } from "./reading.ts";
import { parseSlimArguments, type SlimArguments } from "./slim-arguments.ts";
import { linkedPath, PartFile, refuseInput } from "./output-file.ts";
import { Output } from "./output.ts";
import type { CaptureFile } from "./sources.ts";

/** Slims a capture into another file, which appears when it is whole. Throws: UsageError, InputError. */
export async function slimCommand(words: readonly string[]): Promise<ExitCode> {
  const given = parseSlimArguments(words);
  if (typeof given === "string") {
    await new Output(process.stdout).write([given]);
    return ExitCode.Done;
  }
  const { isFile, ...failure } = await inputAt(given.capture);
  if (!isFile) throw new InputError(`${given.capture}: ${failure.what}`, failure.hint);
  const reading = new Reading();
  const { inputs } = await reading.find([given.capture]);
  if (inputs.length === 0) return ExitCode.Input;
  const target = await openTarget(given);
  try {
    const slimmed = await slim(given, inputs[0], reading, target);
    if (slimmed.damaged && slimmed.original.frames === 0) {
      throw new InputError(`${given.capture}: no frame of it can be read`, `gomodcap ${given.capture} says why`);
    }
    await target.finish();
    tell(slimmed, given);
    if (inputs[0].failure === undefined && !slimmed.damaged) return ExitCode.Done;
    if (slimmed.damaged) printError(`${given.capture} could not be read whole: what could be read was written`);
    return ExitCode.Input;
  } catch (error) {
    await target.abandon();
    if (error instanceof AddressesExhausted) throw new InputError(error.message, "keep them: --keep-addresses");
    if (error instanceof EditsExhausted) throw new InputError(error.message, "slim a part of the capture");
    throw error;
  }
}

async function slim(given: SlimArguments, input: CaptureFile, reading: Reading, target: Target): Promise<Slimmed> {
  const { keepAddresses, keepKeys } = given;
  const keyLogs = await readKeyLogs(given.keylog);
  await reading.begin(Array<CaptureFile>(keepKeys ? 3 : 2).fill(input));
  try {
    return await slimCapture(input, { keepAddresses, keepKeys, keyLogs }, (bytes) => target.write(bytes));
  } finally {
    reading.done([input]);
  }
}

async function inputAt(path: string): Promise<{ isFile: boolean; what: string; hint: string }> {
  try {
    const found = await stat(path);
    const what = found.isDirectory() ? "it is a folder" : "it can be read only once";
    const hint = found.isDirectory()
      ? "slim one capture at a time"
      : "slim reads a capture twice: save it to a file first";
    return { isFile: found.isFile(), what, hint };
  } catch {
    // Whoever opens it says what is wrong.
    return { isFile: true, what: "", hint: "" };
  }
}

/** Where a slimmed capture goes. */
interface Target {
  write(bytes: Uint8Array): Promise<void>;
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

async function openTarget(given: SlimArguments): Promise<Target> {
  if (given.output !== "-") return openFile(given);
  if (process.stdout.isTTY)
    throw new UsageError("-o - writes a capture to a terminal", "redirect it: gomodcap slim … -o - > file");
  const stream = new Output(process.stdout);
  const nothing = (): Promise<void> => Promise.resolve();
  return { write: (bytes) => stream.writeBytes(bytes), finish: nothing, abandon: nothing };
}

async function openFile({ capture, output, keylog }: SlimArguments): Promise<Target> {
  const option = `-o ${output}`;
  await refuseInput(option, output, [capture, ...keylog]);
  const found = await stat(output).catch(() => undefined);
  if (found !== undefined && !found.isFile()) throw new InputError(`${output}: it is no file`, "use -o - for a pipe");
  const part = await PartFile.open(await linkedPath(output)).catch((error: unknown) => {
    throw new UsageError(`${option}: ${systemErrorText(error)}`);
  });
  const told = (error: unknown): never => {
    throw new InputError(`${output}: ${systemErrorText(error)}`);
  };
  return {
    write: (bytes) => part.write(bytes).catch(told),
    finish: () => part.finish().catch(told),
    abandon: () => part.abandon(),
  };
}

function tell(slimmed: Slimmed, { keepKeys }: SlimArguments): void {
  const { original, frames, bytes, credentials, keptAddresses, secrets } = slimmed;
  const share = original.bytes === 0 ? 0 : (100 * bytes) / original.bytes;
  printNote(
    `${bytesText(original.bytes)} became ${bytesText(bytes)} (${share.toFixed(1)} %), ${frames} of ${original.frames} frames, ${counted(credentials, "credential")} overwritten`,
  );
  if (keepKeys) printNote(`${counted(secrets.kept, "connection")} can be decrypted with the secrets inside`);
  if (secrets.withheld > 0) {
    printWarning(
      `the secrets of ${counted(secrets.withheld, "connection")} were left out: credentials were sent inside, where they cannot be overwritten`,
    );
  }
  if (keptAddresses.length > 0) {
    const some = keptAddresses.slice(0, 5).join(", ");
    printWarning(
      `${counted(keptAddresses.length, "address", "addresses")} may stand unchanged, because certificates, names or encrypted data have them: ${some}${keptAddresses.length > 5 ? " …" : ""}`,
    );
  }
}
