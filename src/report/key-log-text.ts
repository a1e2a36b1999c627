import { counted } from "../bytes/text.ts";
import type { Analysis, KeyLogReport } from "../flow/model.ts";
import { fileText } from "./words.ts";

/** What the secrets at hand opened, a line a source, and what stays closed. Not sanitised yet. */
export function keyLogTexts({ capture: { keyLog }, story }: Analysis): readonly string[] {
  if (keyLog === undefined) return [];
  const texts = keyLog.sources.map(sourceText);
  return story.coverage === undefined || keyLog.usedBy.length === 0 ? texts : [...texts, story.coverage];
}

function sourceText({ name, secrets, usedBy, unused }: KeyLogReport["sources"][number]): string {
  const source = fileText(name);
  if (secrets === 0) return `${source} holds no secrets`;
  const held = `secrets of ${counted(secrets, "connection")}`;
  if (unused === secrets) {
    return `${source} holds ${held}, none of them in this capture: another run or program made them`;
  }
  if (usedBy.length === 0) return `${source} opened no flow with its ${held}`;
  const rest = unused === 0 ? "" : `, ${unused} of them not in this capture`;
  return `${source} opened ${counted(usedBy.length, "flow")}: it holds ${held}${rest}`;
}
