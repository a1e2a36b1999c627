import { realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import type { SourceReport } from "../gomod/configuration-report.ts";
import {
  mergeConfigurations,
  parseConfigurationText,
  type ConfigurationPart,
  type GoConfiguration,
} from "../gomod/configuration/configuration.ts";
import { userFile, type Platform } from "../gomod/configuration/env-file.ts";
import { parseGoVersion, type GoVersion } from "../gomod/configuration/go-version.ts";
import { systemErrorText } from "./errors.ts";

/**
 * The configuration that a go command started here would have: this process's environment, the user's file and that of
 * GOROOT. The go command itself is not run.
 */
export async function liveConfiguration(
  given: GoVersion | undefined,
): Promise<{ readonly configuration: GoConfiguration; readonly sources: readonly SourceReport[] }> {
  const platform = platforms[process.platform] ?? "unix";
  const environment = Object.entries(process.env).map(([name, value = ""]) => `${name}=${value}`);
  const parts: ConfigurationPart[] = [
    parseConfigurationText("this process", `${environment.join("\0")}\0`, "environment"),
  ];
  const sources: SourceReport[] = [{ origin: "environment", name: "this process" }];
  const add = async (origin: "user-file" | "goroot-file", path: string): Promise<void> => {
    const text = await textIn(path);
    if ("text" in text) parts.push(parseConfigurationText(path, text.text, origin));
    /* A file that is not there sets nothing, which is to be known as well. */
    else parts.push(parseConfigurationText(path, "", origin));
    sources.push({ origin, name: path, ...("missing" in text && { missing: text.missing }) });
  };
  const file = userFile((name) => process.env[name] ?? "", platform, given);
  if ("path" in file) await add("user-file", file.path);
  else sources.push({ origin: "user-file", name: "none", missing: file.none });
  const root = goRoot(parts);
  if (root === undefined) sources.push({ origin: "goroot-file", name: "none", missing: "no Go found in PATH" });
  else await add("goroot-file", join(root, "go.env"));
  const version = root === undefined ? undefined : await textIn(join(root, "VERSION"));
  const found = version !== undefined && "text" in version ? parseGoVersion(version.text) : undefined;
  const goVersion = given ?? found;
  return {
    configuration: mergeConfigurations(parts, { platform, ...(goVersion !== undefined && { goVersion }) }),
    sources,
  };
}

const platforms: Partial<Record<NodeJS.Platform, Platform>> = { win32: "windows", darwin: "darwin" };

async function textIn(path: string): Promise<{ readonly text: string } | { readonly missing: string }> {
  try {
    return { text: await readFile(path, "utf8") };
  } catch (error) {
    return { missing: systemErrorText(error) };
  }
}

/** GOROOT as set, the user's file first; else the folder above that of the go command. Spec: cmd/go/internal/cfg, findGOROOT. */
function goRoot(parts: readonly ConfigurationPart[]): string | undefined {
  const stored = parts.find(({ origin }) => origin === "user-file")?.variables.get("GOROOT");
  const set = stored === undefined || stored === "" ? process.env["GOROOT"] : stored;
  if (set !== undefined && set !== "") return set;
  const command = process.platform === "win32" ? "go.exe" : "go";
  for (const folder of (process.env["PATH"] ?? "").split(delimiter).filter((each) => each !== "")) {
    try {
      return dirname(dirname(realpathSync(join(folder, command))));
    } catch {
      continue;
    }
  }
  return undefined;
}
