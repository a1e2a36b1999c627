import { limits } from "../limits.ts";
import { AddressBook } from "./address-book.ts";
import type { Connection } from "./connection.ts";
import type { Direction } from "./consumer.ts";
import type { EndpointIndex } from "./endpoint-index.ts";
import {
  closedNames,
  openedNames,
  type ConnectionClosed,
  type ConnectionFacts,
  type FoldedConnections,
} from "./facts.ts";
import { closedAs, closedBySide, finishedFacts, isOneSided, openedAs, orientByPorts, type LetGo } from "./finished.ts";
import { Fold } from "./fold.ts";

/*
 * Connections that never carried a byte: rows of 15 words.
 *
 *     word   0 id, 1 first frame, 2 last frame, 3-4 start, 5-6 end (seconds, nanoseconds), 7 client, 8 server (ordinals
 *            of addresses), 9 ports (client high), 10 flags, 11 frames, 12 frame of the SYN-ACK, 13 first sequence
 *            number of the client, 14 SYNs (high) and duplicate frames
 *     flags  bits 0-1 opened, 2-4 closed, 5-6 closed by plus 1, 7 timed, 8 one-sided, 16-31 interface
 *
 * Invariants: a row is never changed; times and frame numbers are unsigned words (year 2106, 4·10^9 frames). The first
 * `payloadFreeDetails` connections of which a row cannot say everything (answered ones, ICMP errors, several
 * interfaces) are kept whole beside their row. Beyond `payloadFreeFlows` of one client and outcome, or when the rows
 * or the addresses are used up, connections are folded; when the folds are used up too, into one of client `*`.
 */

export interface PayloadFreeLimits {
  readonly payloadFreeFlows: number;
  readonly payloadFreeRows: number;
  readonly payloadFreeDetails: number;
  readonly foldedClients: number;
}

export class PayloadFreeConnections {
  readonly #limits: PayloadFreeLimits;
  readonly #index: EndpointIndex;
  readonly #addresses: AddressBook;
  readonly #chunks: Int32Array[] = [];
  #rows = 0;
  /** Connections listed, by client ordinal and outcome. */
  #counts = new Uint16Array(1024);
  readonly #details = new Map<number, ConnectionFacts>();
  readonly #folds = new Map<number, Fold>();
  #order: Float64Array | undefined = undefined;

  constructor(index: EndpointIndex, caps: PayloadFreeLimits = limits) {
    this.#index = index;
    this.#limits = caps;
    this.#addresses = new AddressBook(2 * caps.payloadFreeRows);
  }

  add(connection: Connection, letGo: LetGo): void {
    const index = this.#index;
    orientByPorts(connection, index);
    const closed = closedAs(connection, letGo);
    const outcome = closedNames.indexOf(closed);
    const { slot, clientSide } = connection;
    const addressLength = index.addressLength(slot);
    index.address(slot, clientSide, words);
    const client = this.#addresses.intern(words, addressLength);
    if (client < 0 || this.#rows >= this.#limits.payloadFreeRows || !this.#count(client, outcome)) {
      this.#fold(connection, client, outcome);
      return;
    }
    index.address(slot, (clientSide ^ 1) as Direction, words);
    const server = this.#addresses.intern(words, addressLength);
    if (server < 0) {
      this.#fold(connection, client, outcome);
      return;
    }
    this.#write(connection, client, server, closed);
    if (this.#details.size < this.#limits.payloadFreeDetails && hasDetails(connection)) {
      this.#details.set(connection.id, finishedFacts(connection, index, letGo));
    }
  }

  /** All that are listed, by id. Each is made when it is asked for. */
  *list(): Iterable<ConnectionFacts> {
    for (const key of this.#byId()) yield this.#read(key % rowLimit);
  }

  /** The one of that id, if it is listed. Cost: logarithmic. */
  find(id: number): ConnectionFacts | undefined {
    const order = this.#byId();
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order[middle] < id * rowLimit) low = middle + 1;
      else high = middle;
    }
    if (low === order.length || Math.floor(order[low] / rowLimit) !== id) return undefined;
    return this.#read(order[low] % rowLimit);
  }

  folded(): FoldedConnections[] {
    return [...this.#folds.values()].map((fold) => fold.facts()).sort((a, b) => a.firstFrame - b.firstFrame);
  }

  /** Counts one more; false when there are enough of this client and outcome. */
  #count(client: number, outcome: number): boolean {
    const at = client * closedNames.length + outcome;
    if (at >= this.#counts.length) {
      const grown = new Uint16Array(Math.max(at + 1, this.#counts.length * 2));
      grown.set(this.#counts);
      this.#counts = grown;
    }
    if (this.#counts[at] >= this.#limits.payloadFreeFlows) return false;
    this.#counts[at]++;
    return true;
  }

  #fold(connection: Connection, client: number, outcome: number): void {
    const key = client * closedNames.length + outcome;
    let fold = client < 0 ? undefined : this.#folds.get(key);
    if (fold === undefined) {
      const isFull = client < 0 || this.#folds.size >= this.#limits.foldedClients;
      fold = isFull
        ? this.#foldAt(outcome - closedNames.length, anyClient, outcome)
        : this.#foldAt(key, this.#addresses.text(client), outcome);
    }
    const { slot } = connection;
    const serverSide = (connection.clientSide ^ 1) as Direction;
    this.#index.address(slot, serverSide, words);
    const port = this.#index.port(slot, serverSide);
    if (fold.count === 0) fold.begin(this.#index.addressText(slot, serverSide), words);
    fold.add(words, port, connection.firstFrame, connection.lastFrame);
  }

  #foldAt(key: number, client: string, outcome: number): Fold {
    let fold = this.#folds.get(key);
    if (fold === undefined) {
      fold = new Fold(client, closedNames[outcome]);
      this.#folds.set(key, fold);
    }
    return fold;
  }

  #write(connection: Connection, client: number, server: number, closed: ConnectionClosed): void {
    const row = this.#rows++;
    this.#order = undefined;
    if ((row & chunkMask) === 0) this.#chunks.push(new Int32Array(rowWords << chunkBits));
    const chunk = this.#chunks[row >> chunkBits];
    const at = (row & chunkMask) * rowWords;
    const { slot, clientSide } = connection;
    const bySide = closedBySide(connection, closed);
    chunk[at] = connection.id;
    chunk[at + 1] = connection.firstFrame;
    chunk[at + 2] = connection.lastFrame;
    chunk[at + 3] = connection.startSeconds;
    chunk[at + 4] = connection.startNanoseconds;
    chunk[at + 5] = connection.endSeconds;
    chunk[at + 6] = connection.endNanoseconds;
    chunk[at + 7] = client;
    chunk[at + 8] = server;
    const serverSide = (clientSide ^ 1) as Direction;
    chunk[at + 9] = (this.#index.port(slot, clientSide) << 16) | this.#index.port(slot, serverSide);
    chunk[at + 10] =
      openedNames.indexOf(openedAs(connection)) |
      (closedNames.indexOf(closed) << 2) |
      ((bySide < 0 ? 0 : (bySide ^ clientSide) + 1) << 5) |
      (connection.timed ? 1 << 7 : 0) |
      (isOneSided(connection) ? 1 << 8 : 0) |
      (connection.interfaceId << 16);
    chunk[at + 11] = connection.frames;
    chunk[at + 12] = connection.synAckFrame;
    chunk[at + 13] = connection.sides[clientSide].firstSequence;
    chunk[at + 14] = (Math.min(connection.syns, 0xffff) << 16) | Math.min(connection.duplicateFrames, 0xffff);
  }

  #read(row: number): ConnectionFacts {
    const chunk = this.#chunks[row >> chunkBits];
    const at = (row & chunkMask) * rowWords;
    const id = chunk[at] >>> 0;
    const whole = this.#details.get(id);
    if (whole !== undefined) return whole;
    const flags = chunk[at + 10];
    const closedBy = ((flags >> 5) & 3) - 1;
    const facts: ConnectionFacts = {
      id,
      addressLength: this.#addresses.addressLength(chunk[at + 7]),
      clientAddress: this.#addresses.text(chunk[at + 7]),
      clientPort: chunk[at + 9] >>> 16,
      serverAddress: this.#addresses.text(chunk[at + 8]),
      serverPort: chunk[at + 9] & 0xffff,
      opened: openedNames[flags & 3],
      closed: closedNames[(flags >> 2) & 7],
      firstFrame: chunk[at + 1] >>> 0,
      lastFrame: chunk[at + 2] >>> 0,
      startSeconds: chunk[at + 3] >>> 0,
      startNanoseconds: chunk[at + 4],
      endSeconds: chunk[at + 5] >>> 0,
      endNanoseconds: chunk[at + 6],
      timed: (flags & (1 << 7)) !== 0,
      frames: chunk[at + 11],
      bytes: [0, 0],
      lost: [0, 0],
      retransmittedSegments: 0,
      outOfOrderSegments: 0,
      duplicateFrames: chunk[at + 14] & 0xffff,
      synAckFrame: chunk[at + 12] >>> 0,
      synAckSeconds: 0,
      synAckNanoseconds: 0,
      syns: chunk[at + 14] >>> 16,
      unacknowledged: [0, 0],
      largestSegment: [0, 0],
      oneSided: (flags & (1 << 8)) !== 0,
      firstSequence: [chunk[at + 13], 0],
      icmp: [],
      snappedSegments: 0,
      overlapsDiffer: 0,
      interfaceIds: [flags >>> 16],
    };
    if (closedBy >= 0) facts.closedBy = closedBy as Direction;
    return facts;
  }

  /** Id and row of every row in one number each, so that they sort as numbers. */
  #byId(): Float64Array {
    if (this.#order === undefined) {
      const order = new Float64Array(this.#rows);
      for (let row = 0; row < this.#rows; row++) {
        const id = this.#chunks[row >> chunkBits][(row & chunkMask) * rowWords] >>> 0;
        order[row] = id * rowLimit + row;
      }
      this.#order = order.sort();
    }
    return this.#order;
  }
}

/** A row tells a SYN that was refused or never answered; more than that needs the whole facts. */
function hasDetails(connection: Connection): boolean {
  if (connection.icmp !== undefined || connection.interfaceIds !== undefined) return true;
  if (connection.interfaceId > 0xffff) return true;
  return connection.synAckFrame !== 0 || connection.firstFinSide >= 0;
}

const rowWords = 15;
const chunkBits = 12;
const chunkMask = (1 << chunkBits) - 1;
/** More than rows there can be: `limits.payloadFreeRows`. */
const rowLimit = 2 ** 21;
const anyClient = "*";
const words = new Int32Array(4);
