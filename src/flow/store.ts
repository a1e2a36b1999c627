import type { Problem } from "../problem.ts";
import { stageOrder, type LayerFacts } from "../protocol/layer.ts";
import type { Direction } from "../stream/consumer.ts";
import { closedNames, openedNames, type ConnectionFacts, type IcmpError } from "../stream/facts.ts";
import { PackedRows } from "./packed-rows.ts";

/*
 * Finished flows. Their numbers stand in packed rows, so that a flow costs some two hundred bytes; text and layers are
 * interned or small objects.
 *
 * Invariants: entry `i` of `#ids`, `#starts` and `#layers` is the flow that finished as the i-th; addresses are indices
 * into `#addresses`; a stage that was never reached has frame 0; rare things (ICMP errors, interfaces, problems) stand
 * in maps by that ordinal.
 */

/** How far a flow came, and when: frame, seconds and nanoseconds for each of `stageOrder`; frame 0 where it was not reached. */
export type StageNotes = readonly number[];

export interface FlowFacts {
  readonly connection: ConnectionFacts;
  readonly layers: readonly LayerFacts[];
  readonly stages: StageNotes;
  readonly problems: readonly Problem[];
  readonly moreProblems: number;
}

/** What one flow tells about others: who served it, and what was said. */
export interface ServedFlow {
  readonly id: number;
  readonly serverAddress: string;
  readonly serverPort: number;
  readonly layers: readonly LayerFacts[];
}

/** Columns of a row: numbers, then pairs by direction, then StageNotes. */
const Column = {
  id: 0,
  addressLength: 1,
  clientAddress: 2,
  clientPort: 3,
  serverAddress: 4,
  serverPort: 5,
  opened: 6,
  closed: 7,
  /** 0 for nobody, else the direction and 1. */
  closedBy: 8,
  flags: 9,
  firstFrame: 10,
  lastFrame: 11,
  startSeconds: 12,
  startNanoseconds: 13,
  endSeconds: 14,
  endNanoseconds: 15,
  frames: 16,
  retransmittedSegments: 17,
  outOfOrderSegments: 18,
  duplicateFrames: 19,
  synAckFrame: 20,
  synAckSeconds: 21,
  synAckNanoseconds: 22,
  syns: 23,
  snappedSegments: 24,
  overlapsDiffer: 25,
  bytes: 26,
  lost: 28,
  unacknowledged: 30,
  largestSegment: 32,
  firstSequence: 34,
  stages: 36,
} as const;
const columns = Column.stages + 3 * stageOrder.length;

const isTimed = 1;
const isOneSided = 2;

/** Frames and seconds of a flow are near to its first. */
function nearColumns(): Int8Array {
  const near = new Int8Array(columns).fill(-1);
  for (const column of [Column.lastFrame, Column.synAckFrame]) near[column] = Column.firstFrame;
  for (const column of [Column.endSeconds, Column.synAckSeconds]) near[column] = Column.startSeconds;
  for (let stage = Column.stages; stage < columns; stage += 3) {
    near[stage] = Column.firstFrame;
    near[stage + 1] = Column.startSeconds;
  }
  return near;
}

/** Keeps finished flows, in whatever order they finish; reads them back by id. */
export class FlowStore {
  readonly #rows = new PackedRows(nearColumns());
  /** Put together here, so that a flow that finishes needs no array. */
  readonly #row = new Float64Array(columns);
  /** The row that was read last. */
  readonly #readRow: number[] = [];
  readonly #ids: number[] = [];
  readonly #starts: number[] = [];
  /** The one layer of a flow, or its layers. */
  readonly #layers: (LayerFacts | readonly LayerFacts[])[] = [];
  readonly #addresses: string[] = [];
  readonly #addressIndex = new Map<string, number>();
  readonly #icmp = new Map<number, IcmpError[]>();
  readonly #interfaces = new Map<number, number[]>();
  readonly #problems = new Map<number, { readonly kept: readonly Problem[]; readonly more: number }>();
  #order: Int32Array | undefined;

  get length(): number {
    return this.#ids.length;
  }

  add({ connection, layers, stages, problems, moreProblems }: FlowFacts): void {
    const ordinal = this.#ids.length;
    this.#order = undefined;
    this.#pack(connection);
    packPairs(connection, this.#row);
    this.#row.set(stages, Column.stages);
    this.#ids.push(connection.id);
    this.#starts.push(this.#rows.add(this.#row));
    this.#layers.push(layers.length === 1 ? layers[0] : layers.slice());
    if (connection.icmp.length > 0) this.#icmp.set(ordinal, connection.icmp);
    if (connection.interfaceIds.some((id) => id !== 0)) this.#interfaces.set(ordinal, connection.interfaceIds);
    if (problems.length > 0) this.#problems.set(ordinal, { kept: problems, more: moreProblems });
  }

  /** All flows, by id. Each is made when it is asked for. */
  *flows(): Iterable<FlowFacts> {
    for (const ordinal of this.#byId()) yield this.#read(ordinal);
  }

  /** All flows, by id, as far as others need to know of them. Cost: a fifth of `flows`. */
  *served(): Iterable<ServedFlow> {
    for (const ordinal of this.#byId()) {
      const row = this.#rows.read(this.#starts[ordinal], this.#readRow, Column.serverPort + 1);
      yield {
        id: row[Column.id],
        serverAddress: this.#addresses[row[Column.serverAddress]],
        serverPort: row[Column.serverPort],
        layers: this.#layersOf(ordinal),
      };
    }
  }

  /** The flow of that id, if it carried payload. Cost: logarithmic. */
  flow(id: number): FlowFacts | undefined {
    const order = this.#byId();
    let low = 0;
    let high = order.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#ids[order[middle]];
      if (found === id) return this.#read(order[middle]);
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  #byId(): Int32Array {
    const ids = this.#ids;
    this.#order ??= Int32Array.from(ids, (_, ordinal) => ordinal).sort((a, b) => ids[a] - ids[b]);
    return this.#order;
  }

  #pack(connection: ConnectionFacts): void {
    const row = this.#row;
    row[Column.id] = connection.id;
    row[Column.addressLength] = connection.addressLength;
    row[Column.clientAddress] = this.#intern(connection.clientAddress);
    row[Column.clientPort] = connection.clientPort;
    row[Column.serverAddress] = this.#intern(connection.serverAddress);
    row[Column.serverPort] = connection.serverPort;
    row[Column.opened] = openedNames.indexOf(connection.opened);
    row[Column.closed] = closedNames.indexOf(connection.closed);
    row[Column.closedBy] = connection.closedBy === undefined ? 0 : connection.closedBy + 1;
    row[Column.flags] = (connection.timed ? isTimed : 0) | (connection.oneSided ? isOneSided : 0);
    row[Column.firstFrame] = connection.firstFrame;
    row[Column.lastFrame] = connection.lastFrame;
    row[Column.startSeconds] = connection.startSeconds;
    row[Column.startNanoseconds] = connection.startNanoseconds;
    row[Column.endSeconds] = connection.endSeconds;
    row[Column.endNanoseconds] = connection.endNanoseconds;
    row[Column.frames] = connection.frames;
    row[Column.retransmittedSegments] = connection.retransmittedSegments;
    row[Column.outOfOrderSegments] = connection.outOfOrderSegments;
    row[Column.duplicateFrames] = connection.duplicateFrames;
    row[Column.synAckFrame] = connection.synAckFrame;
    row[Column.synAckSeconds] = connection.synAckSeconds;
    row[Column.synAckNanoseconds] = connection.synAckNanoseconds;
    row[Column.syns] = connection.syns;
    row[Column.snappedSegments] = connection.snappedSegments;
    row[Column.overlapsDiffer] = connection.overlapsDiffer;
  }

  #read(ordinal: number): FlowFacts {
    const problems = this.#problems.get(ordinal);
    const row = this.#rows.read(this.#starts[ordinal], this.#readRow);
    return {
      connection: this.#readConnection(ordinal, row),
      layers: this.#layersOf(ordinal),
      stages: row.slice(Column.stages),
      problems: problems?.kept ?? [],
      moreProblems: problems?.more ?? 0,
    };
  }

  #layersOf(ordinal: number): readonly LayerFacts[] {
    const layers = this.#layers[ordinal];
    return Array.isArray(layers) ? (layers as readonly LayerFacts[]) : [layers as LayerFacts];
  }

  /** One literal, so that all connections have one shape: everything behind reads them several times as fast. */
  #readConnection(ordinal: number, row: readonly number[]): ConnectionFacts {
    const facts: ConnectionFacts = {
      id: row[Column.id],
      addressLength: row[Column.addressLength] as 4 | 16,
      clientAddress: this.#addresses[row[Column.clientAddress]],
      clientPort: row[Column.clientPort],
      serverAddress: this.#addresses[row[Column.serverAddress]],
      serverPort: row[Column.serverPort],
      opened: openedNames[row[Column.opened]],
      closed: closedNames[row[Column.closed]],
      firstFrame: row[Column.firstFrame],
      lastFrame: row[Column.lastFrame],
      startSeconds: row[Column.startSeconds],
      startNanoseconds: row[Column.startNanoseconds],
      endSeconds: row[Column.endSeconds],
      endNanoseconds: row[Column.endNanoseconds],
      timed: (row[Column.flags] & isTimed) !== 0,
      frames: row[Column.frames],
      bytes: pair(row, Column.bytes),
      lost: pair(row, Column.lost),
      retransmittedSegments: row[Column.retransmittedSegments],
      outOfOrderSegments: row[Column.outOfOrderSegments],
      duplicateFrames: row[Column.duplicateFrames],
      synAckFrame: row[Column.synAckFrame],
      synAckSeconds: row[Column.synAckSeconds],
      synAckNanoseconds: row[Column.synAckNanoseconds],
      syns: row[Column.syns],
      unacknowledged: pair(row, Column.unacknowledged),
      largestSegment: pair(row, Column.largestSegment),
      oneSided: (row[Column.flags] & isOneSided) !== 0,
      firstSequence: pair(row, Column.firstSequence),
      icmp: this.#icmp.get(ordinal) ?? [],
      snappedSegments: row[Column.snappedSegments],
      overlapsDiffer: row[Column.overlapsDiffer],
      interfaceIds: this.#interfaces.get(ordinal) ?? [0],
    };
    const closedBy = row[Column.closedBy];
    if (closedBy > 0) facts.closedBy = (closedBy - 1) as Direction;
    return facts;
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

function packPairs(connection: ConnectionFacts, row: Float64Array): void {
  row.set(connection.bytes, Column.bytes);
  row.set(connection.lost, Column.lost);
  row.set(connection.unacknowledged, Column.unacknowledged);
  row.set(connection.largestSegment, Column.largestSegment);
  row.set(connection.firstSequence, Column.firstSequence);
}

function pair(row: readonly number[], column: number): [number, number] {
  return [row[column], row[column + 1]];
}
