import { visible } from "./sanitize.ts";

/*
 * Text on a grid of terminal cells. Everything here but `lines` takes sanitised text without colours.
 */

/** How many cells the text takes on a terminal: East Asian wide characters two, combining marks none. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text within `width` cells; what is cut shows as an ellipsis. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Filled up to `width` cells, on the right or, for numbers, on the left. */
export function pad(text: string, width: number, side: "left" | "right"): string {
  const fill = " ".repeat(Math.max(0, width - displayWidth(text)));
  return side === "left" ? text + fill : fill + text;
}

/** Lines of at most `width` cells, broken at spaces; a longer word stays whole, so that it can be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}

/** Untrusted text wrapped to lines of at most `width` cells, each as `mark` gives it out. */
export function* lines(text: string, width: number, mark: (line: string) => string): Iterable<string> {
  for (const line of wrap(visible(text), width)) yield `${mark(line)}\n`;
}

/**
 * `name` and its text beside it, wrapped, the text starting at cell `column`; where that leaves little room, the text
 * stands below its name.
 */
export function labelled(name: string, text: string, width: number, column: number): string {
  const lead = pad(name, column, "left");
  if (width - column < leastBeside) {
    return [lead.trimEnd(), ...wrap(text, width - indent).map((line) => " ".repeat(indent) + line)].join("\n") + "\n";
  }
  const lines = wrap(text, width - column);
  return lines.map((line, at) => `${at === 0 ? lead : " ".repeat(column)}${line}\n`).join("");
}

/** Cells for a text beside its name, and those that it is moved in by when it stands below. */
const leastBeside = 24;
const indent = 4;

function characterWidth(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Unicode East Asian Width W and F, in blocks. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
