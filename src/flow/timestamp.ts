import type { Timestamp } from "./model.ts";

/** ISO 8601 in UTC with nanoseconds: `2026-11-21T01:42:35.000000000Z`. Times outside year 0 to 9999 are clamped. */
export function timestampText(seconds: number, nanoseconds: number): Timestamp {
  const clamped = Math.min(Math.max(seconds, -62_167_219_200), 253_402_300_799);
  const whole = new Date(clamped * 1000).toISOString().slice(0, 19);
  return `${whole}.${String(nanoseconds).padStart(9, "0")}Z`;
}

/** Seconds from one timestamp to another; negative when the second is earlier. */
export function secondsBetween(from: Timestamp, to: Timestamp): number {
  const whole = (Date.parse(`${to.slice(0, 19)}Z`) - Date.parse(`${from.slice(0, 19)}Z`)) / 1000;
  return whole + (Number(to.slice(20, 29)) - Number(from.slice(20, 29))) / 1e9;
}
