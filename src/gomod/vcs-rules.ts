import { matchesGlobs } from "./path-match.ts";

/** One entry of GOVCS: the tools that may fetch what its pattern covers. */
interface VcsRule {
  /** `public`, `private`, or a glob of module paths. */
  readonly pattern: string;
  readonly tools: readonly string[];
}

/** GOVCS: its rules, the first that covers a path counts; or what the go command refuses it for. */
export interface VcsRules {
  readonly rules: readonly VcsRule[];
  readonly problem?: string;
}

/** Reads GOVCS. Spec: cmd/go/internal/vcs, parseGOVCS. */
export function parseVcsRules(value: string): VcsRules {
  const rules: VcsRule[] = [];
  if (value.trim() === "") return { rules };
  for (const entry of value.split(",").map((each) => each.trim())) {
    const colon = entry.indexOf(":");
    const pattern = entry.slice(0, colon < 0 ? undefined : colon).trim();
    const tools = entry
      .slice(colon + 1)
      .split("|")
      .map((tool) => tool.trim());
    const problem = colon < 0 ? noColon(entry) : ruleProblem({ pattern, tools }, rules);
    if (problem !== undefined) return { rules, problem };
    rules.push({ pattern, tools });
  }
  return { rules };
}

function noColon(entry: string): string {
  return entry === "" ? "it has an empty entry" : `${entry} has no colon`;
}

function ruleProblem({ pattern, tools }: VcsRule, before: readonly VcsRule[]): string | undefined {
  if (pattern === "") return "an entry has no pattern";
  if (tools.includes("")) return `${pattern} has no tool, or an empty one`;
  if (/^\.\.?(?:\/|$)/.test(pattern)) return `the pattern ${pattern} is a relative path`;
  return before.some((rule) => rule.pattern === pattern) ? `a second entry for ${pattern} is never reached` : undefined;
}

/** Whether git may fetch a repository. Spec: cmd/go/internal/vcs, checkGOVCS, allow, defaultGOVCS. */
export function allowsGit({ rules, problem }: VcsRules, path: string, privateGlobs: string): boolean {
  if (problem !== undefined) return false;
  const isPrivate = matchesGlobs(privateGlobs, path);
  const rule = rules.find(({ pattern }) => {
    if (pattern === "private" || pattern === "public") return isPrivate === (pattern === "private");
    return matchesGlobs(pattern, path);
  });
  return rule === undefined || rule.tools.includes("git") || rule.tools.includes("all");
}
