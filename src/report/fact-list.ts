import { labelled } from "./layout.ts";
import { visible } from "./sanitize.ts";
import type { Style } from "./style.ts";

export interface FactOptions {
  /** Cells of the terminal. */
  readonly width: number;
  readonly style: Style;
}

/** A named line of a description; left out when it has no text. Not sanitised. */
export type Fact = readonly [name: string, text: string | undefined];

/** The facts as aligned, wrapped lines. */
export function* facts(list: readonly Fact[], options: FactOptions): Iterable<string> {
  for (const [name, text] of list) {
    if (text === undefined || text === "") continue;
    yield labelled(`  ${visible(name)} `, visible(text), options.width, factColumn);
  }
}

/** What the grades mean, after an empty line. */
export function* gradeMeanings({ width, style }: FactOptions): Iterable<string> {
  yield `\n${style("heading", "How sure")}\n`;
  for (const [grade, meaning] of grades) yield labelled(`  ${grade}`, meaning, width, 13);
}

const grades: readonly (readonly [string, string])[] = [
  ["seen", "read in clear bytes"],
  ["decrypted", "read after decryption"],
  ["exact", "forced by arithmetic on lengths"],
  ["inferred", "a pattern that fits; something else may fit as well"],
  ["unknown", "not known"],
];

/** Cells before the text of a fact. */
const factColumn = 20;
