import type { Problem } from "../problem.ts";
import type { LayerFacts, Stage } from "../protocol/layer.ts";
import type { ConnectionClosed, ConnectionFacts, ConnectionOpened, IcmpError } from "../stream/facts.ts";

/*
 * Finished flows. Their numbers stand in rows of large arrays, so that a flow costs a few hundred bytes; text and
 * layers are interned or small objects.
 *
 * Invariants: row `i` is in chunk `i >> chunkBits` and belongs to `#layers[i]`; addresses are indices into `#addresses`; a stage that was
 * never reached has frame 0; rare things (ICMP errors, interfaces, problems) stand in maps by row.
 */

/** How far a flow came, and when: one entry a stage of `stageOrder`; frame 0 where it was not reached. */
export interface StageNotes {
  readonly frames: ArrayLike<number>;
  readonly seconds: ArrayLike<number>;
  readonly nanoseconds: ArrayLike<number>;
}

export const stageOrder: readonly Stage[] = [
  "tcp",
  "proxy",
  "hello",
  "server-flight",
  "certificate",
  "established",
  "http",
];

export interface FlowFacts {
  readonly connection: ConnectionFacts;
  readonly layers: readonly LayerFacts[];
  readonly stages: StageNotes;
  readonly problems: readonly Problem[];
  readonly moreProblems: number;
}

const openedNames: readonly ConnectionOpened[] = ["handshake", "midstream", "syn-only"];
const closedNames: readonly ConnectionClosed[] = [
  "fin",
  "reset",
  "refused",
  "unanswered",
  "idle",
  "evicted",
  "capture-end",
];

type NumberField = {
  [K in keyof ConnectionFacts]-?: ConnectionFacts[K] extends number ? K : never;
}[keyof ConnectionFacts];
type PairField = {
  [K in keyof ConnectionFacts]-?: ConnectionFacts[K] extends [number, number] ? K : never;
}[keyof ConnectionFacts];

const numberFields: readonly NumberField[] = [
  "id",
  "addressLength",
  "clientPort",
  "serverPort",
  "firstFrame",
  "lastFrame",
  "startSeconds",
  "startNanoseconds",
  "endSeconds",
  "endNanoseconds",
  "frames",
  "retransmittedSegments",
  "outOfOrderSegments",
  "duplicateFrames",
  "synAckFrame",
  "synAckSeconds",
  "synAckNanoseconds",
  "syns",
  "resetFrame",
  "snappedSegments",
  "overlapsDiffer",
];
const pairFields: readonly PairField[] = [
  "bytes",
  "lost",
  "finFrames",
  "lastDataFrames",
  "lastDataSeconds",
  "lastDataNanoseconds",
  "unacknowledged",
  "retransmitted",
  "largestSegment",
  "firstSequence",
];

/** Columns after the numbers and pairs: texts, flags, then three a stage. */
const textColumn = numberFields.length + 2 * pairFields.length;
const stageColumn = textColumn + 6;
const columns = stageColumn + 3 * stageOrder.length;
const chunkBits = 10;
const chunkMask = (1 << chunkBits) - 1;

/** Keeps finished flows, in whatever order they finish; reads them back by id. */
export class FlowStore {
  readonly #chunks: Float64Array[] = [];
  #count = 0;
  readonly #layers: (readonly LayerFacts[])[] = [];
  readonly #addresses: string[] = [];
  readonly #addressIndex = new Map<string, number>();
  readonly #icmp = new Map<number, IcmpError[]>();
  readonly #interfaces = new Map<number, number[]>();
  readonly #problems = new Map<number, { readonly kept: readonly Problem[]; readonly more: number }>();
  #order: Int32Array | undefined;

  get length(): number {
    return this.#count;
  }

  add(flow: FlowFacts): void {
    const row = this.#count++;
    this.#order = undefined;
    if ((row & chunkMask) === 0) this.#chunks.push(new Float64Array(columns << chunkBits));
    const { connection } = flow;
    const numbers = this.#row(row);
    this.#packNumbers(connection, numbers);
    packStages(flow.stages, numbers);
    this.#layers.push(flow.layers);
    if (connection.icmp.length > 0) this.#icmp.set(row, connection.icmp);
    if (connection.interfaceIds.some((id) => id !== 0)) this.#interfaces.set(row, connection.interfaceIds);
    if (flow.problems.length > 0) this.#problems.set(row, { kept: flow.problems, more: flow.moreProblems });
  }

  /** All flows, by id. Each is made when it is asked for. */
  *flows(): Iterable<FlowFacts> {
    for (const row of this.#byId()) yield this.#read(row);
  }

  /** The flow of that id, if it carried payload. Cost: logarithmic. */
  flow(id: number): FlowFacts | undefined {
    const order = this.#byId();
    let low = 0;
    let high = order.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#id(order[middle]);
      if (found === id) return this.#read(order[middle]);
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  #byId(): Int32Array {
    this.#order ??= Int32Array.from({ length: this.#count }, (_, row) => row).sort((a, b) => this.#id(a) - this.#id(b));
    return this.#order;
  }

  #row(row: number): Float64Array {
    const start = (row & chunkMask) * columns;
    return this.#chunks[row >> chunkBits].subarray(start, start + columns);
  }

  #id(row: number): number {
    return this.#chunks[row >> chunkBits][(row & chunkMask) * columns];
  }

  #packNumbers(connection: ConnectionFacts, numbers: Float64Array): void {
    let at = 0;
    for (const field of numberFields) numbers[at++] = connection[field];
    for (const field of pairFields) {
      numbers[at++] = connection[field][0];
      numbers[at++] = connection[field][1];
    }
    numbers[at++] = this.#intern(connection.clientAddress);
    numbers[at++] = this.#intern(connection.serverAddress);
    numbers[at++] = openedNames.indexOf(connection.opened);
    numbers[at++] = closedNames.indexOf(connection.closed);
    numbers[at++] = connection.closedBy ?? -1;
    numbers[at] = (connection.timed ? 1 : 0) | (connection.oneSided ? 2 : 0);
  }

  #read(row: number): FlowFacts {
    const problems = this.#problems.get(row);
    const numbers = this.#row(row);
    const width = stageOrder.length;
    const start = stageColumn;
    return {
      connection: this.#readConnection(row, numbers),
      layers: this.#layers[row],
      stages: {
        frames: numbers.subarray(start, start + width),
        seconds: numbers.subarray(start + width, start + 2 * width),
        nanoseconds: numbers.subarray(start + 2 * width, start + 3 * width),
      },
      problems: problems?.kept ?? [],
      moreProblems: problems?.more ?? 0,
    };
  }

  #readConnection(row: number, numbers: Float64Array): ConnectionFacts {
    let at = 0;
    const facts: Record<string, unknown> = {};
    for (const field of numberFields) facts[field] = numbers[at++];
    for (const field of pairFields) facts[field] = [numbers[at++], numbers[at++]];
    facts["clientAddress"] = this.#addresses[numbers[at++]];
    facts["serverAddress"] = this.#addresses[numbers[at++]];
    facts["opened"] = openedNames[numbers[at++]];
    facts["closed"] = closedNames[numbers[at++]];
    const closedBy = numbers[at++];
    if (closedBy >= 0) facts["closedBy"] = closedBy;
    facts["timed"] = (numbers[at] & 1) !== 0;
    facts["oneSided"] = (numbers[at] & 2) !== 0;
    facts["icmp"] = this.#icmp.get(row) ?? [];
    facts["interfaceIds"] = this.#interfaces.get(row) ?? [0];
    return facts as unknown as ConnectionFacts;
  }

  #intern(address: string): number {
    let index = this.#addressIndex.get(address);
    if (index === undefined) {
      index = this.#addresses.push(address) - 1;
      this.#addressIndex.set(address, index);
    }
    return index;
  }
}

function packStages(stages: StageNotes, numbers: Float64Array): void {
  const width = stageOrder.length;
  numbers.set(stages.frames, stageColumn);
  numbers.set(stages.seconds, stageColumn + width);
  numbers.set(stages.nanoseconds, stageColumn + 2 * width);
}
