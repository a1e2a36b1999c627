import type { Timestamp } from "./model.ts";

const earliest = -62_167_219_200;
const latest = 253_402_300_799;

/** Text of the last second asked for: a capture asks for the same few again and again. */
let lastSeconds = 0;
let lastText = "1970-01-01T00:00:00.";

/** ISO 8601 in UTC with nanoseconds: `2026-11-21T01:42:35.000000000Z`. Times outside year 0 to 9999 are clamped. */
export function timestampText(seconds: number, nanoseconds: number): Timestamp {
  if (seconds !== lastSeconds) {
    const clamped = Math.min(Math.max(seconds, earliest), latest);
    lastText = `${new Date(clamped * 1000).toISOString().slice(0, 19)}.`;
    lastSeconds = seconds;
  }
  return `${lastText}${String(nanoseconds).padStart(9, "0")}Z`;
}

/** Seconds from one moment to another; undefined where one of them is not known. */
export function secondsBetween(from: Timestamp | undefined, to: Timestamp | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  const seconds = (Date.parse(`${to.slice(0, 19)}Z`) - Date.parse(`${from.slice(0, 19)}Z`)) / 1000;
  const elapsed = seconds + fraction(to) - fraction(from);
  return Number.isFinite(elapsed) ? elapsed : undefined;
}

/** The fraction of a second of an ISO 8601 moment in UTC. */
function fraction(moment: Timestamp): number {
  const digits = /^.{19}(\.\d+)/.exec(moment)?.[1];
  return digits === undefined ? 0 : Number(digits);
}
