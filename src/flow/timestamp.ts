import type { Timestamp } from "./model.ts";

const earliest = -62_167_219_200;
const latest = 253_402_300_799;

/** Texts of seconds asked for before, by the last digits of the second: the flows of a capture share them. */
const keptSeconds = 256;
const knownSeconds = new Float64Array(keptSeconds).fill(NaN);
const knownTexts: Buffer[] = [];

/**
 * ISO 8601 in UTC with nanoseconds: `2026-11-21T01:42:35.000000000Z`. Times outside year 0 to 9999 are clamped.
 *
 * Cost: written digit by digit over the last text of that second. Strings put together are trees of strings in V8, of
 * three times the size, and there are half a dozen times a flow.
 */
export function timestampText(seconds: number, nanoseconds: number): Timestamp {
  const place = seconds & (keptSeconds - 1);
  if (knownSeconds[place] !== seconds) {
    const clamped = Math.min(Math.max(seconds, earliest), latest);
    knownTexts[place] = Buffer.from(`${new Date(clamped * 1000).toISOString().slice(0, 19)}.000000000Z`, "latin1");
    knownSeconds[place] = seconds;
  }
  const text = knownTexts[place];
  let rest = nanoseconds;
  for (let at = lastDigit; at > lastDigit - 9; at--) {
    const tenth = Math.floor(rest / 10);
    text[at] = zero + rest - tenth * 10;
    rest = tenth;
  }
  return text.toString("latin1");
}

/** Of the nanoseconds, before the `Z`. */
const lastDigit = "2026-11-21T01:42:35.000000000".length - 1;
const zero = 0x30;

/** Seconds from one moment to another; undefined where one of them is not known. */
export function secondsBetween(from: Timestamp | undefined, to: Timestamp | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  const seconds = from.startsWith(to.slice(0, 19)) ? 0 : (wholeSeconds(to) - wholeSeconds(from)) / 1000;
  const elapsed = seconds + fraction(to) - fraction(from);
  return Number.isFinite(elapsed) ? elapsed : undefined;
}

/** Milliseconds since the epoch of the second in which a moment lies. */
function wholeSeconds(moment: Timestamp): number {
  return Date.parse(`${moment.slice(0, 19)}Z`);
}

/** The fraction of a second of an ISO 8601 moment in UTC. */
function fraction(moment: Timestamp): number {
  return moment[19] === "." ? Number(`0${moment.slice(19, -1)}`) : 0;
}
