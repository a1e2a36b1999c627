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

/** Cells before the text of a fact. */
const factColumn = 20;
