import type { Timestamp } from "../../flow/model.ts";
import { secondsBetween } from "../../flow/timestamp.ts";

/** Seconds from one moment to a later one; undefined where one is not known or the recorder's clock went back. */
export function elapsed(from: Timestamp | undefined, to: Timestamp | undefined): number | undefined {
  const seconds = secondsBetween(from, to);
  return seconds === undefined || seconds < 0 ? undefined : seconds;
}

/** Seconds without the dust of binary fractions. */
export function microseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
