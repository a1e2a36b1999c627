import { CaptureTime } from "./capture/capture-time.ts";
import type { CapturePosition } from "./capture/notes.ts";
import { CaptureReader } from "./capture/reader.ts";
import type { CaptureFileFacts, ResolvedName, SecretsBlock } from "./capture/facts.ts";
import { Frame } from "./capture/frame.ts";
import type { CaptureInput } from "./capture/source.ts";
import { Collector } from "./flow/collector.ts";
import { FrameComments } from "./flow/frame-comments.ts";
import { ProcessLog } from "./flow/processes.ts";
import { GoContentWatch } from "./gomod/checksum/content-watch.ts";
import type { ChecksumTrust } from "./gomod/checksum/proof.ts";
import { limits } from "./limits.ts";
import { PacketDecoder } from "./packet/decoder.ts";
import { QuotedSegment, readIcmpError } from "./packet/icmp.ts";
import { PacketKind } from "./packet/packet.ts";
import { ProblemLog } from "./problem.ts";
import { parseKeyLog, type KeyLog } from "./protocol/tls/key-log.ts";
import { TlsSecrets } from "./protocol/tls/secrets.ts";
import { Moment } from "./stream/consumer.ts";
import { ConnectionTable } from "./stream/table.ts";

/** What one pass over the files of a capture saw; nothing is judged yet. */
export interface Pass {
  readonly files: CaptureFileFacts[];
  readonly problems: ProblemLog;
  readonly secrets: SecretsBlock[];
  /** What TLS was decrypted with; undefined where there were no secrets. */
  readonly keys: TlsSecrets | undefined;
  readonly names: ResolvedName[];
  readonly collector: Collector;
  readonly processes: ProcessLog;
  readonly comments: FrameComments;
  readonly table: ConnectionTable;
  readonly decoder: PacketDecoder;
  readonly time: CaptureTime;
  readonly content: GoContentWatch;
}

/** What must be known while frames are read. */
export interface PassOptions {
  /** Key logs given beside the capture. */
  readonly keyLogs?: readonly KeyLog[];
  /** With go.sum files every module zip is hashed at once: see GoContentWatch. */
  readonly checksums?: Pick<ChecksumTrust, "sums">;
}

/**
 * Reads the files as the pieces of one capture in the order given: flows go on from one to the next. Where they carry
 * secrets behind the packets that these open, they are read once more with all of them; and once more where lookups
 * stand behind zips that were left packed because nothing asked for their hashes.
 *
 * Never rejects for what a capture holds: damage is a Problem. Rejects when an input cannot be opened or its medium
 * fails. `onProgress` is called about once a MiB with the bytes read.
 */
export async function readCapture(
  inputs: readonly CaptureInput[],
  options: PassOptions = {},
  onProgress: (bytes: number) => void = () => undefined,
): Promise<Pass> {
  const secrets = options.keyLogs === undefined ? undefined : new TlsSecrets(options.keyLogs);
  const withSums = (options.checksums?.sums.size ?? 0) > 0;
  const reopenable = inputs.every((input) => input.reopenable);
  let pass = await readOnce(inputs, startPass(secrets, true, withSums), onProgress);
  const late = lateSecrets(pass);
  const readAgain = (sums: boolean): Promise<RunningPass> => {
    pass.keys?.beginAgain();
    return readOnce(inputs, startPass(pass.keys, false, sums), onProgress);
  };
  if (late !== undefined && reopenable) pass = await readAgain(withSums);
  if (pass.content.comparedTooLate && reopenable) pass = await readAgain(true);
  if (late !== undefined && !reopenable) {
    const detail = `${late}, and this input cannot be read twice: save the capture to a file and analyze that`;
    pass.problems.note({ layer: "capture", code: "secrets-too-late", frame: 0, detail });
  }
  noteOrder(pass);
  return noteSecrets(pass);
}

async function readOnce(
  inputs: readonly CaptureInput[],
  pass: RunningPass,
  onProgress: (bytes: number) => void,
): Promise<RunningPass> {
  let position: CapturePosition | undefined;
  for (const input of inputs) position = await readFile(input, position, pass, onProgress);
  pass.decoder.finish();
  pass.table.endOfCapture();
  return pass;
}

/** What secrets of the capture came too late for, or may have: connections without hello may be any. */
function lateSecrets({ keys, secrets, collector }: RunningPass): string | undefined {
  if (keys === undefined || !secrets.some(({ afterFrame }) => afterFrame > 0)) return undefined;
  const { anyCameUnused } = keys;
  let late = 0;
  let nameless = false;
  for (const { layers } of collector.store.flows()) {
    const tls = layers.filter((layer) => layer.layer === "tls");
    if (tls.some((layer) => keys.cameLateFor(layer))) late++;
    else nameless ||= anyCameUnused && tls.some((layer) => layer.hello === undefined && layer.keys === undefined);
  }
  if (late > 0) return `the secrets of ${late === 1 ? "a connection" : `${late} connections`} stand behind its packets`;
  return nameless
    ? "secrets stand behind the packets of connections without ClientHello that they may open"
    : undefined;
}

function noteOrder({ time, files, problems }: RunningPass): void {
  const disorder = time.disorder(files.reduce((sum, { frames }) => sum + frames, 0));
  if (disorder !== undefined) problems.note(disorder);
}

/** Says what of the secrets could not be used. */
function noteSecrets(pass: RunningPass): Pass {
  for (const { name, complaints } of pass.keys?.sources ?? []) {
    for (const complaint of complaints) {
      pass.problems.note({ layer: "tls", code: "secrets-damaged", frame: 0, detail: `${name}: ${complaint}` });
    }
  }
  return pass;
}

interface RunningPass extends Pass {
  keys: TlsSecrets | undefined;
  /** Whether the secrets in the files are still to be taken. */
  readonly takesSecrets: boolean;
  readonly moment: Moment;
  readonly frame: Frame;
  readonly quoted: QuotedSegment;
}

function takeSecrets(pass: RunningPass, { file, type, bytes, afterFrame }: SecretsBlock): void {
  if (!pass.takesSecrets || type !== tlsKeyLog) return;
  pass.keys ??= new TlsSecrets();
  pass.keys.add(parseKeyLog(file, bytes, "capture"), afterFrame);
  pass.collector.secrets = pass.keys;
}

/** `TLSK`: the type of a secrets block that holds a key log. */
export const tlsKeyLog = 0x544c534b;

function startPass(keys: TlsSecrets | undefined, takesSecrets: boolean, withSums: boolean): RunningPass {
  const moment = new Moment();
  const problems = new ProblemLog(limits.problemsPerCapture);
  const collector = new Collector(moment, problems, keys);
  const content = new GoContentWatch(withSums);
  collector.content = content;
  return {
    files: [],
    problems,
    secrets: [],
    names: [],
    collector,
    processes: new ProcessLog(),
    comments: new FrameComments(),
    table: new ConnectionTable(moment, collector),
    decoder: new PacketDecoder(),
    time: new CaptureTime(),
    keys,
    takesSecrets,
    content,
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
  reader.onSecrets = (block) => takeSecrets(pass, block);
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
  const { frame, moment, time, decoder, table, collector, quoted, processes } = pass;
  while (reader.next(frame)) {
    moment.standAt(frame);
    time.note(frame);
    if (frame.comments.length > 0) pass.comments.note(frame);
    switch (decoder.decode(frame)) {
      case PacketKind.Tcp:
        if (frame.segmentsBefore !== undefined) table.leaveOut(decoder.packet, frame.segmentsBefore);
        table.accept(decoder.packet);
        processes.note(frame, decoder.packet);
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
