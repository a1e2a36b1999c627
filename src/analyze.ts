import type { CaptureInput } from "./capture/source.ts";
import { conclude, type AnalyzeOptions } from "./conclude.ts";
import type { Analysis } from "./flow/model.ts";
import { readCapture, type PassOptions } from "./pass.ts";

export type { AnalyzeOptions } from "./conclude.ts";

/**
 * Analyses the files as the pieces of one capture, in the order given.
 *
 * Never rejects for what a capture holds: damage is a Problem of the analysis. Rejects when an input cannot be opened
 * or its medium fails. `onProgress` is called about once a MiB with the bytes read.
 */
export async function analyze(
  inputs: readonly CaptureInput[],
  options: AnalyzeOptions & PassOptions,
  onProgress?: (bytes: number) => void,
): Promise<Analysis> {
  return conclude(await readCapture(inputs, options, onProgress), options);
}
