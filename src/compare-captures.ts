import { createHash } from "node:crypto";
import { MalformedError } from "./bytes/malformed.ts";
import type { CaptureInput } from "./capture/source.ts";
import { compareObservations, type Comparison } from "./compare/comparison.ts";
import type { Authority, Observation } from "./compare/meaning.ts";
import { observe } from "./compare/observe.ts";
import { observationOf, type Snapshot } from "./compare/snapshot.ts";
import { conclude, type AnalyzeOptions } from "./conclude.ts";
import { readCapture, type Pass, type PassOptions } from "./pass.ts";
import { parseCertificate } from "./pki/certificate.ts";
import type { CertificateBytes } from "./pki/known.ts";
import { parsePem } from "./pki/pem.ts";

/** One capture to compare: its name for people, its pieces in order, and what it is judged by. */
export interface ComparedCapture {
  readonly name: string;
  readonly inputs: readonly CaptureInput[];
  readonly options: AnalyzeOptions & PassOptions;
}

/** A snapshot that stands for a capture. */
export interface ComparedSnapshot {
  readonly name: string;
  readonly snapshot: Snapshot;
}

/**
 * Compares what two captures mean, either of which a snapshot may stand for. Certificates that one capture shows prove
 * what is missing in the other; anchors that a snapshot carries judge the other as well.
 *
 * Never rejects for what a capture holds. Rejects when an input cannot be opened or its medium fails. `onProgress` is
 * called about once a MiB with the bytes read of the file at hand.
 */
export async function compareCaptures(
  before: ComparedCapture | ComparedSnapshot,
  after: ComparedCapture | ComparedSnapshot,
  onProgress?: (bytes: number) => void,
): Promise<Comparison> {
  const was = await readSide(before, onProgress);
  const is = await readSide(after, onProgress);
  return compareObservations(observeSide(was, is), observeSide(is, was));
}

type ReadSide = ComparedSnapshot | (ComparedCapture & { readonly pass: Pass });

async function readSide(
  side: ComparedCapture | ComparedSnapshot,
  onProgress: ((bytes: number) => void) | undefined,
): Promise<ReadSide> {
  return "snapshot" in side ? side : { ...side, pass: await readCapture(side.inputs, side.options, onProgress) };
}

function observeSide(side: ReadSide, other: ReadSide): Observation {
  if ("snapshot" in side) return observationOf(side.name, side.snapshot);
  const { name, pass, options } = side;
  const given: Partial<AnalyzeOptions> =
    "snapshot" in other
      ? { anchors: options.anchors.with(other.snapshot.anchors) }
      : { elsewhere: { from: other.name, certificates: certificatesOf(other.pass) } };
  return observe(name, conclude(pass, { ...options, ...given }), authoritiesIn(options.intermediates ?? []));
}

function authoritiesIn(files: readonly { readonly text: string }[]): Map<string, Authority> {
  const authorities = new Map<string, Authority>();
  for (const der of files.flatMap(({ text }) => parsePem(text).certificates)) {
    try {
      const { subject } = parseCertificate(der);
      authorities.set(createHash("sha256").update(der).digest("hex"), { subject: subject.text, length: der.length });
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
  }
  return authorities;
}

function* certificatesOf({ collector }: Pass): Iterable<CertificateBytes> {
  for (const { layers } of collector.store.flows()) {
    for (const layer of layers) if (layer.layer === "tls") yield* layer.certificates;
  }
}
