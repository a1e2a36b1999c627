import { open } from "node:fs/promises";
import { looksLikeSnapshot, type Snapshot } from "../compare/snapshot.ts";
import type { Read } from "../yaml/fields.ts";
import { mistakeLine } from "../yaml/mistake.ts";
import { InputError } from "./errors.ts";
import { exists, textAt } from "./files.ts";
import { printError } from "./messages.ts";

/** What is stored where a snapshot is looked for: its text, and what that says or what is wrong with it. */
export type SnapshotFile = Read<Snapshot> & { readonly text: string };

/** The file at a path; undefined where nothing is. Throws: InputError. */
export async function snapshotFile(path: string): Promise<SnapshotFile | undefined> {
  if (!exists(path)) return undefined;
  const { parseSnapshot } = await import("../compare/snapshot-text.ts");
  const text = textAt(path);
  return { text, ...parseSnapshot(text) };
}

/** The snapshot at a path; undefined where something else is. Throws: InputError for one with mistakes, which are told. */
export async function snapshotAt(path: string): Promise<Snapshot | undefined> {
  if (!exists(path) || !looksLikeSnapshot(await beginningOf(path))) return undefined;
  const { value, mistakes = [] } = (await snapshotFile(path))!;
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
