import { displayWidth, pad, truncate } from "./layout.ts";
import { visible } from "./sanitize.ts";
import type { Meaning, Style } from "./style.ts";

/** A column of a small table. */
export interface GridColumn {
  readonly name: string;
  readonly side: "left" | "right";
  /** Cut down to so many cells where the terminal is narrow; absent for those that stay whole. */
  readonly least?: number;
  /** Left out where even that does not fit: the highest first. */
  readonly spare?: number;
  /** Of the first column: never cut, whatever its length. */
  readonly whole?: boolean;
}

/** One cell: text, not sanitised yet, and what its colour means. */
export interface GridCell {
  readonly text: string;
  readonly meaning?: Meaning;
}

const gap = 2;

/**
 * A table in at most `width` cells, if its columns allow it: what is spare goes first, then the long ones are cut; a first
 * column that must stay whole stands on lines of its own then. Columns of which every cell is a dash say nothing and are
 * left out.
 */
export function* renderGrid(
  columns: readonly GridColumn[],
  rows: readonly (readonly GridCell[])[],
  width: number,
  style: Style,
): Iterable<string> {
  const shown = rows.map((row) => row.map((cell) => ({ ...cell, text: visible(cell.text) })));
  const wanted = columns.map(({ name }, at) =>
    Math.max(name.length, ...shown.map((row) => displayWidth(row[at].text))),
  );
  const telling = columns.map((_, at) => at).filter((at) => at === 0 || shown.some((row) => row[at].text !== "-"));
  const beside = fitting(columns, wanted, telling, width);
  const isStacked = columns[0].whole === true && total(beside.map((at) => leastOf(columns, wanted, at))) > width;
  const kept = isStacked ? fitting(columns, wanted, telling.slice(1), width - gap) : beside;
  const widths = narrowed(columns, wanted, kept, isStacked ? width - gap : width);
  const indent = isStacked ? " ".repeat(gap) : "";
  const line = (cells: readonly GridCell[]): string => {
    const texts = kept.map((at) => {
      const text = truncate(cells[at].text, widths[at]);
      const meaning = cells[at].meaning;
      const padded = pad(text, widths[at], columns[at].side);
      return meaning === undefined ? padded : padded.replace(text, () => style(meaning, text));
    });
    return `${indent}${texts.join(" ".repeat(gap)).trimEnd()}\n`;
  };
  const heading = columns.map(({ name }) => ({ text: name, meaning: "heading" as const }));
  if (isStacked) yield `${style("heading", columns[0].name)}\n`;
  yield line(heading);
  yield `${indent}${kept.map((at) => "─".repeat(widths[at])).join(" ".repeat(gap))}\n`;
  for (const row of shown) {
    if (isStacked) yield `${row[0].text}\n`;
    yield line(row);
  }
}

/* Places of the columns that fit. */
function fitting(
  columns: readonly GridColumn[],
  wanted: readonly number[],
  telling: readonly number[],
  width: number,
): readonly number[] {
  let kept = telling;
  while (total(kept.map((at) => leastOf(columns, wanted, at))) > width) {
    const spare = kept.filter((at) => columns[at].spare !== undefined);
    const worst = spare.sort((a, b) => columns[b].spare! - columns[a].spare!).at(0);
    if (worst === undefined) break;
    kept = kept.filter((at) => at !== worst);
  }
  return kept;
}

function leastOf(columns: readonly GridColumn[], wanted: readonly number[], at: number): number {
  return Math.min(columns[at].least ?? Infinity, wanted[at]);
}

/* The widest column that may be cut gives way, cell by cell. */
function narrowed(
  columns: readonly GridColumn[],
  wanted: readonly number[],
  kept: readonly number[],
  width: number,
): number[] {
  const widths = wanted.map((cells, at) => (columns[at].whole === true ? cells : Math.min(cells, longestCell)));
  for (let excess = total(kept.map((at) => widths[at])) - width; excess > 0; excess--) {
    const yielding = kept.filter((at) => columns[at].least !== undefined && widths[at] > columns[at].least);
    const widest = yielding.sort((a, b) => widths[b] - widths[a]).at(0);
    if (widest === undefined) break;
    widths[widest]--;
  }
  return widths;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, cells) => sum + cells + gap, -gap);
}

/** Paths and names may be of any length. */
const longestCell = 120;
