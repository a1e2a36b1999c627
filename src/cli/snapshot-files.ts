import { open, readFile, stat } from "node:fs/promises";
import { looksLikeSnapshot, type Snapshot } from "../compare/snapshot.ts";
import { mistakeLine } from "../yaml/mistake.ts";
import { InputError } from "./errors.ts";
import { printError } from "./messages.ts";

/** The snapshot at a path; undefined where something else is. Throws: InputError for one with mistakes, which are told. */
export async function snapshotAt(path: string): Promise<Snapshot | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true || !looksLikeSnapshot(await beginningOf(path))) return undefined;
  const { parseSnapshot } = await import("../compare/snapshot-text.ts");
  const { value, mistakes = [] } = parseSnapshot(await readFile(path, "utf8"));
  if (value !== undefined) return value;
  for (const mistake of mistakes) printError(mistakeLine(path, mistake), mistake.hint);
  throw new InputError(`${path} is no snapshot that can be read`, "gomodcap snapshot makes it anew from its capture");
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
