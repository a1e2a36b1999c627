import Table from "cli-table3";
import type { Flow, Timestamp } from "../flow/model.ts";
import { chooseColumns, columnGap, flowRow, type Cell, type Column, type Row } from "./columns.ts";
import { displayWidth, truncate } from "./layout.ts";
import type { Style } from "./style.ts";

export interface TableOptions {
  /** Cells of the terminal. */
  readonly width: number;
  readonly style: Style;
  /** Start of the capture. */
  readonly origin: Timestamp | undefined;
}

/** Rows that are laid out as a whole. Longer tables take their widths from so many and then flow. */
export const wholeTableRows = 200;

/** One line a flow under a heading; nothing when there are no flows. */
export function* renderTable(flows: Iterable<Flow>, options: TableOptions): Iterable<string> {
  const rest = flows[Symbol.iterator]();
  const rows: Row[] = [];
  const clients = new Set<string>();
  let next = rest.next();
  for (; next.done !== true && rows.length < wholeTableRows; next = rest.next()) {
    rows.push(flowRow(next.value, options.origin));
    clients.add(next.value.client.address);
  }
  if (rows.length === 0) return;
  const columns = chooseColumns(rows, options.width, clients.size > 1);
  if (next.done === true) {
    yield renderWhole(rows, columns, options.style);
    return;
  }
  yield headingLines(columns, options.style);
  for (const row of rows) yield rowLine(row, columns, options.style);
  for (; next.done !== true; next = rest.next()) {
    yield rowLine(flowRow(next.value, options.origin), columns, options.style);
  }
}

/** A table of known size, by cli-table3. */
export function renderWhole(rows: readonly Row[], columns: readonly Column[], style: Style): string {
  const table = new Table({
    head: columns.map((column) => style("heading", column.name)),
    colWidths: columns.map((column) => column.width),
    colAligns: columns.map((column) => column.side),
    chars: borderless,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
  });
  for (const row of rows) table.push(columns.map((column) => coloured(cut(row[column.source], column), style)));
  return table
    .toString()
    .split("\n")
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

/** The heading of a table that flows. */
export function headingLines(columns: readonly Column[], style: Style): string {
  const names = columns.map((column) => filled(column.name, style("heading", column.name), column));
  const rules = columns.map((column) => "─".repeat(column.width));
  return `${joined(names)}\n${joined(rules)}\n`;
}

/** One line of a table that flows. */
export function rowLine(row: Row, columns: readonly Column[], style: Style): string {
  const cells = columns.map((column) => {
    const cell = cut(row[column.source], column);
    return filled(cell.text, coloured(cell, style), column);
  });
  return `${joined(cells)}\n`;
}

function joined(cells: readonly string[]): string {
  return cells.join(" ".repeat(columnGap)).trimEnd();
}

function cut(cell: Cell, column: Column): Cell {
  return { text: truncate(cell.text, column.width), meaning: cell.meaning };
}

function coloured(cell: Cell, style: Style): string {
  return cell.meaning === undefined ? cell.text : style(cell.meaning, cell.text);
}

/** The coloured text with the blanks that the bare text needs. */
function filled(bare: string, shown: string, column: Column): string {
  const blanks = " ".repeat(Math.max(0, column.width - displayWidth(bare)));
  return column.side === "left" ? shown + blanks : blanks + shown;
}

const borderless = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  right: "",
  "right-mid": "",
  mid: "─",
  "mid-mid": " ".repeat(columnGap),
  middle: " ".repeat(columnGap),
};
