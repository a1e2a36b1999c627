import { statSync } from "node:fs";
import { basename, join } from "node:path";
import type { GoConfiguration, Origin } from "../gomod/configuration/configuration.ts";
import { parseGoVersion, type GoVersion } from "../gomod/configuration/go-version.ts";
import { InputError, systemErrorText, UsageError } from "./errors.ts";
import { contentKind } from "./content-kind.ts";
import { bytesOf, statAt } from "./files.ts";

/** What tells of a configuration, by the option that named it. */
export interface ConfigurationPaths {
  /** Files told apart by their content, folders of them, and `KIND=FILE`, which says what a file is. */
  readonly env: readonly string[];
  readonly environ?: readonly string[];
  readonly goenv?: readonly string[];
  readonly gorootEnv?: readonly string[];
  readonly goEnvJson?: readonly string[];
  readonly gitConfig?: readonly string[];
  /** What commands printed. */
  readonly log?: readonly string[];
  /** Version of Go. */
  readonly go?: GoVersion;
}

/** Kinds of files, as `--env KIND=FILE` and the option of that name say them. */
const kinds = {
  environ: "environment",
  goenv: "user-file",
  "goroot-env": "goroot-file",
  "go-env-json": "go-env",
  "git-config": "git-config",
} as const satisfies Record<string, Origin>;
/** `any`: its content tells; `go` is no file. */
type Kind = keyof typeof kinds | "log" | "any" | "go";

function originOf(kind: Kind): Origin | undefined {
  return Object.hasOwn(kinds, kind) ? kinds[kind as keyof typeof kinds] : undefined;
}

interface Source {
  readonly kind: Kind;
  /** A version where the kind is `go`. */
  readonly path: string;
  readonly option: string;
}

/** What an argument of `--env` names. A file whose name begins like a kind is named `./environ=x`. */
function parseSource(text: string): Pick<Source, "kind" | "path"> {
  const [, kind = "", path = ""] = /^([a-z-]+)=(.+)$/s.exec(text) ?? [];
  const isKind = kind === "go" || kind === "log" || Object.hasOwn(kinds, kind);
  return isKind ? { kind: kind as Kind, path } : { kind: "any", path: text };
}

/** The argument with its path changed. */
export function withPath(text: string, change: (path: string) => string): string {
  const { kind, path } = parseSource(text);
  if (kind === "go") return text;
  return kind === "any" ? change(path) : `${kind}=${change(path)}`;
}

function sourcesOf({ env, log, environ, goenv, gorootEnv, goEnvJson, gitConfig }: ConfigurationPaths): Source[] {
  const explicit: readonly [Kind, readonly string[] | undefined][] = [
    ["environ", environ],
    ["goenv", goenv],
    ["goroot-env", gorootEnv],
    ["go-env-json", goEnvJson],
    ["git-config", gitConfig],
    ["log", log],
  ];
  return [
    ...explicit.flatMap(([kind, paths = []]) => paths.map((path) => ({ kind, path, option: `--${kind}` }))),
    ...env.map((text) => ({ ...parseSource(text), option: "--env" })),
  ];
}

/** Whether some file or folder is named. */
export function namesConfiguration(paths: ConfigurationPaths): boolean {
  return sourcesOf(paths).some(({ kind }) => kind !== "go");
}

/** The configuration that files and folders tell; undefined where none is named. Throws: InputError. */
export async function readConfiguration(paths: ConfigurationPaths): Promise<GoConfiguration | undefined> {
  if (!namesConfiguration(paths)) return undefined;
  const { mergeConfigurations, parseConfigurationText, parseLogText } =
    await import("../gomod/configuration/configuration.ts");
  const parts = [];
  for (const source of sourcesOf(paths)) {
    for (const { file, kind, isFound } of filesOf(source)) {
      const [name, text] = [basename(file), settingsText(file, source.option)];
      const part = kind === "log" ? parseLogText(name, text) : parseConfigurationText(name, text, originOf(kind));
      // Found in a folder rather than named: what a command printed may as well say nothing of modules.
      if (!(isFound && name === outputFile && part.log === undefined)) parts.push(part);
    }
  }
  const goVersion = statedVersion(paths);
  return mergeConfigurations(parts, goVersion === undefined ? {} : { goVersion });
}

/** The version of Go that options name. Throws: UsageError. */
export function statedVersion({ env, go }: ConfigurationPaths): GoVersion | undefined {
  const last = env.map(parseSource).findLast(({ kind }) => kind === "go");
  return last === undefined ? go : parseVersion(last.path);
}

/** A version of Go as an option gives it. Throws: UsageError. */
export function parseVersion(text: string): GoVersion {
  const version = parseGoVersion(text);
  if (version === undefined) throw new UsageError(`${text} is no version of Go`, "give a version as go1.26.8");
  return version;
}

/** Throws: InputError. */
function settingsText(file: string, option: string): string {
  const bytes = bytesOf(file, option);
  const kind = contentKind(bytes);
  if (kind !== "a packet capture" && kind !== "a compressed file") return bytes.toString("utf8");
  throw new InputError(`${option} ${file}: this is ${kind}, no text of settings`, settingsHint);
}

const settingsHint = "give the output of `go env -json`, or a folder that has it; captures are named without an option";

interface SourceFile {
  readonly file: string;
  readonly kind: Kind;
  /** In a folder that was named. */
  readonly isFound: boolean;
}

function filesOf({ kind, path, option }: Source): SourceFile[] {
  if (kind === "go") return [];
  if (kind !== "any" || !isFolder(path, option)) return [{ file: path, kind, isFound: false }];
  const files: SourceFile[] = [];
  for (const [name, known = "any"] of folderFiles) {
    const file = join(path, name);
    if (statAt(file) !== undefined) files.push({ file, kind: known, isFound: true });
  }
  if (files.length > 0) return files;
  throw new InputError(`${option} ${path}: no configuration in this folder`, `put ${folderNames.join(", ")} there`);
}

function isFolder(path: string, option: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw new InputError(`${option} ${path}: ${systemErrorText(error)}`);
  }
}

const outputFile = "stderr.txt";
/** Names of files in a folder, and what they are where it is not told by their content. */
const folderFiles: readonly (readonly [name: string, kind?: Kind])[] = [
  ["go-env.json"],
  ["env.json"],
  ["environ.txt", "environ"],
  ["goenv.txt", "goenv"],
  ["go.env", "goroot-env"],
  ["git-config.txt", "git-config"],
  [outputFile],
];
/** Names of the files that tell of a configuration where a folder is given. */
export const folderNames: readonly string[] = folderFiles.map(([name]) => name);
