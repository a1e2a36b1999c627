import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";

/** Whether texts that are kept for review are to be written anew: `UPDATE_GOLDEN=1 npm test`, and then read as a diff. */
export const updatesGolden = process.env["UPDATE_GOLDEN"] === "1";

const folder = new URL("../golden/", import.meta.url).pathname;

/** Expects the text that was reviewed last under that name. */
export function expectGolden(name: string, text: string): void {
  const path = join(folder, name);
  if (updatesGolden) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path), `${name} was never reviewed: UPDATE_GOLDEN=1 npm test`).toBe(true);
  expect(text).toBe(readFileSync(path, "utf8"));
}
