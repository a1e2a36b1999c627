import type { CaptureFileFacts, ResolvedName } from "./capture/facts.ts";
import { Frame } from "./capture/frame.ts";
import { PcapngWriter } from "./capture/pcapng-writer.ts";
import { CaptureReader } from "./capture/reader.ts";
import { renderOriginal, renderOriginalFrame, type OriginalCapture } from "./capture/slim-notes.ts";
import type { CaptureInput } from "./capture/source.ts";
import { Collector } from "./flow/collector.ts";
import { parseAddress } from "./gomod/ip-address.ts";
import { limits } from "./limits.ts";
import { readCapture, tlsKeyLog } from "./pass.ts";
import { ProblemLog } from "./problem.ts";
import { renderKeyLog, type KeyLog } from "./protocol/tls/key-log.ts";
import { TlsSecrets } from "./protocol/tls/secrets.ts";
import { AddressMap } from "./slim/address-map.ts";
import { Defragmenter } from "./slim/defragmenter.ts";
import { DigestedInput } from "./slim/digest.ts";
import { knownAddresses, unchangeableAddresses } from "./slim/known-addresses.ts";
import { canonicalText, replacementsOf } from "./slim/replacements.ts";
import { Rewriter, type RewrittenSide } from "./slim/rewriter.ts";
import { secretsToKeep, type KeptSecrets } from "./slim/secrets.ts";
import { Survey } from "./slim/survey.ts";
import { Moment } from "./stream/consumer.ts";
import { tool } from "./version.ts";

/** What stays in a slimmed capture beyond what a report needs. */
export interface SlimOptions {
  /** Addresses and hardware addresses stay as they are. */
  readonly keepAddresses?: boolean;
  /** Secrets in use stay, those of key logs given beside the capture are added. */
  readonly keepKeys?: boolean;
  readonly keyLogs?: readonly KeyLog[];
}

/** What slimming a capture came to. */
export interface Slimmed {
  readonly original: OriginalCapture;
  /** Frames and bytes that were written. */
  readonly frames: number;
  readonly bytes: number;
  /** Credentials that were overwritten. */
  readonly credentials: number;
  /** Addresses that stayed, because they stand where nothing can be overwritten; in canonical text. */
  readonly keptAddresses: readonly string[];
  /** Connections whose secrets are written, and whose are not because credentials were sent inside. */
  readonly secrets: { readonly kept: number; readonly withheld: number };
  /** The original could not be read whole. */
  readonly damaged: boolean;
}

/**
 * Makes a capture small enough to store and fit to share, as pcapng whose report is that of the original: handshakes and
 * dialogues whole, bulk payload cut or left out, credentials overwritten, addresses those of nobody.
 *
 * The input is read twice, once more for `keepKeys`, and once more where Go refused long content. Never rejects for what a capture holds, except for more
 * addresses or credentials than can be replaced (AddressesExhausted, EditsExhausted). `write` is called in order, and
 * borrows the bytes until it resolves.
 */
export async function slimCapture(
  input: CaptureInput,
  options: SlimOptions,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<Slimmed> {
  const secrets = options.keepKeys === true ? await keptSecrets(input, options.keyLogs) : noSecrets;
  const digested = new DigestedInput(input);
  let { survey, reader } = await lookThrough(digested, secrets);
  // Why a download failed is told by all of what was delivered: it stays.
  if (survey.refused.size > 0) ({ survey, reader } = await lookThrough(input, secrets, survey.refused));
  const { facts, names } = reader;
  const original = { sha256: digested.sha256, bytes: digested.bytes, frames: facts.frames };
  const known = knownAddresses(survey.collector, survey.table);
  const addresses = options.keepAddresses === true ? undefined : addressesFor(survey, known);
  const sides = rewrittenSides(survey, addresses, known);
  const writer = new PcapngWriter();
  writeHead(writer, { facts, names, original, secrets, addresses });
  const written = await writeFrames(input, { survey, addresses, sides }, writer, write);
  if (facts.interfaceDrops > 0) writer.drops(0, facts.interfaceDrops);
  written.bytes += writer.length;
  await write(writer.take());
  return {
    original,
    ...written,
    credentials: credentialsIn(sides),
    keptAddresses: [...(addresses?.kept ?? [])],
    secrets: { kept: secrets.connections.size, withheld: secrets.withheld },
    damaged: facts.damaged,
  };
}

const noSecrets: KeptSecrets = { connections: new Map(), withheld: 0 };

async function keptSecrets(input: CaptureInput, keyLogs: readonly KeyLog[] = []): Promise<KeptSecrets> {
  const { keys, collector } = await readCapture([input], { keyLogs });
  return keys === undefined ? noSecrets : secretsToKeep(keys, collector.store.flows());
}

function keyLogOf({ connections }: KeptSecrets): KeyLog {
  return { name: "", origin: "file", connections, complaints: [] };
}

async function lookThrough(
  input: CaptureInput,
  secrets: KeptSecrets,
  kept?: ReadonlySet<number>,
): Promise<{ survey: Survey; reader: CaptureReader }> {
  const moment = new Moment();
  const keys = secrets.connections.size === 0 ? undefined : new TlsSecrets([keyLogOf(secrets)]);
  const problems = new ProblemLog(limits.problemsPerCapture);
  const survey = new Survey(moment, new Collector(moment, problems, keys), kept);
  const reader = await readFrames(input, (frame) => {
    moment.standAt(frame);
    survey.accept(frame);
  });
  survey.finish();
  return { survey, reader };
}

/** Reads every frame, and waits after each block for what is to be done with it. */
async function readFrames(
  input: CaptureInput,
  accept: (frame: Frame) => void,
  afterBlock: () => Promise<void> = () => Promise.resolve(),
): Promise<CaptureReader> {
  const reader = await CaptureReader.open(input);
  const frame = new Frame();
  try {
    do {
      while (reader.next(frame)) accept(frame);
      await afterBlock();
    } while (await reader.fill());
  } finally {
    await reader.close();
  }
  return reader;
}

function addressesFor({ collector, sides }: Survey, known: ReadonlySet<string>): AddressMap {
  const addresses = new AddressMap();
  for (const text of unchangeableAddresses(collector)) addresses.keep(text);
  for (const { edits } of sides.values()) {
    for (const { what } of edits) {
      if (what.kind !== "text" || !(what.certain || known.has(canonicalText(what.text) ?? ""))) continue;
      // IPv6 addresses can be written in fewer characters than any other.
      if (addresses.textFor(what.text) === undefined) addresses.keep(what.text);
    }
  }
  return addresses;
}

function rewrittenSides(
  survey: Survey,
  addresses: AddressMap | undefined,
  known: ReadonlySet<string>,
): Map<number, RewrittenSide> {
  const sides = new Map<number, RewrittenSide>();
  for (const [sender, { base, offset, skippedFrom, edits }] of survey.sides) {
    const replacements = replacementsOf(edits, addresses, (address) => known.has(address));
    sides.set(sender, { base, offset, skippedFrom, replacements });
  }
  return sides;
}

function credentialsIn(sides: ReadonlyMap<number, RewrittenSide>): number {
  let count = 0;
  for (const { replacements } of sides.values()) {
    for (const { bytes } of replacements) if (bytes === undefined) count++;
  }
  return count;
}

interface Head {
  readonly facts: CaptureFileFacts;
  readonly names: readonly ResolvedName[];
  readonly original: OriginalCapture;
  readonly secrets: KeptSecrets;
  readonly addresses: AddressMap | undefined;
}

/** What stands before the first frame. */
function writeHead(writer: PcapngWriter, { facts, names, original, secrets, addresses }: Head): void {
  const rewritten = (text: string): string => addresses?.rewriteText(text) ?? text;
  const { hardware, operatingSystem, application = `${tool.name} ${tool.version}` } = facts;
  const comments = [renderOriginal(`${tool.name} ${tool.version}`, original), ...facts.comments.map(rewritten)];
  writer.section({ hardware, operatingSystem, application, comments });
  for (const each of facts.interfaces) {
    writer.interface({ ...each, filter: rewritten(each.filter) });
  }
  for (const { address, names: texts } of names) {
    const bytes = Uint8Array.from(parseAddress(address) ?? []);
    if (bytes.length === 0) continue;
    addresses?.replace(bytes, 0, bytes.length === 4 ? 4 : 16);
    writer.names(bytes, texts);
  }
  if (secrets.connections.size > 0) writer.secrets(tlsKeyLog, Buffer.from(renderKeyLog(secrets.connections)));
}

interface Slimming {
  readonly survey: Survey;
  readonly addresses: AddressMap | undefined;
  readonly sides: ReadonlyMap<number, RewrittenSide>;
}

async function writeFrames(
  input: CaptureInput,
  { survey, addresses, sides }: Slimming,
  writer: PcapngWriter,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<{ frames: number; bytes: number }> {
  const { plan, leftOut, records } = survey;
  const rewriter = new Rewriter({ frames: plan, sides, addresses });
  const written = { frames: 0, bytes: 0 };
  let last = 0;
  const defragmenter = new Defragmenter();
  const accept = (read: Frame): void => {
    const frame = defragmenter.whole(read);
    if (plan.isDropped(frame.number)) return;
    const bytes = rewriter.rewrite(frame);
    const captured = rewriter.isFragment ? bytes.length : frame.end - frame.start;
    const before = leftOut.get(frame.number);
    const recordsBefore = records.get(frame.number);
    const note = renderOriginalFrame({
      ...(frame.number !== last + 1 && { number: frame.number }),
      ...(captured < frame.originalLength && { captured }),
      timed: frame.timed,
      ...(before !== undefined && { before }),
      ...(recordsBefore !== undefined && { records: recordsBefore }),
    });
    const comments = frame.comments.map((comment) => addresses?.rewriteText(comment) ?? comment);
    writer.frame(frame, note === undefined ? comments : [note, ...comments], bytes);
    last = frame.number;
    written.frames++;
  };
  await readFrames(input, accept, async () => {
    written.bytes += writer.length;
    await write(writer.take());
  });
  return written;
}
