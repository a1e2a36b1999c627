import type { Evidence } from "../grade.ts";
import type { Role } from "../flow/model.ts";
import type { GoConfiguration } from "./configuration/configuration.ts";
import { wellKnown } from "./endpoints.ts";
import { coversHost, reachesDirect } from "./proxy-list.ts";
import type { TargetFacts } from "./target-facts.ts";

/** A role with its ground. */
export interface RoleVerdict {
  readonly role: Role;
  readonly evidence: Evidence;
}

/** What the targets without a role of their own say about each other: who spoke to which of them. */
export interface Neighbourhood {
  /** Role of an unknown target that git, or a program with its TLS library, spoke to. */
  readonly gitLike: RoleVerdict;
  /** Role of an unknown target that Go spoke to, by its host. */
  goHost(host: string): RoleVerdict;
}

const unknownGo = "a Go program spoke to it; whether as module proxy or as origin does not show";
const unknownGit = "its TLS library is git's and curl's, and nothing shows which of them it was";

/**
 * Judges unknown targets by the company they keep. `unknown` are the targets without a role; `settled` are all others,
 * by role.
 */
export function judgeNeighbourhood(
  unknown: readonly TargetFacts[],
  settled: readonly (readonly [TargetFacts, Role])[],
  configuration: GoConfiguration | undefined,
): Neighbourhood {
  const goHosts = new Set(unknown.filter(({ programs }) => programs.includes("go")).map(({ host }) => host));
  const discovers = settled.some(([{ programs }, role]) => role === "discovery" && programs.includes("go"));
  const gitHosts = new Set(unknown.filter(isGitLike).map(({ host }) => host));
  for (const [facts, role] of settled) {
    if (role === "vcs" && isGitLike(facts) && wellKnown(facts.host)?.staticTable !== true) gitHosts.add(facts.host);
  }
  const versionControl = gitHosts.size > 0 || settled.some(([facts, role]) => role === "vcs" && isGitLike(facts));
  const gitLike: RoleVerdict =
    goHosts.size > 0 || discovers
      ? inferred("vcs", "its TLS library is git's, and Go asked another host where modules live")
      : unknownVerdict(unknownGit);
  return {
    gitLike,
    goHost: (host) => judgeGoHost(host, { goHosts, gitHosts, versionControl }, configuration),
  };
}

function isGitLike({ programs }: TargetFacts): boolean {
  return programs.includes("git") || programs.includes("git-like");
}

interface Company {
  readonly goHosts: ReadonlySet<string>;
  readonly gitHosts: ReadonlySet<string>;
  readonly versionControl: boolean;
}

function judgeGoHost(host: string, company: Company, configuration: GoConfiguration | undefined): RoleVerdict {
  const list = configuration?.proxyList;
  if (list !== undefined && reachesDirect(list, configuration!.noProxyGlobs)) {
    return inferred("discovery", "Go spoke to it, GOPROXY does not name it and modules may come from their origin");
  }
  if (list !== undefined) return unknownVerdict("Go spoke to it although GOPROXY neither names it nor allows direct");
  const { goHosts, gitHosts, versionControl } = company;
  if (!versionControl) {
    return goHosts.size === 1
      ? inferred("module-proxy", "it is the one unknown host that Go spoke to, and git fetched nothing")
      : unknownVerdict(unknownGo);
  }
  const relative = [...gitHosts].find((other) => parentDomain(other) === parentDomain(host));
  if (gitHosts.size > 0 && (goHosts.size === 1 || relative !== undefined)) {
    const where = relative ?? [...gitHosts].sort()[0];
    return inferred("discovery", `Go asked it where modules live, as git then fetched from ${where}`);
  }
  return unknownVerdict(unknownGo);
}

/** Whether GOPRIVATE or GONOPROXY keeps modules of this host from the proxies. */
export function exemptVerdict(facts: TargetFacts, configuration: GoConfiguration | undefined): RoleVerdict | undefined {
  if (configuration === undefined || configuration.noProxyGlobs === "") return undefined;
  if (!coversHost(configuration.noProxyGlobs, facts.host)) return undefined;
  if (isGitLike(facts))
    return inferred("vcs", `GOPRIVATE or GONOPROXY covers ${facts.host}, and git's TLS library spoke`);
  if (!facts.programs.includes("go")) return undefined;
  return inferred("discovery", `GOPRIVATE or GONOPROXY covers ${facts.host}, and Go spoke to it`);
}

/* The last two labels: corp.example of git.corp.example. A public suffix of two labels makes strangers relatives. */
function parentDomain(host: string): string {
  return host.split(".").slice(-2).join(".");
}

export function inferred(role: Role, because: string, frame?: number): RoleVerdict {
  return { role, evidence: { grade: "inferred", because, ...(frame !== undefined && { frame }) } };
}

export function unknownVerdict(because: string): RoleVerdict {
  return { role: "unknown", evidence: { grade: "unknown", because } };
}
