import { Option, type Command } from "commander";
import type { ConfigurationReport, SourceReport } from "../gomod/configuration-report.ts";
import type { GoConfiguration } from "../gomod/configuration/configuration.ts";
import { commandOf, configurationOptions, parseCount, readWords, repeatable } from "./arguments.ts";
import { readConfiguration, statedVersion, type ConfigurationPaths } from "./configuration-files.ts";
import { ExitCode, UsageError } from "./errors.ts";
import { Output } from "./output.ts";
import { terminalOf } from "./report-format.ts";

interface EnvArguments extends ConfigurationPaths {
  readonly json?: true;
  readonly url: readonly string[];
  readonly module: readonly string[];
  readonly width?: number;
  readonly color: "auto" | "always" | "never";
}

/** `gomodcap env`: which settings count, what is wrong with them, what they make of a run. Throws: UsageError, InputError. */
export async function envCommand(words: readonly string[]): Promise<ExitCode> {
  let given: EnvArguments | undefined;
  const command = envProgram().action((asked: EnvArguments) => {
    given = asked;
  });
  const printed = readWords(command, words);
  const output = new Output(process.stdout);
  if (given === undefined) {
    await output.write([printed]);
    return ExitCode.Done;
  }
  const { configuration, sources } = await configurationAndSources(given);
  const { reportConfiguration } = await import("../gomod/configuration-report.ts");
  const report = reportConfiguration(configuration, sources, { urls: given.url, modules: given.module });
  if (report.urls.length < given.url.length) throw new UsageError("--url takes a URL with a scheme and a host");
  await output.write(await rendered(report, given));
  return ExitCode.Done;
}

/** The words that `env` knows. */
export function envProgram(): Command {
  const command = commandOf({
    name: "gomodcap env",
    usage: "[options]",
    description: "Shows which settings of the Go command count, what is wrong with them, and what a run must show.",
    examples,
  })
    .addOption(new Option("--json", "for programs"))
    .addOption(repeatable("--env <file|dir>", "configuration of another machine, told apart by content; repeatable"));
  for (const option of configurationOptions()) command.addOption(option);
  return command
    .addOption(repeatable("--url <url>", "which proxy Go and git use for it; repeatable"))
    .addOption(repeatable("--module <path>", "who is asked for it, and whether its checksum is; repeatable"))
    .addOption(new Option("--width <cells>", "width of the report (default: the terminal's)").argParser(parseCount))
    .addOption(new Option("--color <when>", "colours").choices(["auto", "always", "never"]).default("auto"));
}

/** That of the files named, else that of this process. */
async function configurationAndSources(
  given: EnvArguments,
): Promise<{ readonly configuration: GoConfiguration; readonly sources: readonly SourceReport[] }> {
  const configuration = await readConfiguration(given);
  if (configuration === undefined) {
    const { liveConfiguration } = await import("./live-configuration.ts");
    return liveConfiguration(statedVersion(given));
  }
  return { configuration, sources: configuration.sources };
}

async function rendered(report: ConfigurationReport, given: EnvArguments): Promise<Iterable<string>> {
  if (given.json === true) {
    const { renderConfigurationJson } = await import("../report/configuration-json.ts");
    return [renderConfigurationJson(report), "\n"];
  }
  const { renderConfiguration } = await import("../report/configuration-text.ts");
  return renderConfiguration(report, await terminalOf(given));
}

const examples = `
Examples:
  $ gomodcap env
      the settings that a go command started here would have, and where each comes from

  $ gomodcap env --url https://sum.golang.org --module corp.example/team/lib
      the proxy that Go and git use for a URL; who is asked for a module, and whether its checksum is looked up

  $ env > environ.txt; go env -json > go-env.json; gomodcap env --environ environ.txt --go-env-json go-env.json
      those of another machine or of a build, from its files

Without files this process, the file of go env -w and GOROOT/go.env are read; go itself is not run. Credentials are
never shown.
`;
