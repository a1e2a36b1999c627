import type { Comparison } from "../compare/comparison.ts";
import type { Difference } from "../compare/difference.ts";
import type { ComparedRow } from "../compare/side-by-side.ts";
import { labelled, lines, pad, wrap } from "./layout.ts";
import { visible } from "./sanitize.ts";
import type { Meaning, Style } from "./style.ts";
import { counted } from "../bytes/text.ts";

export interface CompareTextOptions {
  /** Cells of the terminal. */
  readonly width: number;
  readonly style: Style;
  /** Show targets in which nothing differs as well, and what cannot be compared. */
  readonly verbose: boolean;
}

/** A comparison for a terminal: the answer, the differences, what they mean for the settings, both sides in a table. */
export function* renderCompareText(comparison: Comparison, options: CompareTextOptions): Iterable<string> {
  const { style, width } = options;
  const { before, after } = comparison;
  yield* lines(headlineOf(comparison), width, (line) => style(comparison.equal ? "good" : "heading", line));
  for (const { name, blind } of [before, after]) {
    for (const text of blind) yield labelled("  hidden:", visible(`${name}: ${text}`), width, 11);
  }
  for (const difference of comparison.differences) yield* differenceText(difference, options);
  for (const sentence of comparison.settings) yield "\n" + labelled("=>", visible(sentence), width, 3);
  yield* table(comparison, options);
}

/** The answer: equal or not, and the worst that differs. */
export function headlineOf({ equal, differences, before, after }: Comparison): string {
  const count = (weight: Difference["weight"]): number =>
    differences.filter((difference) => difference.weight === weight).length;
  const aside = [
    ...(count("note") > 0 ? [counted(count("note"), "note")] : []),
    ...(count("not-comparable") > 0 ? [`${count("not-comparable")} not comparable`] : []),
  ];
  const rest = aside.length === 0 ? "" : ` (${aside.join(", ")})`;
  const unread = [before, after].find(({ damaged, targets }) => damaged && targets === 0);
  if (unread !== undefined) return `Nothing to compare: no Go traffic could be read from ${unread.name}.`;
  if (before.targets + after.targets === 0) return "Nothing to compare: no Go traffic in either capture.";
  return equal
    ? `No difference in meaning between ${before.name} and ${after.name}${rest}.`
    : `${counted(count("difference"), "difference")} from ${before.name} to ${after.name}${rest}: ${sentenceOf(differences[0])}`;
}

/** The first sentence of a difference, with the target where it does not name it. */
function sentenceOf({ target, text }: Difference): string {
  const [sentence] = text.split(/(?<=\.) /, 1);
  return sentence.includes(target) ? sentence : `${target}: ${sentence}`;
}

function* differenceText(told: Difference, { style, width }: CompareTextOptions): Iterable<string> {
  const meaning: Meaning = told.weight === "difference" ? "warning" : "note";
  const sides =
    told.before === undefined && told.after === undefined
      ? ""
      : `: ${told.before ?? "nothing"} → ${told.after ?? "nothing"}`;
  yield "\n";
  const kind = told.kind === "not-comparable" ? "" : `${told.kind} `;
  yield* lines(`${words[told.weight]}${kind}${told.target}${sides}`, width, (line) => style(meaning, line));
  yield* lines(`${told.text} (${told.grade})`, width - 2, (line) => `  ${line}`);
}

const words: Readonly<Record<Difference["weight"], string>> = {
  difference: "",
  note: "note: ",
  "not-comparable": "not comparable: ",
};

function* table({ targets, before, after }: Comparison, options: CompareTextOptions): Iterable<string> {
  const { style, width, verbose } = options;
  const column = Math.max(16, Math.floor((width - 16) / 2));
  const shown = targets.filter(({ rows }) => verbose || rows.some(differs));
  if (shown.length > 0) {
    yield `\n${style("heading", row("", visible(before.name), visible(after.name), column))}`;
  }
  for (const { target, rows } of shown) {
    yield* lines(target, width, (line) => style("heading", line));
    for (const each of rows) {
      const text = row(`  ${each.name}`, visible(each.before), visible(each.after), column);
      yield differs(each) ? style("warning", text) : text;
    }
  }
  const hidden = targets.length - shown.length;
  if (hidden > 0) yield `\n${style("note", `${counted(hidden, "target")} alike on both sides: -v shows them`)}\n`;
}

/** How many flows it took says nothing. */
function differs({ name, before, after }: ComparedRow): boolean {
  return name !== "handshakes" && before !== after;
}

/** A line of the table in as many lines as its cells take. */
function row(name: string, before: string, after: string, column: number): string {
  const left = wrapHard(before, column - 2);
  const right = wrapHard(after, column - 2);
  let text = "";
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const line =
      pad(at === 0 ? name : "", nameColumn, "left") + pad(left[at] ?? "", column, "left") + (right[at] ?? "");
    text += `${line.trimEnd()}\n`;
  }
  return text;
}

/** Wrapped, and longer words cut: columns stay columns. */
function wrapHard(text: string, width: number): string[] {
  return wrap(text, width).flatMap((line) => line.match(new RegExp(`.{1,${width}}`, "gsu")) ?? [""]);
}

const nameColumn = 16;
