import type { GoConfiguration, Origin, Setting } from "./configuration.ts";
import { userFile, type UserFile } from "./env-file.ts";
import { gitProxyKey } from "./git-settings.ts";
import { since } from "./go-version.ts";
import { cameWith, goVariables, isEnvironmentOnly, isRequestVariable, requestVariables } from "./names.ts";

/** What a variable is, and why. The values may hold credentials. */
export interface ResolvedVariable {
  readonly name: string;
  readonly value: string;
  readonly origin: Origin | "default";
  /** The file; absent for a default. */
  readonly source?: string;
  /** The same variable at weaker places, strongest first. */
  readonly shadowed: readonly Setting[];
  /** Set where nothing reads it. */
  readonly unread: readonly Setting[];
  /** No source that was given tells it, and one that could was not given. */
  readonly assumed: boolean;
}

/** Every variable of module traffic that is set somewhere or that the go command has a default for, in a fixed order. */
export function resolveVariables(configuration: GoConfiguration): readonly ResolvedVariable[] {
  const ofGit = [...configuration.settings.keys()].filter((name) => gitProxyKey(name) !== undefined);
  return [...goVariables, ...requestVariables, ...ofGit]
    .map((name) => resolveVariable(configuration, name))
    .filter(({ name, value, shadowed, unread }) => {
      return value !== "" || shadowed.length + unread.length > 0 || shownWhenEmpty.has(name);
    });
}

/** Looks one variable up as the go command does. Spec: cmd/go/internal/cfg, Getenv, EnvOrAndChanged. */
export function resolveVariable(configuration: GoConfiguration, name: string): ResolvedVariable {
  const list = (configuration.settings.get(name) ?? []).filter(({ value }) => value !== "");
  const found = configuration.variables.get(name);
  const unread = list.filter((setting) => setting !== found && !isRead(configuration, name, setting));
  const shadowed = list.filter((setting) => setting !== found && !unread.includes(setting));
  const common = { name, shadowed, unread };
  if (found !== undefined && found.value !== "") {
    return { ...common, value: found.value, origin: found.origin, source: found.source, assumed: false };
  }
  const value = defaultValue(configuration, name);
  return { ...common, value, origin: "default", assumed: found === undefined && isAssumed(configuration, name) };
}

/** The value that counts; the default where nothing sets it. */
export function valueOf(configuration: GoConfiguration, name: string): string {
  const value = configuration.variables.get(name)?.value ?? "";
  return value === "" ? defaultValue(configuration, name) : value;
}

function isRead({ goVersion }: GoConfiguration, name: string, { origin }: Setting): boolean {
  if (!since(cameWith(name), goVersion)) return false;
  if (isEnvironmentOnly(name)) return origin === "environment" || (origin === "go-env" && !isRequestVariable(name));
  return origin !== "goroot-file" || since(21, goVersion);
}

/* From Go 1.21 on the defaults of these stand in GOROOT/go.env, and what is compiled in is nothing. */
const inGoRoot: ReadonlyMap<string, string> = new Map([
  ["GOPROXY", "https://proxy.golang.org,direct"],
  ["GOSUMDB", "sum.golang.org"],
  ["GOTOOLCHAIN", "auto"],
]);

function defaultValue(configuration: GoConfiguration, name: string): string {
  const { goVersion, origins, variables } = configuration;
  if (!since(cameWith(name), goVersion)) return "";
  const shipped = inGoRoot.get(name);
  if (shipped !== undefined) {
    if (!since(21, goVersion)) return shipped;
    /* An empty line of the user's file hides that of GOROOT/go.env, and a go.env that was given has none. */
    return variables.has(name) || origins.has("goroot-file") ? "" : shipped;
  }
  switch (name) {
    case "GONOPROXY":
    case "GONOSUMDB":
      return valueOf(configuration, "GOPRIVATE");
    case "GOAUTH":
      return "netrc";
    case "GOENV":
      return userFilePath(configuration);
    default:
      return "";
  }
}

function userFilePath(configuration: GoConfiguration): string {
  if (!configuration.origins.has("environment")) return "";
  const file = userFileOf(configuration);
  return "path" in file ? file.path : "";
}

/** The user's file that a process with the environment given reads. */
export function userFileOf(configuration: GoConfiguration): UserFile {
  const { platform, goVersion } = configuration;
  return userFile((name) => environmentValue(configuration, name), platform, goVersion);
}

/** What a process environment that was given has for a variable; empty where it has none. */
export function environmentValue({ settings }: GoConfiguration, name: string): string {
  return settings.get(name)?.find(({ origin }) => origin === "environment")?.value ?? "";
}

function isAssumed(configuration: GoConfiguration, name: string): boolean {
  const { origins, goVersion } = configuration;
  if (isRequestVariable(name)) return !origins.has("environment");
  if (origins.has("go-env")) return false;
  if (!origins.has("environment")) return true;
  if (isEnvironmentOnly(name)) return false;
  if (!origins.has("user-file") && "path" in userFileOf(configuration)) return true;
  return inGoRoot.has(name) && since(21, goVersion) && !origins.has("goroot-file");
}

const shownWhenEmpty = new Set(["GOPROXY", "GOSUMDB", "GOPRIVATE", "HTTPS_PROXY", "NO_PROXY"]);
