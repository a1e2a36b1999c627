import { open } from "node:fs/promises";
import { looksLikeSnapshot, type Snapshot } from "../compare/snapshot.ts";
import type { Read } from "../yaml/fields.ts";
import { mistakeLine } from "../yaml/mistake.ts";
import { InputError } from "./errors.ts";
import { exists, textAt } from "./files.ts";
import { printError } from "./messages.ts";

/** What is stored where a snapshot is looked for; undefined where nothing is. Throws: InputError. */
export function storedText(path: string): string | undefined {
  return exists(path) ? textAt(path) : undefined;
}

/** What a stored text says, or what is wrong with it. */
export async function readSnapshot(text: string): Promise<Read<Snapshot>> {
  const { parseSnapshot } = await import("../compare/snapshot-text.ts");
  return parseSnapshot(text);
}

/** The snapshot at a path; undefined where something else is. Throws: InputError for one with mistakes, which are told, and for other YAML. */
export async function snapshotAt(path: string): Promise<Snapshot | undefined> {
  if (!exists(path)) return undefined;
  if (!looksLikeSnapshot(await beginningOf(path))) {
    if (!/\.ya?ml$/i.test(path)) return undefined;
    throw new InputError(
      `${path} is no snapshot`,
      "gomodcap snapshot CAPTURE writes one; policies are for gomodcap check",
    );
  }
  const { value, mistakes = [] } = await readSnapshot(textAt(path));
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
