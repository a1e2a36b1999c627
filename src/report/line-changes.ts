import { visible } from "./sanitize.ts";

/** What changed in a file, line by line: `-` before those that went, `+` before those that came. */
export function* renderLineChanges({ path, before = "", after }: LineChanges): Iterable<string> {
  const was = before.split("\n");
  const is = after.split("\n");
  yield `${visible(path)}:\n`;
  for (const [mark, line] of changes(was, is)) yield `${mark} ${visible(line)}\n`;
}

/** A file before and after. */
export interface LineChanges {
  readonly path: string;
  readonly before?: string;
  readonly after: string;
}

type Change = readonly [mark: "-" | "+", line: string];

/**
 * The fewest lines that lead from one text to the other. Cost: the product of the numbers of lines between the first and
 * the last change; beyond `most` of it, all lines between them are given.
 */
function changes(was: readonly string[], is: readonly string[]): Change[] {
  let start = 0;
  while (start < was.length && start < is.length && was[start] === is[start]) start++;
  let end = 0;
  while (end < was.length - start && end < is.length - start && was.at(-1 - end) === is.at(-1 - end)) end++;
  const gone = was.slice(start, was.length - end);
  const come = is.slice(start, is.length - end);
  const whole = gone.length * come.length > most;
  return whole ? replaced(gone, come) : fewest(gone, come);
}

function replaced(gone: readonly string[], come: readonly string[]): Change[] {
  return [...gone.map((line): Change => ["-", line]), ...come.map((line): Change => ["+", line])];
}

/** By the longest common subsequence. */
function fewest(gone: readonly string[], come: readonly string[]): Change[] {
  const columns = come.length + 1;
  const common = new Uint16Array((gone.length + 1) * columns);
  for (let row = gone.length - 1; row >= 0; row--) {
    for (let column = come.length - 1; column >= 0; column--) {
      const at = row * columns + column;
      common[at] =
        gone[row] === come[column] ? common[at + columns + 1] + 1 : Math.max(common[at + columns], common[at + 1]);
    }
  }
  const told: Change[] = [];
  let row = 0;
  let column = 0;
  while (row < gone.length && column < come.length) {
    const at = row * columns + column;
    if (gone[row] === come[column]) {
      row++;
      column++;
    } else if (common[at + columns] >= common[at + 1]) told.push(["-", gone[row++]]);
    else told.push(["+", come[column++]]);
  }
  return [...told, ...replaced(gone.slice(row), come.slice(column))];
}

const most = 4_000_000;
