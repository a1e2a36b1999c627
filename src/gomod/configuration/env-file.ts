import { since, type GoVersion } from "./go-version.ts";

/*
 * The user's file (`go env -w`) and GOROOT/go.env: lines KEY=VALUE. No quotes, no expansion, no blanks trimmed, not even
 * the CR of a file that Windows wrote. Lines that do not begin with A–Z or have no = are passed over.
 *
 * Spec: cmd/go/internal/cfg, readEnvFile.
 */

/** Where the go command runs, as far as files and certificates differ. */
export type Platform = "unix" | "darwin" | "windows" | "plan9";

/** Reads such a file. Later lines win. */
export function parseEnvFile(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const equals = line.indexOf("=");
    if (equals >= 0 && /^[A-Z]/.test(line)) values.set(line.slice(0, equals), line.slice(equals + 1));
  }
  return values;
}

/** Where the user's file is, or why there is none. */
export type UserFile = { readonly path: string } | { readonly none: string };

/**
 * The user's file that a process with this environment reads.
 *
 * Spec: cmd/go/internal/cfg, EnvFile; os.UserConfigDir, which took relative paths up to Go 1.23 at least. An empty
 * variable counts as unset.
 */
export function userFile(variable: (name: string) => string, platform: Platform, version?: GoVersion): UserFile {
  const given = variable("GOENV");
  if (given === "off") return { none: "GOENV=off" };
  if (given !== "") return { path: given };
  switch (platform) {
    case "windows": {
      const folder = variable("AppData") || variable("APPDATA");
      return folder === "" ? { none: "%AppData% is not set" } : { path: `${folder}\\go\\env` };
    }
    case "darwin":
      return below("HOME", "/Library/Application Support/go/env", variable);
    case "plan9":
      return below("home", "/lib/go/env", variable);
    case "unix": {
      const folder = variable("XDG_CONFIG_HOME");
      if (folder === "") return below("HOME", "/.config/go/env", variable);
      if (!folder.startsWith("/") && since(24, version)) return { none: "XDG_CONFIG_HOME is a relative path" };
      return { path: `${folder.replace(/(?<!\/)\/+$/, "")}/go/env` };
    }
  }
}

function below(name: string, path: string, variable: (name: string) => string): UserFile {
  const folder = variable(name);
  return folder === "" ? { none: `${name} is not set` } : { path: folder.replace(/(?<!\/)\/+$/, "") + path };
}
