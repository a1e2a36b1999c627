import { styleText } from "node:util";

/** What a colour means. A report is complete without any of them. */
export type Meaning = "error" | "warning" | "note" | "good" | "heading" | Label;
type Label = "sumdb" | "proxied" | "direct" | "other";
type Format = Parameters<typeof styleText>[0];

/** Marks text by its meaning. Text given to it is already sanitised. */
export type Style = (meaning: Meaning, text: string) => string;

/** No colour at all: pipes, files, NO_COLOR. */
export const plainStyle: Style = (_meaning, text) => text;

/** Colours of a terminal. Who calls decides whether there is one; node's own guess is switched off. */
export const colourStyle: Style = (meaning, text) =>
  text === "" ? text : styleText(formats[meaning], text, { validateStream: false });

const formats: Record<Meaning, Format> = {
  error: ["bold", "red"],
  warning: "yellow",
  note: "dim",
  good: "green",
  heading: "bold",
  sumdb: "cyan",
  proxied: "blue",
  direct: "magenta",
  other: "dim",
};
