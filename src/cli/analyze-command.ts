import { counted } from "../bytes/text.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { analyze, type AnalyzeOptions } from "../analyze.ts";
import type { PassOptions } from "../pass.ts";
import type { Analysis, Flow } from "../flow/model.ts";
import { labels } from "../flow/vocabulary.ts";
import { fileNamePart } from "../report/sanitize.ts";
import { isLabel, isOfInterest, knownHosts, narrowed, onlyFlow } from "../report/selection.ts";
import type { AnalyzeArguments } from "./arguments.ts";
import { readChecksumTrust, warnOfNothingCompared } from "./checksum-files.ts";
import { readConfiguration, type ConfigurationPaths } from "./configuration-files.ts";
import { ExitCode, InputError, UsageError } from "./errors.ts";
import { commandWords } from "./help.ts";
import { readKeyLogs } from "./key-logs.ts";
import { printError, printNote, printWarning } from "./messages.ts";
import { nearest } from "../bytes/nearest.ts";
import { Output } from "./output.ts";
import { looksLikePieces } from "./pieces.ts";
import { hasFailed, Reading } from "./reading.ts";
import { openFormat, type ReportFormat } from "./report-format.ts";
import { readIntermediates, readTrustAnchors } from "./roots.ts";
import type { CaptureFile } from "./sources.ts";

/**
 * Analyses the captures one by one, or all as one with `--concat`, and prints each report as soon as it stands.
 *
 * Returns what to exit with. Throws: UsageError, InputError.
 */
export async function analyzeCommand(given: AnalyzeArguments): Promise<ExitCode> {
  refuseMistypedWord(given.captures[0]);
  const reading = new Reading();
  const { inputs, errors } = await reading.find(given.captures);
  if (inputs.length === 0) return ExitCode.Input;
  if (!given.concat && looksLikePieces(inputs.map(({ name }) => name))) {
    printNote("these look like the pieces of one run; --concat reads them as one capture");
  }
  await reading.begin(inputs);
  const options = await analyzeOptions(given);
  if (given.view === "story" || given.format === "csv") await warnOfSettings(options);
  const captures = given.concat ? [inputs] : inputs.map((input) => [input]);
  const several = captures.length + (given.concat ? 0 : errors.length) > 1;
  const run: Run = { given, options, several, reading, format: await formatOf(given, several) };
  const code = await reportAll(captures, run);
  return errors.length > 0 && code === ExitCode.Done ? ExitCode.Input : code;
}

/** Throws: UsageError where the first word is no file but nearly the name of a command. */
function refuseMistypedWord(word: string): void {
  const meant = /^[a-z]+$/i.test(word) ? nearest(word, commandWords) : undefined;
  if (meant === undefined || existsSync(word)) return;
  throw new UsageError(`${word} is neither a file nor a command`, `did you mean gomodcap ${meant} …?`);
}

async function formatOf(given: AnalyzeArguments, several: boolean): Promise<ReportFormat> {
  if (given.view === "explain") {
    const { openExplainFormat } = await import("./explain-command.ts");
    return openExplainFormat(given, several);
  }
  if (given.view !== "story") return openFormat(given, several);
  const { openStoryFormat } = await import("./story-command.ts");
  return openStoryFormat(given, several);
}

/** What is the same for every capture of a call. */
interface Run {
  readonly given: AnalyzeArguments;
  readonly options: AnalyzeOptions & PassOptions;
  readonly several: boolean;
  readonly reading: Reading;
  readonly format: ReportFormat;
}

async function reportAll(captures: readonly CaptureFile[][], run: Run): Promise<ExitCode> {
  const output = new Output(process.stdout);
  let code: ExitCode = ExitCode.Done;
  let reports = 0;
  for (const [at, inputs] of captures.entries()) {
    const analysis = await readOne(inputs, run);
    if (analysis === undefined) {
      code = ExitCode.Input;
      continue;
    }
    if (reports === 0) hintAtKeyLog(analysis);
    if (run.given.gosum.length > 0) warnOfNothingCompared(analysis);
    const { selected, flow } = select(analysis, run.given);
    if (run.given.certs !== undefined) await writeCertificates(selected, certificateFolder(run, inputs, at));
    await output.write([reports === 0 ? run.format.open : run.format.separator]);
    await output.write(run.format.render(selected, reports === 0, flow));
    reports++;
    if (inputs.some(hasFailed) || analysis.capture.files.some((file) => file.damaged)) code = ExitCode.Input;
  }
  if (reports > 0) await output.write([run.format.close]);
  return code;
}

/** The environment changes no answer unasked, so what stands there is only told of. */
function hintAtKeyLog(analysis: Analysis): void {
  if (analysis.capture.keyLog !== undefined || (process.env["SSLKEYLOGFILE"] ?? "") === "") return;
  for (const { tls } of analysis.flows()) {
    if (tls.length === 0) continue;
    printNote("SSLKEYLOGFILE is set; --keylog env decrypts with it");
    return;
  }
}

/** The analysis of one capture; undefined, and told, when it could not be opened at all. */
async function readOne(inputs: CaptureFile[], run: Run): Promise<Analysis | undefined> {
  try {
    return await analyze(inputs, run.options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    printError(error.message, error.hint);
    return undefined;
  } finally {
    run.reading.done(inputs);
  }
}

/** What captures are judged by. */
type JudgingArguments = ConfigurationPaths &
  Pick<AnalyzeArguments, "roots" | "intermediates" | "keylog" | "sumdbKey" | "gosum" | "at" | "host" | "flow">;

/** What the options of a command line mean for an analysis. Throws: UsageError, InputError. */
export async function analyzeOptions(given: JudgingArguments): Promise<AnalyzeOptions & PassOptions> {
  return { ...(await judgingOptions(given)), ...(await configurationOf(given)) };
}

/** The options of an analysis but for the configuration of the run. Throws: UsageError, InputError. */
export async function judgingOptions(
  given: Omit<JudgingArguments, keyof ConfigurationPaths>,
): Promise<AnalyzeOptions & PassOptions> {
  const intermediates = readIntermediates(given.intermediates);
  const keyLogs = await readKeyLogs(given.keylog);
  const checksums = readChecksumTrust(given.sumdbKey, given.gosum);
  return {
    anchors: readTrustAnchors(given.roots),
    ...(checksums === undefined ? {} : { checksums }),
    ...(intermediates.length === 0 ? {} : { intermediates }),
    ...(keyLogs.length === 0 ? {} : { keyLogs }),
    ...(given.at === undefined ? {} : { at: given.at }),
    ...(given.host === undefined ? {} : { host: { flow: given.flow!, name: given.host } }),
  };
}

/** The configuration that files and folders tell, as an option; what of them is of no use is told. Throws: InputError. */
export async function configurationOf(paths: ConfigurationPaths): Promise<Pick<AnalyzeOptions, "configuration">> {
  const configuration = await readConfiguration(paths);
  for (const error of configuration?.errors ?? []) printWarning(error);
  return configuration === undefined ? {} : { configuration };
}

/** Warns of what is wrong with settings, where no findings are printed that say so. */
export async function warnOfSettings({ configuration }: Pick<AnalyzeOptions, "configuration">): Promise<void> {
  if (configuration === undefined) return;
  const { checkConfiguration } = await import("../gomod/configuration/checks/checks.ts");
  for (const { severity, title, mend } of checkConfiguration(configuration)) {
    if (severity !== "note") printWarning(`${title}; ${mend}`);
  }
}

function select(analysis: Analysis, given: AnalyzeArguments): { selected: Analysis; flow: Flow | undefined } {
  if (given.flow !== undefined) {
    const flow = analysis.flow(given.flow);
    if (flow === undefined) throw new UsageError(`no flow ${given.flow} in this capture`, flowHint(analysis));
    return { selected: onlyFlow(analysis, flow), flow };
  }
  if (given.only.length === 0) return { selected: analysis, flow: undefined };
  for (const wanted of given.only) {
    const selected = narrowed(analysis, (flow) => isOfInterest(flow, [wanted]));
    if (selected.flows()[Symbol.iterator]().next().done === true) warnOfNothing(wanted, analysis);
  }
  return { selected: narrowed(analysis, (flow) => isOfInterest(flow, given.only)), flow: undefined };
}

function flowHint(analysis: Analysis): string {
  return analysis.flowCount === 0
    ? "it holds no TCP connection"
    : `it holds ${counted(analysis.flowCount, "flow")}, counted from 0`;
}

function warnOfNothing(wanted: string, analysis: Analysis): void {
  const meant = isLabel(wanted) ? undefined : nearest(wanted, [...labels, ...knownHosts(analysis)]);
  printWarning(`no flow is of --only ${wanted}${meant === undefined ? "" : `; did you mean ${meant}?`}`);
}

async function writeCertificates(analysis: Analysis, folder: string): Promise<void> {
  const { writeCertificates: write } = await import("./certificate-files.ts");
  const written = await write(analysis, folder);
  printNote(
    written === 0 ? "no certificates to write: none can be seen" : `wrote ${counted(written, "file")} to ${folder}`,
  );
}

/** Several captures have a folder each. */
function certificateFolder(run: Run, inputs: readonly CaptureFile[], at: number): string {
  const folder = run.given.certs!;
  return run.several ? join(folder, `${at + 1}-${fileNamePart(inputs[0].name)}`) : folder;
}
