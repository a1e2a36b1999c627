import type { CaptureInput } from "./capture/source.ts";
import { compareAnalyses, type Comparison } from "./compare/comparison.ts";
import { conclude, type AnalyzeOptions, type Elsewhere } from "./conclude.ts";
import { readCapture, type Pass, type PassOptions } from "./pass.ts";
import type { CertificateBytes } from "./pki/known.ts";

/** One capture to compare: its name for people, its pieces in order, and what it is judged by. */
export interface ComparedCapture {
  readonly name: string;
  readonly inputs: readonly CaptureInput[];
  readonly options: AnalyzeOptions & PassOptions;
}

/**
 * Compares what two captures mean. Certificates that one shows prove what is missing in the other.
 *
 * Never rejects for what a capture holds. Rejects when an input cannot be opened or its medium fails. `onProgress` is
 * called about once a MiB with the bytes read of the file at hand.
 */
export async function compareCaptures(
  before: ComparedCapture,
  after: ComparedCapture,
  onProgress?: (bytes: number) => void,
): Promise<Comparison> {
  const was = await readCapture(before.inputs, before.options, onProgress);
  const is = await readCapture(after.inputs, after.options, onProgress);
  const elsewhere = (name: string, pass: Pass): Elsewhere => ({ from: name, certificates: certificatesOf(pass) });
  return compareAnalyses(
    { name: before.name, analysis: conclude(was, { ...before.options, elsewhere: elsewhere(after.name, is) }) },
    { name: after.name, analysis: conclude(is, { ...after.options, elsewhere: elsewhere(before.name, was) }) },
  );
}

function* certificatesOf({ collector }: Pass): Iterable<CertificateBytes> {
  for (const { layers } of collector.store.flows()) {
    for (const layer of layers) if (layer.layer === "tls") yield* layer.certificates;
  }
}
