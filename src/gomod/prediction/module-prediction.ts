import type { GoConfiguration } from "../configuration/configuration.ts";
import { resolveVariable, valueOf } from "../configuration/resolution.ts";
import { parseChecksumDatabase } from "../checksum-database.ts";
import { wellKnown } from "../endpoints.ts";
import { matchesGlobs } from "../path-match.ts";
import { parseProxyList } from "../proxy-list.ts";
import type { MatchedGlob, ModuleOrigin, ModulePrediction } from "./model.ts";

/**
 * How the files of a module are fetched.
 *
 * Spec: cmd/go/internal/modfetch, proxyList, useSumDB; cmd/go/internal/vcs, vcsPaths.
 */
export function predictModule(configuration: GoConfiguration, path: string): ModulePrediction {
  const list = parseProxyList(valueOf(configuration, "GOPROXY"));
  const exempt = matchedGlob(configuration, "GONOPROXY", path);
  const insecure = matchedGlob(configuration, "GOINSECURE", path);
  const entries = exempt === undefined ? list : [{ kind: "direct", text: "direct", separator: "" } as const];
  const direct = entries.findIndex(({ kind }) => kind === "direct");
  const origin = originOf(path);
  return {
    path,
    entries,
    ...(exempt !== undefined && { exempt }),
    direct: direct === 0 ? "at-once" : direct > 0 ? "after-proxies" : "never",
    checksums: checksumsOf(configuration, path),
    ...(insecure !== undefined && { insecure }),
    ...(origin !== undefined && { origin }),
  };
}

/* The first glob that covers the path; GOPRIVATE where the variable itself is not set. */
function matchedGlob(configuration: GoConfiguration, variable: string, path: string): MatchedGlob | undefined {
  const { value, origin } = resolveVariable(configuration, variable);
  const glob = value.split(",").find((each) => matchesGlobs(each, path));
  if (glob === undefined) return undefined;
  return { variable: origin === "default" ? "GOPRIVATE" : variable, glob };
}

function checksumsOf(configuration: GoConfiguration, path: string): ModulePrediction["checksums"] {
  const value = valueOf(configuration, "GOSUMDB");
  const database = parseChecksumDatabase(value);
  if (database.off) return { asked: false, because: "GOSUMDB is off" };
  if (database.invalid) return { asked: false, because: "GOSUMDB has a value that the go command refuses" };
  if (path === toolchainModule) return toolchainChecksums(configuration, database.name);
  const exempt = matchedGlob(configuration, "GONOSUMDB", path);
  if (exempt !== undefined) return { asked: false, because: `${exempt.glob} in ${exempt.variable} covers ${path}` };
  return { asked: true, because: `GOSUMDB is ${database.name} and no glob of GONOSUMDB covers ${path}` };
}

function toolchainChecksums(configuration: GoConfiguration, database: string): ModulePrediction["checksums"] {
  const list = valueOf(configuration, "GOPROXY");
  if (/^file:\/\/[^,|]*$/.test(list)) return { asked: false, because: "GOPROXY is a folder and nothing else" };
  return { asked: true, because: `toolchains are always checked with ${database}, whatever GONOSUMDB says` };
}

/* A path with a suffix such as .git names its repository; well-known hosts have a table. */
function originOf(path: string): ModuleOrigin | undefined {
  const host = path.split("/", 1)[0].toLowerCase();
  if (!host.includes(".")) return undefined;
  const named = wellKnown(host)?.staticTable === true || /\.(?:git|hg|svn|bzr|fossil)(?:\/|$)/.test(path);
  return { host, by: named ? "table" : "discovery" };
}

/** The module path that Go toolchains are downloaded under. */
const toolchainModule = "golang.org/toolchain";
