import type { Option } from "commander";
import type { Shell } from "./arguments.ts";

/** A script that lets the shell complete options, their values and file names. */
export function renderCompletion(shell: Shell, options: readonly Option[]): string {
  return scripts[shell](options);
}

function bash(options: readonly Option[]): string {
  const cases = options
    .filter((option) => option.argChoices !== undefined)
    .map(
      (option) =>
        `    ${option.long!}) COMPREPLY=($(compgen -W "${option.argChoices!.join(" ")}" -- "$current")); return ;;\n`,
    );
  return `_gomodcap() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  case $previous in
${cases.join("")}  esac
  if [[ $COMP_CWORD -eq 1 && $current != -* ]]; then
    COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$current") $(compgen -f -- "$current"))
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "${options.map((option) => option.long!).join(" ")} --help" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _gomodcap gomodcap
`;
}

function zsh(options: readonly Option[]): string {
  const lines = options.map((option) => {
    const about = option.description.replace(/[[\]'\\:]/g, "\\$&").replaceAll("\\'", "'\\''");
    const values = option.argChoices === undefined ? ":value:_files" : `:value:(${option.argChoices.join(" ")})`;
    return `  '*${option.long!}[${about}]${option.required ? values : ""}' \\\n`;
  });
  return `#compdef gomodcap
_arguments \\
${lines.join("")}  '1:capture or word:{_alternative "words:word:(${words.join(" ")})" "files:capture:_files"}' \\
  '*:capture:_files'
`;
}

function fish(options: readonly Option[]): string {
  const lines = options.map((option) => {
    const about = option.description.replace(/['\\]/g, "\\$&");
    const values = option.argChoices === undefined ? "" : ` -x -a '${option.argChoices.join(" ")}'`;
    const short = option.short === undefined ? "" : ` -s ${option.short.slice(1)}`;
    return `complete -c gomodcap${short} -l ${option.long!.slice(2)}${option.required ? " -r" : ""}${values} -d '${about}'\n`;
  });
  return `complete -c gomodcap -n __fish_is_first_token -a '${words.join(" ")}'\n${lines.join("")}`;
}

/** What may stand before the captures. */
export const words: readonly string[] = [
  "story",
  "explain",
  "compare",
  "snapshot",
  "check",
  "env",
  "recipe",
  "slim",
  "completion",
];

const scripts: Readonly<Record<Shell, (options: readonly Option[]) => string>> = { bash, zsh, fish };
