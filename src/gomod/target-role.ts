import type { Role } from "../flow/model.ts";
import type { LoggedRequest } from "./command-log.ts";
import type { GoConfiguration } from "./configuration/configuration.ts";
import { wellKnown } from "./endpoints.ts";
import { inferred } from "./neighbourhood.ts";
import type { RoleVerdict } from "./neighbourhood.ts";
import { isModuleRequest, toolchainModule } from "./requests.ts";
import type { GoRequestKind } from "../flow/vocabulary.ts";
import type { FirstRequest, TargetFacts } from "./target-facts.ts";

/** What the requests seen at a target make of it; undefined where they say nothing. */
export function requestedRole(facts: TargetFacts, configuration: GoConfiguration | undefined): RoleVerdict | undefined {
  const module = facts.earliest(isModuleRequest);
  if (module !== undefined && !(facts.onlyRedirected && !isModuleProxy(facts, configuration))) {
    const role = onlyToolchains(facts) ? "toolchain" : "module-proxy";
    return bySight(role, module, "asked for a module");
  }
  if (facts.mirrored !== undefined && !isDatabase(facts, configuration)) {
    return bySight("module-proxy", facts.mirrored, "asked a module proxy for the checksum database behind it");
  }
  for (const [kinds, role, what] of roleKinds) {
    const first = facts.earliest((kind) => kinds.has(kind));
    if (first !== undefined) return bySight(role, first, what);
  }
  const { redirected, strayed, served } = facts;
  if (redirected !== undefined) return bySight("storage", redirected, "was redirected to it");
  if (strayed === undefined) return undefined;
  return served
    ? bySight("storage", strayed, "was redirected to a file there")
    : bySight("other", strayed, "was redirected to what seems a page there");
}

/** What a page says of a target by a go-import tag. */
export function taggedRole({ tagged }: TargetFacts): RoleVerdict | undefined {
  if (tagged === undefined) return undefined;
  const { first, vcs } = tagged;
  return bySight(vcs === "mod" ? "module-proxy" : "vcs", first, `was answered by a page that names it for ${vcs}`);
}

const roleKinds: readonly (readonly [kinds: ReadonlySet<GoRequestKind>, role: Role, what: string])[] = [
  [new Set<GoRequestKind>(["lookup", "tile"]), "sumdb", "asked a checksum database"],
  [new Set<GoRequestKind>(["git-refs", "git-upload-pack", "git-receive-pack"]), "vcs", "is git's"],
  [new Set<GoRequestKind>(["supported"]), "module-proxy", "asked whether it mirrors a checksum database"],
  [new Set<GoRequestKind>(["discovery"]), "discovery", "asked where an import path lives"],
  [new Set<GoRequestKind>(["toolchain"]), "toolchain", "asked for a Go toolchain"],
  [new Set<GoRequestKind>(["storage"]), "storage", "asked for a zip of proxy.golang.org"],
  [new Set<GoRequestKind>(["telemetry"]), "other", "uploads Go telemetry"],
];

/* A module proxy may send to another one. */
function isModuleProxy(facts: TargetFacts, configuration: GoConfiguration | undefined): boolean {
  return (namedRole(facts, configuration) ?? wellKnown(facts.host))?.role === "module-proxy";
}

const toolchainHosts = new Set(["go.dev", "golang.org", "golang.google.cn", "dl.google.com"]);

function onlyToolchains({ host, modules }: TargetFacts): boolean {
  return toolchainHosts.has(host) && [...modules.keys()].every((module) => module === toolchainModule);
}

function isDatabase({ host, port }: TargetFacts, configuration: GoConfiguration | undefined): boolean {
  const url = configuration?.checksumDatabase?.url;
  return url !== undefined && url.host === host && url.port === port;
}

function bySight(role: Role, { frame, grade, path }: FirstRequest, what: string): RoleVerdict {
  const shown = path.length > 100 ? `${path.slice(0, 100)}…` : path;
  return { role, evidence: { grade, because: `the request for ${shown} ${what}`, frame } };
}

/** What the configuration and the command's own log say of a target. */
export function configuredRole(facts: TargetFacts, configuration?: GoConfiguration): RoleVerdict | undefined {
  return namedRole(facts, configuration) ?? loggedRole(facts, configuration);
}

/** What GOPROXY and GOSUMDB say of a target. */
export function namedRole({ host, port }: TargetFacts, configuration?: GoConfiguration): RoleVerdict | undefined {
  if (configuration?.proxyList?.some(({ url }) => url?.host === host && url.port === port) === true) {
    return inferred("module-proxy", `GOPROXY${origin(configuration, "GOPROXY")} names ${host}`);
  }
  const database = configuration?.checksumDatabase?.url;
  if (database?.host !== host || database.port !== port) return undefined;
  return inferred("sumdb", `GOSUMDB${origin(configuration, "GOSUMDB")} names ${host}`);
}

function loggedRole(facts: TargetFacts, configuration?: GoConfiguration): RoleVerdict | undefined {
  const logged = loggedHere(facts, configuration);
  const spoken = logged.find(({ kind }) => isModuleRequest(kind));
  if (spoken !== undefined) {
    const role = toolchainHosts.has(facts.host) && spoken.module === toolchainModule ? "toolchain" : "module-proxy";
    return inferred(role, `${spoken.source} has module requests to ${facts.host}`);
  }
  for (const [kinds, role, what] of roleKinds) {
    const request = logged.find(({ kind, database }) => kinds.has(kind) && database === undefined);
    if (request !== undefined) return inferred(role, `a request to ${facts.host} in ${request.source} ${what}`);
  }
  return undefined;
}

function loggedHere({ host, port }: TargetFacts, configuration?: GoConfiguration): readonly LoggedRequest[] {
  return configuration?.log.requests.filter((request) => request.host === host && request.port === port) ?? [];
}

/** Whether the command's log has modules fetched here only after it had asked where they live. */
export function isLoggedOrigin(facts: TargetFacts, configuration?: GoConfiguration): boolean {
  const discovered = new DiscoveredModules();
  const fetched = new Map<string, number>();
  for (const [at, request] of (configuration?.log.requests ?? []).entries()) {
    const { kind, module = "", host, port } = request;
    if (kind === "discovery") discovered.note(module, at);
    if (!isModuleRequest(kind) || host !== facts.host || port !== facts.port || fetched.has(module)) continue;
    fetched.set(module, at);
  }
  return discovered.cover(fetched);
}

function origin(configuration: GoConfiguration | undefined, name: string): string {
  const source = configuration?.variables.get(name)?.source;
  return source === undefined ? "" : ` in ${source}`;
}

/**
 * What a public host is known for. Storage counts only for a Go program, or where no program got to say a word, and only
 * behind the first frame to a module proxy.
 */
export function wellKnownRole(facts: TargetFacts, firstProxyFrame: number): RoleVerdict | undefined {
  const known = wellKnown(facts.host);
  if (known === undefined) return undefined;
  const foreign = facts.spoken && !facts.programs.includes("go");
  const unfounded = foreign || facts.firstFrame < firstProxyFrame;
  if (known.role === "storage" && unfounded) return undefined;
  return inferred(known.role, `${facts.host} ${known.because}`);
}

/** Import paths that `?go-get=1` asked about, to tell a module proxy that a go-import tag named. */
export class DiscoveredModules {
  /** Path → frame of the first question about it or about a package under it. */
  readonly #frames = new Map<string, number>();

  note(importPath: string, frame: number): void {
    const elements = importPath.split("/", maxElements);
    for (let count = 1; count <= elements.length; count++) {
      const path = elements.slice(0, count).join("/");
      this.#frames.set(path, Math.min(frame, this.#frames.get(path) ?? Infinity));
    }
  }

  /** Whether every one of these modules was asked about before it was fetched. */
  cover(modules: ReadonlyMap<string, number>): boolean {
    return modules.size > 0 && [...modules].every(([module, frame]) => (this.#frames.get(module) ?? Infinity) < frame);
  }
}

/** Deeper import paths are compared by so many leading elements: module paths in use have at most eight. */
const maxElements = 12;
