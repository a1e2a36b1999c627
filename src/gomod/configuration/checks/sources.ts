import { since } from "../go-version.ts";
import type { GoConfiguration } from "../configuration.ts";
import { cameWith, isRequestVariable } from "../names.ts";
import { resolveVariables, userFileOf, valueOf } from "../resolution.ts";
import { shownValue } from "../shown.ts";
import type { ConfigurationWarning } from "./warning.ts";

/** Settings that lose against others, stand where nothing reads them, or have names that nothing reads. */
export function* sourceWarnings(configuration: GoConfiguration): Iterable<ConfigurationWarning> {
  yield* losers(configuration);
  yield* misnamed(configuration);
  yield* files(configuration);
  yield* modes(configuration);
}

function* losers(configuration: GoConfiguration): Iterable<ConfigurationWarning> {
  for (const { name, value, origin, shadowed, unread } of resolveVariables(configuration)) {
    const stored = shadowed.find((setting) => setting.origin === "user-file");
    if (origin === "environment" && stored !== undefined && stored.value !== value) {
      yield {
        id: "shadowed-by-environment",
        severity: "warning",
        variable: name,
        source: stored.source,
        title: `${name} of go env -w is not used: the environment has another value`,
        reason: `the environment is stronger than the file of go env -w, where it is ${shownValue(name, stored.value)}`,
        mend: `unset ${name} where it is exported, or take the stored one away: go env -u ${name}`,
      };
    }
    const isKnown = since(cameWith(name), configuration.goVersion);
    for (const setting of unread.filter((each) => each.origin !== "goroot-file" || isRequestVariable(name))) {
      if (!isKnown) {
        yield unknownYet(name, setting.source, configuration.goVersion!.text);
        break;
      }
      yield {
        id: "not-read-from-file",
        severity: "warning",
        variable: name,
        source: setting.source,
        title: `${name} in ${setting.source} is shown by go env and used by nothing`,
        reason: isRequestVariable(name)
          ? "requests read it from the process environment alone"
          : "the go command reads it from the process environment alone",
        mend: `export ${name}=… in the environment of the process, and remove the line from ${setting.source}`,
      };
    }
  }
}

function unknownYet(variable: string, source: string, version: string): ConfigurationWarning {
  return {
    id: "unknown-to-version",
    severity: "note",
    variable,
    source,
    title: `${variable} is not known to ${version}`,
    reason: `it came with Go 1.${cameWith(variable)}`,
    mend: `use Go 1.${cameWith(variable)} or later, or take ${variable} away`,
  };
}

function* misnamed({ misnamed: names, platform }: GoConfiguration): Iterable<ConfigurationWarning> {
  for (const { name, meant, source } of names) {
    /* Windows does not tell case apart. */
    if (platform === "windows" && name.toUpperCase() === meant) continue;
    yield {
      id: "no-such-variable",
      severity: "warning",
      variable: name,
      source,
      title: `${name} is no variable of any version of Go`,
      reason: `nothing reads it; ${meant} is probably meant`,
      mend: `set ${meant} instead`,
    };
  }
}

function* files(configuration: GoConfiguration): Iterable<ConfigurationWarning> {
  const { settings, variables, goVersion, origins } = configuration;
  for (const [name, list] of settings) {
    /* Its entries are trimmed. */
    if (name === "GOPROXY") continue;
    const broken = list.find(({ origin, value }) => origin === "user-file" && value.endsWith("\r"));
    if (broken === undefined) continue;
    yield {
      id: "carriage-return",
      severity: "error",
      variable: name,
      source: broken.source,
      title: `${name} in ${broken.source} ends in a carriage return`,
      reason: "the file has the line ends of Windows, and Go takes the CR for part of the value",
      mend: `write it again: go env -w ${name}=…`,
    };
  }
  for (const name of ["GOPROXY", "GOSUMDB"]) {
    const found = variables.get(name);
    if ((found?.origin !== "user-file" && found?.origin !== "go-env") || found.value !== "" || !since(21, goVersion))
      continue;
    yield {
      id: "empty-hides-default",
      severity: "error",
      variable: name,
      source: found.source,
      title: `${name} is set to nothing in ${found.source}, which hides the default`,
      reason: `from Go 1.21 on the default stands in GOROOT/go.env, which an empty line of this file overrides`,
      mend: `go env -u ${name}`,
    };
  }
  if (!origins.has("environment") || origins.has("user-file")) return;
  const file = userFileOf(configuration);
  if ("none" in file && file.none !== "GOENV=off") {
    yield {
      id: "no-user-file",
      severity: "note",
      variable: "GOENV",
      title: "Go reads nothing of what go env -w stored",
      reason: `${file.none}, so there is no file of the user`,
      mend: "set it, or GOENV to the file; services and sudo often lack it",
    };
  }
}

function* modes(configuration: GoConfiguration): Iterable<ConfigurationWarning> {
  const mode = configuration.variables.get("GO111MODULE");
  if (mode?.value === "off") {
    yield {
      id: "modules-off",
      severity: "warning",
      variable: "GO111MODULE",
      source: mode.source,
      title: "GO111MODULE=off: none of the module settings is used",
      reason: "go get then clones repositories into GOPATH, or refuses",
      mend: "unset GO111MODULE, or set it to on",
    };
  }
  if (/(?:^|\s)--?insecure\b/.test(valueOf(configuration, "GOFLAGS"))) {
    yield {
      id: "insecure-flag",
      severity: "warning",
      variable: "GOFLAGS",
      ...sourceOf(configuration, "GOFLAGS"),
      title: "-insecure in GOFLAGS stops go get, and other commands do not read it",
      reason: "go get refuses the flag since Go 1.17",
      mend: "name the module paths in GOINSECURE, and in GONOSUMDB if they are not public",
    };
  }
}

/** Where the value that counts was read, as a field of a warning. */
export function sourceOf({ variables }: GoConfiguration, name: string): { readonly source?: string } {
  const source = variables.get(name)?.source;
  return source === undefined ? {} : { source };
}
