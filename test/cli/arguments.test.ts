import { describe, expect, it } from "vitest";
import { parseArguments, type AnalyzeArguments } from "../../src/cli/arguments.ts";
import { renderCompletion } from "../../src/cli/completion.ts";
import { UsageError } from "../../src/cli/errors.ts";
import { tool } from "../../src/version.ts";
import { bash } from "./run.ts";

function analysisOf(line: string): AnalyzeArguments {
  const request = parseArguments(line.split(" "));
  if (request.kind !== "analyze") throw new Error(`not an analysis: ${request.kind}`);
  return request.arguments;
}

function refusalOf(line: string): string {
  try {
    parseArguments(line.split(" "));
  } catch (error) {
    if (error instanceof UsageError) return `${error.message}; ${error.hint ?? ""}`;
    throw error;
  }
  return "";
}

describe("parseArguments", () => {
  it("analyses by default, with everything off", () => {
    const plain = {
      view: "report",
      captures: ["a.pcap", "-"],
      format: "text",
      only: [],
      all: false,
      verbose: false,
      env: [],
      log: [],
      intermediates: [],
      keylog: [],
      sumdbKey: [],
      envBefore: [],
      envAfter: [],
      gosum: [],
      concat: false,
      color: "auto",
    };
    expect(analysisOf("a.pcap -")).toEqual(plain);
    expect(analysisOf("analyze a.pcap -")).toEqual(plain);
    expect(analysisOf("story a.pcap -")).toEqual({ ...plain, view: "story" });
  });

  it.each([
    ["a --json", { format: "json" }],
    ["a --format csv", { format: "csv" }],
    ["--flow 3 --host x.example a", { flow: 3, host: "x.example", captures: ["a"] }],
    ["a --only sumdb --only x.example", { only: ["sumdb", "x.example"] }],
    ["a --env b --env c --intermediates d", { env: ["b", "c"], intermediates: ["d"] }],
    ["a --sumdb-key b --gosum c --gosum d", { sumdbKey: ["b"], gosum: ["c", "d"] }],
    ["a --all -v --concat", { all: true, verbose: true, concat: true }],
    [
      "a --roots system --certs out --width 80 --color never",
      { roots: "system", certs: "out", width: 80, color: "never" },
    ],
    ["a --at 2026-12-01T10:00:00Z", { at: 1_796_119_200 }],
    ["a --at 2026-12-01T12:00:00+02:00", { at: 1_796_119_200 }],
    ["a --at 2026-12-01T10:00:00", { at: 1_796_119_200 }],
    ["a --at 2026-12-01", { at: 1_796_083_200 }],
    ["a --at 1796119200.5", { at: 1_796_119_200.5 }],
  ])("%s", (line, expected) => {
    expect(analysisOf(line)).toMatchObject(expected);
  });

  it.each([
    ["a --jsn", "unknown option '--jsn'; did you mean --json?"],
    ["a --format xml", "argument 'xml' is invalid; allowed choices are text, json, ndjson, csv, markdown"],
    ["a --flow x", "argument 'x' is invalid; give a number"],
    ["a --flow -1", "give a number"],
    ["a --at tomorrow", "give a time as 2026-12-01 or 2026-12-01T10:00:00Z"],
    ["a --at 2026", "give a time as"],
    ["a --host x", "--host without --flow; name the flow"],
    ["story a --flow 3", "--flow says nothing to a story; use it without the word"],
    ["story a --only sumdb", "--only says nothing to a story"],
    ["story a --all", "--all says nothing to a story"],
    ["a --json --format csv", "cannot be used with option"],
    ["a --env", "argument missing; gomodcap --help lists all options"],
    ["completion tcsh", "no completion for tcsh; there is one for bash, zsh and fish"],
    ["completion", "completion for which shell?; there is one for bash"],
  ])("refuses %s", (line, expected) => {
    expect(refusalOf(line)).toContain(expected);
  });

  it("prints help with worked examples, and the version", () => {
    const help = parseArguments(["--help"]);
    expect(help.kind === "print" && help.text).toMatch(
      /Usage: gomodcap \[options\] <capture\.\.\.>[^]*--roots[^]*Examples:[^]*--flow 3/,
    );
    const story = parseArguments(["story", "--help"]);
    expect(story.kind === "print" && story.text).toMatch(
      /Usage: gomodcap story \[options\][^]*Examples:[^]*--env stderr.txt/,
    );
    // What a story refuses its help does not offer.
    expect(story.kind === "print" && story.text).not.toMatch(/^ +--(flow|only|all|host|certs)\b/m);
    expect(parseArguments(["--version"])).toEqual({ kind: "print", text: `${tool.version}\n` });
  });
});

describe("renderCompletion", () => {
  const complete = (...words: string[]): string[] => {
    const list = words.map((word) => `'${word}'`).join(" ");
    const use = `COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _gomodcap; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return bash(["-c", `${renderCompletion("bash")}${use}`])
      .trim()
      .split("\n");
  };

  it.each<[words: string[], expected: string[]]>([
    [["--fl"], ["--flow"]],
    [["--format", "m"], ["markdown"]],
    [["package.js"], ["package.json"]],
    [["sna"], ["snapshot"]],
    [["story", "--fl"], [""]],
    [["story", "--verb"], ["--verbose"]],
    [["explain", "--format", "j"], ["json"]],
    [["compare", "--format", "c"], [""]],
    [["snapshot", "--js"], [""]],
    [
      ["compare", "--env-"],
      ["--env-before", "--env-after"],
    ],
    [["snapshot", "--out"], ["--output"]],
    [["check", "--pro"], ["--propose"]],
    [["check", "--format", "s"], ["sarif"]],
    [["check", "--roots", "sys"], ["system"]],
    [["check", "--roots", "package.js"], ["package.json"]],
    [["check", "package.js"], ["package.json"]],
    [
      ["slim", "--keep"],
      ["--keep-addresses", "--keep-keys"],
    ],
    [["env", "--mod"], ["--module"]],
    [["env", "package.js"], [""]],
    [
      ["recipe", "p"],
      ["ptcpdump", "pktmon"],
    ],
    [["recipe", "--platform", "m"], ["macos"]],
    [["completion", "f"], ["fish"]],
  ])("completes in bash: %j", (words, expected) => {
    expect(complete("gomodcap", ...words)).toEqual(expected);
  });

  it.each(["zsh", "fish"] as const)("names every option of every command for %s", (shell) => {
    const script = renderCompletion(shell);
    const names = [
      "json",
      "flow",
      "roots",
      "as",
      "env-before",
      "output",
      "propose",
      "policy",
      "keep-keys",
      "module",
      "platform",
    ];
    for (const name of names) expect(script).toContain(shell === "fish" ? `-l ${name}` : `--${name}[`);
    for (const value of ["ptcpdump", "sarif", "ndjson", "completion"]) expect(script).toContain(value);
  });
});
