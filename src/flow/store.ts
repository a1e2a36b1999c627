import type { Problem } from "../problem.ts";
import type { LayerFacts, Stage } from "../protocol/layer.ts";
import type { Direction } from "../stream/consumer.ts";
import { closedNames, openedNames, type ConnectionFacts, type IcmpError } from "../stream/facts.ts";

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

/** Columns of a row: numbers, pairs, texts and flags of the connection as they are read below, then three a stage. */
const pairColumn = 21;
const textColumn = pairColumn + 2 * 10;
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
    numbers[0] = connection.id;
    numbers[1] = connection.addressLength;
    numbers[2] = connection.clientPort;
    numbers[3] = connection.serverPort;
    numbers[4] = connection.firstFrame;
    numbers[5] = connection.lastFrame;
    numbers[6] = connection.startSeconds;
    numbers[7] = connection.startNanoseconds;
    numbers[8] = connection.endSeconds;
    numbers[9] = connection.endNanoseconds;
    numbers[10] = connection.frames;
    numbers[11] = connection.retransmittedSegments;
    numbers[12] = connection.outOfOrderSegments;
    numbers[13] = connection.duplicateFrames;
    numbers[14] = connection.synAckFrame;
    numbers[15] = connection.synAckSeconds;
    numbers[16] = connection.synAckNanoseconds;
    numbers[17] = connection.syns;
    numbers[18] = connection.resetFrame;
    numbers[19] = connection.snappedSegments;
    numbers[20] = connection.overlapsDiffer;
    packPairs(connection, numbers);
    numbers[textColumn] = this.#intern(connection.clientAddress);
    numbers[textColumn + 1] = this.#intern(connection.serverAddress);
    numbers[textColumn + 2] = openedNames.indexOf(connection.opened);
    numbers[textColumn + 3] = closedNames.indexOf(connection.closed);
    numbers[textColumn + 4] = connection.closedBy ?? -1;
    numbers[textColumn + 5] = (connection.timed ? 1 : 0) | (connection.oneSided ? 2 : 0);
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

  /** One literal, so that all connections have one shape: everything behind reads them several times as fast. */
  #readConnection(row: number, numbers: Float64Array): ConnectionFacts {
    const closedBy = numbers[textColumn + 4];
    const flags = numbers[textColumn + 5];
    return {
      id: numbers[0],
      addressLength: numbers[1] as 4 | 16,
      clientAddress: this.#addresses[numbers[textColumn]],
      clientPort: numbers[2],
      serverAddress: this.#addresses[numbers[textColumn + 1]],
      serverPort: numbers[3],
      opened: openedNames[numbers[textColumn + 2]],
      closed: closedNames[numbers[textColumn + 3]],
      ...(closedBy >= 0 && { closedBy: closedBy as Direction }),
      firstFrame: numbers[4],
      lastFrame: numbers[5],
      startSeconds: numbers[6],
      startNanoseconds: numbers[7],
      endSeconds: numbers[8],
      endNanoseconds: numbers[9],
      timed: (flags & 1) !== 0,
      frames: numbers[10],
      bytes: pair(numbers, 0),
      lost: pair(numbers, 1),
      retransmittedSegments: numbers[11],
      outOfOrderSegments: numbers[12],
      duplicateFrames: numbers[13],
      synAckFrame: numbers[14],
      synAckSeconds: numbers[15],
      synAckNanoseconds: numbers[16],
      syns: numbers[17],
      finFrames: pair(numbers, 2),
      resetFrame: numbers[18],
      lastDataFrames: pair(numbers, 3),
      lastDataSeconds: pair(numbers, 4),
      lastDataNanoseconds: pair(numbers, 5),
      unacknowledged: pair(numbers, 6),
      retransmitted: pair(numbers, 7),
      largestSegment: pair(numbers, 8),
      oneSided: (flags & 2) !== 0,
      firstSequence: pair(numbers, 9),
      icmp: this.#icmp.get(row) ?? [],
      snappedSegments: numbers[19],
      overlapsDiffer: numbers[20],
      interfaceIds: this.#interfaces.get(row) ?? [0],
    };
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

function packPairs(connection: ConnectionFacts, numbers: Float64Array): void {
  const pairs = [
    connection.bytes,
    connection.lost,
    connection.finFrames,
    connection.lastDataFrames,
    connection.lastDataSeconds,
    connection.lastDataNanoseconds,
    connection.unacknowledged,
    connection.retransmitted,
    connection.largestSegment,
    connection.firstSequence,
  ];
  pairs.forEach((values, at) => numbers.set(values, pairColumn + 2 * at));
}

function pair(numbers: Float64Array, ordinal: number): [number, number] {
  const at = pairColumn + 2 * ordinal;
  return [numbers[at], numbers[at + 1]];
}

function packStages(stages: StageNotes, numbers: Float64Array): void {
  const width = stageOrder.length;
  numbers.set(stages.frames, stageColumn);
  numbers.set(stages.seconds, stageColumn + width);
  numbers.set(stages.nanoseconds, stageColumn + 2 * width);
}
