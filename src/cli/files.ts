import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, statSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { limits } from "../limits.ts";
import { bytesText } from "../report/units.ts";
import { InputError, systemErrorText } from "./errors.ts";

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

/** Whether there is a file of that name with something in it. */
export function exists(path: string): boolean {
  const found = statAt(path);
  return found !== undefined && found.isFile() && found.size > 0;
}

/** The text of a file that an option names. Throws: InputError. */
export function textOf(path: string, option: string): string {
  return bytesOf(path, option).toString("utf8");
}

/** The text of a file. Throws: InputError. */
export function textAt(path: string): string {
  try {
    return readBounded(path).toString("utf8");
  } catch (error) {
    throw new InputError(`${path}: ${systemErrorText(error)}`);
  }
}

/** The bytes of a file that an option names. Throws: InputError. */
export function bytesOf(path: string, option: string): Buffer {
  try {
    return readBounded(path);
  } catch (error) {
    throw new InputError(`${option} ${path}: ${systemErrorText(error)}`);
  }
}

/**
 * The bytes of a file of text, or of what a pipe or a device gives.
 *
 * Throws: what the file system says, or that there is more than any such file has.
 */
export function readBounded(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const found = fstatSync(file);
    if (found.size > limits.textFileBytes) throw tooLarge();
    return found.isFile() ? readFileSync(file) : readStream(file);
  } finally {
    closeSync(file);
  }
}

function readStream(file: number): Buffer {
  const pieces: Buffer[] = [];
  for (let length = 0; length <= limits.textFileBytes;) {
    const piece = Buffer.allocUnsafe(64 << 10);
    const count = readSync(file, piece);
    if (count === 0) return Buffer.concat(pieces);
    pieces.push(piece.subarray(0, count));
    length += count;
  }
  throw tooLarge();
}

function tooLarge(): Error {
  return new Error(`larger than ${bytesText(limits.textFileBytes)}`);
}

/** Makes a folder and those above it. Node's own way never ends where the one above refuses, as /proc does. */
export function makeFolder(folder: string): void {
  if (statAt(folder)?.isDirectory() === true) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    /* Another process may have made it meanwhile. */
    if (statAt(folder)?.isDirectory() !== true) throw error;
  }
}
