import { closeSync, open, openSync, read, readSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { ByteSource, CaptureInput } from "../capture/source.ts";
import { nearest } from "../bytes/nearest.ts";
import { InputError, systemErrorText } from "./errors.ts";
import { statAt } from "./files.ts";
import { StandardInput } from "./standard-input.ts";

/** A capture of the command line. `failure` is set when its medium failed: what came before was read as all of it. */
export interface CaptureFile extends CaptureInput {
  readonly failure?: string;
}

/** Called with the bytes of each read from a medium. */
export type OnRead = (bytes: number) => void;

/** The captures that a command line names, and what of it cannot be read. */
export interface NamedCaptures {
  readonly inputs: CaptureFile[];
  readonly errors: InputError[];
}

/**
 * Files as they are, the captures in a folder and in the folders in it, `-` for standard input; in the order given,
 * the content of a folder by name with numbers as numbers.
 */
export async function findCaptures(paths: readonly string[], onRead: OnRead): Promise<NamedCaptures> {
  const found: NamedCaptures = { inputs: [], errors: [] };
  for (const path of paths) {
    try {
      if (path === "-") found.inputs.push(new StandardInput(onRead));
      else if (statSync(path).isDirectory()) await addCapturesBelow(path, found, onRead);
      else found.inputs.push(captureFile(path, onRead));
    } catch (error) {
      found.errors.push(await cannotRead(path, error));
    }
  }
  return found;
}

async function addCapturesBelow(folder: string, { inputs, errors }: NamedCaptures, onRead: OnRead): Promise<void> {
  const paths = await capturesBelow(folder);
  for (const path of paths) {
    try {
      inputs.push(captureFile(path, onRead));
    } catch (error) {
      errors.push(await cannotRead(path, error));
    }
  }
  if (paths.length > 0) return;
  const hint = "captures end in .pcap, .pcapng, .cap, .gz, .zst or .lz4";
  errors.push(new InputError(`${folder}: no captures in this folder`, hint));
}

/** Throws: what the file system says of a file that cannot be read. */
function captureFile(path: string, onRead: OnRead): CaptureFile {
  const found = statSync(path);
  if (found.isFile()) closeSync(openSync(path, "r"));
  return new FileInput(path, found.isFile() ? found.size : undefined, onRead);
}

async function cannotRead(path: string, error: unknown): Promise<InputError> {
  const message = `${path}: ${systemErrorText(error)}`;
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") return new InputError(message);
  if (path.includes("\ufffd")) {
    return new InputError(
      message,
      "names that are not UTF-8 cannot be opened: rename it, or pipe it in (gomodcap - < FILE)",
    );
  }
  const meant = await meantPath(path);
  if (meant === path) return new InputError(message, "it is a link to what is not there");
  return new InputError(message, meant === undefined ? undefined : `did you mean ${meant}?`);
}

/** The path with its first part that does not exist replaced by what comes near it. */
async function meantPath(path: string): Promise<string | undefined> {
  const folder = dirname(path);
  const names = await namesIn(folder);
  if (names.length > 0 || folder === path || folder === ".") {
    const meant = nearest(basename(path), names);
    return meant === undefined ? undefined : join(folder, meant);
  }
  const meant = await meantPath(folder);
  return meant === undefined ? undefined : join(meant, basename(path));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

async function capturesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const inside = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map(async (entry) => (await namesIn(join(folder, entry.name))).map((name) => join(entry.name, name))),
  );
  const names = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  // Made for folders only: it loads the rules of all languages, which takes a tenth of `node -e 0`.
  const byName = new Intl.Collator("en", { numeric: true });
  return [...names, ...inside.flat()]
    .filter((name) => captureName.test(name))
    .sort(byName.compare)
    .map((name) => join(folder, name))
    .filter((path) => !isForeign(path));
}

/** What no capture lies in, though it is named like one: to read a FIFO of a folder would wait for its writer. */
function isForeign(path: string): boolean {
  return statAt(path)?.isFile() === false;
}

/** A file on disk or a FIFO. */
class FileInput implements CaptureFile {
  readonly name: string;
  readonly reopenable: boolean;
  readonly size?: number;
  failure?: string;
  readonly #onRead: OnRead;

  constructor(path: string, size: number | undefined, onRead: OnRead) {
    this.name = path;
    this.#onRead = onRead;
    this.reopenable = size !== undefined;
    if (size !== undefined) this.size = size;
  }

  async open(): Promise<ByteSource> {
    const fail = (failure: string): unknown => (this.failure = failure);
    // To open a FIFO may take as long as its writer takes to come.
    const file = this.reopenable ? openSync(this.name, "r") : await promisify(open)(this.name, "r");
    return new FileSource(file, { waits: !this.reopenable, onRead: this.#onRead, fail });
  }
}

interface FileSourceOptions {
  /** For a writer: a read may take forever. */
  readonly waits: boolean;
  readonly onRead: OnRead;
  readonly fail: (failure: string) => void;
}

/**
 * Files are read by this thread: to wake another one and to fetch what it copied from that processor's cache takes
 * longer than the copy, on a capture of 1 GB a fifth of all the time.
 */
class FileSource implements ByteSource {
  /** Descriptor. */
  readonly #file: number;
  readonly #options: FileSourceOptions;

  constructor(file: number, options: FileSourceOptions) {
    this.#file = file;
    this.#options = options;
  }

  /** A medium that fails ends the capture, so that what came before is still reported. */
  async read(target: Uint8Array): Promise<number> {
    try {
      const count = this.#options.waits
        ? (await promisify(read)(this.#file, target, 0, target.length, null)).bytesRead
        : readSync(this.#file, target, 0, target.length, null);
      this.#options.onRead(count);
      return count;
    } catch (error) {
      this.#options.fail(systemErrorText(error));
      return 0;
    }
  }

  close(): Promise<void> {
    closeSync(this.#file);
    return Promise.resolve();
  }
}

/** tcpdump -C counts on after the suffix: `run.pcap12`. */
export const captureName = /\.(?:(?:pcap|pcapng|cap|ntar|dmp)\d*(?:\.(?:gz|zst|lz4))?|gz|zst|lz4)$/i;
