import { targetTls } from "../flow/target-tls.ts";
import { secondsBetween } from "../flow/timestamp.ts";
import { hostPort } from "../bytes/text.ts";
import type { Flow, Timestamp } from "../flow/model.ts";
import { isGranted } from "../gomod/failure.ts";
import { displayWidth } from "./layout.ts";
import { visible } from "./sanitize.ts";
import type { Meaning } from "./style.ts";
import { bytesText, durationText } from "./units.ts";
import { labelText, pathMeaning, pathText, routeText, stageText, targetText, tlsMeaning, tlsText } from "./words.ts";

/*
 * The columns of the flow table, and which of them a terminal has room for.
 */

type ColumnName =
  "#" | "client" | "target" | "route" | "role" | "label" | "TLS" | "chain" | "bytes" | "start" | "time" | "stage";

/** One cell: sanitised text and what its colour means. */
export interface Cell {
  readonly text: string;
  readonly meaning: Meaning | undefined;
}

/** A flow as cells. `shortChain` stands for `chain` where there is little room. */
export type Row = Readonly<Record<ColumnName | "shortChain", Cell>>;

export interface Column {
  readonly name: ColumnName;
  readonly source: keyof Row;
  readonly width: number;
  readonly side: "left" | "right";
}

/** The cells of a flow. `origin` is the moment that `start` counts from. */
export function flowRow(flow: Flow, origin: Timestamp | undefined): Row {
  const tls = targetTls(flow);
  const { kind, status, attempts } = flow.route;
  const isGood = kind === "direct" || kind === "http-forward" || (status !== undefined && isGranted(flow, status));
  return {
    "#": cell(String(flow.id)),
    client: cell(hostPort(flow.client.address, flow.client.port)),
    target: cell(targetText(flow)),
    route: cell(routeText(flow), isGood || attempts.length === 0 ? undefined : "error"),
    role: cell(flow.role),
    label: cell(labelText(flow), flow.label),
    TLS: cell(tlsText(flow), tlsMeaning(tls)),
    chain: cell(pathText(tls, false), pathMeaning(tls?.path)),
    shortChain: cell(pathText(tls, true), pathMeaning(tls?.path)),
    bytes: cell(bytesText(flow.bytes.clientToServer + flow.bytes.serverToClient)),
    start: cell(durationText(secondsBetween(origin, flow.start)) || "-"),
    time: cell(durationText(secondsBetween(flow.start, flow.end)) || "-"),
    stage: cell(stageText(flow), isTrouble(flow) ? "error" : undefined),
  };
}

/**
 * The columns that fit into `width` cells, with widths for these rows: what says least goes first, then the target is
 * cut. The client stands there only when there are several. Below `narrowest` cells lines are longer than the terminal.
 */
export function chooseColumns(rows: readonly Row[], width: number, severalClients: boolean): readonly Column[] {
  const measured = measure(rows);
  const offered = severalClients ? allColumns : allColumns.filter((name) => name !== "client");
  let fitting: Column[] = [];
  for (const step of steps) {
    const names = offered.filter((name) => !step.without.includes(name));
    fitting = names.map((name) => column(name, step.shortChain, measured));
    const excess = totalWidth(fitting) - width;
    if (excess <= 0) return fitting;
    const target = fitting.find((each) => each.name === "target")!;
    const isLast = step === steps.at(-1);
    if (target.width - excess < step.leastTarget && !isLast) continue;
    const room = Math.max(step.leastTarget, target.width - excess);
    return fitting.map((each) => (each === target ? { ...each, width: room } : each));
  }
  return fitting;
}

/** A number, the label and six characters of the target. */
export const narrowest = 20;

/** Cells between two columns. */
export const columnGap = 2;

function totalWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, each) => sum + each.width + columnGap, -columnGap);
}

function column(name: ColumnName, shortChain: boolean, widths: Readonly<Record<keyof Row, number>>): Column {
  const source = name === "chain" && shortChain ? "shortChain" : name;
  const side = rightAligned.includes(name) ? "right" : "left";
  return { name, source, side, width: Math.max(name.length, Math.min(widths[source], longestCell)) };
}

function measure(rows: readonly Row[]): Record<keyof Row, number> {
  const widths = Object.fromEntries([...allColumns, "shortChain"].map((name) => [name, 0])) as Record<
    keyof Row,
    number
  >;
  for (const row of rows) {
    for (const name of Object.keys(widths) as (keyof Row)[]) {
      widths[name] = Math.max(widths[name], displayWidth(row[name].text));
    }
  }
  return widths;
}

function cell(text: string, meaning?: Meaning): Cell {
  return { text: visible(text), meaning };
}

function isTrouble(flow: Flow): boolean {
  return flow.closed === "refused" || flow.closed === "unanswered";
}

const allColumns: readonly ColumnName[] = [
  "#",
  "client",
  "target",
  "route",
  "role",
  "label",
  "TLS",
  "chain",
  "bytes",
  "start",
  "time",
  "stage",
];

const rightAligned: readonly ColumnName[] = ["#", "bytes", "start", "time"];

/** A host name may have 253 characters, and a certificate's name any number. */
const longestCell = 60;

interface Step {
  readonly without: readonly ColumnName[];
  readonly shortChain: boolean;
  /** The target may be cut down to so many cells before more is left out. */
  readonly leastTarget: number;
}

const steps: readonly Step[] = [
  { without: [], shortChain: false, leastTarget: 40 },
  { without: ["start"], shortChain: false, leastTarget: 32 },
  { without: ["start"], shortChain: true, leastTarget: 32 },
  { without: ["start", "role"], shortChain: true, leastTarget: 28 },
  { without: ["start", "role", "stage"], shortChain: true, leastTarget: 20 },
  { without: ["start", "role", "stage", "time"], shortChain: true, leastTarget: 16 },
  { without: ["start", "role", "stage", "time", "bytes"], shortChain: true, leastTarget: 12 },
  { without: ["start", "role", "stage", "time", "bytes", "client"], shortChain: true, leastTarget: 12 },
  { without: ["start", "role", "stage", "time", "bytes", "client", "route"], shortChain: true, leastTarget: 12 },
  { without: ["start", "role", "stage", "time", "bytes", "client", "route", "TLS"], shortChain: true, leastTarget: 8 },
  {
    without: ["start", "role", "stage", "time", "bytes", "client", "route", "TLS", "chain"],
    shortChain: true,
    leastTarget: 6,
  },
];
