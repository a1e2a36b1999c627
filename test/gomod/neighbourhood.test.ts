import { expect, it } from "vitest";
import type { Role } from "../../src/flow/model.ts";
import { mergeConfigurations, parseConfigurationText } from "../../src/gomod/configuration/configuration.ts";
import { exemptVerdict, judgeNeighbourhood } from "../../src/gomod/neighbourhood.ts";
import type { Program } from "../../src/gomod/program.ts";
import { TargetFacts } from "../../src/gomod/target-facts.ts";

function facts(host: string, ...programs: readonly Program[]): TargetFacts {
  const result = new TargetFacts(host, 443);
  for (const program of programs) result.spokenBy(program);
  return result;
}

const proxy: readonly [TargetFacts, Role] = [facts("proxy.golang.org", "go"), "module-proxy"];
const github: readonly [TargetFacts, Role] = [facts("github.com", "git-like"), "vcs"];

it("takes a git-like program for git only where Go asked an unknown host, or one that maps import paths", () => {
  const git = facts("git.example.com", "git-like");
  expect(judgeNeighbourhood([git], [proxy], undefined).gitLike.role).toBe("unknown");
  expect(judgeNeighbourhood([git, facts("example.com", "go")], [], undefined).gitLike.role).toBe("vcs");
  expect(judgeNeighbourhood([git], [[facts("gopkg.in", "go"), "discovery"]], undefined).gitLike.role).toBe("vcs");
});

it("counts hosts, not ports", () => {
  const [one, two] = [new TargetFacts("h.example", 443), new TargetFacts("h.example", 80)];
  one.spokenBy("go");
  two.spokenBy("go");
  expect(judgeNeighbourhood([one, two], [proxy], undefined).goHost("h.example").role).toBe("module-proxy");
  expect(judgeNeighbourhood([one, two], [github], undefined).goHost("h.example").role).toBe("unknown");
});

it("takes a settled git host outside of the static table as a sign of discovery", () => {
  const gitlab: readonly [TargetFacts, Role] = [facts("gitlab.com", "git-like"), "vcs"];
  expect(judgeNeighbourhood([facts("example.com", "go")], [gitlab], undefined).goHost("example.com")).toEqual({
    role: "discovery",
    evidence: { grade: "inferred", because: "Go asked it where modules live, as git then fetched from gitlab.com" },
  });
});

it("exempts what GOPRIVATE covers, by who spoke", () => {
  const settings = mergeConfigurations([parseConfigurationText("env", "GOPRIVATE=corp.example")]);
  expect(exemptVerdict(facts("corp.example", "go"), settings)?.role).toBe("discovery");
  expect(exemptVerdict(facts("git.corp.example", "git-like"), settings)?.role).toBe("vcs");
  expect(exemptVerdict(facts("corp.example"), settings)).toBeUndefined();
  expect(exemptVerdict(facts("other.example", "go"), settings)).toBeUndefined();
  expect(exemptVerdict(facts("corp.example", "go"), undefined)).toBeUndefined();
});
