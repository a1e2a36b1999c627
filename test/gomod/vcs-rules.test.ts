import { expect, it } from "vitest";
import { allowsGit, parseVcsRules } from "../../src/gomod/vcs-rules.ts";

it.each<[value: string, problem: string | undefined]>([
  ["", undefined],
  ["  ", undefined],
  ["public:git|hg,private:all", undefined],
  [" *.corp.example : git | hg , *:off ", undefined],
  ["public:git,", "it has an empty entry"],
  ["git", "git has no colon"],
  [":git", "an entry has no pattern"],
  ["public:", "public has no tool, or an empty one"],
  ["public:git|", "public has no tool, or an empty one"],
  ["./a:git", "the pattern ./a is a relative path"],
  ["a.example:git,a.example:hg", "a second entry for a.example is never reached"],
])("GOVCS=%s: %s", (value, problem) => {
  expect(parseVcsRules(value).problem).toBe(problem);
});

it.each<[value: string, path: string, allowed: boolean]>([
  ["", "github.com/a/b", true],
  ["*:off", "github.com/a/b", false],
  ["github.com:git,*:off", "github.com/a/b", true],
  ["public:hg", "github.com/a/b", false],
  ["public:hg", "corp.example/a", true],
  ["private:hg", "corp.example/a", false],
  ["corp.example/*:all,private:off", "corp.example/a", true],
  ["oops", "github.com/a/b", false],
])("GOVCS=%s lets git fetch %s: %s", (value, path, allowed) => {
  expect(allowsGit(parseVcsRules(value), path, "corp.example")).toBe(allowed);
});
