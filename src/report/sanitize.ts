/*
 * The one home of making untrusted text harmless. Everything that may quote the wire (names, certificates, paths,
 * evidence, problems) passes through here on its way into a report.
 *
 * `visible` comes first in every format: it writes characters that act on a terminal, reorder text or cannot be seen
 * as escapes. The others add what their format needs.
 */

/** Controls, format characters, surrogates, unassigned and private code points, blanks that are not a space. */
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;
/**
 * Commands to the runner of a CI job whose log holds them: `::error::` where a line begins, and any line may begin where
 * text is wrapped; `##vso[` anywhere. No IPv6 address has such letters.
 */
const runnerCommand = /:(?=:[a-f]*[g-z-][a-z-]*[ :])|#(?=#(?:vso|teamcity)?\[)/gi;
const plainAscii = /^[ -~]*$/;
const plainJson = /^[\n -~]*$/;

/**
 * The text with every control, escape, bidirectional, zero-width or other invisible character written out, and what
 * begins a command to a CI runner.
 */
export function visible(text: string): string {
  const shown = plainAscii.test(text) ? text : text.replace(invisible, escapeCharacter);
  return shown.includes("::") || shown.includes("##") ? shown.replace(runnerCommand, escapeCharacter) : shown;
}

/**
 * The text as the content of one Markdown table cell or line: nothing in it is markup. What could end a cell or open
 * HTML becomes a character reference, other punctuation gets a backslash.
 *
 * Spec: CommonMark 0.31 §2.4, §2.5; GitHub Flavored Markdown §4.10, §6.9.
 */
export function markdownText(text: string): string {
  return visible(text)
    .replace(/[&\\|<>`]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[*_[\]~!@$]|:(?=\/\/)|(?<=\bwww)\.|^[#+-]/gi, (character) => `\\${character}`);
}

/**
 * The text as one CSV field. Spec: RFC 4180. A leading apostrophe keeps spreadsheets from reading a formula.
 */
export function csvField(text: string): string {
  const shown = visible(text);
  const guarded = /^\s*[=+\-@\t\r]/.test(shown) ? `'${shown}` : shown;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/**
 * The text as XML content or as an attribute in double quotes. Spec: XML 1.0 §2.2, §2.4; what `visible` writes out
 * includes every character that XML forbids.
 */
export function xmlText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * JSON text with everything invisible inside its strings as `\u` escapes, so that it may be shown on a terminal.
 * Line feeds stay: JSON has them only between values.
 */
export function visibleJson(json: string): string {
  if (plainJson.test(json)) return json;
  return json.replace(invisible, (character) => (character === "\n" ? character : jsonEscape(character)));
}

/** A name that is safe as a part of a file name on any system: no separators, no dots in front, at most 60 long. */
export function fileNamePart(text: string): string {
  const kept = text.replace(/[^A-Za-z0-9.-]+/g, "_").replace(/^[._-]+/, "");
  return kept.slice(0, 60) || "unnamed";
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

function jsonEscape(character: string): string {
  let escaped = "";
  for (let at = 0; at < character.length; at++) {
    escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }
  return escaped;
}
