import type { ContentWatch } from "../../src/protocol/content.ts";
import { DnsLog } from "../../src/protocol/dns/log.ts";
import type { Stage } from "../../src/protocol/layer.ts";
import { ProtocolStack, type FlowContext } from "../../src/protocol/registry.ts";
import { CertificateStore } from "../../src/protocol/tls/certificate-store.ts";
import { ClientHelloStore } from "../../src/protocol/tls/client-hello-store.ts";
import { Demand, Moment, type Direction } from "../../src/stream/consumer.ts";

/** Bytes from text as it is, or from an array. */
export type Payload = string | Uint8Array;

/** One thing that a direction does. */
export type Turn =
  | {
      readonly direction: Direction;
      readonly bytes: Uint8Array;
      readonly frame?: number;
      readonly acknowledges?: number;
    }
  | { readonly direction: Direction; readonly lost: number }
  | { readonly direction: Direction; readonly end: true };

export const client = (payload: Payload): Turn => ({ direction: 0, bytes: asBytes(payload) });
export const server = (payload: Payload): Turn => ({ direction: 1, bytes: asBytes(payload) });
/** Bytes that waited for others before them: they came in an earlier frame than the turn's. */
export const late = (frame: number, payload: Payload): Turn => ({ direction: 1, bytes: asBytes(payload), frame });
/** A turn that acknowledges so many bytes of the other direction: losses are told later than they happened. */
export const acknowledging = (acknowledges: number, turn: Turn): Turn => ({ ...turn, acknowledges });
export const lost = (direction: Direction, length: number): Turn => ({ direction, lost: length });
export const ends: readonly Turn[] = [
  { direction: 0, end: true },
  { direction: 1, end: true },
];

/** A flow's notes, for tests to look at. */
class FlowRecord implements FlowContext {
  readonly moment = new Moment();
  readonly certificates = new CertificateStore();
  readonly hellos = new ClientHelloStore();
  readonly problems: string[] = [];
  readonly stages: Stage[] = [];
  readonly dns = new DnsLog((code) => this.problems.push(`dns ${code}`));
  readonly content: ContentWatch | undefined;

  constructor(content?: ContentWatch) {
    this.content = content;
  }

  problem(layer: string, code: string): void {
    this.problems.push(`${layer} ${code}`);
  }

  stage(stage: Stage): void {
    if (!this.stages.includes(stage)) this.stages.push(stage);
  }
}

export interface Played {
  readonly stack: ProtocolStack;
  readonly record: FlowRecord;
  readonly layers: ProtocolStack["layers"];
}

/**
 * Plays the turns into a stack, each as frame 1, 2, …, cut into pieces of `piece` bytes. A turn acknowledges all that
 * the other direction sent, or lost, before it. Every block is overwritten after its call, so that whoever keeps a view is
 * found out; nothing is sent in a direction that was skipped.
 */
export function play(turns: readonly Turn[], options: PlayOptions = {}): Played {
  const record = new FlowRecord(options.content);
  const stack = new ProtocolStack(record, {
    clientAddress: "192.0.2.10",
    clientPort: 50_000,
    serverAddress: "198.51.100.40",
    serverPort: options.serverPort ?? 3128,
    synSeen: options.synSeen ?? true,
    beginningSeen: options.synSeen ?? true,
  });
  const { moment } = record;
  const skipped = [false, false];
  const sent: [number, number] = [0, 0];
  const sentBefore: (readonly [number, number])[] = [];
  turns.forEach((turn, index) => {
    moment.frame = index + 1;
    moment.seconds = 1000 + index;
    sentBefore.push([...sent]);
    const { direction } = turn;
    if ("end" in turn) {
      stack.onEnd(direction, "fin");
      return;
    }
    const { frame: came = index + 1, acknowledges } = "bytes" in turn ? turn : {};
    moment.sequenceEnd = sent[direction] += "lost" in turn ? turn.lost : turn.bytes.length;
    moment.acknowledgment = acknowledges ?? sentBefore[came - 1][direction ^ 1];
    if (skipped[direction]) return;
    if ("lost" in turn) skipped[direction] = stack.onGap(direction, turn.lost) === Demand.Skip;
    else skipped[direction] = deliver(stack, direction, turn.bytes, came, options.cuts);
  });
  return { stack, record, layers: stack.layers };
}

interface PlayOptions {
  readonly serverPort?: number;
  readonly synSeen?: boolean;
  readonly content?: ContentWatch;
  /** Where a turn is cut, by its bytes; whole by default. */
  readonly cuts?: (length: number) => readonly number[];
}

function deliver(
  stack: ProtocolStack,
  direction: Direction,
  bytes: Uint8Array,
  frame: number,
  cuts: PlayOptions["cuts"],
): boolean {
  const at = [0, ...(cuts?.(bytes.length) ?? []).filter((cut) => cut < bytes.length), bytes.length];
  for (let index = 1; index < at.length; index++) {
    if (at[index] <= at[index - 1]) continue;
    // Seven bytes around the range belong to somebody else.
    const block = new Uint8Array(at[index] - at[index - 1] + 14).fill(0x0a);
    block.set(bytes.subarray(at[index - 1], at[index]), 7);
    const demand = stack.onData(direction, block, 7, block.length - 7, frame);
    block.fill(0xdb);
    if (demand === Demand.Skip) return true;
  }
  return false;
}

/** What must not depend on how the bytes were cut. */
export function told(played: Played): unknown {
  const { layers, record, stack } = played;
  return JSON.parse(
    JSON.stringify({
      layers,
      problems: record.problems,
      stages: record.stages,
      swapped: stack.swapped,
      dns: record.dns.facts,
    }),
  );
}

/** Every way to feed the turns that is tried: byte by byte, and cut once at each place. */
export function everyCut(turns: readonly Turn[]): ((length: number) => readonly number[])[] {
  const longest = Math.max(...turns.map((turn) => ("bytes" in turn ? turn.bytes.length : 0)));
  const once = Array.from({ length: longest - 1 }, (_, at) => () => [at + 1]);
  return [(length) => Array.from({ length: Math.max(0, length - 1) }, (_, at) => at + 1), ...once];
}

export function asBytes(payload: Payload): Uint8Array {
  return typeof payload === "string" ? Uint8Array.from(Buffer.from(payload, "latin1")) : payload;
}

/** Bytes from hexadecimal text; blanks are for the reader. */
export function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replace(/\s+/g, ""), "hex"));
}
