import type { Command, Option } from "commander";
import { optionsOf, type Shell } from "./arguments.ts";
import { checkProgram } from "./check-arguments.ts";
import { envProgram } from "./env-command.ts";
import { commandWords, type CommandWord } from "./help.ts";
import { recipeProgram } from "./recipe-command.ts";
import { slimProgram } from "./slim-arguments.ts";

/** A script that lets the shell complete commands, their options, the values of these, and file names. */
export function renderCompletion(shell: Shell): string {
  return scripts[shell](
    commandWords.map((word) => ({ word, ...completed[word]() })),
    { options: optionsOf("report") },
  );
}

/** What can follow a word. */
interface Completed {
  readonly options: readonly Option[];
  /** What the command is about where that is no file; empty where it is about nothing. */
  readonly subjects?: readonly string[];
}

interface CompletedCommand extends Completed {
  readonly word: CommandWord;
}

const completed: Readonly<Record<CommandWord, () => Completed>> = {
  story: () => ({ options: optionsOf("story") }),
  explain: () => ({ options: optionsOf("explain") }),
  compare: () => ({ options: optionsOf("compare") }),
  snapshot: () => ({ options: optionsOf("snapshot") }),
  check: () => ofProgram(checkProgram()),
  env: () => ofProgram(envProgram()),
  recipe: () => ofProgram(recipeProgram()),
  slim: () => ofProgram(slimProgram()),
  completion: () => ({ options: [], subjects: Object.keys(scripts) }),
};

function ofProgram({ options, registeredArguments: [subject] }: Command): Completed {
  const choices = subject === undefined ? [] : subject.argChoices;
  return { options, ...(choices !== undefined && { subjects: choices }) };
}

/** Words that an option takes: all there are, or those beside files: `system` of `<file|dir|system>`. */
function valuesOf({ argChoices, flags }: Option): { readonly words: readonly string[]; readonly files: boolean } {
  const alternatives = /<file\|([^>]*)>/.exec(flags)?.[1].split("|") ?? [];
  const words = alternatives.filter((word) => word !== "dir" && word !== "-");
  return argChoices === undefined ? { words, files: true } : { words: argChoices, files: false };
}

function bash(commands: readonly CompletedCommand[], report: Completed): string {
  const names = ({ options }: Completed): string => ["--help", ...options.map(({ long }) => long!)].join(" ");
  const values = ({ options }: Completed, word: string): string[] =>
    options
      .map((option) => ({ long: option.long!, ...valuesOf(option) }))
      .filter(({ words }) => words.length > 0)
      .map(
        ({ long, words, files }) => `    ${word}:${long}) values="${words.join(" ")}"${files ? "" : " files="} ;;\n`,
      );
  const known = commands.map(
    (command) =>
      `    ${command.word}) options="${names(command)}"${command.subjects === undefined ? "" : ` subjects="${command.subjects.join(" ")}" files=`} ;;\n`,
  );
  return `_gomodcap() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} word=\${COMP_WORDS[1]}
  local options subjects= values= files=yes
  case $word in
${known.join("")}    *) word= options="${names(report)}" ;;
  esac
  case $word:$previous in
${commands.flatMap((command) => values(command, command.word)).join("")}${values(report, "").join("")}  esac
  if [[ -z $values && $current == -* ]]; then
    values=$options files=
  elif [[ $COMP_CWORD -eq 1 ]]; then
    values="${commandWords.join(" ")}" files=yes
  elif [[ -z $values ]]; then
    values=$subjects
  fi
  COMPREPLY=($(compgen -W "$values" -- "$current") $([[ -n $files ]] && compgen -f -- "$current"))
}
complete -o filenames -F _gomodcap gomodcap
`;
}

function zsh(commands: readonly CompletedCommand[], report: Completed): string {
  const argument = (option: Option): string => {
    const { words, files } = valuesOf(option);
    if (!option.required) return "";
    if (words.length === 0) return ":value:_files";
    return files
      ? `:value:{_alternative "words:word:(${words.join(" ")})" "files:file:_files"}`
      : `:value:(${words.join(" ")})`;
  };
  const lines = ({ options, subjects }: Completed): string => {
    const about = ({ description }: Option): string =>
      description.replace(/[[\]'\\:]/g, "\\$&").replaceAll("\\'", "'\\''");
    const named = options.map((option) => `'*${option.long!}[${about(option)}]${argument(option)}'`);
    const subject =
      subjects === undefined ? ["'*:file:_files'"] : subjects.length > 0 ? [`'1:subject:(${subjects.join(" ")})'`] : [];
    return ["'--help[print help]'", ...named, ...subject].join(" \\\n        ");
  };
  const known = commands.map(
    (command) => `    ${command.word})
      shift words
      ((CURRENT--))
      _arguments ${lines(command)}
      ;;
`,
  );
  return `#compdef gomodcap
_gomodcap() {
  if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then
    _alternative 'words:word:(${commandWords.join(" ")})' 'files:capture:_files'
    return
  fi
  case $words[2] in
${known.join("")}    *)
      _arguments ${lines(report)}
      ;;
  esac
}
if [[ $funcstack[1] == _gomodcap ]]; then _gomodcap "$@"; else compdef _gomodcap gomodcap; fi
`;
}

function fish(commands: readonly CompletedCommand[], report: Completed): string {
  const lines = ({ options, subjects }: Completed, condition: string): string[] => {
    const named = options.map((option) => {
      const about = option.description.replace(/['\\]/g, "\\$&");
      const { words, files } = valuesOf(option);
      const values = words.length === 0 ? "" : ` ${files ? "" : "-x "}-a '${words.join(" ")}'`;
      const short = option.short === undefined ? "" : ` -s ${option.short.slice(1)}`;
      return `complete -c gomodcap -n '${condition}'${short} -l ${option.long!.slice(2)}${option.required ? " -r" : ""}${values} -d '${about}'\n`;
    });
    if (subjects === undefined) return named;
    const words = subjects.length === 0 ? "" : ` -a '${subjects.join(" ")}'`;
    return [...named, `complete -c gomodcap -n '${condition}' -f${words}\n`];
  };
  const known = commands.flatMap((command) => lines(command, `__fish_seen_subcommand_from ${command.word}`));
  const words = commandWords.join(" ");
  return [
    `complete -c gomodcap -n __fish_is_first_token -a '${words}'\n`,
    ...known,
    ...lines(report, `not __fish_seen_subcommand_from ${words}`),
  ].join("");
}

const scripts: Readonly<Record<Shell, (commands: readonly CompletedCommand[], report: Completed) => string>> = {
  bash,
  zsh,
  fish,
};
