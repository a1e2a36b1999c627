import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { GoConfiguration } from "../gomod/configuration/configuration.ts";
import { InputError, systemErrorText } from "./errors.ts";

/** The configuration that the files and folders of `--env` tell; the later ones win. Throws: InputError. */
export async function readConfiguration(paths: readonly string[]): Promise<GoConfiguration | undefined> {
  if (paths.length === 0) return undefined;
  const { mergeConfigurations, parseConfigurationText } = await import("../gomod/configuration/configuration.ts");
  const parts = [];
  for (const path of paths) {
    for (const file of await filesOf(path)) {
      const part = parseConfigurationText(basename(file), await textOf(file, "--env"));
      // Found in a folder rather than named: what a command printed may as well say nothing of modules.
      const isSilentLog = file !== path && basename(file) === outputFile && part.log === undefined;
      if (!isSilentLog) parts.push(part);
    }
  }
  return mergeConfigurations(parts);
}

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

async function filesOf(path: string): Promise<string[]> {
  if (!(await isFolder(path))) return [path];
  const files: string[] = [];
  for (const name of folderFiles) {
    const file = join(path, name);
    if (await exists(file)) files.push(file);
  }
  if (files.length === 0)
    throw new InputError(`--env ${path}: no configuration in this folder`, `put ${folderFiles.join(", ")} there`);
  return files;
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

/** As captures/ names them; the environment is stronger than `go env`, so it comes later. */
const outputFile = "stderr.txt";
export const folderFiles: readonly string[] = ["go-env.json", "env.json", outputFile];
