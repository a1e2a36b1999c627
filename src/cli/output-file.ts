import { open, realpath, rename, rm, stat, writeFile, type FileHandle } from "node:fs/promises";
import { rmSync } from "node:fs";
import { UsageError, systemErrorText } from "./errors.ts";

/*
 * Files that are written appear under their name when they are whole: a full disk or an interrupt leaves what was there
 * before. None is written over a file that the same run reads.
 */

/**
 * A file on its way, beside the name it will have. What stands at that name is replaced, not written into: a link there
 * leads nowhere else, and who may read the file stays the same.
 *
 * Throws, as all its methods: what the file system says.
 */
export class PartFile {
  readonly #path: string;
  readonly #part: string;
  readonly #file: FileHandle;

  private constructor(path: string, part: string, file: FileHandle) {
    this.#path = path;
    this.#part = part;
    this.#file = file;
    for (const signal of interrupts) process.once(signal, this.#interrupted);
  }

  static async open(path: string): Promise<PartFile> {
    const part = `${path}.${process.pid}.part`;
    const before = await stat(path).catch(() => undefined);
    // "wx": a file of that name is somebody's.
    const file = await open(part, "wx", 0o666);
    const opened = new PartFile(path, part, file);
    if (before?.isFile() === true) await file.chmod(before.mode & 0o777);
    return opened;
  }

  async write(bytes: Uint8Array | string): Promise<void> {
    await this.#file.writeFile(bytes);
  }

  async finish(): Promise<void> {
    await this.#file.close();
    await rename(this.#part, this.#path);
    this.#unwatch();
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    await this.#file.close();
    await rm(this.#part, { force: true });
    this.#unwatch();
  }

  readonly #interrupted = (signal: NodeJS.Signals): void => {
    rmSync(this.#part, { force: true });
    this.#unwatch();
    process.kill(process.pid, signal);
  };

  #unwatch(): void {
    for (const signal of interrupts) process.off(signal, this.#interrupted);
  }
}

/** Writes a file whose name the run has made or read. Throws: what the file system says. */
export async function replaceFile(path: string, pieces: Iterable<string>): Promise<void> {
  const part = await PartFile.open(path);
  try {
    for (const piece of pieces) await part.write(piece);
    await part.finish();
  } catch (error) {
    await part.abandon();
    throw error;
  }
}

/** Writes the file, or to the device or pipe, that an option names. Throws: UsageError. */
export async function writeOutput(
  option: string,
  path: string,
  pieces: Iterable<string>,
  inputs: readonly string[],
): Promise<void> {
  await refuseInput(option, path, inputs);
  try {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || found.isFile()) await replaceFile(await linkedPath(path), pieces);
    else await writeFile(path, pieces);
  } catch (error) {
    throw new UsageError(`${option}: ${systemErrorText(error)}`);
  }
}

/** Where a path leads that the user named, to be replaced there. */
export async function linkedPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/** Throws: UsageError where a path leads to a file that is read, by whatever name. */
export async function refuseInput(option: string, path: string, inputs: readonly string[]): Promise<void> {
  const identity = await identityOf(path);
  if (identity === undefined) return;
  for (const input of inputs) {
    if ((await identityOf(input)) !== identity) continue;
    throw new UsageError(`${option} would write over ${input}, which is read`, "name another file");
  }
}

async function identityOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found?.isFile() === true ? `${found.dev}:${found.ino}` : undefined;
}

const interrupts = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
