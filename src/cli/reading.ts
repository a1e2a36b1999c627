import { printError } from "./messages.ts";
import { Progress } from "./progress.ts";
import { findCaptures, type CaptureFile, type NamedCaptures } from "./sources.ts";

/** What goes along with the reading of captures: a progress line, V8 set up for long ones, word of failures. */
export class Reading {
  readonly #progress = new Progress();
  #watchHeap = (): void => undefined;

  /** The captures that paths name; what cannot be read is told. */
  async find(paths: readonly string[]): Promise<NamedCaptures> {
    const found = await findCaptures(paths, (bytes) => {
      this.#progress.add(bytes);
      this.#watchHeap();
    });
    for (const error of found.errors) printError(error.message, error.hint);
    return found;
  }

  /** Before the first of all captures is read. */
  async begin(inputs: readonly CaptureFile[]): Promise<void> {
    if (!inputs.every(isShort)) {
      // Loaded for these only: node:v8 takes longer to load than a short capture to read.
      const { prepareForLongRun } = await import("./long-run.ts");
      this.#watchHeap = prepareForLongRun();
    }
    this.#progress.expect(inputs.every((input) => input.size !== undefined) ? sizeOf(inputs) : undefined);
  }

  /** These have been read: clears the line, and tells which of their media failed. */
  done(inputs: readonly CaptureFile[]): void {
    this.#progress.clear();
    for (const { name, failure } of inputs) if (failure !== undefined) printError(`${name}: ${failure}`);
  }
}

/** Whether the medium of a capture failed while it was read. */
export function hasFailed(input: CaptureFile): boolean {
  return input.failure !== undefined;
}

/** Too short to fill the young generation. */
function isShort({ size = Infinity }: CaptureFile): boolean {
  return size < 4 << 20;
}

function sizeOf(inputs: readonly CaptureFile[]): number {
  return inputs.reduce((sum, input) => sum + input.size!, 0);
}
