import { statSync, type Stats } from "node:fs";

/*
 * Small files are read by the thread that wants them: to wake another one and to wait for it takes ten times as long
 * as to read them, and a check of 200 captures reads two thousand.
 */

/** What is at a path; undefined where nothing can be seen there. */
export function statAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
