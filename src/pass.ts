import type { CapturePosition } from "./capture/notes.ts";
import { CaptureReader } from "./capture/reader.ts";
import type { CaptureFileFacts, ResolvedName, SecretsBlock } from "./capture/facts.ts";
import { Frame } from "./capture/frame.ts";
import type { CaptureInput } from "./capture/source.ts";
import { Collector } from "./flow/collector.ts";
import { limits } from "./limits.ts";
import { PacketDecoder } from "./packet/decoder.ts";
import { QuotedSegment, readIcmpError } from "./packet/icmp.ts";
import { PacketKind } from "./packet/packet.ts";
import { ProblemLog } from "./problem.ts";
import type { KeyLog } from "./protocol/tls/key-log.ts";
import { TlsSecrets } from "./protocol/tls/secrets.ts";
import { Moment } from "./stream/consumer.ts";
import { ConnectionTable } from "./stream/table.ts";

/** What one pass over the files of a capture saw; nothing is judged yet. */
export interface Pass {
  readonly files: CaptureFileFacts[];
  readonly problems: ProblemLog;
  readonly secrets: SecretsBlock[];
  readonly names: ResolvedName[];
  readonly collector: Collector;
  readonly table: ConnectionTable;
  readonly decoder: PacketDecoder;
  readonly time: CaptureTime;
}

export interface PassOptions {
  /** Key logs given beside the capture. */
  readonly keyLogs?: readonly KeyLog[];
}

/** First and last time of the capture. */
export interface CaptureTime {
  startSeconds: number;
  startNanoseconds: number;
  endSeconds: number;
  endNanoseconds: number;
  timed: boolean;
}

/**
 * Reads the files once, as the pieces of one capture in the order given: flows go on from one to the next.
 *
 * Never rejects for what a capture holds: damage is a Problem. Rejects when an input cannot be opened or its medium
 * fails. `onProgress` is called about once a MiB with the bytes read.
 */
export async function readCapture(
  inputs: readonly CaptureInput[],
  options: PassOptions = {},
  onProgress: (bytes: number) => void = () => undefined,
): Promise<Pass> {
  const pass = startPass(options.keyLogs === undefined ? undefined : new TlsSecrets(options.keyLogs));
  let position: CapturePosition | undefined;
  for (const input of inputs) position = await readFile(input, position, pass, onProgress);
  pass.decoder.finish();
  pass.table.endOfCapture();
  return pass;
}

type RunningPass = Pass & { readonly moment: Moment; readonly frame: Frame; readonly quoted: QuotedSegment };

function startPass(secrets: TlsSecrets | undefined): RunningPass {
  const moment = new Moment();
  const problems = new ProblemLog(limits.problemsPerCapture);
  const collector = new Collector(moment, problems, secrets);
  return {
    files: [],
    problems,
    secrets: [],
    names: [],
    collector,
    table: new ConnectionTable(moment, collector),
    decoder: new PacketDecoder(),
    time: { startSeconds: 0, startNanoseconds: 0, endSeconds: 0, endNanoseconds: 0, timed: false },
    moment,
    frame: new Frame(),
    quoted: new QuotedSegment(),
  };
}

/** Reads one file from where the one before it ended; answers where it ended itself. */
async function readFile(
  input: CaptureInput,
  position: CapturePosition | undefined,
  pass: RunningPass,
  onProgress: (bytes: number) => void,
): Promise<CapturePosition> {
  const reader = await CaptureReader.open(input, position);
  try {
    do {
      readBlock(reader, pass);
      onProgress(reader.facts.bytes);
    } while (await reader.fill());
  } finally {
    await reader.close();
  }
  pass.files.push(reader.facts);
  pass.secrets.push(...reader.secrets);
  pass.names.push(...reader.names);
  for (const problem of reader.problems) pass.problems.note(problem);
  return reader.position;
}

/** The hot loop: every frame of the block that was read. */
function readBlock(reader: CaptureReader, pass: RunningPass): void {
  const { frame, moment, decoder, table, collector, quoted } = pass;
  while (reader.next(frame)) {
    moment.frame = frame.number;
    moment.seconds = frame.seconds;
    moment.nanoseconds = frame.nanoseconds;
    moment.timed = frame.timed;
    moment.interfaceId = frame.interfaceId;
    noteTime(pass.time, frame);
    switch (decoder.decode(frame)) {
      case PacketKind.Tcp:
        table.accept(decoder.packet);
        break;
      case PacketKind.Udp:
        collector.datagram(decoder.packet);
        break;
      case PacketKind.Icmp:
        if (readIcmpError(decoder.packet, quoted)) table.icmp(decoder.packet, quoted);
        break;
      default:
        break;
    }
  }
}

function noteTime(time: CaptureTime, frame: Frame): void {
  if (!frame.timed) return;
  if (!time.timed) {
    time.timed = true;
    time.startSeconds = frame.seconds;
    time.startNanoseconds = frame.nanoseconds;
  }
  time.endSeconds = frame.seconds;
  time.endNanoseconds = frame.nanoseconds;
}
