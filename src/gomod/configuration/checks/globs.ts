import { isGlob, matchesPath } from "../../path-match.ts";
import { parseProxyList } from "../../proxy-list.ts";
import type { GoConfiguration } from "../configuration.ts";
import { resolveVariable, valueOf } from "../resolution.ts";
import { shownSetting, shownValue } from "../shown.ts";
import { sourceOf } from "./sources.ts";
import type { ConfigurationWarning } from "./warning.ts";

/** What is wrong with the globs of GOPRIVATE and its kin. Spec: golang.org/x/mod/module, MatchPrefixPatterns. */
export function* globWarnings(configuration: GoConfiguration): Iterable<ConfigurationWarning> {
  for (const name of ["GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE"]) {
    const value = configuration.variables.get(name)?.value ?? "";
    /* What go env prints of GONOPROXY and GONOSUMDB is GOPRIVATE where they are not set. */
    if (name !== "GOPRIVATE" && value === configuration.variables.get("GOPRIVATE")?.value) continue;
    for (const glob of shownValue(name, value).split(",")) {
      const wrong = glob === "" ? undefined : wrongGlob(name, glob);
      if (wrong !== undefined) yield { variable: name, ...sourceOf(configuration, name), ...wrong };
    }
  }
  yield* overridden(configuration);
  yield* insecure(configuration);
}

type Words = Pick<ConfigurationWarning, "id" | "severity" | "title" | "reason" | "mend">;

function wrongGlob(name: string, glob: string): Words | undefined {
  const trimmed = glob.trim();
  if (trimmed !== glob) {
    return {
      id: "glob-space",
      severity: "warning",
      title: `"${glob}" in ${name} matches nothing: a blank is part of it`,
      reason: "entries are separated by commas alone, and blanks are not trimmed",
      mend: `write it without blanks: ${trimmed === "" ? "take it out" : trimmed}`,
    };
  }
  const never = neverReason(glob);
  if (never !== undefined) {
    return { id: "glob-never-matches", severity: "warning", title: `${glob} in ${name} matches no module`, ...never };
  }
  if (glob !== "*" && glob !== "*/") return undefined;
  return {
    id: "glob-matches-all",
    severity: "note",
    title: `${glob} in ${name} matches every module, public ones too`,
    reason: effects[name] ?? "",
    mend: "name your own hosts instead",
  };
}

const effects: Readonly<Record<string, string>> = {
  GOPRIVATE: "no module proxy and no checksum database is asked, as if GOPROXY=direct and GOSUMDB=off",
  GONOPROXY: "no module proxy is asked, as if GOPROXY=direct",
  GONOSUMDB: "no module is checked with the checksum database",
  GOINSECURE: "in direct mode no certificate is checked, and http:// is tried",
};

function neverReason(glob: string): Pick<Words, "reason" | "mend"> | undefined {
  const first = glob.split("/", 1)[0];
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(glob)) {
    return {
      reason: "globs are compared with module paths, which have no scheme",
      mend: `write ${glob.replace(/^.*?:\/\/(?:\*\*\*@)?/, "")}`,
    };
  }
  if (glob.includes("@")) return { reason: "module paths have no user and no version", mend: "write HOST/PATH" };
  if (/:/.test(first)) return { reason: "module paths have no port", mend: `write ${glob.replace(/:[^/]*/, "")}` };
  if (/[;|\s]/.test(glob))
    return { reason: "entries are separated by commas alone", mend: "put commas between the entries" };
  if (/["'“”‘’]/.test(glob))
    return { reason: "quotes are part of the glob", mend: `write ${glob.replace(/["'“”‘’]/g, "")}` };
  if (glob.startsWith("/"))
    return { reason: "module paths do not begin with a slash", mend: `write ${glob.replace(/^\/+/, "")}` };
  if (glob.includes("//"))
    return { reason: "no element of a module path is empty", mend: `write ${glob.replace(/\/+/g, "/")}` };
  if (glob.startsWith(".")) {
    return {
      reason: "a dot in front stands for no subdomains here, unlike in NO_PROXY",
      mend: `write ${glob.slice(1)},*${glob}`,
    };
  }
  if (!isGlob(glob)) {
    return {
      reason: "its brackets or backslashes do not make a pattern",
      mend: "write * for any characters but a slash",
    };
  }
  return undefined;
}

function* overridden(configuration: GoConfiguration): Iterable<ConfigurationWarning> {
  const general = valueOf(configuration, "GOPRIVATE");
  if (general === "") return;
  for (const name of ["GONOPROXY", "GONOSUMDB"]) {
    const { value, origin } = resolveVariable(configuration, name);
    if (origin === "default" || value === general) continue;
    yield {
      id: "goprivate-overridden",
      severity: "note",
      variable: name,
      ...sourceOf(configuration, name),
      title: `${shownSetting(name, value)} takes the place of ${shownSetting("GOPRIVATE", general)}; it does not add to it`,
      reason: `GOPRIVATE is but the default of ${name}`,
      mend: `put all globs into ${name}, or unset it: go env -u ${name}`,
    };
  }
}

function* insecure(configuration: GoConfiguration): Iterable<ConfigurationWarning> {
  const value = valueOf(configuration, "GOINSECURE");
  if (value === "") return;
  const common = { variable: "GOINSECURE", ...sourceOf(configuration, "GOINSECURE") } as const;
  const servers = parseProxyList(valueOf(configuration, "GOPROXY")).flatMap(({ url }) =>
    url === undefined ? [] : [url.host],
  );
  const database = configuration.checksumDatabase?.url?.host;
  if (database !== undefined) servers.push(database);
  const named = servers.find((host) => value.split(",").some((glob) => matchesPath(glob.replace(/:\d+$/, ""), host)));
  if (named !== undefined) {
    yield {
      ...common,
      id: "goinsecure-host",
      severity: "warning",
      title: `GOINSECURE names ${named}, and Go still checks its certificate`,
      reason:
        "GOINSECURE is a list of module paths fetched in direct mode; it does nothing for module proxies and checksum databases",
      mend: "give Go the authority of that server: SSL_CERT_FILE=ca.pem, or install it",
    };
  }
  if (valueOf(configuration, "GONOSUMDB") === "" && valueOf(configuration, "GOSUMDB") !== "off") {
    yield {
      ...common,
      id: "goinsecure-checksums",
      severity: "note",
      title: "modules of GOINSECURE are still looked up in the checksum database",
      reason: "GOINSECURE does not imply GONOSUMDB",
      mend: `if they are private: go env -w ${shownSetting("GONOSUMDB", value)}`,
    };
  }
}
