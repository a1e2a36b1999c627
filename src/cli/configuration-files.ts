import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { GoConfiguration, Origin } from "../gomod/configuration/configuration.ts";
import type { GoVersion } from "../gomod/configuration/go-version.ts";
import { InputError, systemErrorText } from "./errors.ts";

/** The files that tell of a configuration, by the option that named them. */
export interface ConfigurationPaths {
  /** Told apart by their content, or folders of them. */
  readonly env: readonly string[];
  readonly environ?: readonly string[];
  readonly goenv?: readonly string[];
  readonly gorootEnv?: readonly string[];
  readonly goEnvJson?: readonly string[];
  /** What commands printed. */
  readonly log?: readonly string[];
  /** Version of Go. */
  readonly go?: GoVersion;
}

/** Whether some file or folder is named. */
export function namesConfiguration({ env, environ, goenv, gorootEnv, goEnvJson, log }: ConfigurationPaths): boolean {
  return [env, environ, goenv, gorootEnv, goEnvJson, log].some((paths = []) => paths.length > 0);
}

/** The configuration that files and folders tell; undefined where none is named. Throws: InputError. */
export async function readConfiguration(paths: ConfigurationPaths): Promise<GoConfiguration | undefined> {
  const named = kinds.flatMap(([option, origin, key]) => (paths[key] ?? []).map((path) => ({ option, origin, path })));
  if (!namesConfiguration(paths)) return undefined;
  const { mergeConfigurations, parseConfigurationText, parseLogText } =
    await import("../gomod/configuration/configuration.ts");
  const parts = [];
  for (const path of paths.env) {
    for (const { file, origin } of await filesOf(path)) {
      const part = parseConfigurationText(basename(file), await textOf(file, "--env"), origin);
      // Found in a folder rather than named: what a command printed may as well say nothing of modules.
      const isSilentLog = file !== path && basename(file) === outputFile && part.log === undefined;
      if (!isSilentLog) parts.push(part);
    }
  }
  for (const { option, origin, path } of named) {
    parts.push(parseConfigurationText(basename(path), await textOf(path, option), origin));
  }
  for (const path of paths.log ?? []) parts.push(parseLogText(basename(path), await textOf(path, "--log")));
  return mergeConfigurations(parts, paths.go === undefined ? {} : { goVersion: paths.go });
}

const kinds = [
  ["--environ", "environment", "environ"],
  ["--goenv", "user-file", "goenv"],
  ["--goroot-env", "goroot-file", "gorootEnv"],
  ["--go-env-json", "go-env", "goEnvJson"],
] as const;

/** The text of a file that an option names. Throws: InputError. */
export async function textOf(path: string, option: string): Promise<string> {
  return (await bytesOf(path, option)).toString("utf8");
}

/** The bytes of a file that an option names. Throws: InputError. */
export async function bytesOf(path: string, option: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new InputError(`${option} ${path}: ${systemErrorText(error)}`);
  }
}

async function filesOf(path: string): Promise<{ readonly file: string; readonly origin?: Origin }[]> {
  if (!(await isFolder(path))) return [{ file: path }];
  const files = [];
  for (const [name, origin] of folderFiles) {
    const file = join(path, name);
    if (await exists(file)) files.push({ file, ...(origin !== undefined && { origin }) });
  }
  if (files.length > 0) return files;
  throw new InputError(`--env ${path}: no configuration in this folder`, `put ${folderNames.join(", ")} there`);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new InputError(`--env ${path}: ${systemErrorText(error)}`);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

const outputFile = "stderr.txt";
/** Names of files in a folder, and what they are where it is not told by their content. */
const folderFiles: readonly (readonly [name: string, origin?: Origin])[] = [
  ["go-env.json"],
  ["env.json"],
  ["environ.txt", "environment"],
  ["goenv.txt", "user-file"],
  ["go.env", "goroot-file"],
  [outputFile],
];
/** Names of the files that tell of a configuration where a folder is given. */
export const folderNames: readonly string[] = folderFiles.map(([name]) => name);
